"""What a person does in the browser, in the words of the pages."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=30_000)  # Two busy cores are slow now and then.

HEADS = {
    "my-work": "My work",
    "score": "Score a young person",
    "young-people": "Young people",
    "network": "What links young people",
    "missing": "Missing at the same time?",
    "group": "Groups and schools",
    "places": "Which places first, and why",
    "actions": "Who does what, by when",
    "meetings": "Meetings",
    "import": "Import young people",
    "audit": "Audit",
    "users": "Users",
    "guidance": "Guidance",
}
LEVELS = ("None", "Emerging", "Moderate", "Significant")
# The rows in their order, each with the number that the guidance prints for None, Emerging, Moderate, Significant.
ROWS = {
    "Coercion or control": (0, 3, 6, 12),
    "Running away or missing": (0, 3, 6, 10),
    "Sexual health and behaviour": (0, 3, 6, 10),
    "Offending and violence": (0, 3, 6, 10),
    "Social media and technology": (0, 2, 4, 8),
    "Substance misuse": (0, 1, 2, 4),
    "Physical and emotional health": (0, 1, 2, 4),
    "Places and spaces": (0, 3, 6, 12),
    "Peers and relationships": (0, 3, 6, 12),
    "Professional engagement": (0, 3, 6, 8),
    "Education": (0, 3, 6, 8),
    "Family and accommodation": (0, 3, 6, 8),
    "Self, identity and isolation": (0, 2, 4, 6),
}


def still(page: Page) -> None:
    """Wait until the script has run to its end and what it drew is there."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def settled(page: Page) -> None:
    """Wait until the browser has drawn what it was told."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def visit(page: Page, server: str, address: str = "") -> None:
    """Open the page at `address` and wait until it is drawn."""
    page.goto(f"{server}/{address}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    still(page)


def become(page: Page, name: str) -> None:
    """Use the demo's switcher to be `name`."""
    who = page.locator(".chm-who summary")
    who.click()
    names = page.get_by_role("combobox", name=re.compile("Be somebody else"))
    names.select_option(label=next(t for t in names.locator("option").all_inner_texts() if t.startswith(name)))
    expect(who).to_have_text(name)
    expect(names).not_to_be_visible()
    still(page)


def go(page: Page, title: str) -> None:
    """Follow the navigation at the top."""
    link = page.get_by_role("navigation").get_by_role("link", name=title, exact=True)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")  # The head of the page before may read alike.
    expect(
        page.get_by_role(
            "heading",
            level=1,
            name=re.compile(f"^{title}|^Import|^Score|^What links|^Groups|^Which places|^Missing at|^Who does what"),
        )
    ).to_be_visible()
    still(page)


def find(page: Page, text: str) -> None:
    """Type into the finder and wait for the answer."""
    box = page.get_by_label("Find by name or id")
    box.fill(text)
    box.press("Enter")


def choose(page: Page, id: str) -> None:
    """Press the button beside young person `id` in a chooser."""
    button = page.locator(f".st-key-choose-{id}").get_by_role("button")
    expect(button).to_have_count(1)
    button.click()
    expect(page.get_by_label("Find by name or id")).to_have_count(0)
    still(page)


def score(page: Page, server: str, id: str) -> None:
    """Open the draft of young person `id` on the Score page."""
    visit(page, server, "score")
    choose(page, id)
    expect(row(page, "Coercion or control")).to_be_visible()


def row(page: Page, domain: str) -> Locator:
    """The four levels of a row."""
    return page.get_by_role("radiogroup", name=domain, exact=True)


def level(page: Page, domain: str, name: str) -> Locator:
    """One level of a row."""
    return row(page, domain).get_by_role("radio", name=re.compile(f"^{name}, scores"))


def total(page: Page, name: str) -> Locator:
    """One of the three totals; its accessible name says all of it."""
    return page.get_by_role("group", name=re.compile(f"^{name} "))


def judge(page: Page, name: str) -> Locator:
    """One level of the judgement."""
    return page.get_by_role("radiogroup", name="Your judgement of the overall level").get_by_role("radio", name=name)


def record(page: Page) -> Locator:
    """The button that records."""
    return page.get_by_role("button", name=re.compile("^Record assessment"))


def saved(page: Page, answered: int) -> None:
    """Wait until the totals say `answered`; what they say is stored."""
    expect(page.get_by_role("status").filter(has_text=re.compile(f"^{answered} answered"))).to_have_count(1)
    still(page)


def dialog(page: Page) -> Locator:
    """The open dialog."""
    return page.get_by_role("dialog")


def close(page: Page) -> None:
    """Close the open dialog as a user does, who presses again what came between a button's going and its focus."""
    for patience in (3_000, 3_000, 30_000):
        still(page)
        if dialog(page).count():
            page.keyboard.press("Escape")
        try:
            expect(dialog(page)).to_have_count(0, timeout=patience)
        except AssertionError:
            if patience == 30_000:
                raise
        else:
            return


def download(page: Page, opener: str, make: str, save: str) -> Any:
    """Make a document in its dialog and give the download."""
    page.get_by_role("button", name=opener).click()
    dialog(page).get_by_role("button", name=make).click()
    expect(dialog(page).get_by_role("button", name=save)).to_be_visible()
    still(page)
    with page.expect_download() as started:
        dialog(page).get_by_role("button", name=save).click()
    return started.value


def noted(page: Page, database: Path, text: str) -> None:
    """Wait until what is typed in the room is stored: the page says so a moment before."""
    with closing(sqlite3.connect(database)) as base:
        for _ in range(300):
            if base.execute("SELECT 1 FROM meeting_note WHERE content LIKE ?", (f"%{text}%",)).fetchone():
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"{text!r} is not stored")


def network(page: Page) -> None:
    """Open the network of the meeting that the chair has, from the Network page's chooser."""
    go(page, "Network")
    page.get_by_role("button", name="Show", exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^What links these"))).to_be_visible()
    expect(page.locator(".ground .node").first).to_be_visible()
    still(page)
