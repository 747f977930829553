"""Legal holds, deletion by two people, and what is left of a young person afterwards: in the database, its file, and
whatever an older backup brings back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql

from chm import store
from chm.access import Permission
from chm.assessments import Answers, Evidence, Judgement
from chm.audit import check
from chm.casework import (
    addresses,
    assessments,
    backups,
    deletion,
    drafts,
    episodes,
    frameworks,
    guarded,
    live_record,
    minutes,
    network,
    notices,
    people,
    plans,
    questions,
    room,
    setting_assessments,
    shared_actions,
)
from chm.casework.deletion import CHANGED, NEVER, TWO, Due
from chm.casework.desk import Desk, new_id
from chm.casework.live_record import NewAction, NewEntry
from chm.casework.setting_assessments import NewSettingAssessment
from chm.casework.shared_actions import NewSharedAction
from chm.connections import Event, Party, Place, PlaceKind
from chm.episodes.records import Episode
from chm.errors import ChmError, Conflict, Faults, NotFound, StorageUnavailable
from chm.meetings.forgetting import GONE
from chm.meetings.records import EntryKind
from chm.records import ActionPart, ProtectedAddress, Referral, Reply, Role, SafetyPlan, Tombstone, User, YoungPerson
from chm.retention import Until
from chm.store import audit, connections, entities, meetings, users
from chm.store import deletion as kept_deletion
from chm.store import people as kept_people
from chm.store.database import server
from chm.store.held import referring
from chm.store.tables import Table, YoungPersonRow

from .conftest import HERON, NOW, TODAY, Office
from .hall import INSIDE, SKY, TYPED, assess, write
from .town import ARCADE, HOME, event, tie, young

ZOE = "YP-0001"
PASSED, WHY = date(2087, 3, 5), "To their birthday at 75, and nobody asked for it"
SECOND = User("u-lead2", "Lia Placeholder", "Children's Social Care", frozenset({Role.SAFEGUARDING_LEAD}))
DEN = Place(id="PLA-z1", name="Planted Cottage", address="1 Planted Lane", place_kind=PlaceKind.HOME)
REFERS = {
    "action.young_person", "assessment.young_person", "break_glass.young_person", "caseload.young_person",
    "deletion_proposal.young_person", "draft.young_person", "event_participant.young_person", "incident.young_person",
    "legal_hold.young_person", "meeting_action_young_person.young_person", "meeting_young_person.young_person",
    "missing_episode.young_person", "protected_address.young_person", "record_grant.young_person",
    "referral.young_person", "relationship.one_young_person", "relationship.other_young_person",
    "safety_plan.young_person", "shared_action_part.young_person", "stated_reason.young_person",
}  # fmt: skip


def then(desk: Desk, on: date = PASSED, user: User | None = None) -> Desk:
    """The same desk on a day, at noon."""
    moment = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return replace(desk, user=user or desk.user, clock=lambda: moment)


@pytest.fixture
def leads(office: Office) -> tuple[Desk, Desk]:
    """Two safeguarding leads, on the day from which Zoë's record, which is closed, may go."""
    with store.transaction(office.engine) as session:
        users.add(session, SECOND)
    guarded.close(office["jo"], ZOE, "Nothing more to do")
    return then(office["lead"]), then(office["lead"], user=SECOND)


def faults(do: Callable[[], object]) -> list[str]:
    with pytest.raises(Faults) as said:
        do()
    return said.value.faults


def log(engine: store.Engine) -> list[tuple[str, str, str, str]]:
    with store.transaction(engine, writing=False) as session:
        return [(e.user, e.operation, e.record, e.why) for e in reversed(audit.read(session, None, 1000))]


