"""Whatever is typed is shown as it was typed, everywhere, and does nothing; what cannot be is not taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps

PICTURE = "![x](http://evil.example/x.png)"
SHOWN = f"=cmd() {PICTURE} <img src=x onerror=alert(1)> [l](javascript:alert(1)) :material/home: $x^2$ **b** `c` 🦊"
TYPED = SHOWN + " \x07\x1b"
NAME = f"=cmd() {PICTURE} <img src=x onerror=alert(1)> 🦊 [l](javascript:alert(1)) :material/home: $x^2$"


@pytest.fixture
def urls(page: Page) -> Iterator[list[str]]:
    """Every address asked for; none may carry anything personal."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    yield asked
    told = [u for u in asked if re.search(r"evil|cmd|YP-|onerror|%F0%9F|name", u.partition("/static/")[0])]
    assert told == []


def _shown(place: Page | Locator, text: str = SHOWN) -> None:
    """`text` stands there as typed, letter by letter; joiners that Markdown needs are not to be seen."""
    inside = place.locator("body") if isinstance(place, Page) else place
    page = place if isinstance(place, Page) else place.page
    for _ in range(300):
        said = [t.replace("\u2060", "") for t in inside.all_inner_texts()]
        if any(text in t for t in said):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{text!r} is not in {said!r}"[:2000])


def _quiet(page: Page) -> None:
    """Nothing typed became an element, and the window's title names nobody."""
    expect(page).to_have_title("Contextual Harm Matrix")
    for made in ('img[src*="evil"]', 'img[src="x"]', 'a[href^="javascript"]', "[onerror]", ".katex"):
        assert page.locator(made).count() == 0, made


def _fill(page: Page, label: str, text: str = TYPED) -> None:
    box = page.get_by_test_id("stMain").get_by_role("textbox", name=label)
    box.fill(text)
    box.blur()
    steps.still(page)


