"""Missing episodes in pictures: exact spans, links and counts, and nothing in them but the labels."""

from __future__ import annotations

from datetime import UTC, date, datetime

import plotly.graph_objects as go
import pytest

from chm.episodes.records import Episode
from chm.figures.episodes import timeline, week
from chm.figures.palette import DARK, LIGHT

HOUR_MS = 3_600_000
LABELS = {"YP-2": "Birch", "YP-1": "<b>Alder</b>"}


def missing(who: str, start: datetime | date, end: datetime | date | None) -> Episode:
    return Episode(id="row 1", young_person=who, start=start, end=end, found_at="Notreal Park", companions="Madeup")


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


TIMES = [
    missing("YP-1", at(7, 1, 20), at(7, 2, 6)),
    missing("YP-2", at(7, 2, 0), at(7, 2, 4)),
    missing("YP-1", at(7, 5, 20), at(7, 6, 20)),
    missing("YP-2", at(7, 9, 12), None),
    missing("YP-3", at(7, 10, 0), at(7, 10, 12)),
]
DAYS = [missing("YP-1", date(2026, 7, 1), date(2026, 7, 3)), missing("YP-2", date(2026, 7, 3), date(2026, 7, 3))]


def trace(figure: go.Figure, name: str):  # type: ignore[no-untyped-def]
    (found,) = [t for t in figure.data if t.name == name]
    return found


def test_a_row_for_each_label_from_the_top() -> None:
    axis = timeline(TIMES, LABELS, LIGHT).layout.yaxis
    assert dict(zip(axis.ticktext, axis.tickvals, strict=True)) == {"Birch": 1, "&lt;b&gt;Alder&lt;/b&gt;": 0}


def test_spans_are_on_londons_clock_alone_or_with_another() -> None:
    figure = timeline(TIMES, LABELS, LIGHT)
    alone, together = trace(figure, "alone"), trace(figure, "at the same time as another")
    assert list(together.base) == [datetime(2026, 7, 1, 21), datetime(2026, 7, 2, 1)]
    assert (list(together.x), list(together.y)) == ([10 * HOUR_MS, 4 * HOUR_MS], [0, 1])
    assert list(alone.base) == [datetime(2026, 7, 5, 21), datetime(2026, 7, 9, 13)]
    assert together.marker.color == LIGHT.text
    assert together.hovertext[1] == "<b>Birch</b><br>2 Jul 2026 01:00 to 2 Jul 2026 05:00, 4.0 hours"


def test_an_open_episode_reaches_the_last_of_all_and_ends_in_an_arrow() -> None:
    figure = timeline(TIMES, LABELS, LIGHT)
    alone, arrow = trace(figure, "alone"), trace(figure, "still missing")
    assert alone.x[1] == 24 * HOUR_MS
    assert alone.hovertext[1] == "<b>Birch</b><br>from 9 Jul 2026 13:00, still missing"
    assert (list(arrow.x), list(arrow.y)) == ([datetime(2026, 7, 10, 13)], [1])


def test_a_line_joins_two_from_when_both_are_missing() -> None:
    links = trace(timeline(TIMES, LABELS, LIGHT), "both missing from here")
    at_one = datetime(2026, 7, 2, 1)
    assert (list(links.x), list(links.y)) == ([at_one, at_one, None], [0, 1, None])


def test_days_alone_are_whole_days() -> None:
    figure = timeline(DAYS, LABELS, LIGHT)
    together = trace(figure, "at the same time as another")
    assert list(together.base) == [datetime(2026, 7, 1), datetime(2026, 7, 3)]
    assert list(together.x) == [72 * HOUR_MS, 24 * HOUR_MS]
    assert together.hovertext == (
        "<b>&lt;b&gt;Alder&lt;/b&gt;</b><br>1 Jul 2026 to 3 Jul 2026, 3 days",
        "<b>Birch</b><br>3 Jul 2026 to 3 Jul 2026, 1 day",
    )


def test_weekends_are_shaded_and_no_label_is_in_the_words_for_those_who_do_not_see() -> None:
    figure = timeline(TIMES, LABELS, LIGHT)
    assert [(s.x0, s.x1) for s in figure.layout.shapes] == [(datetime(2026, 7, 4), datetime(2026, 7, 6))]
    assert figure.layout.meta["alt"] == (
        "Young people: 2. Missing episodes: 4, still open: 1. Pairs missing at the same time: 1."
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_nothing_but_the_labels_reaches_the_figure(palette) -> None:  # type: ignore[no-untyped-def]
    sent = timeline(TIMES, LABELS, palette).to_json() + week(TIMES, palette).to_json()
    assert not [word for word in ("YP-", "Notreal", "Madeup", "row 1") if word in sent]


def test_nobody() -> None:
    figure = timeline([], LABELS, LIGHT)
    assert sum(len(t.y) for t in figure.data) == 0
    assert week([], LIGHT).layout.meta["alt"] == "Episodes begun: 0."


def test_hours_of_the_week() -> None:
    figure = week([*TIMES, missing("YP-1", date(2026, 7, 1), None)], LIGHT)
    (cells,) = figure.data
    found = {(cells.y[d], h): n for d, hours in enumerate(cells.z) for h, n in enumerate(hours) if n}
    assert found == {
        ("Wednesday", 21): 1, ("Thursday", 1): 1, ("Sunday", 21): 1, ("Thursday", 13): 1, ("Friday", 1): 1,
    }  # fmt: skip
    assert cells.hovertext[2][21] == "Wednesday 21:00 to 22:00: 1"
    assert figure.layout.meta["alt"] == "Episodes begun: 6. Most on Wednesday: 2. Only the day is known of 1."


def test_weekdays_alone_where_no_time_is_known() -> None:
    (bars,) = week(DAYS, LIGHT).data
    assert bars.type == "bar"
    assert list(bars.y) == [0, 0, 1, 0, 1, 0, 0]
