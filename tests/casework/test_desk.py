"""Permission, transaction and audit, for every intention there is."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from inspect import getmembers, isfunction, signature
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import text

from chm import casework, store
from chm.access import ROLES, Permission, permitted
from chm.assessments import Answers, Draft
from chm.casework import desk, drafts, people, plans
from chm.casework.desk import CLOSED, INTENTIONS, Desk, Intention, Work, intention
from chm.errors import Faults, NotFound, NotPermitted, StorageUnavailable
from chm.records import AuditEntry, Role, User
from chm.store import audit
from chm.store import people as kept_people

from .conftest import NOW, TODAY, USERS, Office

for module in pkgutil.iter_modules(casework.__path__):
    importlib.import_module(f"chm.casework.{module.name}")
ALL = sorted((i for i in INTENTIONS.values() if not i.operation.startswith("test_")), key=lambda i: i.operation)
ABOUT = [i for i in ALL if i.about]
ROOM = INTENTIONS["room.again"]  # No list, and of one meeting.


def function(of: Intention) -> Callable[..., Any]:
    module, name = of.operation.split(".")
    return getattr(importlib.import_module(f"chm.casework.{module}"), name)  # type: ignore[no-any-return]


def named(of: Intention, young_person: str) -> dict[str, Any]:
    """The argument that `of` is asked about: an id, several ids, or something that has either."""
    either = SimpleNamespace(young_person=young_person, young_people=(young_person,))
    known = {"young_person": young_person, "young_people": (young_person,)}
    return {of.about: known.get(of.about, either)} if of.about else {}


def log(engine: store.Engine) -> list[tuple[str, str, str, str]]:
    with store.transaction(engine, writing=False) as session:
        entries: list[AuditEntry] = audit.read(session, None, 1000)
    return [(e.user, e.operation, e.record, e.why) for e in reversed(entries)]


# Each with why it declares no permission of its own.
UNDECLARED = {
    "two intentions, the first of which is asked": {
        "audit_log.export", "audit_log.verify", "backups.take_away", "deletion.carry_out",
    },
    "who is here, which comes before what they may": {
        "sign_in.active", "sign_in.admit", "sign_in.check", "sign_in.keep_place", "sign_in.last_place", "sign_in.leave",
        "sign_in.still_in", "still_here.still_here", "users.all_users",
    },
    "the command line, open to whoever keeps the server": {
        "audit_chain.head", "audit_chain.verify", "audit_log.tell_unusual", "bootstrap.change", "bootstrap.listed",
        "deletion.delete_again", "deletion.deleted_since",
    },
    "the invented records of the demo": {
        "database.is_demo", "demo.load", "demo_connections.write", "demo_episodes.write", "demo_held.write",
        "demo_meetings.write", "demo_places.write",
    },
    "part of an intention, in its transaction": {"accounts.called_twice"},
    "around an intention, which is given to it": {"uploads.read_first"},
}  # fmt: skip


def reaches_records(module: str, name: str, function: Any) -> bool:
    """Whether a function is the module's own, for others, and is given what leads to the database."""
    given = (str(kind) for name, kind in function.__annotations__.items() if name != "return")
    own = function.__module__ == f"chm.casework.{module}" and not name.startswith("_")
    return own and any(way in kind for kind in given for way in ("Desk", "Engine", "Session"))


def test_every_function_declares_a_permission_or_stands_here() -> None:
    found = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(casework.__path__)
        for name, function in getmembers(importlib.import_module(f"chm.casework.{module.name}"), isfunction)
        if reaches_records(module.name, name, function)
    }
    assert found - INTENTIONS.keys() == set().union(*UNDECLARED.values())


@pytest.mark.parametrize("operation", sorted(UNDECLARED["two intentions, the first of which is asked"]))
def test_of_two_intentions_the_first_refuses(office: Office, operation: str) -> None:
    module, name = operation.split(".")
    asked = getattr(importlib.import_module(f"chm.casework.{module}"), name)
    with pytest.raises(NotPermitted):
        asked(office["analyst"], **dict.fromkeys([*signature(asked).parameters][1:], "YP-0001"))
    assert log(office.engine)[-1][0] == "u-analyst" and log(office.engine)[-1][3] == "refused"


