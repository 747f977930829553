"""How places rank, what each part counts, and what it says of why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from chm.places.disclosure import NO_COUNT, Count
from chm.places.risk import Part, PlaceRisk, Trend, ranked, safe_places, why
from chm.places.rules import PARTS
from chm.places.seen import Known, Seen
from chm.places.tally import Filter, windowed

from .conftest import RULES, TODAY, event, seen, tie

KINDS = ("sighting", "incident", "assault", "stop", "found")
INFLUENCES = ("harmful", "unclear", "protective")
LOOKS = tuple((kind, influence) for kind in (None, *KINDS) for influence in (None, "harmful", "unclear"))
TOUCHED = Known("moderate", {"places": "moderate", "peers": "emerging"})


def busy() -> Seen:
    """At A six young people, two of them touched, an adult of concern and a car; at B one; at C only protection."""
    people = [f"Y{n}" for n in range(6)]
    events = [
        event("E1", "A", *people, "PER-adult=alleged_source", "VEH-golf", confidence="confirmed"),
        event("E2", "A", "Y0", on=date(2026, 6, 5), confidence="possible"),
        event("E3", "B", "Y7", on=date(2026, 2, 1), kind="incident", influence="unclear"),
        event("E4", "C", "Y8", "PER-guard=unknown", influence="protective"),
        event("E5", "A", "Y9", on=date(2025, 11, 30)),
        event("E6", "A", "Y9", on=None),
    ]
    return seen(events, known={"Y0": TOUCHED, "Y1": Known("none", {"peers": "significant"})})


def counts(risk: PlaceRisk) -> dict[str, str]:
    return {p.id: p.counted.text for p in risk.parts}


def test_the_ranking_with_its_parts() -> None:
    first, second = ranked(busy(), RULES, Filter(), TODAY, hide=False)
    assert (first.place, first.rank, first.band, first.points) == ("A", 1, "moderate", 59)
    assert [(p.id, p.counted, p.points) for p in first.parts] == [
        ("young_people", Count(6, 6), 18),
        ("touched", Count(2, 2), 9),
        ("reports", Count(2, 2), 6),
        ("recent", Count(1, 1), 9),
        ("sure", Count(1, 1), 6),
        ("of_concern", Count(1, 1), 7),
        ("vehicles", Count(1, 1), 4),
    ]
    assert (second.place, second.rank, second.band, second.points) == ("B", 2, "none", 22)
    assert (first.last, second.last) == (date(2026, 11, 1), date(2026, 2, 1))


def test_hidden_counts_change_neither_rank_nor_points() -> None:
    told, hidden = (ranked(busy(), RULES, Filter(), TODAY, hide=hide) for hide in (False, True))
    assert [(r.place, r.rank, r.band, r.points, r.trend) for r in told] == [
        (r.place, r.rank, r.band, r.points, r.trend) for r in hidden
    ]
    assert counts(hidden[0]) == {
        "young_people": "5 to 9",
        "touched": "fewer than 5",
        "reports": "fewer than 5",
        "recent": "fewer than 5",
        "sure": "fewer than 5",
        "of_concern": "fewer than 5",
        "vehicles": "fewer than 5",
    }


def test_why_names_what_earned_most() -> None:
    told, hidden = (ranked(busy(), RULES, Filter(), TODAY, hide=hide) for hide in (False, True))
    assert [why(r, RULES) for r in told] == [
        "6 young people are linked to it; 2 young people are at Moderate or more on Places or Peers; "
        "1 report in the last 3 months",
        "1 young person is linked to it; 1 report; 1 report is confirmed or likely",
    ]
    assert why(hidden[1], RULES) == (
        "Fewer than 5 young people are linked to it; fewer than 5 reports; fewer than 5 reports are confirmed or likely"
    )
    (quiet,) = ranked(seen([event("E1", "A", "Y0", on=date(2025, 1, 1))]), RULES, Filter(), TODAY)
    assert why(quiet, RULES) == "Nothing was recorded in this window"


def test_a_child_is_never_counted_as_of_concern() -> None:
    """Neither a young person nor anybody not known to be grown up, in whatever role."""
    found = ranked(
        seen([event("E1", "A", "Y0", "PER-peer", role="alleged_source")]), RULES, Filter(), TODAY, hide=False
    )
    assert counts(found[0])["of_concern"] == "0"
    assert counts(found[0])["young_people"] == "1"


def test_the_window_is_whole_months() -> None:
    events = [event(f"E{n}", "A", f"Y{n}", on=on) for n, on in enumerate([date(2026, 9, 1), date(2026, 8, 31)])]
    assert [
        counts(ranked(seen(events), RULES, Filter(months=months), TODAY, hide=False)[0])["reports"]
        for months in (1, 3, 4, None)
    ] == ["0", "1", "2", "2"]


def test_filters_by_kind_and_influence() -> None:
    (only,) = ranked(busy(), RULES, Filter(kind="incident"), TODAY, hide=False)
    assert (only.place, counts(only)["young_people"]) == ("B", "1")
    assert [r.place for r in ranked(busy(), RULES, Filter(influence="harmful"), TODAY)] == ["A"]
    assert [r.place for r in ranked(busy(), RULES, Filter(influence="unclear"), TODAY)] == ["B"]
    assert ranked(busy(), RULES, Filter(kind="arrest"), TODAY) == []
    assert windowed(Filter(3, "incident", "harmful")) == Filter(3)


def test_ties_count_where_they_tell_more_than_where_somebody_belongs() -> None:
    ties = [
        tie("A", "Y0"),
        tie("A", "Y1", "attends"),
        tie("A", "Y2", "attends", "harmful"),
        tie("A", "Y3", "safe_place", "protective"),
        tie("A", "Y4", end=date(2026, 6, 30)),
        tie("A", "Y5", start=None, end=None),
    ]
    (found,) = ranked(seen([], ties), RULES, Filter(months=3), TODAY, hide=False)
    assert counts(found)["young_people"] == "2"
    (longer,) = ranked(seen([], ties), RULES, Filter(months=12), TODAY, hide=False)
    assert counts(longer)["young_people"] == "3"


def test_safe_places_with_their_guardians() -> None:
    columns = seen([], [tie("B", "Y0", "safe_place", "protective"), tie("B", "PER-guard", "works_at", "protective")])
    (found,) = safe_places(columns, RULES, Filter(), TODAY, hide=False)
    assert (found.place, found.young_people, found.guardians) == ("B", Count(1, 1), Count(1, 1))
    (hidden,) = safe_places(columns, RULES, Filter(), TODAY)
    assert (hidden.young_people.text, hidden.guardians.text) == ("fewer than 5", "fewer than 5")
    assert ranked(columns, RULES, Filter(), TODAY) == []


@pytest.mark.parametrize(
    ("months", "trend"),
    [
        ([11], Trend.NEW),
        ([11, 11, 11, 11, 11, 7], Trend.RISING),
        ([11, 7, 7, 7, 7, 7], Trend.FALLING),
        ([11, 11, 11, 11, 11, 7, 7, 7, 7, 7], Trend.STEADY),
        ([11, 3], Trend.RISING),
        ([11, 11, 7], Trend.FEW),
        ([7], Trend.NONE),
    ],
)
def test_the_trend_goes_by_ranges(months: list[int], trend: Trend) -> None:
    events = [event(f"E{n}", "A", "Y0", on=date(2026, month, 5)) for n, month in enumerate(months)]
    assert ranked(seen(events), RULES, Filter(), TODAY)[0].trend == trend


def test_places_of_equal_points_go_by_the_latest_report() -> None:
    events = [event("E1", "A", "Y0", on=date(2026, 10, 1)), event("E2", "B", "Y0", on=date(2026, 11, 1))]
    assert [r.place for r in ranked(seen(events), RULES, Filter(), TODAY)] == ["B", "A"]


def many(chance: Random) -> Seen:
    """Some 400 reports and ties at three places, from busy to almost empty."""
    events = [
        event(
            f"E{n}",
            chance.choices("ABC", (6, 3, 1))[0],
            *chance.sample([f"Y{y}" for y in range(40)], chance.randint(1, 3)),
            on=date(2026, 11, 20) - timedelta(days=chance.randrange(420)),
            kind=chance.choices(KINDS, (8, 4, 2, 1, 1))[0],
            influence=chance.choices(INFLUENCES, (6, 2, 1))[0],
            confidence=chance.choice(("unverified", "likely")),
        )
        for n in range(chance.choice((12, 40, 350)))
    ]
    ties = [tie(chance.choice("ABC"), f"Y{n}", influence=chance.choice(INFLUENCES)) for n in range(8)]
    return seen(events, ties, {f"Y{n}": TOUCHED for n in range(0, 40, 3)})


def test_a_thousand_random_pairs_of_filters_tell_no_difference_of_one_to_four() -> None:
    assert not list(telling(hide=True))


def test_counts_that_are_not_hidden_would_tell_them() -> None:
    assert len(list(telling(hide=False))) > 1_000


def telling(hide: bool) -> Iterator[tuple[Filter, Filter, Part]]:
    """Of a thousand random pairs of filters, what tells a difference of 1 to 4; a place that is not listed has none."""
    chance = Random(20261126)
    for _ in range(20):
        columns = many(chance)
        for _ in range(50):
            pair = [Filter(chance.choice((None, 12, 3, 1)), *chance.choice(LOOKS)) for _ in range(2)]
            one, other = ({r.place: r for r in ranked(columns, RULES, f, TODAY, hide=hide)} for f in pair)
            for place, part in product("ABC", PARTS):
                a, b = (rows[place].count(part) if place in rows else NO_COUNT for rows in (one, other))
                if not tells_no_small_difference(a, b):
                    yield pair[0], pair[1], Part(part, a, 0)


def tells_no_small_difference(one: Count, other: Count) -> bool:
    """Whether the difference, the larger being told to hold the smaller, is not narrowed to less than 1 to 4."""
    larger, smaller = max(one, other), min(one, other)
    least, most = max(larger.least - smaller.most, 0), larger.most - smaller.least
    hidden_alone = smaller == (0, 0) and larger == (1, 4)
    return hidden_alone or least == 0 or most > 4


def test_kinds_and_their_total_tell_no_report() -> None:
    """Three kinds, one report each: under each kind the place reads alike, whether it has such a report or not."""
    kinds = ("sighting", "incident", "assault")
    columns = seen(
        [event(f"E{n}", "A", "Y0", kind=kind) for n, kind in enumerate(kinds)] + [event("E9", "B", "Y1", kind="stop")]
    )
    for kind in (*kinds, "stop"):
        row = next(r for r in ranked(columns, RULES, Filter(kind=kind), TODAY) if r.place == "A")
        assert {part.counted for part in row.parts} == {Count(0, 4)}
        assert (row.points, row.last, row.trend) == (0, date(2026, 11, 1), Trend.FEW)
    told = ranked(columns, RULES, Filter(kind="stop"), TODAY, hide=False)
    assert [r.place for r in told] == ["B"]
    assert [r.place for r in ranked(columns, RULES, Filter(kind="stop"), TODAY)] == ["B", "A"]