def test_what_is_typed_is_shown_as_typed_and_does_nothing(page: Page, server: str, urls: list[str]) -> None:
    steps.visit(page, server, "score")
    steps.find(page, TYPED)
    expect(page.get_by_text("Nobody by that name or id is open to you.")).to_be_visible()
    steps.find(page, "")
    expect(page.get_by_text("Nobody by that name or id is open to you.")).to_have_count(0)
    steps.still(page)
    page.get_by_label("Initials or name").fill(NAME + "\x07")
    page.get_by_label("or age, if that is all you know").fill("14")
    page.get_by_label("Home borough").fill(SHOWN)
    page.get_by_role("button", name="Add and score").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Score {NAME}")
    _quiet(page)

    # The matrix: a tick, why another level was chosen, evidence.
    for domain in steps.ROWS:
        steps.level(page, domain, "Emerging").click()
    steps.saved(page, 13)
    page.get_by_role("button", name="Running away or missing", exact=True).click()
    page.locator("[id='missing.significant.01']").check()
    why = page.get_by_label("Why Emerging and not Significant?")
    why.fill(TYPED)
    page.get_by_role("button", name="+ Evidence", exact=True).click(delay=150)
    steps.dialog(page).get_by_label("What is known").fill(TYPED)
    steps.dialog(page).get_by_role("button", name=re.compile("^Add evidence")).click()
    expect(steps.dialog(page)).to_have_count(0)
    _shown(page.get_by_role("region", name="Experiences of harm"))
    steps.judge(page, "Moderate").click()
    _fill(page, "Your reason")
    page.get_by_role("button", name="Why these totals?").click()
    expect(steps.dialog(page).get_by_text(f"Why this level: {SHOWN}")).to_be_visible()
    expect(steps.dialog(page).locator(".ev").first).to_contain_text(SHOWN)
    _quiet(page)
    steps.close(page)

    # The full form, every text of it.
    page.get_by_role("radiogroup", name="View").get_by_role("radio", name="Full form").click()
    expect(page.get_by_role("heading", name="Contexts and relationships")).to_be_visible()
    for label in ("Summary of concerns", "Other services involved", "Why these?", "Trusted professional",
                  "What the young person says", "What the family says"):  # fmt: skip
        _fill(page, label)
    page.get_by_role("radiogroup", name="Referral").get_by_role("radio", name="Referred", exact=True).check(force=True)
    _fill(page, "Referred by")
    page.get_by_role("radiogroup", name="Open to Children's Services?").get_by_role("radio", name="Yes").check(
        force=True
    )
    _fill(page, "Allocated social worker")
    _date(page, "Date", date(2026, 1, 2))
    page.get_by_label("What happened").fill(TYPED)
    page.get_by_role("button", name="Add incident").click()
    expect(page.locator(".chm-incident")).to_contain_text(SHOWN)
    _quiet(page)

    # Home and both lists, with the draft open.
    steps.go(page, "My work")
    _shown(page.locator("[class*=st-key-who-]"), NAME)
    expect(page.locator(".chm-person strong", has_text=NAME)).to_have_count(1)
    rows = page.get_by_test_id("stHorizontalBlock").filter(has=page.locator(".chm-person", has_text=NAME))
    rows.last.get_by_role("button", name="Go on").hover()
    _shown(page.get_by_role("tooltip"), f"Go on scoring {NAME}")
    _quiet(page)
    steps.go(page, "Young people")
    expect(page.locator(".chm-person strong", has_text=NAME)).to_have_count(1)
    expect(page.locator(".chm-person", has_text=NAME)).to_contain_text(SHOWN)  # The home borough.
    _quiet(page)
    steps.go(page, "Score")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Score {NAME}")
    steps.record(page).click()

    # The young person's page: title, judgement, plan, safety plan, referral, incident, documents.
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    steps.still(page)
    expect(page.get_by_text(f"Why judged so: {SHOWN}")).to_be_visible()
    page.get_by_role("tab", name=re.compile("^In the plan")).click()
    page.get_by_role("button", name="An action of your own").click()
    box = steps.dialog(page)
    box.get_by_label("What will be done").fill(TYPED)
    box.get_by_label("Which", exact=True).fill(TYPED)
    box.get_by_label("Owner: person").fill(TYPED)
    box.get_by_role("combobox", name="Owner: agency").click()
    page.get_by_role("option", name="Police").click()
    box.get_by_role("button", name=re.compile("^Save action")).click()
    expect(box).to_have_count(0)
    action = page.locator(".chm-step .what").filter(has_text="Police,")
    expect(action).to_contain_text(f"{SHOWN}")
    expect(action).to_contain_text(f"Police, {SHOWN}")
    page.get_by_role("tab", name="Safety plan").click()
    for label in (
        "What tells me things are going wrong",
        "Our code words",
        "Adults I trust",
        "Ways out",
        "Numbers I can call",
    ):
        page.get_by_label(label).fill(TYPED)
    page.get_by_role("button", name="Save safety plan").click()
    expect(page.get_by_text("Safety plan saved.")).to_be_visible()
    steps.still(page)
    page.get_by_text(re.compile("^Referrals · ")).click()
    _date(page, "Referred on", date(2026, 3, 4))
    page.get_by_label("Why", exact=True).fill(TYPED)
    page.get_by_label("What followed").fill(TYPED)
    page.get_by_role("button", name="Add referral").click()
    referral = page.locator(".chm-history p", has_text="4 Mar 2026")
    expect(referral).to_contain_text(f": {SHOWN}")
    _quiet(page)
    page.get_by_role("button", name="Why?").first.click()
    expect(steps.dialog(page).get_by_text(f"Why this level: {SHOWN}")).to_be_visible()
    _quiet(page)
    steps.close(page)
    made = steps.download(page, "Word document", "Make the document", "Save the document")
    assert re.fullmatch(r"YP-\d{4}-assessment-[\d-]{10}\.docx", made.suggested_filename)
    document = Document(str(made.path()))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    text = "\n".join([*(p.text for p in document.paragraphs), *cells])
    for words in (NAME, f"Why: {SHOWN}", f"Why this level: {SHOWN}", f"{SHOWN}\nOn: "):
        assert words in text or words.replace(": ", ":\n") in text, words
    assert "\x07" not in text
    assert document.core_properties.title == "Contextual harm assessment"
    steps.close(page)

    steps.go(page, "My work")
    expect(page.locator(".chm-work", has_text=NAME).first).to_be_attached()  # The action, with whose it is.
    _quiet(page)
    steps.go(page, "Guidance")
    page.get_by_label("Find an indicator or a step").fill(PICTURE)
    page.get_by_label("Find an indicator or a step").press("Enter")
    steps.still(page)
    _quiet(page)


