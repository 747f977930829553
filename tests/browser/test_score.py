"""A child is scored: by clicks, by keyboard, with ticks and evidence, and beside somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from docx import Document
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import LEVELS, ROWS

REASON = "Two teams and the school see it getting worse."
# One level a row, in the order of the rows: harm 6+3+0+3+4+1+2, context 6+6+0+3+8+2.
SAID = ("Moderate", "Emerging", "None", "Emerging", "Moderate", "Emerging", "Moderate",
        "Moderate", "Moderate", "None", "Emerging", "Significant", "Emerging")  # fmt: skip
HARM, CONTEXT = 19, 25


def _text(file: object) -> str:
    document = Document(str(file))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _whole_totals(page: Page) -> None:
    expect(steps.total(page, "Combined")).to_have_accessible_name("Combined 44 of 112: Moderate by total only")
    expect(steps.total(page, "Harm")).to_have_accessible_name("Harm 19 of 58: Moderate")
    expect(steps.total(page, "Context")).to_have_accessible_name("Context 25 of 54: Moderate by total only")
    panel = page.locator(".st-key-score-panel")
    expect(panel.get_by_text("Family and accommodation is Significant")).to_be_visible()
    expect(panel.get_by_text("The total of 44 hides this.")).to_be_visible()
    reading = "Family and accommodation at Significant scores 8 by our reading: the printed number cannot be read"
    expect(panel.get_by_text(reading)).to_be_attached()


def test_the_levels_used_here_add_up() -> None:
    numbers = [ROWS[row][LEVELS.index(level)] for row, level in zip(ROWS, SAID, strict=True)]
    assert (sum(numbers[:7]), sum(numbers[7:])) == (HARM, CONTEXT)


def test_by_clicks_saved_half_way_recorded_and_taken_away(page: Page, server: str) -> None:
    clicks = 0
    steps.score(page, server, "YP-0009")
    expect(steps.record(page)).to_have_count(0)  # It opens when all is answered.
    answers = list(zip(ROWS, SAID, strict=True))
    for domain, level in answers[:6]:
        steps.level(page, domain, level).click()
        clicks += 1
    steps.saved(page, 6)
    expect(steps.total(page, "Combined")).to_have_accessible_name("Combined 17–75 of 112: At least Emerging")
    expect(page.get_by_text("6 of 13 answered, so no band yet.")).to_be_visible()

    page.reload()  # The lost connection, the closed tab: all of the session is gone.
    expect(page.get_by_role("heading", level=1, name="Score a young person")).to_be_visible()
    go_on = page.locator(".st-key-choose-YP-0009").get_by_role("button", name="Go on")
    expect(go_on).to_be_visible()
    go_on.click()
    steps.saved(page, 6)
    for domain, level in answers[:6]:
        expect(steps.level(page, domain, level)).to_be_checked()
    for domain, _ in answers[6:]:
        expect(steps.row(page, domain).get_by_role("radio", checked=True)).to_have_count(0)

    for domain, level in answers[6:]:
        steps.level(page, domain, level).click()
        clicks += 1
    steps.saved(page, 13)
    _whole_totals(page)
    steps.judge(page, "Significant").click()
    expect(steps.judge(page, "Significant")).to_be_checked()
    steps.still(page)
    page.get_by_label("Your reason").click()
    page.keyboard.type(REASON)
    steps.record(page).click()
    clicks += 3
    assert clicks <= 16

    expect(page.get_by_role("heading", level=1, name="Harrier Madeup")).to_be_visible()
    expect(page.get_by_text("Assessment recorded.")).to_be_visible()
    steps.still(page)
    standing = page.locator(".st-key-standing")
    for words in ("Combined 44", "Harm 19", "Context 25", "Judged Significant", _day(date.today())):
        expect(standing).to_contain_text(re.compile(words.replace(" ", r"\s+")))
    expect(standing).to_contain_text(f"by {_day(date.today() + timedelta(days=42))}")
    made = steps.download(page, "Word document", "Make the document", "Save the document")
    assert made.suggested_filename == f"YP-0009-assessment-{date.today().isoformat()}.docx"
    text = _text(made.path())
    for words in ("Harrier Madeup (YP-0009)", REASON, "Judged overall: Significant",
                  "Family and accommodation: Significant, 8* of 8 (our reading of an unreadable number)"):  # fmt: skip
        assert words in text, words


def test_by_keyboard_alone(page: Page, server: str) -> None:
    """Digits, arrows, Enter and Tab; the mouse is never used."""
    steps.visit(page, server, "score")
    finder = page.get_by_label("Find by name or id")
    for _ in range(20):
        page.keyboard.press("Tab")
        if finder.evaluate("e => e === document.activeElement"):
            break
    expect(finder).to_be_focused()
    page.keyboard.type("YP-0010")
    page.keyboard.press("Enter")
    choose = page.locator(".st-key-choose-YP-0010").get_by_role("button")
    expect(page.get_by_role("button", name=re.compile("^(Score|Go on)$"))).to_have_count(1)
    steps.still(page)
    page.keyboard.press("Tab")
    expect(choose).to_be_focused()
    page.keyboard.press("Enter")
    first = steps.level(page, "Coercion or control", "None")
    expect(first).to_be_visible()
    steps.still(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("e => e.getRootNode().activeElement === e"):
            break
    expect(first).to_be_focused()
    # Eleven by digits, which go on to the next row; then arrows and Enter.
    for level in SAID[:11]:
        page.keyboard.press(str(LEVELS.index(level) + 1))
    family, myself = "Family and accommodation", "Self, identity and isolation"
    expect(steps.level(page, family, "None")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(steps.level(page, family, "Significant")).to_be_focused()
    expect(steps.row(page, family).get_by_role("radio", checked=True)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(steps.level(page, family, "Significant")).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(steps.level(page, family, "Significant")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    expect(steps.level(page, myself, "Emerging")).to_be_checked()
    steps.saved(page, 13)
    _whole_totals(page)
    judge = steps.judge(page, "None")
    expect(judge).to_be_enabled()
    steps.still(page)
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role') === 'radio'"):
            break
    expect(judge).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(steps.judge(page, "Moderate")).to_be_checked()
    steps.still(page)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your reason")).to_be_focused()
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    expect(steps.record(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Curlew Sample")).to_be_visible()
    expect(page.locator(".st-key-standing")).to_contain_text(re.compile(r"Judged\s+Moderate"))
    steps.visit(page, server, "young-people")
    steps.choose(page, "YP-0010")
    expect(page.locator(".st-key-standing")).to_contain_text(re.compile(r"Combined\s+44"))


def test_o_opens_a_row_by_keyboard(page: Page, server: str) -> None:
    steps.score(page, server, "YP-0013")
    steps.level(page, "Substance misuse", "None").focus()
    page.keyboard.press("o")
    name = page.get_by_role("button", name="Substance misuse", exact=True)
    expect(name).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("heading", level=3, name="No concern: what protects")).to_be_visible()
    page.keyboard.press("o")
    expect(name).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("heading", level=3, name="No concern: what protects")).to_have_count(0)


def test_one_significant_domain_under_a_low_total_is_impossible_to_miss(page: Page, server: str) -> None:
    steps.score(page, server, "YP-0003")
    for domain in ROWS:
        level = {"Physical and emotional health": "Significant", "Self, identity and isolation": "Moderate"}.get(
            domain, "None"
        )
        steps.level(page, domain, level).click()
    steps.saved(page, 13)
    expect(page.get_by_text("Physical and emotional health is Significant")).to_be_in_viewport()
    hides = page.get_by_text("The total of 8 hides this. Do not read it as “no concern”.")
    expect(hides).to_be_in_viewport()
    expect(steps.total(page, "Combined")).to_have_accessible_name("Combined 8 of 112: No concern by total only")
    expect(steps.total(page, "Harm")).to_have_accessible_name("Harm 4 of 58: No concern by total only")
    expect(steps.total(page, "Context")).to_have_accessible_name("Context 4 of 54: No concern")
    expect(page.locator(".chm-band", has_text="No concern by total only")).to_have_count(2)
    # The outlined label is another than the filled one: colour alone does not say it.
    label = page.locator(".chm-band", has_text="by total only").first
    assert label.evaluate("e => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_ticks_suggest_a_level_and_a_differing_one_says_why(page: Page, server: str) -> None:
    steps.score(page, server, "YP-0012")
    for domain in ROWS:
        steps.level(page, domain, "None" if domain != "Coercion or control" else "Moderate").click()
    steps.saved(page, 13)
    page.get_by_role("button", name="Coercion or control", exact=True).click()
    expect(page.get_by_text("Tick what you see; the ticks suggest a level, you decide.")).to_be_visible()
    tick = page.get_by_role("checkbox", name="Fraud disclosed, or police intelligence relating to fraud")
    tick.check()
    expect(page.get_by_text("Ticks suggest Significant. You chose Moderate.")).to_be_visible()
    why = page.get_by_label("Why Moderate and not Significant?")
    expect(why).to_be_visible()
    way = page.get_by_role("combobox", name="Harm done")
    way.select_option("Both")
    expect(way).to_have_value("both")

    steps.judge(page, "Moderate").click()
    page.get_by_label("Your reason").fill(REASON)
    steps.record(page).click()
    refused = page.get_by_role("alert").filter(has_text="The assessment is not recorded yet")
    expect(refused).to_contain_text(
        "he ticks suggest Significant for Coercion or control; write why you chose otherwise"
    )
    expect(page.get_by_role("heading", level=1, name="Score Pipit Fable")).to_be_visible()

    # Evidence for the tick: added in a dialog, shown under it, taken out again.
    item = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name="Fraud disclosed"))
    # The reason is stored as its field is left, at the press; what is drawn anew then must not swallow the click.
    page.get_by_label("Why Moderate and not Significant?").fill("Not yet sure.")
    item.get_by_role("button", name="+ Evidence").click(delay=150)
    box = steps.dialog(page)
    expect(box.get_by_text("Fraud disclosed, or police intelligence relating to fraud")).to_be_visible()
    box.get_by_role("button", name=re.compile("^Add evidence")).click()
    expect(box.get_by_text("Write what is known; nothing was added.")).to_be_visible()
    steps.still(page)
    box.get_by_label("What is known").fill("Two parcels in his name at the arcade.")
    box.get_by_role("radio", name="Passed on").check(force=True)
    box.get_by_role("button", name=re.compile("^Add evidence")).click()
    expect(box).to_have_count(0)
    expect(item.get_by_text("Two parcels in his name at the arcade.")).to_be_visible()
    expect(item.get_by_text(f"{_day(date.today())} · Children's Social Care · passed on")).to_be_visible()
    steps.still(page)
    item.get_by_role("button", name="Remove this evidence").click()
    expect(item.get_by_text("Two parcels")).to_have_count(0)

    why = page.get_by_label("Why Moderate and not Significant?")
    why.fill("Once only, and he told us himself.")
    why.press("Tab")
    steps.still(page)
    steps.record(page).click()
    expect(page.get_by_role("heading", level=1, name="Pipit Fable", exact=True)).to_be_visible()
    steps.still(page)
    page.get_by_role("button", name="Why?").first.click()
    told = steps.dialog(page)
    expect(told.get_by_text("Why this level: Once only, and he told us himself.")).to_be_visible()
    expect(told.get_by_text("Fraud disclosed, or police intelligence relating to fraud")).to_be_visible()
    expect(told.get_by_text("Two parcels")).to_have_count(0)


def test_unanswered_and_ticked_offers_the_suggested_level(page: Page, server: str) -> None:
    steps.score(page, server, "YP-0011")
    page.get_by_role("button", name="Running away or missing", exact=True).click()
    page.get_by_role("heading", level=3, name="Significant").wait_for()
    page.locator("[id='missing.significant.01']").check()
    page.get_by_role("button", name="Use Significant").click()
    expect(steps.level(page, "Running away or missing", "Significant")).to_be_checked()
    steps.saved(page, 1)
    expect(page.get_by_text("Ticks suggest Significant. You chose Significant.")).to_be_visible()


def test_two_people_on_one_draft(visitor: Callable[..., Page], server: str) -> None:
    jo, chris = visitor(), visitor()
    missing, peers, health = "Running away or missing", "Peers and relationships", "Physical and emotional health"
    steps.score(jo, server, "YP-0014")
    steps.level(jo, missing, "Emerging").click()
    steps.saved(jo, 1)
    steps.visit(chris, server)
    steps.become(chris, "Chris Sample")
    steps.go(chris, "Score")
    steps.choose(chris, "YP-0014")
    steps.saved(chris, 1)

    # Different rows: brought together, with word of it.
    steps.level(jo, peers, "Moderate").click()
    steps.saved(jo, 2)
    steps.level(chris, health, "None").click()
    expect(chris.get_by_text("Jo Placeholder changed this draft too, and it is kept: " + peers)).to_be_visible()
    steps.saved(chris, 3)
    for domain, level in ((missing, "Emerging"), (peers, "Moderate"), (health, "None")):
        expect(steps.level(chris, domain, level)).to_be_checked()

    # The same row: Jo's screen still holds the older draft.
    steps.level(chris, missing, "Moderate").click()
    steps.saved(chris, 3)
    steps.level(jo, missing, "Significant").click()
    box = jo.locator(".st-key-conflict")
    expect(box).to_contain_text("Chris Sample answered these too. Which stands? Nothing is saved until you choose.")
    expect(box.get_by_role("radiogroup", name=missing)).to_contain_text("Mine: Significant")
    expect(box.get_by_role("radiogroup", name=missing)).to_contain_text("Theirs: Moderate")
    expect(steps.level(jo, peers, "None")).to_be_disabled()
    expect(jo.get_by_role("button", name="Close")).to_be_disabled()
    _stands(visitor, server, missing, "Moderate")
    box.get_by_role("radio", name="Mine: Significant").check(force=True)
    jo.get_by_role("button", name="Save these answers").click()
    expect(box).to_have_count(0)
    for domain, level in ((missing, "Significant"), (peers, "Moderate"), (health, "None")):
        expect(steps.level(jo, domain, level)).to_be_checked()
    steps.level(jo, peers, "Emerging").click()  # The rows are open again.
    expect(steps.level(jo, peers, "Emerging")).to_be_checked()
    steps.saved(jo, 3)
    _stands(visitor, server, missing, "Significant")


def _stands(visitor: Callable[..., Page], server: str, domain: str, level: str) -> None:
    """What is stored, read by a third screen."""
    third = visitor()
    steps.score(third, server, "YP-0014")
    expect(steps.level(third, domain, level)).to_be_checked()
    third.context.close()


def test_the_totals_follow_the_click_before_the_answer_is_stored(page: Page, server: str) -> None:
    steps.score(page, server, "YP-0012")
    seen = page.locator(".chm-total .number")
    expect(seen).to_have_count(3)
    before = seen.all_inner_texts()
    chosen = steps.level(page, "Peers and relationships", "Significant")
    told = chosen.evaluate("b => { b.click(); return [...document.querySelectorAll('.number')].map(n => n.innerText) }")
    assert told != before
    assert int(told[0].split("–")[0]) == int(before[0].split("–")[0]) + ROWS["Peers and relationships"][3]
    page.locator(".matrix").get_by_role("status").filter(has_text="1 answered").wait_for(state="attached")
    steps.still(page)
    assert seen.all_inner_texts() == told
