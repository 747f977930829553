"""A chair sees what links the young people in the room, tries a disruption, records what is said and proposes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

CHAIR, WORKER = "Pat Fictional", "Jo Placeholder"
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) **b**"


def _numbers(page: Page) -> dict[str, tuple[int, int]]:
    """Before and after of each number on the card."""
    told = {
        d.locator("dt").inner_text(): d.locator("dd").inner_text() for d in page.locator(".chm-net .change div").all()
    }
    found = {name: re.findall(r"\d+", text) for name, text in told.items()}
    return {name: (int(two[0]), int(two[1])) for name, two in found.items()}


def _select(page: Page, name: str) -> None:
    page.locator(".chm-net table").get_by_role("button", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=2, name=re.compile(f"^{re.escape(name)}"))).to_be_visible()
    steps.still(page)


def test_a_disruption_is_tried_and_taken_back(page: Page, server: str) -> None:
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What links these 8 young people")
    expect(page.locator(".ground .node.young_person")).to_have_count(8)
    expect(page.get_by_role("heading", level=2, name="All of them together")).to_be_visible()
    expect(page.get_by_text("In conflict:")).to_be_visible()
    _select(page, "Tinsel Arcade")
    before, after = _numbers(page)["Linked pairs"]
    assert after < before
    page.get_by_role("button", name="Show it gone").click()
    expect(page.locator(".ground .node.gone")).to_have_count(1)
    expect(page.get_by_text("Were Tinsel Arcade gone:")).to_be_visible()
    steps.still(page)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".ground .node.gone")).to_have_count(0)
    steps.still(page)
    # A young person is never an option; the record opens from the card.
    page.locator(".chm-net .who").get_by_role("button").first.click()
    expect(page.get_by_role("button", name="Open record")).to_be_visible()
    expect(page.get_by_role("button", name="Show it gone")).to_have_count(0)
    page.get_by_role("button", name="Open record").click()
    expect(page.get_by_role("heading", level=1, name="What links")).to_have_count(0)


def test_what_is_said_in_the_room_is_on_the_picture_at_once(page: Page, server: str) -> None:
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    nodes = page.locator(".ground .node").count()
    page.get_by_role("button", name="Add a sighting or tie").click()
    dialog = steps.dialog(page)
    expect(dialog.get_by_role("button", name=re.compile("^Save"))).to_be_visible()
    steps.still(page)
    dialog.get_by_label("Young people there").click()
    page.keyboard.type("Hobby")
    expect(page.get_by_role("option", name=re.compile("^Hobby"))).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    steps.still(page)
    dialog.get_by_label("Where, with whom, in what").click()
    page.keyboard.type(HOSTILE)
    expect(page.get_by_text("Add:")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    dialog.get_by_text("A place", exact=True).click()
    steps.still(page)
    dialog.get_by_label("Who says so").click()
    page.keyboard.type("Police")
    expect(page.get_by_role("option", name="Police")).to_be_visible()
    page.keyboard.press("Enter")
    dialog.get_by_label("What was said").fill(HOSTILE)
    dialog.get_by_role("button", name=re.compile("^Save")).click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".ground .node")).to_have_count(nodes + 1)
    expect(page.locator(".chm-net .card h2")).to_contain_text(HOSTILE)
    steps.still(page)
    page.get_by_role("button", name="Evidence (1)").click()
    expect(dialog.locator(".said")).to_have_text(HOSTILE)
    assert page.locator('img[src="x"], img[src*="evil"]').count() == 0
    # Put right with a reason; the earlier version is kept.
    dialog.get_by_text("Put it right").click()
    steps.still(page)
    dialog.get_by_label("What was said").fill("By the slot machines")
    dialog.get_by_label("Why").fill("Said again, more exactly")
    steps.still(page)
    dialog.get_by_role("button", name="Correct", exact=True).last.click()
    expect(dialog).to_have_count(0)
    steps.still(page)
    page.get_by_role("button", name="Evidence (1)").click()
    expect(dialog.locator(".said")).to_have_text("By the slot machines")
    expect(dialog.get_by_text("corrected, version 2")).to_be_visible()
    dialog.get_by_text("Put it right").click()
    steps.still(page)
    dialog.get_by_text("Reported in error").click()
    dialog.get_by_label("Why").fill("Another arcade")
    steps.still(page)
    dialog.get_by_role("button", name="Reported in error").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".ground .node")).to_have_count(nodes)


def test_one_action_is_proposed_and_each_plan_names_its_own_child(page: Page, server: str) -> None:
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    _select(page, "Tinsel Arcade")
    page.get_by_role("button", name="Propose").first.click()
    dialog = steps.dialog(page)
    what = dialog.get_by_label("What will be done")
    expect(what).not_to_have_value("")
    text = what.input_value()
    propose = dialog.get_by_role("button", name=re.compile("^Propose"))
    propose.click()
    expect(dialog.get_by_text("In conflict with each other.")).to_be_visible()
    expect(dialog.get_by_text("Osprey Notreal and Twite Invented")).to_be_visible()
    propose.click()
    expect(dialog).to_have_count(0)
    steps.become(page, WORKER)
    steps.go(page, "My work")
    expect(page.get_by_text(re.compile("^Proposed for my young people"))).to_be_visible()
    accept = page.get_by_role("button", name="Accept")
    accept.first.hover()
    child = page.get_by_role("tooltip").inner_text().removeprefix("Into the plan of ")
    accept.first.click()
    steps.still(page)
    steps.go(page, "Young people")
    row = page.get_by_test_id("stHorizontalBlock").filter(has=page.locator(".chm-person", has_text=child))
    row.last.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1, name=child)).to_be_visible()
    page.get_by_role("tab", name=re.compile("^In the plan")).click()
    plan = page.get_by_role("tabpanel")
    expect(plan.get_by_text(text)).to_be_visible()
    for other in {"Dunlin", "Heron", "Kestrel", "Osprey", "Shrike", "Teal", "Twite"} - {child.split()[0]}:
        expect(plan.get_by_text(other)).to_have_count(0)


def test_the_window_and_the_kinds_narrow_the_picture(page: Page, server: str) -> None:
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    wide = page.locator(".ground .node").count()
    page.get_by_role("radio", name="30 days").click()
    expect(page.locator(".ground .node.young_person")).to_have_count(8)
    expect(page.locator(".ground .node")).not_to_have_count(wide)
    assert 8 < page.locator(".ground .node").count() < wide
    page.get_by_role("radio", name="12 months").click()
    expect(page.locator(".ground .node")).to_have_count(wide)


def test_two_names_of_one_place_become_one_node(page: Page, server: str) -> None:
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    twice = page.locator(".ground .node", has_text="Tinsell Arcade")
    expect(twice).to_have_count(1)
    page.get_by_role("button", name="Duplicates").click()
    dialog = steps.dialog(page)
    pair = dialog.locator("[class*=st-key-duplicate-PLA]").filter(has_text="Tinsell Arcade")
    pair.get_by_text("Tinsel Arcade", exact=True).last.click()
    pair.get_by_role("button", name="Merge").click()
    expect(dialog.get_by_text("Merged. Undo stands under Decided.")).to_be_visible()
    steps.close(page)
    expect(twice).to_have_count(0)
    expect(page.locator(".ground .node", has_text="Tinsel Arcade")).to_have_count(1)


def test_which_kinds_are_drawn(page: Page, server: str) -> None:
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    vehicles = page.locator(".ground .node.vehicle")
    expect(vehicles).not_to_have_count(0)
    page.get_by_role("button", name="More filters").click()
    page.get_by_role("button", name="Vehicles", exact=True).click()
    page.keyboard.press("Escape")
    expect(vehicles).to_have_count(0)
    expect(page.locator(".ground .node.young_person")).to_have_count(8)
    expect(page.get_by_text("Some kinds hidden")).to_be_visible()


def test_the_picture_goes_out_as_a_file(page: Page, server: str, tmp_path: Path) -> None:
    steps.visit(page, server)
    steps.network(page)  # A practitioner's: a chair takes none away.
    drawn = page.locator(".ground .node").count()
    made = steps.download(page, "Export", "Make the file", "Save the file")
    assert re.fullmatch(r"network-\d{4}-\d\d-\d\d\.graphml", made.suggested_filename)
    made.save_as(tmp_path / "network.graphml")
    assert len(nx.read_graphml(tmp_path / "network.graphml")) == drawn


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=["1366", "1920"])
def test_the_page_fits_and_nodes_stay_put(size: tuple[int, int], visitor: Callable[..., Page], server: str) -> None:
    page = visitor(viewport={"width": size[0], "height": size[1]})
    steps.visit(page, server)
    steps.become(page, CHAIR)
    steps.network(page)
    before = _places(page)
    _select(page, "Tinsel Arcade")
    assert _places(page) == before
    sideways = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
    assert sideways <= 0


def _places(page: Page) -> Any:
    """Where each node stands, by its id: what is chosen is drawn over the others, so their order may change."""
    steps.settled(page)
    return page.locator(".ground .node").evaluate_all(
        "nodes => Object.fromEntries(nodes.map(n => [n.dataset.id, n.getAttribute('transform')]))"
    )
