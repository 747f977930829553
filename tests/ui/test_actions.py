"""The Actions page without a browser: who reads what, what a press opens, and what is stored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chm import store
from chm.casework import audit_log, people, tracker, users
from chm.casework.desk import Desk
from chm.meetings.records import MeetingAction
from chm.meetings.tracked import Tracked
from chm.records import ActionStatus
from chm.store import meetings
from chm.store import plans as kept_plans
from pages.parts import tracker_filters, tracker_list
from pages.parts.navigation import ACTIONS

MEETING = "M-de5000000001"  # About YP-0001 and seven more; Pat chairs it.
PRACTITIONER, CHAIR, PARTNER, LEAD = "U-jo", "U-pat", "U-drew", "U-chris"
TODAY = date.today()


@pytest.fixture
def decided(lead: Desk) -> None:
    """Three actions of the meeting: one late, for two young people; one Drew's; one for everybody, without a date."""
    given: dict[str, Any] = {
        "meeting": MEETING, "pillar": "disrupt", "owner_agency": "Police", "recorded_by": CHAIR,
        "recorded_at": datetime.now(UTC),
    }  # fmt: skip
    made = (
        MeetingAction(
            id="MA-f1", target="young_person:YP-0001", young_people=("YP-0001", "YP-0028"), due=TODAY - timedelta(2),
            text="Ask @{young_person:YP-0028} <b>first</b> **now**", owner_person="PC Placeholder", **given,
        ),
        MeetingAction(
            id="MA-f2", target="young_person:YP-0028", young_people=("YP-0028",), due=TODAY,
            text="Meet Shrike at the bus", **{**given, "owner_agency": "Youth work or outreach"},
            owner_person="Drew Pretend",
        ),
        MeetingAction(id="MA-f3", target="vehicle:VEH-0", due=None, text="Undated Placeholder", **given),
    )  # fmt: skip
    with store.transaction(lead.engine) as session:
        for action in made:
            meetings.add_action(session, action)


def press(here: Any, said: Any) -> Any:
    """Press in the list, and run to the end."""
    _pressed(here, said)
    return here


def _pressed(here: Any, said: Any, states: Any = None) -> None:
    found = [c for c in here.at.get("bidi_component") if c.proto.component_name.endswith("chm_pressable")][-1]
    states = states or here.at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{found.proto.id}__events"
    widget.json_trigger_value = json.dumps([{"event": "pressed", "value": said}])
    here.at._run(states)
    assert not here.at.exception


def save(here: Any, key: str) -> Any:
    """Press Save in the dialog of the action `key`, which has to be opened in the same run."""
    here.button("Save").click()
    return press(here, f"open:{key}")


def kept(lead: Desk, id: str) -> MeetingAction:
    with store.transaction(lead.engine, writing=False) as session:
        return meetings.action(session, id)


def keys(here: Any) -> list[str]:
    """The actions that the list holds, drawn or not."""
    return [k.partition(":")[2] for k in here.at.session_state[tracker_list.SHOWN]]