def test_a_file_of_hostile_names_is_shown_as_it_is(page: Page, server: str, urls: list[str]) -> None:
    steps.visit(page, server)
    steps.become(page, "Chris Sample")
    steps.go(page, "Import")
    rows = [NAME.replace("🦊", "🦉"), "+1+1", "@SUM(A1)"]
    lines = ["name,born,age,home_borough,looked_after", *(f'"{r}",2012-05-17,,"{PICTURE}",no' for r in rows)]
    file = {"name": "![x](http://evil.example/x.png).csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    page.locator("input[type=file]").set_input_files(file)
    shown = page.get_by_role("table", name="Rows of the file").or_(page.get_by_role("table", name="Faults in the file"))
    expect(shown).to_be_visible()
    _quiet(page)
    if page.get_by_role("table", name="Rows of the file").count():
        for row in rows:
            expect(page.get_by_role("rowheader", name=row, exact=True)).to_be_visible()
        page.get_by_role("button", name="Import all 3 young people").click()
        expect(page.get_by_text("3 imported.")).to_be_visible()
        steps.go(page, "Young people")
        for row in rows:
            expect(page.locator(".chm-person strong", has_text=row)).to_have_count(1)
        _quiet(page)
    steps.go(page, "Audit")
    box = page.get_by_label("About one record")
    box.fill(SHOWN)
    box.press("Enter")
    expect(page.get_by_text(re.compile("^A record.s id looks like YP-0001"))).to_be_visible()
    _quiet(page)


def _date(page: Page | Locator, label: str, day: date) -> None:
    """Type a date into its three parts."""
    group = page.get_by_role("group", name=label, exact=True)
    expect(group).to_be_visible()
    for part, value in (("day", f"{day.day:02}"), ("month", f"{day.month:02}"), ("year", str(day.year))):
        place = group.get_by_role("spinbutton", name=re.compile(f"^{part}"))
        place.focus()
        place.press_sequentially(value)
    group.get_by_role("spinbutton", name=re.compile("^year")).blur()


@pytest.mark.parametrize("place", ["birth", "evidence", "form", "referral"])
def test_a_day_in_the_future_cannot_be_given(place: str, page: Page, server: str) -> None:
    """It is refused as it is typed, or where it is stored; either way nothing is."""
    tomorrow = date.today() + timedelta(days=1)
    steps.visit(page, server, "young-people" if place == "referral" else "score")
    if place == "birth":
        page.get_by_label("Initials or name").fill("Future Madeup")
        _date(page, "Date of birth", tomorrow)
        page.get_by_role("button", name="Add and score").click()
        steps.still(page)
        expect(page.get_by_role("heading", level=1, name="Score a young person")).to_be_visible()
        steps.find(page, "Future")
        expect(page.get_by_text("Nobody by that name or id is open to you.")).to_be_visible()
        return
    steps.choose(page, "YP-0006")
    if place == "evidence":
        page.get_by_role("button", name="Coercion or control", exact=True).click()
        page.get_by_role("button", name="+ Add evidence for Coercion or control").click()
        steps.dialog(page).get_by_label("What is known").fill("From tomorrow")
        _date(steps.dialog(page), "When", tomorrow)
        page.get_by_role("heading", name="Add evidence").click()  # Puts the calendar away.
        steps.dialog(page).get_by_role("button", name=re.compile("^Add evidence")).click()
        steps.still(page)
        future = f"{tomorrow.day} {tomorrow:%b %Y}"
        expect(page.get_by_text(future)).to_have_count(0)
    elif place == "form":
        page.get_by_role("radiogroup", name="View").get_by_role("radio", name="Full form").click()
        _date(page, "Assessed on", tomorrow)
        steps.still(page)
        expect(page.get_by_text(f"assessed {tomorrow.day} {tomorrow:%b %Y}")).to_have_count(0)
    else:
        page.get_by_text(re.compile("^Referrals · ")).click()
        _date(page, "Referred on", tomorrow)
        page.get_by_label("Why", exact=True).fill("From tomorrow")
        page.get_by_role("button", name="Add referral").click()
        steps.still(page)
        expect(page.locator(".chm-history p", has_text="From tomorrow")).to_have_count(0)


def test_a_note_of_forty_thousand_characters(page: Page, server: str, visitor: Callable[..., Page]) -> None:
    """More than fits is not cut off in silence, and what fits is kept whole."""
    steps.score(page, server, "YP-0007")
    page.get_by_role("radiogroup", name="View").get_by_role("radio", name="Full form").click()
    summary = page.get_by_role("textbox", name="Summary of concerns")
    expect(summary).to_be_visible()
    steps.still(page)
    _paste(summary, "word " * 8_000)
    kept = summary.input_value()
    assert len(kept) in (20_000, 40_000)
    summary.blur()
    steps.still(page)
    if len(kept) == 40_000:
        expect(page.get_by_text(re.compile("20,000"))).to_be_visible()
        return
    expect(page.get_by_text("20000/20000").first).to_be_attached()
    other = visitor()
    steps.score(other, server, "YP-0007")
    other.get_by_role("radiogroup", name="View").get_by_role("radio", name="Full form").click()
    expect(other.get_by_role("textbox", name="Summary of concerns")).to_have_value(kept)
    sideways: Any = other.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0


def _paste(box: Locator, text: str) -> None:
    """Insert as a paste does, within what the browser lets in."""
    box.focus()
    box.page.keyboard.insert_text(text)
