"""What one agency leaves the meeting with: its own actions and no other's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from chm.exchange.actions_word import agency_actions, agency_actions_pdf
from tests.unit.exchange.meeting import HOSTILE, MINUTES, OTHERS, PILLARS, cells, filled, opened, parts, poppler, words

HEADERS = ("Due", "What", "About", "Pillar", "Status")
POLICE = [
    ["30 Nov 2026", "Offer a mentor\nDecided on 8 October 2026", "Heron Placeholder", "Support", "Under way"],
    [
        "1 Dec 2026",
        "Light the back stairs\nOutcome: Lit since Monday",
        "The Arcade\nHeron Placeholder, Kestrel Invented, Wren Madeup, Linnet Unreal",
        "Prevent",
        "Done",
    ],
    [
        "11 Dec 2026",
        "Serve a notice on Roe Notreal\nWho: Ana Example",
        "Roe Notreal\nHeron Placeholder\nKestrel Invented",
        "Disrupt",
        "Not begun",
    ],
]


def test_the_agencys_actions_soonest_due_first_and_which_meeting() -> None:
    document = opened(agency_actions(MINUTES, "Police", PILLARS))
    assert document.sections[0].header.paragraphs[0].text == "OFFICIAL-SENSITIVE: children"
    assert document.sections[0].footer.paragraphs[0].text == (
        "MTG-7, 26 November 2026, actions for Police\tPage 1 of 1"
    )
    assert document.paragraphs[0].text == "Complex strategy meeting: actions of one agency"
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["Actions for Police"]
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["Meeting", "Young people around the arcade"],
        ["When", "Thursday 26 November 2026, 10:00"],
        ["Chair", "Jo Chairing"],
        ["Next review", "7 January 2027"],
    ]
    assert cells(document, *HEADERS) == POLICE
    assert "This list holds this agency's own actions and nothing else that the meeting shared." in words(document)


def test_nothing_of_other_agencies_or_of_what_was_said() -> None:
    data = agency_actions(MINUTES, "Education", PILLARS)
    assert cells(opened(data), *HEADERS) == [["No date", "Map friendships", "Wren Madeup", "Identify", "Under way"]]
    everything = b"\n".join(parts(data).values()).decode(errors="replace")
    assert [n for n in ("Heron", *OTHERS) if n in everything] == ["Wren", "Madeup"]
    assert "Debts" not in everything


def test_an_agency_without_actions_is_told_so() -> None:
    bare = replace(MINUTES, title="", at=None, chair="", next_review=None)
    document = opened(agency_actions(bare, "Health", PILLARS))
    assert words(document).endswith("No action is recorded for this agency.")
    assert [row.cells[1].text for row in document.tables[0].rows] == [
        "Complex strategy meeting",
        "Thursday 26 November 2026, time not recorded",
        "Not recorded",
        "No day is decided",
    ]


def test_the_pdf_says_the_same(tmp_path: Path) -> None:
    text = poppler("pdftotext", agency_actions_pdf(MINUTES, "Police", PILLARS), tmp_path)
    assert sorted({w for row in POLICE for cell in row for w in cell.split()} - set(text.split())) == []
    assert "Map friendships" not in text
    assert "Page 1 of 1" in text


def test_hostile_text_and_properties() -> None:
    data = agency_actions(filled(HOSTILE), "Police", PILLARS)
    document = opened(data)
    assert cells(document, *HEADERS)[1][1].startswith("=cmd() <b>x</b> {nb} **b** &amp;")
    core = document.core_properties
    assert (core.author, core.last_modified_by, core.title, core.comments) == (
        "Contextual Harm Matrix",
        "Contextual Harm Matrix",
        "Complex strategy meeting: actions of one agency",
        "",
    )
    assert core.created.date() == date(2026, 11, 26)
    assert agency_actions_pdf(filled(HOSTILE), HOSTILE, PILLARS).startswith(b"%PDF-")
