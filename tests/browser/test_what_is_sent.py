"""What each role's browser is sent on each of its pages: no young person is named in it who is not theirs to see."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from chm import store
from chm.casework import connections, guarded, meetings, minutes, people
from chm.casework.desk import Desk
from chm.casework.meetings import NewMeeting
from chm.connections import Source
from chm.linkage.ties import Confidence, Party
from chm.settings import today
from chm.store import users
from tests.browser import signing, steps
from tests.browser.conftest import serving
from tests.browser.signing import Site
from tests.browser.test_pages import SCREENS
from tests.browser.test_room import ITEMS, MEETING

# Worked with by Jo and met by Pat, and then the one restricted and the other closed: a lead's alone to see.
RESTRICTED, CLOSED = "Pochard Planted", "Dotterel Planted"
OPEN = "SELECT id FROM young_person WHERE restricted_at IS NULL AND closed_on IS NULL"
LINKED = "SELECT young_person FROM caseload WHERE user = 'U-jo'"
CHAIRED = "SELECT y.young_person FROM meeting_young_person y JOIN meeting m ON m.id = y.meeting WHERE m.chair = 'U-pat'"
OWN, MET = f"{LINKED} INTERSECT {OPEN}", f"{CHAIRED} INTERSECT {OPEN}"
ALL = "SELECT id FROM young_person"
# Whose names each may see: a query of young people's ids; and whether ids, which name nobody, may stand there.
MAY: dict[str, tuple[str, bool]] = {
    "Jo Placeholder": (OWN, True),
    "Pat Fictional": (MET, True),
    "Chris Sample": (ALL, True),
    "Drew Pretend": ("", False),
    "Kit Specimen": ("", False),
    "Lee Nobody": ("", False),
    "Max Example": ("", True),
}


def planted(file: Path) -> None:
    """One restricted and one closed young person, with an event that they share with one who is neither."""
    engine = store.open_engine(f"sqlite:///{file}")
    with store.transaction(engine, writing=False) as session:
        jo, pat, lead = (
            Desk(engine, user) for id in ("U-jo", "U-pat", "U-chris") if (user := users.get(session, id)) is not None
        )
    ids = tuple(people.add(jo, name, born=None, age=14, home_borough="Merton").id for name in (RESTRICTED, CLOSED))
    meetings.include(pat, MEETING, ids, "Look at what they share")
    seen = tuple(connections.NewParticipant(Party("young_person", id), "unknown") for id in (*ids, "YP-0001"))
    told = Source("Police", Confidence.LIKELY)
    connections.record_event(
        lead, connections.NewEvent(kind="sighting", participants=seen, source=told, what="All three on the stairs")
    )
    about = NewMeeting(title="What they share", purpose="Look at what they share", on=today(), young_people=ids)
    minutes.close(pat, meetings.create(pat, about), None)
    guarded.restrict(lead, ids[0], "A worker's own family")
    guarded.close(lead, ids[1], "Nothing more to do")
    engine.dispose()
    with closing(sqlite3.connect(file)) as database:  # A link that ended with the case must not be what hides them.
        database.execute("UPDATE caseload SET until = NULL WHERE young_person = ?", (ids[1],))
        database.commit()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The demo's address and database, where every page is opened by everybody it serves."""
    folder = tmp_path_factory.mktemp("sent")
    with serving(folder, planted) as address:
        yield address, folder / "chm.sqlite3"


