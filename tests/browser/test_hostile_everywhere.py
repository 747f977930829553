"""Hostile text in every text that the database keeps, then every page that shows one: it stands there and does nothing.

What the product cuts before it keeps a text, control characters and marks that turn the direction, is typed instead.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import serving

BAD = (
    "<img src=x onerror=window.took=1> ![x](http://evil.il/x) [l](http://evil.il/l) =HYPERLINK(1) "
    "<script>window.took=1</script> </style> **b** $x^2$ :material/home: {{ 7*7 }}"
)
PLANTED = BAD[:33]
TYPED, CLEAN = f"\u202e{BAD[:160]}\x07\x1b\u2066 end", f"{BAD[:160]} end"
# Ids, kinds and other words that nobody types; all other text columns are.
NOT_TYPED = re.compile(r"[a-z_]+(\.[a-z_0-9]+)*|[A-Za-z]{1,4}-[\w-]+|[a-z_]+:[\w:-]*|[0-9a-f-]{16,}|\d[\d.:-]*|")
NO_TEXT = {
    "meta", "audit", "alembic_version", "meeting_alias", "framework_used", "user_role", "public_count", "user_session",
}  # fmt: skip
KEPT = {("young_person", "name_key"), ("entity", "name_key"), ("entity", "search"), ("minutes", "content")}


def plant(file: Path) -> None:
    """Puts hostile text behind each text that somebody typed, in plain columns and inside of JSON."""
    with sqlite3.connect(file) as base:
        tables = [t for (t,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        done = 0
        for table in sorted({*tables} - NO_TEXT):
            links = {r[3] for r in base.execute(f"PRAGMA foreign_key_list('{table}')")}
            for _, column, kind, _, _, key in base.execute(f"PRAGMA table_info('{table}')").fetchall():
                text = kind in ("TEXT", "JSON") or "CHAR" in kind
                if key or not text or column in links or (table, column) in KEPT:
                    continue
                rows = base.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall()
                for row, value in rows:
                    new = json.dumps(_in(json.loads(value))) if kind == "JSON" and value else _in(value)
                    if value and new != value:
                        base.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (new, row))
                        done += 1
        assert done > 1_000


def _in(value: Any) -> Any:
    if isinstance(value, str):
        # A line of text holds at most 200 characters.
        return value if NOT_TYPED.fullmatch(value) else f"{value} {BAD}" if len(f"{value} {BAD}") <= 200 else BAD
    if isinstance(value, list):
        return [_in(v) for v in value]
    return {k: _in(v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a server whose every kept text is hostile, and its database's file."""
    folder = tmp_path_factory.mktemp("planted")
    with serving(folder, plant) as address:
        yield address, folder / "chm.sqlite3"


def _quiet(page: Page, *, shown: bool = True) -> None:
    """It stands there as it was typed, where it should; nothing became an element, or ran, or was asked for."""
    steps.still(page)
    for _ in range(300):
        said = page.evaluate("document.body.textContent").replace("\u2060", "")
        if PLANTED in said or not shown:
            break
        page.wait_for_timeout(100)
    assert (PLANTED in said) or not shown, page.url
    expect(page).to_have_title("Contextual Harm Matrix")
    for made in ('img[src="x"]', '[src*="evil"]', '[href*="evil"]', "[onerror]", ".katex"):
        assert page.locator(made).count() == 0, made
    assert page.evaluate("window.took") is None
    assert page.get_by_test_id("stException").count() == 0
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)


def _as(page: Page, server: str, user: str) -> None:
    """Be somebody else, whose name is hostile too."""
    steps.visit(page, server)
    page.locator(".chm-who summary").click()
    names = page.get_by_role("combobox", name=re.compile("Be somebody else"))
    names.select_option(value=user)
    expect(names).not_to_be_visible()
    steps.still(page)


def test_pages_of_a_worker(page: Page, planted: tuple[str, Path]) -> None:
    server, _ = planted
    steps.visit(page, server)
    _quiet(page)
    for title in (
        "Young people",
        "Score",
        "Missing together",
        "Group or school",
        "Network",
        "Actions",
        "Meetings",
        "Places",
    ):
        steps.go(page, title)
        _quiet(page)
    steps.go(page, "Young people")
    steps.choose(page, "YP-0001")
    _quiet(page)


