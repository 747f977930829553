"""The meeting room on the shared screen: run by keys, in pseudonyms whatever happens, one record for two, closed."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Browser, Download, Locator, Page, expect

from chm import store
from chm.casework import network
from chm.casework.desk import Desk
from chm.connections import (
    ONGOING,
    Account,
    Confidence,
    Influence,
    Party,
    Person,
    Place,
    PlaceKind,
    Relationship,
    Source,
)
from chm.meetings import rules
from chm.store import connections, entities, meetings, people, users
from tests.browser import steps
from tests.browser.conftest import ROOT, serving, visiting

MEETING = "M-de5000000001"
CHAIR, PARTNER = "Pat Fictional", "Drew Pretend"
EIGHT = ("YP-0001", "YP-0002", "YP-0004", "YP-0005", "YP-0008", "YP-0011", "YP-0028", "YP-0029")
ITEMS = [item.name for item in rules.load(ROOT / "data").agenda]
REVEAL = 6
HOME = Place(
    id="PLA-d00000000001", name="Kittiwake Cottage", place_kind=PlaceKind.HOME, address="14 Unbuilt Mews",
    postcode="CR4 9ZX", latitude=51.40471, longitude=-0.16839,
)  # fmt: skip
PURPOSE = "Hear what Kestrel Madeup, born 9 July 2011, says of 14 Unbuilt Mews, CR4 9ZX"
IDS = re.compile(r"\b(?:YP-\d{4}|(?:PER|PLA|VEH|ACC|GRP|EVT|REL)-[0-9a-f]{6,})\b")
# All that a page holds: what is written, tips, what is read out, and the same inside components.
WHOLE = """() => {
  const told = []
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) if (!["class", "style", "d"].includes(name)) told.push(value)
      if (element.shadowRoot) walk(element.shadowRoot)
      if (["INPUT", "TEXTAREA"].includes(element.tagName)) told.push(element.value)
    }
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) told.push(texts.currentNode.data)
  }
  walk(document)
  return told.join("\\n")
}"""


def planted(file: Path) -> None:
    """Where one of them lives, and a purpose that says who, when and where."""
    engine = store.open_engine(f"sqlite:///{file}")
    at = datetime.now(UTC)
    lives = Relationship(
        id="REL-d00000000001", one=Party("young_person", EIGHT[0]), other=Party("place", HOME.id), kind="lives_at",
        source=Source("Police", Confidence.CONFIRMED, reference="YP-0001 Kestrel Madeup"), start=at.date(), end=ONGOING,
        influence=Influence.UNCLEAR, note="With Kestrel's mum", recorded_by="U-jo", recorded_at=at,
    )  # fmt: skip
    with store.transaction(engine) as session:
        entities.add(session, [HOME], "U-jo", at)
        connections.add_relationships(session, [lives])
        kept = meetings.get(session, MEETING)
        meetings.edit(session, type(kept)(**{**vars(kept), "purpose": PURPOSE}))
    engine.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server of this file's own, where a revealed name lasts six seconds: its address and its database's file."""
    folder = tmp_path_factory.mktemp("room")
    shutil.copytree(ROOT / "data", folder / "data")
    rule = folder / "data" / "meetings.yaml"
    told = rule.read_text(encoding="utf-8")
    assert told.count("reveal_seconds: 30") == 1
    rule.write_text(told.replace("reveal_seconds: 30", f"reveal_seconds: {REVEAL}"), encoding="utf-8")
    with serving(folder, planted, CHM_DATA=str(folder / "data")) as address:
        yield address, folder / "chm.sqlite3"


