"""The minutes and the extract as PDFs: the same content, whole on every page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from chm.exchange.minutes_pdf import as_pdf, minutes_pdf
from chm.exchange.minutes_word import minutes_document
from chm.exchange.paper import Facts, Grid, Heading, Paper, Points, Text
from chm.meetings.minutes import Minutes, extract
from tests.unit.exchange.meeting import (
    ACTIONS,
    BARE,
    HERON,
    HOSTILE,
    MANY,
    MINUTES,
    OTHERS,
    PILLARS,
    SIGNED,
    filled,
    opened,
    pages,
    poppler,
    words,
)

LETTERS = re.compile(r"\w+")


def made(minutes: Minutes = MINUTES, signed: tuple[str, datetime] | None = SIGNED, why: str = "") -> bytes:
    return minutes_pdf(minutes, number=2, signed=signed, why=why, pillars=PILLARS)


def lines(page: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in page.split("\n") if line.strip()]


@pytest.mark.parametrize("minutes", [MINUTES, BARE, extract(MINUTES, HERON), MANY], ids=["all", "bare", "own", "many"])
@pytest.mark.parametrize("signed", [SIGNED, None], ids=["signed", "draft"])
def test_it_says_what_the_word_document_says(
    minutes: Minutes, signed: tuple[str, datetime] | None, tmp_path: Path
) -> None:
    word = minutes_document(minutes, number=2, signed=signed, why="A name", pillars=PILLARS)
    text = poppler("pdftotext", made(minutes, signed, "A name"), tmp_path)
    wanted = LETTERS.findall(words(opened(word)))
    assert len(wanted) > 60
    assert sorted(set(wanted) - set(LETTERS.findall(text))) == []


def test_every_page_is_marked_and_numbered(tmp_path: Path) -> None:
    found = pages(made(MANY, None), tmp_path)
    assert len(found) >= 5
    for n, page in enumerate(found, start=1):
        shown = lines(page)
        assert shown[0] == "OFFICIAL-SENSITIVE: children · DRAFT"
        assert shown[-1] == f"MTG-7, 26 November 2026, version 2 Page {n} of {len(found)}"
    assert lines(found[0])[1:3] == [
        "DRAFT",
        "This is a draft of version 2. The chair has not signed it and it may still change.",
    ]
    signed = pages(made(), tmp_path)
    assert lines(signed[0])[:4] == [
        "OFFICIAL-SENSITIVE: children",
        "Complex strategy meeting: minutes",
        "Young people around the arcade",
        "Version 2, signed by Jo Chairing on 26 November 2026",
    ]
    assert "DRAFT" not in "".join(signed)


def test_what_stands_in_a_row_stands_side_by_side(tmp_path: Path) -> None:
    shown = [line for page in pages(made(), tmp_path) for line in lines(page)]
    for line in (
        "When Thursday 26 November 2026, 10:00",
        "Police Ana Example Present",
        "Experiences of harm 17 of 58 Contexts 32 of 54 Combined Not known",
        "Emerging Significant Not known",
        "Judged overall Significant. Why: Harm is happening now.",
        "Debts are spoken of. Education In general",
        "View Being seen together is no harm by itself. Education Heron Placeholder",
        "Identify Map friendships Wren Madeup Education No date Under way",
        "This is information that agencies hold and shared. It is not established fact.",
    ):
        assert line in shown


def test_a_table_over_several_pages_repeats_its_headers(tmp_path: Path) -> None:
    found = pages(made(MANY), tmp_path)
    over = [n for n, page in enumerate(found) if "Map friendships" in page]
    assert len(over) >= 2
    for n in over[1:]:
        assert lines(found[n])[1] == "Pillar What About Owner Due Status"


@pytest.mark.parametrize("lead", range(0, 60, 4))
def test_no_heading_stands_alone_at_the_foot_of_a_page(lead: int, tmp_path: Path) -> None:
    rows = tuple((f"Row {n}", "Wordy " * 30) for n in range(4))
    paper = Paper(
        kind="Kind", title="Title", footer="Foot", on=MINUTES.on,
        pieces=(
            Heading("Before"), Points(tuple(f"Point {n}" for n in range(lead))),
            Heading("First heading"), Heading("Second heading", 2), Text("Small", soft=True),
            Grid(("One", "Two"), (4, 13), rows), Heading("Third heading"), Facts(rows), Heading("Fourth heading"),
            Text("Closing"),
        ),
    )  # fmt: skip
    found = pages(as_pdf(paper), tmp_path)
    follows = {"First heading": "Second heading", "Second heading": "Small", "Small": "One Two", "One Two": "Row 0"}
    text = [lines(page)[1:-1] for page in found]
    assert sum(line in follows for page in text for line in page) >= 4
    for page in text:
        assert page[-1] not in {*follows, "Third heading", "Fourth heading"}
        for line, after in zip(page, page[1:], strict=False):
            repeated = line == "One Two" and page[0] == line
            assert repeated or after.startswith(follows.get(line, ""))


def test_an_extract_holds_no_other_name(tmp_path: Path) -> None:
    data = made(extract(MINUTES, HERON), why="Kestrel Invented was mixed up")
    text = poppler("pdftotext", data, tmp_path)
    assert "Extract for Heron Placeholder" in text
    assert [name for name in OTHERS if name in text] == []
    assert [name for name in OTHERS if name.encode() in data] == []
    whole = poppler("pdftotext", made(), tmp_path)
    assert [name for name in OTHERS if name not in whole] == []


def test_hostile_text_is_only_text_and_what_cannot_be_printed_is_said(tmp_path: Path) -> None:
    text = poppler("pdftotext", made(filled(HOSTILE), why=HOSTILE), tmp_path)
    assert "=cmd() <b>x</b> {nb} **b** &amp; right ■■■■■ ■■ ■" in text
    assert "Some letters or signs are not in this PDF's typeface and show as ■." in text
    usual = poppler("pdftotext", made(replace(MINUTES, purpose="Zoë Łódź Ёлка – “e\u0301”")), tmp_path)
    assert "Zoë Łódź Ёлка – “é”" in usual
    assert "■" not in usual


@pytest.mark.parametrize("text", ["x" * 20_000, "😀" * 2_000, "line\n" * 3_000, "\u202e" * 500, " \n\t ", ""])
def test_no_text_stops_it(text: str, tmp_path: Path) -> None:
    long = replace(MINUTES, title=text[:300], purpose=text, actions=(replace(ACTIONS[0], text=text),), gaps=(text,))
    found = pages(made(long, why=text[:300]), tmp_path)
    assert f"Page {len(found)} of {len(found)}" in found[-1]


def test_the_longest_texts_are_whole(tmp_path: Path) -> None:
    said, done, came = ([f"{letter}{n:05}" for n in range(2_900)] for letter in "sdc")
    young_person = replace(MINUTES.young_people[0], voice=(" ".join(said),))
    action = replace(ACTIONS[0], text=" ".join(done), outcome=" ".join(came))
    text = poppler("pdftotext", made(replace(MINUTES, young_people=(young_person,), actions=(action,))), tmp_path)
    assert len(action.text) > 20_000
    assert re.findall(r"[sdc]\d{5}", text) == said + done + came


def test_its_properties_name_nobody(tmp_path: Path) -> None:
    told = dict(line.split(":", 1) for line in poppler("pdfinfo", made(), tmp_path).splitlines())
    assert told["Title"].strip() == "Complex strategy meeting: minutes"
    assert {told[k].strip() for k in ("Author", "Creator", "Producer")} == {"Contextual Harm Matrix"}
    assert {"Subject", "Keywords"}.isdisjoint(told)


def test_the_same_minutes_make_the_same_pdf() -> None:
    assert made() == made()
