"""Meetings, places, actions and what is recorded about young people, for the golden table: one of each word, made anew.

`who` is the short name of the user who is then asked to open it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

from chm import store
from chm.access import Permission
from chm.casework import connections, live_record, minutes, place_actions, plans, room
from chm.casework.desk import Desk
from chm.casework.live_record import NewAction, NewEntry
from chm.casework.place_actions import NewPlaceAction
from chm.casework.place_records import NewPlaceAssessment, NewPlaceWords, PlaceEdit
from chm.connections import NamedGroup, Party, Person, Place, PlaceKind
from chm.meetings.records import Attendance, EntryKind
from chm.meetings.tracked import Kind
from chm.places.records import PlaceWords
from chm.records import ActionStatus
from chm.store import meetings, places

from .conftest import NOW, TODAY, Office, convene
from .test_connections import sighting

# Whom Jo and Lee work with; who is in the meetings of whoever is asked, and no more; who is in none of these.
NEAR, MET, FAR = "YP-0101", "YP-0106", "YP-0105"
NUMBER = count(1)


@dataclass(frozen=True)
class Thing:
    """A meeting, place or record, by its id; `parts` are what belongs to it, by kind."""

    id: str
    parts: Mapping[str, Any]


def slot(desk: Desk, meeting: str) -> str:
    """The slot of the first young person of a meeting."""
    room.open(desk, meeting)
    with store.transaction(desk.engine, writing=False) as session:
        found = meetings.aliases(session, meeting)
    return next(slot for party, (_, slot) in found.items() if party.startswith("young_person:"))


def a_meeting(
    office: Office, chair: str, child: str, invited: list[str], days_ago: int, closed: bool, by: str = "lead"
) -> Thing:
    """A meeting with an entry and an action, both put down at the time by `by`."""
    id, lead = f"M-t{next(NUMBER)}", office["lead"]
    writer = replace(office[by], clock=lambda: NOW - timedelta(days=days_ago))
    with store.transaction(office.engine) as session:
        convene(session, id, "A meeting", TODAY - timedelta(days=days_ago), office[chair].user.id, [child], invited)
        kept = meetings.get(session, id)
    child_slot = slot(lead, id)
    said = live_record.say(writer, id, view())
    agreed = live_record.agree(
        writer,
        id,
        NewAction(
            pillar="protect",
            text="Visit",
            owner_agency="Housing",
            due=TODAY + timedelta(9),
            target=f"young_person:{child_slot}",
        ),
    )
    if closed:
        kept = minutes.close(lead, kept, None if days_ago else TODAY + timedelta(days=20))
    return Thing(id, {
        "meeting": kept, "child": child, "slot": child_slot, "entry": said.id, "kind": Kind.MEETING,
        "action": agreed.id,
    })  # fmt: skip


def own_meeting(
    office: Office, who: str, child: str, days_ago: int = 0, closed: bool = False, by: str = "lead"
) -> Thing:
    """A meeting of the asker's: who may plan meetings chairs it, and the others are invited."""
    chair = who if office[who].may(Permission.PLAN_MEETING) else "chair"
    return a_meeting(office, chair, child, ["u-jo", "u-partner"], days_ago, closed, by)


def meetings_of(office: Office, who: str, closed: bool) -> dict[str, Thing]:
    return {
        "meeting": own_meeting(office, who, NEAR, closed=closed),
        "past_meeting": own_meeting(office, who, NEAR, 120, closed),
        "other_meeting": a_meeting(office, "both", FAR, [], 0, closed),
    }


def written_by(office: Office, who: str) -> dict[str, Thing]:
    return {
        "written": own_meeting(office, who, NEAR, by=who),
        "past_written": own_meeting(office, who, NEAR, 120, by=who),
    }


def walk(place: str) -> NewPlaceAction:
    return NewPlaceAction(place=place, pillar="disrupt", text="Walk past", owner_agency="Housing", due=TODAY)


def view() -> NewEntry:
    return NewEntry(kind=EntryKind.VIEW, item="plan", text="A view", agency="Housing", reason="Why")


def a_place(office: Office, child: str, kind: PlaceKind) -> Thing:
    number, lead = next(NUMBER), office["lead"]
    place = Place(id="", name=f"Example {number}", place_kind=kind, latitude=51.4, longitude=-0.2)
    id = connections.record_event(lead, sighting(Party("young_person", child), place)).participants[1].party.id
    words = PlaceWords(
        id=f"PW-{number}", place=id, safe=True, text="Light", said_on=TODAY, for_partners=True, recorded_by="u-lead",
        recorded_at=NOW,
    )  # fmt: skip
    with store.transaction(office.engine) as session:
        places.add_words(session, words)
    action = place_actions.record(lead, walk(id))
    return Thing(id, {"place": replace(place, id=id), "words": words.id, "action": action})


