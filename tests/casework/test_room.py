"""The room: what everybody looks at together, who may enter it, and what nobody can read there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from chm import store
from chm.casework import connections, episodes, guarded, live_record, meetings, minutes, papers, plans, room
from chm.casework.desk import CLOSED, Desk
from chm.casework.live_record import NewAction, NewEntry
from chm.casework.meetings import NewMeeting, meeting_rules
from chm.casework.network import NetworkRecords
from chm.casework.room import WITHHELD, InSight, Room, Shown
from chm.connections import EventRole, Participant, Party, Person
from chm.episodes.records import Episode
from chm.errors import ChmError, NotFound, NotPermitted
from chm.linkage.from_records import ties_of
from chm.linkage.ties import CONFLICT
from chm.meetings.records import Attendance, Attending, EntryKind
from chm.records import Role
from chm.settings import ZONE
from chm.store import connections as kept_connections
from chm.store import entities as kept_entities
from chm.store import meetings as kept
from chm.store import users

from .conftest import NOW, TODAY, USERS, Office
from .hall import BAD, INSIDE, RUN_TOGETHER, SKY, TYPED, assess, at, told_in, write
from .test_connections import sighting
from .test_desk import log
from .town import CLUB, event, young

TREES = meeting_rules().pseudonyms
DUE = TODAY + timedelta(days=7)
EVERYBODY = ("chair", "partner", "sam", "lead")


@pytest.fixture
def open_hall(hall: Office) -> Office:
    """The meeting M-3 with Sam invited too, things said and agreed in it, and what is planned and missing beside."""
    with store.transaction(hall.engine) as session:
        kept.invite(session, "M-3", ["u-sam"])
    for young_person in ("YP-0001", SKY.id):
        assess(hall["lead"], young_person, places="significant", professionals="moderate")
    plans.add_action(
        hall["lead"], "YP-0001", target="young_person:YP-0001", pillar="protect", text=TYPED,
        owner_agency="Police", domain="places", why=TYPED,
    )  # fmt: skip
    for young_person in ("YP-0001", SKY.id):
        start, end = TODAY - timedelta(days=3), TODAY - timedelta(days=2)
        episodes.record(
            hall["lead"],
            young_person,
            Episode(id="", young_person=young_person, start=start, end=end, found_at=RUN_TOGETHER),
        )
    slots = slot_of(hall, hall["chair"])
    zoe, bad = slots["young_person:YP-0001"], slots[f"person:{BAD.id}"]
    for n, text in enumerate((TYPED, RUN_TOGETHER), 1):
        for kind in EntryKind:
            live_record.say(
                at(hall["partner"], minutes=n), "M-3",
                NewEntry(kind=kind, item="people", text=f"@{{{zoe}}} {text}", agency="Zoë's nan", reason=text),
            )  # fmt: skip
    for target in (zoe, bad):
        live_record.agree(
            hall["chair"], "M-3",
            NewAction(
                pillar="protect", text=TYPED, owner_agency="Zoë's nan", owner_person="Teal Madeup's mum", due=DUE,
                target=target,
            ),
        )  # fmt: skip
    return hall


def slot_of(office: Office, desk: Desk, meeting: str = "M-3") -> dict[str, str]:
    """kind:slot by kind:id, once the room was opened."""
    room.open(desk, meeting)
    with store.transaction(office.engine) as session:
        found = kept.aliases(session, meeting)
    return {party: f"{party.partition(':')[0]}:{slot}" for party, (_, slot) in found.items()}


def alias_of(office: Office, meeting: str) -> dict[str, str]:
    with store.transaction(office.engine) as session:
        return {party: alias for party, (alias, _) in kept.aliases(session, meeting).items()}


class TestPseudonyms:
    @pytest.mark.parametrize("who", EVERYBODY)
    def test_nothing_tells_who_anybody_is(self, open_hall: Office, who: str) -> None:
        seen, record = room.open(open_hall[who], "M-3"), room.record(open_hall[who], "M-3")
        assert (len(record.said), len(record.agreed), len(record.attendance)) == (14, 2, 2)
        counts = (6, 0) if who == "partner" else (12, 1)
        assert ((len(seen.records.young_people), len(seen.together)), len(seen.expected) > 2) == (counts, True)
        assert told_in(seen) == []
        assert told_in(record) == []
        assert [told_in(s) for s in record.said] == [[]] * 14

    def test_initials_tell_no_whole_name_nor_what_was_written(self, open_hall: Office) -> None:
        seen = room.named(open_hall["chair"], "M-3", "people", Shown.INITIALS)
        assert told_in(seen) == []
        assert {p.name for p in seen.records.young_people if p.chosen} >= {"Z. H.", "T. M.", "S. A. O."}
        assert "F. B." in {e.label for e in seen.records.entities.values()}

    def test_what_is_sent_is_of_use_still(self, open_hall: Office) -> None:
        seen = room.open(open_hall["partner"], "M-3")
        chosen = [p for p in seen.records.young_people if p.chosen]
        assert len(chosen) == 6
        assert {p.name for p in chosen} <= set(TREES)
        assert [p.name for p in chosen] == sorted(p.name for p in chosen)
        assert {p.age for p in chosen} == {14, 15}
        labels = [e.label for e in seen.records.entities.values()]
        assert {"Placeholder Arcade", "Grey Golf"} <= set(labels)
        assert sum(bool(re.fullmatch("Person [A-C]", label)) for label in labels) == 3
        assert sum(bool(re.fullmatch("Home [A-C]", label)) for label in labels) == 3
        assert (seen.chair, seen.chairing, seen.closed) == ("Cass Invented", False, False)
        assert {a.domain for found in seen.plans.values() for a in found} == {"places"}

    def test_neighbours_have_numbers_alone(self, open_hall: Office) -> None:
        seen = room.open(open_hall["chair"], "M-3")
        assert {p.name for p in seen.records.young_people if not p.chosen} == {
            f"Another young person {n}" for n in range(1, 7)
        }
        assert ([t.times for t in seen.together], seen.by_day) == ([1], True)

    def test_only_public_places_have_a_point(self, open_hall: Office) -> None:
        seen = room.open(open_hall["chair"], "M-3")
        places = {p.id: e.label for p, e in seen.records.entities.items() if p.kind == "place"}
        assert {places[slot]: point for slot, point in seen.points.items()} == {"Placeholder Arcade": (-0.16, 51.4)}
        assert len(places) == 4

    def test_no_record_can_be_told_again_in_another_meeting(self, open_hall: Office) -> None:
        seen = room.open(open_hall["chair"], "M-3").records
        assert [e.id for e in seen.events] == [f"EV-{n}" for n in range(1, len(seen.events) + 1)]
        assert {(r.recorded_by, r.recorded_at, r.source.reference) for r in (*seen.events, *seen.relationships)} == {
            ("", None, "")
        }
        assert {e.what for e in seen.events} | {t.note for t in seen.relationships} == {""}

    def test_a_name_run_together_withholds_the_text(self, open_hall: Office) -> None:
        said = room.record(open_hall["chair"], "M-3").said
        assert [(s.text, s.reason) for s in said[7:]] == [(WITHHELD, WITHHELD)] * 7
        assert WITHHELD not in [s.text for s in said[:7]]

    def test_who_works_there_is_named(self, open_hall: Office) -> None:
        record = room.record(open_hall["partner"], "M-3")
        assert [(a.agency, a.name) for a in record.attendance][0] == ("Police", "Sergeant Specimen")
        assert {s.by for s in record.said} == {"Pat Placeholder"}
        zoe = alias_of(open_hall, "M-3")["young_person:YP-0001"]
        assert {s.agency for s in record.said} == {f"{zoe}'s nan"}

    def test_two_meetings_share_nothing_of_anybody(self, open_hall: Office) -> None:
        write(open_hall, "M-4", INSIDE)
        one, other = slot_of(open_hall, open_hall["chair"]), slot_of(open_hall, open_hall["chair"], "M-4")
        assert one.keys() == other.keys()
        assert set(one.values()).isdisjoint(other.values())
        seen = [room.open(open_hall["chair"], m).records for m in ("M-3", "M-4")]
        ids = [{p.id for p in s.young_people if not p.masked} | {p.id for p in s.entities} for s in seen]
        assert ids[0].isdisjoint(ids[1])

    def test_pseudonyms_are_drawn_anew_and_shuffled(self, hall: Office) -> None:
        drawn = []
        for n in range(4, 10):
            write(hall, f"M-{n}", INSIDE)
            room.open(hall["chair"], f"M-{n}")
            drawn.append([alias_of(hall, f"M-{n}")[f"young_person:{id}"] for id in INSIDE])
        assert len({tuple(d) for d in drawn}) == 6
        assert len({tuple(sorted(range(6), key=d.__getitem__)) for d in drawn}) > 1
        assert all(set(d) <= set(TREES) and len(set(d)) == 6 for d in drawn)

    def test_an_alias_stays_for_the_whole_meeting(self, hall: Office) -> None:
        before = slot_of(hall, hall["chair"]), alias_of(hall, "M-3")
        meetings.include(hall["chair"], "M-3", ("YP-0003",), "They were seen together")
        assert slot_of(hall, hall["partner"]).items() >= before[0].items()
        after = alias_of(hall, "M-3")
        assert after.items() >= before[1].items()
        assert after["young_person:YP-0003"] not in before[1].values()

    def test_a_young_person_whose_record_is_restricted_is_nobody(self, hall: Office) -> None:
        guarded.restrict(hall["lead"], "YP-0001", "A relative of theirs works for the council")
        seen = room.open(hall["chair"], "M-3")
        assert len([p for p in seen.records.young_people if p.chosen]) == 5
        assert told_in(seen) == []
        with pytest.raises(NotFound):
            room.reveal(hall["chair"], "M-3", slot_of(hall, hall["chair"])["young_person:YP-0001"].partition(":")[2])

    @pytest.mark.parametrize("who", ["chair", "partner", "lead"])
    def test_who_may_be_shown_is_followed_by_slot(self, hall: Office, who: str) -> None:
        assert room.in_sight(hall[who], "M-3").slots == frozenset()
        opened = room.open(hall[who], "M-3")
        slots = slot_of(hall, hall["chair"])
        chairs = who != "partner"
        everybody = frozenset(slots[y].partition(":")[2] for y in YOUNG)
        assert room.in_sight(hall[who], "M-3") == opened.in_sight == InSight(everybody, chairs, chairs)
        guarded.restrict(hall["lead"], "YP-0001", "A relative of theirs works for the council")
        guarded.close(hall["lead"], "YP-0002", "Nothing more to do")
        left = {slots[y].partition(":")[2] for y in YOUNG[2:]}
        assert room.in_sight(hall[who], "M-3") == room.again(hall[who], "M-3").in_sight
        assert room.in_sight(hall[who], "M-3").slots == left
        meetings.include(hall["chair"], "M-3", ("YP-0003",), "They were seen together")
        room.again(hall["chair"], "M-3")
        assert len(room.in_sight(hall[who], "M-3").slots) == 5

    def test_a_chair_without_that_role_shows_no_names(self, hall: Office) -> None:
        before = room.open(hall["chair"], "M-3").in_sight
        with store.transaction(hall.engine) as session:
            users.set_roles(session, "u-chair", [Role.PARTNER])
        meetings.invite(hall["lead"], "M-3", "u-chair")
        now = room.in_sight(hall["chair"], "M-3")
        assert (before.chairing, before.networked) == (True, True)
        assert (now.slots, now.chairing, now.networked) == (before.slots, False, False)
        assert room.open(hall["chair"], "M-3").in_sight == now

    def test_two_screens_that_draw_something_new_at_once_both_do(self, hall: Office) -> None:
        room.open(hall["chair"], "M-3")
        connections.record_event(hall["lead"], sighting(young("YP-0001"), Person(id="", name="Newly Invented")))
        with ThreadPoolExecutor(2) as pool:
            seen = list(pool.map(lambda who: room.again(hall[who], "M-3"), ("chair", "lead")))
        assert seen[0].records.entities.keys() == seen[1].records.entities.keys()

    def test_merged_entities_go_by_one_slot(self, open_hall: Office) -> None:
        slots = slot_of(open_hall, open_hall["chair"])
        live_record.say(
            at(open_hall["chair"], minutes=9), "M-3",
            NewEntry(kind=EntryKind.DECISION, item="people", text=f"Look at @{{{slots['person:PER-d2']}}}"),
        )  # fmt: skip
        with store.transaction(open_hall.engine) as session:
            session.get_one(kept_entities.EntityRow, "PER-d2").merged_into = "PER-d1"
        last = room.record(open_hall["chair"], "M-3").said[-1]
        assert (last.text, last.target) == (f"Look at @{{{slots['person:PER-d1']}}}", slots["person:PER-d1"])


YOUNG = [f"young_person:{id}" for id in INSIDE]


class TestHostileNames:
    @pytest.mark.parametrize(
        "name", ["O'Madeup", "A.B.", "Zoë-Ann", "A", "", "(.*)", "\\d+", "[a-z]", "Young", "+?", "@"]
    )
    def test_any_name_leaves_the_room_whole(self, hall: Office, name: str) -> None:
        person = Person(id="PER-e1", name=name, other_names=(name,))
        with store.transaction(hall.engine) as session:
            session.get_one(kept_entities.YoungPersonRow, "YP-0001").name = name
            kept_entities.add(session, [person], "u-lead", NOW)
        write(hall, "M-4", ("YP-0001", "YP-0002"), purpose="A plain purpose for two")
        seen, record = room.open(hall["chair"], "M-4"), room.record(hall["chair"], "M-4")
        assert (seen.purpose, record.said) == ("A plain purpose for two", ())
        assert len({p.name for p in seen.records.young_people if p.chosen}) == 2


class TestWhoMayEnter:
    @pytest.mark.parametrize(
        ("who", "days", "enters"),
        [
            ("chair", 0, True), ("chair", 90, True), ("chair", 91, False), ("lead", 0, True), ("lead", 400, True),
            ("partner", -30, True), ("partner", 0, True), ("partner", 1, True), ("partner", 2, False),
            ("partner", 400, False), ("sam", 0, False), ("jo", 0, False), ("both", 0, False),
        ],
    )  # fmt: skip
    def test_chair_lead_and_who_is_invited_until_the_day_after(
        self, hall: Office, who: str, days: int, enters: bool
    ) -> None:
        desk = at(hall[who], days=days)
        for look in (room.open, room.record, room.changes, live_record.note):
            if enters:
                look(desk, "M-3")
                continue
            with pytest.raises(NotFound) as said:
                look(desk, "M-3")
            assert str(said.value) == CLOSED
            assert log(hall.engine)[-1] == (
                desk.user.id,
                f"{look.__module__.rpartition('.')[2]}.{look.__name__}",
                "M-3",
                "refused",
            )

    def test_a_partner_leaves_24_hours_after_a_meeting_that_has_an_hour(self, hall: Office) -> None:
        with store.transaction(hall.engine) as session:
            kept.edit(session, replace(kept.get(session, "M-3"), at=time(9)))
        began = datetime.combine(TODAY, time(9), ZONE)
        inside, late = (
            replace(hall["partner"], clock=lambda after=after: began + after)
            for after in (timedelta(hours=24), timedelta(hours=24, seconds=1))
        )
        assert room.open(inside, "M-3").meeting == "M-3"
        with pytest.raises(NotFound):
            room.open(late, "M-3")
        assert log(hall.engine)[-1] == ("u-partner", "room.open", "M-3", "refused")

    @pytest.mark.parametrize("who", ["analyst", "admin", "auditor"])
    def test_other_roles_never(self, hall: Office, who: str) -> None:
        with store.transaction(hall.engine) as session:
            kept.invite(session, "M-3", [USERS[who].id])
        with pytest.raises(NotPermitted):
            room.open(hall[who], "M-3")

    def test_whoever_works_with_young_people_stays_as_long_as_the_chair(self, hall: Office) -> None:
        meetings.invite(hall["chair"], "M-3", "u-sam")
        assert room.open(at(hall["sam"], days=90), "M-3").meeting == "M-3"
        with pytest.raises(NotFound):
            room.open(at(hall["sam"], days=91), "M-3")
        assert "M-3" in {m.meeting.id for m in meetings.mine(at(hall["sam"], days=90))}
        assert "M-3" not in {m.meeting.id for m in meetings.mine(at(hall["both"], days=91)) if m.as_ != "worker"}

    def test_chair_and_worker_stay_to_the_review(self, hall: Office) -> None:
        meetings.invite(hall["chair"], "M-3", "u-sam")
        with store.transaction(hall.engine) as session:
            kept.edit(session, replace(kept.get(session, "M-3"), next_review=TODAY + timedelta(days=120)))
        for who in ("chair", "sam"):
            assert room.open(at(hall[who], days=120), "M-3").meeting == "M-3"
            with pytest.raises(NotFound):
                room.open(at(hall[who], days=121), "M-3")

    def test_a_second_role_that_knows_nobody_lets_no_partner_stay(self, hall: Office) -> None:
        with store.transaction(hall.engine) as session:
            session.add(users.UserRole(user="u-partner", role=Role.LOCATION_ANALYST.value))
        assert room.open(at(hall["partner"], days=1), "M-3").meeting == "M-3"
        with pytest.raises(NotFound):
            room.open(at(hall["partner"], days=2), "M-3")

    def test_not_once_the_invitation_is_taken_back(self, hall: Office) -> None:
        meetings.uninvite(hall["chair"], "M-3", "u-partner")
        with pytest.raises(NotFound):
            room.open(hall["partner"], "M-3")

    @pytest.mark.parametrize("id", ["", "M-9", "m-3", "M-3 ", "M-3'--", "M" * 300, "%", "../M-3", "Ж🦉", "<b>M-3</b>"])
    @pytest.mark.parametrize("who", ["chair", "partner", "lead"])
    def test_there_is_no_meeting_of_another_id(self, hall: Office, id: str, who: str) -> None:
        with pytest.raises(NotFound) as said:
            room.open(hall[who], id)
        assert str(said.value) == CLOSED
        assert log(hall.engine)[-1][1:] == ("room.open", "", "refused")

    def test_an_id_with_a_null_opens_nothing(self, hall: Office) -> None:
        with pytest.raises(ChmError):
            room.open(hall["partner"], "M-3\x00")

    def test_opening_is_audited_for_each_young_person(self, hall: Office) -> None:
        room.open(hall["partner"], "M-3")
        found = log(hall.engine)
        assert {(user, operation, why) for user, operation, _, why in found} == {("u-partner", "room.open", "M-3")}
        assert {record for _, _, record, _ in found} == set(INSIDE)

    def test_drawing_it_anew_is_not(self, hall: Office) -> None:
        room.open(hall["partner"], "M-3")
        before = log(hall.engine)
        room.record(hall["partner"], "M-3")
        room.changes(hall["partner"], "M-3")
        room.in_sight(hall["partner"], "M-3")
        assert log(hall.engine) == before

    def test_reading_all_of_it_anew_is_once_an_hour(self, hall: Office) -> None:
        room.open(hall["partner"], "M-3")
        before = len(log(hall.engine))
        for later in (1, 2, 61):
            room.again(at(hall["partner"], minutes=later), "M-3")
        found = log(hall.engine)[before:]
        assert {(user, operation, why) for user, operation, _, why in found} == {
            ("u-partner", "room.again", f"{len(INSIDE)} listed")
        }
        assert sorted(record for _, _, record, _ in found) == sorted([*INSIDE, *INSIDE])


class TestNames:
    @pytest.mark.parametrize("shown", list(Shown))
    @pytest.mark.parametrize("who", ["partner", "sam", "jo", "both"])
    def test_only_the_chair_shows_them(self, hall: Office, who: str, shown: Shown) -> None:
        meetings.invite(hall["chair"], "M-3", "u-sam")
        with pytest.raises((NotFound, NotPermitted)):
            room.named(hall[who], "M-3", "people", shown)
        assert log(hall.engine)[-1] == (USERS[who].id, "room.named", "M-3" if who == "both" else "", "refused")

    def test_names_for_one_item_with_what_was_written(self, open_hall: Office) -> None:
        seen = room.named(open_hall["chair"], "M-3", "people", Shown.NAMES)
        assert {p.name for p in seen.records.young_people if p.chosen} >= {"Zoë Heron", "Teal Madeup", SKY.name}
        assert any("Zoë's phone, zoe heron" in e.what for e in seen.records.events)
        assert any("Wren" in e.what for e in seen.records.events) is False
        labels = {e.label for e in seen.records.entities.values()}
        assert {"Falsely Bad", "snapper99", "Nowhere Villa"} <= labels
        found = [entry for entry in log(open_hall.engine) if entry[1] == "room.named"]
        assert {(user, why) for user, _, _, why in found} == {("u-chair", "M-3 names at people")}
        assert {record for _, _, record, _ in found} == set(INSIDE)

    def test_even_then_whoever_is_not_in_the_meeting_stays_masked(self, open_hall: Office) -> None:
        seen = repr(room.named(open_hall["lead"], "M-3", "people", Shown.NAMES))
        assert "YP-0003" not in seen
        assert "Somebody Unreal 05" not in seen

    def test_what_is_no_item_stands_in_no_audit(self, hall: Office) -> None:
        room.named(hall["chair"], "M-3", "<b>Zoë</b>", Shown.NAMES)
        assert log(hall.engine)[-1][3] == "M-3 names at an item"

    def test_reveal_tells_one_name_and_is_audited(self, hall: Office) -> None:
        slots = slot_of(hall, hall["chair"])
        assert room.reveal(hall["chair"], "M-3", slots["young_person:YP-0001"].partition(":")[2]) == "Zoë Heron"
        assert log(hall.engine)[-1] == ("u-chair", "room.reveal", "YP-0001", "M-3 revealed")

    @pytest.mark.parametrize("who", ["partner", "jo", "both"])
    def test_reveal_is_the_chairs(self, hall: Office, who: str) -> None:
        slot = slot_of(hall, hall["chair"])["young_person:YP-0001"].partition(":")[2]
        with pytest.raises((NotFound, NotPermitted)):
            room.reveal(hall[who], "M-3", slot)
        assert log(hall.engine)[-1] == (USERS[who].id, "room.reveal", "M-3" if who == "both" else "", "refused")

    def test_a_slot_that_is_made_up_or_of_another_meeting_or_no_young_person_reveals_nobody(self, hall: Office) -> None:
        write(hall, "M-4", INSIDE)
        own, other = slot_of(hall, hall["chair"]), slot_of(hall, hall["chair"], "M-4")
        wrong = [
            other["young_person:YP-0001"].partition(":")[2], own[f"person:{BAD.id}"].partition(":")[2], "YP-0001", "",
            "0123456789", "young_person:YP-0001", "' OR 1=1", "%",
        ]  # fmt: skip
        for slot in wrong:
            with pytest.raises(NotFound):
                room.reveal(hall["chair"], "M-3", slot)
            assert log(hall.engine)[-1] == ("u-chair", "room.reveal", "M-3", "refused")

    def test_nor_one_who_was_left_out(self, hall: Office) -> None:
        slot = slot_of(hall, hall["chair"])["young_person:YP-0001"].partition(":")[2]
        meetings.leave_out(hall["chair"], "M-3", "YP-0001")
        with pytest.raises(NotFound):
            room.reveal(hall["chair"], "M-3", slot)


class TestWorkersConduct:
    STEPS = ("professionals.step.disrupt.02", "person.lado")

    @pytest.mark.parametrize("step", STEPS)
    def test_a_plan_shows_nothing_of_it(self, hall: Office, step: str) -> None:
        for chosen in (step, "professionals.step.disrupt.01"):
            plans.add_action(
                hall["lead"], "YP-0001", target="young_person:YP-0001", pillar="protect", text="x",
                owner_agency="Police", domain="professionals", step=chosen,
            )  # fmt: skip
        for who in ("chair", "partner"):
            found = room.open(hall[who], "M-3").plans
            assert [a.step for acts in found.values() for a in acts] == ["professionals.step.disrupt.01"]

    @pytest.mark.parametrize("step", STEPS)
    def test_nor_the_record_of_what_was_agreed(self, hall: Office, step: str) -> None:
        made = live_record.agree(
            hall["chair"], "M-3",
            NewAction(
                pillar="protect", text="x", owner_agency="Police", due=DUE,
                target=slot_of(hall, hall["chair"])["young_person:YP-0001"],
            ),
        )  # fmt: skip
        with store.transaction(hall.engine) as session:
            kept.edit_action(session, replace(kept.action(session, made.id), step=step))
        assert room.record(hall["chair"], "M-3").agreed == ()

    def test_nor_who_looks_into_it(self, hall: Office) -> None:
        with store.transaction(hall.engine) as session:
            (event,) = connections.connections.events(session, ["EV-5b"])
            connections.connections.edit(session, replace(event, source=replace(event.source, agency="the LADO")))
        for seen in (room.open(hall["chair"], "M-3"), room.named(hall["chair"], "M-3", "people", Shown.NAMES)):
            assert "lado" not in repr(seen).casefold()
            assert "Another agency" in {e.source.agency for e in seen.records.events}


class TestNetwork:
    """What links the young people goes to who may read a network; to a partner it is on the chair's screen alone."""

    @pytest.mark.parametrize(("who", "networked"), [("chair", True), ("sam", True), ("lead", True), ("partner", False)])
    def test_whom_it_is_given_to(self, open_hall: Office, who: str, networked: bool) -> None:
        seen = room.open(open_hall[who], "M-3")
        assert seen.networked is networked
        assert any(a.target for acts in seen.plans.values() for a in acts) is networked
        pairs = {(t.one.kind, t.other.kind) for t in ties_of(seen.records.events, seen.records.relationships)}
        assert (("young_person", "person") in pairs) is networked
        assert bool(seen.together) is networked

    def test_a_partner_has_each_young_persons_places_and_nothing_else(self, open_hall: Office) -> None:
        whole, seen = (room.open(open_hall[who], "M-3").records for who in ("chair", "partner"))
        assert {len(e.participants) for e in seen.events} == {2}
        assert {p.party.kind for e in seen.events for p in e.participants} == {"young_person", "place"}
        assert {frozenset((r.one.kind, r.other.kind)) for r in seen.relationships} == {
            frozenset(("young_person", "place"))
        }
        known = placed(whole)
        assert placed(seen) == known
        assert {p.id for p in seen.young_people} == {p.id for p in whole.young_people if p.chosen}
        assert len({y for y, _ in known}) == 6
        assert set(seen.entities) == set(whole.entities)

    def test_who_stood_on_opposite_sides_is_no_link_of_a_place(self, open_hall: Office) -> None:
        before = placed(room.open(open_hall["partner"], "M-3").records)
        sides = {"YP-0001": EventRole.ALLEGED_SOURCE, "YP-0002": EventRole.EXPERIENCING_HARM}
        fight = replace(
            event(0x6A, CLUB, kind="incident"),
            participants=(
                *(Participant(young(id), role) for id, role in sides.items()),
                Participant(Party("place", CLUB.id)),
            ),
        )
        with store.transaction(open_hall.engine) as session:
            kept_connections.add_events(session, [fight])
        assert placed(room.open(open_hall["partner"], "M-3").records) == before


