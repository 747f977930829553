"""Whatever people wrote, no operation gives the whole name of somebody far to who may not know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import JSON, select, update

from chm import store
from chm.access import permitted
from chm.casework import connections, duplicates, episodes, minutes, place_records, setting_assessments, shared_actions
from chm.casework import people as people_of
from chm.casework.desk import Intention
from chm.casework.place_records import NewPlaceAssessment
from chm.casework.setting_assessments import NewSettingAssessment
from chm.casework.shared_actions import NewSharedAction
from chm.connections import Event, Influence, Party, PlaceKind
from chm.episodes.records import Episode
from chm.errors import ChmError
from chm.records import ActionPart, Role
from chm.store import people
from chm.store.deletion import NOT_READ, texts
from chm.store.tables import Table

from .conftest import TODAY, Office
from .hall import assess
from .test_roles import ALL, WHO, function
from .test_roles import states as states
from .test_sight import FAR, text
from .things import GIVEN, NEAR, a_place, a_record, an_action, own_meeting, things

# What is no text: words of the framework and of lists, ids, keys to search by.
NO_TEXT = {
    *("alias", "domain", "form", "form_entry", "framework", "grade", "id", "indicator", "item", "judged_level", "kind"),
    *("level", "name_key", "party", "pillar", "plate", "platform", "postcode", "score", "step", "target"),
    "young_people",
}  # fmt: skip
# In JSON, what people wrote goes by these; a list of texts by its column.
WRITTEN = {
    *("agency", "changes", "gaps", "judged_why", "note", "other_names", "outcome", "owner_agency", "parent", "purpose"),
    *("reason", "reasons", "summary", "tells", "text", "things", "title", "venue", "voice", "what", "why"),
}  # fmt: skip
# A child's own record is read by those who work with them as it was written.
AS_WRITTEN = {"documents.assessment", "people.record_of", "plans.actions_of_mine"}


def planted(value: Any, name: str) -> Any:
    """`value` with the name of somebody far after each text that people wrote in it."""
    if isinstance(value, str):
        return f"{value} {FAR.name}" if value and name in WRITTEN else value
    if isinstance(value, list):
        return [planted(v, name) for v in value]
    if isinstance(value, dict):
        return {k: v if k == "totals" else planted(v, name if name == "things" else k) for k, v in value.items()}
    return value


def plant(engine: store.Engine) -> None:
    with store.transaction(engine) as session:
        for table in Table.metadata.sorted_tables:
            for column in texts(table) if table.name not in NOT_READ | {"notice"} else ():
                if column.name in NO_TEXT:
                    continue
                if not isinstance(column.type, JSON):
                    session.execute(update(table).where(column != "").values({column.name: column + f" {FAR.name}"}))
                    continue
                keys = list(table.primary_key.columns)
                for *key, found in session.execute(select(*keys, column)).all():
                    there = [k == v for k, v in zip(keys, key, strict=True)]
                    session.execute(update(table).where(*there).values({column.name: planted(found, column.name)}))


@dataclass(frozen=True)
class Filled:
    """What is recorded about the young person whom Jo works with."""

    event: str
    group: str
    person: str
    assessment: str
    meeting: str
    episode: Episode
    part: ActionPart


def fill(office: Office) -> Filled:
    """One of everything that people write about somebody, and about what they are tied to."""
    jo, lead = office["jo"], office["lead"]
    near, place = a_record(office, NEAR), a_place(office, NEAR, PlaceKind.PHYSICAL)
    a_place(office, NEAR, PlaceKind.HOME)
    meeting = own_meeting(office, "chair", NEAR, closed=True)
    minutes.sign(office["chair"], meeting.id, 1, 1)
    own_meeting(office, "chair", NEAR)
    an_action(office, NEAR)
    group, person = near.parts["group"], near.parts["one"]
    for other in (near.parts["event"], near.parts["relationship"]):
        correct = connections.correct_event if isinstance(other, Event) else connections.correct_relationship
        correct(lead, replace(other, influence=Influence.HARMFUL), "Asked again")  # type: ignore[operator]
    duplicates.keep_apart(lead, person, near.parts["other"], ["Two people"])
    said = {"level": "moderate", "summary": "Why", "assessed_on": TODAY}
    setting_assessments.record(lead, NewSettingAssessment(subject=group, young_people=(NEAR,), **said))
    place_records.assess(lead, NewPlaceAssessment(place=place.id, **said))
    episode = Episode(id="", young_person=NEAR, start=TODAY, end=None, found_at="Home", companions="A friend")
    proposed = NewSharedAction(
        target=Party("person", person), pillar="support", text="Visit", owner_agency="Housing", owner_person="Al",
        young_people=(NEAR,), due=TODAY, why="Why",
    )  # fmt: skip
    shared_actions.propose(lead, proposed)
    people_of.add_incident(jo, NEAR, on=TODAY, kind="other", what="Seen", agency="Police")
    people_of.add_referral(jo, NEAR, on=TODAY, agency="Police", reason="Seen", outcome="Visited")
    return Filled(
        near.id, group, person, assess(jo, NEAR).id, meeting.id, episodes.record(lead, NEAR, episode),
        shared_actions.waiting(jo)[0].part,
    )  # fmt: skip


def asked_of(office: Office, who: str, of: Intention, filled: Filled) -> Mapping[str, dict[str, Any]]:
    more = {
        "connections.find_entities": {"text": "e"},
        "documents.assessment": {"assessment_id": filled.assessment},
        "documents.safety_plan": {"for_family": False},
        "episodes.correct": {"episode": filled.episode, "version": 1},
        "meetings.find": {"text": "a"},
        "network_export.export": {"form": "csv"},
        "papers.own_extract_file": {"meeting": filled.meeting, "form": "docx"},
        "people.find": {"text": "a"},
        "place_exports.ranking_file": {"kind": "csv"},
        "setting_assessments.history": {"subject": filled.group},
        "shared_actions.decline": {"reason": "Done"},
        "shared_actions.of_target": {"target": Party("person", filled.person)},
    }.get(of.operation, {})
    if of.about:
        either = SimpleNamespace(young_person=NEAR, young_people=(NEAR,))
        named = {"young_person": NEAR, "young_people": (NEAR,), "part": filled.part}.get(of.about, either)
        return {"near": {of.about: named, **more}}
    if of.operation == "connections.history":
        return {"corrected": {"record_id": filled.event}}
    return things(office, who, of.operation) if of.operation in GIVEN else {"": more}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("of", [i for i in ALL if i.operation not in AS_WRITTEN], ids=lambda i: i.operation)
def test_no_operation_names_somebody_far(states: Office, of: Intention) -> None:
    may = [who for role, who in WHO.items() if role != Role.SAFEGUARDING_LEAD and permitted({role}, of.permission)]
    filled = fill(states)
    asked = {who: asked_of(states, who, of, filled) for who in may}
    with store.transaction(states.engine) as session:
        people.add(session, FAR)
    plant(states.engine)
    for who in may:
        for word, given in asked[who].items():
            try:
                said = text(function(of)(states[who], **given))
            except (ChmError, TypeError, AttributeError) as refused:
                said = str(refused)
            assert (who, word, said[max(0, said.find("Quill") - 150) :][:200] if "Quill" in said else "") == (
                who,
                word,
                "",
            )