def everything(engine: store.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with store.transaction(engine, writing=False) as session:
        return {
            t.name: list(map(dict, session.execute(select(t).order_by(*t.primary_key.columns)).mappings()))
            for t in Table.metadata.sorted_tables
        }


def said(engine: store.Engine, *leave_out: str) -> str:
    """All of that as one text in small letters."""
    found = {name: rows for name, rows in everything(engine).items() if name not in leave_out}
    return json.dumps(found, default=str, ensure_ascii=False).casefold()


class TestDue:
    def test_from_the_day_on_and_not_before(self, leads: tuple[Desk, Desk]) -> None:
        lead = leads[0]
        assert deletion.due(then(lead, PASSED - timedelta(1))) == []
        (found,) = deletion.due(lead)
        assert found == Due(ZOE, "Zoë Heron", PASSED, found.why)
        assert found.why.startswith("Not known whether ever looked after: to their birthday at 75 (The Care Planning")
        assert [e for e in log(lead.engine) if e[1] == "deletion.due"] == [
            ("u-lead", "deletion.due", "", "0 due"),
            ("u-lead", "deletion.due", "", "1 due"),
        ]

    def test_an_open_record_and_one_on_hold_are_not_due(self, leads: tuple[Desk, Desk], office: Office) -> None:
        lead = leads[0]
        held = deletion.hold(lead, ZOE, "A claim is before the court")
        assert deletion.due(lead) == []
        deletion.lift(lead, ZOE, held.id, 1, "The claim is settled")
        assert [d.id for d in deletion.due(lead)] == [ZOE]
        guarded.refer_again(office["jo"], "Zoë Heron", HERON.born, "Police", "Asked for help")
        assert deletion.due(lead) == []
        assert deletion.standing(lead, ZOE).until.why == "The record is open"


class TestCorrected:
    """What is put right on a closed record counts from then on."""

    @staticmethod
    def put_right(lead: Desk, **said: Any) -> YoungPerson:
        seen = people.record_of(lead, ZOE).young_person
        was = {name: getattr(seen, name) for name in ("born", "looked_after", "died_on")}
        return people.correct(lead, ZOE, seen, **{**was, **said})

    def test_who_died_before_18_is_due_15_years_from_then(self, leads: tuple[Desk, Desk], office: Office) -> None:
        lead, due = office["lead"], date(2041, 11, 3)
        self.put_right(lead, died_on=date(2026, 11, 2))
        assert deletion.due(then(lead, due - timedelta(1))) == []
        (found,) = deletion.due(then(lead, due))
        assert found == Due(ZOE, "Zoë Heron", due, found.why)
        assert found.why.startswith(
            "Not known whether ever looked after: 15 years from their death before they were 18"
        )
        assert deletion.standing(then(lead, due), ZOE).until == Until(due, found.why)
        proposed = deletion.propose(then(lead, due), ZOE, WHY)
        self.put_right(lead, died_on=None)
        (waits,) = deletion.waiting(then(lead, due))
        assert waits.stopped.startswith("it is kept, until 05/03/2087.")
        (stopped,) = faults(lambda: deletion.approve(then(lead, due, SECOND), ZOE, proposed.id))
        assert stopped == f"the record: {waits.stopped}"

    def test_a_death_from_18_on_changes_nothing(self, leads: tuple[Desk, Desk], office: Office) -> None:
        for died_on, day in ((date(2030, 3, 3), date(2045, 3, 4)), (date(2030, 3, 4), PASSED)):
            self.put_right(then(office["lead"], date(2031, 1, 1)), died_on=died_on)
            assert deletion.standing(office["lead"], ZOE).until.first_day == day

    def test_who_becomes_looked_after_is_kept_to_75(self, leads: tuple[Desk, Desk], office: Office) -> None:
        lead, others = office["lead"], date(2051, 11, 24)
        self.put_right(lead, looked_after=False)
        found = deletion.standing(lead, ZOE)
        assert found.never is not None
        assert (found.until.first_day, found.never.first_day, found.asks, found.passed) == (PASSED, others, True, False)
        assert deletion.standing(then(lead, others), ZOE).passed
        assert [d.first_day for d in deletion.due(then(lead, others))] == [others]
        self.put_right(lead, looked_after=True)
        assert deletion.due(then(lead, PASSED - timedelta(1))) == []
        (found,) = deletion.due(then(lead, PASSED))
        assert (found.first_day, found.why[:14]) == (PASSED, "Looked after: ")
        assert not deletion.standing(lead, ZOE).asks

    def test_who_was_once_looked_after_is_kept_to_75_too(self, leads: tuple[Desk, Desk], office: Office) -> None:
        lead = office["lead"]
        self.put_right(lead, looked_after=True)
        self.put_right(lead, looked_after=False)
        found = deletion.standing(lead, ZOE)
        assert (found.until.first_day, found.asks, found.never) == (PASSED, False, None)
        assert found.rule == deletion.retention_rules().looked_after.rule
        early = then(lead, PASSED - timedelta(1))
        assert deletion.due(early) == []
        (kept,) = faults(lambda: deletion.propose(early, ZOE, WHY, never_looked_after=True))
        assert kept.startswith("the record: it is kept, until 05/03/2087. Looked after: to their birthday at 75")

    def test_that_they_never_were_holds_until_their_care_is_corrected(
        self, leads: tuple[Desk, Desk], office: Office
    ) -> None:
        lead, day = office["lead"], date(2051, 11, 24)
        self.put_right(lead, looked_after=False)
        proposed = deletion.propose(then(lead, day), ZOE, WHY, never_looked_after=True)
        assert deletion.waiting(then(lead, day))[0].stopped == ""
        assert deletion.standing(lead, ZOE).until.first_day == day
        self.put_right(lead, looked_after=None)
        (stopped,) = faults(lambda: deletion.approve(then(lead, day, SECOND), ZOE, proposed.id))
        assert stopped.startswith("the record: it is kept, until 05/03/2087. Not known whether ever looked after")

    def test_a_birth_date_that_was_not_known_can_be_added(self, office: Office) -> None:
        lead = office["lead"]
        guarded.close(lead, "YP-0002", "Nothing more to do")
        assert "birth date is not known: add it" in deletion.standing(lead, "YP-0002").until.why
        seen = people.record_of(lead, "YP-0002").young_person
        people.correct(lead, "YP-0002", seen, born=date(2011, 2, 3), looked_after=True, died_on=None)
        assert deletion.standing(lead, "YP-0002").until.first_day == date(2086, 2, 4)


class TestHold:
    def test_each_stands_until_it_is_lifted(self, leads: tuple[Desk, Desk]) -> None:
        one, other = leads
        first = deletion.hold(one, ZOE, "A claim")
        second = deletion.hold(then(other, PASSED + timedelta(1)), ZOE, "An inquiry")
        assert [(h.why, by) for h, by in deletion.standing(one, ZOE).holds] == [
            ("A claim", "Lee Invented"),
            ("An inquiry", "Lia Placeholder"),
        ]
        deletion.lift(other, ZOE, first.id, 1, "Settled")
        found = deletion.standing(one, ZOE)
        assert ([h for h, _ in found.holds], found.passed) == ([second], False)
        assert found.until.why == "There is a legal hold on the record"
        with pytest.raises(Conflict):
            deletion.lift(one, ZOE, first.id, 1, "Settled")
        with pytest.raises(NotFound):
            deletion.lift(one, "YP-0002", second.id, 1, "Settled")
        (row,) = (r for r in everything(one.engine)["legal_hold"] if r["id"] == first.id)
        assert (row["lifted_by"], row["lifted_why"]) == ("u-lead2", "Settled")
        assert [e for e in log(one.engine) if e[1] in ("deletion.hold", "deletion.lift")][:3] == [
            ("u-lead", "deletion.hold", ZOE, first.id),
            ("u-lead2", "deletion.hold", ZOE, second.id),
            ("u-lead2", "deletion.lift", ZOE, first.id),
        ]

    def test_it_needs_a_reason_and_ends_a_proposal(self, leads: tuple[Desk, Desk]) -> None:
        one, other = leads
        assert faults(lambda: deletion.hold(one, ZOE, " ")) == ["why: empty; write something"]
        proposed = deletion.propose(one, ZOE, WHY)
        deletion.hold(other, ZOE, "A claim")
        assert deletion.waiting(one) == []
        with pytest.raises(Conflict, match=CHANGED):
            deletion.approve(other, ZOE, proposed.id)


class TestPropose:
    def test_only_what_the_rule_lets_go(self, leads: tuple[Desk, Desk], office: Office) -> None:
        early = then(leads[0], PASSED - timedelta(1))
        (kept,) = faults(lambda: deletion.propose(early, ZOE, WHY))
        assert kept.startswith("the record: it is kept, until 05/03/2087. Not known whether ever looked after")
        assert faults(lambda: deletion.propose(leads[0], "YP-0003", " ")) == [
            "why: empty; write something",
            "the record: it is kept. The record is open",
        ]
        deletion.hold(leads[0], ZOE, "A claim")
        assert faults(lambda: deletion.propose(leads[0], ZOE, WHY)) == [
            "the record: it is kept. There is a legal hold on the record"
        ]

    def test_the_others_are_told_and_it_waits_once(self, leads: tuple[Desk, Desk]) -> None:
        one, other = leads
        proposed = deletion.propose(one, ZOE, WHY)
        assert [(n.text, n.record) for n in notices.mine(other)] == [(deletion.WAITS, ZOE)]
        assert notices.mine(one) == []
        with pytest.raises(Conflict, match="proposed already"):
            deletion.propose(other, ZOE, WHY)
        (waits,) = deletion.waiting(one)
        assert (waits.proposal, waits.name, waits.by, waits.own, waits.stopped) == (
            proposed, "Zoë Heron", "Lee Invented", True, "",
        )  # fmt: skip
        assert not deletion.waiting(other)[0].own
        assert log(one.engine)[-1] == ("u-lead2", "deletion.waiting", ZOE, "1 proposed")

    def test_who_was_never_looked_after_is_looked_up_first(self, leads: tuple[Desk, Desk], office: Office) -> None:
        lead = then(office["lead"], date(2060, 1, 1))
        with store.transaction(office.engine) as session:
            kept_people.add(session, YoungPerson("YP-0301", "Juno Elsewhere", "Merton", born=TODAY, looked_after=False))
            kept_people.set_state(session, "YP-0301", closed_on=date(2026, 11, 23))
        (due,) = deletion.due(lead)
        assert (due.id, due.first_day) == ("YP-0301", date(2051, 11, 24))
        assert due.why.startswith("If they were never looked after, which is to be looked up: 25 years from the day")
        found = deletion.standing(lead, "YP-0301")
        assert (found.asks, found.passed, found.until.first_day) == (True, True, date(2101, 11, 24))
        assert found.rule == deletion.retention_rules().looked_after.rule
        assert faults(lambda: deletion.propose(lead, "YP-0301", WHY)) == [NEVER]
        proposed = deletion.propose(lead, "YP-0301", WHY, never_looked_after=True)
        assert people.record_of(lead, "YP-0301").young_person.ever_looked_after is False
        found = deletion.standing(lead, "YP-0301")
        assert (found.until.first_day, found.never) == (date(2051, 11, 24), None)
        assert found.rule == deletion.retention_rules().others.rule
        deletion.refuse(leads[1], "YP-0301", proposed.id, "They wrote to us last year")
        assert faults(lambda: deletion.propose(lead, "YP-0301", WHY)) == [NEVER]
        again = deletion.propose(lead, "YP-0301", WHY, never_looked_after=True)
        deletion.approve(then(leads[1], date(2060, 1, 1)), "YP-0301", again.id)
        with pytest.raises(NotFound):
            people.record_of(lead, "YP-0301")
        assert not deletion.standing(lead, ZOE).asks


class TestDecide:
    def test_whoever_proposed_it_does_not_approve_it(self, leads: tuple[Desk, Desk]) -> None:
        one, other = leads
        proposed = deletion.propose(one, ZOE, WHY)
        assert faults(lambda: deletion.approve(one, ZOE, proposed.id)) == [f"approve: {TWO}"]
        with pytest.raises(Conflict, match=CHANGED):
            deletion.approve(other, ZOE, "DEL-another")
        deletion.approve(other, ZOE, proposed.id)
        assert log(one.engine)[-1] == ("u-lead2", "deletion.approve", ZOE, f"{proposed.id}, proposed by u-lead")
        with pytest.raises(NotFound):
            people.record_of(one, ZOE)
        with pytest.raises(NotFound):
            deletion.approve(other, ZOE, proposed.id)

    def test_not_once_it_is_open_again(self, leads: tuple[Desk, Desk], office: Office) -> None:
        one, other = leads
        proposed = deletion.propose(one, ZOE, WHY)
        guarded.refer_again(office["jo"], "Zoë Heron", HERON.born, "Police", "Asked for help")
        assert deletion.waiting(other)[0].stopped == "it is kept. The record is open"
        assert faults(lambda: deletion.approve(other, ZOE, proposed.id)) == [
            "the record: it is kept. The record is open"
        ]
        assert people.record_of(one, ZOE).young_person.name == "Zoë Heron"

    def test_refused_it_stays_and_who_proposed_it_is_told(self, leads: tuple[Desk, Desk]) -> None:
        one, other = leads
        proposed = deletion.propose(one, ZOE, WHY)
        assert faults(lambda: deletion.refuse(other, ZOE, proposed.id, "")) == ["why: empty; write something"]
        deletion.refuse(other, ZOE, proposed.id, "They wrote to us last year")
        assert deletion.waiting(one) == []
        assert notices.mine(one)[0].text == f"{deletion.REFUSED}. They wrote to us last year"
        again = deletion.propose(one, ZOE, WHY)
        with pytest.raises(Conflict, match=CHANGED):
            deletion.approve(other, ZOE, proposed.id)
        deletion.refuse(one, ZOE, again.id, "Proposed by mistake")
        assert (deletion.waiting(one), len(notices.mine(one))) == ([], 1)


def fill(hall: Office) -> None:
    """A row about Zoë in every table that refers to a young person, and texts that name her elsewhere."""
    jo, lead, chair = hall["jo"], hall["lead"], hall["chair"]
    people.add_referral(jo, ZOE, on=TODAY, agency="Police", reason=TYPED)
    people.add_incident(jo, ZOE, on=TODAY, kind="Sighting", what=TYPED, agency="Police")
    assess(jo, ZOE)
    framework = "merton-2020"
    assert assess(lead, "YP-0002").framework == framework
    plans.add_action(
        jo, ZOE, target=f"young_person:{ZOE}", pillar="support", text=TYPED, owner_agency="Police", owner_person="",
        due=TODAY,
    )  # fmt: skip
    plans.save_safety_plan(jo, ZOE, SafetyPlan(young_person=ZOE, triggers=TYPED))
    draft = drafts.open(jo, ZOE, framework, assess(jo, ZOE).framework_version)
    heard = Evidence(
        id="E-1",
        domain="missing",
        indicator="missing.emerging.01",
        text=TYPED,
        on=TODAY,
        agency="Police",
        first_hand=False,
    )
    levels = {d.id: "emerging" for d in frameworks.current().domains}
    answers = Answers(
        levels=levels, ticks=("missing.emerging.01",), evidence=(heard,), reasons={"missing": "Zoë said so"}
    )
    assessments.record(
        jo, ZOE, draft.model_copy(update={"answers": answers}), Judgement(level="moderate", reason=TYPED)
    )
    drafts.open(jo, ZOE, framework, draft.framework_version)
    episodes.record(jo, ZOE, Episode(id="", young_person=ZOE, start=TODAY, end=TODAY, companions="Zoë with Teal"))
    addresses.write(jo, ZOE, ProtectedAddress(text="2 Planted Lane"))
    guarded.give_grant(lead, ZOE, "u-sam", TODAY, TYPED)
    guarded.break_glass(hall["sam"], ZOE, "Zoë is at the station and nobody answers")
    shared = shared_actions.propose(
        chair,
        NewSharedAction(
            target=Party("place", ARCADE.id), pillar="prevent", text="Staff look out", owner_agency="Police",
            young_people=(ZOE, "YP-0002"), due=TODAY,
        ),
        [(ZOE, "YP-0002"), ("YP-0002", ZOE)],
    )  # fmt: skip
    shared_actions.accept(jo, ActionPart(shared_action=shared.id, young_person=ZOE))
    setting_assessments.record(
        lead,
        NewSettingAssessment(
            subject=ARCADE.id, level="moderate", summary=TYPED, assessed_on=TODAY, young_people=(ZOE, "YP-0002"),
            answers={"rivalry": Reply("yes", "Zoë was seen there")},
        ),
    )  # fmt: skip
    with store.transaction(hall.engine) as session:
        entities.add(session, [DEN], "u-lead", NOW)
        ties = [tie(0x61, young(ZOE), DEN, "lives_at", event(1, DEN).influence)]
        peer = replace(ties[0], id="REL-62", one=young("YP-0002"), other=young(ZOE), kind="peer", note=TYPED)
        connections.add_relationships(session, [*ties, peer])
        connections.add_events(session, [event(0x63, DEN, ZOE, what=TYPED)])
        (together,) = connections.events(session, {"EV-5a"})
        connections.keep(session, together, "Zoë said so", "u-lead", NOW)
        connections.edit(session, replace(together, what=f"{TYPED} again"))
    write(hall, "M-8", (ZOE,), title="Zoë alone")
    room.open(chair, "M-3")
    with store.transaction(hall.engine) as session:
        slots = {p: f"{p.partition(':')[0]}:{slot}" for p, (_, slot) in meetings.aliases(session, "M-3").items()}
    zoe, teal = f"@{{{slots[f'young_person:{ZOE}']}}}", f"@{{{slots['young_person:YP-0002']}}}"
    for kind, text in (
        (EntryKind.INFORMATION, f"{zoe} and {teal} were at @{{{slots[f'place:{ARCADE.id}']}}}"),
        (EntryKind.VOICE, f"{zoe} says: ask me first, not Jo Placeholder"),
        (EntryKind.DECISION, f"{teal} and {zoe} are told apart from each other"),
    ):
        given: dict[str, Any] = {"confidence": "likely"} if kind == EntryKind.INFORMATION else {}
        live_record.say(chair, "M-3", NewEntry(kind=kind, text=text, item="people", agency="Police", **given))
    for text, target in (("Call", f"young_person:{ZOE}"), ("Visit", "young_person:YP-0002")):
        live_record.agree(
            chair, "M-3",
            NewAction(text=f"{text} them", target=slots[target], pillar="support", owner_agency="Police", due=TODAY),
        )  # fmt: skip
    live_record.keep_note(chair, "M-3", {"text": "Zoë Heron is", "aside": "Zoë Heron was"})
    question = questions.before_disruption()[0].id
    live_record.keep_replies(chair, "M-3", "ACT-1", {question: Reply("yes", "Zoë Heron goes there")})
    with store.transaction(hall.engine) as session:
        meeting = meetings.get(session, "M-3")
    minutes.close(chair, meeting, None)
    minutes.sign(chair, "M-3", 1, 1)
    lead = then(lead)
    deletion.lift(lead, ZOE, deletion.hold(lead, ZOE, TYPED).id, 1, "Over")
    guarded.close(jo, ZOE, "Nothing more to do")
    deletion.propose(lead, ZOE, WHY)


@pytest.fixture
def gone(hall: Office) -> tuple[Office, dict[str, list[dict[str, Any]]]]:
    """The hall after Zoë was deleted, and all that was there before."""
    with store.transaction(hall.engine) as session:
        users.add(session, SECOND)
    fill(hall)
    before = everything(hall.engine)
    proposal = str(before["deletion_proposal"][0]["id"])
    deletion.carry_out(then(hall["lead"], user=SECOND), ZOE, proposal)
    return hall, before


def test_what_refers_to_a_young_person_is_known_here() -> None:
    """Whoever adds a column that does: deletion takes its rows whole. Fill it below, and say here that it may."""
    found = {f"{c.table.name}.{c.name}" for c in referring(YoungPersonRow.__table__)}  # type: ignore[arg-type]
    assert found == REFERS


class TestDeleted:
    def test_every_table_had_something_and_none_has(self, gone: tuple[Office, dict[str, list[dict[str, Any]]]]) -> None:
        office, before = gone
        for column in REFERS:
            table, name = column.split(".")
            assert any(row[name] == ZOE for row in before[table]), f"{column} was never filled"
        after = said(office.engine, "audit", "tombstone")
        told = ("yp-0001", "zoë heron", "zoe heron", "zoë", "planted", "2012-03-04", "march 2012", "4/3/2012")
        assert [t for t in told if t in said_of(before)] == list(told)
        assert [t for t in told if t in after] == []
        assert everything(office.engine)["tombstone"] == [{"young_person": ZOE, "on": PASSED}]

    def test_what_is_of_others_stays(self, gone: tuple[Office, dict[str, list[dict[str, Any]]]]) -> None:
        office, before = gone
        after = everything(office.engine)
        kept = {t: ({r["id"] for r in before[t]}, {r["id"] for r in after[t]}) for t in ("event", "entity", "meeting")}
        assert kept["meeting"][0] - kept["meeting"][1] == {"M-8"}
        assert kept["entity"][0] - kept["entity"][1] == {DEN.id, HOME.id}
        assert kept["event"][0] - kept["event"][1] >= {"EV-7", "EV-16", "EV-63"}
        assert {"EV-5a", "EV-5b", "EV-5c", "EV-15"} <= kept["event"][1]
        assert {r["young_person"] for r in after["meeting_young_person"] if r["meeting"] == "M-3"} == {*INSIDE} - {ZOE}
        assert [r["text"] for r in after["meeting_action"]] == ["Visit them"]
        (group,) = after["setting_assessment"]
        assert (group["young_people"], group["answers"]["rivalry"]["note"]) == (["YP-0002"], f"{GONE} was seen there")
        assert len(after["shared_action"]) == 1
        texts = {r["text"] for r in after["meeting_entry"]}
        assert f"@{{young_person:YP-0002}} and {GONE} are told apart from each other" in texts
        assert not any("ask me first" in text for text in texts)
        same = {"user_account", "user_role", "framework_used", "place_words", "public_count"}
        assert {t: after[t] for t in same} == {t: before[t] for t in same}

    def test_others_still_work(self, gone: tuple[Office, dict[str, list[dict[str, Any]]]]) -> None:
        office, _ = gone
        found = network.read(office["chair"], ("YP-0002", SKY.id))
        near = {e.id: sorted(p.party.id for p in e.participants if p.party.young) for e in found.events}
        assert (near["EV-5a"], near["EV-5b"]) == (["YP-0002"], sorted({*INSIDE} - {ZOE}))
        assert ZOE not in {p.id for p in found.young_people}
        read = minutes.read(office["chair"], "M-3", 1)
        assert [y.id for y in read.young_people] == sorted(
            {*INSIDE} - {ZOE}, key=[y.id for y in read.young_people].index
        )
        assert len(read.young_people) == 5 and ZOE not in read.names and ZOE not in read.births
        assert [a.text for a in read.actions] == ["Visit them"]
        assert [v.signed_by for v in minutes.versions(office["chair"], "M-3")] == ["Cass Invented"]
        with store.transaction(office.engine, writing=False) as session:
            (earlier,) = connections.earlier(session, "EV-5a")
        assert isinstance(earlier.record, Event)
        assert [p.party.id for p in earlier.record.participants if p.party.young] == ["YP-0002"]
        assert room.open(office["chair"], "M-3")
        assert people.record_of(office["lead"], "YP-0002").young_person.name == "Teal Madeup"

    def test_the_audit_holds_and_tells_of_it(self, gone: tuple[Office, dict[str, list[dict[str, Any]]]]) -> None:
        office, before = gone
        assert check(audit.whole_chain(office.engine)).fault is None
        after = everything(office.engine)["audit"]
        assert after[: len(before["audit"])] == before["audit"]
        (entry,) = after[len(before["audit"]) :][:1]
        assert (entry["user"], entry["operation"], entry["record"]) == ("u-lead2", "deletion.approve", ZOE)

    def test_nobody_new_is_given_the_id(self, gone: tuple[Office, dict[str, list[dict[str, Any]]]]) -> None:
        office, _ = gone
        with store.transaction(office.engine, writing=False) as session:
            highest = session.scalar(select(func.max(YoungPersonRow.id)))
        added = people.add(office["jo"], "Nia Invented", born=None, age=14, home_borough="Merton")
        assert highest is not None and added.id > highest


def refer(engine: store.Engine, young_person: str, reason: str) -> None:
    with store.transaction(engine) as session:
        kept_people.add_referral(session, Referral(new_id("REF"), young_person, TODAY, "Police", reason))


def said_of(found: dict[str, list[dict[str, Any]]]) -> str:
    return json.dumps(found, default=str, ensure_ascii=False).casefold()


def test_of_two_with_one_name_only_the_one_goes(leads: tuple[Desk, Desk], office: Office) -> None:
    one, other = leads
    with store.transaction(office.engine) as session:
        kept_people.add(session, YoungPerson("YP-0302", "Zoe Heron", "Merton", age=15, age_on=TODAY))
    refer(office.engine, "YP-0302", "Zoe Heron, not YP-0001, was seen")
    deletion.carry_out(other, ZOE, deletion.propose(one, ZOE, WHY).id)
    (kept,) = people.record_of(one, "YP-0302").referrals
    assert kept.reason == f"Zoe Heron, not {GONE}, was seen"


def test_a_name_parted_by_what_nobody_sees_goes_too(leads: tuple[Desk, Desk], office: Office) -> None:
    one, other = leads
    refer(office.engine, "YP-0003", "Z\u200do\u00adë H\u200deron was seen")
    write(office, "M-9", ("YP-0003",))
    with store.transaction(office.engine) as session:
        meetings.keep_note(session, "M-9", "u-chair", {"text": "Z\u200doë H\u00aderon is"}, NOW)
    deletion.carry_out(other, ZOE, deletion.propose(one, ZOE, WHY).id)
    assert [r.reason for r in people.record_of(one, "YP-0003").referrals] == [f"{GONE} was seen"]
    with store.transaction(office.engine) as session:
        assert meetings.note(session, "M-9", "u-chair") == {"text": f"{GONE} is"}


def test_two_who_approve_at_once_delete_once(leads: tuple[Desk, Desk], office: Office) -> None:
    third = replace(SECOND, id="u-lead3")
    with store.transaction(office.engine) as session:
        users.add(session, third)
    one, other = leads
    proposed = deletion.propose(one, ZOE, WHY)

    def approve(desk: Desk) -> str:
        try:
            deletion.approve(desk, ZOE, proposed.id)
        except ChmError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(approve, (other, replace(other, user=third))))
    assert found[1] == "done" and found[0] in ("Conflict", "NotFound")
    assert [e[3] for e in log(office.engine) if e[1] == "deletion.approve" and e[3] != "refused"] == [
        f"{proposed.id}, proposed by u-lead"
    ]


