"""The record of a meeting as it is held: what was said and agreed, by several hands at once, and put right."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chm import store
from chm.casework import connections, live_record, meetings, minutes, place_actions, questions, room
from chm.casework.desk import CLOSED, Desk
from chm.casework.live_record import (
    CONDUCT,
    NOT_YOURS,
    NOT_YOURS_TO_TAKE_BACK,
    TWO,
    UNNAMED,
    WORDS_OF,
    NewAction,
    NewEntry,
)
from chm.casework.room import WITHHELD, Agreed, Said
from chm.connections import (
    Account,
    Confidence,
    Event,
    EventRole,
    Influence,
    NamedGroup,
    Party,
    Person,
    Place,
    Relationship,
    Vehicle,
)
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.meetings.records import EntryKind, MeetingAction
from chm.places.records import PlaceAction
from chm.records import ActionStatus, Reply, Role, User
from chm.store import entities, places, users
from chm.store import meetings as kept
from chm.store.tables import CorrectionRow, EntityRow

from .conftest import TODAY, Office
from .hall import BAD, HOUSE, INSIDE, SNAP, at, told_in, write
from .test_desk import log

DUE = TODAY + timedelta(days=7)
ZOE, TEAL = "young_person:YP-0001", "young_person:YP-0002"
DAN, ARCADE, GOLF = f"person:{BAD.id}", "place:PLA-a1", "vehicle:VEH-b1"
KIP, HOME, ONLINE = "person:PER-d2", f"place:{HOUSE.id}", f"account:{SNAP.id}"
CHANGED = "Somebody else changed this meanwhile; nothing was saved. Look at their change first"
NAMED = "names a young person; those who work on places see no names, so write it without"


class Hall:
    """The hall with its room opened, and its slots."""

    def __init__(self, office: Office):
        self.office, self.engine = office, office.engine
        room.open(office["chair"], "M-3")
        self.slots = self.slots_of("M-3")

    def slots_of(self, meeting: str) -> dict[str, str]:
        with store.transaction(self.engine) as session:
            found = kept.aliases(session, meeting)
        return {party: f"{party.partition(':')[0]}:{slot}" for party, (_, slot) in found.items()}

    def at(self, party: str) -> str:
        """A mention of `party` as the browser sends it."""
        return f"@{{{self.slots[party]}}}"

    def say(self, text: str, kind: EntryKind = EntryKind.VIEW, who: str = "partner", **more: Any) -> Said:
        given = {"item": "people", "agency": "Police", **more}
        return live_record.say(self.office[who], "M-3", NewEntry(kind=kind, text=text, **given))

    def agree(self, text: str, who: str = "partner", **more: Any) -> Agreed:
        given = {"pillar": "support", "owner_agency": "Police", "due": DUE, **more}
        return live_record.agree(self.office[who], "M-3", NewAction(text=text, **given))

    def kept(self, id: str) -> Any:
        with store.transaction(self.engine) as session:
            if id.startswith("ENT-"):
                return kept.entry(session, id)
            return kept.action(session, id) if id.startswith("MAC-") else places.action(session, id)

    def recorded(self, id: str) -> Event | Relationship:
        """The event or tie that the entry `id` became."""
        with store.transaction(self.engine) as session:
            found = connections.connections.get(session, kept.entry(session, id).record)
        assert found is not None
        return found

    def counts(self, id: str) -> bool:
        with store.transaction(self.engine) as session:
            return connections.connections.withdrawn_at(session, kept.entry(session, id).record) is None

    def entities(self) -> set[str]:
        with store.transaction(self.engine) as session:
            return set(session.scalars(select(EntityRow.id)))


@pytest.fixture
def here(hall: Office) -> Hall:
    return Hall(hall)


def faults(write: Callable[[], object]) -> list[str]:
    with pytest.raises(Faults) as said:
        write()
    return said.value.faults


class TestSay:
    def test_it_is_kept_by_id_and_shown_by_slot(self, here: Hall) -> None:
        said = here.say(f" {here.at(ZOE)} met {here.at(DAN)} at {here.at(ARCADE)} ", reason=f"Says {here.at(TEAL)}")
        entry = here.kept(said.id)
        assert (entry.text, entry.reason) == (f"@{{{ZOE}}} met @{{{DAN}}} at @{{{ARCADE}}}", f"Says @{{{TEAL}}}")
        assert (entry.young_people, entry.target, entry.agency, entry.by, entry.record) == (
            ("YP-0001",), DAN, "Police", "u-partner", "",
        )  # fmt: skip
        assert said.text == f"{here.at(ZOE)} met {here.at(DAN)} at {here.at(ARCADE)}"
        assert (said.young_people, said.target, said.by, said.version) == (
            (here.slots[ZOE].partition(":")[2],), here.slots[DAN], "Pat Placeholder", 1,
        )  # fmt: skip
        assert room.record(here.office["chair"], "M-3").said == (said,)
        assert log(here.engine)[-1] == ("u-partner", "live_record.say", "YP-0001", said.id)

    @pytest.mark.parametrize("kind", list(EntryKind))
    def test_each_kind(self, here: Hall, kind: EntryKind) -> None:
        said = here.say(f"{here.at(ZOE)} x", kind, confidence=Confidence.LIKELY, first_hand=True)
        information = kind == EntryKind.INFORMATION
        assert (said.kind, said.confidence, said.first_hand) == (
            (kind, "likely", True) if information else (kind, "", None)
        )
        assert bool(here.kept(said.id).record) == information

    def test_all_faults_at_once(self, here: Hall) -> None:
        wrong = NewEntry(
            kind=EntryKind.VIEW, item="tea", text=" \x00", agency="", reason="x" * 20_001, on=TODAY + timedelta(days=1)
        )
        assert faults(lambda: live_record.say(here.office["partner"], "M-3", wrong)) == [
            "whose: empty; write something",
            "item: not one of the agenda; choose one of it",
            "day: the date lies in the future; give a day up to today",
            "text: empty; write something",
            "reason: 20,001 characters; at most 20,000 fit",
        ]
        assert room.record(here.office["chair"], "M-3").said == ()

    @pytest.mark.parametrize("kind", [EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS])
    def test_whose_words_they_are(self, here: Hall, kind: EntryKind) -> None:
        assert faults(lambda: here.say("I want to stay", kind)) == [WORDS_OF]
        assert here.say(f"{here.at(ZOE)} wants to stay", kind, agency="").agency == ""

    @pytest.mark.parametrize("kind", [EntryKind.INFORMATION, EntryKind.VIEW, EntryKind.DISAGREEMENT])
    def test_whose_information_or_view_it_is(self, here: Hall, kind: EntryKind) -> None:
        assert faults(lambda: here.say("x", kind, agency=" ")) == ["whose: empty; write something"]

    @pytest.mark.parametrize(
        "text",
        [
            "@{", "@{young_person:", "@{}", "@{young_person}", "{young_person:x}",
            "<b>x</b> & <script>alert(1)</script>",
            "=cmd()|'/C calc'!A0", "**b** [x](http://example.invalid)", "x" * 20_000, "\u202eright\u202c 😀 مرحبا",
            "line\nline\ttab", "(?:.*)+$ \\1 %s {0}",
        ],
    )  # fmt: skip
    def test_hostile_text_is_only_text(self, here: Hall, text: str) -> None:
        said = here.say(text)
        assert (
            said.text
            == room.record(here.office["chair"], "M-3").said[0].text
            == text.replace("\u202e", "").replace("\u202c", "")
        )

    def test_control_characters_and_half_characters_go(self, here: Hall) -> None:
        assert here.say("a\x00b\x07\x1b\ud800c\ufeff").text == "abc"

    def test_a_text_that_is_too_long_is_refused(self, here: Hall) -> None:
        assert faults(lambda: here.say("x" * 20_001)) == ["text: 20,001 characters; at most 20,000 fit"]


class TestSlots:
    """What is mentioned is of this meeting, or nothing is stored."""

    @pytest.fixture
    def other(self, here: Hall) -> dict[str, str]:
        write(here.office, "M-4", INSIDE)
        room.open(here.office["chair"], "M-4")
        return here.slots_of("M-4")

    def wrong(self, here: Hall, other: dict[str, str]) -> list[str]:
        return [
            other[ZOE], other[DAN], "young_person:YP-0001", "young_person:YP-0003", "young_person:0123456789",
            DAN, "person:PER-none", "place:PLA-a1", here.slots[ZOE].replace("young_person", "person"), "foo:bar",
            "young_person:other-1", "young_person:' OR 1=1", "young_person:%",
        ]  # fmt: skip

    def test_slots_of_another_meeting_ids_and_what_is_made_up_are_refused(
        self, here: Hall, other: dict[str, str]
    ) -> None:
        own, action = here.say("x"), here.agree("x", target=here.slots[ZOE])
        for said in self.wrong(here, other):
            mention = f"@{{{said}}}"
            for write_ in (
                lambda m=mention: here.say(f"a {m} b"),
                lambda m=mention: here.say("a", reason=m),
                lambda m=mention: here.say(f"{m} {here.at(ZOE)}", EntryKind.INFORMATION),
                lambda m=mention: here.agree(m),
                lambda s=said: here.agree("x", target=s),
                lambda m=mention: live_record.correct(here.office["partner"], "M-3", own.id, 1, m),
                lambda m=mention: live_record.amend(
                    here.office["partner"], "M-3", action.id, 1, text=m, owner_agency="Police", due=DUE
                ),
                lambda m=mention: live_record.drop(here.office["partner"], "M-3", action.id, 1, m),
            ):
                with pytest.raises(NotFound) as refused:
                    write_()
                assert str(refused.value) == CLOSED
                assert log(here.engine)[-1][3] == "refused"
        record = room.record(here.office["chair"], "M-3")
        assert ([s.text for s in record.said], [a.text for a in record.agreed]) == (["x"], ["x"])

    @pytest.mark.parametrize("nested", ["@{{young_person:{0}}}", "@{{person:@{{{1}}}}}", "@{{young_person:@{{{1}}}"])
    def test_a_mention_within_a_mention_breaks_no_room(self, here: Hall, nested: str) -> None:
        text = nested.format(here.at(ZOE), here.slots[ZOE])
        said = here.say(text)
        assert here.kept(said.id).young_people == ("YP-0001",)
        assert room.record(here.office["chair"], "M-3").said[0].text == text

    def test_of_one_who_was_left_out(self, here: Hall) -> None:
        before = here.say(f"{here.at(ZOE)} said so")
        meetings.leave_out(here.office["chair"], "M-3", "YP-0001")
        for write_ in (lambda: here.say(here.at(ZOE)), lambda: here.agree(here.at(ZOE))):
            with pytest.raises(NotFound):
                write_()
        assert room.record(here.office["partner"], "M-3").said == (before,)

    def test_the_room_need_never_have_been_opened(self, hall: Office) -> None:
        said = live_record.say(
            hall["partner"], "M-3",
            NewEntry(kind=EntryKind.VIEW, item="plan", text="Zoë's snapper99 at Flat 77, Falsely Bad", agency="Police"),
        )  # fmt: skip
        assert told_in((said, "x" * 100)) == []


class TestInformation:
    def test_it_becomes_an_event_with_its_source_at_once(self, here: Hall) -> None:
        before = room.open(here.office["chair"], "M-3").records
        said = here.say(
            f"{here.at(ZOE)} and {here.at(TEAL)} were with {here.at(DAN)} at {here.at(ARCADE)}", EntryKind.INFORMATION,
            agency="Housing", confidence=Confidence.POSSIBLE, first_hand=False, as_="sighting", on=date(2026, 11, 20),
            harm=Influence.HARMFUL,
        )  # fmt: skip
        event = here.recorded(said.id)
        assert isinstance(event, Event)
        assert (event.kind, event.start, event.end, event.influence) == (
            "sighting", date(2026, 11, 20), date(2026, 11, 20), Influence.HARMFUL,
        )  # fmt: skip
        assert (event.source.agency, event.source.confidence, event.source.first_hand) == (
            "Housing", Confidence.POSSIBLE, False,
        )  # fmt: skip
        assert [(str(p.party.id), p.role) for p in event.participants] == [
            ("YP-0001", EventRole.EXPERIENCING_HARM), ("YP-0002", EventRole.EXPERIENCING_HARM),
            (BAD.id, EventRole.ALLEGED_SOURCE), ("PLA-a1", EventRole.UNKNOWN),
        ]  # fmt: skip
        assert event.what == "a young person and a young person were with Falsely Bad at Placeholder Arcade"
        assert event.recorded_by == "u-partner"
        assert len(room.open(here.office["chair"], "M-3").records.events) == len(before.events) + 1

    def test_of_no_harm_nobody_has_a_role(self, here: Hall) -> None:
        event = here.recorded(here.say(f"{here.at(ZOE)} saw {here.at(DAN)}", EntryKind.INFORMATION).id)
        assert isinstance(event, Event)
        assert (event.kind, {p.role for p in event.participants}, event.start) == ("other", {EventRole.UNKNOWN}, None)

    def test_somebody_who_may_be_a_child_is_never_a_source_of_harm(self, here: Hall) -> None:
        said = here.say(f"{here.at(KIP)} was there", EntryKind.INFORMATION, harm=Influence.HARMFUL)
        event = here.recorded(said.id)
        assert isinstance(event, Event)
        assert [p.role for p in event.participants] == [EventRole.EXPERIENCING_HARM]

    def test_a_tie_joins_two(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} owes {here.at(DAN)}", EntryKind.INFORMATION, as_="debt", on=date(2026, 11, 1))
        tie = here.recorded(said.id)
        assert isinstance(tie, Relationship)
        assert (tie.one, tie.other, tie.kind, tie.start) == (
            Party("young_person", "YP-0001"), Party("person", BAD.id), "debt", date(2026, 11, 1),
        )  # fmt: skip
        assert (tie.note, tie.influence) == ("a young person owes Falsely Bad", Influence.HARMFUL)

    @pytest.mark.parametrize("who", [(), (ZOE,), (ZOE, TEAL, DAN), (ZOE, ZOE)])
    def test_not_one_and_not_three(self, here: Hall, who: tuple[str, ...]) -> None:
        text = " ".join(("x", *map(here.at, who)))
        assert faults(lambda: here.say(text, EntryKind.INFORMATION, as_="debt")) == [TWO]

    def test_a_kind_that_is_none_is_refused(self, here: Hall) -> None:
        assert faults(lambda: here.say(here.at(ZOE), EntryKind.INFORMATION, as_="<b>")) == [
            "kind: not one of the list; choose one of it"
        ]

    def test_of_nobody_it_becomes_nothing(self, here: Hall) -> None:
        assert here.kept(here.say("Debts are spoken of", EntryKind.INFORMATION).id).record == ""

    def test_only_information_becomes_anything(self, here: Hall) -> None:
        assert here.kept(here.say(here.at(ZOE), EntryKind.VIEW, as_="debt").id).record == ""


class TestNew:
    @pytest.mark.parametrize(
        ("kind", "type_"),
        [("person", Person), ("place", Place), ("vehicle", Vehicle), ("account", Account), ("group", NamedGroup)],
    )
    @pytest.mark.parametrize("said_as", [EntryKind.INFORMATION, EntryKind.VIEW])
    def test_what_is_new_is_made_once_and_goes_by_its_slot(
        self, here: Hall, kind: str, type_: type, said_as: EntryKind
    ) -> None:
        before = here.entities()
        mention = f"@{{new_{kind}: Madeup   thing }}"
        said = here.say(f"{here.at(ZOE)} {mention} {mention}", said_as, reason=mention)
        (id,) = here.entities() - before
        with store.transaction(here.engine) as session:
            made = entities.named(session, [id])[id]
        assert (type(made), made.name) == (type_, "Madeup thing")
        assert here.kept(said.id).text == f"@{{{ZOE}}} @{{{kind}:{id}}} @{{{kind}:{id}}}"
        assert said.target == here.slots_of("M-3")[f"{kind}:{id}"]
        assert said.reason == f"@{{{said.target}}}"
        records = room.open(here.office["partner"], "M-3").records
        assert Party(kind, said.target.partition(":")[2]) in records.entities

    def test_somebody_else_can_speak_of_it_at_once(self, here: Hall) -> None:
        agreed = here.agree("Find @{new_person:Nobody Known}", pillar="identify", who="chair")
        said = here.say(f"@{{{agreed.target}}} was with {here.at(ZOE)}", EntryKind.INFORMATION, who="partner")
        event = here.recorded(said.id)
        assert isinstance(event, Event)
        assert len(event.participants) == 2

    def test_a_new_one_is_told_of_by_a_name_that_is_no_name_on_the_screen(self, here: Hall) -> None:
        for text in ("@{new_person:Nobody Known}", "@{new_account:nobody_99}", "@{new_place:Zoë Heron's den}"):
            here.say(f"{text} {here.at(ZOE)}", EntryKind.INFORMATION)
        seen = repr((room.open(here.office["partner"], "M-3"), room.record(here.office["partner"], "M-3")))
        assert told_in((seen, "x" * 100)) == []
        assert [n for n in ("Nobody Known", "nobody_99", "den") if f"{n}'" in seen] == []

    def test_nothing_without_a_name_and_nothing_where_the_rest_is_wrong(self, here: Hall) -> None:
        before = here.entities()
        assert faults(lambda: here.say("@{new_person: }")) == [UNNAMED]
        assert faults(lambda: here.say("@{new_person: \t}")) == [UNNAMED]
        assert faults(lambda: here.say("@{new_person:A}", agency="")) == ["whose: empty; write something"]
        assert here.entities() == before

    def test_a_name_too_long_for_a_mention_is_text(self, here: Hall) -> None:
        before = here.entities()
        text = f"@{{new_place:{'x' * 81}}}"
        assert here.say(text).text == text
        assert here.entities() == before


class TestAgree:
    def test_it_is_kept_with_its_owner_and_date(self, here: Hall) -> None:
        agreed = here.agree(
            f" Ring {here.at(ZOE)} and {here.at(TEAL)} ", pillar="protect", owner_person="Ana Example",
            domain="missing", step="missing.step.identify.01",
        )  # fmt: skip
        assert here.kept(agreed.id) == MeetingAction(
            id=agreed.id, meeting="M-3", target=ZOE, pillar="protect", text=f"Ring @{{{ZOE}}} and @{{{TEAL}}}",
            owner_agency="Police", owner_person="Ana Example", due=DUE, young_people=("YP-0001", "YP-0002"),
            domain="missing", step="missing.step.identify.01", recorded_by="u-partner",
            recorded_at=here.kept(agreed.id).recorded_at,
        )  # fmt: skip
        assert (agreed.target, agreed.place, agreed.status, agreed.unasked, agreed.carried_from) == (
            here.slots[ZOE], False, ActionStatus.OPEN, False, None,
        )  # fmt: skip
        assert room.record(here.office["chair"], "M-3").agreed == (agreed,)
        assert log(here.engine)[-2:] == [
            ("u-partner", "live_record.agree", id, agreed.id) for id in ("YP-0001", "YP-0002")
        ]

    def test_its_target_is_the_first_thing_else_the_first_child_else_what_is_said(self, here: Hall) -> None:
        assert here.agree(f"{here.at(TEAL)} {here.at(DAN)} {here.at(GOLF)}").target == here.slots[DAN]
        chosen = here.agree(f"Ask {here.at(TEAL)}", target=here.slots[ZOE])
        assert chosen.target == here.slots[ZOE]
        assert here.kept(chosen.id).young_people == ("YP-0001", "YP-0002")
        assert here.kept(here.agree("Stop the car", target=here.slots[GOLF]).id).young_people == ()

    def test_all_faults_at_once(self, here: Hall) -> None:
        assert faults(
            lambda: here.agree(
                "", pillar="wait", owner_agency=" ", owner_person="x" * 201, due=date(2026, 1, 1), domain="Zoë Heron",
                step="Zoë Heron", asked={"unheard-of": Reply("yes")},
            )
        ) == [
            "target: mention with @ what or whom it acts on",
            "pillar: must be one of identify, prevent, support, protect, disrupt",
            "due: the date lies in the past; give a later day",
            "domain: not one of the framework",
            "step: not one of the framework; leave it out",
            "action: empty; write something",
            "owner's agency: empty; write something",
            "owner: 201 characters; at most 200 fit",
            "questions: one is not on the form; open the form anew",
        ]  # fmt: skip
        assert faults(lambda: here.agree(here.at(ZOE), due=None)) == ["due: missing; give the day it should be done by"]
        assert room.record(here.office["chair"], "M-3").agreed == ()

    @pytest.mark.parametrize("target", [ZOE, KIP])
    def test_a_child_or_who_may_be_one_is_never_disrupted(self, here: Hall, target: str) -> None:
        assert faults(lambda: here.agree(here.at(target), pillar="disrupt")) == [
            "target: a child, or somebody who may be one, is never disrupted; choose what supports or protects them"
        ]
        assert faults(lambda: here.agree("x", pillar="disrupt", target=here.slots[target]))[0].startswith(
            "target: a child"
        )
        assert faults(lambda: here.agree("@{new_person:Nobody Known}", pillar="disrupt"))[0].startswith(
            "target: a child"
        )

    def test_a_disruption_says_what_was_asked_before_it(self, here: Hall) -> None:
        agreed = here.agree(here.at(DAN), pillar="disrupt")
        assert agreed.unasked
        asked = {q.id: Reply(q.options[0][0] if q.options else "", "Said so") for q in questions.before_disruption()}
        done = live_record.amend(
            here.office["partner"], "M-3", agreed.id, 1, text=agreed.text, owner_agency="Police", due=DUE, asked=asked
        )
        assert not done.unasked
        assert here.kept(agreed.id).asked == asked
        assert here.kept(agreed.id).text == f"@{{{DAN}}}"
        missing = faults(
            lambda: live_record.amend(
                here.office["partner"], "M-3", agreed.id, 2, text="x", owner_agency="Police", due=DUE, asked={}
            )
        )
        assert missing[0] == "question 1: still open; choose an answer"

    @pytest.mark.parametrize("step", ["professionals.step.disrupt.02", "person.lado"])
    def test_nothing_about_a_workers_conduct(self, here: Hall, step: str) -> None:
        assert faults(lambda: here.agree(here.at(ZOE), step=step)) == [CONDUCT]

    @pytest.mark.parametrize("step", ["summary.identify.07", "person.prosecution", "places.step.identify.03"])
    def test_any_other_that_is_recommended(self, here: Hall, step: str) -> None:
        assert here.agree(here.at(DAN), step=step).step == step


class TestOnAPlace:
    def test_it_goes_to_those_who_work_on_places_and_names_nobody(self, here: Hall) -> None:
        agreed = here.agree(
            f"Ask the owner of {here.at(ARCADE)} about {here.at(DAN)}, {here.at(ONLINE)}, {here.at(GOLF)} and "
            f"{here.at(HOME)}",
            pillar="disrupt", target=here.slots[ARCADE],
        )  # fmt: skip
        action = here.kept(agreed.id)
        assert isinstance(action, PlaceAction)
        assert (action.place, action.meeting, action.pillar, action.owner_agency, action.due) == (
            "PLA-a1", "M-3", "disrupt", "Police", DUE,
        )  # fmt: skip
        assert action.text == ("Ask the owner of Placeholder Arcade about a person, an account, a vehicle and a home")
        assert (agreed.place, agreed.target, agreed.young_people) == (True, here.slots[ARCADE], ())
        assert place_actions.of_place(here.office["analyst"], "PLA-a1") == [action]

    @pytest.mark.parametrize(
        "text",
        [
            "Zoë goes there", "ask zoe heron's mum", "Heron", "YP-0001 was seen", "yp 1", "zoeheron99", "Falsely Bad",
            "Wren O'Madeup was seen", "Danno sits there",
        ],
    )  # fmt: skip
    def test_whoever_is_named_as_typed_is_a_fault(self, here: Hall, text: str) -> None:
        write_ = lambda **more: here.agree(**{"text": "Light it", "target": here.slots[ARCADE], **more})  # noqa: E731
        assert faults(lambda: write_(text=text)) == [f"action: {NAMED}"]
        assert write_().place

    def test_nor_by_mention_nor_as_its_owner(self, here: Hall) -> None:
        wrong = {"owner_agency": "Zoë Heron's nan", "owner_person": "Zoë's nan", "target": here.slots[ARCADE]}
        assert faults(lambda: here.agree(f"Ask {here.at(ZOE)}", **wrong)) == [
            f"action: {NAMED}", f"owner's agency: {NAMED}", f"owner: {NAMED}",
        ]  # fmt: skip

    def test_who_works_there_and_the_place_itself_may_be_named(self, here: Hall) -> None:
        agreed = here.agree(
            "Light the back of Placeholder Arcade, CR4 3ZZ; police will visit", target=here.slots[ARCADE],
            owner_person="Sam Invented",
        )  # fmt: skip
        assert here.kept(agreed.id).owner_person == "Sam Invented"

    def test_dropped_or_amended_it_names_nobody_either(self, here: Hall) -> None:
        agreed = here.agree("Light it", target=here.slots[ARCADE])
        partner = here.office["partner"]
        for text in (f"Because of {here.at(ZOE)}", "Because of Zoë"):
            assert faults(lambda t=text: live_record.drop(partner, "M-3", agreed.id, 1, t)) == [f"reason: {NAMED}"]
            assert faults(
                lambda t=text: live_record.amend(
                    partner, "M-3", agreed.id, 1, text=t, owner_agency="Police", owner_person="Teal's aunt", due=DUE
                )
            ) == [f"action: {NAMED}", f"owner: {NAMED}"]
        live_record.drop(partner, "M-3", agreed.id, 1, f"{here.at(DAN)} moved away")
        assert (here.kept(agreed.id).result, here.kept(agreed.id).status) == (
            "a person moved away",
            ActionStatus.DROPPED,
        )


class TestCorrect:
    def test_over_the_version_it_was_read_as_and_the_old_text_is_kept(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} said so", reason="Because")
        new = live_record.correct(here.office["chair"], "M-3", said.id, 1, f"{here.at(TEAL)} said so", "Since")
        assert (new.text, new.reason, new.version, new.by) == (
            f"{here.at(TEAL)} said so",
            "Since",
            2,
            "Pat Placeholder",
        )
        assert here.kept(said.id).young_people == ("YP-0002",)
        with store.transaction(here.engine) as session:
            (was,) = session.scalars(select(CorrectionRow))
            assert (was.record, was.before["text"], was.by) == (said.id, f"@{{{ZOE}}} said so", "u-chair")
        with pytest.raises(Conflict) as conflict:
            live_record.correct(here.office["partner"], "M-3", said.id, 1, "x")
        assert str(conflict.value) == CHANGED
        assert {record for _, operation, record, _ in log(here.engine) if operation == "live_record.correct"} == {
            "YP-0001", "YP-0002",
        }  # fmt: skip

    def test_what_comes_back_as_it_was_shown_stays_as_it_is_stored(self, here: Hall) -> None:
        for text in (f"Zoë told {here.at(TEAL)} of Falsely Bad, 4/3/2012", "As zoeheron99"):
            said = here.say(text, reason=text)
            before = here.kept(said.id)
            assert said.text == WITHHELD or "Zoë" not in said.text
            live_record.correct(here.office["partner"], "M-3", said.id, 1, f" {said.text} ", said.reason)
            assert (here.kept(said.id).text, here.kept(said.id).reason) == (before.text, before.reason)
            live_record.correct(here.office["partner"], "M-3", said.id, 2, said.text, "Another reason")
            assert (here.kept(said.id).text, here.kept(said.id).reason) == (before.text, "Another reason")

    def test_its_faults(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} x", EntryKind.VOICE)
        correct = lambda text: live_record.correct(here.office["partner"], "M-3", said.id, 1, text)  # noqa: E731
        assert faults(lambda: correct(" ")) == ["text: empty; write something", WORDS_OF]
        assert faults(lambda: correct("Nobody's words")) == [WORDS_OF]

    def test_the_event_that_it_became_is_put_right_with_it(self, here: Hall) -> None:
        said = here.say(
            f"{here.at(ZOE)} with {here.at(DAN)}", EntryKind.INFORMATION, harm=Influence.HARMFUL, as_="sighting"
        )
        live_record.correct(here.office["chair"], "M-3", said.id, 1, f"{here.at(TEAL)} with {here.at(DAN)}, twice")
        event = here.recorded(said.id)
        assert isinstance(event, Event)
        assert [(p.party.id, p.role) for p in event.participants] == [
            ("YP-0002", EventRole.EXPERIENCING_HARM), (BAD.id, EventRole.ALLEGED_SOURCE),
        ]  # fmt: skip
        assert (event.what, event.version, event.recorded_by) == (
            "a young person with Falsely Bad, twice",
            2,
            "u-partner",
        )
        (earlier,) = connections.history(here.office["lead"], event.id).earlier
        assert (earlier.why, earlier.by) == ("Put right in the record of the meeting it was shared at", "Cass Invented")

    def test_one_that_somebody_changed_since_stays(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} with {here.at(DAN)}", EntryKind.INFORMATION)
        event = here.recorded(said.id)
        assert isinstance(event, Event)
        connections.correct_event(here.office["lead"], replace(event, what="Nobody was there"), "Checked")
        live_record.correct(here.office["chair"], "M-3", said.id, 1, f"{here.at(TEAL)} with {here.at(DAN)}")
        assert here.recorded(said.id).what == "Nobody was there"  # type: ignore[union-attr]

    def test_a_tie_goes_on_joining_two(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} owes {here.at(DAN)}", EntryKind.INFORMATION, as_="debt")
        assert faults(lambda: live_record.correct(here.office["chair"], "M-3", said.id, 1, f"{here.at(ZOE)} owes")) == [
            TWO
        ]
        assert here.kept(said.id).version == 1
        live_record.correct(here.office["chair"], "M-3", said.id, 1, f"{here.at(TEAL)} owes {here.at(DAN)}")
        tie = here.recorded(said.id)
        assert isinstance(tie, Relationship)
        assert (tie.one.id, tie.other.id) == ("YP-0002", BAD.id)

    def test_once_nobody_is_mentioned_the_event_counts_no_more(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} with {here.at(DAN)}", EntryKind.INFORMATION)
        live_record.correct(here.office["chair"], "M-3", said.id, 1, "Nobody was seen")
        assert not here.counts(said.id)
        assert (here.kept(said.id).young_people, here.kept(said.id).target) == ((), "")


class TestTakeBack:
    def test_it_counts_no_more_nor_what_it_became(self, here: Hall) -> None:
        said = here.say(f"{here.at(ZOE)} with {here.at(DAN)}", EntryKind.INFORMATION)
        before = len(room.open(here.office["chair"], "M-3").records.events)
        live_record.take_back(here.office["chair"], "M-3", said.id, 1)
        assert room.record(here.office["partner"], "M-3").said == ()
        assert not here.counts(said.id)
        assert len(room.open(here.office["chair"], "M-3").records.events) == before - 1
        assert here.kept(said.id).text == f"@{{{ZOE}}} with @{{{DAN}}}"
        for again in (
            lambda: live_record.take_back(here.office["partner"], "M-3", said.id, 2),
            lambda: live_record.correct(here.office["partner"], "M-3", said.id, 2, "x"),
        ):
            with pytest.raises(Conflict):
                again()

    def test_not_over_a_newer_version(self, here: Hall) -> None:
        said = here.say("x")
        live_record.correct(here.office["partner"], "M-3", said.id, 1, "y")
        with pytest.raises(Conflict):
            live_record.take_back(here.office["chair"], "M-3", said.id, 1)
        assert [s.text for s in room.record(here.office["chair"], "M-3").said] == ["y"]


class TestAmend:
    def amend(self, here: Hall, id: str, version: int, **more: Any) -> Agreed:
        given = {"text": "New", "owner_agency": "Health", "owner_person": "Ana Example", "due": DUE, **more}
        return live_record.amend(here.office["chair"], "M-3", id, version, **given)

    @pytest.mark.parametrize("target", [ZOE, ARCADE])
    def test_over_the_version_it_was_read_as(self, here: Hall, target: str) -> None:
        agreed = here.agree("Old", target=here.slots[target])
        new = self.amend(here, agreed.id, 1, due=DUE + timedelta(days=1))
        assert (new.text, new.owner_agency, new.owner_person, new.due, new.version) == (
            "New", "Health", "Ana Example", DUE + timedelta(days=1), 2,
        )  # fmt: skip
        with pytest.raises(Conflict) as conflict:
            self.amend(here, agreed.id, 1)
        assert str(conflict.value) == CHANGED

    @pytest.mark.parametrize("target", [ZOE, DAN])
    def test_what_comes_back_as_it_was_shown_stays_as_it_is_stored(self, here: Hall, target: str) -> None:
        agreed = here.agree(
            f"Ring Zoë's mum of {here.at(TEAL)}", target=here.slots[target], owner_agency="Zoë Heron's nan",
            owner_person="Teal Madeup's aunt",
        )  # fmt: skip
        assert told_in((agreed, "x" * 100)) == []
        before = here.kept(agreed.id)
        self.amend(
            here, agreed.id, 1, text=agreed.text, owner_agency=agreed.owner_agency, owner_person=agreed.owner_person,
            due=DUE + timedelta(days=1),
        )  # fmt: skip
        assert here.kept(agreed.id) == replace(before, due=DUE + timedelta(days=1), version=2)

    @pytest.mark.parametrize("target", [ZOE, ARCADE])
    def test_all_faults_at_once(self, here: Hall, target: str) -> None:
        agreed = here.agree("Old", target=here.slots[target])
        assert faults(lambda: self.amend(here, agreed.id, 1, text="", owner_agency="", due=None)) == [
            "due: missing; give the day it should be done by", "action: empty; write something",
            "owner's agency: empty; write something",
        ]  # fmt: skip
        assert faults(lambda: self.amend(here, agreed.id, 1, due=TODAY - timedelta(days=1))) == [
            "due: the date lies in the past; give a later day"
        ]

    def test_a_day_that_has_passed_may_stay(self, here: Hall) -> None:
        agreed = here.agree("Old", target=here.slots[ZOE])
        later = at(here.office["chair"], days=20)
        live_record.amend(later, "M-3", agreed.id, 1, text="New", owner_agency="Police", due=DUE)
        assert here.kept(agreed.id).text == "New"

    @pytest.mark.parametrize("target", [ZOE, ARCADE])
    def test_dropped_with_a_reason_and_then_no_more(self, here: Hall, target: str) -> None:
        agreed = here.agree("Old", target=here.slots[target])
        assert faults(lambda: live_record.drop(here.office["chair"], "M-3", agreed.id, 1, " ")) == [
            "reason: empty; write something"
        ]
        live_record.drop(here.office["chair"], "M-3", agreed.id, 1, f"No need, says {here.at(DAN)}")
        dropped = here.kept(agreed.id)
        assert (dropped.status, dropped.closed_on) == (ActionStatus.DROPPED, TODAY)
        if target == ZOE:
            assert dropped.outcome == f"No need, says @{{{DAN}}}"
        for again in (
            lambda: self.amend(here, agreed.id, 2),
            lambda: live_record.drop(here.office["chair"], "M-3", agreed.id, 2, "Again"),
        ):
            with pytest.raises(Conflict) as conflict:
                again()
            assert str(conflict.value).startswith("It is done or dropped already")

    def test_one_of_an_earlier_meeting_is_not_this_ones(self, here: Hall) -> None:
        agreed = here.agree("Old", target=here.slots[ZOE])
        write(here.office, "M-4", ("YP-0001",), review_of="M-3")
        assert [a.id for a in room.record(here.office["chair"], "M-4").agreed] == [agreed.id]
        with pytest.raises(NotFound):
            live_record.drop(here.office["chair"], "M-4", agreed.id, 1, "No need")


class TestWhose:
    """Whoever wrote it and the chair take it back; a worker in the room may put it right, a partner their own alone."""

    @pytest.fixture
    def here(self, here: Hall) -> Hall:
        with store.transaction(here.engine) as session:
            users.add(session, User("u-nurse", "Nan Placeholder", "Health", frozenset({Role.PARTNER})))
            kept.invite(session, "M-3", ["u-nurse", "u-sam"])
        here.office["nurse"] = replace(here.office["partner"], user=replace(here.office["partner"].user, id="u-nurse"))
        return here

    @pytest.mark.parametrize(
        ("who", "correct", "back"),
        [
            ("partner", True, True), ("chair", True, True), ("lead", True, True), ("sam", True, False),
            ("nurse", False, False),
        ],
    )  # fmt: skip
    def test_who_may_what_with_a_partners_own(self, here: Hall, who: str, correct: bool, back: bool) -> None:
        said = here.say(f"{here.at(ZOE)} with {here.at(DAN)}", EntryKind.INFORMATION)
        actions = [here.agree("Go", target=here.slots[target]) for target in (ZOE, ARCADE)]
        desk = here.office[who]
        record = room.record(desk, "M-3")
        assert [(s.may_correct, s.may_take_back) for s in (*record.said, *record.agreed)] == [(correct, back)] * 3
        text = f"{here.at(ZOE)} with {here.at(DAN)}, twice"
        corrections = [
            lambda: live_record.correct(desk, "M-3", said.id, 1, text),
            *(
                lambda a=a: live_record.amend(desk, "M-3", a.id, 1, text="Go now", owner_agency="Police", due=DUE)
                for a in actions
            ),
        ]
        version = 1 + correct
        takings = [
            lambda: live_record.take_back(desk, "M-3", said.id, version),
            *(lambda a=a: live_record.drop(desk, "M-3", a.id, version, "No need") for a in actions),
        ]
        for allowed, ways, message in ((correct, corrections, NOT_YOURS), (back, takings, NOT_YOURS_TO_TAKE_BACK)):
            for way in ways:
                if allowed:
                    way()
                    continue
                with pytest.raises(NotPermitted) as refused:
                    way()
                assert str(refused.value) == message
                assert log(here.engine)[-1][3] == "refused"
        assert here.counts(said.id) is not back
        assert [here.kept(a.id).status for a in actions] == [ActionStatus.DROPPED if back else ActionStatus.OPEN] * 2
        assert here.kept(said.id).text.endswith(", twice") is correct

    def test_an_action_carried_over_is_nobodys_to_change_here(self, here: Hall) -> None:
        here.agree("Old", who="chair", target=here.slots[ZOE])
        write(here.office, "M-4", ("YP-0001",), review_of="M-3")
        (carried,) = room.record(here.office["chair"], "M-4").agreed
        assert (carried.may_correct, carried.may_take_back) == (False, False)


class TestSeveralHands:
    def test_two_writers_lose_nothing(self, here: Hall) -> None:
        def write_(who: str) -> list[str]:
            made = []
            for n in range(20):
                if n % 2:
                    made.append(here.say(f"{who} {n} {here.at(ZOE)}", EntryKind.INFORMATION, who=who).id)
                else:
                    made.append(here.agree(f"{who} {n} {here.at(TEAL)}", who=who).id)
            return made

        before = room.changes(here.office["chair"], "M-3")
        with ThreadPoolExecutor(2) as pool:
            made = [id for ids in pool.map(write_, ("chair", "partner")) for id in ids]
        record = room.record(here.office["chair"], "M-3")
        assert {*(s.id for s in record.said), *(a.id for a in record.agreed)} == set(made)
        assert (len(set(made)), len(record.said), len(record.agreed)) == (40, 20, 20)
        assert record.changes == before + 40
        assert len({here.kept(s.id).record for s in record.said}) == 20

    def test_twenty_edits_of_one_entry_by_two_are_each_kept_or_refused(self, here: Hall) -> None:
        said = here.say("0")

        def edit(who: str) -> int:
            done = 0
            while done < 10:
                now = room.record(here.office[who], "M-3").said[0]
                try:
                    live_record.correct(here.office[who], "M-3", said.id, now.version, f"{now.text}+{who}")
                except Conflict:
                    continue
                done += 1
            return done

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(edit, ("chair", "partner"))) == [10, 10]
        last = room.record(here.office["chair"], "M-3").said[0]
        assert last.version == 21
        assert (last.text.count("+chair"), last.text.count("+partner")) == (10, 10)
        with store.transaction(here.engine) as session:
            assert len(list(session.scalars(select(CorrectionRow)))) == 20

    def test_another_screen_knows_by_a_count(self, here: Hall) -> None:
        chair, partner = here.office["chair"], here.office["partner"]
        seen = [room.changes(chair, "M-3")]
        said = here.say("x")
        seen.append(room.changes(chair, "M-3"))
        agreed = here.agree("x", target=here.slots[ZOE])
        seen.append(room.changes(chair, "M-3"))
        live_record.correct(partner, "M-3", said.id, 1, "y")
        seen.append(room.changes(chair, "M-3"))
        live_record.drop(partner, "M-3", agreed.id, 1, "z")
        seen.append(room.changes(chair, "M-3"))
        live_record.take_back(partner, "M-3", said.id, 2)
        seen.append(room.changes(chair, "M-3"))
        assert seen == list(range(seen[0], seen[0] + 6))
        assert room.record(chair, "M-3").changes == seen[-1]


class TestClosed:
    def test_a_closed_meeting_takes_nothing_down(self, here: Hall) -> None:
        said, agreed = here.say("x"), here.agree("x", target=here.slots[ZOE])
        with store.transaction(here.engine) as session:
            meeting = kept.get(session, "M-3")
        minutes.close(here.office["chair"], meeting, None)
        partner = here.office["partner"]
        for write_ in (
            lambda: here.say("y"),
            lambda: here.agree("y", target=here.slots[ZOE]),
            lambda: live_record.correct(partner, "M-3", said.id, 1, "y"),
            lambda: live_record.take_back(partner, "M-3", said.id, 1),
            lambda: live_record.amend(partner, "M-3", agreed.id, 1, text="y", owner_agency="y", due=DUE),
            lambda: live_record.drop(partner, "M-3", agreed.id, 1, "y"),
        ):
            with pytest.raises(Conflict) as conflict:
                write_()
            assert str(conflict.value).startswith("This meeting is closed; nothing was saved.")
        record = room.record(partner, "M-3")
        assert (record.closed, record.said, record.agreed) == (True, (said,), (agreed,))


class TestNote:
    def keep(self, desk: Desk, **content: Any) -> dict[str, Any]:
        live_record.keep_note(desk, "M-3", content)
        return live_record.note(desk, "M-3")

    def test_what_was_being_typed_comes_back_to_its_writer_alone(self, here: Hall) -> None:
        chair, partner = here.office["chair"], here.office["partner"]
        assert self.keep(partner, kind="view", text="half a @{young", other="x") == {
            "kind": "view",
            "text": "half a @{young",
        }
        assert live_record.note(chair, "M-3") == {}
        assert self.keep(partner, kind="view", text="half a sentence")["text"] == "half a sentence"
        assert log(here.engine)[-1][1] == "room.open"
        assert room.changes(chair, "M-3") == room.record(chair, "M-3").changes

    @pytest.mark.parametrize("content", [{}, {"text": " "}, {"text": "\x00\n"}, {"kind": "view"}])
    def test_nothing_keeps_nothing(self, here: Hall, content: dict[str, Any]) -> None:
        self.keep(here.office["partner"], text="x")
        assert self.keep(here.office["partner"], **content) == {}

    def test_what_is_put_right_comes_back_with_what_was_typed_before(self, here: Hall) -> None:
        typed = {
            "text": "a", "kind": "view", "editing": "ENT-1", "version": "2", "pillar": "protect", "due": "2026-11-30",
            "owner": "Police", "agency": "Health", "confidence": "likely", "harm": "unclear", "as": "other",
            "reason": "Why",
        }  # fmt: skip
        before = {"text": "half", "kind": "decision", "reason": "Because"}
        partner = here.office["partner"]
        assert self.keep(partner, **typed, aside=before | {"more": "x"}, more="x") == typed | {"aside": before}
        assert live_record.keep_note(partner, "M-3", {"aside": before}) == {"aside": before}
        emptied = {"editing": "ENT-1", "version": "2"}
        assert self.keep(partner, **emptied, text=" ", aside=before) == emptied | {"aside": before}
        for aside in ("half", {"reason": "Because"}, [], None):
            assert self.keep(partner, **emptied, aside=aside) == {}

    def test_answers_before_actions_stand_beside_it(self, here: Hall) -> None:
        partner = here.office["partner"]
        first, second = (q.id for q in questions.before_disruption()[:2])
        said = {first: Reply("yes", "a\x00b"), second: Reply(), "none": Reply("yes", "x")}
        live_record.keep_replies(partner, "M-3", "ACT-1", said)
        live_record.keep_replies(partner, "M-3", "ACT-2", {second: Reply("no")})
        assert self.keep(partner, text="half") == {"text": "half"}
        assert live_record.replies(partner, "M-3", "ACT-1") == {first: Reply("yes", "ab")}
        assert live_record.replies(partner, "M-3", "ACT-2") == {second: Reply("no")}
        assert live_record.replies(here.office["chair"], "M-3", "ACT-1") == {}
        assert self.keep(partner, text="") == {}
        live_record.keep_replies(partner, "M-3", "ACT-1", {first: Reply()})
        assert live_record.replies(partner, "M-3", "ACT-1") == {}
        assert live_record.replies(partner, "M-3", "ACT-2") == {second: Reply("no")}
        self.keep(partner, text="half")
        live_record.keep_replies(partner, "M-3", "ACT-2", {first: Reply("no" * 200, "n" * 3_000)})
        assert live_record.note(partner, "M-3") == {"text": "half"}
        assert live_record.replies(partner, "M-3", "ACT-2") == {first: Reply("no" * 100, "n" * 2_000)}

    def test_whatever_is_sent(self, here: Hall) -> None:
        partner = here.office["partner"]
        assert self.keep(partner, text="a\x00\ud800b", kind="\x00" + "k" * 90) == {"text": "ab", "kind": "k" * 40}
        assert len(self.keep(partner, text="x" * 30_000)["text"]) == 20_000
        assert self.keep(partner, text=["x"], kind={1}) == {"text": "['x']", "kind": "{1}"}
