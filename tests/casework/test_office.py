"""Notices, the audit log and the demo's user switcher."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from chm import store
from chm.casework import audit_log, notices, people, users
from chm.casework.desk import Desk
from chm.errors import AlreadyKnown, NotFound, NotPermitted
from chm.records import Notice
from chm.store import notices as kept

from .conftest import NOW, USERS, Office


def test_a_notice_is_seen_once_by_whom_it_is_for(office: Office) -> None:
    with store.transaction(office.engine) as session:
        for n in range(2):
            kept.add(session, Notice(f"N-{n}", "u-lead", "YP-0001", "Look", NOW + timedelta(hours=n)))
    for name, notice in (("jo", "N-1"), ("lead", "N-9")):
        with pytest.raises(NotFound):
            notices.seen(office[name], notice)
    assert [n.id for n in notices.mine(office["lead"])] == ["N-1", "N-0"]
    notices.seen(office["lead"], "N-1")
    assert [(n.id, n.seen_at) for n in notices.mine(office["lead"])] == [("N-0", None), ("N-1", NOW)]
    notices.seen(Desk(office.engine, USERS["lead"], lambda: NOW + timedelta(days=1)), "N-1")
    assert notices.mine(office["lead"])[1].seen_at == NOW
    assert notices.mine(office["jo"]) == []


def test_the_auditor_reads_ids_newest_first(office: Office) -> None:
    people.find(office["jo"], "Zoë Heron")
    people.record_of(office["jo"], "YP-0001")
    people.record_of(office["sam"], "YP-0002")
    entries = audit_log.read(office["auditor"])
    assert [(e.id, e.user, e.operation, e.record) for e in entries] == [
        (3, "u-sam", "people.record_of", "YP-0002"),
        (2, "u-jo", "people.record_of", "YP-0001"),
        (1, "u-jo", "people.find", "YP-0001"),
    ]
    assert all(e.at == NOW for e in entries)
    assert [e.id for e in audit_log.read(office["lead"], "YP-0001")] == [2, 1]
    assert [e.id for e in audit_log.read(office["lead"], most=2)] == [5, 4]
    assert [e.why for e in audit_log.read(office["lead"], "Zoë")] == []
    assert [e.why for e in audit_log.read(office["lead"])][:4] == ["about unknown", "all", "about YP-0001", "all"]


def test_a_name_never_enters_the_audit(office: Office) -> None:
    with pytest.raises(AlreadyKnown) as known:
        people.add(office["jo"], "Zoë Heron", born=None, age=14, home_borough="Merton")
    people.add(office["jo"], "Zoë Heron", born=None, age=14, home_borough="Merton", others=known.value.ids)
    people.find(office["jo"], "Zoë Heron")
    with pytest.raises(NotFound):
        people.record_of(office["jo"], "Zoë Heron")
    assert "Heron" not in str(audit_log.read(office["auditor"]))


@pytest.mark.parametrize("harm", ["UPDATE audit SET record = 'YP-0002' WHERE id = 2", "DELETE FROM audit WHERE id = 2"])
def test_a_changed_audit_is_noticed(office: Office, harm: str) -> None:
    for _ in range(3):
        people.record_of(office["jo"], "YP-0001")
    assert audit_log.verify(office["auditor"]) is None
    with office.engine.begin() as connection:
        connection.execute(text(harm))
    assert audit_log.verify(office["auditor"]) == 2


def test_users_can_be_chosen_on_a_demo_only(office: Office) -> None:
    with pytest.raises(NotPermitted):
        users.all_users(office.engine)
    with store.transaction(office.engine) as session:
        store.mark_demo(session)
    found = users.all_users(office.engine)
    assert {u.id: u for u in found} == {u.id: u for u in USERS.values()}
    assert [u.name for u in found] == sorted(u.name for u in USERS.values())
