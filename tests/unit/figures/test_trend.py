"""Three totals over time: exact values, bands, labels."""

from __future__ import annotations

from datetime import UTC, date, datetime

import plotly.graph_objects as go
import pytest

from chm import settings
from chm.assessments import Answers, Assessment, Judgement
from chm.figures.palette import DARK, LIGHT
from chm.figures.trend import trend
from chm.framework import LEVELS, load_all, newest
from chm.scoring import score

FRAMEWORK = newest(load_all(settings.data()), "merton-2020")
FIRST, SECOND, THIRD = date(2025, 11, 12), date(2026, 5, 3), date(2026, 11, 23)


def assessed(on: date, version: int = 1, **levels: str) -> Assessment:
    every = {**dict.fromkeys(FRAMEWORK.domain, "none"), **levels}
    return Assessment(
        id=f"A-{on}",
        young_person="YP-0001",
        framework="merton-2020",
        framework_version=version,
        assessed_on=on,
        answers=Answers(levels=every),
        score=score(FRAMEWORK, every, assessed_on=on),
        judgement=Judgement(level="moderate", reason="Invented"),
        review_by=None,
        recorded_by="jo",
        recorded_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )


THREE = [
    assessed(FIRST, missing="emerging", peers="moderate"),
    assessed(SECOND, missing="significant", peers="moderate", coercion="moderate"),
    assessed(THIRD, missing="moderate", peers="moderate", coercion="moderate", family="significant"),
]


def bold(figure: go.Figure) -> list[str]:
    return [a.text for a in figure.layout.annotations if a.text.startswith("<b>")]


def test_three_panels_hold_the_three_totals_in_order_of_time() -> None:
    figure = trend(FRAMEWORK, THREE[::-1], LIGHT)
    assert [(t.name, list(t.x), list(t.y)) for t in figure.data] == [
        ("Combined", [FIRST, SECOND, THIRD], [9, 22, 26]),
        ("Harm", [FIRST, SECOND, THIRD], [3, 16, 12]),
        ("Context", [FIRST, SECOND, THIRD], [6, 6, 14]),
    ]
    assert [t.xaxis for t in figure.data] == ["x", "x2", "x3"]
    assert figure.data[0].hovertext == (
        "12 Nov 2025: 9, No concern",
        "3 May 2026: 22, Emerging",
        "23 Nov 2026: 26, Emerging",
    )


@pytest.mark.parametrize(
    ("axis", "edges"), [("yaxis", (0, 10, 33, 65, 112)), ("yaxis2", (0, 5, 17, 33, 58)), ("yaxis3", (0, 6, 17, 33, 54))]
)
def test_band_edges_are_numbered_up_to_the_maximum(axis: str, edges: tuple[int, ...]) -> None:
    figure = trend(FRAMEWORK, THREE, LIGHT)
    assert figure.layout[axis].tickvals == edges
    assert figure.layout[axis].range == (0, edges[-1])


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_bands_stand_behind_in_the_colours_of_their_levels(palette) -> None:  # type: ignore[no-untyped-def]
    bands = [s for s in trend(FRAMEWORK, THREE, palette).layout.shapes if s.type == "rect"]
    assert len(bands) == 12
    assert [(b.y0, b.y1, b.fillcolor) for b in bands[:4]] == [
        (low, high, palette.level(level))
        for level, low, high in zip(LEVELS, (0, 10, 33, 65), (10, 33, 65, 112), strict=True)
    ]
    assert {b.layer for b in bands} == {"below"}


def test_latest_value_is_labelled_in_each_panel() -> None:
    assert bold(trend(FRAMEWORK, THREE, LIGHT)) == [
        "<b>Combined</b> of 112",
        "<b>26</b>",
        "<b>Harm</b> of 58",
        "<b>12</b>",
        "<b>Context</b> of 54",
        "<b>14</b>",
    ]


def test_the_label_keeps_off_a_falling_line_and_inside_the_panel() -> None:
    everything = assessed(THIRD, **dict.fromkeys(FRAMEWORK.domain, "significant"))
    shifts = {a.text: a.yshift for f in (THREE, [everything]) for a in trend(FRAMEWORK, f, LIGHT).layout.annotations}
    assert shifts["<b>26</b>"] > 0
    assert shifts["<b>12</b>"] < 0
    assert shifts["<b>112</b>"] < 0


def test_the_axis_starts_early_so_that_band_names_have_room() -> None:
    figure = trend(FRAMEWORK, THREE, LIGHT)
    start, end = figure.layout.xaxis.range
    assert FIRST - start > 0.4 * (THIRD - FIRST)
    assert end > THIRD
    assert figure.layout.xaxis.tickvals == (FIRST, SECOND, THIRD)
    assert figure.layout.xaxis.ticktext == ("Nov 25", "May 26", "Nov 26")


def test_one_assessment_stands_in_the_middle_with_its_day() -> None:
    figure = trend(FRAMEWORK, THREE[:1], LIGHT)
    assert [list(t.y) for t in figure.data] == [[9], [3], [6]]
    start, end = figure.layout.xaxis.range
    assert FIRST - start == end - FIRST
    assert figure.layout.xaxis.ticktext == ("12 Nov",)
    assert bold(figure)[1] == "<b>9</b>"
    assert figure.layout.meta["alt"].startswith("Combined 9, No concern, on 12 Nov 2025; Harm 3,")


def test_no_assessment_leaves_the_bands() -> None:
    figure = trend(FRAMEWORK, [], LIGHT)
    assert [list(t.x) for t in figure.data] == [[], [], []]
    assert len(figure.layout.shapes) == 12
    assert figure.layout.meta["alt"] == "No assessment yet."


def test_a_change_of_version_is_marked_once_in_each_panel() -> None:
    changed = [THREE[0], assessed(SECOND, 2, missing="moderate"), assessed(THIRD, 2, missing="moderate")]
    figure = trend(FRAMEWORK, changed, LIGHT)
    assert [s.x0 for s in figure.layout.shapes if s.type == "line"] == [SECOND] * 3
    assert [a.x for a in figure.layout.annotations if a.text == "version 2"] == [SECOND] * 3
    assert not [s for s in trend(FRAMEWORK, THREE, LIGHT).layout.shapes if s.type == "line"]


def test_two_on_one_day_keep_the_order_they_were_recorded_in() -> None:
    later = THREE[1].model_copy(update={"assessed_on": FIRST, "recorded_at": datetime(2026, 11, 23, 10, tzinfo=UTC)})
    assert list(trend(FRAMEWORK, [later, THREE[0]], LIGHT).data[0].y) == [9, 22]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_nothing_of_plotlys_own_look_shows(palette) -> None:  # type: ignore[no-untyped-def]
    figure = trend(FRAMEWORK, THREE, palette)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.family.startswith("Source Sans")
    assert figure.layout.font.color == palette.text
    assert figure.layout.template.layout.paper_bgcolor is None
    assert not figure.layout.showlegend
