"""What is recorded around some young people, and who is masked in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import update

from chm import store
from chm.assessments import Answers, Draft
from chm.casework import assessments, connections, network
from chm.casework.network import NetworkYoungPerson
from chm.connections import (
    Account,
    Confidence,
    Entity,
    Event,
    Influence,
    Party,
    Person,
    Place,
    Relationship,
    Source,
    Vehicle,
)
from chm.errors import NotFound
from chm.meetings.records import InMeeting
from chm.records import YoungPerson
from chm.store import meetings as kept_meetings
from chm.store import people
from chm.store.network import ChairedMeeting
from chm.store.tables import EntityRow

from .conftest import TODAY, Office, convene
from .test_assessments import JUDGED, saying
from .test_connections import CAFE, DANNO, HERON, TEAL, WREN, sighting, tie
from .test_desk import log

Z = NetworkYoungPerson("YP-0001", "Zoë Heron", 14, "Merton", chosen=True)


def record(office: Office, *parties: Party | Entity, **fields: Any) -> Event:
    return connections.record_event(office["lead"], sighting(*parties, **fields))


def relate(office: Office, one: Party | Entity, other: Party | Entity, **fields: Any) -> Relationship:
    return connections.record_relationship(office["lead"], tie(one, other, **fields))


def merge(office: Office, one: Party, into: Party) -> None:
    with store.transaction(office.engine) as session:
        session.execute(update(EntityRow).where(EntityRow.id == one.id).values(merged_into=into.id))


def parties(read: network.NetworkRecords) -> set[Party]:
    ends = {p for r in read.relationships for p in (r.one, r.other)}
    return ends | {p.party for e in read.events for p in e.participants}


@contextmanager
def counted(engine: store.Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)


class TestRead:
    def test_nobody_has_nothing_around(self, office: Office) -> None:
        assert network.read(office["jo"], ()) == network.NetworkRecords((), {}, (), ())
        assert network.read(office["jo"], ("YP-0001",)) == network.NetworkRecords((Z,), {}, (), ())

    def test_a_young_person_is_shown_with_age_borough_and_the_newest_assessment(
        self, office: Office, draft: Draft, whole: Answers
    ) -> None:
        done = assessments.record(office["jo"], "YP-0001", saying(draft, whole), JUDGED)
        (shown,) = network.read(office["jo"], ("YP-0001",)).young_people
        assert (shown.age, shown.borough, shown.chosen, shown.masked) == (14, "Merton", True, False)
        assert shown.latest is not None
        assert (shown.latest.id, shown.latest.score) == (done.id, done.score)

    def test_chosen_ones_come_first_in_their_order_then_neighbours_by_name(self, office: Office) -> None:
        cafe = record(office, HERON, CAFE).participants[1].party
        record(office, WREN, cafe)
        record(office, TEAL, cafe)
        read = network.read(office["lead"], ("YP-0003", "YP-0001"))
        assert [(p.id, p.chosen) for p in read.young_people] == [
            ("YP-0003", True), ("YP-0001", True), ("YP-0002", False),
        ]  # fmt: skip
        assert [entry[2] for entry in log(office.engine)[-3:]] == ["YP-0003", "YP-0001", "YP-0002"]

    def test_neighbours_share_an_event_a_relationship_or_an_entity(self, office: Office) -> None:
        def near() -> set[str]:
            return {p.id for p in network.read(office["lead"], ("YP-0001",)).young_people if not p.chosen}

        event = record(office, HERON, TEAL)
        assert near() == {"YP-0002"}
        connections.withdraw(office["lead"], event.id, "x")
        assert near() == set()
        relate(office, WREN, HERON, kind="conflict")
        assert near() == {"YP-0003"}
        danno = relate(office, HERON, DANNO).other
        relate(office, danno, TEAL)
        assert near() == {"YP-0002", "YP-0003"}

    def test_neighbours_of_neighbours_are_not_read(self, office: Office) -> None:
        cafe = record(office, HERON, CAFE).participants[1].party
        other = record(office, TEAL, cafe, DANNO).participants[2].party
        record(office, WREN, other)
        relate(office, WREN, TEAL)
        read = network.read(office["lead"], ("YP-0001",))
        assert [p.id for p in read.young_people] == ["YP-0001", "YP-0002"]
        assert parties(read) == {HERON, TEAL, cafe, other}

    def test_what_entities_have_to_do_with_each_other_is_read_one_step_on(self, office: Office) -> None:
        danno = record(office, HERON, DANNO).participants[1].party
        car = relate(office, danno, Vehicle(id="", plate="ZZ99 ZZZ"), kind="uses").other
        relate(office, car, Place(id="", name="Example Yard"))
        read = network.read(office["lead"], ("YP-0001",))
        assert parties(read) == {HERON, danno, car}
        assert set(read.entities) == {danno, car}

    def test_merged_entities_are_what_they_have_become(self, office: Office) -> None:
        first, second, third = (
            relate(office, y, Person(id="", name=n)).other
            for y, n in ((HERON, "Danno"), (TEAL, "Dan N"), (WREN, "Dan Notreal"))
        )
        same = relate(office, first, second)
        merge(office, first, second)
        merge(office, second, third)
        read = network.read(office["lead"], ("YP-0001",))
        assert {(r.one.id, r.other) for r in read.relationships} == {(f"YP-000{n}", third) for n in (1, 2, 3)}
        assert same.id not in {r.id for r in read.relationships}
        assert {e.name for e in read.entities.values()} == {"Dan Notreal"}
        assert [e.id for e in connections.find_entities(office["jo"], "dan")] == [third.id]

    def test_one_party_under_two_names_stands_once_on_an_event(self, office: Office) -> None:
        event = record(office, HERON, Person(id="", name="Danno"), Person(id="", name="Dan Notreal"))
        one, other = (p.party for p in event.participants[1:])
        merge(office, one, other)
        (read,) = network.read(office["jo"], ("YP-0001",)).events
        assert [p.party for p in read.participants] == [HERON, other]

    def test_a_correction_keeps_the_entity_that_was_named_so_that_a_merge_can_be_undone(self, office: Office) -> None:
        event = record(office, HERON, DANNO)
        merge(office, event.participants[1].party, Party("person", connections.add_entity(office["lead"], DANNO).id))
        (read,) = network.read(office["jo"], ("YP-0001",)).events
        corrected = connections.correct_event(office["jo"], replace(read, what="At night"), "more said")
        assert corrected.participants == event.participants
        assert read.participants != event.participants

    def test_a_closed_young_person_opens_nothing(self, office: Office) -> None:
        with pytest.raises(NotFound):
            network.read(office["jo"], ("YP-0001", "YP-0002"))

    @pytest.mark.parametrize("who", ["jo", "lead"])
    def test_the_number_of_queries_does_not_grow_with_the_picture(self, office: Office, who: str) -> None:
        def size(n: int) -> int:
            for _ in range(n):
                relate(office, record(office, HERON, TEAL, CAFE, DANNO).participants[3].party, WREN)
            with counted(office.engine) as asked:
                network.read(office[who], ("YP-0001",))
            return len(asked)

        assert size(1) == size(15)


class TestMasking:
    def test_a_neighbour_out_of_reach_has_no_name_age_borough_or_score(self, office: Office) -> None:
        event = record(office, HERON, TEAL, CAFE, what="Teal Madeup was there")
        read = network.read(office["jo"], ("YP-0001",))
        assert read.young_people == (Z, NetworkYoungPerson("other-1", "Another young person 1", masked=True))
        (shown,) = read.events
        assert [p.party for p in shown.participants[:2]] == [HERON, Party("young_person", "other-1")]
        assert (shown.id, shown.what, shown.source.reference) == (event.id, "", "")
        assert [entry[:3] for entry in log(office.engine)][-1] == ("u-jo", "network.read", "YP-0001")
        assert [p.id for p in network.read(office["lead"], ("YP-0001",)).young_people] == ["YP-0001", "YP-0002"]

    def test_no_name_is_anywhere_in_what_is_read(self, office: Office) -> None:
        record(office, HERON, TEAL, CAFE, what="With Teal Madeup")
        record(office, HERON, WREN, Person(id="", name="Wren O'Madeup's uncle", other_names=("uncle of WREN",)))
        record(
            office,
            HERON,
            Account(id="", name="wrenomadeup07", platform="Wren O’Madeup’s phone"),
            Person(id="", description="walks like Wren O'Madeup"),
            Place(id="", name="Madeup, Wren: home", address="care of Teal Madeup"),
            what="Heron said teal madeup (YP-0002, T\u200deal) was not there",
            source=Source("Police", reference="re YP-0003"),
        )
        relate(office, HERON, WREN, note="Wren O'Madeup fell out with her")
        relate(office, HERON, DANNO, note="Wren\u200cs mum told us")
        read = network.read(office["jo"], ("YP-0001",))
        said = repr(read).casefold()
        for name in ("teal", r"t\u200deal", "wren", "madeup", "yp-0002", "yp-0003", "sutton", "croydon"):
            assert name not in said
        assert (len(read.events), len(read.relationships), len(read.entities)) == (3, 2, 6)
        assert "Another young person 2" in {p.name for p in read.young_people}
        assert "another young person's uncle" in {e.name for e in read.entities.values()}

    def test_a_correction_keeps_what_is_withheld_from_who_corrects(self, office: Office) -> None:
        """Jo may correct what names Heron alone; the texts that name Teal are shown to Jo without the name."""
        jo, source = office["jo"], Source("Police", reference="re YP-0002")
        record(office, HERON, TEAL)
        event = record(office, HERON, what="Heron came with Teal", source=source)
        friend = relate(office, HERON, DANNO, note="Teal told us", source=source)
        read = network.read(jo, ("YP-0001",))
        shown = {e.id: e for e in read.events}[event.id]
        (told,) = read.relationships
        assert (shown.what, told.note) == ("Heron came with another young person", "another young person told us")
        sure = Source("Police", Confidence.CONFIRMED, shown.source.reference)
        connections.correct_event(jo, replace(shown, source=sure), "seen on camera", shown)
        connections.correct_relationship(jo, replace(told, influence=Influence.HARMFUL), "asked again", told)
        one, other = (connections.history(office["lead"], id).record for id in (event.id, friend.id))
        assert one == replace(event, source=Source("Police", Confidence.CONFIRMED, "re YP-0002"), version=2)
        assert other == replace(friend, influence=Influence.HARMFUL, version=2)
        shown = {e.id: e for e in network.read(jo, ("YP-0001",)).events}[event.id]
        connections.correct_event(jo, replace(shown, what="Heron came alone"), "seen on camera", shown)
        three = connections.history(office["lead"], event.id).record
        assert three == replace(one, what="Heron came alone", version=3)

    def test_whole_names_of_who_is_far_from_the_picture_are_hidden_too(self, office: Office) -> None:
        source = Source("Police, for Teal Madeup", reference="as YP-0003")
        uncle = Person(id="", name="Teal Madeup's uncle", other_names=("Wren O'Madeup's driver",))
        event = record(office, HERON, uncle, what="She said Teal Madeup knows; teal is a colour", source=source)
        friend = relate(office, HERON, event.participants[1].party, note="As wren o'madeup told")
        read = network.read(office["jo"], ("YP-0001",))
        (shown,), (told,), (person,) = read.events, read.relationships, read.entities.values()
        assert isinstance(person, Person)
        assert (
            shown.what,
            shown.source.agency,
            shown.source.reference,
            told.note,
            person.name,
            person.other_names,
        ) == (
            "She said another young person knows; teal is a colour",
            "Police, for another young person",
            "as another young person",
            "As another young person told",
            "another young person's uncle",
            ("another young person's driver",),
        )
        assert network.read(office["lead"], ("YP-0001",)).events == (event,)
        connections.correct_event(office["jo"], replace(shown, influence=Influence.HARMFUL), "asked again", shown)
        connections.edit_entity(office["jo"], replace(person, description="tall"), shown=person)
        after = network.read(office["lead"], ("YP-0001",))
        assert after.events == (replace(event, influence=Influence.HARMFUL, version=2),)
        assert after.relationships == (friend,)
        (kept,) = after.entities.values()
        assert kept == replace(uncle, id=person.id, description="tall", version=2)

    def test_what_names_nobody_masked_stays_as_it_was(self, office: Office) -> None:
        record(office, HERON, TEAL)
        event = record(office, HERON, what="Steal the teal-green bike", source=Source("Police", reference="CAD 2"))
        shown = {e.id: e for e in network.read(office["jo"], ("YP-0001",)).events}[event.id]
        assert (shown.what, shown.source.reference) == ("Steal the teal-green bike", "CAD 2")

    def test_of_what_is_only_about_others_no_more_is_shown_than_is_shared(self, office: Office) -> None:
        cafe = record(office, HERON, CAFE).participants[1].party
        other = record(office, TEAL, WREN, cafe, Person(id="", name="Aunt Example"), what="Secret")
        shown = {e.id: e for e in network.read(office["jo"], ("YP-0001",)).events}[other.id]
        assert {p.party for p in shown.participants} == {cafe, *(Party("young_person", f"other-{n}") for n in (1, 2))}
        assert "Example" not in repr([e for e in network.read(office["jo"], ("YP-0001",)).entities if e != cafe])
        assert {p.name for p in network.read(office["jo"], ("YP-0001",)).entities.values()} == {"Example Café"}

    def test_numbers_are_given_anew_at_each_read(self, office: Office) -> None:
        with store.transaction(office.engine) as session:
            for n in range(10, 20):
                people.add(session, YoungPerson(f"YP-00{n}", f"Example {n}", "Merton", age=14, age_on=TODAY))
        crowd = [Party("young_person", f"YP-00{n}") for n in range(10, 20)]
        record(office, HERON, *crowd)
        orders = set()
        for _ in range(5):
            read = network.read(office["jo"], ("YP-0001",))
            assert [p.id for p in read.young_people[1:]] == [f"other-{n}" for n in range(1, 11)]
            orders.add(tuple(p.party.id for p in read.events[0].participants))
        assert len(orders) > 1

    def test_a_chair_sees_the_meetings_young_people_and_masks_the_rest(self, office: Office) -> None:
        record(office, HERON, TEAL)
        read = network.read(office["chair"], ("YP-0002",))
        assert [(p.id, p.name) for p in read.young_people] == [
            ("YP-0002", "Teal Madeup"), ("other-1", "Another young person 1"),
        ]  # fmt: skip
        assert not any(p.masked for p in network.read(office["both"], ("YP-0002",)).young_people)


class TestChoosing:
    def test_mine_is_everybody_in_reach_by_name(self, office: Office) -> None:
        def mine(who: str) -> list[str]:
            return [p.id for p in network.mine(office[who])]

        assert {who: mine(who) for who in ("jo", "sam", "chair", "both", "lead")} == {
            "jo": ["YP-0001"],
            "sam": ["YP-0002"],
            "chair": ["YP-0002"],
            "both": ["YP-0002", "YP-0001"],
            "lead": ["YP-0002", "YP-0003", "YP-0001"],
        }
        assert network.mine(office["jo"]) == [NetworkYoungPerson("YP-0001", "Zoë Heron", 14, "Merton")]

    def test_meetings_are_the_chairs_own_newest_first(self, office: Office) -> None:
        with store.transaction(office.engine) as session:
            convene(session, "M-3", "Later", date(2026, 12, 1), "u-chair", ["YP-0002", "YP-0001"], [])
            convene(session, "M-4", "Empty", date(2026, 12, 2), "u-chair", [], [])
        assert network.meetings(office["chair"]) == [
            ChairedMeeting("M-4", "Empty", date(2026, 12, 2), ()),
            ChairedMeeting("M-3", "Later", date(2026, 12, 1), ("YP-0001", "YP-0002")),
            ChairedMeeting("M-1", "Complex strategy", TODAY, ("YP-0002",)),
        ]
        assert network.meetings(office["jo"]) == network.meetings(office["lead"]) == []

    def test_another_young_person_in_a_meeting_is_an_entry_more(self, office: Office) -> None:
        network.meetings(office["chair"])
        with store.transaction(office.engine) as session:
            kept_meetings.include(session, [InMeeting(meeting="M-1", young_person="YP-0001")])
        for _ in range(2):
            assert [m.young_people for m in network.meetings(office["chair"])] == [("YP-0001", "YP-0002")]
        assert [entry[3] for entry in log(office.engine)] == ["1 listed", "1 listed"]