def placed(records: NetworkRecords) -> set[tuple[str, str]]:
    """Which of the meeting's young people are tied to which places, by slots."""
    here = {p.id for p in records.young_people if p.chosen}
    return {
        (t.one.id if t.one.young else t.other.id, t.other.id if t.one.young else t.one.id)
        for t in ties_of(records.events, records.relationships)
        if {t.one.kind, t.other.kind} == {"young_person", "place"}
        and t.relation != CONFLICT
        and here & {t.one.id, t.other.id}
    }


class TestCarriedOver:
    def test_actions_on_who_is_not_in_this_meeting_name_nobody(self, open_hall: Office) -> None:
        write(open_hall, "M-4", ("YP-0002",), review_of="M-3", purpose="Look again at the plan")
        room.open(open_hall["chair"], "M-4")
        record = room.record(open_hall["chair"], "M-4")
        assert sorted((a.carried_from, a.young_people, a.target == "") for a in record.agreed) == [
            (TODAY, (), False), (TODAY, (), True),
        ]  # fmt: skip
        assert told_in(record) == []

    def test_before_the_room_was_ever_opened_nobody_is_told_either(self, open_hall: Office) -> None:
        write(open_hall, "M-4", INSIDE, review_of="M-3")
        assert told_in(room.record(open_hall["chair"], "M-4")) == []