class TestFile:
    """On an embedded database without a key, whose file can be looked through."""

    PLANTED = (b"Planted Name", b"PLANTED-REFERRAL", b"PLANTED-EVIDENCE", b"9 Planted Street")

    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        key = tmp_path / "key"
        key.write_text("0f" * 32)
        key.chmod(0o600)
        monkeypatch.setenv("CHM_BACKUP_KEY_FILE", str(key))
        monkeypatch.delenv("CHM_DATABASE_KEY_FILE", raising=False)
        monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'chm.sqlite3'}")
        engine = store.open_engine()
        store.upgrade(engine)
        with store.transaction(engine) as session:
            for user in (SECOND, replace(SECOND, id="u-lead", name="Lee Invented")):
                users.add(session, user)
            for n in range(1, 60):
                name = "Planted Name" if n == 7 else f"Somebody Unreal {n}"
                kept_people.add(session, YoungPerson(f"YP-{n:04d}", name, "Merton", born=date(2012, 1, 1)))
                kept_people.set_state(session, f"YP-{n:04d}", closed_on=TODAY)
        lead = Desk(engine, replace(SECOND, id="u-lead"), lambda: NOW)
        for n in range(1, 60):
            refer(engine, f"YP-{n:04d}", ("PLANTED-REFERRAL " if n == 7 else "Something else ") * 40)
        refer(engine, "YP-0007", "PLANTED-EVIDENCE")
        addresses.write(lead, "YP-0007", ProtectedAddress(text="9 Planted Street"))
        engine.dispose()
        yield tmp_path

    @staticmethod
    def desks() -> tuple[Desk, Desk]:
        desk = Desk(store.open_engine(), replace(SECOND, id="u-lead"), lambda: datetime(2088, 1, 1, tzinfo=UTC))
        return desk, replace(desk, user=SECOND)

    def delete(self) -> None:
        one, other = self.desks()
        deletion.carry_out(other, "YP-0007", deletion.propose(one, "YP-0007", WHY).id)
        one.engine.dispose()

    def test_no_page_of_the_file_holds_any_of_it(self, place: Path) -> None:
        def found() -> set[bytes]:
            files = b"".join(p.read_bytes() for p in place.glob("chm.sqlite3*"))
            return {text for text in self.PLANTED if text in files}

        assert found() == set(self.PLANTED)
        self.delete()
        assert found() == set()
        assert [p.name for p in place.glob("chm.sqlite3*")] == ["chm.sqlite3"]

    def test_an_older_backup_does_not_bring_them_back(self, place: Path) -> None:
        backups.back_up(place / "older.backup")
        self.delete()
        restored = backups.restore(place / "older.backup", replace=True)
        assert (restored.again, restored.known) == (1, True)
        with store.transaction(store.open_engine(), writing=False) as session:
            assert session.get(YoungPersonRow, "YP-0007") is None
            assert session.scalar(select(func.count()).select_from(YoungPersonRow)) == 58
        assert [e[1:] for e in log(store.open_engine())][-2:] == [
            ("deletion.delete_again", "YP-0007", "2088-01-01"),
            ("backups.restore", "", log(store.open_engine())[-1][3]),
        ]
        raw = (place / "chm.sqlite3").read_bytes()
        assert [text for text in self.PLANTED if text in raw] == []
        assert check(audit.whole_chain(store.open_engine())).fault is None
        assert deletion.deleted_since(store.open_engine()) == [Tombstone("YP-0007", date(2088, 1, 1))]

    def test_not_while_a_restore_keeps_the_database_from_before_it(self, place: Path) -> None:
        backups.back_up(place / "older.backup")
        kept = backups.restore(place / "older.backup", replace=True).kept
        assert kept is not None
        with pytest.raises(StorageUnavailable) as said:
            self.delete()
        assert str(said.value) == (
            "Nothing was deleted. Copies of the database lie beside it and may hold the record too: "
            f"{kept} (kept by a restore: delete the file). Ask whoever runs the server to take them away first"
        )
        with store.transaction(store.open_engine(), writing=False) as session:
            assert session.get(YoungPersonRow, "YP-0007") is not None
            (proposal,) = kept_deletion.proposals(session)
        (place / kept).unlink()
        deletion.carry_out(self.desks()[1], "YP-0007", proposal.id)
        raw = b"".join(p.read_bytes() for p in place.glob("chm.sqlite3*"))
        assert [text for text in self.PLANTED if text in raw] == []

    @pytest.mark.parametrize("end", [".restoring", ".plain", ".encrypting"])
    def test_not_while_a_stopped_restore_or_encryption_left_a_copy(self, place: Path, end: str) -> None:
        left = place / f"chm.sqlite3{end}"
        left.write_bytes((place / "chm.sqlite3").read_bytes())
        with pytest.raises(StorageUnavailable, match=f"hold the record too: chm.sqlite3{end} "):
            self.delete()
        with store.transaction(store.open_engine(), writing=False) as session:
            assert session.get(YoungPersonRow, "YP-0007") is not None
            (proposal,) = kept_deletion.proposals(session)
        left.unlink()
        deletion.carry_out(self.desks()[1], "YP-0007", proposal.id)
        assert deletion.deleted_since(store.open_engine()) == [Tombstone("YP-0007", date(2088, 1, 1))]

    def test_where_the_database_is_lost_a_list_kept_elsewhere_tells(self, place: Path) -> None:
        backups.back_up(place / "older.backup")
        self.delete()
        listed = "\n".join(deletion.lines(deletion.deleted_since(store.open_engine())))
        assert listed == "YP-0007 2088-01-01"
        (place / "chm.sqlite3").write_bytes(b"no database at all" * 300)
        blind = backups.restore(place / "older.backup", replace=True)
        assert (blind.again, blind.known) == (0, False)
        (place / "chm.sqlite3").unlink()
        lost = backups.restore(place / "older.backup", replace=False)
        assert (lost.again, lost.known, lost.kept) == (0, False, None)
        (place / "chm.sqlite3").unlink()
        told = backups.restore(place / "older.backup", replace=False, deleted=listed)
        assert (told.again, told.kept) == (1, None)
        with store.transaction(store.open_engine(), writing=False) as session:
            assert session.get(YoungPersonRow, "YP-0007") is None

    def test_an_id_given_after_the_backup_is_not_given_again(self, place: Path) -> None:
        backups.back_up(place / "older.backup")
        stones = "YP-0070 2088-01-01\n\n"
        assert backups.restore(place / "older.backup", replace=True, deleted=stones).again == 0
        one, _ = self.desks()
        added = people.add(replace(one, clock=lambda: NOW), "Nia Invented", born=None, age=14, home_borough="Merton")
        assert added.id == "YP-0071"


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
class TestServerFiles:
    """On PostgreSQL, through whose files a superuser can look."""

    PLANTED = ("Zoë Heron", "zoe heron", "PLANTED-REFERRAL")

    def found(self, engine: store.Engine) -> dict[str, set[str]]:
        """By table, index or statistics, what its file holds of them."""
        files = sql(
            "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
            "WHERE pg_relation_filepath(oid) IS NOT NULL AND NOT relisshared"
        )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sql("CHECKPOINT"))
            raw = {name: bytes(content) for name, content in connection.execute(files)}
        held = {name: {said for said in self.PLANTED if said.encode() in content} for name, content in raw.items()}
        return {name: said for name, said in held.items() if said}

    def test_no_page_of_them_holds_any_of_it(self, leads: tuple[Desk, Desk], office: Office) -> None:
        one, other = leads
        refer(office.engine, ZOE, "PLANTED-REFERRAL")
        with store.transaction(office.engine) as session:
            for n in range(100, 150):
                kept_people.add(session, YoungPerson(f"YP-0{n}", f"Somebody Unreal {n}", "Merton", born=TODAY))
        with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sql("ANALYZE"))
        before = self.found(office.engine)
        assert before["young_person"] == {"Zoë Heron", "zoe heron"}
        assert before["referral"] == {"PLANTED-REFERRAL"}
        assert before["ix_young_person_name_key"] == {"zoe heron"}
        assert before["pg_statistic"] >= {"Zoë Heron", "zoe heron"}
        proposed = deletion.propose(one, ZOE, WHY)
        deletion.approve(other, ZOE, proposed.id)
        assert "Zoë Heron" in self.found(office.engine)["young_person"]
        store.sweep(office.engine)
        assert self.found(office.engine) == {}
        assert check(audit.whole_chain(office.engine)).fault is None

    def test_a_table_in_use_says_so_and_the_next_deletion_sees_to_it(
        self, leads: tuple[Desk, Desk], office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = leads
        proposed = deletion.propose(one, ZOE, WHY)
        monkeypatch.setattr("chm.store.database.PATIENCE", 0.1)
        impatient = server(office.engine.url.render_as_string(hide_password=False))
        with office.engine.connect() as reader:
            reader.execute(sql("SELECT name FROM user_account"))
            with pytest.raises(StorageUnavailable, match="in use"):
                deletion.carry_out(replace(other, engine=impatient), ZOE, proposed.id)
        impatient.dispose()
        with pytest.raises(NotFound):
            people.record_of(one, ZOE)
        store.sweep(office.engine)
        assert self.found(office.engine) == {}


def test_a_list_of_deletions_is_read_or_its_faults_are_named() -> None:
    stones = [Tombstone("YP-0007", date(2088, 1, 1)), Tombstone("YP-0008", date(2088, 1, 2))]
    assert deletion.read_lines("\n".join(deletion.lines(stones))) == stones
    fault = "not an id and a day; give the file as `python -m chm deleted` printed it"
    assert faults(lambda: deletion.read_lines("YP-0007 2088-01-01\nYP-0008\nx 1")) == [
        f"line 2: {fault}",
        f"line 3: {fault}",
    ]
    for id in ("\ufeffYP-0007", "yp-0007", "YP-7", "YP-00007", "YP-\uff10\uff10\uff10\uff17", "YP-0007,", "x"):
        assert faults(lambda id=id: deletion.read_lines(f"{id} 2088-01-01")) == [f"line 1: {fault}"]
    ten_thousandth = Tombstone("YP-10000", date(2088, 1, 1))
    assert deletion.read_lines("YP-10000 2088-01-01\r\n\r\n") == [ten_thousandth]


def test_only_a_safeguarding_lead(office: Office) -> None:
    assert {name for name, desk in office.items() if desk.may(Permission.HOLD_AND_DELETE)} == {"lead"}
