"""Every page for every role: accessible in light and dark, quiet, within the window, and closed to others."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chm.records import Role
from pages.parts import navigation
from tests.browser import steps
from tests.browser.conftest import serving

SCREENS = {
    name: [s.title for s in navigation.SCREENS if s.listed and role in s.roles]
    for name, role in {
        "Jo Placeholder": Role.PRACTITIONER,
        "Chris Sample": Role.SAFEGUARDING_LEAD,
        "Pat Fictional": Role.CHAIR,
        "Drew Pretend": Role.PARTNER,
        "Kit Specimen": Role.LOCATION_ANALYST,
        "Lee Nobody": Role.ADMINISTRATOR,
        "Max Example": Role.AUDITOR,
    }.items()
}
GUIDANCE = ("Matrix", "Bands", "Pathways", "Partners", "Glossary", "Versions")
# Rules that Streamlit's own markup breaks, each with the one place and why it cannot be ours; all else is ours.
STREAMLITS = {
    # st.file_uploader gives its drop zone the role "presentation" together with a label and a tabindex.
    "presentation-role-conflict": 'data-testid="stFileUploaderDropzone"',
}


def _violations(page: Page, axe: Any, state: str) -> list[str]:
    found = []
    for violation in axe(page):
        theirs = STREAMLITS.get(violation["id"])
        ours = [(t, html) for t, html in violation["where"] if not (theirs and theirs in html)]
        found += [f"{state}: {violation['id']} ({violation['impact']}) {t} {html}" for t, html in ours]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours(scheme: str, visitor: Callable[..., Page], server: str, axe: Any) -> None:
    page = visitor(color_scheme=scheme)
    wrong: list[str] = []

    def look(state: str) -> None:
        steps.still(page)
        wrong.extend(_violations(page, axe, f"{scheme}, {state}"))

    def close() -> None:
        steps.close(page)

    steps.visit(page, server)
    look("practitioner, My work")
    steps.go(page, "Score")
    look("Score, choosing")
    steps.choose(page, "YP-0002")  # Ten of thirteen answered.
    look("Score, half answered")
    page.get_by_role("button", name="Coercion or control", exact=True).click()
    expect(page.get_by_role("heading", level=3, name="Significant")).to_be_visible()
    look("Score, a row open")
    page.get_by_role("button", name="+ Add evidence for Coercion or control").click()
    expect(steps.dialog(page)).to_be_visible()
    look("evidence dialog")
    close()
    page.get_by_role("button", name="Why these totals?").click()
    expect(steps.dialog(page)).to_be_visible()
    look("why dialog")
    close()
    _view(page, "Full form")
    expect(page.get_by_role("heading", name="Contexts and relationships")).to_be_visible()
    look("Full form")
    _view(page, "Checklist")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    look("Checklist")
    steps.go(page, "Young people")
    look("Young people, choosing")
    steps.choose(page, "YP-0001")
    expect(page.get_by_role("tab", name=re.compile("^Recommended"))).to_be_visible()
    look("young person")
    page.get_by_role("tab", name=re.compile("^In the plan")).click()
    expect(page.get_by_role("button", name="An action of your own")).to_be_visible()
    look("plan")
    page.get_by_role("button", name="An action of your own").click()
    expect(steps.dialog(page)).to_be_visible()
    look("action dialog")
    close()
    page.get_by_role("tab", name="Safety plan").click()
    expect(page.get_by_label("Our code words")).to_be_visible()
    look("safety plan")
    page.get_by_text(re.compile("^Referrals · ")).click()
    page.get_by_text(re.compile("^Assessments · ")).click()
    expect(page.get_by_role("button", name="Add referral")).to_be_visible()
    look("history and referrals")
    page.get_by_role("button", name="Word document").click()
    expect(steps.dialog(page)).to_be_visible()
    look("document dialog")
    close()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Young people")).to_be_visible()
    steps.go(page, "Guidance")
    for view in GUIDANCE:
        _view(page, view)
        look(f"Guidance, {view}")
    steps.network(page)
    page.get_by_role("button", name="Export").click()
    expect(steps.dialog(page)).to_be_visible()
    look("Network, Export")
    close()
    for name, titles in SCREENS.items():
        if name == "Jo Placeholder":
            continue
        steps.become(page, name)
        for title in titles:
            if title not in ("Guidance", "Score"):  # These are drawn as above.
                steps.go(page, title)
                look(f"{name}, {title}")
        if name == "Pat Fictional":
            _network(page, look, close)
            _actions(page, look, close)
            _meeting(page, look)
        if name == "Lee Nobody":
            steps.go(page, "Guidance")
            _view(page, "Versions")
            expect(page.get_by_role("button", name=re.compile("^Make version"))).to_be_visible()
            look("administrator, Versions")
    assert not wrong, "\n".join(wrong)


def _network(page: Page, look: Callable[[str], None], close: Callable[[], None]) -> None:
    steps.network(page)
    look("Network, all of them")
    page.get_by_role("button", name="Tinsel Arcade", exact=True).first.click()
    expect(page.get_by_role("heading", level=2, name=re.compile("^Tinsel Arcade"))).to_be_visible()
    steps.still(page)
    page.get_by_role("button", name="Show it gone").click()
    expect(page.locator(".ground .node.gone")).to_have_count(1)
    look("Network, a place gone")
    for panel in ("Groups", "Pairs", "Who keeps them safe"):
        page.get_by_role("button", name=panel, exact=True).click()
        look(f"Network, {panel}")
    page.get_by_role("button", name="More filters").click()
    expect(page.get_by_role("group", name="As it was on")).to_be_visible()
    look("Network, filters")
    page.keyboard.press("Escape")
    for opener in ("Add a sighting or tie", "Duplicates", "Propose", re.compile("^Evidence")):
        page.get_by_role("button", name=opener).first.click()
        expect(steps.dialog(page)).to_be_visible()
        look(f"Network, {opener}")
        close()
    steps.go(page, "Missing together")
    expect(page.get_by_role("heading", level=2, name="Together, against chance")).to_be_visible()
    look("Missing together")
    page.get_by_role("button", name="Add an episode").click()
    expect(steps.dialog(page)).to_be_visible()
    look("Missing together, an episode")
    close()
    page.get_by_role("button", name="Others").click()
    expect(page.get_by_role("heading", level=1, name="Missing at the same time?")).to_be_visible()
    expect(page.get_by_role("button", name="Add an episode")).to_have_count(0)


def _meeting(page: Page, look: Callable[[str], None]) -> None:
    steps.go(page, "Meetings")
    page.locator('[data-say^="open:"]').first.click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Complex strategy"))).to_be_visible()
    look("Meetings, a plan")
    page.get_by_test_id("stMain").get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Meetings")).to_be_visible()
    steps.still(page)
    page.locator('[data-say^="run:"]').first.click()
    agenda = page.locator(".chm-room-agenda [data-say^='item:']")
    expect(agenda.first).to_be_visible()
    for n in range(agenda.count()):
        if n:
            page.keyboard.press("ArrowDown")
        expect(agenda.nth(n)).to_have_attribute("aria-current", "step")
        look(f"Room, {agenda.nth(n).inner_text()}")
    page.locator(".chm-room-bar [data-say='leave:']").click()
    expect(page.locator(".chm-room-bar")).to_have_count(0)


def _actions(page: Page, look: Callable[[str], None], close: Callable[[], None]) -> None:
    steps.go(page, "Actions")
    page.get_by_role("button", name=re.compile("late")).first.click()
    expect(steps.dialog(page)).to_be_visible()
    look("Actions, one of them")
    close()
    for opener in ("Reminders", "Download"):
        page.get_by_role("button", name=opener).click()
        expect(steps.dialog(page)).to_be_visible()
        look(f"Actions, {opener}")
        close()


def _view(page: Page, name: str) -> None:
    choice = page.get_by_role("radiogroup", name="View").get_by_role("radio", name=name)
    choice.click()
    expect(choice).to_be_checked()
    steps.still(page)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=["1366", "1920"])
def test_every_page_fits_its_window(size: tuple[int, int], visitor: Callable[..., Page], server: str) -> None:
    page = visitor(viewport={"width": size[0], "height": size[1]})
    steps.visit(page, server)
    steps.become(page, "Chris Sample")
    for title in SCREENS["Chris Sample"]:
        steps.go(page, title)
        _fits(page, title)
    steps.go(page, "Score")
    steps.choose(page, "YP-0014")
    _fits(page, "scoring")
    why = page.get_by_role("button", name="Why these totals?")
    why.scroll_into_view_if_needed()
    assert _inside(page, why.bounding_box()), "the panel's last button cannot be reached"
    for view in ("Full form", "Checklist"):
        _view(page, view)
        _fits(page, view)
    steps.go(page, "Young people")
    steps.choose(page, "YP-0001")
    _fits(page, "young person")


def _inside(page: Page, box: Any) -> bool:
    size = page.viewport_size
    return bool(
        box and size and box["y"] >= 0 and box["y"] + box["height"] <= size["height"] and box["x"] >= 0
        and box["x"] + box["width"] <= size["width"]
    )  # fmt: skip


# The head and what stands beside it, all measured at one moment: a rerun between two of them would move the second.
BOXES = """() => {
  const head = document.querySelector(".chm-title h1")
  if (!head) return []
  const all = document.querySelectorAll(
    '[data-testid="stMain"] :is(button, [role="button"], [role="radio"]), .chm-who summary, .chm-title h1')
  return [...all].map((e) => [e, e.getBoundingClientRect()])
    .filter(([, r]) => r.width > 1 && r.top < head.getBoundingClientRect().bottom + 8)
    .map(([e, r]) => ({ text: e.innerText, x: r.x, y: r.y, width: r.width, height: r.height }))
}"""


def _fits(page: Page, what: str) -> None:
    """No scroll sideways; the head in view; no button of the title row on the title, nor on another."""
    sideways = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth)"
    )
    assert max(sideways) <= 0, f"{what}: scrolls sideways by {sideways}"
    head = page.get_by_role("heading", level=1)
    expect(head).to_be_in_viewport()
    for _ in range(100):  # The title row is drawn anew by a rerun; between two drawings there is nothing to measure.
        boxes = [(b["text"], b) for b in page.evaluate(BOXES)]
        if len(boxes) >= 2:
            break
        page.wait_for_timeout(100)
    assert len(boxes) >= 2
    for n, (one, a) in enumerate(boxes):
        for other, b in boxes[n + 1 :]:
            apart = (
                a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
                or a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1
            )  # fmt: skip
            assert apart, f"{what}: {one!r} lies on {other!r}"


def test_a_long_name_does_not_push_the_buttons_away(page: Page, server: str) -> None:
    steps.visit(page, server, "score")
    page.get_by_label("Initials or name").fill("Wolfeschlegelsteinhausen Bergerdorff " * 5)
    page.get_by_label("or age, if that is all you know").fill("14")
    page.get_by_role("button", name="Add and score").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Score Wolfe"))).to_be_visible()
    steps.still(page)
    _fits(page, "a long name")


@pytest.mark.parametrize("address", steps.HEADS)
def test_a_direct_visit_shows_the_page(address: str, visitor: Callable[..., Page], server: str) -> None:
    """Jo's own pages by their address; the others lead nowhere."""
    page = visitor(closed=address in ("import", "audit", "users"))
    page.goto(f"{server}/{address}")
    if address in ("import", "audit", "users"):
        # It leads on to Jo's first page, and the word that the address was wrong may be gone by then.
        expect(page.get_by_text(re.compile("^(Page not found|My work)$")).last).to_be_visible()
        steps.still(page)
        expect(page.get_by_role("heading", level=1, name=steps.HEADS[address])).to_have_count(0)
        return
    expect(page.get_by_role("heading", level=1, name=steps.HEADS[address])).to_be_visible()
    expect(page).to_have_title("Contextual Harm Matrix")
    assert page.url == f"{server}/{address}"


