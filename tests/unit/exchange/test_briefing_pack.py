"""What a chair reads before a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chm.exchange.briefing_pack import briefing_pack
from chm.exchange.minutes_pdf import as_pdf
from chm.exchange.minutes_word import as_word
from chm.exchange.paper import Facts, Grid, Heading, Note, Paper, Points, Text
from chm.meetings.expected import Expected
from chm.meetings.minutes import Minutes
from tests.unit.exchange.meeting import BARE, HOSTILE, LONG, MINUTES, PILLARS, filled, opened, words

TODAY = date(2026, 11, 20)
EXPECTED = (
    Expected("Police", (("It holds information", "Line 1"), ("Told us of 2", ""))),
    Expected("Health Trust", (("Asked anyway", ""),), same_as=("Health",)),
    Expected("Safer Merton", (("Places at Moderate or more", ""),), instead_of="Catch22"),
)
AGENDA = (("", "Purpose", ["Say why"]), ("V", "Young people experiencing harm", ["What changed?", "Who helps?"]))


def pack(minutes: Minutes = MINUTES) -> Paper:
    return briefing_pack(minutes, EXPECTED, AGENDA, PILLARS, TODAY)


def headings(paper: Paper, level: int = 1) -> list[str]:
    return [p.text for p in paper.pieces if isinstance(p, Heading) and p.level == level]


def under(paper: Paper, heading: str) -> list[object]:
    """The pieces from one heading to the next of its level."""
    texts = [p.text if isinstance(p, Heading) and p.level == 1 else None for p in paper.pieces]
    start = texts.index(heading) + 1
    end = next((n for n in range(start, len(texts)) if texts[n]), len(texts))
    return list(paper.pieces[start:end])


def test_what_it_is_and_whose() -> None:
    paper = pack()
    assert (paper.kind, paper.title, paper.on, paper.draft) == (
        "Complex strategy meeting: briefing pack", "Young people around the arcade", TODAY, "",
    )  # fmt: skip
    assert paper.footer == "MTG-7, 26 November 2026, briefing of 20 November 2026"
    assert paper.pieces[0] == Note(
        "For the chair. It names young people: keep it off the shared screen and do not hand it round."
    )


def test_its_sections_in_order_and_nothing_that_is_only_said_in_the_room() -> None:
    assert headings(pack()) == [
        "Purpose", "Since the last meeting", "Who should be in the room", "Agenda", "Young people", "What links them",
        "Actions carried over",
    ]  # fmt: skip
    said = " ".join(pack().texts())
    assert "Ask for an early closing order" not in said
    assert "Serve a notice" not in said
    assert "This is a draft" not in said


def test_who_should_come_why_and_whether_they_do() -> None:
    assert under(pack(), "Who should be in the room") == [
        Grid(
            ("Agency", "Why", "Status"), (4.6, 9.2, 3.2),
            (
                ("Police", "It holds information; Told us of 2", "Present"),
                ("Health Trust", "Asked anyway", "Asked, no answer"),
                ("Safer Merton", "Places at Moderate or more", "Not asked"),
            ),
            strong=True,
        )
    ]  # fmt: skip


def test_the_agenda_by_its_letters_with_what_to_ask() -> None:
    assert under(pack(), "Agenda") == [
        Heading("Purpose", 2), Points(("Say why",)),
        Heading("V · Young people experiencing harm", 2), Points(("What changed?", "Who helps?")),
    ]  # fmt: skip


def test_mentions_are_names() -> None:
    assert under(pack(), "Purpose") == [Text("They share one place.\nDecide who supports Wren Madeup.")]
    assert under(pack(), "Since the last meeting") == [Points(("Kestrel Invented: combined 31 to 49",))]
    young = [p.text for p in under(pack(), "Young people") if isinstance(p, Heading)]
    assert young == [
        "Heron Placeholder (YP-0401)", "Kestrel Invented (YP-0402)", "Wren Madeup (YP-0403)", "Linnet Unreal (YP-0404)",
    ]  # fmt: skip
    assert any(isinstance(p, Facts) for p in under(pack(), "Young people"))


def test_what_links_them_and_what_is_carried_over() -> None:
    links, carried = under(pack(), "What links them"), under(pack(), "Actions carried over")
    assert [row[0] for p in links if isinstance(p, Grid) for row in p.rows] == ["The Arcade", "12 Nowhere Court"]
    assert [row[1] for p in carried if isinstance(p, Grid) for row in p.rows] == [
        "Offer a mentor\nDecided on 8 October 2026"
    ]


def test_of_an_empty_meeting_each_section_says_so() -> None:
    paper = briefing_pack(BARE, (), (), PILLARS, TODAY)
    assert headings(paper) == headings(pack())
    assert paper.title == "Complex strategy meeting"
    for section in ("Purpose", "Since the last meeting", "Young people", "What links them", "Actions carried over"):
        assert under(paper, section) == [Text("Nothing was recorded.")]


@pytest.mark.parametrize("title", ["Agenda", "Young people", "Decisions"])
def test_a_title_or_a_name_like_a_section_takes_none_of_its_place(title: str) -> None:
    named = replace(MINUTES, title=title, names=dict.fromkeys(MINUTES.names, title), purpose=title)
    assert headings(briefing_pack(named, EXPECTED, AGENDA, PILLARS, TODAY)) == headings(pack())


@pytest.mark.parametrize("text", [HOSTILE, LONG, ""])
def test_it_is_whole_in_both_forms_whatever_is_typed(text: str) -> None:
    paper = briefing_pack(filled(text), EXPECTED, AGENDA, PILLARS, TODAY)
    said = words(opened(as_word(paper)))
    assert "Who should be in the room" in said
    assert as_pdf(paper).startswith(b"%PDF-")
    if text == LONG:
        assert "END" in said