class Ear:
    """All that a page is sent, from when it listens: frames of its socket, and bodies that are no script of ours."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.bodies: list[tuple[str, str]] = []
        self.on = False

    def hear(self, page: Page) -> None:
        page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        page.on("response", self._body)

    def _frame(self, payload: str | bytes) -> None:
        if self.on:
            self.frames.append(payload.decode("utf-8", "replace") if isinstance(payload, bytes) else payload)

    def _body(self, response: Any) -> None:
        if self.on and "/static/" not in response.url and response.ok:
            self.bodies.append((response.url, response.body().decode("utf-8", "replace")))


@dataclass(frozen=True)
class Pair:
    """The chair and a partner in the room, each in a browser of their own, with all that either was sent."""

    chair: Page
    partner: Page
    ears: tuple[Ear, Ear]

    @property
    def both(self) -> tuple[Page, Page]:
        """The two pages."""
        return self.chair, self.partner


@pytest.fixture(scope="module")
def room(browser: Browser, site: tuple[str, Path]) -> Iterator[Pair]:
    """Two who stay in the room while this file's tests go on."""
    with visiting(browser) as come:
        pages, ears = (come(), come()), (Ear(), Ear())
        for page, name, ear in zip(pages, (CHAIR, PARTNER), ears, strict=True):
            ear.hear(page)
            run(page, site[0], name, ear)
        yield Pair(*pages, ears)


@pytest.fixture
def pair(room: Pair) -> Pair:
    """The two at the first item of the agenda, with nothing typed."""
    for page in room.both:
        page.keyboard.press("Escape")
        to(page, ITEMS[0])
        if box(page).input_value():
            box(page).fill("")
            page.keyboard.press("Escape")
    return room


def run(page: Page, server: str, name: str, ear: Ear | None = None) -> None:
    """Go into the room from the list of meetings; `ear` listens from just before."""
    steps.visit(page, server, "meetings")
    steps.become(page, name)
    steps.go(page, "Meetings")
    steps.still(page)
    if ear:
        ear.on = True
    page.locator(f'[data-say="run:{MEETING}"]').click()
    expect(item(page)).to_have_count(1)
    expect(box(page)).to_be_visible()
    page.wait_for_function("window.chmRoom?.on")  # The keys are listened for.
    steps.still(page)


def item(page: Page) -> Locator:
    """The item of the agenda that is looked at."""
    return page.locator(".chm-room-agenda [aria-current] span")


def head(page: Page) -> Locator:
    """What is looked at, as the room says it."""
    return page.locator(".chm-room-head h1")


def box(page: Page) -> Locator:
    """Where the record is written."""
    return page.get_by_role("textbox", name="What is said or agreed")


def said(page: Page) -> Locator:
    """The record's entries."""
    return page.locator(".chm-record-box .said li")


def to(page: Page, name: str) -> None:
    """Go to an item of the agenda."""
    page.locator(".chm-room-agenda").get_by_role("button", name=name).click()
    expect(item(page)).to_contain_text(name)


def aliases(page: Page) -> list[str]:
    """What the young people are called, in the order of their columns."""
    to(page, ITEMS[1])
    expect(head(page)).to_have_text("Young people experiencing harm")
    return [name.strip() for name in page.locator(".chm-room-grid thead button").all_inner_texts()]


@pytest.fixture
def enter(visitor: Callable[..., Page], site: tuple[str, Path]) -> Callable[..., Page]:
    """`enter(name)`: a browser of its own in the room of the planned meeting; `ear` hears what it is sent."""

    def come(name: str = CHAIR, ear: Ear | None = None) -> Page:
        page = visitor()
        if ear:
            ear.hear(page)
        run(page, site[0], name, ear)
        return page

    return come


def wrote(page: Page, key: str, text: str) -> None:
    """Write something by keys: what it is, the words, Enter."""
    page.keyboard.press("Escape")
    page.keyboard.press(key)
    expect(box(page)).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@contextmanager
def alone(file: Path, user: str) -> Iterator[None]:
    """Leave one user in the database, who is then whoever comes; the others are back afterwards."""
    with closing(sqlite3.connect(file)) as database:
        with database:
            others = [
                (table, database.execute(f"SELECT * FROM {table} WHERE {column} != ?", (user,)).fetchall())
                for table, column in (("user_account", "id"), ("user_role", "user"))
            ]
            database.execute("DELETE FROM user_role WHERE user != ?", (user,))
            database.execute("DELETE FROM user_account WHERE id != ?", (user,))
        try:
            yield
        finally:
            with database:
                for table, rows in others:
                    database.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)


