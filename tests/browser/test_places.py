"""Safer Merton staff review where harm happens, act on it and hand over a briefing, and meet no child on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

ANALYST = "Kit Specimen"
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) **b**"
CRIMES = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
    ",2024-06,Madeup Police,Madeup Police,-0.1672,51.4041,On or near,,,Burglary,,\n"
    ",2024-06,Madeup Police,Madeup Police,0.5,51.4041,On or near,,,Drugs,,\n"
)


@pytest.fixture
def places(page: Page, server: str) -> Page:
    """Kit looks at the places."""
    steps.visit(page, server)
    steps.become(page, ANALYST)
    steps.go(page, "Places")
    expect(page.locator(".chm-places table").first).to_be_visible()
    expect(page.locator(".maplibregl-canvas")).to_be_visible()
    steps.still(page)
    return page


def test_the_first_three_are_in_view_with_why_and_the_table_answers(places: Page) -> None:
    first = places.locator(".chm-first button")
    expect(first).to_have_count(3)
    for n in range(3):
        expect(first.nth(n)).to_be_in_viewport()
    expect(first.first).to_contain_text("1 Tinsel Arcade")
    first.nth(1).click()
    expect(places.locator(".card h2")).to_contain_text("Number 7 bus, stop F")
    steps.still(places)
    places.get_by_text(re.compile("^Rank 2, ")).click()
    expect(places.locator(".why td.n").first).to_be_visible()
    points = [int(t.split()[0]) for t in places.locator(".why td.n").all_inner_texts()]
    said = int(re.search(r"(\d+) of 100", places.locator(".why summary").inner_text())[1])  # type: ignore[index]
    assert sum(points) == said


def test_an_action_is_kept_on_the_place_and_closed(places: Page) -> None:
    places.get_by_role("button", name="An action of your own").click()
    dialog = steps.dialog(places)
    dialog.get_by_label("What will be done").fill(HOSTILE)
    dialog.get_by_label("Owner: agency").click()
    places.keyboard.type("Police")
    expect(places.get_by_role("option", name="Police")).to_be_visible()
    places.keyboard.press("Enter")
    dialog.get_by_role("button", name=re.compile("^Save action")).click()
    expect(dialog).to_have_count(0)
    row = places.locator(".advice").filter(has_text=HOSTILE)
    expect(row).to_contain_text("Police")
    steps.still(places)
    row.get_by_role("button", name="Close").click()
    dialog.get_by_label("What came of it").fill("Lamps replaced")
    dialog.get_by_role("button", name=re.compile("^Save")).click()
    expect(dialog).to_have_count(0)
    expect(row).to_contain_text("done: Lamps replaced")
    assert places.locator('img[src="x"], img[src*="evil"]').count() == 0


def test_a_briefing_and_the_ranking_are_taken_away(places: Page) -> None:
    places.get_by_role("button", name="Briefing").click()
    dialog = steps.dialog(places)
    dialog.get_by_text("PDF", exact=True).click()
    dialog.get_by_role("button", name="Make the briefing").click()
    with places.expect_download() as file:
        dialog.get_by_role("button", name="Save the briefing").click()
    assert file.value.path().read_bytes().startswith(b"%PDF-")
    steps.close(places)
    places.get_by_role("button", name="Export").click()
    dialog.get_by_role("button", name="Make the file").click()
    with places.expect_download() as file:
        dialog.get_by_role("button", name="Save the file").click()
    text = file.value.path().read_text("utf-8-sig")
    assert "Tinsel Arcade" in text
    assert "fewer than 5" in text


def test_published_counts_come_in_and_are_drawn_apart(places: Page, tmp_path: Any) -> None:
    file = tmp_path / "2024-06-madeup-street.csv"
    file.write_text(CRIMES, encoding="utf-8")
    places.get_by_role("button", name="police.uk").click()
    dialog = steps.dialog(places)
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_role("row", name=re.compile("^2024-06-madeup-street.csv 2 1 0 1 0"))).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^Take in")).click()
    expect(dialog).to_have_count(0)
    steps.still(places)
    places.get_by_role("button", name="Public background").click()
    places.get_by_text("By area", exact=True).click()
    expect(places.locator("text=Published reports").first).to_be_attached()
    places.get_by_text("Hotspots", exact=True).click()
    expect(places.get_by_text(re.compile("^Hotspots need|^Too few|needs"))).to_be_visible()


def test_no_child_is_named_in_anything_sent_to_an_analyst(visitor: Callable[..., Page], server: str) -> None:
    page = visitor()
    steps.visit(page, server)
    steps.become(page, "Chris Sample")
    steps.go(page, "Young people")
    names = [n.split()[0] for n in page.locator(".chm-person strong").all_inner_texts()]
    assert len(names) >= 40
    heard: list[str] = []
    other = visitor()
    steps.visit(other, server)
    steps.become(other, ANALYST)
    other.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(_text(frame))))
    other.reload()
    steps.become(other, ANALYST)
    heard.clear()
    steps.go(other, "Places")
    other.locator(".chm-first button").nth(2).click()
    expect(other.locator(".card h2")).to_contain_text("A dwelling")
    said = "\n".join(heard)
    assert "Tinsel Arcade" in said
    assert [n for n in names if re.search(rf"\b{re.escape(n)}\b", said)] == []
    assert "YP-0" not in said


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode("utf-8", "ignore")
