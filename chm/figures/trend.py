"""Three totals over time, each before its own bands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chm.assessments import Assessment
from chm.figures.palette import Palette, day_text, layout, share_of
from chm.framework import LEVELS, Framework

PANELS = (("combined", "Combined"), ("harm", "Harm"), ("context", "Context"))
GUTTER, MARGIN = 0.45, 0.12
SHORT = timedelta(days=200)


def trend(framework: Framework, assessments: Sequence[Assessment], palette: Palette) -> go.Figure:
    """Combined, harm and context over `assessments`, bands behind and their edges numbered.

    Bands are those of `framework`; an assessment made under another version is marked where it begins. The time axis
    starts early, and the names of the bands stand in that room, so that no line runs into a word.
    """
    made = sorted(assessments, key=lambda a: (a.assessed_on, a.recorded_at))
    figure = make_subplots(rows=1, cols=3, horizontal_spacing=0.07)
    figure.update_layout(**layout(palette, 270, _alt(framework, made)), margin={"l": 8, "r": 12, "t": 34, "b": 8})
    for column, (axis, name) in enumerate(PANELS, start=1):
        _panel(figure, framework, made, palette, axis, name, column)
    return figure


def _panel(
    figure: go.Figure,
    framework: Framework,
    made: Sequence[Assessment],
    palette: Palette,
    axis: str,
    name: str,
    column: int,
) -> None:
    most = framework.maximum(axis)
    thresholds = framework.bands[axis]  # type: ignore[index]
    edges = [thresholds.of(level) for level in LEVELS] + [most]
    here: dict[str, Any] = {"row": 1, "col": column}
    inside = {"xref": f"x{column if column > 1 else ''} domain", "yref": f"y{column if column > 1 else ''}"}
    for level, low, high in zip(LEVELS, edges, edges[1:], strict=False):
        figure.add_shape(
            type="rect", x0=0, x1=1, y0=low, y1=high, **inside, fillcolor=palette.level(level), opacity=palette.band,
            line_width=0, layer="below",
        )  # fmt: skip
        figure.add_annotation(
            x=0.02, y=(low + high) / 2, **inside, text=framework.level[level].band_name, showarrow=False,
            xanchor="left", yanchor="middle", font={"size": 11, "color": palette.muted},
        )  # fmt: skip
    figure.add_annotation(
        x=0, y=1, xref=inside["xref"], yref=inside["yref"] + " domain", text=f"<b>{name}</b> of {most}",
        showarrow=False, xanchor="left", yanchor="bottom", yshift=5, font={"size": 14},
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, most], tickvals=edges, showgrid=False, zeroline=False, fixedrange=True, automargin=True, **here
    )
    figure.update_xaxes(
        showgrid=False, linecolor=palette.line, ticks="", fixedrange=True, automargin=True, **_time(made), **here
    )
    totals = [a.score.total(axis) for a in made]
    figure.add_scatter(
        x=[a.assessed_on for a in made],
        y=[t.score for t in totals],
        mode="lines+markers",
        name=name,
        line={"color": palette.text, "width": 2.5},
        marker={
            "size": [7] * (len(made) - 1) + [11] * bool(made),
            "opacity": 1,
            "color": palette.text,
            "line": {"color": palette.ground, "width": 1.5},
        },
        hoverinfo="text",
        hovertext=[
            f"{day_text(a.assessed_on)}: {t.score}, {framework.level[t.band].band_name}" if t.band else ""
            for a, t in zip(made, totals, strict=True)
        ],
        cliponaxis=False,
        **here,
    )
    if made and (last := totals[-1].score) is not None:
        before = totals[-2].score if len(totals) > 1 else None
        above = _above(last, before, most)
        figure.add_annotation(
            x=made[-1].assessed_on, y=last, xref=inside["xref"].removesuffix(" domain"), yref=inside["yref"],
            text=f"<b>{last}</b>", showarrow=False, font={"size": 17}, yshift=17 if above else -17,
        )  # fmt: skip
    for earlier, later in zip(made, made[1:], strict=False):
        if (earlier.framework, earlier.framework_version) != (later.framework, later.framework_version):
            figure.add_shape(
                type="line", x0=later.assessed_on, x1=later.assessed_on, y0=0, y1=1, yref=inside["yref"] + " domain",
                xref=inside["xref"].removesuffix(" domain"), line={"color": palette.muted, "width": 1, "dash": "dot"},
            )  # fmt: skip
            figure.add_annotation(
                x=later.assessed_on, y=1, xref=inside["xref"].removesuffix(" domain"), yref=inside["yref"] + " domain",
                text=f"version {later.framework_version}", showarrow=False, xanchor="right", yanchor="top", xshift=-3,
                font={"size": 11, "color": palette.muted},
            )  # fmt: skip


def _above(last: int, before: int | None, most: int) -> bool:
    if last > 0.85 * most:
        return False
    return last < 0.15 * most or before is None or before <= last


def _time(made: Sequence[Assessment]) -> dict[str, Any]:
    if not made:
        return {"showticklabels": False, "type": "date"}
    first, last = made[0].assessed_on, made[-1].assessed_on
    span = max(last - first, timedelta(days=60))
    if first == last:
        start, end, ticks = first - span, last + span, [first]
    else:
        start, end = first - share_of(span, GUTTER), last + share_of(span, MARGIN)
        ticks = [first, *_middle([a.assessed_on for a in made], span), last]
    wide = last - first > SHORT
    return {
        "type": "date",
        "range": [start, end],
        "tickvals": ticks,
        "ticktext": [f"{t:%b %y}" if wide else f"{t.day} {t:%b}" for t in ticks],
        "tickangle": 0,
    }


def _middle(days: Sequence[date], span: timedelta) -> list[date]:
    first, last = days[0], days[-1]
    centre = first + span / 2
    nearest = min(days, key=lambda d: abs(d - centre))
    return [nearest] if min(nearest - first, last - nearest) >= span * 0.4 else []


def _alt(framework: Framework, made: Sequence[Assessment]) -> str:
    if not made:
        return "No assessment yet."
    parts = []
    for axis, name in PANELS:
        first, last = made[0].score.total(axis), made[-1].score.total(axis)
        band = framework.level[last.band].band_name if last.band else "no band"
        start = f"from {first.score} on {day_text(made[0].assessed_on)} to " if len(made) > 1 else ""
        parts.append(f"{name} {start}{last.score}, {band}, on {day_text(made[-1].assessed_on)}")
    return "; ".join(parts) + "."
