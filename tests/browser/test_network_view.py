"""The network's picture in real Chromium, on a page of its own: what hands and keys do to it, and what Python hears."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import ROOT, wait_until_up
from tests.browser.network_app import HOSTILE
from tests.browser.signing import stop
from tests.browser.steps import settled

AT = r"translate\(([-\d.]+) ([-\d.]+)\)"
Places = dict[str, tuple[float, float]]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the picture's own page is served."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    printed = tmp_path_factory.mktemp("network") / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", "tests/browser/network_app.py", "--server.port", str(port)]
    with printed.open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_up(process, f"http://127.0.0.1:{port}", printed)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def visit(page: Page, address: str, nodes: int, more: str = "") -> None:
    page.goto(f"{address}/?nodes={nodes}{more}")
    expect(page.locator(".ground .node")).to_have_count(nodes)
    steps.still(page)
    settled(page)


def node(page: Page, id: str) -> Locator:
    return page.locator(f'.ground .node[data-id="{id}"]')


def places(page: Page) -> Places:
    """Where each node stands, in pixels of the ground."""
    told: dict[str, str] = page.evaluate(
        """() => {
          const below = (root) => [...root.querySelectorAll("*")]
            .flatMap((e) => (e.shadowRoot ? all(e.shadowRoot) : []))
          const all = (root) => [root, ...below(root)]
          const nodes = all(document).flatMap((r) => [...r.querySelectorAll(".ground .node")])
          return Object.fromEntries(nodes.map((n) => [n.dataset.id, n.getAttribute("transform")]))
        }"""
    )
    found = {id: re.match(AT, text) for id, text in told.items()}
    return {id: (float(at[1]), float(at[2])) for id, at in found.items() if at}


def again(page: Page) -> None:
    """A rerun of the whole page."""
    page.get_by_role("button", name="Again").click()
    steps.still(page)
    settled(page)


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.locator(".back").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, id: str, dx: float, dy: float) -> None:
    x, y = middle(node(page, id))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()
    settled(page)


def others(at: Places, id: str) -> Places:
    return {other: point for other, point in at.items() if other != id}


def test_nodes_keep_their_place_and_a_dragged_one_stays(page: Page, address: str) -> None:
    visit(page, address, 40)
    before = places(page)
    assert len(set(before.values())) == 40
    again(page)
    assert places(page) == before
    drag(page, "place:000", 60, -45)
    dropped = places(page)
    assert others(dropped, "place:000") == others(before, "place:000")
    moved = [b - a for a, b in zip(before["place:000"], dropped["place:000"], strict=True)]
    assert moved == pytest.approx([60, -45], abs=1)
    expect(page.get_by_text("Moved: 000")).to_be_visible()
    expect(page.get_by_text("Heard 0: nothing")).to_be_visible()
    again(page)
    page.get_by_text("Show the first gone").click()
    expect(page.locator(".ground .node.gone")).to_have_count(1)
    assert places(page) == dropped


def test_moves_are_taken_back_one_by_one(page: Page, address: str) -> None:
    visit(page, address, 40)
    undo = page.get_by_role("button", name="Undo the last move")
    expect(undo).to_be_disabled()
    before = places(page)
    drag(page, "place:000", 60, -45)
    between = places(page)
    node(page, "young_person:001").focus()
    page.keyboard.press("Shift+ArrowRight")
    settled(page)
    after = places(page)
    assert others(after, "young_person:001") == others(between, "young_person:001")
    assert after["young_person:001"][0] > between["young_person:001"][0]
    undo.click()
    settled(page)
    assert places(page) == between
    node(page, "young_person:001").focus()
    page.keyboard.press("Control+z")
    settled(page)
    assert places(page) == before
    expect(undo).to_be_disabled()
    page.wait_for_timeout(500)  # The browser waits a little before it tells Python.
    again(page)
    assert places(page) == before


def test_what_is_chosen_lights_its_evidence_and_python_hears(page: Page, address: str) -> None:
    visit(page, address, 40)
    chosen = node(page, "young_person:000")
    page.mouse.click(*middle(chosen))
    expect(page.get_by_text("Heard 1: 000")).to_be_visible()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    lines = page.locator(".ground .line.lit").count()
    lit = page.locator(".ground .node.lit")
    told = chosen.get_attribute("aria-label") or ""
    assert re.fullmatch(rf"Avocet Placeholder, young person, combined 8, No concern; {lines} lines", told)
    assert 2 < lit.count() <= lines + 1
    status = page.locator(".network [role=status]")
    expect(status).to_contain_text("Chosen: Avocet Placeholder")
    for name in lit.locator(".name").all_text_contents():
        assert name.rstrip("…").strip() in status.inner_text()
    faded = page.locator(".ground .node:not(.lit, .trusted_adult, .safe_place)").first
    expect(faded).not_to_be_focused()
    expect(faded.locator(".look")).to_have_css("opacity", "0.45")
    expect(lit.first.locator(".look")).to_have_css("opacity", "1")
    # Protection keeps its light whatever is chosen.
    expect(page.locator(".ground .node.safe_place").first.locator(".look")).to_have_css("opacity", "1")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Heard 2: nothing")).to_be_visible()
    expect(page.locator(".ground .node.lit")).to_have_count(0)


def test_every_node_is_reached_and_chosen_by_keyboard(page: Page, address: str) -> None:
    visit(page, address, 5)
    assert page.locator('.ground .node[tabindex="0"]').count() == 1
    page.get_by_role("button", name="Full screen").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".ground .node:focus")).to_have_count(1)
    leads: dict[str, set[str]] = {}
    for id in places(page):
        leads[id] = set()
        for arrow in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
            node(page, id).focus()
            page.keyboard.press(arrow)
            leads[id].add(str(page.locator(".ground .node:focus").get_attribute("data-id")))
    for first in leads:
        reached: set[str] = {first}
        for _ in leads:
            reached |= {id for one in reached for id in leads[one]}
        assert reached == set(leads)
    focused = page.locator(".ground .node:focus").get_attribute("data-id")
    page.keyboard.press("Enter")
    expect(page.locator(".ground .node.picked")).to_have_attribute("data-id", str(focused))
    expect(page.get_by_text(f"Heard 1: {str(focused).split(':')[1]}")).to_be_visible()
    expect(page.locator(".ground .node:focus")).to_have_attribute("data-id", str(focused))


def test_search_finds_chooses_and_brings_into_view(page: Page, address: str) -> None:
    visit(page, address, 300)
    box = page.get_by_role("combobox", name="Find in the picture")
    box.fill("nobody of that name")
    expect(page.get_by_text("Nothing here has that name")).to_be_visible()
    box.fill("TINSEL ARCADE 2")
    options = page.get_by_role("listbox", name="Found in the picture").get_by_role("option")
    expect(options.first).to_contain_text("Tinsel Arcade 2")
    name = options.nth(1).locator("span").inner_text()
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    picked = page.locator(".ground .node.picked")
    expect(picked).to_have_attribute("aria-label", re.compile(f"^{name}, "))
    expect(page.get_by_text(re.compile("^Heard 1: "))).to_be_visible()
    settled(page)
    stage = page.locator(".stage").bounding_box()
    assert stage
    x, y = middle(picked)
    assert (x, y) == pytest.approx((stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2), abs=3)


def test_fit_brings_all_back_and_full_screen_fills_it(page: Page, address: str) -> None:
    visit(page, address, 40)
    before = places(page)
    drag(page, "place:000", 60, -45)
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    settled(page)
    assert not all(inside(page))
    page.get_by_role("button", name="Fit all in view").click()
    settled(page)
    assert all(inside(page))
    assert others(places(page), "place:000") == others(before, "place:000")
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".network:fullscreen")).to_have_count(1)
    for _ in range(100):  # It grows a moment after it is said to fill the screen.
        stage = page.locator(".stage").bounding_box()
        if stage and stage["width"] > 1300 and stage["height"] > 600 and all(inside(page)):
            break
        page.wait_for_timeout(100)
    assert stage and stage["width"] > 1300 and stage["height"] > 600
    assert all(inside(page))
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".network:fullscreen")).to_have_count(0)


def inside(page: Page) -> list[bool]:
    """Of each node, whether its symbol is wholly in view."""
    stage = page.locator(".stage").bounding_box()
    assert stage
    right, bottom = stage["x"] + stage["width"], stage["y"] + stage["height"]
    boxes = [each.bounding_box() for each in page.locator(".ground .node .back").all()]
    return [
        bool(b) and b["x"] >= stage["x"] and b["y"] >= stage["y"] and b["x"] + b["width"] <= right
        and b["y"] + b["height"] <= bottom
        for b in boxes
    ]  # fmt: skip


def test_names_stay_text_and_nothing_is_asked_elsewhere(page: Page, address: str) -> None:
    visit(page, address, 5)  # The fixture listens for requests to other hosts, dialog boxes and errors.
    hostile = node(page, "person:001")
    expect(hostile.locator("title")).to_have_text(re.compile(re.escape(HOSTILE)))
    assert (hostile.get_attribute("aria-label") or "").startswith(f"{HOSTILE}, person of concern")
    page.get_by_role("combobox", name="Find in the picture").fill("<img")
    expect(page.get_by_role("option").locator("span")).to_have_text(HOSTILE)
    page.keyboard.press("Enter")
    expect(page.locator(".network [role=status]")).to_contain_text(HOSTILE)
    assert page.locator("img, .network b:not(.scored b), .network script").count() == 0


def test_what_is_gone_is_hollow_and_said(page: Page, address: str) -> None:
    visit(page, address, 5, "&removed=1")
    gone = page.locator(".ground .node.gone")
    expect(gone).to_have_count(1)
    expect(gone.locator(".cross")).to_be_visible()
    expect(gone).to_have_attribute("aria-label", re.compile("; taken out$"))
    expect(page.locator(".ground .line.gone").first).to_be_attached()
    page.get_by_text("Show the first gone").click()
    expect(gone).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_have_room_and_nothing_is_amiss_for_a_screen_reader(
    scheme: str, visitor: Callable[..., Page], address: str, axe: Callable[[Page], list[dict[str, Any]]]
) -> None:
    page = visitor(color_scheme=scheme, viewport={"width": 1920, "height": 1080})
    visit(page, address, 40)
    boxes = [each.bounding_box() for each in page.locator(".ground .node .name").all()]
    found = [(b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]) for b in boxes if b]
    assert len(found) == 40
    inset = 3
    over = [
        (a, b)
        for n, a in enumerate(found)
        for b in found[:n]
        if min(a[2], b[2]) - max(a[0], b[0]) > inset and min(a[3], b[3]) - max(a[1], b[1]) > inset
    ]
    assert over == []
    assert [v for v in axe(page) if any("network" in str(where) or "node" in str(where) for where in v["where"])] == []