def test_meetings_and_what_they_leave(page: Page, planted: tuple[str, Path]) -> None:
    server, _ = planted
    _as(page, server, "U-pat")
    steps.go(page, "Meetings")
    _quiet(page)
    page.get_by_role("button", name="Plan", exact=True).first.click()
    expect(page.get_by_role("heading", name=re.compile("^Young people · "))).to_be_visible()
    _quiet(page)
    page.get_by_role("button", name="Change", exact=True).click()
    expect(steps.dialog(page).get_by_label("Title")).to_have_value(re.compile(re.escape(PLANTED)))
    steps.dialog(page).get_by_label("Where").fill(TYPED)
    steps.dialog(page).get_by_role("button", name=re.compile("^Save the plan")).click()
    expect(steps.dialog(page)).to_have_count(0)
    _quiet(page)
    page.get_by_role("button", name="Add", exact=True).click()
    steps.dialog(page).get_by_role("textbox", name="Find a young person").fill("YP-0012")
    steps.dialog(page).get_by_role("textbox", name="Find a young person").press("Enter")
    expect(steps.dialog(page).get_by_test_id("stMultiSelect")).to_contain_text(PLANTED)
    steps.still(page)
    steps.dialog(page).get_by_role("textbox", name="Why they are looked at in this meeting").fill(TYPED)
    steps.dialog(page).get_by_role("button", name=re.compile("^Add them")).click()
    expect(steps.dialog(page)).to_have_count(0)
    _quiet(page)
    page.get_by_label("Another agency").fill(TYPED)
    page.get_by_label("Another agency").press("Enter")
    page.get_by_role("button", name="Ask them too").click()
    steps.still(page)
    _quiet(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Minutes", exact=True).first.click()
    steps.still(page)
    _quiet(page)


def test_the_room(page: Page, planted: tuple[str, Path]) -> None:
    server, _ = planted
    _as(page, server, "U-pat")
    steps.go(page, "Meetings")
    page.get_by_role("button", name="Run it", exact=True).first.click()
    expect(page.locator(".chm-room-bar")).to_be_visible()
    box = page.get_by_label("What is said or agreed")
    expect(box).to_be_visible()
    steps.still(page)
    page.keyboard.press("d")
    expect(box).to_be_focused()
    box.fill(TYPED)
    box.press("Enter")
    expect(box).to_have_value("")
    items = page.locator('[data-say^="item:"]')
    expect(items).to_have_count(8)
    for n in range(8):
        items.nth(n).click()
        _quiet(page)
    page.get_by_role("radiogroup", name="What people are called").get_by_role("radio", name="Names").click()
    items.first.click()
    _quiet(page)


def test_import_of_hostile_files(page: Page, planted: tuple[str, Path]) -> None:
    server, _ = planted
    _as(page, server, "U-chris")
    steps.go(page, "Import")
    named = {
        "Young people": "name,born,age,home_borough,looked_after\n",
        "Connections": "from_type,from_id,relation,to_type,to_id\n",
        "Missing": "young_person,start,end,found_at\n",
    }
    cells = ",".join(f'"{TYPED}"' for _ in range(4))
    for view, head in named.items():
        group = page.get_by_role("radiogroup", name="What to import")
        radio = group.get_by_role("radio", name=re.compile(f"^{view}"))
        radio.click()
        expect(page.get_by_role("heading", level=1, name=re.compile(f"^Import {view.lower()}"))).to_be_visible()
        steps.still(page)
        file = {
            "name": f"{BAD[:60]}.csv".replace("/", "_"),
            "mimeType": "text/csv",
            "buffer": f"{head}{cells}\n".encode(),
        }
        page.locator("input[type=file]").first.set_input_files(file)
        page.wait_for_timeout(500)
        _quiet(page, shown=False)


def test_the_audit_and_places_of_others(page: Page, planted: tuple[str, Path]) -> None:
    server, _ = planted
    _as(page, server, "U-max")
    steps.go(page, "Audit")
    _quiet(page)
    _as(page, server, "U-kit")
    _quiet(page)
    _as(page, server, "U-drew")
    steps.go(page, "Actions")
    _quiet(page)
    steps.go(page, "Meetings")
    _quiet(page)


def test_users_and_one_entry_for_one_opening(page: Page, planted: tuple[str, Path]) -> None:
    server, file = planted
    account = "SELECT name, agency, issuer FROM user_account WHERE id = 'U-jo'"
    _as(page, server, "U-lee")
    _quiet(page)
    page.get_by_role("button", name=re.compile("^Jo Placeholder")).click()
    box = steps.dialog(page)
    for label in ("Name", "Agency", "Issuer", "Subject"):
        box.get_by_label(label, exact=True).fill(TYPED[:200])
        box.get_by_label(label, exact=True).blur()
        steps.still(page)
    with sqlite3.connect(file) as base:
        read = base.execute("SELECT user, record FROM audit WHERE operation = 'accounts.signed_in'").fetchall()
        before = base.execute(account).fetchone()
    assert read == [("U-lee", "U-jo")]
    box.get_by_role("button", name="Save").click()
    expect(box).to_have_count(0)
    _quiet(page)
    with sqlite3.connect(file) as base:
        kept = base.execute(account).fetchone()
        asked = base.execute("SELECT name, agency, issuer FROM role_request WHERE user = 'U-jo'").fetchone()
    assert kept == before
    assert asked == (CLEAN[:200].strip(),) * 3
    _as(page, server, "U-chris")
    _quiet(page)
    steps.go(page, "Audit")
    expect(page.get_by_text(re.compile("^Asked for users · 1"))).to_be_visible()
    _quiet(page)
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("It holds from now on.")).to_be_visible()
