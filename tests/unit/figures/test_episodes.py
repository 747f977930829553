from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from chm.episodes.records import Episode
from chm.figures.episodes import timeline
from chm.figures.palette import DARK, LIGHT

NAMES = {"YP-1": "Ada <b>", "YP-2": "Bix", "YP-3": "Cyd"}
FRIDAY = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def episode(young_person: str, start: datetime | date, end: datetime | date | None, found: str = "") -> Episode:
    return Episode(id="", young_person=young_person, start=start, end=end, found_at=found)


EPISODES = [
    episode("YP-1", FRIDAY, FRIDAY + timedelta(hours=9), "Tinsel Arcade"),
    episode("YP-2", FRIDAY + timedelta(hours=2), FRIDAY + timedelta(hours=5)),
    episode("YP-1", FRIDAY - timedelta(days=7), FRIDAY - timedelta(days=7) + timedelta(hours=1)),
    episode("YP-3", date(2026, 11, 1), None),
]


def test_what_overlaps_anothers_is_marked_and_an_open_one_reaches_the_last_that_is_known() -> None:
    alone, together = timeline(EPISODES[:3], NAMES, LIGHT).data
    assert (len(alone.base), len(together.base)) == (1, 2)
    assert list(together.base) == ["2026-11-20T21:00:00", "2026-11-20T23:00:00"]
    assert list(together.x) == [9 * 3_600_000, 3 * 3_600_000]
    goes_on = timeline(EPISODES, NAMES, LIGHT)
    assert len(goes_on.data[0].base) == 0  # The open one overlaps all the others.
    still = list(goes_on.data[1].base).index("2026-11-01T00:00:00")
    assert (
        goes_on.data[1].x[still]
        == 1000 * (FRIDAY + timedelta(hours=9) - datetime(2026, 11, 1, tzinfo=UTC)).total_seconds()
    )


def test_rows_are_named_most_episodes_first_and_user_text_is_escaped() -> None:
    figure = timeline(EPISODES, NAMES, DARK)
    assert list(figure.layout.yaxis.ticktext) == ["Ada &lt;b&gt; · 2", "Bix · 1", "Cyd · 1"]
    said = [t for trace in figure.data for t in trace.hovertext]
    assert "<b>Ada &lt;b&gt;</b><br>Fri 20 Nov, 21:00 to Sat 21 Nov, 06:00<br>found at Tinsel Arcade" in said
    assert "<b>Cyd</b><br>Sun 1 Nov still missing" in said
    assert figure.layout.meta["alt"].startswith("4 missing episodes, 4 at the same time as another's: Ada <b> 2")


def test_weekends_stand_behind_but_not_over_years() -> None:
    assert len(timeline(EPISODES, NAMES, LIGHT).layout.shapes) == 4
    years = [episode("YP-1", date(2020, 1, 1), date(2020, 1, 2)), episode("YP-2", date(2026, 1, 1), date(2026, 1, 2))]
    assert timeline(years, NAMES, LIGHT).layout.shapes == ()
