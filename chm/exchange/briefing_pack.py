"""What a chair reads before a complex strategy meeting: who comes and why, each young person, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chm.exchange.minutes_paper import minutes_paper
from chm.exchange.minutes_said import MEETING
from chm.exchange.paper import Grid, Heading, Note, Paper, Piece, Points
from chm.exchange.word import day_text
from chm.meetings.expected import Expected
from chm.meetings.minutes import Minutes

KEPT = ("Purpose", "Since the last meeting", "Young people", "Links and places discussed", "Actions carried over")
RENAMED = {"Links and places discussed": "What links them"}


def briefing_pack(
    minutes: Minutes,
    expected: Sequence[Expected],
    agenda: Sequence[tuple[str, str, Sequence[str]]],
    pillars: Mapping[str, str],
    today: date,
) -> Paper:
    """The pack of a meeting that is still to come, from `minutes` in which nothing is said yet.

    Args:
        expected: who should be there. agenda: letter, name and prompts of each item. today: the day it is made on.
    """
    whole = minutes_paper(minutes, number=1, signed=None, why="", pillars=pillars)
    status = {p.agency: p.status for p in minutes.attendance}
    return Paper(
        kind=f"{MEETING}: briefing pack",
        title=minutes.words(minutes.title) or MEETING,
        footer=f"{minutes.meeting}, {day_text(minutes.on)}, briefing of {day_text(today)}",
        on=today,
        pieces=(
            Note("For the chair. It names young people: keep it off the shared screen and do not hand it round."),
            *_sections(whole.pieces, KEPT[:2]),
            Heading("Who should be in the room"),
            Grid(
                ("Agency", "Why", "Status"),
                (4.6, 9.2, 3.2),
                tuple((e.agency, "; ".join(t for t, _ in e.why), _status(e, status)) for e in expected),
                strong=True,
            ),
            Heading("Agenda"),
            *(piece for item in agenda for piece in _item(*item)),
            *_sections(whole.pieces, KEPT[2:]),
        ),
    )


def _item(key: str, name: str, prompts: Sequence[str]) -> tuple[Piece, ...]:
    return (Heading(f"{key} · {name}" if key else name, 2), Points(tuple(prompts)))


def _status(expected: Expected, status: Mapping[str, str]) -> str:
    return next((word for agency, word in status.items() if expected.is_(agency)), "Not asked")


def _sections(pieces: Sequence[Piece], wanted: Sequence[str]) -> list[Piece]:
    """The pieces that stand under one of the headings `wanted`, headings included."""
    kept: list[Piece] = []
    inside = False
    for piece in pieces:
        if isinstance(piece, Heading) and piece.level == 1:
            inside = piece.text in wanted
            if inside:
                kept.append(Heading(RENAMED.get(piece.text, piece.text)))
            continue
        if inside:
            kept.append(piece)
    return kept