def places_of(office: Office) -> dict[str, Thing]:
    return {
        "place": a_place(office, NEAR, PlaceKind.PHYSICAL),
        "other_place": a_place(office, FAR, PlaceKind.PHYSICAL),
        "home": a_place(office, NEAR, PlaceKind.HOME),
        "other_home": a_place(office, FAR, PlaceKind.HOME),
    }


def a_record(office: Office, child: str) -> Thing:
    lead, young = office["lead"], Party("young_person", child)
    people = [Person(id="", name=f"Somebody Invented {next(NUMBER)}") for _ in range(2)]
    event = connections.record_event(lead, sighting(young, *people, NamedGroup(id="", name=f"Crowd {next(NUMBER)}")))
    one, other, group = (p.party.id for p in event.participants[1:])
    friend = connections.record_relationship(lead, connections.NewRelationship(
        young, Party("person", one), "associates", event.source,
    ))  # fmt: skip
    return Thing(event.id, {
        "event": event, "relationship": friend, "one": one, "other": other, "group": group,
        "entity": replace(people[0], id=one),
    })  # fmt: skip


def records_of(office: Office) -> dict[str, Thing]:
    return {"near": a_record(office, NEAR), "far": a_record(office, FAR)}


def an_action(office: Office, child: str, agency: str = "Health", person: str = "Al") -> Thing:
    target, lead = f"young_person:{child}", office["lead"]
    action = plans.add_action(
        lead, child, target=target, pillar="protect", text="Visit", owner_agency=agency, owner_person=person
    )
    return Thing(action.id, {"kind": Kind.PLAN, "action": action.id})


def actions_of(office: Office, who: str) -> dict[str, Thing]:
    user = office[who].user
    return {
        "near": an_action(office, NEAR),
        "far": an_action(office, FAR),
        "decided": own_meeting(office, who, MET),
        "past_decided": own_meeting(office, who, MET, 120),
        "other_decided": a_meeting(office, "both", FAR, [], 0, closed=False),
        "owned": an_action(office, FAR, user.agency, user.name),
    }


Given = Callable[[Thing], dict[str, Any]]


@dataclass(frozen=True)
class Its:
    """One of a thing's parts, by its kind."""

    said: str


def only(name: str) -> Given:
    return lambda thing: {name: thing.id}


def meeting(**more: Any) -> Given:
    """The meeting's id and `more`, in which an `Its` stands for one of its parts."""
    return lambda m: {"meeting": m.id} | {k: m.parts[v.said] if isinstance(v, Its) else v for k, v in more.items()}


