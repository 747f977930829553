"""Against chance: what is planted is found, what is not is not, and nothing is said of too few."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from chm.episodes.chance import Verdict, against_chance, shifted_times
from chm.episodes.overlap import common_time, merged, spans
from chm.episodes.records import Episode
from chm.episodes.rules import Rules, load
from chm.episodes.summary import plainly

START = datetime(2026, 1, 1, tzinfo=UTC)
ALL_OF_FOUR = [1, 2, 3, 6, 7, 11]


@pytest.fixture(scope="module")
def rules() -> Rules:
    own = load()
    return own.model_copy(update={"chance": own.chance.model_copy(update={"shifts": 999})})


def drawn(people: int, each: int, seed: int = 1) -> list[Episode]:
    chance = np.random.default_rng(seed)
    found = []
    for who in range(people):
        for _ in range(each):
            start = START + timedelta(minutes=int(chance.integers(0, 200 * 1440)))
            end = start + timedelta(hours=float(chance.uniform(2, 12)))
            found.append(Episode(id=str(len(found)), young_person=f"y{who:02}", start=start, end=end))
    return found


def with_a_pair(people: int) -> list[Episode]:
    """`zz` is missing whenever `y00` is, half an hour later."""
    others = drawn(people, 12)
    return others + [
        Episode(id=f"z{e.id}", young_person="zz", start=e.start + timedelta(minutes=30), end=e.end)
        for e in others
        if e.young_person == "y00"
    ]


def test_a_planted_pair_is_found_and_no_other(rules: Rules) -> None:
    found = against_chance(with_a_pair(5), rules)
    assert [(c.a, c.b) for c in found.pairs if c.verdict is Verdict.MORE] == [("y00", "zz")]
    first = found.pairs[0]
    assert (first.a, first.b) == ("y00", "zz")
    assert first.expected is not None and first.expected < first.amount / 5
    assert first.corrected == pytest.approx(0.001 * 15)
    assert (len(found.pairs), found.pairs_tested, found.shifts) == (15, 15, 999)


def test_episodes_at_random_are_not_called_more_than_chance(rules: Rules) -> None:
    named = [against_chance(drawn(6, 12, seed), rules) for seed in range(2, 12)]
    assert sum(c.verdict is Verdict.MORE for found in named for c in found.pairs) == 0


def test_the_same_episodes_in_any_order_give_the_same_answer(rules: Rules) -> None:
    episodes = with_a_pair(4)
    assert against_chance(episodes, rules) == against_chance(episodes[::-1], rules)


def test_the_mean_is_that_of_two_times_spread_evenly(rules: Rules) -> None:
    episodes = drawn(2, 40)
    found = against_chance(episodes, rules)
    own = merged(spans(episodes))
    length = [int((own.end - own.start)[own.who == who].sum()) for who in (0, 1)]
    window = int(own.end.max() - own.start.min())
    assert found.pairs[0].expected == pytest.approx(length[0] * length[1] / window / 3600, rel=0.05)


def test_a_shift_loses_and_makes_no_time() -> None:
    """Somebody missing for the whole window has each one's whole time in common with them, however it is moved."""
    episodes = drawn(3, 15)
    always = Episode(
        id="a", young_person="a", start=min(e.start for e in episodes), end=max(e.end for e in episodes if e.end)
    )
    own = merged(spans([*episodes, always]))
    keys, seen = common_time(own)
    times = np.concatenate(list(shifted_times(own, np.array(ALL_OF_FOUR), [0, 1, 2, 3], 50, 1)))
    assert keys[:3].tolist() == ALL_OF_FOUR[:3]
    assert times.shape == (50, 6)
    assert (times[:, :3] == seen[:3]).all()
    assert len(np.unique(times[:, 3:])) > 3


def test_nothing_is_said_of_too_few(rules: Rules) -> None:
    episodes = with_a_pair(3)
    few = [e for e in episodes if e.young_person != "zz"] + [e for e in episodes if e.young_person == "zz"][:4]
    found = against_chance(few, rules)
    of_zz = [c for c in found.pairs if "zz" in (c.a, c.b)]
    assert [(c.expected, c.corrected, c.verdict) for c in of_zz] == [(None, None, Verdict.TOO_FEW)] * 3
    assert of_zz[0].amount > 0
    assert found.pairs_tested == 3


def test_nothing_is_said_of_a_short_window(rules: Rules) -> None:
    long = rules.model_copy(update={"enough": rules.enough.model_copy(update={"days": 400})})
    found = against_chance(with_a_pair(3), long)
    assert found.pairs_tested == 0
    assert {c.verdict for c in found.pairs} == {Verdict.TOO_FEW}
    assert against_chance([], rules).pairs == ()


def test_days_alone(rules: Rules) -> None:
    days = [
        Episode(id=e.id, young_person=e.young_person, start=e.start.date(), end=e.start.date()) for e in with_a_pair(2)
    ]
    found = against_chance(days, rules)
    assert found.by_day
    assert (found.pairs[0].a, found.pairs[0].b, found.pairs[0].verdict) == ("y00", "zz", Verdict.MORE)
    assert found.pairs[0].amount == len({e.start for e in days if e.young_person == "y00"})


def test_what_is_said_in_words(rules: Rules) -> None:
    found = against_chance(with_a_pair(5), rules)
    first, days = found.pairs[0], found.window_days
    assert plainly(first, found, rules) == (
        f"Both missing at the same time for {first.amount:.0f} hours. Were each one's episodes spread at random over "
        f"these {days} days, about {first.expected:.0f} would be usual: this is more than "
        "chance explains, also when all 15 pairs are looked at. It does not say why, or that they were together."
    )
    last = found.pairs[-1]
    assert plainly(last, found, rules).endswith("would be usual: it is not shown that this is more than chance.")
    few = against_chance(drawn(2, 2), rules)
    assert plainly(few.pairs[0], few, rules) == (
        "Both missing at the same time for 0 hours. Too few to compare with chance: it takes 5 episodes of each and 56 "
        "days in all."
    )
