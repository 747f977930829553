"""What a page has read stays on it while its reader may see it, and no longer; drawn again, it is not read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from chm.casework import audit_log, guarded, meetings, minutes
from chm.casework.desk import Desk
from chm.records import Role, User
from pages.parts import opened_meeting, opened_network, opened_room
from pages.parts.navigation import MEETINGS, MISSING, NETWORK, PLACES, SCORE, SETTING, YOUNG_PERSON

KESTREL, OTHER, MEETING = "YP-0001", "YP-0002", "M-de5000000001"
AGAIN = "\n\n- No such record, or none that you may open"
Open = Callable[[Any], Any]


def record(visit: Any) -> Any:
    return visit("U-jo").young_person(KESTREL)


def draft(visit: Any) -> Any:
    return visit("U-jo").score(KESTREL)


def search(visit: Any) -> Any:
    here = visit("U-jo").to(SCORE)
    here.field("Find by name or id").set_value(KESTREL).run()
    return here


def network(visit: Any, *chosen: str) -> Any:
    here = visit("U-pat").to(NETWORK)
    here.field("Or choose some").set_value(list(chosen or (KESTREL, OTHER)))
    return here.press("Show what links them")


def missing(visit: Any) -> Any:
    here = visit("U-pat").to(MISSING)
    here.at.button(key=f"network-meeting-{MEETING}").click().run()
    return here


def setting(visit: Any) -> Any:
    here = visit("U-jo").to(SETTING)
    here.at.button(key="setting-GRP-de300000004d").click().run()
    return here


def own_places(visit: Any) -> Any:
    return visit("U-jo").to(PLACES).view("My young people's")


def plan(visit: Any, view: str = opened_meeting.PLAN) -> Any:
    here = visit("U-pat").to(MEETINGS)
    here.at.session_state[opened_meeting.CHOSEN] = MEETING
    here.at.session_state[opened_meeting.VIEW] = view
    here.at.run()
    return here


def signed(visit: Any) -> Any:
    return plan(visit, opened_meeting.MINUTES)


def room(visit: Any) -> Any:
    here = visit("U-pat").to(MEETINGS)
    return here._trigger("chm_pressable", "pressed", f"run:{MEETING}")


@pytest.fixture
def pat(lead: Desk) -> Desk:
    return Desk(lead.engine, User("U-pat", "Pat Fictional", "Safer Merton", frozenset({Role.CHAIR})))


@pytest.fixture
def closed(pat: Desk) -> None:
    """The meeting is over, and its minutes are drafted."""
    minutes.close(pat, meetings.plan(pat, MEETING).meeting, None)


def names(here: Any) -> bool:
    assert not here.at.exception, here.at.exception
    return "Kestrel" in here.everything


EACH: list[tuple[Open, list[str]]] = [
    (record, ["**This record cannot be opened**" + AGAIN]),
    (draft, ["**This draft is not open to you any more**" + AGAIN]),
    (search, []),
    (network, ["**These young people cannot be shown together**" + AGAIN]),
    (missing, ["**These episodes cannot be shown together**" + AGAIN]),
    (setting, []),
    (own_places, []),
    (plan, []),
]


@pytest.mark.parametrize(("opens", "said"), EACH, ids=lambda part: getattr(part, "__name__", ""))
def test_what_is_open_is_taken_off_the_page_once_its_reader_may_see_it_no_more(
    opens: Open, said: list[str], visit: Any, lead: Desk
) -> None:
    here = opens(visit)
    assert names(here)
    guarded.restrict(lead, KESTREL, "A worker's own family")
    here.at.run()
    assert (names(here), here.errors) == (False, said)


@pytest.mark.parametrize("opens", [one for one, _ in EACH], ids=lambda part: part.__name__)
def test_what_is_drawn_again_is_not_read_again(opens: Open, visit: Any, lead: Desk) -> None:
    here = opens(visit)
    before = len(audit_log.read(lead))
    for _ in range(3):
        here.at.run()
    assert (names(here), len(audit_log.read(lead))) == (True, before + 1)


def test_nor_are_minutes(closed: None, visit: Any, lead: Desk) -> None:
    here = signed(visit)
    assert names(here)
    before = [e.operation for e in audit_log.read(lead)].count("minutes.read")
    here.at.run()
    assert [e.operation for e in audit_log.read(lead)].count("minutes.read") == before
    guarded.restrict(lead, KESTREL, "A worker's own family")
    here.at.run()
    assert (names(here), here.errors) == (False, [])


def test_a_page_that_is_entered_again_is_read_again(visit: Any, lead: Desk) -> None:
    def read() -> int:
        return [e.operation for e in audit_log.read(lead)].count("places.of_young_people")

    here = own_places(visit)
    before = read()
    here.to(NETWORK).to(PLACES).view("My young people's")
    assert read() == 2 * before > 0


def test_broken_glass_is_over_after_three_hours_on_an_open_page_too(visit: Any, lead: Desk, demo: Path) -> None:
    sam = Desk(lead.engine, User("U-sam", "Sam Invented", "Children's Social Care", frozenset({Role.PRACTITIONER})))
    guarded.break_glass(sam, KESTREL, "Seen at the station, and nobody answers")
    here = visit("U-sam")
    here.at.session_state["young_person"] = KESTREL
    here.to(YOUNG_PERSON)
    assert names(here)
    with closing(sqlite3.connect(demo)) as database:
        database.execute("UPDATE break_glass SET until = datetime(until, '-4 hours'), at = datetime(at, '-4 hours')")
        database.commit()
    here.at.run()
    assert (names(here), here.errors) == (False, ["**This record cannot be opened**" + AGAIN])


def test_one_who_may_be_shown_no_more_is_refused_by_one_entry(visit: Any, lead: Desk) -> None:
    here = network(visit)
    guarded.restrict(lead, KESTREL, "A worker's own family")
    here.at.run()
    refused = [(e.operation, e.record) for e in audit_log.read(lead) if e.why == "refused"]
    assert refused == [("network.read", OTHER), ("network.read", KESTREL)]


def test_what_may_be_shown_no_more_goes_while_the_database_cannot_be_written(
    visit: Any, lead: Desk, demo: Path
) -> None:
    here = record(visit)
    guarded.restrict(lead, KESTREL, "A worker's own family")
    with closing(sqlite3.connect(demo, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        here.at.run()
        database.execute("ROLLBACK")
    assert not names(here)
    assert "The database is in use" in here.errors[0]


def test_a_page_is_read_anew_once_its_texts_may_name_fewer(visit: Any, lead: Desk) -> None:
    def read() -> int:
        return [e.operation for e in audit_log.read(lead)].count("people.record_of")

    here = record(visit)
    before = read()
    here.at.run()
    assert read() == before
    guarded.restrict(lead, "YP-0003", "A worker's own family")
    for _ in range(2):
        here.at.run()
        assert (names(here), read()) == (True, before + 1)


def test_a_protected_address_is_kept_for_as_long_as_it_may_be_read(demo: Path) -> None:
    def page() -> None:
        import streamlit as st

        from chm.casework import addresses
        from pages.parts import gate

        desk = gate.desk()
        if st.button("Open it"):
            found = addresses.read(desk, "YP-0001", "To visit them today")
            gate.keep(desk, found, lambda _: addresses.still_open(desk, "YP-0001"))
        st.text("shown" if gate.beside(desk) else "away")

    at = AppTest.from_function(page).run()
    assert at.text[0].value == "away"
    at.button[0].click().run()
    at.run()
    assert at.text[0].value == "shown"
    with closing(sqlite3.connect(demo)) as database:
        database.execute("UPDATE user_role SET role = 'chair' WHERE user = 'U-jo'")
        database.commit()
    at.run()
    assert at.text[0].value == "away"


def test_a_case_that_is_closed_is_taken_off_the_page(visit: Any, lead: Desk) -> None:
    here = record(visit)
    guarded.close(lead, KESTREL, "Nothing more to do")
    here.at.run()
    assert (names(here), here.errors) == (False, ["**This record cannot be opened**" + AGAIN])


def test_a_meeting_that_somebody_else_chairs_now_is_put_away(visit: Any, demo: Path) -> None:
    here = plan(visit)
    _chaired_by(demo, "U-chris")
    here.at.run()
    assert (names(here), here.errors) == (False, ["**This meeting cannot be opened**" + AGAIN])


def _chaired_by(demo: Path, user: str) -> None:
    with closing(sqlite3.connect(demo)) as database:
        database.execute("UPDATE meeting SET chair = ? WHERE id = ?", (user, MEETING))
        database.commit()


class TestRoom:
    def shown(self, here: Any) -> opened_room.OpenedRoom:
        assert not here.at.exception, here.at.exception
        found: opened_room.OpenedRoom = here.at.session_state[opened_room.CHOSEN]
        return found

    def test_who_may_be_shown_no_more_leaves_it(self, visit: Any, lead: Desk) -> None:
        here = room(visit)
        assert len(self.shown(here).room.plans) == 8
        guarded.restrict(lead, KESTREL, "A worker's own family")
        here.at.run()
        assert len(self.shown(here).room.plans) == 7

    def test_so_do_names_that_were_shown(self, visit: Any, lead: Desk) -> None:
        here = room(visit)
        here._trigger("chm_room_stage", "pressed", [[1, "shown:names"]])
        assert names(here)
        guarded.restrict(lead, KESTREL, "A worker's own family")
        here.at.run()
        assert not names(here)

    @pytest.mark.parametrize(("role", "networked"), [("practitioner", True), ("partner", False)])
    def test_so_do_names_where_their_reader_chairs_no_more(
        self, role: str, networked: bool, visit: Any, demo: Path
    ) -> None:
        here = room(visit)
        here._trigger("chm_room_stage", "pressed", [[1, "shown:names"]])
        assert names(here)
        with closing(sqlite3.connect(demo)) as database:
            database.execute("UPDATE user_role SET role = ? WHERE user = 'U-pat'", (role,))
            database.commit()
        here.at.run()
        assert not names(here)
        seen = self.shown(here)
        assert (seen.room.chairing, seen.networked, seen.named) == (False, networked, None)

    def test_a_dialog_is_of_the_meeting_it_was_opened_in(self, visit: Any) -> None:
        here = room(visit)
        here._trigger("chm_room_stage", "pressed", [[1, "close:"]])
        here.at.run()
        assert len(here.at.get("dialog")) == 1 and "Close the meeting" in here.everything
        here.to(MEETINGS)
        here._trigger("chm_pressable", "pressed", f"run:{MEETING}")
        assert here.at.get("dialog") == []

    def test_drawn_again_it_is_not_read_again(self, visit: Any, lead: Desk) -> None:
        here = room(visit)
        before = len(audit_log.read(lead))
        for _ in range(3):
            here.at.run()
        assert (len(self.shown(here).room.plans), len(audit_log.read(lead))) == (8, before + 1)

    def test_whoever_has_no_place_in_it_any_more_is_out(self, visit: Any, demo: Path) -> None:
        here = room(visit)
        _chaired_by(demo, "U-chris")
        here.at.run()
        assert here.errors == ["**This meeting is not open to you any more**" + AGAIN]
        assert opened_room.CHOSEN not in here.at.session_state
        assert "No meeting is open here" in here.everything


def test_a_neighbour_who_may_be_shown_no_more_is_masked(visit: Any, lead: Desk) -> None:
    here = network(visit, OTHER)
    opened = here.at.session_state[opened_network.CHOSEN]
    assert opened.records.named[0] == OTHER and KESTREL in opened.records.named
    guarded.restrict(lead, KESTREL, "A worker's own family")
    here.at.run()
    opened = here.at.session_state[opened_network.CHOSEN]
    assert (opened.chosen, opened.records.named[0], here.errors) == ((OTHER,), OTHER, [])
    assert KESTREL not in opened.records.named
