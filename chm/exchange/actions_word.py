"""What one agency leaves a complex strategy meeting with: its actions, as a Word document and as a PDF."""

from __future__ import annotations

from collections.abc import Mapping

from chm.exchange.minutes_pdf import as_pdf
from chm.exchange.minutes_said import MEETING, about, action_text, due, opening, when
from chm.exchange.minutes_word import as_word
from chm.exchange.paper import Facts, Grid, Heading, Note, Paper, Piece, Text
from chm.exchange.word import day_text
from chm.meetings.minutes import Minutes, of_agency

HEADERS = ("Due", "What", "About", "Pillar", "Status")
WIDTHS = (2.4, 6.6, 4.0, 1.9, 2.1)
ONLY = "This list holds this agency's own actions and nothing else that the meeting shared."


def agency_actions(minutes: Minutes, agency: str, pillars: Mapping[str, str]) -> bytes:
    """The actions that `agency` owns, new and carried over, soonest due first, as a Word document.

    Args:
        pillars: names by id.
    """
    return as_word(_paper(minutes, agency, pillars))


def agency_actions_pdf(minutes: Minutes, agency: str, pillars: Mapping[str, str]) -> bytes:
    """The same as a PDF."""
    return as_pdf(_paper(minutes, agency, pillars))


def _paper(minutes: Minutes, agency: str, pillars: Mapping[str, str]) -> Paper:
    review = day_text(minutes.next_review) if minutes.next_review else "No day is decided"
    return Paper(
        kind=f"{MEETING}: actions of one agency",
        title=f"Actions for {agency}",
        footer=f"{minutes.meeting}, {day_text(minutes.on)}, actions for {agency}",
        on=minutes.on,
        pieces=(
            Facts(
                (
                    ("Meeting", minutes.words(minutes.title) or MEETING),
                    ("When", when(minutes)),
                    ("Chair", minutes.words(minutes.chair) or "Not recorded"),
                    ("Next review", review),
                )
            ),
            Note(ONLY),
            Heading("Actions, soonest due first"),
            _actions(minutes, agency, pillars),
        ),
    )


def _actions(minutes: Minutes, agency: str, pillars: Mapping[str, str]) -> Piece:
    rows = [
        (
            due(a),
            action_text(minutes, a, person=True),
            about(minutes, a.target, a.young_people, each=True),
            pillars.get(a.pillar, a.pillar),
            opening(a.status),
        )
        for a in of_agency(minutes, agency)
    ]
    return Grid(HEADERS, WIDTHS, tuple(rows), strong=True) if rows else Text("No action is recorded for this agency.")