def test_a_practitioner_reads_own_young_people_and_no_other_name(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(PRACTITIONER).to(ACTIONS)
    assert {"MA-f1", "MA-f2"} & set(keys(here)) == {"MA-f1"}  # Shrike is on another's caseload.
    assert "Ask another young person <b>first</b> **now**" in here.said
    assert "<b>first</b>" not in here.everything
    assert "Kestrel Madeup, another young person" in here.said
    others = [p.young_person.name for p in people.mine(lead) if p.young_person.id >= "YP-0015"]
    assert len(others) == 26
    assert [n for n in others if n in here.said] == []


def test_a_chair_reads_the_whole_meeting(visit: Any, decided: None) -> None:
    here = visit(CHAIR).to(ACTIONS)
    assert {"MA-f1", "MA-f2", "MA-f3"} <= set(keys(here))
    assert "Ask Shrike Pretend <b>first</b> **now**" in here.said
    assert "2 days late" in here.said


def test_a_partner_reads_own_ones_without_a_name(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(PARTNER).to(ACTIONS)
    assert "Meet a young person at the bus" in here.said
    assert "MA-f1" not in keys(here)
    names = [p.young_person.name for p in people.mine(lead)]
    assert len(names) == 40
    assert [n for n in [*names, "YP-0", "Shrike"] if n in here.everything] == []
    assert "done this month" not in here.said
    assert {b.label for b in here.at.button} == {"Download"}
    assert here.at.get("button_group") == []


def test_counts_filter_when_pressed_and_give_way_when_pressed_again(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(CHAIR).to(ACTIONS)
    rows = tracker.read(Desk(lead.engine, _user(lead, CHAIR)))
    late = [r.id for r in rows if r.overdue]
    assert f"{len(late)} overdue" in here.said
    press(here, "only:overdue")
    assert keys(here) == late
    press(here, "only:undated")
    assert keys(here) == [r.id for r in rows if r.live and r.due is None]
    press(here, "only:undated")
    assert keys(here) == [r.id for r in rows]


def test_done_this_month_is_done_and_of_this_month(lead: Desk) -> None:
    rows = tracker.read(lead)
    row = next(r for r in rows if r.live)
    today = date(2026, 11, 23)

    def counts(status: ActionStatus, closed: date | None) -> bool:
        return tracker_filters.counted(_with(row, status, closed), tracker_filters.DONE, today)

    assert counts(ActionStatus.DONE, date(2026, 11, 1))
    assert not counts(ActionStatus.DONE, date(2026, 10, 31))
    assert not counts(ActionStatus.DONE, date(2025, 11, 23))
    assert not counts(ActionStatus.DROPPED, date(2026, 11, 1))
    assert not counts(ActionStatus.OPEN, None)


def _with(row: Tracked, status: ActionStatus, closed: date | None) -> Tracked:
    return replace(row, status=status, closed_on=closed)


def test_filters_narrow_the_list(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(CHAIR).to(ACTIONS)
    rows = tracker.read(Desk(lead.engine, _user(lead, CHAIR)))
    here.field("Meeting").set_value(MEETING).run()
    assert keys(here) == ["MA-f1", "MA-f2", "MA-f3"]
    here.field("Search").set_value("SHRIKE bus").run()
    assert keys(here) == ["MA-f2"]
    here.field("Search").set_value("no such word").run()
    assert keys(here) == []
    assert "No action fits what is chosen." in here.said
    press(here, "clear:")
    assert keys(here) == [r.id for r in rows]
    here.field("Pillar").set_value("disrupt").run()
    assert keys(here) == [r.id for r in rows if r.pillar == "disrupt"]
    here.field("Pillar").set_value(None)
    here.field("Whose").set_value(tracker_filters.AGENCY).run()
    agency = [r.id for r in rows if r.my_agency]
    assert len(agency) > 1
    assert keys(here) == agency
    here.field("Whose").set_value(tracker_filters.MINE).run()
    assert keys(here) == [r.id for r in rows if r.mine]


def test_a_long_list_shows_its_beginning_until_more_is_asked_for(visit: Any, lead: Desk) -> None:
    here = visit(LEAD).to(ACTIONS)
    rows = len(tracker.read(lead))
    assert rows > tracker_list.MOST
    assert here.everything.count("open:") == tracker_list.MOST
    assert f"Show {rows - tracker_list.MOST} more" in here.said
    press(here, "whole:")
    assert here.everything.count("open:") == rows
    assert "Show fewer" in here.said


def test_an_action_is_done_with_what_came_of_it(visit: Any, decided: None, lead: Desk) -> None:
    here = press(visit(CHAIR).to(ACTIONS), "open:meeting:MA-f1")
    assert "nobody of this name and agency has an account" in here.said
    save(here, "meeting:MA-f1")
    assert here.errors == ["**Nothing was saved**\n\n- Outcome: empty; write something"]
    press(here, "open:meeting:MA-f1")
    here.field("What came of it").set_value("They came along")
    save(here, "meeting:MA-f1")
    found = kept(lead, "MA-f1")
    assert (found.status, found.outcome, found.closed_on) == (ActionStatus.DONE, "They came along", TODAY)


def test_an_action_is_dropped_started_and_handed_on(visit: Any, decided: None, lead: Desk) -> None:
    here = press(visit(CHAIR).to(ACTIONS), "open:meeting:MA-f1")
    here.field("Now").set_value("Start")
    press(here, "open:meeting:MA-f1")
    save(here, "meeting:MA-f1")
    assert kept(lead, "MA-f1").status == ActionStatus.UNDER_WAY
    press(here, "open:meeting:MA-f1")
    here.field("Now").set_value("Hand on or move the day")
    press(here, "open:meeting:MA-f1")
    here.field("Owner: person").set_value("PC Invented")
    here.field("Due").set_value(TODAY + timedelta(9))
    save(here, "meeting:MA-f1")
    found = kept(lead, "MA-f1")
    assert (found.owner_agency, found.owner_person, found.due) == ("Police", "PC Invented", TODAY + timedelta(9))
    press(here, "open:meeting:MA-f1")
    here.field("Now").set_value("Drop")
    press(here, "open:meeting:MA-f1")
    here.field("Why it is dropped").set_value("Asked already")
    save(here, "meeting:MA-f1")
    found = kept(lead, "MA-f1")
    assert (found.status, found.outcome) == (ActionStatus.DROPPED, "Asked already")


def test_who_may_not_change_it_is_told_who_may(visit: Any, lead: Desk) -> None:
    """Pat may not write in the plan of a young person of the meeting."""
    with store.transaction(lead.engine, writing=False) as session:
        action = next(a for a in kept_plans.actions(session, "YP-0001") if a.status == ActionStatus.OPEN)
    here = press(visit(CHAIR).to(ACTIONS), f"open:plan:{action.id}")
    assert f"{tracker.NOT_YOURS}." in [c.value for c in here.at.caption]
    assert "Save" not in [b.label for b in here.at.button]


def test_what_the_browser_makes_up_opens_nothing(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(PARTNER).to(ACTIONS)
    before = kept(lead, "MA-f1")
    for said in ("open:meeting:MA-f1", "open:plan:ACT-0", "open:", "only:everything", "only:", "x", "", 4, None):
        press(here, said)
        assert "Save" not in [b.label for b in here.at.button]
        assert "MA-f1" not in here.said
    assert kept(lead, "MA-f1") == before


def test_reminders_are_of_what_the_list_shows_and_name_nobody(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(CHAIR).to(ACTIONS)
    here.field("Meeting").set_value(MEETING).run()
    here.press("Reminders")
    assert here.field("Owner · 3 to remind").options == [
        "Police · 1", "Police, PC Placeholder · 1", "Youth work or outreach, Drew Pretend · 1",
    ]  # fmt: skip
    (code,) = here.at.code
    assert "- MA-f3: a vehicle, no date yet" in code.value
    assert [n for n in ("Kestrel", "Shrike", "YP-") if n in code.value] == []


def test_the_list_is_made_into_a_file_and_that_is_audited(visit: Any, decided: None, lead: Desk) -> None:
    here = visit(CHAIR).to(ACTIONS)
    here.field("Meeting").set_value(MEETING).run()
    here.press("Download")
    assert any(c.value.startswith("3 actions, as the list shows them to you") for c in here.at.caption)
    here.press("Download", "Make the file")
    assert not here.at.exception
    assert [b.label for b in here.at.get("download_button")] == ["Save the file"]
    made = [e for e in audit_log.read(lead, most=1000) if e.operation == "tracker.export"]
    assert sorted((e.user, e.record, e.why) for e in made) == [(CHAIR, "YP-0001", "xlsx"), (CHAIR, "YP-0028", "xlsx")]


def test_plain_words_where_there_is_nothing(visit: Any, lead: Desk) -> None:
    here = visit(PARTNER).to(ACTIONS)
    assert "Nothing is yours to do now" not in here.said
    partner = Desk(lead.engine, _user(lead, PARTNER))
    for row in tracker.read(partner):
        tracker.update(partner, row.kind, row.id, row.version, ActionStatus.DROPPED, "Over")
    here.at.run()
    assert "Nothing is yours to do now. What a meeting gives you by name stands here until it is done." in here.said


def _user(lead: Desk, id: str) -> Any:
    return next(u for u in users.all_users(lead.engine) if u.id == id)