def test_an_analyst_is_refused_and_sent_nothing(visitor: Callable[..., Page], site: tuple[str, Path]) -> None:
    secrets, ear = Secrets(site[1]), Ear()
    with alone(site[1], "U-kit"):
        page = visitor(closed=True)
        ear.hear(page)
        ear.on = True
        for address in ("room", "meetings"):
            page.goto(f"{site[0]}/{address}")
            # A wrong address leads on to their own first page.
            expect(page.get_by_role("heading", level=1, name="Which places first, and why")).to_be_visible()
            steps.still(page)
            expect(page.locator(".chm-room-bar, .chm-room-agenda, .chm-record-box, [data-say^='run:']")).to_have_count(
                0
            )
            told = f"{page.evaluate(WHOLE)}\n{page.title()}\n{page.url}"
            assert {word for word in secrets.in_(told) if not word.startswith("PLA-")} == set()  # Places are theirs.
    heard = "".join(ear.frames)
    assert "Which places first, and why" in heard and "Complex strategy" not in heard
    assert {word for word in secrets.in_(heard) if not word.startswith("PLA-")} == set()


def test_the_agenda_is_walked_by_keys(pair: Pair) -> None:
    page = pair.chair
    for name in ITEMS:
        expect(item(page)).to_contain_text(name)
        if name == "People of concern":
            expect(page.locator(".st-key-room-network .ground .node.young_person")).to_have_count(8)
            expect(page.locator(".st-key-room-network")).to_have_css("opacity", "1")
        elif name == "Locations":
            expect(page.locator(".st-key-room-map-box canvas").first).to_be_visible()
            expect(page.locator(".st-key-room-map-box")).to_have_css("opacity", "1")
            expect(page.locator(".st-key-room-network")).to_have_css("opacity", "0")
            expect(page.locator(".st-key-room-network")).to_have_attribute("inert", "")
        page.keyboard.press("ArrowDown")
    expect(item(page)).to_contain_text(ITEMS[-1])  # The last stays.
    page.keyboard.press("ArrowUp")
    expect(head(page)).to_have_text("Where is nobody acting?")
    page.keyboard.press("ArrowRight")
    expect(head(page)).to_have_text("Not covered yet")
    page.keyboard.press("ArrowLeft")
    expect(head(page)).to_have_text("Where is nobody acting?")
    page.keyboard.press("ArrowLeft")
    expect(item(page)).to_contain_text(ITEMS[5])
    to(page, ITEMS[0])
    for _ in range(5):  # However fast they come, none is lost.
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(30)
    expect(item(page)).to_contain_text(ITEMS[5])
    called = aliases(page)
    assert len(set(called)) == 8
    level = page.locator(".chm-room-grid tbody tr").nth(2).locator("td").nth(3)
    level.hover()  # Where a level is far from both its heads, it says whose and of what.
    row = page.locator(".chm-room-grid tbody th").nth(2).inner_text()
    expect(level).to_have_attribute("title", f"{called[3]}: {row}, {level.get_attribute('data-word')}")
    for name in called:
        page.keyboard.press("ArrowRight")
        expect(head(page)).to_have_text(name)
    page.keyboard.press("ArrowRight")
    expect(head(page)).to_have_text("What links them")
    # A press on somebody in the picture looks at them, and at the same one again.
    for _ in range(2):
        expect(page.locator(".st-key-room-network")).not_to_have_attribute("inert", "")
        first = page.locator(".st-key-room-network .ground .node.young_person").first
        expect(first).to_have_attribute("aria-pressed", "false")
        steps.still(page)
        node = page.locator(f'.st-key-room-network .node[data-id="{first.get_attribute("data-id")}"]')
        name = str(node.get_attribute("aria-label")).partition(",")[0]
        node.press("Enter")
        expect(head(page)).to_have_text(name)
        to(page, ITEMS[2])


def test_one_key_covers_everything_at_once(pair: Pair) -> None:
    page = pair.chair
    page.keyboard.press("ArrowDown")
    expect(head(page)).to_have_text("Young people experiencing harm")
    covered = page.evaluate(
        """() => {
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "b", bubbles: true, cancelable: true }))
          const [w, h] = [innerWidth, innerHeight]
          const at = [[1, 1], [w - 2, 1], [1, h - 2], [w - 2, h - 2], [w / 2, h / 2], [w / 4, h / 3]]
          return at.map(([x, y]) => document.elementFromPoint(x, y).className)
        }"""
    )
    assert covered == ["chm-room-cover"] * 6
    cover = page.locator(".chm-room-cover")
    expect(cover).to_have_text("Paused. Press B to go on.")
    expect(cover).to_have_css("opacity", "1")
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", cover.evaluate("e => getComputedStyle(e).backgroundColor"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    page.wait_for_timeout(1200)  # Time enough for the record to be asked again.
    expect(cover).to_be_visible()
    page.keyboard.press("b")
    expect(cover).to_have_count(0)
    expect(head(page)).to_have_text("Young people experiencing harm")
    page.keyboard.press("n")
    page.keyboard.type("about b")  # In the box it is a letter.
    expect(box(page)).to_have_value("about b")
    box(page).fill("")
    page.get_by_role("button", name="Blank").click()
    expect(cover).to_be_visible()
    page.keyboard.press("Escape")
    expect(cover).to_have_count(0)