def test_only_autosave_and_own_work_go_without_an_audit_entry() -> None:
    assert {i.operation for i in ALL if not i.audited} == {
        "drafts.save",
        "live_record.keep_note",
        "live_record.keep_replies",
        # One's own work, by ids one has opened or will open.
        "guarded.open_to_me",
        "notices.mine",
        "place_actions.may_act",
        "places.is_theirs",
        "setting_assessments.mine",
        # What is open already is so still.
        "addresses.still_open",
        "drafts.still_open",
        "meetings.still_open",
        "network.still_open",
        "people.in_reach",
        "people.still_open",
        # A room that is open already, in pseudonyms, drawn anew every second.
        "live_record.note",
        "live_record.replies",
        "room.changes",
        "room.in_sight",
        "room.record",
        # Nobody's record.
        "guarded.who_may_have_one",
        "meetings.who_may_come",
        "place_actions.every",
        "place_actions.of_place",
        "places.checks",
        "places.ranking",
        "public_counts.kept",
        "public_counts.read",
    }


def test_a_list_has_one_entry_an_hour_for_each_sign_in(office: Office) -> None:
    def read(who: str, minutes: int) -> None:
        desk = office[who]
        assert people.mine(Desk(office.engine, desk.user, lambda: NOW + timedelta(minutes=minutes)))

    before = len(log(office.engine))
    for who, minutes in (("jo", 0), ("jo", 1), ("sam", 1), ("lead", 2), ("jo", 61), ("jo", 62)):
        read(who, minutes)
    assert log(office.engine)[before:] == [
        ("u-jo", "people.mine", "", "1 listed"),
        ("u-sam", "people.mine", "", "1 listed"),
        ("u-lead", "people.mine", "", "3 listed"),
        ("u-jo", "people.mine", "", "1 listed"),
    ]


def listing(work: Work, *things: str) -> list[str]:
    work.listed(things)
    return list(things)


def test_a_list_has_an_entry_more_whenever_it_names_others(office: Office) -> None:
    listed = intention(Permission.READ_OWN_WORK, hourly=True)(listing)
    for things in ("a", "a", "ab", "ba", "bc", "b", "", "b"):
        assert listed(office["jo"], *things) == list(things)
    assert [entry[3] for entry in log(office.engine)] == [
        "1 listed", "2 listed", "2 listed", "1 listed", "0 listed", "1 listed",
    ]  # fmt: skip


def test_a_young_person_more_on_a_caseload_is_an_entry_more(office: Office) -> None:
    people.mine(office["jo"])
    with store.transaction(office.engine) as session:
        kept_people.allocate(session, "u-jo", "YP-0002", TODAY)
    for _ in range(2):
        assert [row.young_person.id for row in people.mine(office["jo"])] == ["YP-0002", "YP-0001"]
    assert [entry[3] for entry in log(office.engine)] == ["1 listed", "2 listed"]


def test_only_the_entries_of_the_hour_are_remembered(office: Office) -> None:
    listed = intention(Permission.READ_OWN_WORK, hourly=True)(listing)

    def at(who: str, minutes: int) -> list[str]:
        listed(Desk(office.engine, USERS[who], lambda: NOW + timedelta(minutes=minutes)), "a")
        return [key[0] for key in desk._SAID[office.engine][1]]

    assert [at("jo", 0), at("sam", 59), at("lead", 60)] == [["u-jo"], ["u-jo", "u-sam"], ["u-lead"]]


def test_lists_read_at_once_have_an_entry_each(office: Office) -> None:
    listed = intention(Permission.READ_OWN_WORK, hourly=True)(listing)
    readers = ["jo", "sam", "both", "lead"]

    def read(who: str) -> None:
        for _ in range(5):
            listed(office[who], "a")

    with ThreadPoolExecutor(len(readers)) as pool:
        list(pool.map(read, readers))
    assert sorted(entry[0] for entry in log(office.engine)) == ["u-both", "u-jo", "u-lead", "u-sam"]


