"""Who has seen a record, and whose use of records stands out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from chm import store
from chm.casework import audit_log, notices, people, plans
from chm.casework.desk import Desk
from chm.errors import AlreadyKnown, Faults, NotFound, NotPermitted
from chm.records import Role
from chm.store import audit

from .conftest import NOW, TODAY, USERS, Office


def test_who_has_seen_a_record_newest_first_in_plain_words(office: Office) -> None:
    people.record_of(office["jo"], "YP-0001")
    with pytest.raises(NotFound):
        people.record_of(office["sam"], "YP-0001")
    people.record_of(office["sam"], "YP-0002")
    plans.add_action(
        office["both"], "YP-0001", target="young_person:YP-0001", pillar="protect", text="Call", owner_agency="Police"
    )
    found = audit_log.seen_by(office["jo"], "YP-0001")
    assert [(x.user, x.name, x.roles, x.did, x.refused) for x in found.looks] == [
        ("u-both", "Bo Placeholder", (Role.CHAIR, Role.PRACTITIONER), "added an action to the plan", False),
        ("u-sam", "Sam Invented", (Role.PRACTITIONER,), "opened the record", True),
        ("u-jo", "Jo Placeholder", (Role.PRACTITIONER,), "opened the record", False),
    ]
    assert (found.total, found.older) == (3, None)
    assert {x.at for x in found.looks} == {NOW}
    assert audit_log.seen_by(office["lead"], "YP-0001").looks[0].did == "looked at who has seen the record"


def test_who_was_told_that_they_are_known_asked_no_more_than_that(office: Office) -> None:
    with store.transaction(office.engine) as session:
        audit.add(session, NOW, "u-sam", "guarded.known", "YP-0001", "refused")
    with pytest.raises(AlreadyKnown):
        people.add(office["sam"], "Zoë Heron", born=None, age=14, home_borough="Merton")
    assert [(x.user, x.did, x.refused) for x in audit_log.seen_by(office["jo"], "YP-0001").looks] == [
        ("u-sam", "asked whether they are known", False),
        ("u-sam", "asked whether a young person is known", True),
    ]
    assert [row[3:7] for row in csv.reader(io.StringIO(audit_log.export(office["lead"], "YP-0001").data.decode()))] == [
        ["operation", "in_words", "record", "why"],
        ["guarded.known", "asked whether a young person is known", "YP-0001", "refused"],
        ["people.add", "asked whether they are known", "YP-0001", "known"],
        ["audit_log.seen_by", "looked at who has seen the record", "YP-0001", "who has seen it"],
    ]


def test_who_has_seen_a_record_comes_in_pages(office: Office) -> None:
    with store.transaction(office.engine) as session:
        for n in range(7):
            audit.add(session, NOW + timedelta(minutes=n), "u-gone", "people.record_of", "YP-0001", "")
    pages, older = [], None
    while True:
        page = audit_log.seen_by_id(office["auditor"], "YP-0001", older, 3)
        assert page.total == 7
        pages.append([x.entry for x in page.looks])
        if (older := page.older) is None:
            break
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]
    assert {(x.user, x.name, x.roles) for x in page.looks} == {("u-gone", "", ())}
    for most in (0, 501):
        with pytest.raises(Faults):
            audit_log.seen_by(office["jo"], "YP-0001", None, most)


def test_those_whose_child_it_is_the_lead_and_by_id_the_auditor(office: Office) -> None:
    for name in ("jo", "both", "lead"):
        assert audit_log.seen_by(office[name], "YP-0001").total >= 0
    assert audit_log.seen_by(office["chair"], "YP-0002").total == 0
    with pytest.raises(NotFound):
        audit_log.seen_by(office["sam"], "YP-0001")
    for name in ("auditor", "admin", "analyst", "partner"):
        with pytest.raises(NotPermitted):
            audit_log.seen_by(office[name], "YP-0001")
    for name in ("jo", "chair", "admin", "partner", "analyst"):
        with pytest.raises(NotPermitted):
            audit_log.seen_by_id(office[name], "YP-0001")
    assert audit_log.seen_by_id(office["auditor"], "YP-0001").looks[-1].name == "Jo Placeholder"
    assert audit_log.seen_by_id(office["auditor"], "Zoë Heron").total == 0
    assert [e.why for e in audit_log.read(office["lead"], most=1)] == ["about unknown"]


def test_all_of_it_or_what_is_about_one_record_leaves_as_a_file_with_its_digests(office: Office) -> None:
    people.record_of(office["jo"], "YP-0001")
    people.record_of(office["sam"], "YP-0002")
    made = audit_log.export(office["auditor"])
    assert made.name == "audit-2026-11-23.csv"
    head, *rows = csv.reader(io.StringIO(made.data.decode("utf-8-sig")))
    assert head == ["entry", "at", "user", "operation", "in_words", "record", "why", "digest"]
    assert [row[:7] for row in rows] == [
        ["1", NOW.isoformat(), "u-jo", "people.record_of", "opened the record", "YP-0001", "opened"],
        ["2", NOW.isoformat(), "u-sam", "people.record_of", "opened the record", "YP-0002", "opened"],
        ["3", NOW.isoformat(), "u-auditor", "audit_log.begin_export", "took the audit away as a file", "", "all"],
    ]
    assert [row[7] for row in rows] == [digest for _, digest in audit.whole_chain(office.engine)]
    one = audit_log.export(office["lead"], "YP-0002")
    assert one.name == "audit-YP-0002-2026-11-23.csv"
    assert [row.split(",")[0] for row in one.data.decode("utf-8-sig").splitlines()] == ["entry", "2"]
    assert [e.why for e in audit_log.read(office["lead"], most=1)] == ["about YP-0002"]
    for name in ("jo", "chair", "admin", "partner", "analyst"):
        with pytest.raises(NotPermitted):
            audit_log.export(office[name])


def use(office: Office, user: str, on: datetime, young_people: int, why: str = "") -> None:
    with store.transaction(office.engine) as session:
        audit.add_each(session, on, user, "people.record_of", (f"YP-{n:04d}" for n in range(young_people)), why)


def test_use_far_above_ones_own_usual_stands_out(office: Office) -> None:
    for days in range(1, 11):
        use(office, "u-jo", NOW - timedelta(days), 6)
        use(office, "u-sam", NOW - timedelta(days), 15)
    use(office, "u-jo", NOW, 15)
    use(office, "u-jo", NOW, 20)
    use(office, "u-sam", NOW, 45)
    use(office, "u-partner", NOW, 10, "refused")
    use(office, "u-gone", NOW, 30, "refused")
    found = audit_log.unusual(office["lead"])
    assert [(s.user.id, s.user.name, s.day.on, s.day.opened, s.day.usual, s.day.refused) for s in found] == [
        ("u-jo", "Jo Placeholder", TODAY, 20, 6, 0),
        ("u-gone", "", TODAY, 0, 0, 30),
        ("u-partner", "Pat Placeholder", TODAY, 0, 0, 10),
    ]
    for name in ("jo", "chair", "auditor", "admin"):
        with pytest.raises(NotPermitted):
            audit_log.unusual(office[name])


def test_the_day_of_use_is_the_councils(office: Office) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    use(office, "u-jo", datetime(2026, 6, 30, 22, 59, tzinfo=UTC), 19)
    use(office, "u-jo", datetime(2026, 6, 30, 23, 1, tzinfo=UTC), 20)
    lead = Desk(office.engine, USERS["lead"], lambda: summer)
    assert audit_log.unusual(lead) == []
    use(office, "u-jo", datetime(2026, 7, 1, 9, tzinfo=UTC), 60)
    found = audit_log.unusual(lead)
    assert [(s.day.on.isoformat(), s.day.opened, s.day.usual) for s in found] == [("2026-07-01", 60, 19)]


def test_leads_are_told_once_a_day(office: Office) -> None:
    assert audit_log.tell_unusual(office.engine, NOW) == 0
    use(office, "u-jo", NOW, 20)
    assert audit_log.tell_unusual(office.engine, NOW) == 1
    assert audit_log.tell_unusual(office.engine, NOW + timedelta(hours=3)) == 0
    (told,) = notices.mine(office["lead"])
    assert told.text == "Use of records on 2026-11-23 was far above usual for one person; see the Audit page"
    assert notices.mine(office["jo"]) == []
    use(office, "u-sam", NOW + timedelta(days=1), 20)
    use(office, "u-chair", NOW + timedelta(days=1), 20)
    assert audit_log.tell_unusual(office.engine, NOW + timedelta(days=1)) == 1
    assert notices.mine(office["lead"])[0].text.startswith(
        "Use of records on 2026-11-24 was far above usual for 2 people"
    )