class Secrets:
    """What must not reach a shared screen, taken from the database: where any of it stands in a text."""

    def __init__(self, file: Path):
        engine = store.open_engine(f"sqlite:///{file}")
        with store.transaction(engine, writing=False) as session:
            lead = users.get(session, "U-chris")
            born = [people.get(session, id).born for id in EIGHT]
            staff = {user.name for user in users.every(session)}
        assert lead is not None
        around = network.read(Desk(engine, lead), EIGHT)
        engine.dispose()
        young = [p.name for p in around.young_people]
        assert set(EIGHT) < {p.id for p in around.young_people}
        others = [
            name
            for thing in around.entities.values()
            if isinstance(thing, Person | Account)
            for name in (thing.name, *getattr(thing, "other_names", ()))
        ]
        homes = [e for e in around.entities.values() if isinstance(e, Place) and e.place_kind == PlaceKind.HOME]
        first = [name.split()[0] for name in young[: len(EIGHT)]]
        assert len(homes) >= 2 and len(others) > 20
        words = [*young, *first, *(n for n in others if len(n) > 3 and n not in staff)]
        for home in homes:
            words += [w for w in (home.name, home.address, home.postcode, home.postcode.replace(" ", "")) if w]
            words += [str(n) for n in (home.latitude, home.longitude) if n]
        words += [way for day in born if day for way in _written(day)]
        assert born[0]
        self.born = born[0]
        self.words = sorted(set(words), key=len, reverse=True)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.words))})(?!\w)")

    def in_(self, text: str) -> set[str]:
        """Those that stand in `text`, ids too."""
        return {*self.pattern.findall(text), *IDS.findall(text)}


def _written(day: date) -> list[str]:
    return [
        day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%b} {day.year}",
        f"{day.day} {day:%B} {day.year}",
    ]  # fmt: skip


def test_nothing_that_a_shared_screen_is_sent_tells_who_anybody_is(pair: Pair, site: tuple[str, Path]) -> None:
    secrets, chair, partner = Secrets(site[1]), pair.chair, pair.partner
    born = secrets.born
    day, before = (f"{d.day} {d:%b} {d.year}" for d in (born, born - timedelta(days=1)))
    assert secrets.in_(f"so Kestrel says; YP-0001, {day}") == {"Kestrel", "YP-0001", day}
    assert secrets.in_(f"Alder says; {before}; Kestrels") == set()
    # Typed out by the one, it is masked for the other.
    typed = f"{born.day}/{born.month}/{born.year}"
    wrote(chair, "d", f"Ring Kestrel Madeup (YP-0001, {typed}) and Danno at Unbuilt Mews, CR4 9ZX")
    expect(said(partner)).to_have_count(1)
    expect(said(partner)).to_contain_text("Ring ")
    chair.keyboard.press("Escape")
    wrong: dict[str, set[str]] = {}

    def look(where: str) -> None:
        for who, page in (("chair", chair), ("partner", partner)):
            found = secrets.in_(f"{page.evaluate(WHOLE)}\n{page.title()}\n{page.url}")
            if found:
                wrong.setdefault(f"{who}, {where}", set()).update(found)

    seen = []
    for page in pair.both:
        expect(head(page)).to_have_text(ITEMS[0])
    look(ITEMS[0])
    while not seen or not seen[-1].startswith("Review date"):
        before = chair.locator(".chm-room-head").text_content() or ""
        for page in pair.both:
            page.keyboard.press("ArrowRight")
            expect(page.locator(".chm-room-head")).not_to_have_text(before)
        seen.append(chair.locator(".chm-room-head").text_content() or "")
        assert len(seen) < 200
        look(seen[-1])
    for title in ("What links them", "Locations", "Themes", "Where is nobody acting?", "Not covered yet"):
        assert any(told.startswith(title) for told in seen), title
    assert len(seen) > 30
    to(chair, "Locations")  # The map tells more of what the pointer is on.
    spot = chair.locator(".st-key-room-map-box canvas").first.bounding_box()
    assert spot
    for across in range(1, 12):
        chair.mouse.move(spot["x"] + across * spot["width"] / 12, spot["y"] + spot["height"] / 2)
    look("Locations, tips")
    assert wrong == {}
    for who, ear in zip(("chair", "partner"), pair.ears, strict=True):
        assert len(ear.frames) > 100
        heard = "".join(ear.frames)
        assert "Young people experiencing harm" in heard and "What links them" in heard
        assert secrets.in_(heard) == set(), who
        assert {url: found for url, body in ear.bodies if (found := secrets.in_(body))} == {}