OPEN_MEETING: dict[str, Given] = {
    "live_record.agree": lambda m: {"meeting": m.id, "new": NewAction(
        pillar="protect", text="Visit", owner_agency="Housing", due=TODAY, target=f"young_person:{m.parts['slot']}")},
    "live_record.amend": meeting(
        id=Its("action"), version=1, text="Visit twice", owner_agency="Housing", owner_person="", due=TODAY),
    "live_record.correct": meeting(id=Its("entry"), version=1, text="Another view", reason="Why"),
    "live_record.drop": meeting(id=Its("action"), version=1, why="Done elsewhere"),
    "live_record.keep_note": meeting(content={}),
    "live_record.keep_replies": meeting(action=Its("action"), said={}),
    "live_record.note": meeting(),
    "live_record.replies": meeting(action=Its("action")),
    "live_record.say": meeting(new=view()),
    "live_record.take_back": meeting(id=Its("entry"), version=1),
    "meetings.attend": lambda m: {"said": Attendance(meeting=m.id, agency="Housing", version=0)},
    "meetings.edit": meeting(meeting=Its("meeting")),
    "meetings.include": meeting(young_people=(), why="Why"),
    "meetings.invite": meeting(user="u-sam"),
    "meetings.leave_out": meeting(young_person=Its("child")),
    "meetings.plan": meeting(),
    "meetings.still_open": lambda m: {"meeting": m.id, "young_people": (m.parts["child"],)},
    "meetings.uninvite": meeting(user="u-partner"),
    "minutes.close": meeting(meeting=Its("meeting"), next_review=None),
    "papers.briefing_file": meeting(form="docx"),
    "room.again": meeting(),
    "room.changes": meeting(),
    "room.in_sight": meeting(),
    "room.named": meeting(item="plan", shown=room.Shown.NAMES),
    "room.open": meeting(),
    "room.record": meeting(),
    "room.reveal": meeting(slot=Its("slot")),
}  # fmt: skip
CLOSED_MEETING: dict[str, Given] = {
    "minutes.draft": meeting(why="Why"),
    "minutes.put_right": meeting(id=Its("entry"), version=1, text="Another view", why="Why"),
    "minutes.read": meeting(number=1),
    "minutes.said": meeting(),
    "minutes.sign": meeting(number=1, version=1),
    "minutes.strike": meeting(id=Its("entry"), version=1, why="Why"),
    "minutes.versions": meeting(),
    "papers.agency_file": meeting(number=1, agency="Housing"),
    "papers.extract_file": meeting(number=1, young_person=Its("child"), form="docx"),
    "papers.minutes_file": meeting(number=1, form="docx"),
    "papers.review_file": meeting(),
}
PLACE: dict[str, Given] = {
    "place_actions.complete": lambda p: {"action": p.parts["action"], "result": "Done"},
    "place_actions.drop": lambda p: {"action": p.parts["action"], "reason": "Done elsewhere"},
    "place_actions.may_act": only("place"),
    "place_actions.of_place": only("place"),
    "place_actions.recommended": only("place"),
    "place_actions.record": lambda p: {"new": walk(p.id)},
    "place_actions.start": lambda p: {"action": p.parts["action"]},
    "place_exports.location_briefing": only("place"),
    "place_exports.location_file": lambda p: {"place": p.id, "kind": "docx"},
    "place_records.assess": lambda p: {"new": NewPlaceAssessment(
        place=p.id, level="emerging", summary="Why", assessed_on=TODAY)},
    "place_records.assessments": only("place"),
    "place_records.edit": lambda p: {"edited": PlaceEdit(
        id=p.id, name="Another", latitude=51.4, longitude=-0.2, version=p.parts["place"].version)},
    "place_records.record_words": lambda p: {"new": NewPlaceWords(
        place=p.id, safe=True, text="Light", said_on=TODAY, for_partners=True)},
    "place_records.withdraw_words": lambda p: {"words": p.parts["words"]},
    "place_records.words": only("place"),
    "places.is_theirs": only("place"),
    "places.open": only("place"),
    "places.since": lambda p: {"place": p.id, "on": TODAY - timedelta(days=30)},
}  # fmt: skip
RECORD: dict[str, Given] = {
    "connections.correct_event": lambda r: {"event": r.parts["event"], "why": "Why"},
    "connections.correct_relationship": lambda r: {"relationship": r.parts["relationship"], "why": "Why"},
    "connections.edit_entity": lambda r: {"entity": r.parts["entity"]},
    "connections.history": only("record_id"),
    "connections.withdraw": lambda r: {"record_id": r.id, "why": "Why"},
    "duplicates.keep_apart": lambda r: {"one_id": r.parts["one"], "other_id": r.parts["other"]},
    "duplicates.merge": lambda r: {"keep_id": r.parts["one"], "other_id": r.parts["other"]},
    "setting_assessments.open": lambda r: {"subject": r.parts["group"]},
}  # fmt: skip
ACTION: dict[str, Given] = {
    "tracker.reassign": lambda a: {
        "kind": a.parts["kind"], "id": a.parts["action"], "version": 1, "owner_agency": "Education",
        "owner_person": "", "due": TODAY},
    "tracker.update": lambda a: {
        "kind": a.parts["kind"], "id": a.parts["action"], "version": 1, "status": ActionStatus.DONE,
        "outcome": "Visited"},
}  # fmt: skip
# What lists whom the user works with, or whoever is called so.
LISTS: dict[str, dict[str, Any]] = {
    "meetings.find": {"text": "Placeholder"},
    "network.meetings": {},
    "network.mine": {},
    "people.find": {"text": "Placeholder"},
    "people.in_reach": {},
    "people.mine": {},
    "plans.actions_of_mine": {},
    "tracker.read": {},
}
GIVEN: dict[str, Given] = OPEN_MEETING | CLOSED_MEETING | PLACE | RECORD | ACTION
WRITTEN = {"live_record.amend", "live_record.correct", "live_record.drop", "live_record.take_back"}


def things(office: Office, who: str, operation: str) -> dict[str, dict[str, Any]]:
    """What `operation` is asked about by `who`, by the word that the table has for it, made for this one asking."""
    if operation in PLACE:
        found = places_of(office)
    elif operation in RECORD:
        found = records_of(office)
    elif operation in ACTION:
        found = actions_of(office, who)
    else:
        found = meetings_of(office, who, closed=operation in CLOSED_MEETING)
    if operation in WRITTEN:
        found |= written_by(office, who)
    return {word: GIVEN[operation](thing) for word, thing in found.items()}
