"""The Word documents: what they say, what they keep to themselves, and how LibreOffice shows them."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from chm.errors import ChmError, NotPermitted
from chm.exchange.document import assessment_document, document_name, safety_plan_document, safety_plan_name


def made(sample: SimpleNamespace, **given: object) -> bytes:
    known = {
        "assessment": sample.assessed(),
        "previous": sample.previous,
        "referrals": sample.referrals,
        "actions": sample.actions,
        **given,
    }
    return assessment_document(
        sample.framework, sample.young_person, today=sample.today, recorded_by="Jo Placeholder", **known
    )  # type: ignore[arg-type]


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def words(document: Document) -> str:
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t"), qn("w:br"))) for p in document.element.body.iter(qn("w:p"))
    )


def rows(document: Document, *headers: str) -> list[list[str]]:
    found = [t for t in document.tables if tuple(c.text for c in t.rows[0].cells) == headers]
    assert found, headers
    return [[c.text for c in row.cells] for t in found for row in t.rows[1:]]


@pytest.fixture(scope="module")
def document(sample: SimpleNamespace) -> Document:
    return opened(made(sample))


def test_marking_stands_on_every_page_and_pages_are_numbered(document: Document) -> None:
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "OFFICIAL-SENSITIVE"
    assert section.footer.paragraphs[0].text == "YP-0417, assessed 23 November 2026\tPage 1 of 1"
    codes = [i.text.strip() for i in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)


def test_headings_are_headings(document: Document) -> None:
    assert document.paragraphs[0].style.name == "Title"
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [
        "Score and judgement",
        "All domains",
        "Experiences of harm",
        "Contexts",
        "The wider picture",
        "Referrals",
        "Checklist: Significant",
        "Plan",
        "Sources",
    ]
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 2"] == [
        "Pathways raised",
        "Coercion or control: Moderate, 6 of 12",
        "Running away or missing: Significant, 10 of 10",
        "Physical and emotional health: Emerging, 1 of 4",
        "Places and spaces: Significant, 12 of 12",
        "Peers and relationships: Moderate, 6 of 12",
        "Professional engagement: Moderate, 6 of 8",
        "Family and accommodation: Significant, 8* of 8 (our reading of an unreadable number)",
    ]


def test_who_and_when(document: Document) -> None:
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["Young person", "Heron Madeup (YP-0417)"],
        ["Age", "15 on the day of the assessment, born 9 March 2011"],
        ["Home borough", "Merton"],
        ["In care", "No"],
        ["Assessed", "23 November 2026, recorded by Jo Placeholder"],
        ["Document made", "23 November 2026"],
    ]


def test_three_totals_side_by_side_with_bands_flags_and_judgement(document: Document) -> None:
    totals = next(t for t in document.tables if t.rows[0].cells[0].text.startswith("Combined"))
    assert [[c.text for c in row.cells] for row in totals.rows] == [
        ["Combined\n49  of 112", "Experiences of harm\n17  of 58", "Contexts\n32  of 54"],
        ["Moderate by total only"] * 3,
    ]
    text = words(document)
    assert "Call 999 if a child is in immediate danger" in text
    assert (
        "Places and spaces is Significant; the combined total of 49 (Moderate) hides it.  Guidance p. 22, line" in text
    )
    assert "2 referrals in the 6 months to this assessment." in text
    assert "by our reading: the printed number cannot be read" in text
    assert "Judged overall: Significant" in text
    assert "Why: Harm is happening now, at the flat, whatever the total says." in text
    assert "Response: Strategy and plan. Lead: Protect and Disrupt." in text
    assert "Response by the combined total: Assessment." in text
    assert "Review: by 4 January 2027, or sooner on change." in text


def test_a_judgement_below_shows_both_responses_and_both_checklists(sample: SimpleNamespace) -> None:
    document = opened(made(sample, assessment=sample.assessed(judged="emerging")))
    text = words(document)
    assert "Response: Early help. Lead: Support." in text
    assert "Response by the highest total, Moderate: Assessment. Lead: Support and Disrupt. The judgement lies" in text
    assert "Checklist: Emerging" in text
    assert "Checklist: Moderate" in text
    assert "Review: by 23 February 2027" in text


def test_no_concern_never_stands_unqualified_over_a_significant_domain(sample: SimpleNamespace) -> None:
    levels = {**dict.fromkeys(sample.framework.domain, "none"), "health": "significant"}
    alone = sample.assessed(answers=sample.answers.model_copy(update={"levels": levels, "ticks": ()}), judged="none")
    document = opened(made(sample, assessment=alone, previous=None))
    totals = next(t for t in document.tables if t.rows[0].cells[0].text.startswith("Combined"))
    assert [c.text for c in totals.rows[1].cells] == [
        "No concern by total only",
        "No concern by total only",
        "No concern",
    ]
    assert "is self-harm or suicide part of it?" in words(document)
    assert "Review: No set review: keep records and monitor for change." in words(document)


def test_every_domain_with_level_score_and_change(document: Document) -> None:
    found = {r[0]: r[1:] for r in rows(document, "Domain", "Axis", "Level", "Score", "Since 20 Aug 2026")}
    assert len(found) == 13
    assert found["Running away or missing"] == [
        "Experiences of harm",
        "Significant",
        "10 of 10",
        "More worry: was Moderate",
    ]
    assert found["Physical and emotional health"][3] == "Less worry: was Moderate"
    assert found["Family and accommodation"] == ["Contexts", "Significant", "8* of 8", "Same"]
    assert "* This number cannot be read in the printed guidance; it is our reading." in words(document)


def test_statements_with_source_and_evidence_with_where_it_is_from(document: Document) -> None:
    ticked = rows(document, "Level", "What is known", "Guidance")
    assert ["Significant", "Missing over 48 hours", "Guidance p. 9, line 322"] in ticked
    assert [r[0] for r in ticked[1:4]] == ["Significant", "Moderate", "None"]
    assert any(r[1].endswith("intended (to the young person)") for r in ticked)
    assert rows(document, "Date", "Evidence", "From")[:2] == [
        [
            "26 Oct 2026",
            "Away from Friday night to Monday morning; would not say where.\nOn: Missing over 48 hours",
            "Foster carer or care home, first-hand",
        ],
        [
            "30 Oct 2026",
            "Seen going into a flat above the shops, late, with two older people.\nNeighbours had complained before.",
            "Police, passed on",
        ],
    ]
    text = words(document)
    assert "Why this level: Relationships with two workers hold, so Moderate and not Significant." in text
    assert "None, with nothing ticked or noted: Education; Self, identity and isolation" in text


def test_form_referrals_checklist_plan_and_sources(document: Document, sample: SimpleNamespace) -> None:
    text = words(document)
    for said in (
        "School and carers are worried about new older friends.",
        "Money and a second phone have appeared.",
        "I am fine, they look after me.",
        "We do not know where he goes.",
        "Places and spaces; Peers and relationships",
        "Jo Placeholder, mentor at school",
        "Referred by Police on 2 November 2026. Outcome: Pending",
        "Yes. Allocated social worker: Sam Invented",
    ):
        assert said in text
    assert rows(document, "Date", "What", "From") == [["3 Feb 2026", "Found in Croydon without a way home", "Police"]]
    assert [r[0] for r in rows(document, "Date", "From", "Why", "Outcome")] == ["1 Aug 2026", "27 Oct 2026"]
    checks = rows(document, "Done", "What", "How it stands", "Guidance")
    assert len(checks) == 16
    assert [checks[3][0], checks[3][3]] == ["Yes", "Guidance line 1534"]
    assert checks[1][2] == "Does not apply. Open to Children's Services"
    assert checks[2][1:3] == [
        "MUST: Ask the allocated social worker for advice (a must)",
        "Open to Children's Services: Sam Invented",
    ]
    assert checks[4][2] == "Parents or carers act on the risk: a plan may not be needed"
    assert rows(document, "Pillar", "What", "Who", "By", "Status") == [
        ["Identify", "Map friends together", "Jo Placeholder, Education", "No date", "Done"],
        ["Protect", "Agree when to call the police", "Parent or carer", "1 Dec 2026", "Open"],
        [
            "Disrupt",
            "Ask the landlord about the flat\nWhy: Seen there twice",
            "Sam Invented, Community Safety",
            "10 Nov 2026 (late)",
            "Under way",
        ],
    ]
    assert "Family and accommodation is Significant and has no action." in text
    assert "4 of 6 Significant or Moderate domains have an action." in text
    assert "Contextual Harm Practice Guidance, Merton Children's Social Care, 2020." in text
    assert f"Framework merton-2020, version 1 (fingerprint {sample.framework.fingerprint[:12]})." in text


def test_a_workers_own_conduct_stays_in_the_record(document: Document) -> None:
    text = words(document)
    assert "Derogatory" not in text
    assert "unkindly" not in text
    assert "LADO" not in text
    assert "3 entries about a worker's own conduct are kept out of this document and stand in the record." in text


def test_user_text_is_text(document: Document) -> None:
    assert "=cmd()|'/C calc'!A0 <b>x</b> ![x](http://example.invalid/x.png)  😀" in words(document)
    assert not document.part._element.xpath("//w:hyperlink")
    assert not document.inline_shapes


def test_header_rows_repeat_and_tables_fit_the_page(document: Document) -> None:
    repeated = [t for t in document.tables if t.rows[0]._tr.xpath("./w:trPr/w:tblHeader")]
    assert len(repeated) >= 15
    for table in document.tables:
        grid = [int(g.get(qn("w:w"))) for g in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert sum(grid) <= 17.01 * 567
        assert table.autofit is False


def test_nothing_leaks_in_properties_or_parts(sample: SimpleNamespace) -> None:
    data = made(sample)
    core = opened(data).core_properties
    assert (core.author, core.last_modified_by, core.title) == (
        "Contextual Harm Matrix",
        "Contextual Harm Matrix",
        "Contextual harm assessment",
    )
    assert (core.comments, core.keywords, core.subject, core.category) == ("", "", "", "")
    assert core.created.date() == core.modified.date() == date(2026, 11, 23)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        everything = b"".join(parts.read(n) for n in parts.namelist() if n.endswith((".xml", ".rels")))
        outside = re.findall(rb'TargetMode="External"', everything)
    home = str(Path.home()).encode()
    assert not outside
    assert b"python-docx" not in everything
    assert os.getcwd().encode() not in everything
    assert home == b"/" or home + b"/" not in everything


def test_parts_stand_in_the_order_word_demands(document: Document) -> None:
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for table in document.tables:
        names = [child.tag.rsplit("}", 1)[1] for child in table._tbl.tblPr]
        assert names == [n for n in order if n in names]


def test_the_least_an_assessment_can_hold(sample: SimpleNamespace) -> None:
    bare = sample.answers.__class__(levels=dict.fromkeys(sample.framework.domain, "none"))
    assessment = sample.assessed(answers=bare, judged="none").model_copy(update={"recorded_by": "jo.placeholder"})
    unknown = replace(sample.young_person, born=None, looked_after=None)
    data = assessment_document(sample.framework, unknown, assessment, None, [], [], sample.today)
    text = words(opened(data))
    assert "Not known" in text
    assert "recorded by jo.placeholder" in text
    assert "No action is recorded yet." in text
    assert "kept out" not in text
    assert "Checklist" not in text


def test_the_longest_notes_are_whole(sample: SimpleNamespace) -> None:
    long = "word " * 3_900 + "END"
    form = sample.answers.form.model_copy(update={"summary": long, "family_says": long})
    evidence = sample.answers.evidence[1].model_copy(update={"text": long})
    answers = sample.answers.model_copy(update={"form": form, "evidence": (evidence,) * 5})
    assert words(opened(made(sample, assessment=sample.assessed(answers=answers)))).count("END") == 7


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("YP-0417", "YP-0417-assessment-2026-11-23.docx"),
        ("../YP 1\\x", "YP-1-x-assessment-2026-11-23.docx"),
        ("", "record-assessment-2026-11-23.docx"),
    ],
)
def test_file_names_hold_no_personal_data(id: str, name: str) -> None:
    assert document_name(id, date(2026, 11, 23)) == name
    assert safety_plan_name("YP-0417") == "YP-0417-safety-plan.docx"


class TestSafetyPlan:
    def test_it_is_in_the_young_persons_words_and_large(self, sample: SimpleNamespace) -> None:
        document = opened(safety_plan_document(sample.young_person, sample.plan))
        assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [
            "What can set things off",
            "My code words",
            "Adults I feel safe with",
            "Ways out",
            "Numbers I can call",
        ]
        assert "“Did you feed the cat?” means come and get me." in words(document)
        assert "In danger now: call 999." in words(document)
        assert document.styles["Normal"].font.size.pt == 16
        assert "OFFICIAL" not in words(document) + document.sections[0].header.paragraphs[0].text
        assert document.core_properties.author == "Contextual Harm Matrix"

    def test_what_is_not_written_yet_has_lines_to_write_on(self, sample: SimpleNamespace) -> None:
        document = opened(safety_plan_document(sample.young_person, replace(sample.plan, triggers="", numbers="")))
        assert len(document.element.body.findall(f".//{qn('w:pBdr')}")) == 4

    def test_no_family_copy_where_family_may_be_a_source_of_harm(self, sample: SimpleNamespace) -> None:
        unsafe = replace(sample.plan, family_copy=False)
        with pytest.raises(NotPermitted, match="family may be a source of harm") as refused:
            safety_plan_document(sample.young_person, unsafe, for_family=True)
        assert isinstance(refused.value, ChmError)
        assert safety_plan_document(sample.young_person, unsafe)
        assert safety_plan_document(sample.young_person, replace(sample.plan, family_copy=True), for_family=True)


def tool(name: str, setting: str) -> str:
    found = os.environ.get(setting) or shutil.which(name)
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not there; install it or set {setting}")
    pytest.skip(f"{name} is not there")


def as_pdf_text(data: bytes, folder: Path) -> str:
    soffice, pdftotext = tool("soffice", "CHM_TEST_SOFFICE"), tool("pdftotext", "CHM_TEST_PDFTOTEXT")
    (folder / "it.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(folder / "it.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    shown = subprocess.run(
        [pdftotext, "-layout", str(folder / "it.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    return shown.stdout.decode()


def test_libreoffice_shows_every_page_whole(sample: SimpleNamespace, tmp_path: Path) -> None:
    pages = as_pdf_text(made(sample), tmp_path).removesuffix("\f").split("\f")
    assert 5 <= len(pages) <= 8
    for n, page in enumerate(pages, start=1):
        assert "OFFICIAL-SENSITIVE" in page
        assert f"Page {n} of {len(pages)}" in page
    first, everything = pages[0], "\n".join(pages)
    for said in ("Heron Madeup (YP-0417)", "Judged overall: Significant", "Review: by 4 January 2027"):
        assert said in first
    assert re.search(r"49\s+of 112\s+17\s+of 58\s+32\s+of 54", first)
    assert len(re.findall(r"Moderate by total only", first)) == 3
    for said in ("Missing over 48 hours", "Ask the landlord about the flat", "Sources", "fingerprint"):
        assert said in everything


def test_libreoffice_shows_the_safety_plan_on_one_page(sample: SimpleNamespace, tmp_path: Path) -> None:
    pages = as_pdf_text(safety_plan_document(sample.young_person, sample.plan), tmp_path).removesuffix("\f").split("\f")
    assert len(pages) == 1
    assert "Numbers I can call" in pages[0]