def test_what_changed_since_the_last_meeting_goes_by_slot(open_hall: Office) -> None:
    write(open_hall, "M-2x", ("YP-0001",), on=TODAY - timedelta(days=30))
    write(open_hall, "M-4", ("YP-0001", SKY.id), review_of="M-2x", purpose="Look again at the two")
    since = room.open(open_hall["chair"], "M-4").since
    slots = slot_of(open_hall, open_hall["chair"], "M-4")
    assert since is not None
    assert {m.young_person for m in since.moved} == {
        slots[f"young_person:{id}"].partition(":")[2] for id in ("YP-0001", SKY.id)
    }
    assert (since.assessed, since.new_pairs) == (2, 1)
    assert set(since.new_things) <= set(slots.values())
    assert told_in((since, slots.values())) == []


ASKED: list[tuple[str, Callable[[Desk, str, dict[str, str]], Any]]] = [
    ("room.open", lambda d, m, s: room.open(d, m)),
    ("room.named", lambda d, m, s: room.named(d, m, "people", Shown.NAMES)),
    ("room.reveal", lambda d, m, s: room.reveal(d, m, s["young_person:YP-0001"].partition(":")[2])),
    ("room.record", lambda d, m, s: room.record(d, m)),
    ("room.changes", lambda d, m, s: room.changes(d, m)),
    ("room.again", lambda d, m, s: room.again(d, m)),
    ("room.in_sight", lambda d, m, s: room.in_sight(d, m)),
    ("live_record.say", lambda d, m, s: live_record.say(
        d, m, NewEntry(kind=EntryKind.VIEW, item="plan", text="x", agency="y"))),
    ("live_record.agree", lambda d, m, s: live_record.agree(
        d, m, NewAction(pillar="protect", text="x", owner_agency="y", due=DUE, target=s["young_person:YP-0001"]))),
    ("live_record.correct", lambda d, m, s: live_record.correct(d, m, s["entry"], 1, "x")),
    ("live_record.take_back", lambda d, m, s: live_record.take_back(d, m, s["entry"], 1)),
    ("live_record.amend", lambda d, m, s: live_record.amend(d, m, s["action"], 1, text="x", owner_agency="y", due=DUE)),
    ("live_record.drop", lambda d, m, s: live_record.drop(d, m, s["action"], 1, "x")),
    ("live_record.keep_note", lambda d, m, s: live_record.keep_note(d, m, {"text": "x"})),
    ("live_record.note", lambda d, m, s: live_record.note(d, m)),
    ("live_record.keep_replies", lambda d, m, s: live_record.keep_replies(d, m, s["action"], {})),
    ("live_record.replies", lambda d, m, s: live_record.replies(d, m, s["action"])),
    ("meetings.attend", lambda d, m, s: meetings.attend(
        d, Attendance(meeting=m, agency="x", status=Attending.ASKED, version=0))),
    ("meetings.plan", lambda d, m, s: meetings.plan(d, m)),
    ("meetings.still_open", lambda d, m, s: meetings.still_open(d, m, ())),
    ("meetings.edit", lambda d, m, s: meetings.edit(d, replace(s["meeting"], id=m))),
    ("meetings.include", lambda d, m, s: meetings.include(d, m, ("YP-0003",), "Seen together")),
    ("meetings.leave_out", lambda d, m, s: meetings.leave_out(d, m, "YP-0001")),
    ("meetings.invite", lambda d, m, s: meetings.invite(d, m, "u-sam")),
    ("meetings.uninvite", lambda d, m, s: meetings.uninvite(d, m, "u-partner")),
    ("meetings.create", lambda d, m, s: meetings.create(
        d, NewMeeting(title="x", purpose="Long enough to count", on=TODAY, review_of=m))),
    ("minutes.close", lambda d, m, s: minutes.close(d, replace(s["meeting"], id=m), None)),
    ("minutes.draft", lambda d, m, s: minutes.draft(d, m)),
    ("minutes.sign", lambda d, m, s: minutes.sign(d, m, 1, 1)),
    ("minutes.said", lambda d, m, s: minutes.said(d, m)),
    ("minutes.put_right", lambda d, m, s: minutes.put_right(d, m, s["entry"], 1, "x", "y")),
    ("minutes.strike", lambda d, m, s: minutes.strike(d, m, s["entry"], 1, "y")),
    ("minutes.versions", lambda d, m, s: minutes.versions(d, m)),
    ("minutes.read", lambda d, m, s: minutes.read(d, m, 1)),
    ("papers.minutes_file", lambda d, m, s: papers.minutes_file(d, m, 1, "docx")),
    ("papers.extract_file", lambda d, m, s: papers.extract_file(d, m, 1, "YP-0001", "docx")),
    ("papers.own_extract_file", lambda d, m, s: papers.own_extract_file(d, "YP-0001", m, "docx")),
    ("papers.agency_file", lambda d, m, s: papers.agency_file(d, m, 1, "Police")),
    ("papers.review_file", lambda d, m, s: papers.review_file(d, m)),
    ("papers.briefing_file", lambda d, m, s: papers.briefing_file(d, m, "docx")),
]  # fmt: skip
INVITED = {
    "room.open", "room.record", "room.changes", "room.again", "room.in_sight", "live_record.say", "live_record.agree",
    "live_record.correct", "live_record.take_back", "live_record.amend", "live_record.drop", "live_record.keep_note",
    "live_record.note", "live_record.keep_replies", "live_record.replies", "meetings.attend",
}  # fmt: skip
NOT_OF_A_MEETING = {"meetings.mine", "meetings.find", "meetings.groups", "meetings.who_may_come"}


