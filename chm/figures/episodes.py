"""Missing episodes in time: a row for each young person, what overlaps another's marked, weekends behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from chm.episodes.overlap import pairs, spans
from chm.episodes.records import LONDON, Episode, earliest, latest
from chm.figures.palette import Palette, layout, plain

ROW, MARGIN = 34, 66
# A bar of a few hours among months would be a hair: it is drawn this share of the window at least.
LEAST = 0.004


def timeline(episodes: Sequence[Episode], names: Mapping[str, str], palette: Palette) -> go.Figure:
    """Bars from each episode's start to its end, an open one to the last that is known; most episodes first.

    Args:
        names: what to call each young person; those without an episode have no row.
    """
    people = sorted({e.young_person for e in episodes}, key=lambda id: (-_count(episodes, id), names.get(id, id)))
    found = spans(episodes)
    both = pairs(found)
    with_another = {*both.one.tolist(), *both.other.tolist()}
    starts = [earliest(e.start) for e in episodes]
    last = max([latest(e.end) if e.end else start for e, start in zip(episodes, starts, strict=True)])
    ends = [latest(e.end) if e.end else last for e in episodes]
    first = min(starts)
    least = (last - first) * LEAST
    rows = {id: n for n, id in enumerate(people)}
    bars = []
    for together, colour, name in (
        (False, palette.none, "alone"),
        (True, palette.significant, "at the same time as another"),
    ):
        chosen = [n for n in range(len(episodes)) if (n in with_another) is together]
        bars.append(
            {
                "type": "bar", "orientation": "h", "name": name, "width": 0.55,
                "y": [rows[episodes[n].young_person] for n in chosen],
                "base": [_local(starts[n]) for n in chosen],
                "x": [1000 * max(ends[n] - starts[n], least).total_seconds() for n in chosen],
                "marker": {"color": colour},
                "hovertext": [_words(episodes[n], names) for n in chosen], "hoverinfo": "text",
            }
        )  # fmt: skip
    height = ROW * len(people) + MARGIN
    figure_layout = {
        **layout(palette, height, _alt(episodes, people, names, len(with_another))),
        "margin": {"l": 8, "r": 8, "t": 30, "b": 28},
        "barmode": "overlay",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"color": palette.text}},
        "xaxis": {
            "type": "date", "range": [_local(first - timedelta(days=1)), _local(last + timedelta(days=1))],
            "gridcolor": palette.line, "tickformat": "%-d %b", "tickfont": {"color": palette.text}, "fixedrange": True,
        },
        "yaxis": {
            "tickmode": "array", "tickvals": list(rows.values()),
            "ticktext": [f"{plain(names.get(id, id))} · {_count(episodes, id)}" for id in people],
            "range": [len(people) - 0.4, -0.6], "showgrid": False, "zeroline": False, "automargin": True,
            "tickfont": {"color": palette.text}, "fixedrange": True,
        },
        "shapes": _weekends(first.astimezone(LONDON).date(), last.astimezone(LONDON).date(), palette),
    }  # fmt: skip
    return go.Figure({"data": bars, "layout": figure_layout})


def _count(episodes: Sequence[Episode], id: str) -> int:
    return sum(e.young_person == id for e in episodes)


def _local(moment: datetime) -> str:
    return moment.astimezone(LONDON).replace(tzinfo=None).isoformat()


def _words(episode: Episode, names: Mapping[str, str]) -> str:
    end = "still missing" if episode.end is None else f"to {_moment(episode.end)}"
    where = f"found at {episode.found_at}" if episode.found_at else ""
    name = plain(names.get(episode.young_person, episode.young_person))
    return "<br>".join(filter(None, (f"<b>{name}</b>", f"{_moment(episode.start)} {end}", plain(where))))


def _moment(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        local = moment.astimezone(LONDON)
        return f"{local:%a} {local.day} {local:%b, %H:%M}"
    return f"{moment:%a} {moment.day} {moment:%b}"


def _weekends(first: date, last: date, palette: Palette) -> list[dict[str, Any]]:
    days = (last - first).days
    if days > 400:
        return []
    saturdays = [first + timedelta(days=n) for n in range(-1, days + 1) if (first + timedelta(days=n)).weekday() == 5]
    return [
        {
            "type": "rect", "xref": "x", "yref": "paper", "x0": day.isoformat(),
            "x1": (day + timedelta(days=2)).isoformat(), "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0},
            "fillcolor": palette.muted, "opacity": 0.1,
        }
        for day in saturdays
    ]  # fmt: skip


def _alt(episodes: Sequence[Episode], people: Sequence[str], names: Mapping[str, str], together: int) -> str:
    rows = ", ".join(f"{names.get(id, id)} {_count(episodes, id)}" for id in people)
    return f"{len(episodes)} missing episodes, {together} at the same time as another's: {rows}."