def test_names_show_for_one_item_and_fall_back(enter: Callable[..., Page], site: tuple[str, Path]) -> None:
    secrets, ear = Secrets(site[1]), Ear()
    page = enter(CHAIR, ear)
    ear.on = False
    mode = page.locator(".chm-room-bar .mode")
    called = aliases(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(head(page)).to_have_text(called[1])
    facts = page.locator(".chm-room-head .facts").inner_text()
    page.get_by_role("radio", name="Names").click()
    expect(mode).to_have_text("Names, this item")
    expect(head(page)).not_to_have_text(called[1])
    name = head(page).inner_text()
    assert secrets.in_(name) == {name}
    assert page.locator(".chm-room-head .facts").inner_text() == facts  # The same young person, by name.
    expect(box(page)).to_have_attribute("placeholder", f"About {name}, unless @ names another")
    steps.still(page)
    ear.on = True
    page.keyboard.press("ArrowDown")
    expect(mode).to_have_text("Pseudonyms")
    expect(head(page)).to_have_text("What links them")
    expect(page.locator(".ground .node.young_person").filter(has_text=name.split()[0])).to_have_count(0)
    steps.still(page)
    page.wait_for_timeout(1200)  # Time enough for the record to be asked again.
    assert secrets.in_(page.evaluate(WHOLE)) == secrets.in_("".join(ear.frames)) == set()
    # On the picture too, and gone from it with the next item.
    page.get_by_role("radio", name="Initials").click()
    expect(mode).to_have_text("Initials, this item")
    expect(page.locator(".ground .node.young_person").filter(has_text="K. M.")).to_have_count(1)
    page.get_by_role("radio", name="Names").click()
    expect(page.locator(".ground .node.young_person").filter(has_text="Kestrel")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(mode).to_have_text("Pseudonyms")
    expect(page.locator(".ground .node.young_person").filter(has_text="Kestrel")).to_have_count(0)
    steps.still(page)
    page.wait_for_timeout(1200)
    assert secrets.in_(page.evaluate(WHOLE)) == set()
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Meetings")).to_be_visible()


def test_one_name_is_revealed_and_goes_by_itself(pair: Pair, site: tuple[str, Path]) -> None:
    secrets, page = Secrets(site[1]), pair.chair
    called = aliases(page)
    page.keyboard.press("ArrowRight")
    expect(head(page)).to_have_text(called[0])
    since = time.monotonic()
    page.keyboard.press("r")
    expect(head(page)).not_to_have_text(called[0])
    shown = time.monotonic()
    name, whole = head(page).inner_text(), page.evaluate(WHOLE)
    assert secrets.in_(name) == secrets.in_(whole) == {name}
    assert whole.count(name) == 1  # Only where the browser takes it away by itself, whatever the network does.
    expect(head(page)).to_have_text(called[0])
    assert since + REVEAL - 1 < time.monotonic() < shown + REVEAL + 5
    page.wait_for_timeout(1200)  # Time enough for the record to be asked again.
    assert secrets.in_(page.evaluate(WHOLE)) == set()
    # It goes with the next step, too.
    page.keyboard.press("r")
    expect(head(page)).to_have_text(name)
    page.keyboard.press("ArrowRight")
    expect(head(page)).to_have_text(called[1])
    assert secrets.in_(page.evaluate(WHOLE)) == set()


def test_a_partner_has_no_way_to_a_name(pair: Pair, site: tuple[str, Path]) -> None:
    page = pair.partner
    called = aliases(page)
    page.keyboard.press("ArrowRight")
    expect(head(page)).to_have_text(called[0])
    bar = page.locator(".chm-room-bar")
    expect(bar.get_by_role("radio")).to_have_count(0)
    expect(bar.get_by_role("button")).to_have_text([re.compile("^Blank"), re.compile("^Leave")])
    page.keyboard.press("r")
    page.wait_for_timeout(1500)
    expect(head(page)).to_have_text(called[0])
    to(page, "People of concern")
    expect(page.get_by_text("The network is on the chair's screen.")).to_be_visible()
    to(page, "Locations")
    expect(page.locator(".st-key-room-map-box canvas").first).to_be_visible()
    expect(page.locator(".st-key-room-network, .node")).to_have_count(0)
    to(page, "Themes")
    expect(page.get_by_text("what keeps them safe are on the chair's screen.")).to_be_visible()
    to(page, "Plan and gaps")
    expect(page.get_by_text("What nobody acts on yet is on the chair's screen.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^All actions"))).to_be_visible()
    to(page, ITEMS[-1])
    expect(page.get_by_role("button", name="Close the meeting")).to_have_count(0)
    assert Secrets(site[1]).in_(page.evaluate(WHOLE)) == set()


def test_what_one_writes_the_other_sees_within_three_seconds(pair: Pair) -> None:
    took, texts = [], [f"Ring the school, {n}" for n in range(6)]
    for n, text in enumerate(texts):
        writer, reader = pair.both if n % 2 else pair.both[::-1]
        wrote(writer, "d", text)
        since = time.monotonic()
        expect(said(reader).filter(has_text=text)).to_have_count(1)
        took.append(time.monotonic() - since)
        expect(box(writer)).to_have_value("")
    assert sorted(took)[3] < 3, took  # On a busy machine some may be late.
    for page in pair.both:
        expect(said(page).filter(has_text="Ring the school")).to_have_count(6)
        assert page.locator(".chm-record-box .said .what").all_inner_texts()[:6] == texts[::-1]


def test_names_are_picked_by_keys(pair: Pair) -> None:
    page = pair.chair
    called = aliases(page)[2]
    page.locator(".chm-record-box .kinds").get_by_role("radio", name="They say").click()
    expect(box(page)).to_be_focused()
    page.keyboard.type(f"@{called[:3]}")
    options = page.locator(".chm-record-box .menu").get_by_role("option")
    expect(options.filter(has_text=called)).to_have_count(1)
    while called not in options.and_(page.locator("[aria-selected=true]")).inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value(f"[{called}] ")
    page.keyboard.type("would go to boxing")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("")
    expect(said(page).filter(has_text=f"{called} would go to boxing")).to_have_count(1)
    to(page, ITEMS[5])
    expect(page.locator("table.voice tr", has_text=called).locator("td").first).to_have_text(
        f"{called} would go to boxing"
    )
    expect(page.locator(".chm-room-agenda")).to_contain_text("1 of 8 heard")
    page.keyboard.press("Escape")


def test_somebody_new_is_made_with_an_alias(pair: Pair) -> None:
    page, other = pair.both
    called = aliases(page)[0]
    page.keyboard.press("i")
    page.keyboard.type(f"@{called}")
    page.keyboard.press("Enter")
    page.keyboard.type("was met by @Quillon Figment")
    options = page.locator(".chm-record-box .menu").get_by_role("option")
    made = ("a new place", "a new person", "a new vehicle", "a new account")
    expect(options).to_have_text([f"Quillon Figment{kind}" for kind in made])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value(f"[{called}] was met by [Quillon Figment] ")
    page.get_by_role("combobox", name="Whose").select_option("Police")
    box(page).press("Enter")
    expect(box(page)).to_have_value("")
    row = said(other).filter(has_text=f"{called} was met by Person ")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Police")
    for looks in (page, other):
        expect(said(looks).filter(has_text=f"{called} was met by Person ")).to_have_count(1)
        assert "Quillon" not in looks.evaluate(WHOLE)


def test_what_cannot_be_kept_stays_in_the_box(pair: Pair) -> None:
    page = pair.chair
    page.keyboard.press("a")
    page.keyboard.type("Meet at the club")
    page.keyboard.press("Enter")
    fault = page.locator(".chm-record-box .fault")
    expect(fault).to_be_visible()
    expect(fault).to_contain_text("Target: mention with @ what or whom it acts on")
    expect(fault).to_contain_text("Owner's agency: empty; write something")
    expect(box(page)).to_have_value("Meet at the club")
    before = said(page).count()
    page.keyboard.type(" with @")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Pillar").select_option(label="Protect")
    page.get_by_role("combobox", name="Owner").select_option("Police")
    box(page).press("Enter")
    expect(box(page)).to_have_value("")
    expect(fault).to_be_hidden()
    expect(said(page)).to_have_count(before + 1)


def test_a_half_typed_note_is_there_when_the_browser_was_closed(
    enter: Callable[..., Page], site: tuple[str, Path]
) -> None:
    page = enter(PARTNER)
    page.keyboard.press("d")
    expect(box(page)).to_be_focused()
    page.keyboard.type("Half a thought about")
    expect(page.locator(".chm-record-box .saved")).to_have_text("Kept")
    steps.noted(page, site[1], "Half a thought about")
    page.context.close()
    again = enter(PARTNER)
    expect(box(again)).to_have_value("Half a thought about")
    expect(again.locator(".chm-record-box .saved")).to_have_text("Kept from before")
    expect(again.get_by_role("radio", name="Decision")).to_be_checked()
    again.keyboard.press("n")
    again.keyboard.type(" the bus")
    again.keyboard.press("Enter")
    expect(said(again).filter(has_text="Half a thought about the bus")).to_have_count(1)


def test_two_who_put_one_entry_right_lose_neither(pair: Pair) -> None:
    pages = pair.both
    wrote(pair.partner, "d", "Look at the bus stop")
    for page in pages:
        row = said(page).filter(has_text="Look at the bus stop")
        expect(row).to_have_count(1)
        row.get_by_role("button", name=re.compile("^Edit")).click()
        expect(box(page)).to_have_value("Look at the bus stop")
    for page, more in zip(pages, ("by day", "by night"), strict=True):
        page.keyboard.press("Control+End")
        page.keyboard.type(f", {more}")
    pages[0].keyboard.press("Enter")
    theirs = said(pages[1]).filter(has_text="Look at the bus stop, by day")
    expect(theirs).to_have_count(1)
    pages[1].keyboard.press("Enter")
    expect(pages[1].locator(".chm-record-box .fault")).to_have_text(
        "Somebody else changed this meanwhile; nothing was saved. Look at their change first"
    )
    expect(box(pages[1])).to_have_value("Look at the bus stop, by night")
    expect(theirs).to_have_count(1)
    pages[1].get_by_role("button", name="Leave as it was").click()
    expect(box(pages[1])).to_have_value("")


# Parts and buttons that are not wholly on the screen, and how far the page could be scrolled.
OVER = """() => {
  const [w, h] = [innerWidth, innerHeight]
  const parts = [".chm-room-bar", ".chm-room-agenda", ".chm-room-part", ".chm-record-box .record", ".chm-room-head h1",
    ".chm-room-bar [data-say='leave:']", ".chm-room-bar .chm-badge", ".chm-record-box .primary"]
  const found = parts.map((s) => [s, document.querySelector(s)])
  const shown = document.querySelector(".st-key-room").dataset.picture
  const inside = [...document.querySelectorAll(".st-key-room-network *")].find((e) => e.shadowRoot)?.shadowRoot
  if (shown === "network") found.push([shown, inside?.querySelector(".stage")])
  if (shown === "map") found.push([shown, document.querySelector(".st-key-room-map-box .js-plotly-plot")])
  const out = found.filter(([, e]) => {
    const r = e?.getBoundingClientRect()
    return !r || !r.width || r.left < 0 || r.top < 0 || r.right > w || r.bottom > h
  }).map(([s]) => s)
  const bar = [...document.querySelectorAll(".chm-room-bar > *")].filter((e) => e.scrollWidth > e.clientWidth + 1)
  const on = [document.documentElement, document.body, document.querySelector("[data-testid=stMain]")]
  const scrolls = on.map((e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]).flat()
  return [...out, ...bar.map((e) => e.className || e.textContent), ...(Math.max(...scrolls) > 1 ? [`${scrolls}`] : [])]
}"""


def test_the_room_is_whole_on_the_screen(pair: Pair) -> None:
    page = pair.chair
    sizes = [(1280, 720), (1920, 1080)]
    for name in ITEMS:
        to(page, name)
        for _ in range(2):  # The item's first part, and one within it.
            expect(page.locator(".chm-room-part")).to_have_count(1)
            for width, height in sizes:
                page.set_viewport_size({"width": width, "height": height})
                for _ in range(300):
                    page.wait_for_timeout(100)
                    if not (over := page.evaluate(OVER)):
                        break
                assert over == [], f"{name}, {head(page).inner_text()}, {width}"
            sizes.reverse()
            if not page.locator(".chm-room-head .turn").count():
                break
            page.keyboard.press("ArrowRight")
            expect(page.locator(".chm-room-head .turn span")).to_contain_text("2 of")


def fetched(page: Page, row: Locator, form: str, suffix: str) -> Download:
    """Make a file in a row of files, and save it; what the row had made before may be offered a moment longer."""
    row.get_by_role("button", name=form).click()
    expect(row.get_by_role("button", name="Save")).to_be_visible()
    steps.still(page)
    for _ in range(50):
        with page.expect_download() as started:
            row.get_by_role("button", name="Save").click()
        if started.value.suggested_filename.endswith(suffix):
            break
        page.wait_for_timeout(200)
    return started.value


def test_the_meeting_is_closed_signed_and_its_minutes_leave(pair: Pair, site: tuple[str, Path], tmp_path: Path) -> None:
    """The last in this file: after it there is no room to be in."""
    page = pair.chair
    called = aliases(page)
    wrote(page, "d", "Two workers meet the eight at the club")
    expect(said(page).filter(has_text="Two workers meet the eight")).to_have_count(1)
    page.keyboard.press("Escape")
    to(page, ITEMS[-1])
    page.get_by_role("button", name="Close the meeting").click()
    dialog = steps.dialog(page)
    expect(dialog).to_contain_text("of 8 young people heard")
    steps.close(page)
    page.get_by_role("button", name="Close the meeting").click()
    dialog.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("The meeting is closed. Its minutes are a draft until you sign them.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Complex strategy: Tinsel"))).to_be_visible()
    minutes = page.get_by_test_id("stMain")
    expect(minutes).to_contain_text("Two workers meet the eight at the club")
    expect(minutes).to_contain_text("Kestrel Madeup")  # For the chair they have names.
    assert not [name for name in called if re.search(rf"\b{name}\b", minutes.inner_text())]
    page.get_by_role("button", name="Sign", exact=True).click()
    dialog.get_by_role("button", name="Sign them").click()
    expect(page.get_by_text("The minutes are signed.")).to_be_visible()
    version = page.get_by_role("combobox", name="Version")
    expect(version).to_have_value(re.compile("^Version 1, signed by Pat Fictional"))
    row = page.locator("[class*=st-key-paper-][class*=-row]")
    for form, suffix in (("Word", "docx"), ("PDF", "pdf")):
        made = fetched(page, row, form, suffix)
        assert made.suggested_filename == f"{MEETING}-v1-minutes.{suffix}"
        made.save_as(tmp_path / f"minutes.{suffix}")
    text = "\n".join(p.text for p in Document(str(tmp_path / "minutes.docx")).paragraphs)
    assert "Kestrel Madeup" in text
    assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF-")
    extract = fetched(page, page.locator("[class*=st-key-extract-][class*=-row]").first, "PDF", "pdf")
    assert re.fullmatch(rf"{MEETING}-v1-[A-Za-z0-9-]+\.pdf", extract.suggested_filename)
    assert Secrets(site[1]).pattern.search(extract.suggested_filename) is None
    # It is held now: nobody runs it again.
    page.get_by_test_id("stMain").get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(f'[data-say="minutes:{MEETING}"]').first).to_be_visible()
    expect(page.locator(f'[data-say="run:{MEETING}"]')).to_have_count(0)
