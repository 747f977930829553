"""Who was missing while whom: exact hours, and the same as comparing every episode with every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest

from chm.episodes import overlap as module
from chm.episodes.overlap import Together, TooMany, merged, overlap, overlap_themselves, pairs, spans
from chm.episodes.records import Episode

Missing = Callable[..., Episode]


def drawn(seed: int, n: int, people: int, *, by_day: bool) -> list[Episode]:
    chance = np.random.default_rng(seed)
    found = []
    for k in range(n):
        start, length = int(chance.integers(0, 400)), int(chance.integers(0, 30))
        whose = f"y{chance.integers(people)}"
        if by_day:
            first = date(2026, 1, 1) + timedelta(days=start)
            last: date | None = first + timedelta(days=length)
        else:
            first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=start * 10)
            last = first + timedelta(minutes=length * 10)
        found.append(Episode(id=str(k), young_person=whose, start=first, end=None if chance.random() < 0.1 else last))
    return found


def by_hand(episodes: list[Episode], *, by_day: bool) -> dict[tuple[str, str], tuple[float, int]]:
    """Each day or ten minutes of each young person as a set, and every pair of episodes compared."""
    step = timedelta(days=1) if by_day else timedelta(minutes=10)
    end = max(e.end or e.start for e in episodes)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one, other in combinations(episodes, 2):
        if one.young_person == other.young_person:
            continue
        last = [e.end if e.end else (date.max if by_day else datetime.max.replace(tzinfo=UTC)) for e in (one, other)]
        late = max(one.start, other.start)
        if late <= min(last) if by_day else late < min(last):
            a, b = sorted((one.young_person, other.young_person))
            counts[a, b] += 1
    when: dict[str, set[object]] = defaultdict(set)
    for e in episodes:
        at = e.start
        while at < (e.end or end) or (by_day and at == (e.end or end)):
            when[e.young_person].add(at)
            at += step
    return {
        (a, b): (len(when[a] & when[b]) * (1 if by_day else 1 / 6), count) for (a, b), count in sorted(counts.items())
    }


@pytest.mark.parametrize("by_day", [False, True], ids=["times", "days"])
@pytest.mark.parametrize("seed", range(12))
def test_as_every_episode_with_every_other(seed: int, by_day: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 2:
        monkeypatch.setattr(module, "PORTION", 7)
        monkeypatch.setattr(module, "SUMMED_AT_ONCE", 20)
    episodes = drawn(seed, 90, 9 + 40 * (seed % 3), by_day=by_day)
    found = overlap(episodes)
    assert {(t.a, t.b): (pytest.approx(t.amount), t.episodes) for t in found.together} == by_hand(
        episodes, by_day=by_day
    )
    assert list(found.together) == sorted(found.together, key=lambda t: (-t.amount, t.a, t.b))
    assert sorted(sum(found.groups, ())) == sorted({e.young_person for e in episodes})


def test_hours_in_common(missing: Missing) -> None:
    found = overlap(
        [missing("B", "2026-01-01T20:00", "2026-01-02T02:00"), missing("A", "2026-01-01T23:30", "2026-01-02T05:00")]
    )
    assert found.together == (Together("A", "B", 2.5, 1),)
    assert found.groups == (("A", "B"),)
    assert found.by_day is False


def test_one_that_touches_another_has_no_time_in_common(missing: Missing) -> None:
    found = overlap(
        [missing("A", "2026-01-01T20:00", "2026-01-01T22:00"), missing("B", "2026-01-01T22:00", "2026-01-01T23:00")]
    )
    assert found.together == ()
    assert found.groups == (("A",), ("B",))


def test_days_alone_hold_their_first_and_last(missing: Missing) -> None:
    days = [missing("A", "2026-01-01", "2026-01-05"), missing("B", "2026-01-05", "2026-01-09")]
    assert overlap(days).together == (Together("A", "B", 1, 1),)
    assert overlap(days).by_day is True
    assert overlap([missing("A", "2026-01-01", "2026-01-04"), days[1]]).together == ()


def test_no_time_of_one_young_person_counts_twice(missing: Missing) -> None:
    episodes = [
        missing("A", "2026-01-01T10:00", "2026-01-01T14:00"),
        missing("A", "2026-01-01T12:00", "2026-01-01T13:00"),
        missing("A", "2026-01-01T14:00", "2026-01-01T16:00"),
        missing("B", "2026-01-01T11:00", "2026-01-01T15:00"),
    ]
    assert overlap(episodes).together == (Together("A", "B", 4.0, 3),)
    assert overlap_themselves(spans(episodes)) == 1
    assert overlap_themselves(spans(episodes[2:])) == 0
    own = merged(spans(episodes))
    assert ((own.end - own.start) // 3600).tolist() == [6, 4]


def test_an_open_episode_overlaps_all_that_is_not_over_when_it_starts(missing: Missing) -> None:
    found = overlap(
        [
            missing("A", "2026-01-02T00:00"),
            missing("B", "2026-01-01T00:00", "2026-01-02T00:00"),
            missing("C", "2026-01-01T00:00", "2026-01-02T03:00"),
            missing("D", "2026-01-09T00:00", "2026-01-09T06:00"),
        ]
    )
    assert found.together == (Together("B", "C", 24.0, 1), Together("A", "D", 6.0, 1), Together("A", "C", 3.0, 1))


def test_two_open_episodes_overlap_even_where_nothing_can_be_measured_yet(missing: Missing) -> None:
    found = overlap([missing("A", "2026-01-01T00:00"), missing("B", "2026-01-03T00:00")])
    assert found.together == (Together("A", "B", 0.0, 1),)
    assert overlap([missing("A", "2026-01-01"), missing("B", "2026-01-03")]).together == (Together("A", "B", 1, 1),)


def test_no_length_no_time(missing: Missing) -> None:
    found = overlap(
        [missing("A", "2026-01-01T12:00", "2026-01-01T12:00"), missing("B", "2026-01-01T10:00", "2026-01-01T14:00")]
    )
    assert found.together == ()


def test_groups_join_through_others_largest_first(missing: Missing) -> None:
    found = overlap(
        [
            missing("E", "2026-01-01T00:00", "2026-01-01T02:00"),
            missing("F", "2026-02-01T00:00", "2026-02-01T04:00"),
            missing("D", "2026-02-01T03:00", "2026-02-01T06:00"),
            missing("C", "2026-02-01T05:00", "2026-02-01T08:00"),
        ]
    )
    assert found.groups == (("C", "D", "F"), ("E",))


def test_nobody() -> None:
    found = overlap([])
    assert (found.together, found.groups) == ((), ())


def test_three_hundred_missing_at_once(missing: Missing) -> None:
    everybody = [missing(f"{n:03}", "2026-01-01T20:00", "2026-01-01T23:00") for n in range(300)]
    found = overlap(everybody)
    assert len(found.together) == 300 * 299 // 2
    assert {(t.amount, t.episodes) for t in found.together} == {(3.0, 1)}
    assert [len(g) for g in found.groups] == [300]


def test_more_than_can_be_counted(missing: Missing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 2)
    three = [missing(who, "2026-01-01T20:00", "2026-01-01T23:00") for who in "ABC"]
    with pytest.raises(TooMany, match="More than 2 pairs of episodes overlap; split them by area or time"):
        overlap(three)


def test_pairs_are_of_different_young_people(missing: Missing) -> None:
    found = pairs(spans([missing("A", "2026-01-01T01:00", "2026-01-01T03:00")] * 2))
    assert (found.one.tolist(), found.other.tolist()) == ([], [])
