"""The minutes and the extract as Word documents: what they say, what they leave out, and what else the file holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from chm.exchange.minutes_word import minutes_document
from chm.meetings.minutes import Minutes, extract
from tests.unit.exchange.meeting import (
    ACTIONS,
    BARE,
    HERON,
    HOSTILE,
    LONG,
    MANY,
    MINUTES,
    OTHERS,
    PILLARS,
    SIGNED,
    cells,
    filled,
    opened,
    parts,
    words,
)

NOTHING = "Nothing was recorded."
SECTIONS = [
    "Purpose",
    "Attendance",
    "Since the last meeting",
    "Young people",
    "Links and places discussed",
    "Information shared",
    "Views and disagreements",
    "Decisions",
    "Actions",
    "Actions carried over",
    "Gaps: what nobody acts on yet",
    "Next review",
]


def made(
    minutes: Minutes = MINUTES, signed: tuple[str, datetime] | None = SIGNED, why: str = "", number: int = 2
) -> bytes:
    return minutes_document(minutes, number=number, signed=signed, why=why, pillars=PILLARS)


@pytest.fixture(scope="module")
def document() -> Document:
    return opened(made(why="The owner of an action about @{young_person:YP-0403}"))


@pytest.fixture(scope="module")
def own() -> Document:
    return opened(made(extract(MINUTES, HERON)))


def headings(document: Document, level: int) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == f"Heading {level}"]


def table_after(document: Document, heading: str) -> list[list[str]]:
    """The rows of the last table between a heading and the next."""
    found: list[list[str]] = []
    inside = False
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found = [[c.text for c in r.cells] for r in block.rows] if inside else found
        elif block.style.name.startswith("Heading"):
            inside = block.text == heading
    assert found, heading
    return found


def test_marking_title_and_sections(document: Document) -> None:
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "OFFICIAL-SENSITIVE: children"
    assert section.footer.paragraphs[0].text == "MTG-7, 26 November 2026, version 2\tPage 1 of 1"
    assert document.paragraphs[0].text == "Complex strategy meeting: minutes"
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["Young people around the arcade"]
    assert headings(document, 1) == SECTIONS
    assert "DRAFT" not in words(document)


def test_who_signed_when_and_the_facts_at_the_top(document: Document) -> None:
    assert "Version 2, signed by Jo Chairing on 26 November 2026" in words(document).split("\n")
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["When", "Thursday 26 November 2026, 10:00"],
        ["Where", "Civic Centre, room 4"],
        ["Chair", "Jo Chairing"],
        ["This version corrects", "The owner of an action about Wren Madeup"],
        ["In these minutes", "4 young people, 2 decisions, 3 actions, 1 carried over"],
        ["Next review", "7 January 2027"],
    ]


def test_the_day_of_signing_is_that_of_london() -> None:
    late = ("Jo Chairing", datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert "Version 2, signed by Jo Chairing on 2 July 2026" in words(opened(made(signed=late)))


def test_a_draft_says_so_on_every_page_and_large_at_the_top() -> None:
    document = opened(made(signed=None, number=3))
    assert document.sections[0].header.paragraphs[0].text == "OFFICIAL-SENSITIVE: children · DRAFT"
    banner = document.tables[0].rows[0].cells[0]
    assert banner.text == ("DRAFT\nThis is a draft of version 3. The chair has not signed it and it may still change.")
    assert banner.paragraphs[0].runs[0].font.size == Pt(30)
    assert "signed by" not in words(document)


def test_purpose_attendance_and_changes(document: Document) -> None:
    text = words(document).split("\n")
    assert text[text.index("Purpose") + 1 : text.index("Attendance")] == [
        "They share one place.",
        "Decide who supports Wren Madeup.",
    ]
    assert cells(document, "Agency", "Who", "Status") == [
        ["Police", "Ana Example", "Present"],
        ["Health", "Not named", "Asked, no answer"],
    ]
    assert [p.text for p in document.paragraphs if p.style.name == "List Bullet"] == [
        "Kestrel Invented: combined 31 to 49",
        "Wren Madeup: nobody acts on Health (Moderate)",
    ]


def test_each_young_person_with_totals_in_their_bands_colours(document: Document) -> None:
    assert headings(document, 2) == [
        "Heron Placeholder (YP-0401)",
        "Kestrel Invented (YP-0402)",
        "Wren Madeup (YP-0403)",
        "Linnet Unreal (YP-0404)",
    ]
    assert "Born: 9 March 2011. Assessed: 3 November 2026. Review by: 4 January 2027." in words(document)
    totals = next(t for t in document.tables if t.rows[0].cells[0].text.startswith("Experiences of harm"))
    assert [[c.text for c in row.cells] for row in totals.rows] == [
        ["Experiences of harm  17 of 58", "Contexts  32 of 54", "Combined  Not known"],
        ["Emerging", "Significant", "Not known"],
    ]
    fills = [[s.get(qn("w:fill")) for s in c._tc.iter(qn("w:shd"))] for c in totals.rows[1].cells]
    assert fills == [["F5C044"], ["8E1235"], []]
    assert table_after(document, "Heron Placeholder (YP-0401)") == [
        ["Why in this meeting", "Shares an account with Kestrel Invented."],
        ["Judged overall", "Significant. Why: Harm is happening now."],
        ["Flags", "2 referrals in the 6 months to this assessment."],
        ["Significant domains", "Places and spaces, Family and accommodation"],
        ["What they say", "I want to stay at my school.\nAsk me first, not “Falsely99”."],
        ["A parent or carer says", "We want one person to ring."],
        ["Who tells them", "Sam Example, on Friday."],
    ]


def test_what_is_not_known_of_a_young_person_is_never_none(document: Document) -> None:
    assert "Born: Not known; aged 15. Assessed: not yet. Review by: no date." in words(document)
    assert table_after(document, "Wren Madeup (YP-0403)") == [
        ["Why in this meeting", NOTHING],
        ["Judged overall", NOTHING],
        ["Flags", "Not known: no assessment is recorded."],
        ["Significant domains", "Not known: no assessment is recorded."],
        ["What they say", NOTHING],
        ["A parent or carer says", NOTHING],
        ["Who tells them", NOTHING],
    ]


def test_links_and_information_say_on_whose_word(document: Document) -> None:
    assert cells(document, "What", "Kind", "Young people", "Said by", "How sure") == [
        ["The Arcade", "Place", "All 4 young people", "Community Safety, Police", "Confirmed\nLast: 14 Nov 2026"],
        ["12 Nowhere Court", "Home", "Heron Placeholder\nWren Madeup", "Not recorded", "Not recorded\nNo date known"],
    ]
    assert "This is information that agencies hold and shared. It is not established fact." in words(document)
    assert cells(document, "Information", "Said by, and how sure", "About") == [
        [
            "Roe Notreal was seen with Kestrel Invented in ZZ99 ZZZ.",
            "Police\nLikely, first-hand",
            "Roe Notreal\nHeron Placeholder\nKestrel Invented",
        ],
        ["Debts are spoken of.", "Education\nPossible, passed on", "In general"],
        [
            "Seen at night.",
            "Agency not recorded\nHow sure not recorded, first-hand or passed on not recorded",
            "Wren Madeup",
        ],
    ]


def test_decisions_have_their_reason_and_dissent_beside_them(document: Document) -> None:
    dissent = "It moves everybody to the bus station.\nReason: It did in 2025."
    assert cells(document, "Kind", "What was said", "By", "About") == [
        ["View", "Being seen together is no harm by itself.", "Education", "Heron Placeholder"],
        ["Disagreement", dissent, "Health", "The Arcade\nHeron Placeholder\nKestrel Invented"],
    ]
    assert cells(document, "Decision", "Reason", "Disagreement about the same") == [
        [
            "Ask for an early closing order.\nBy: Community Safety\n"
            "About: The Arcade; Heron Placeholder; Kestrel Invented",
            "Three agencies name it.",
            f"Health: {dissent}",
        ],
        ["Meet again in six weeks.\nAbout: In general", "No reason was recorded", "None was recorded"],
    ]


def test_actions_by_pillar_then_day(document: Document) -> None:
    headers = ("Pillar", "What", "About", "Owner", "Due", "Status")
    assert cells(document, *headers) == [
        ["Identify", "Map friendships", "Wren Madeup", "Education", "No date", "Under way"],
        [
            "Prevent",
            "Light the back stairs\nOutcome: Lit since Monday",
            "The Arcade\nAll 4 young people",
            "Police",
            "1 Dec 2026",
            "Done",
        ],
        [
            "Disrupt",
            "Serve a notice on Roe Notreal",
            "Roe Notreal\nHeron Placeholder\nKestrel Invented",
            "Police\nAna Example",
            "11 Dec 2026",
            "Not begun",
        ],
        [
            "Support",
            "Offer a mentor\nDecided on 8 October 2026",
            "Heron Placeholder",
            "Police",
            "30 Nov 2026",
            "Under way",
        ],
    ]
    text = words(document).split("\n")
    assert text[text.index("Next review", text.index("Actions carried over")) + 1 :] == [
        "Thursday 7 January 2027",
        "Why: The earliest review due among them is 7 January 2027",
    ]


def test_a_table_repeats_its_headers_and_keeps_its_rows_whole() -> None:
    table = opened(made(MANY)).tables[-2]
    assert len(table.rows) == 61
    marks = [[child.tag.rsplit("}", 1)[1] for child in row._tr.trPr] for row in table.rows]
    assert marks[0] == ["cantSplit", "tblHeader"]
    assert marks[1:] == [["cantSplit"]] * 60


def test_empty_parts_say_so_and_do_not_vanish() -> None:
    document = opened(made(BARE, why=""))
    assert headings(document, 1) == SECTIONS
    text = words(document).split("\n")
    assert [text[text.index(s, text.index("Purpose")) + 1] for s in SECTIONS] == [NOTHING] * 11 + ["No day is decided."]
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["When", "Thursday 26 November 2026, time not recorded"],
        ["Where", "Not recorded"],
        ["Chair", "Not recorded"],
        ["In these minutes", "0 young people, 0 decisions, 0 actions, 0 carried over"],
        ["Next review", "No day is decided"],
    ]
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["Complex strategy meeting"]


def test_an_extract_says_what_it_is_and_has_no_gaps_or_changes(own: Document) -> None:
    assert [p.text for p in own.paragraphs if p.style.name == "Title"] == ["Extract for Heron Placeholder"]
    assert own.paragraphs[0].text == "Complex strategy meeting: extract of the minutes"
    assert own.sections[0].footer.paragraphs[0].text.startswith("MTG-7, 26 November 2026, extract of version 2\t")
    assert own.paragraphs[4].text == (
        "This extract holds what the meeting said, decided and linked about Heron Placeholder. Everybody else is left "
        "out: no other young person, person of concern, account, vehicle or home is named."
    )
    assert headings(own, 1) == [
        "Attendance",
        "Summary",
        "Links and places discussed",
        "Information shared",
        "Views and disagreements",
        "Decisions",
        "Actions",
        "Actions carried over",
        "Next review",
    ]
    assert cells(own, "What", "Kind", "Young people", "Said by", "How sure")[1][:3] == [
        "A home",
        "Home",
        "Heron Placeholder\nanother young person",
    ]
    assert cells(own, "Information", "Said by, and how sure", "About")[0][0] == (
        "Somebody else was seen with another young person in a vehicle."
    )
    assert words(own).endswith("Next review\nThursday 7 January 2027")


@pytest.mark.parametrize("signed", [SIGNED, None])
def test_an_extract_holds_no_other_name_anywhere_in_its_file(signed: tuple[str, datetime] | None) -> None:
    data = made(extract(MINUTES, HERON), signed, why="Kestrel Invented and @{young_person:YP-0403} were mixed up")
    everything = b"\n".join(parts(data).values()).decode(errors="replace")
    assert "Heron Placeholder" in everything
    assert [name for name in OTHERS if name in everything] == []
    assert "mixed up" not in everything
    whole = b"\n".join(parts(made(MINUTES)).values()).decode(errors="replace")
    assert [name for name in OTHERS if name not in whole] == []


def test_an_extract_leaves_out_what_is_empty() -> None:
    document = opened(made(extract(MINUTES, "YP-0404")))
    assert headings(document, 1) == ["Attendance", "Summary", "Links and places discussed", "Actions", "Next review"]
    assert NOTHING not in words(document)
    assert table_after(document, "Linnet Unreal (YP-0404)") == [
        ["Flags", "Not known: no assessment is recorded."],
        ["Significant domains", "Not known: no assessment is recorded."],
    ]
    undecided = replace(extract(MINUTES, "YP-0404"), next_review=None)
    assert headings(opened(made(undecided)), 1)[-1] == "Actions"


def test_hostile_text_is_only_text() -> None:
    document = opened(made(filled(HOSTILE), why=HOSTILE))
    shown = "=cmd() <b>x</b> {nb} **b** &amp;  \u202eright\u202c مرحبا 你好 😀"
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == [shown]
    assert cells(document, "Information", "Said by, and how sure", "About")[0][0] == f"{shown}\nReason: {shown}"
    assert len(document.element.body.findall(f".//{qn('w:hyperlink')}")) == 0


def test_the_longest_texts_are_whole() -> None:
    long = replace(MINUTES, purpose=LONG, actions=(replace(ACTIONS[0], text=LONG, outcome=LONG),), gaps=(LONG,))
    assert len(LONG) > 19_990
    assert words(opened(made(long))).count("END") == 4


def test_the_file_names_nobody_and_hides_nothing() -> None:
    data = made()
    core = opened(data).core_properties
    assert (core.author, core.last_modified_by, core.title) == (
        "Contextual Harm Matrix",
        "Contextual Harm Matrix",
        "Complex strategy meeting: minutes",
    )
    assert (core.comments, core.keywords, core.subject, core.category) == ("", "", "", "")
    assert core.created.date() == core.modified.date() == date(2026, 11, 26)
    held = parts(data)
    assert sorted(n for n in held if not n.startswith("word/")) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
    ]
    assert sorted(n for n in held if n.startswith("word/")) == [
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/fontTable.xml",
        "word/footer1.xml",
        "word/header1.xml",
        "word/numbering.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/stylesWithEffects.xml",
        "word/theme/theme1.xml",
        "word/webSettings.xml",
    ]
    properties = held["docProps/core.xml"] + held["docProps/app.xml"]
    assert not [n for n in (*OTHERS, "Heron", "Jo Chairing", "Ana Example") if n.encode() in properties]
    assert b"<w:vanish" not in held["word/document.xml"]
    assert b"w:author" not in held["word/document.xml"]
    assert b'TargetMode="External"' not in b"".join(v for n, v in held.items() if n.endswith(".rels"))
