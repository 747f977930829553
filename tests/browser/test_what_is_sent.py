"""What each role's browser is sent on each of its pages: no young person is named in it who is not theirs to see."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chm import store
from chm.casework import connections, guarded, meetings, people
from chm.casework.desk import Desk
from chm.connections import Source
from chm.linkage.ties import Confidence, Party
from chm.store import users
from tests.browser import signing, steps
from tests.browser.conftest import serving
from tests.browser.signing import Site
from tests.browser.test_pages import SCREENS
from tests.browser.test_room import MEETING

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
    for title in SCREENS[name]:
        steps.go(page, title)
        _opened(page, title)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    said = b"\n".join(heard.parts).decode("utf-8", "replace")
    assert "Guidance" in said
    assert {id for id, who in every.items() if who in said} - theirs == set()
    assert {id for id in theirs if every[id] in said} == theirs
    if not theirs:  # First names are young people's alone here.
        first = {who.split()[0] for who in every.values()}
        assert {word for word in first if re.search(rf"\b{re.escape(word)}\b", said)} == set()
    assert ids or not re.search(r"YP-\d", said)


def _opened(page: Page, title: str) -> None:
    """Open what the page first offers."""
    if title == "Network":
        page.get_by_role("button", name="Show", exact=True).first.click()
        expect(page.get_by_role("heading", level=1, name=re.compile("^What links these"))).to_be_visible()
        steps.still(page)