@pytest.mark.parametrize("name", MAY)
def test_nobody_is_named_who_is_not_theirs(name: str, visitor: Callable[..., Page], site: tuple[str, Path]) -> None:
    asked, ids = MAY[name]
    with closing(sqlite3.connect(site[1])) as database:
        every = dict(database.execute("SELECT id, name FROM young_person"))
        theirs = {id for (id,) in database.execute(asked)} if asked else set()
        hidden = {id for id, who in every.items() if who in (RESTRICTED, CLOSED)}
        linked = [{id for (id,) in database.execute(link)} for link in (LINKED, CHAIRED)]
    assert len(every) == 42 and len(theirs) == {OWN: 14, MET: 8, ALL: 42}.get(asked, 0)
    assert len(hidden) == 2 and all(hidden < link for link in linked)
    page = visitor()
    heard = signing.listen(page, Site(address=site[0], provider="", database=str(site[1])))
    steps.visit(page, site[0])
    if name != "Jo Placeholder":  # The demo begins as Jo.
        steps.become(page, name)
    heard.parts.clear()
    opened = []
    for title in SCREENS[name]:
        steps.go(page, title)
        opened += _opened(page, title)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert opened == OPENS[name]
    said = b"\n".join(heard.parts).decode("utf-8", "replace")
    assert "Guidance" in said
    assert {id for id, who in every.items() if who in said} - theirs == set()
    assert {id for id in theirs if every[id] in said} == theirs
    if not theirs:  # First names are young people's alone here.
        first = {who.split()[0] for who in every.values()}
        assert {word for word in first if re.search(rf"\b{re.escape(word)}\b", said)} == set()
    assert ids or not re.search(r"YP-\d", said)


def _opened(page: Page, title: str) -> list[str]:
    """Open whatever there is to open on a page, one after the other; what it was."""
    return [what for what, press in TO_OPEN.get(title, {}).items() if press(page)]


def _pressed(page: Page, button: Locator) -> bool:
    if not button.count():
        return False
    button.first.click()
    page.wait_for_timeout(500)
    steps.still(page)
    return True


def _linked(page: Page) -> bool:
    return _pressed(page, page.get_by_role("button", name="Show", exact=True))


def _record(page: Page) -> bool:
    return _pressed(page, page.locator(".st-key-choose-YP-0001").get_by_role("button"))


def _setting(page: Page) -> bool:
    return _pressed(page, page.get_by_role("button", name="Open", exact=True))


def _action(page: Page) -> bool:
    found = _pressed(page, page.locator(".chm-tracker .row, button.row"))
    if found:
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    return found


def _own_places(page: Page) -> bool:
    return _pressed(page, page.get_by_role("radio", name="My young people's"))


def _meeting(page: Page, name: str) -> bool:
    """Open the plan or the minutes of each meeting, and put it away."""
    buttons = page.get_by_role("button", name=name, exact=True)
    count = buttons.count()
    for n in range(count):
        buttons.nth(n).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Meetings")
        steps.still(page)
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Meetings"))
        steps.still(page)
    return bool(count)


def _room(page: Page) -> bool:
    """Go through each item of the meeting."""
    if not _pressed(page, page.get_by_role("button", name=re.compile("^(Run it|Join)$"))):
        return False
    agenda = page.get_by_role("navigation", name="Agenda")
    expect(agenda).to_be_visible()
    for item in ITEMS:
        agenda.get_by_role("button", name=re.compile(item)).click()
        expect(agenda.locator("[aria-current=step]")).to_contain_text(item)
        steps.still(page)
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Meetings")).to_be_visible()
    return True


TO_OPEN: dict[str, dict[str, Callable[[Page], bool]]] = {
    "Young people": {"record": _record},
    "Score": {"draft": _record},
    "Network": {"network": _linked},  # Whose episodes the next page shows by itself.
    "Group or school": {"setting": _setting},
    "Places": {"own places": _own_places},
    "Actions": {"action": _action},
    "Meetings": {"plan": partial(_meeting, name="Plan"), "minutes": partial(_meeting, name="Minutes"), "room": _room},
}
OPENS = {
    "Jo Placeholder": ["draft", "record", "network", "setting", "own places", "action"],
    "Pat Fictional": ["record", "network", "setting", "own places", "action", "plan", "minutes", "room"],
    "Chris Sample": [
        "draft",
        "record",
        "network",
        "setting",
        "own places",
        "action",
        "plan",
        "minutes",
        "room",
    ],
    "Drew Pretend": ["action", "room"],
    "Kit Specimen": [],
    "Lee Nobody": [],
    "Max Example": [],
}
