"""What happened when: assessments, referrals, incidents, missing episodes, and the review due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go

from chm.assessments import Assessment
from chm.figures.palette import Palette, day_text, layout, plain, share_of
from chm.records import Incident, Referral

ROWS = ("Missing", "Incidents", "Referrals", "Assessments")
NARROWEST = 0.009
LEFT, RIGHT = 0.04, 0.04
LABEL = 0.26
NEVER = timedelta(days=180)


def timeline(
    assessments: Sequence[Assessment],
    referrals: Sequence[Referral],
    incidents: Sequence[Incident],
    review_by: date | None,
    today: date,
    palette: Palette,
) -> go.Figure:
    """One row each, a missing episode as a span never too narrow to see, and a line where the review is due.

    The words of the two lines stand above the rows, each growing away from the other, so no label covers another.
    """
    missing = [i for i in incidents if is_missing(i)]
    other = [i for i in incidents if not is_missing(i)]
    start, end = _range(assessments, referrals, incidents, review_by, today)
    figure = go.Figure()
    counts = {"assessment": assessments, "referral": referrals, "incident": other, "missing episode": missing}
    alt = ", ".join(f"{len(found)} {what}{'s' * (len(found) != 1)}" for what, found in counts.items())
    alt += f"; review due {day_text(review_by)}." if review_by else "; no review due."
    figure.update_layout(
        **layout(palette, 230, alt), margin={"l": 8, "r": 8, "t": 30, "b": 8}, barmode="overlay", hovermode="closest"
    )
    figure.update_xaxes(
        type="date", range=[start, end], tickformat="%b %y", nticks=7, showgrid=False, zeroline=False, ticks="",
        fixedrange=True, automargin=True,
    )  # fmt: skip
    figure.update_yaxes(
        range=[-0.6, len(ROWS) - 0.5], tickvals=list(range(len(ROWS))), ticktext=list(ROWS), gridcolor=palette.line,
        zeroline=False, ticks="", fixedrange=True, automargin=True,
    )  # fmt: skip
    _marks(figure, palette, "Assessments", "square", [(a.assessed_on, _assessment(a)) for a in assessments])
    _marks(figure, palette, "Referrals", "triangle-up", [(r.on, _referral(r)) for r in referrals])
    _marks(figure, palette, "Incidents", "diamond", [(i.on, _incident(i)) for i in other])
    _spans(figure, palette, missing, share_of(end - start, NARROWEST))
    _line(figure, palette, today, "Today", "solid", palette.muted, left=review_by is None or review_by >= today)
    if review_by:
        late = review_by < today
        words = f"Review {'was ' if late else ''}due {day_text(review_by)}"
        _line(figure, palette, review_by, words, "dot", palette.alert if late else palette.text, left=late)
    return figure


def is_missing(incident: Incident) -> bool:
    """Whether `incident` is a missing episode."""
    return "missing" in incident.kind.casefold()


def _range(
    assessments: Sequence[Assessment],
    referrals: Sequence[Referral],
    incidents: Sequence[Incident],
    review_by: date | None,
    today: date,
) -> tuple[date, date]:
    days = [a.assessed_on for a in assessments] + [r.on for r in referrals]
    days += [d for i in incidents for d in (i.on, i.ended_on) if d]
    first = min(days, default=today - NEVER)
    ends = sorted((today, review_by or today))
    last = max([*days, *ends])
    span = max(last - first, timedelta(days=60))
    room_left = max(timedelta(0), share_of(span, LABEL) - (ends[0] - first))
    room_right = max(timedelta(0), share_of(span, LABEL) - (last - ends[1]))
    return first - max(room_left, share_of(span, LEFT)), last + max(room_right, share_of(span, RIGHT))


def _marks(figure: go.Figure, palette: Palette, row: str, symbol: str, found: list[tuple[date, str]]) -> None:
    figure.add_scatter(
        x=[day for day, _ in found],
        y=[ROWS.index(row)] * len(found),
        mode="markers",
        name=row,
        marker={"symbol": symbol, "size": 12, "color": palette.text, "line": {"color": palette.ground, "width": 1}},
        hoverinfo="text",
        hovertext=[text for _, text in found],
        cliponaxis=False,
    )


def _spans(figure: go.Figure, palette: Palette, missing: Sequence[Incident], narrowest: timedelta) -> None:
    lengths = [max(narrowest, (i.ended_on or i.on) - i.on) for i in missing]
    figure.add_bar(
        base=[i.on for i in missing],
        x=[length / timedelta(milliseconds=1) for length in lengths],
        y=[ROWS.index("Missing")] * len(missing),
        orientation="h",
        width=0.34,
        name="Missing",
        marker={"color": palette.text, "line": {"color": palette.ground, "width": 1}},
        hoverinfo="text",
        hovertext=[_incident(i) for i in missing],
        textposition="none",
    )


def _line(figure: go.Figure, palette: Palette, day: date, words: str, dash: str, colour: str, *, left: bool) -> None:
    figure.add_shape(
        type="line", x0=day, x1=day, y0=0, y1=1, yref="y domain", line={"color": colour, "width": 1.5, "dash": dash},
        layer="below",
    )  # fmt: skip
    figure.add_annotation(
        x=day, y=1, yref="y domain", text=words, showarrow=False, xanchor="right" if left else "left",
        xshift=-4 if left else 4, yanchor="bottom", font={"size": 12, "color": colour},
    )  # fmt: skip


def _assessment(assessment: Assessment) -> str:
    judged = {"none": "no concern"}.get(assessment.judgement.level, assessment.judgement.level.title())
    return _hover("Assessment", assessment.assessed_on, f"judged {judged}, combined {assessment.score.combined.score}")


def _referral(referral: Referral) -> str:
    return _hover("Referral", referral.on, ": ".join(t for t in (referral.agency, referral.reason) if t))


def _incident(incident: Incident) -> str:
    until = f" to {day_text(incident.ended_on)}" if incident.ended_on and incident.ended_on != incident.on else ""
    known = "first-hand" if incident.first_hand else "passed on"
    return _hover(incident.kind, incident.on, f"{incident.what} ({incident.agency}, {known})", until)


def _hover(what: str, on: date, words: str, until: str = "") -> str:
    return f"<b>{plain(what)}</b>, {day_text(on)}{until}<br>{plain(words)}"


def configuration() -> dict[str, Any]:
    """What a page hands to `plotly_chart`: no tool bar, no zoom."""
    return {"displayModeBar": False, "scrollZoom": False}