@pytest.fixture
def asked(open_hall: Office) -> dict[str, Any]:
    """Slots of M-3 by party, one entry and one action of it, and the meeting."""
    found: dict[str, Any] = dict(slot_of(open_hall, open_hall["chair"]))
    record = room.record(open_hall["chair"], "M-3")
    with store.transaction(open_hall.engine) as session:
        found["meeting"] = kept.get(session, "M-3")
    return found | {"entry": record.said[0].id, "action": record.agreed[0].id}


def test_every_function_of_meetings_is_asked_below() -> None:
    from .test_desk import ALL

    modules = ("room", "live_record", "meetings", "minutes", "papers")
    there = {i.operation for i in ALL if i.operation.partition(".")[0] in modules}
    assert there == {name for name, _ in ASKED} | NOT_OF_A_MEETING


class TestAttack:
    """Whoever has no place in a meeting, or none any more, gets nothing of it by any function; each try is audited."""

    def refused(self, office: Office, desk: Desk, meeting: str, slots: Any, names: Collection[str] = ()) -> None:
        for name, call in ASKED:
            if names and name not in names:
                continue
            with pytest.raises((NotFound, NotPermitted)) as said:
                call(desk, meeting, slots)
            assert told_in((name, str(said.value), "x" * 100)) == []
            assert log(office.engine)[-1][:2] == (desk.user.id, name)
            assert log(office.engine)[-1][3] == "refused"

    def test_by_a_partner_what_is_the_chairs(self, open_hall: Office, asked: dict[str, Any]) -> None:
        chairs = {name for name, _ in ASKED} - INVITED
        assert len(chairs) == 24
        self.refused(open_hall, open_hall["partner"], "M-3", asked, chairs)

    def test_by_a_partner_in_a_meeting_of_others(self, open_hall: Office, asked: dict[str, Any]) -> None:
        write(open_hall, "M-4", INSIDE)
        for meeting in ("M-4", "M-2", "M-99", ""):
            self.refused(open_hall, open_hall["partner"], meeting, asked)

    def test_by_a_partner_two_days_later(self, open_hall: Office, asked: dict[str, Any]) -> None:
        self.refused(open_hall, at(open_hall["partner"], days=2), "M-3", asked)

    def test_by_the_worker_of_a_young_person_who_is_not_invited(self, open_hall: Office, asked: dict[str, Any]) -> None:
        self.refused(open_hall, open_hall["jo"], "M-3", asked)

    def test_by_the_chair_of_another_meeting(self, open_hall: Office, asked: dict[str, Any]) -> None:
        self.refused(open_hall, open_hall["both"], "M-3", asked)

    def test_with_what_is_of_another_meeting(self, open_hall: Office, asked: dict[str, Any]) -> None:
        write(open_hall, "M-4", INSIDE)
        room.open(open_hall["chair"], "M-4")
        live = {"agree", "correct", "take_back", "amend", "drop"}
        names = {"room.reveal", *(f"live_record.{name}" for name in live)}
        self.refused(open_hall, open_hall["chair"], "M-4", asked, names)
        with store.transaction(open_hall.engine) as session:
            meeting = kept.get(session, "M-4")
        minutes.close(open_hall["chair"], meeting, None)
        self.refused(open_hall, open_hall["chair"], "M-4", asked, {"minutes.put_right", "minutes.strike"})


def test_two_who_open_the_room_at_once_see_the_same(hall: Office) -> None:
    def look(who: str) -> Room:
        return room.open(hall[who], "M-3")

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(look, ("chair", "partner", "lead", "chair")))
    called = [{p.id: p.name for p in f.records.young_people if p.chosen} for f in found]
    assert called[1:] == called[:1] * 3
    assert len(called[0]) == 6
    things = [{p: e.label for p, e in f.records.entities.items()} for f in found]
    assert things[1:] == things[:1] * 3
    assert Party("place", "PLA-a1") not in things[0]