@pytest.mark.parametrize(
    ("user", "first"),
    [("U-kit", "young-people"), ("U-max", "score"), ("U-drew", "audit")],
    ids=["analyst", "auditor", "partner"],
)
def test_the_first_visitor_of_a_fresh_server_sees_nothing_that_is_not_theirs(
    user: str, first: str, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    """Before any session has run, Streamlit knows of no navigation: a page's own gate must hold."""
    roles = {
        "U-kit": {"places", "guidance"},
        "U-max": {"audit", "users", "guidance"},
        "U-drew": {"actions", "meetings", "room", "guidance"},
    }[user]
    closed = [first, *(a for a in steps.HEADS if a not in roles and a != first)]
    with serving(tmp_path, lambda file: _only(file, user)) as server:
        page = visitor(closed=True)
        for address in closed:
            page.goto(f"{server}/{address}")
            # A wrong address leads on to their own first page, and the word that it was wrong may be gone by then.
            own = "^(Page not found|This page is not open to your role|Which places first, and why|Who does what|Audit)"
            expect(page.get_by_text(re.compile(own)).first).to_be_visible()
            steps.still(page)
            shown = page.locator("body").inner_text()
            assert steps.HEADS[address] not in shown.split("\n"), address
            for name in ("Kestrel", "Wren Example", "YP-00"):
                assert name not in shown, (address, name)
            expect(page).to_have_title("Contextual Harm Matrix")
            expect(page.locator("[class*=st-key-choose-]")).to_have_count(0)


def _only(file: Path, user: str) -> None:
    """Leave one user, who is then whoever comes."""
    database = sqlite3.connect(file)
    with database:
        database.execute("DELETE FROM user_role WHERE user != ?", (user,))
        database.execute("DELETE FROM user_account WHERE id != ?", (user,))
    database.close()


def test_security_headers_are_exact_everywhere(server: str) -> None:
    with urllib.request.urlopen(f"{server}/", timeout=20) as answer:
        page = answer.read().decode()
    (inline,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    static = re.search(r'src="\.?(/static/js/[^"]+\.js)"', page)
    assert static
    headers = {
        "content-security-policy": (
            f"default-src 'none'; script-src 'self' blob: 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
            "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    for path in ("/", "/score", static[1], "/_stcore/health", "/media/none", "/no/such/thing"):
        try:
            with urllib.request.urlopen(server + path, timeout=20) as answer:
                got = answer.headers
        except urllib.error.HTTPError as error:
            got = error.headers
        for name, value in headers.items():
            assert got.get_all(name) == [value], (path, name)
        kept = got.get_all("cache-control")
        assert kept == ["no-store"] or (path == static[1] and kept != ["no-store"]), (path, kept)
        assert got["set-cookie"] is None or "HttpOnly" in got["set-cookie"] or "_streamlit_xsrf" in got["set-cookie"]


def test_what_nobody_foresaw_is_said_with_a_reference_and_told_to_no_log(
    visitor: Callable[..., Page], tmp_path: Path
) -> None:
    secret = "Plantedsecret of a child"

    def damage(file: Path) -> None:
        with sqlite3.connect(file) as base:
            base.execute("UPDATE evidence SET agency = ?", (f"{secret} " * 20,))
        base.close()

    with serving(tmp_path, damage) as server:
        page = visitor()
        steps.visit(page, server, "young-people")
        page.locator(".st-key-choose-YP-0001").get_by_role("button").click()
        said = page.get_by_role("alert").filter(has_text="Something went wrong here that was not foreseen")
        expect(said).to_be_visible()
        reference = re.search(r"this reference: ([0-9A-F]{8})", said.inner_text())
        assert reference
        assert secret not in page.locator("body").inner_text()
        log = (tmp_path / "server.log").read_text(encoding="utf-8")
        assert f"Reference {reference[1]}\n" in log
        assert "pydantic" in log and "chm/store/assessments.py:" in log
        assert secret not in log
