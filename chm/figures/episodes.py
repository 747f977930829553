"""Missing episodes of several young people on one line of time, and the hours of the week at which they begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from chm.episodes.overlap import SECONDS_AN_HOUR, Spans, pairs, spans
from chm.episodes.pattern import HOURS, WEEKDAYS, week_pattern
from chm.episodes.records import LONDON, Episode
from chm.figures.palette import Palette, day_text, layout, plain

ROW, MARGIN, THICK = 44, 80, 0.56
NARROWEST, ROOM = 0.004, 0.02
MOST_WEEKENDS = 30
# So light that every number on it can be read, in light and in dark.
DARKEST = 0.6
MILLISECOND = timedelta(milliseconds=1)


def timeline(episodes: Sequence[Episode], labels: Mapping[str, str], palette: Palette) -> go.Figure:
    """A row for each of `labels` (id: what is shown), from the top; a line joins two from when both are missing.

    An episode that overlaps that of somebody else on the figure is dark, one alone is light; one still open ends in an
    arrow at the last that is known of any. No id reaches the figure, and no place or name but the labels.
    """
    every = spans(episodes)
    kept = [n for n, e in enumerate(episodes) if e.young_person in labels]
    shown = [episodes[n] for n in kept]
    # Open episodes stay measured to the last of all, also of those who are not shown.
    found = replace(every, who=every.who[kept], start=every.start[kept], end=every.end[kept], open=every.open[kept])
    row = {id: len(labels) - 1 - n for n, id in enumerate(labels)}
    both = pairs(found)
    overlapping = {*both.one.tolist(), *both.other.tolist()}
    figure = go.Figure()
    figure.update_layout(
        **layout(palette, MARGIN + ROW * max(1, len(labels)), _alt(shown, labels, found)),
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        barmode="overlay",
        hovermode="closest",
    )
    begin, end = _range(found)
    figure.update_xaxes(
        type="date", range=[begin, end], showgrid=False, zeroline=False, ticks="", fixedrange=True, automargin=True,
        tickformat="%-d %b", nticks=9,
    )  # fmt: skip
    figure.update_yaxes(
        range=[-0.6, len(labels) - 0.4], tickvals=list(row.values()), ticktext=[plain(t) for t in labels.values()],
        gridcolor=palette.line, zeroline=False, ticks="", fixedrange=True, automargin=True,
    )  # fmt: skip
    _weekends(figure, palette, begin, end)
    least = (end - begin) * NARROWEST
    for name, colour, which in (
        ("alone", palette.none, [n for n in range(len(shown)) if n not in overlapping]),
        ("at the same time as another", palette.text, sorted(overlapping)),
    ):
        begins = [_wall(found, int(found.start[n])) for n in which]
        ends = [_wall(found, int(found.end[n])) for n in which]
        figure.add_bar(
            base=begins,
            x=[max(least, e - b) / MILLISECOND for b, e in zip(begins, ends, strict=True)],
            y=[row[shown[n].young_person] for n in which],
            orientation="h",
            width=THICK,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            hoverinfo="text",
            hovertext=[_hover(found, n, plain(labels[shown[n].young_person])) for n in which],
            textposition="none",
            showlegend=True,
        )
    _links(figure, palette, found, [row[e.young_person] for e in shown])
    still = [n for n in range(len(shown)) if found.open[n]]
    figure.add_scatter(
        x=[_wall(found, int(found.end[n])) for n in still],
        y=[row[shown[n].young_person] for n in still],
        mode="markers",
        name="still missing",
        marker={"symbol": "triangle-right", "size": 14, "color": palette.alert},
        hoverinfo="skip",
        cliponaxis=False,
        showlegend=bool(still),
    )
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
    )
    return figure


def _wall(found: Spans, number: int) -> datetime:
    """What a clock in London shows, without its zone: Plotly would turn a zone into UTC."""
    if found.by_day:
        return datetime.combine(date.fromordinal(number), time())
    return datetime.fromtimestamp(number, LONDON).replace(tzinfo=None)


def _range(found: Spans) -> tuple[datetime, datetime]:
    if not len(found.who):
        today = datetime.combine(date.today(), time())
        return today - timedelta(days=28), today
    begin, end = _wall(found, int(found.start.min())), _wall(found, int(found.end.max()))
    span = max(end - begin, timedelta(days=2))
    return begin - span * ROOM, begin + span * (1 + ROOM)


def _weekends(figure: go.Figure, palette: Palette, begin: datetime, end: datetime) -> None:
    saturday = datetime.combine(begin.date() - timedelta(days=(begin.weekday() + 2) % 7), time())
    weekends = [saturday + timedelta(weeks=n) for n in range((end - saturday).days // 7 + 1)]
    for start in weekends if len(weekends) <= MOST_WEEKENDS else ():
        if start + timedelta(days=2) <= begin:
            continue
        figure.add_shape(
            type="rect", x0=max(begin, start), x1=min(end, start + timedelta(days=2)), y0=0, y1=1, yref="y domain",
            fillcolor=palette.line, opacity=0.35, line_width=0, layer="below",
        )  # fmt: skip


def _links(figure: go.Figure, palette: Palette, found: Spans, rows: Sequence[int]) -> None:
    x: list[datetime | None] = []
    y: list[int | None] = []
    both = pairs(found)
    for one, other in zip(both.one.tolist(), both.other.tolist(), strict=True):
        at = _wall(found, int(found.start[other]))
        x += [at, at, None]
        y += [rows[one], rows[other], None]
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        name="both missing from here",
        line={"color": palette.alert, "width": 1.5},
        marker={"size": 6, "color": palette.ground, "line": {"color": palette.alert, "width": 1.5}},
        hoverinfo="skip",
        showlegend=bool(x),
    )


def _hover(found: Spans, n: int, label: str) -> str:
    start = _wall(found, int(found.start[n]))
    if found.by_day:
        if found.open[n]:
            return f"<b>{label}</b><br>from {day_text(start.date())}, still missing"
        last, days = date.fromordinal(int(found.end[n]) - 1), int(found.end[n] - found.start[n])
        return f"<b>{label}</b><br>{day_text(start.date())} to {day_text(last)}, {days} day{'s' * (days != 1)}"
    if found.open[n]:
        return f"<b>{label}</b><br>from {day_text(start.date())} {start:%H:%M}, still missing"
    end, hours = _wall(found, int(found.end[n])), int(found.end[n] - found.start[n]) / SECONDS_AN_HOUR
    until = f"{day_text(end.date())} {end:%H:%M}"
    return f"<b>{label}</b><br>{day_text(start.date())} {start:%H:%M} to {until}, {hours:,.1f} hours"


def _alt(shown: Sequence[Episode], labels: Mapping[str, str], found: Spans) -> str:
    both = pairs(found)
    together = {
        tuple(sorted(p)) for p in zip(found.who[both.one].tolist(), found.who[both.other].tolist(), strict=True)
    }
    still = sum(e.open for e in shown)
    return (
        f"Young people: {len(labels)}. Missing episodes: {len(shown)}, still open: {still}. "
        f"Pairs missing at the same time: {len(together)}."
    )


def week(episodes: Sequence[Episode], palette: Palette) -> go.Figure:
    """How many episodes begin at each hour of the week, London's time; by weekday alone where no time is known."""
    found = week_pattern(episodes)
    total = sum(found.weekdays)
    busiest = max(range(len(WEEKDAYS)), key=lambda d: found.weekdays[d])
    alt = f"Episodes begun: {total}. " + (f"Most on {WEEKDAYS[busiest]}: {found.weekdays[busiest]}. " if total else "")
    if found.without_time:
        alt += f"Only the day is known of {found.without_time}."
    figure = go.Figure()
    figure.update_layout(**layout(palette, 290, alt.strip()), margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(showgrid=False, zeroline=False, ticks="", fixedrange=True, automargin=True)
    figure.update_yaxes(showgrid=False, zeroline=False, ticks="", fixedrange=True, automargin=True)
    if total and found.without_time == total:
        figure.add_bar(
            x=list(WEEKDAYS), y=list(found.weekdays), text=list(found.weekdays), textposition="outside",
            marker={"color": palette.none}, hoverinfo="skip", cliponaxis=False,
        )  # fmt: skip
        figure.update_yaxes(visible=False, range=[0, max(found.weekdays) * 1.15])
        return figure
    shade = ",".join(map(str, hex_to_rgb(palette.none)))
    figure.add_heatmap(
        z=[list(hours) for hours in found.cells],
        x=list(range(HOURS)),
        y=list(WEEKDAYS),
        text=[[str(n) if n else "" for n in hours] for hours in found.cells],
        texttemplate="%{text}",
        colorscale=[[0, f"rgba({shade},0)"], [1, f"rgba({shade},{DARKEST})"]],
        textfont={"color": palette.text},
        zmin=0,
        zmax=max(1, *(n for hours in found.cells for n in hours)),
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=[
            [f"{day} {h:02}:00 to {(h + 1) % HOURS:02}:00: {n}" for h, n in enumerate(hours)]
            for day, hours in zip(WEEKDAYS, found.cells, strict=True)
        ],
        hoverinfo="text",
    )
    figure.update_xaxes(tickvals=list(range(0, HOURS, 3)), ticktext=[f"{h:02}:00" for h in range(0, HOURS, 3)])
    figure.update_yaxes(autorange="reversed")
    return figure
