"""What people type is stripped of control characters before it is kept: every function that keeps text, hostile text in
each of its texts, and then every text column of the database."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import JSON, String, select

from chm import casework, store
from chm.assessments import CONTROL, Answers, Evidence, Form, HistoricIncident, Judgement, Nrm, plain_text
from chm.casework import (
    accounts,
    addresses,
    annex_a_import,
    assessments,
    connections,
    connections_import,
    deletion,
    drafts,
    duplicates,
    episodes,
    episodes_import,
    frameworks,
    guarded,
    live_record,
    meetings,
    minutes,
    people,
    place_actions,
    place_records,
    plans,
    public_counts,
    questions,
    setting_assessments,
    shared_actions,
    subject_access,
    tracker,
)
from chm.casework.connections import NewEvent, NewParticipant, NewRelationship
from chm.casework.desk import INTENTIONS, Desk
from chm.casework.live_record import NewAction, NewEntry
from chm.casework.meetings import NewMeeting
from chm.casework.place_actions import NewPlaceAction
from chm.casework.place_records import NewPlaceAssessment, NewPlaceWords, PlaceEdit
from chm.casework.setting_assessments import NewSettingAssessment
from chm.casework.shared_actions import NewSharedAction
from chm.connections import Account, NamedGroup, Party, Person, Place, Source, Vehicle
from chm.episodes.records import Episode
from chm.exchange.police_uk import STREET
from chm.linkage.ties import Confidence
from chm.meetings.records import Attendance, Attending, EntryKind
from chm.records import ActionStatus, NewYoungPerson, ProtectedAddress, Reply, Role, SafetyPlan
from chm.store.tables import Table

from . import hall
from .conftest import HERON, TODAY, Office
from .things import slot

for module in pkgutil.iter_modules(casework.__path__):
    importlib.import_module(f"chm.casework.{module.name}")

State = dict[str, Any]
# A parameter of such a name holds what somebody typed; one of a class of ours may.
TYPED = frozenset({
    "why", "text", "reason", "reasons", "name", "agency", "title", "note", "summary", "outcome", "result", "found",
    "kind", "owner_agency", "owner_person", "what", "issuer", "subject", "content", "said", "new", "proposal", "entity",
    "event", "relationship", "action", "edited", "plan", "draft", "judgement", "episode", "address", "rows", "read",
    "part", "home_borough",
})  # fmt: skip
# Of these the parameter of such a name is a meeting.
GIVEN_A_MEETING = {"meetings.edit", "minutes.close"}
# What a new version of the framework says goes into files, not rows.
KEEPS_FILES = {"versions.change_score"}
# These keep none of it: they look something up, or what they are given is an id or was on record before.
KEEPS_NO_TEXT = {
    "annex_a_import.preview", "connections.find_entities", "deletion.approve",
    "connections_import.preview", "episodes_import.preview", "live_record.replies",
    "meetings.find", "papers.agency_file", "people.find", "people.known_rows", "place_actions.start",
    "place_exports.location_file", "place_exports.ranking_file", "plans.set_status", "public_counts.read",
    "setting_assessments.history", "setting_assessments.open", "shared_actions.accept",
}  # fmt: skip


def aged(desk: Desk) -> Desk:
    """The same desk on a day that lets every closed record go."""
    return replace(desk, clock=lambda: datetime(2120, 1, 1, tzinfo=UTC))


def h(words: str = "Placeholder words, long enough to count") -> str:
    """`words` among what nobody sees: control characters, half characters, marks that turn the direction."""
    return f"\u202e\x00{words[:3]}\x07\u200b\xad{words[3:]}\x1b\ud800\x9f\ufeff\r"


def text_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from text_of(key)
            yield from text_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from text_of(inner)


def unclean(engine: store.Engine) -> set[str]:
    """Text columns of the database in which a control character stands, as table.column."""
    found, seen = set(), 0
    with engine.connect() as connection:
        for table in Table.metadata.sorted_tables:
            columns = [c for c in table.columns if isinstance(c.type, String | JSON)]
            for row in connection.execute(select(*columns)) if columns else ():
                for column, value in zip(columns, row, strict=True):
                    seen += value is not None
                    if any(CONTROL.search(text) for text in text_of(value)):
                        found.add(f"{table.name}.{column.name}")
    assert seen > 100
    return found


def source() -> Source:
    return Source(h("Police"), Confidence.LIKELY, reference=h("Ref 1"), grade=h("B2"))


def t(words: str = "Placeholder words, long enough to count") -> str:
    """`h` without half a character, which an assessment refuses and does not strip."""
    return h(words).replace("\ud800", "")


def whole(desk: Desk) -> Any:
    framework = frameworks.current()
    draft = drafts.open(desk, "YP-0001", framework.id, framework.version)
    answers = Answers(
        levels={d.id: "emerging" for d in framework.domains},
        reasons={"missing": t()},
        evidence=(
            Evidence(id="E-1", domain="missing", text=t(), on=TODAY, agency=t("Police"), first_hand=True),
        ),
        form=Form(
            summary=t(), incidents=(HistoricIncident(id="H-1", on=TODAY, what=t(), agency=t("Police")),), services=t(),
            nrm=Nrm(status="referred", referred_by=t("Police"), referred_on=TODAY, outcome=t("Pending")),
            trusted_professional=t("Jo"), influence_why=t(), young_person_says=t(), family_says=t(),
            social_worker=t("Sam"), judged_reason=t(),
        ),
    )  # fmt: skip
    return drafts.save(desk, draft.model_copy(update={"answers": answers}))


def workbook(name: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List 3"
    for row in (["Child Unique ID", "Age", "Date of Referral"], [name, 14, "01/03/2026"]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(*rows: str) -> bytes:
    # Half a character cannot stand in a file.
    return "\n".join(rows).replace("\r", "").replace("\ud800", "").encode("utf-16")


HEAD = "from_kind,from,to_kind,to,relation,role,agency,event,note"
TIE = ("young_person", "YP-0001", "place", h("Some Park"), h("odd"), h("odd"), h("Police"), h("E1"), h("A note"))


def published() -> bytes:
    texts = {"Reported by": h("Police"), "Crime type": h("Drugs")}
    row = {"Month": "2024-06", "Longitude": "-0.16", "Latitude": "51.4", **texts}
    return csv_of(",".join(STREET), ",".join(row.get(c, "") for c in STREET)).decode("utf-16").encode()


CALLS: list[tuple[str, str, Callable[[Desk, State], Any]]] = [
    ("accounts.add", "admin", lambda d, s: accounts.add(
        d, h("New Person"), h("Housing"), "https://id.invalid", h("subject-9"), {Role.PRACTITIONER})),
    ("addresses.write", "jo", lambda d, s: addresses.write(
        d, "YP-0001", ProtectedAddress(text=h("1 Nowhere Road"), danger=h()))),
    ("addresses.read", "jo", lambda d, s: addresses.read(d, "YP-0001", h())),
    ("people.add", "jo", lambda d, s: people.add(
        d, h("Finch Placeholder"), born=None, age=14, home_borough=h("Merton"))),
    ("people.correct", "jo", lambda d, s: people.correct(
        d, "YP-0001", HERON, born=HERON.born, looked_after=None, died_on=None, home_borough=h("Sutton"))),
    ("people.import_rows", "lead", lambda d, s: people.import_rows(
        d, [NewYoungPerson(h("Dunnock Placeholder"), h("Sutton"), age=15)])),
    ("people.add_referral", "jo", lambda d, s: people.add_referral(
        d, "YP-0001", on=TODAY, agency=h("Police"), reason=h(), outcome=h())),
    ("people.add_incident", "jo", lambda d, s: people.add_incident(
        d, "YP-0001", on=TODAY, kind=h("Seen"), what=h(), agency=h("Police"))),
    ("drafts.save", "jo", lambda d, s: s.update(draft=whole(d))),
    ("assessments.record", "jo", lambda d, s: assessments.record(
        d, "YP-0001", s["draft"], Judgement(level="moderate", reason=t()))),
    ("plans.add_action", "jo", lambda d, s: s.update(action=plans.add_action(
        d, "YP-0001", target="young_person:YP-0001", pillar="protect", text=h(), owner_agency=h("Police"),
        owner_person=h("Jo"), why=h()))),
    ("plans.edit_action", "jo", lambda d, s: plans.edit_action(
        d, "YP-0001",
        replace(s["action"], text=h("Other"), owner_agency=h("Health"), owner_person=h("Al"), why=h()))),
    ("plans.save_safety_plan", "jo", lambda d, s: plans.save_safety_plan(
        d, "YP-0001", SafetyPlan("YP-0001", h(), h(), h(), h(), h()))),
    ("connections.add_entity", "jo", lambda d, s: [connections.add_entity(d, e) for e in (
        Person(id="", name=h("Some One"), other_names=(h("S. One"),), description=h()),
        Vehicle(id="", name=h("Red van"), plate=h("ZZ11 ZZZ"), description=h()),
        Account(id="", name=h("someone_1"), platform=h("Gram"), description=h()),
        NamedGroup(id="", name=h("Some group"), description=h()))]),
    ("connections.edit_entity", "jo", lambda d, s: connections.edit_entity(
        d, Person(id=hall.BAD.id, name=h("Falsely Good"), other_names=(h("F."),), description=h()), h())),
    ("connections.record_event", "jo", lambda d, s: s.update(event=connections.record_event(d, NewEvent(
        kind="sighting", source=source(), start=TODAY, end=TODAY, what=h(),
        participants=(NewParticipant(Party("young_person", "YP-0001")), NewParticipant(
            Place(id="", name=h("A bench"), address=h("By the road"), postcode=h("CR4 3ZZ"), description=h()))))))),
    ("connections.correct_event", "jo", lambda d, s: s.update(event=connections.correct_event(
        d, replace(s["event"], what=h("Other"), source=source()), h()))),
    ("connections.record_relationship", "jo", lambda d, s: s.update(tie=connections.record_relationship(
        d, NewRelationship(one=Party("young_person", "YP-0001"), other=Person(id="", name=h("Aunt"), description=h()),
                           kind="family", source=source(), note=h())))),
    ("connections.correct_relationship", "jo", lambda d, s: connections.correct_relationship(
        d, replace(s["tie"], note=h("Other"), source=source()), h())),
    ("connections.withdraw", "jo", lambda d, s: connections.withdraw(d, s["event"].id, h())),
    ("duplicates.keep_apart", "lead", lambda d, s: duplicates.keep_apart(d, "PER-d1", "PER-d2", (h(),))),
    ("duplicates.merge", "lead", lambda d, s: duplicates.merge(d, "PER-d3", "PER-d1", (h(),))),
    ("episodes.record", "jo", lambda d, s: s.update(episode=episodes.record(d, "YP-0001", Episode(
        id="", young_person="YP-0001", start=TODAY - timedelta(days=9), end=None, found_at=h(), companions=h(),
        returned_how=h(), reported_by=h(), travelled=h())))),
    ("episodes.correct", "jo", lambda d, s: episodes.correct(
        d, "YP-0001",
        replace(s["episode"], found_at=h(), companions=h(), returned_how=h(), reported_by=h(), travelled=h()), 1)),
    ("episodes_import.take_in", "lead", lambda d, s: episodes_import.take_in(d, csv_of(
        "young_person,start,end,found_at,with,returned_how,reported_by,travelled",
        f"YP-0001,2026-01-05,2026-01-06,{h('x')},{h('x')},{h('x')},{h('x')},{h('x')}"))),
    ("connections_import.import_connections", "lead", lambda d, s: connections_import.import_connections(
        d, csv_of(HEAD, ",".join(TIE)))),
    ("annex_a_import.take_in", "lead", lambda d, s: annex_a_import.take_in(d, workbook("C\u202e-7\u200b"))),
    ("public_counts.take_in", "analyst", lambda d, s: public_counts.take_in(d, [("a.csv", published())])),
    ("place_records.add", "analyst", lambda d, s: place_records.add(
        d, PlaceEdit(name=h("A new place"), address=h("By the road"), postcode=h("CR4 3ZZ")))),
    ("place_records.edit", "analyst", lambda d, s: place_records.edit(
        d, PlaceEdit(id="PLA-e1", name=h("Lantern"), address=h("By the road"), postcode=h(""), version=1), h())),
    ("place_records.assess", "analyst", lambda d, s: place_records.assess(d, NewPlaceAssessment(
        place="PLA-a1", level="moderate", summary=h(), assessed_on=TODAY, answers={"rivalry": Reply("yes", h())}))),
    ("place_records.record_words", "jo", lambda d, s: place_records.record_words(
        d, NewPlaceWords(place="PLA-a1", safe=True, text=h("The guard knows us"), said_on=TODAY))),
    ("place_actions.record", "analyst", lambda d, s: s.update(at=[place_actions.record(d, NewPlaceAction(
        place="PLA-a1", pillar="prevent", text=h(), owner_agency=h("Police"), owner_person=h("Jo"), due=TODAY,
        why=h())) for _ in range(2)])),
    ("place_actions.complete", "analyst", lambda d, s: place_actions.complete(d, s["at"][0], h())),
    ("place_actions.drop", "analyst", lambda d, s: place_actions.drop(d, s["at"][1], h())),
    ("setting_assessments.name_group", "jo", lambda d, s: setting_assessments.name_group(d, h("A group"), ["YP-0001"])),
    ("setting_assessments.record", "jo", lambda d, s: setting_assessments.record(d, NewSettingAssessment(
        subject="PLA-a1", level="moderate", summary=h(), assessed_on=TODAY, young_people=("YP-0001",),
        answers={"rivalry": Reply("yes", h())}))),
    ("shared_actions.propose", "chair", lambda d, s: shared_actions.propose(d, NewSharedAction(
        target=Party("place", "PLA-a1"), pillar="prevent", text=h(), owner_agency=h("Police"),
        young_people=("YP-0001",), owner_person=h("Jo"), due=TODAY, why=h(),
        asked={"rivalry": Reply("yes", h())}))),
    ("shared_actions.decline", "jo", lambda d, s: shared_actions.decline(
        d, shared_actions.waiting(d)[0].part, h())),
    ("meetings.create", "chair", lambda d, s: s.update(meeting=meetings.create(d, NewMeeting(
        title=h("A meeting"), purpose=h(), on=TODAY, venue=h("Room 4"), young_people=("YP-0001",))))),
    ("meetings.edit", "chair", lambda d, s: s.update(meeting=meetings.edit(d, replace(
        s["meeting"], title=h("Another"), purpose=h(), venue=h("Room 5"))))),
    ("meetings.include", "chair", lambda d, s: meetings.include(d, s["meeting"].id, ("YP-0003",), h())),
    ("meetings.attend", "chair", lambda d, s: meetings.attend(d, Attendance(
        meeting=s["meeting"].id, agency=h("Health"), name=h("Nurse"), status=Attending.CONFIRMED, version=0))),
    ("live_record.say", "chair", lambda d, s: s.update(said=[live_record.say(d, s["meeting"].id, NewEntry(
        kind=EntryKind.VIEW, item="plan", text=h(), agency=h("Police"), reason=h())) for _ in range(3)])),
    ("live_record.correct", "chair", lambda d, s: live_record.correct(
        d, s["meeting"].id, s["said"][0].id, 1, h("Other"), h())),
    ("live_record.agree", "chair", lambda d, s: s.update(agreed=[live_record.agree(d, s["meeting"].id, NewAction(
        pillar="protect", text=h(), owner_agency=h("Police"), owner_person=h("Jo"), due=TODAY,
        target=f"young_person:{slot(d, s['meeting'].id)}")) for _ in range(3)])),
    ("live_record.amend", "chair", lambda d, s: live_record.amend(
        d, s["meeting"].id, s["agreed"][0].id, 1, text=h("Other"), owner_agency=h("Health"), owner_person=h("Al"),
        due=TODAY)),
    ("live_record.drop", "chair", lambda d, s: live_record.drop(d, s["meeting"].id, s["agreed"][1].id, 1, h())),
    ("live_record.keep_note", "chair", lambda d, s: live_record.keep_note(
        d, s["meeting"].id, {"text": h(), h("k"): [h()], "reason": h(), "aside": h()})),
    ("live_record.keep_replies", "chair", lambda d, s: live_record.keep_replies(
        d, s["meeting"].id, h("A"), {questions.before_disruption()[0].id: Reply(h("yes"), h())})),
    ("tracker.reassign", "chair", lambda d, s: tracker.reassign(
        d, "meeting", s["agreed"][2].id, 1, h("Health"), h("Bo"), TODAY)),
    ("tracker.update", "chair", lambda d, s: tracker.update(
        d, "meeting", s["agreed"][2].id, 2, ActionStatus.DONE, h())),
    ("minutes.close", "chair", lambda d, s: minutes.close(
        d, replace(s["meeting"], title=h("A meeting"), purpose=h()), None)),
    ("minutes.put_right", "chair", lambda d, s: minutes.put_right(
        d, s["meeting"].id, s["said"][1].id, 1, h("Put right"), h())),
    ("minutes.strike", "chair", lambda d, s: minutes.strike(d, s["meeting"].id, s["said"][2].id, 1, h())),
    ("minutes.draft", "chair", lambda d, s: minutes.draft(d, s["meeting"].id, h())),
    ("guarded.give_grant", "lead", lambda d, s: guarded.give_grant(
        d, "YP-0003", "u-sam", TODAY + timedelta(days=9), h())),
    ("guarded.restrict", "lead", lambda d, s: guarded.restrict(d, "YP-0002", h())),
    ("guarded.lift", "lead", lambda d, s: guarded.lift(d, "YP-0002", h())),
    ("guarded.break_glass", "jo", lambda d, s: s.update(glass=guarded.break_glass(d, "YP-0003", h()))),
    ("guarded.review", "lead", lambda d, s: guarded.review(d, s["glass"].id, s["glass"].version, h())),
    ("guarded.close", "lead", lambda d, s: guarded.close(d, "YP-0003", h())),
    ("subject_access.export", "lead", lambda d, s: subject_access.export(d, "YP-0002", h())),
    ("deletion.hold", "lead", lambda d, s: s.update(hold=deletion.hold(d, "YP-0002", h()))),
    ("deletion.lift", "lead", lambda d, s: deletion.lift(d, "YP-0002", s["hold"].id, s["hold"].version, h())),
    ("deletion.propose", "lead", lambda d, s: s.update(proposed=deletion.propose(aged(d), "YP-0003", h()))),
    ("deletion.refuse", "lead", lambda d, s: deletion.refuse(aged(d), "YP-0003", s["proposed"].id, h())),
    ("guarded.refer_again", "jo", lambda d, s: guarded.refer_again(
        d, "Wren O'Madeup", date(2010, 1, 31), h("Police"), h())),
]  # fmt: skip


def test_every_function_that_is_given_text_is_called() -> None:
    given = set()
    for operation in INTENTIONS:
        module, name = operation.split(".")
        if not module.startswith("test_"):
            function = getattr(importlib.import_module(f"chm.casework.{module}"), name)
            if TYPED & set(inspect.signature(function).parameters):
                given.add(operation)
    given = (given | GIVEN_A_MEETING) - KEEPS_FILES
    assert given - KEEPS_NO_TEXT == {operation for operation, _, _ in CALLS}
    assert given >= KEEPS_NO_TEXT


def test_no_control_character_is_kept(town: Office) -> None:
    office = hall.fill(town)
    before = unclean(office.engine)
    state: State = {}
    unstripped: dict[str, set[str]] = {}
    refused = {}
    for operation, who, call in CALLS:
        try:
            call(office[who], state)
        except Exception as error:
            refused[operation] = f"{type(error).__name__}: {error}"
        found = unclean(office.engine) - before
        if found:
            unstripped[operation] = found
            before |= found
    assert refused == {}
    assert unstripped == {}


HIDDEN = (
    "\x00", "\x1b", "\x7f", "\x9f", "\xad", "\u034f", "\u061c", "\u180e", "\u200b", "\u202e", "\u2064", "\u2066",
    "\ufe0f", "\ufeff", "\ufff9", "\ud800", "\U000e0041",
)  # fmt: skip


@pytest.mark.parametrize("character", HIDDEN)
def test_what_is_looked_for_is_what_nobody_sees(character: str) -> None:
    assert CONTROL.search(character)
    assert plain_text(f"a{character}b") == "ab"
    assert plain_text(h("abcdef")) == "abcdef"
