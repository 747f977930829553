"""Recording events, relationships and entities; correcting them and taking them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from chm.casework import connections, network
from chm.casework.connections import NewEvent, NewParticipant, NewRelationship
from chm.casework.desk import Desk
from chm.connections import (
    ONGOING,
    Account,
    AccountKind,
    Confidence,
    Entity,
    Event,
    EventRole,
    Influence,
    NamedGroup,
    Participant,
    Party,
    Person,
    Place,
    PlaceKind,
    Relationship,
    Source,
    Vehicle,
)
from chm.errors import Conflict, Faults, NotFound, NotPermitted

from .conftest import NOW, TODAY, Office
from .test_desk import log

HERON, TEAL, WREN = (Party("young_person", f"YP-000{n}") for n in (1, 2, 3))
POLICE = Source("Police", Confidence.LIKELY, "CAD 1", True, "B2")
CAFE = Place(
    id="", name="Example Café", place_kind=PlaceKind.PHYSICAL, postcode="ZZ1 1ZZ", latitude=51.4, longitude=-0.2
)
DANNO = Person(id="", name="Danno", other_names=("Dan Notreal",), under_18=False)


def sighting(*parties: Party | Entity, **fields: Any) -> NewEvent:
    said: dict[str, Any] = {"kind": "sighting", "source": POLICE, "start": TODAY, **fields}
    return NewEvent(participants=tuple(NewParticipant(p) for p in parties), **said)


def tie(one: Party | Entity, other: Party | Entity, **fields: Any) -> NewRelationship:
    return NewRelationship(one, other, **{"kind": "associates", "source": POLICE, **fields})


def known(desk: Desk, entity: Entity) -> Party:
    kind = {"PLA": "place", "PER": "person", "VEH": "vehicle", "ACC": "account", "GRP": "group"}
    added = connections.add_entity(desk, entity)
    return Party(kind[added.id.partition("-")[0]], added.id)


class TestRecording:
    def test_an_event_keeps_all_that_was_said(self, office: Office) -> None:
        said = NewEvent(
            kind="incident",
            participants=(
                NewParticipant(HERON, EventRole.EXPERIENCING_HARM),
                NewParticipant(DANNO, EventRole.ALLEGED_SOURCE),
                NewParticipant(CAFE),
            ),
            source=POLICE,
            start=date(2026, 11, 20),
            at=time(16, 30),
            influence=Influence.HARMFUL,
            what=" 🦉 =cmd()\x00 ",
        )
        event = connections.record_event(office["jo"], said)
        person, place = (p.party for p in event.participants[1:])
        assert event == Event(
            id=event.id,
            kind="incident",
            participants=(
                Participant(HERON, EventRole.EXPERIENCING_HARM),
                Participant(person, EventRole.ALLEGED_SOURCE),
                Participant(place),
            ),
            source=POLICE,
            start=date(2026, 11, 20),
            end=date(2026, 11, 20),
            at=time(16, 30),
            influence=Influence.HARMFUL,
            what="🦉 =cmd()",
            recorded_by="u-jo",
            recorded_at=NOW,
        )
        assert (event.id[:3], person.kind, person.id[:4], place.kind, place.id[:4]) == (
            "EV-", "person", "PER-", "place", "PLA-",
        )  # fmt: skip
        assert log(office.engine) == [("u-jo", "connections.record_event", "YP-0001", event.id)]
        read = network.read(office["jo"], ("YP-0001",))
        assert read.events == (event,)
        assert read.entities == {person: replace(DANNO, id=person.id), place: replace(CAFE, id=place.id)}

    def test_a_relationship_keeps_all_that_was_said(self, office: Office) -> None:
        said = tie(HERON, DANNO, kind="controls", start=date(2026, 1, 1), end=ONGOING, note=" n ", influence=None)
        found = connections.record_relationship(office["jo"], said)
        assert found == Relationship(
            id=found.id,
            one=HERON,
            other=found.other,
            kind="controls",
            source=POLICE,
            start=date(2026, 1, 1),
            end=ONGOING,
            influence=Influence.HARMFUL,
            note="n",
            recorded_by="u-jo",
            recorded_at=NOW,
        )
        assert network.read(office["jo"], ("YP-0001",)).relationships == (found,)
        assert log(office.engine)[0] == ("u-jo", "connections.record_relationship", "YP-0001", found.id)

    def test_a_kinds_influence_is_changed_by_whoever_records_it(self, office: Office) -> None:
        said = tie(HERON, DANNO, kind="trusted_adult", influence=Influence.UNCLEAR)
        assert connections.record_relationship(office["jo"], said).influence is Influence.UNCLEAR
        assert connections.record_relationship(office["jo"], replace(said, influence=None)).influence == "protective"

    @pytest.mark.parametrize(
        "entity",
        [
            CAFE,
            DANNO,
            Person(id="", description="tall, grey Golf"),
            Vehicle(id="", plate="ZZ99 ZZZ"),
            Account(id="", name="07700 900000", account_kind=AccountKind.PHONE),
            Account(id="", name="madeup_x", platform="Notreal Chat"),
            NamedGroup(id="", name="Example crew"),
        ],
    )
    def test_each_kind_of_entity_comes_back_as_it_went(self, office: Office, entity: Entity) -> None:
        event = connections.record_event(office["jo"], sighting(HERON, entity))
        party = event.participants[1].party
        read = network.read(office["jo"], ("YP-0001",))
        assert read.entities == {party: replace(entity, id=party.id)}
        assert connections.history(office["jo"], party.id).record == replace(entity, id=party.id)

    def test_several_young_people_have_an_entry_each(self, office: Office) -> None:
        event = connections.record_event(office["lead"], sighting(TEAL, HERON, CAFE))
        assert log(office.engine) == [
            ("u-lead", "connections.record_event", "YP-0002", event.id),
            ("u-lead", "connections.record_event", "YP-0001", event.id),
        ]

    def test_three_hundred_on_one_event(self, office: Office) -> None:
        crowd = [Person(id="", name=f"Example {n}") for n in range(299)]
        event = connections.record_event(office["jo"], sighting(HERON, *crowd))
        read = network.read(office["jo"], ("YP-0001",))
        assert read.events == (event,)
        assert len(read.entities) == 299
        assert [read.entities[p.party].name for p in read.events[0].participants[1:]] == [e.name for e in crowd]

    @pytest.mark.parametrize("end", [None, "other"])
    def test_one_day_stands_for_both(self, office: Office, end: str | None) -> None:
        days = {"start": TODAY} if end is None else {"start": None, "end": TODAY}
        event = connections.record_event(office["jo"], sighting(HERON, **days))
        assert (event.start, event.end) == (TODAY, TODAY)

    def test_a_day_may_be_unknown(self, office: Office) -> None:
        event = connections.record_event(office["jo"], sighting(HERON, CAFE, start=None))
        assert (event.start, event.end) == (None, None)

    def test_every_fault_at_once_and_nothing_is_kept(self, office: Office) -> None:
        said = NewEvent(
            kind="<b>",
            participants=(
                NewParticipant(HERON),
                NewParticipant(HERON, "boss"),  # type: ignore[arg-type]
                NewParticipant(Place(id="", name="x" * 201, latitude=91.0)),
                NewParticipant(Person(id="", name=" ")),
            ),
            source=Source(" ", "sure", "r" * 201),  # type: ignore[arg-type]
            start=date(2026, 11, 24),
            end=date(2026, 11, 22),
            influence="bad",  # type: ignore[arg-type]
            what="x" * 20_001,
        )
        with pytest.raises(Faults) as found:
            connections.record_event(office["jo"], said)
        assert found.value.faults == [
            "participant 3: name: 201 characters; at most 200 fit",
            "participant 3: latitude and longitude: one of them is missing; give both or neither",
            "participant 3: latitude: must be -90 to 90 degrees",
            "participant 4: name: empty; give a name, or describe what is known",
            "kind: not one of the list; choose one of it",
            "participant 1: named more than once on this event; keep one",
            "start: the date lies in the future; give a day up to today",
            "end: the date lies before the start; give a later day",
            "participant 2: role: must be one of experiencing_harm, alleged_source, both, witness, unknown",
            "agency: empty; write something",
            "reference: 201 characters; at most 200 fit",
            "confidence: must be one of unverified, possible, likely, confirmed",
            "influence: must be one of harmful, protective, unclear",
            "what happened: 20,001 characters; at most 20,000 fit",
        ]
        assert network.read(office["jo"], ("YP-0001",)).events == ()
        assert connections.find_entities(office["lead"], "x") == []

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"start": None, "end": ONGOING}, "start: empty, and it goes on; give its first day"),
            ({"end": date(2026, 11, 24)}, "end: the date lies in the future; give a day up to today"),
            ({"start": None, "at": time(12)}, "time: there is no day for it; give the day too"),
            ({"start": date(1899, 12, 31)}, "start: the date lies before 1900; give a later day"),
            ({"kind": "friend"}, "kind: not one of the list; choose one of it"),
        ],
    )
    def test_a_faulty_event_is_refused(self, office: Office, fields: dict[str, Any], fault: str) -> None:
        with pytest.raises(Faults) as found:
            connections.record_event(office["jo"], sighting(HERON, **fields))
        assert found.value.faults == [fault]

    def test_an_event_names_somebody_and_at_most_a_thousand(self, office: Office) -> None:
        with pytest.raises(Faults, match="participants: nobody and nothing is named; name at least one"):
            connections.record_event(office["lead"], sighting())
        crowd = [Person(id="", name=f"Example {n}") for n in range(1_001)]
        with pytest.raises(Faults, match="participants: 1,001 are named; at most 1,000 fit on one event"):
            connections.record_event(office["lead"], sighting(*crowd))

    def test_a_tie_needs_two(self, office: Office) -> None:
        with pytest.raises(Faults, match="other: the same as the first; a tie needs two parties"):
            connections.record_relationship(office["jo"], tie(HERON, HERON))
        cafe = known(office["jo"], CAFE)
        with pytest.raises(Faults) as found:
            connections.record_relationship(office["jo"], tie(cafe, cafe, kind="sighting", source=Source("")))
        assert found.value.faults == [
            "kind: not one of the list; choose one of it",
            "other: the same as the first; a tie needs two parties",
            "agency: empty; write something",
        ]

    @pytest.mark.parametrize("closed", [TEAL, WREN, Party("young_person", "YP-9999"), Party("person", "PER-0")])
    def test_who_is_out_of_reach_cannot_be_named(self, office: Office, closed: Party) -> None:
        for attempt in (sighting(HERON, closed), sighting(closed)):
            with pytest.raises(NotFound):
                connections.record_event(office["jo"], attempt)
        with pytest.raises(NotFound):
            connections.record_relationship(office["jo"], tie(HERON, closed))
        assert network.read(office["lead"], ("YP-0001", "YP-0002")).events == ()

    def test_an_entity_out_of_reach_or_of_another_kind_cannot_be_named(self, office: Office) -> None:
        theirs = connections.record_event(office["sam"], sighting(TEAL, CAFE)).participants[1].party
        own = known(office["jo"], CAFE)
        for party in (theirs, Party("person", own.id)):
            with pytest.raises(NotFound):
                connections.record_event(office["jo"], sighting(HERON, party))
        assert connections.record_event(office["jo"], sighting(HERON, own)).participants[1].party == own
        assert connections.record_event(office["lead"], sighting(HERON, theirs)).participants[1].party == theirs

    def test_a_chair_records_about_the_meetings_young_people(self, office: Office) -> None:
        assert connections.record_event(office["chair"], sighting(TEAL)).recorded_by == "u-chair"
        with pytest.raises(NotFound):
            connections.record_event(office["chair"], sighting(HERON))


class TestCorrecting:
    def test_the_old_version_is_kept_whole_at_each_step(self, office: Office) -> None:
        jo = office["jo"]
        versions = [connections.record_event(jo, sighting(HERON, DANNO, CAFE, what="First"))]
        place = versions[0].participants[2]
        for change in (
            {"what": "Second", "start": date(2026, 11, 1), "end": date(2026, 11, 2), "at": time(9)},
            {"participants": versions[0].participants[:2]},
            {"participants": (replace(versions[0].participants[0], role=EventRole.WITNESS), place)},
            {"source": Source("School"), "influence": Influence.PROTECTIVE},
        ):
            versions.append(connections.correct_event(jo, replace(versions[-1], **change), f"why {len(versions)}"))
        assert [v.version for v in versions] == [1, 2, 3, 4, 5]
        kept = connections.history(office["lead"], versions[0].id)
        assert (kept.record, kept.withdrawn_at) == (versions[-1], None)
        assert [e.record for e in kept.earlier] == versions[:-1]
        assert [(e.why, e.by, e.at) for e in kept.earlier] == [
            (f"why {n}", "Jo Placeholder", NOW) for n in (1, 2, 3, 4)
        ]
        assert network.read(jo, ("YP-0001",)).events == (versions[-1],)

    def test_a_relationship_too(self, office: Office) -> None:
        jo = office["jo"]
        first = connections.record_relationship(jo, tie(HERON, DANNO, note="First"))
        second = connections.correct_relationship(jo, replace(first, kind="friend", other=known(jo, CAFE)), "mixed up")
        assert (second.version, second.recorded_at) == (2, first.recorded_at)
        kept = connections.history(jo, first.id)
        assert (kept.record, [e.record for e in kept.earlier]) == (second, [first])
        assert log(office.engine)[-1] == ("u-jo", "connections.history", "YP-0001", first.id)

    def test_who_recorded_it_stays(self, office: Office) -> None:
        first = connections.record_event(office["jo"], sighting(HERON))
        forged = replace(first, recorded_by="u-sam", recorded_at=None, what="x")
        second = connections.correct_event(office["lead"], forged, "x")
        assert (second.recorded_by, second.recorded_at) == ("u-jo", NOW)
        assert connections.history(office["jo"], first.id).record == second

    def test_a_correction_needs_a_reason_and_is_checked(self, office: Office) -> None:
        first = connections.record_event(office["jo"], sighting(HERON))
        with pytest.raises(Faults) as found:
            connections.correct_event(office["jo"], replace(first, source=Source("")), " ")
        assert found.value.faults == ["agency: empty; write something", "reason: empty; write something"]
        assert connections.history(office["jo"], first.id).earlier == ()

    def test_an_older_copy_is_a_conflict(self, office: Office) -> None:
        first = connections.record_event(office["jo"], sighting(HERON))
        second = connections.correct_event(office["lead"], replace(first, what="x"), "x")
        with pytest.raises(Conflict):
            connections.correct_event(office["jo"], replace(first, what="y"), "y")
        assert connections.history(office["jo"], first.id).record == second

    def test_a_record_that_names_another_child_is_theirs_too(self, office: Office) -> None:
        event = connections.record_event(office["lead"], sighting(HERON, TEAL))
        alone = connections.record_event(office["sam"], sighting(TEAL))
        for attempt in (
            lambda id: connections.withdraw(office["jo"], id, "x"),
            lambda id: connections.history(office["jo"], id),
            lambda id: connections.correct_event(office["jo"], replace(event, id=id), "x"),
        ):
            with pytest.raises(NotPermitted, match="outside your work"):
                attempt(event.id)
            for closed in (alone.id, "EV-0", ""):
                with pytest.raises(NotFound):
                    attempt(closed)
        assert connections.history(office["lead"], event.id).record == event

    def test_a_child_named_before_still_closes_the_history(self, office: Office) -> None:
        event = connections.record_event(office["lead"], sighting(HERON, TEAL))
        connections.correct_event(office["lead"], replace(event, participants=event.participants[:1]), "not there")
        with pytest.raises(NotPermitted):
            connections.history(office["jo"], event.id)

    def test_a_child_out_of_reach_cannot_be_corrected_in(self, office: Office) -> None:
        event = connections.record_event(office["jo"], sighting(HERON))
        with pytest.raises(NotFound):
            connections.correct_event(
                office["jo"], replace(event, participants=(*event.participants, Participant(TEAL))), "x"
            )
        assert connections.history(office["jo"], event.id).record == event

    def test_an_event_is_no_relationship(self, office: Office) -> None:
        event = connections.record_event(office["jo"], sighting(HERON, DANNO))
        friend = connections.record_relationship(office["jo"], tie(HERON, DANNO))
        with pytest.raises(NotFound):
            connections.correct_relationship(office["jo"], replace(friend, id=event.id), "x")
        with pytest.raises(NotFound):
            connections.correct_event(office["jo"], replace(event, id=friend.id), "x")


class TestWithdrawing:
    def test_it_no_longer_counts_and_stays_in_its_history(self, office: Office) -> None:
        jo = office["jo"]
        event = connections.record_event(jo, sighting(HERON, CAFE))
        friend = connections.record_relationship(jo, tie(HERON, DANNO))
        for record in (event, friend):
            connections.withdraw(jo, record.id, "another girl")
            kept = connections.history(jo, record.id)
            assert (kept.record, kept.withdrawn_at) == (replace(record, version=2), NOW)
            assert [(e.record, e.why) for e in kept.earlier] == [(record, "another girl")]
        read = network.read(jo, ("YP-0001",))
        assert (read.events, read.relationships, read.entities) == ((), (), {})

    def test_once_only_and_not_corrected_after(self, office: Office) -> None:
        jo = office["jo"]
        event = connections.record_event(jo, sighting(HERON))
        with pytest.raises(Faults, match="reason: empty; write something"):
            connections.withdraw(jo, event.id, "")
        connections.withdraw(jo, event.id, "x")
        for attempt in (
            lambda: connections.withdraw(jo, event.id, "x"),
            lambda: connections.correct_event(jo, replace(event, version=2), "x"),
        ):
            with pytest.raises(Conflict, match="reported in error"):
                attempt()
        assert len(connections.history(jo, event.id).earlier) == 1

    def test_an_entity_stays(self, office: Office) -> None:
        cafe = known(office["jo"], CAFE)
        with pytest.raises(NotFound):
            connections.withdraw(office["jo"], cafe.id, "x")


class TestEntities:
    def test_an_edit_keeps_the_old_version(self, office: Office) -> None:
        jo = office["jo"]
        first = connections.add_entity(jo, DANNO)
        second = connections.edit_entity(jo, replace(first, name="Dan Notreal", under_18=None), "says he is 17")
        assert (second.version, second.child) == (2, True)
        assert connections.history(jo, first.id).record == second
        assert [(e.record, e.why) for e in connections.history(jo, first.id).earlier] == [(first, "says he is 17")]
        with pytest.raises(Conflict):
            connections.edit_entity(jo, replace(first, name="x"))
        assert log(office.engine)[1] == ("u-jo", "connections.edit_entity", first.id, "")

    def test_it_is_checked(self, office: Office) -> None:
        with pytest.raises(Faults) as found:
            connections.add_entity(office["jo"], Account(id="", account_kind="fax", platform="x" * 201))  # type: ignore[arg-type]
        assert found.value.faults == [
            "kind of account: must be one of phone, online",
            "platform: 201 characters; at most 200 fit",
            "name: empty; give a name, or describe what is known",
        ]
        with pytest.raises(Faults, match="longitude: must be -180 to 180 degrees"):
            connections.add_entity(office["jo"], replace(CAFE, longitude=float("nan")))

    def test_only_those_near_my_young_people_are_found(self, office: Office) -> None:
        event = connections.record_event(office["sam"], sighting(TEAL, CAFE, Vehicle(id="", plate="ZZ99 ZZZ")))
        cafe, car = (p.party for p in event.participants[1:])
        assert [e.id for e in connections.find_entities(office["sam"], "EXAMPLE cafe")] == [cafe.id]
        assert [e.id for e in connections.find_entities(office["sam"], "zz99zzz")] == [car.id]
        assert [e.id for e in connections.find_entities(office["chair"], "zz1 1zz")] == [cafe.id]
        assert [e.id for e in connections.find_entities(office["lead"], "ex")] == [cafe.id]
        assert connections.find_entities(office["jo"], "example") == []
        assert connections.find_entities(office["sam"], "example", "vehicle") == []
        assert connections.find_entities(office["sam"], " ") == []
        for attempt in (
            lambda: connections.edit_entity(office["jo"], replace(CAFE, id=cafe.id)),
            lambda: connections.history(office["jo"], cafe.id),
        ):
            with pytest.raises(NotFound):
                attempt()

    def test_by_what_is_hidden_in_it_nothing_is_found(self, office: Office) -> None:
        uncle = Person(id="", name="Teal Madeup's uncle", other_names=("Old Example",))
        person = connections.record_event(office["lead"], sighting(HERON, uncle)).participants[1].party
        assert connections.find_entities(office["jo"], "madeup") == []
        assert connections.find_entities(office["jo"], "teal uncle") == []
        (found,) = connections.find_entities(office["jo"], "old uncle")
        assert (found.id, found.name) == (person.id, "another young person's uncle")
        assert [e.name for e in connections.find_entities(office["lead"], "madeup")] == ["Teal Madeup's uncle"]

    def test_what_is_tied_to_what_is_near_is_near(self, office: Office) -> None:
        sam = office["sam"]
        person = connections.record_event(sam, sighting(TEAL, DANNO)).participants[1].party
        car = connections.record_relationship(sam, tie(person, Vehicle(id="", plate="ZZ99 ZZZ"), kind="uses")).other
        cafe = connections.record_event(sam, sighting(person, CAFE)).participants[1].party
        assert [e.id for e in connections.find_entities(office["chair"], "zz99")] == [car.id]
        assert [e.id for e in connections.find_entities(office["chair"], "cafe")] == [cafe.id]
        assert connections.find_entities(office["jo"], "zz99") == []

    def test_one_that_i_added_is_mine_until_it_is_tied(self, office: Office) -> None:
        cafe = known(office["jo"], CAFE)
        assert [e.id for e in connections.find_entities(office["jo"], "cafe")] == [cafe.id]
        assert connections.find_entities(office["sam"], "cafe") == []
        event = connections.record_event(office["lead"], sighting(TEAL, cafe))
        assert connections.find_entities(office["jo"], "cafe") == []
        assert [e.id for e in connections.find_entities(office["sam"], "cafe")] == [cafe.id]
        connections.withdraw(office["lead"], event.id, "x")
        assert [e.id for e in connections.find_entities(office["jo"], "cafe")] == [cafe.id]

    def test_at_most_twenty_by_name(self, office: Office) -> None:
        for n in range(25, 0, -1):
            connections.add_entity(office["jo"], Person(id="", name=f"Example {n:02}"))
        found = connections.find_entities(office["jo"], "example")
        assert [e.name for e in found] == [f"Example {n:02}" for n in range(1, 21)]