def test_a_list_holds_the_write_lock_for_its_entry_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[bool] = []

    def transaction(engine: store.Engine, *, writing: bool = True) -> AbstractContextManager[store.Session]:
        begun.append(writing)
        return store.transactions.transaction(engine, writing=writing)

    monkeypatch.setattr(store, "transaction", transaction)
    people.mine(office["jo"])
    people.mine(office["jo"])
    assert begun == [False, True, False]


@pytest.mark.parametrize("asked", [i for i in ALL if i.hourly and i != ROOM], ids=lambda i: i.operation)
def test_every_list_drawn_anew_says_what_it_names(
    office: Office, asked: Intention, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[int] = []

    def listed(work: Work, things: Iterable[Hashable]) -> None:
        kept = frozenset(things)
        named.append(len(kept))
        says(work, kept)

    says = Work.listed
    monkeypatch.setattr(Work, "listed", listed)
    for who in (name for name, user in USERS.items() if permitted(user.roles, asked.permission)):
        given = function(asked)(office[who])
        assert log(office.engine)[-1] == (USERS[who].id, asked.operation, "", f"{len(given)} listed")
        assert named == [len(given)]
        named.clear()


def test_a_list_is_not_given_out_where_its_entry_cannot_be_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr("chm.store.audit.add_each", Mock(side_effect=OSError))
        people.mine(office["jo"])
    people.mine(office["jo"])
    assert log(office.engine) == [("u-jo", "people.mine", "", "1 listed")]


def test_whatever_names_a_child_is_asked_about_that_child() -> None:
    names = {
        i.operation: {name for name in signature(function(i)).parameters if "young" in name or name == "record"}
        for i in ALL
        if not i.about
    }
    assert {operation: found for operation, found in names.items() if found} == {
        # Ids alone, of whomever; the audit is theirs.
        "audit_log.begin_export": {"record"},
        "audit_log.read": {"record"},
        "audit_log.seen_by_id": {"record"},
        # What opens a record that is outside one's work cannot ask for it to be within.
        "guarded.break_glass": {"young_person"},
        # By one's part in the meeting.
        "meetings.include": {"young_people"},
        "meetings.leave_out": {"young_person"},
        "meetings.still_open": {"young_people"},
        "papers.extract_file": {"young_person"},
    }


def refusal(asked: Intention, user: str, about: str) -> list[tuple[str, str, str, str]]:
    """The entries of a refusal: none where a page asks whether what it shows may be shown still."""
    still = asked.about and asked.passive
    return [] if still else [(user, asked.operation, about, "refused")]


@pytest.mark.parametrize("asked", ALL, ids=lambda i: i.operation)
def test_a_role_without_the_permission_is_refused_and_that_is_audited(office: Office, asked: Intention) -> None:
    for name, user in USERS.items():
        if not permitted(user.roles, asked.permission):
            before = len(log(office.engine))
            with pytest.raises(NotPermitted):
                function(asked)(office[name], **named(asked, "YP-0001"))
            about = "YP-0001" if asked.about else ""
            assert log(office.engine)[before:] == refusal(asked, user.id, about)


@pytest.mark.parametrize("asked", ABOUT, ids=lambda i: i.operation)
@pytest.mark.parametrize("who", ["jo", "sam", "chair", "both"])
def test_a_closed_record_and_none_at_all_look_alike(office: Office, asked: Intention, who: str) -> None:
    if not permitted(USERS[who].roles, asked.permission):
        return
    closed = {"jo": "YP-0002", "sam": "YP-0001", "chair": "YP-0001", "both": "YP-0003"}[who]
    for record, audited in ((closed, closed), ("YP-0003", "YP-0003"), ("YP-9999", "YP-9999"), ("Zoë Heron", "unknown")):
        before = len(log(office.engine))
        with pytest.raises(NotFound) as said:
            function(asked)(office[who], **named(asked, record))
        assert str(said.value) == CLOSED
        assert log(office.engine)[before:] == refusal(asked, USERS[who].id, audited)


@pytest.mark.parametrize(
    "asked",
    [i for i in ABOUT if i.permission not in ROLES[Role.CHAIR] and permitted(USERS["both"].roles, i.permission)],
    ids=lambda i: i.operation,
)
def test_a_chair_who_is_also_a_practitioner_only_reads_the_meetings_children(office: Office, asked: Intention) -> None:
    assert people.record_of(office["both"], "YP-0002").young_person.id == "YP-0002"
    with pytest.raises(NotFound):
        function(asked)(office["both"], **named(asked, "YP-0002"))


def test_reading_is_audited_with_ids_and_no_names(office: Office) -> None:
    people.record_of(office["jo"], young_person="YP-0001")
    people.find(office["jo"], "zoe")
    assert log(office.engine) == [
        ("u-jo", "people.record_of", "YP-0001", "opened"),
        ("u-jo", "people.find", "YP-0001", "1 found"),
    ]


def test_each_of_several_young_people_is_checked_and_audited(office: Office) -> None:
    @intention(Permission.FIND, about="young_people")
    def both(work: Work, young_people: tuple[str, ...]) -> None:
        work.opened(["YP-0003", "YP-0001"])
        work.why = "together"

    both(office["lead"], ("YP-0002", "YP-0001", "YP-0002"))
    assert log(office.engine) == [
        ("u-lead", "test_desk.both", id, "together") for id in ("YP-0002", "YP-0001", "YP-0003")
    ]
    with pytest.raises(NotFound) as said:
        both(office["jo"], ("YP-0001", "YP-0002", "Zoë Heron"))
    assert str(said.value) == CLOSED
    assert log(office.engine)[3:] == [
        ("u-jo", "test_desk.both", id, "refused") for id in ("YP-0001", "YP-0002", "unknown")
    ]


def test_more_young_people_are_taken_in_only_from_the_scope(office: Office) -> None:
    @intention(Permission.FIND)
    def take_in(work: Work, young_person: str) -> None:
        work.open([young_person])

    take_in(office["jo"], "YP-0001")
    with pytest.raises(NotFound):
        take_in(office["jo"], "YP-0002")
    assert [entry[2:] for entry in log(office.engine)] == [("YP-0001", ""), ("", "refused")]


def test_a_read_that_cannot_be_audited_gives_nothing(office: Office) -> None:
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO audit_gone"))
    with pytest.raises(StorageUnavailable):
        people.record_of(office["jo"], "YP-0001")
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_gone RENAME TO audit"))


def test_a_fault_leaves_no_change_and_no_entry(office: Office) -> None:
    with pytest.raises(Faults):
        plans.add_action(office["jo"], "YP-0001", target="x", pillar="x", text="", owner_agency="")
    assert log(office.engine) == []
    assert people.record_of(office["jo"], "YP-0001").actions == ()


def test_a_change_is_undone_when_what_follows_fails(office: Office) -> None:
    @intention(Permission.PLAN, about="young_person")
    def half(work: Work, young_person: str) -> None:
        work.session.execute(text("DELETE FROM caseload"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half(office["jo"], "YP-0001")
    assert log(office.engine) == []
    assert [row.young_person.id for row in people.mine(office["jo"])] == ["YP-0001"]


def test_rights_are_read_anew_at_each_call(office: Office) -> None:
    assert people.find(office["jo"], "heron")
    with office.engine.begin() as connection:
        connection.execute(text("DELETE FROM user_role"))
    with pytest.raises(NotPermitted):
        people.find(office["jo"], "heron")


def test_roles_that_the_caller_invents_open_nothing(office: Office) -> None:
    for user in (
        User("u-admin", "Ada Invented", "ICT", frozenset({Role.SAFEGUARDING_LEAD})),
        User("u-nobody", "Nobody", "", frozenset({Role.SAFEGUARDING_LEAD})),
    ):
        with pytest.raises(NotPermitted):
            people.find(Desk(office.engine, user), "heron")


def test_the_day_is_the_councils(office: Office) -> None:
    from datetime import UTC, date, datetime

    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    seen: list[date] = []

    @intention(Permission.FIND)
    def today(work: Work) -> None:
        seen.append(work.today)

    today(Desk(office.engine, USERS["jo"], lambda: summer))
    assert seen == [date(2026, 7, 1)]


def test_opening_a_draft_is_audited_and_saving_is_not(office: Office, draft: Draft) -> None:
    drafts.save(office["jo"], draft.model_copy(update={"answers": Answers(levels={"missing": "none"})}))
    assert log(office.engine) == [("u-jo", "drafts.open", "YP-0001", draft.id)]
