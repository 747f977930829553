"""Reasons that are asked for are kept with what was done, and read by those who review it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest.mock import Mock

import pytest

from chm import store
from chm.casework import addresses, deletion, guarded, reasons, subject_access
from chm.casework.reasons import WITHHELD, Stated
from chm.errors import Conflict, NotFound, NotPermitted
from chm.records import StatedReason
from chm.store import audit

from .conftest import NOW, Office
from .test_deletion import PASSED, WHY, ZOE, then

LATER = datetime(PASSED.year, PASSED.month, PASSED.day, 12, tzinfo=UTC)


def kept(office: Office) -> list[tuple[str, str, str, str]]:
    return [(s.reason.user, s.reason.operation, s.reason.young_person, s.reason.reason) for s in told(office, "lead")]


def told(office: Office, who: str) -> list[Stated]:
    return reasons.stated(office[who])


def test_each_reason_is_kept_with_who_did_what_when(office: Office) -> None:
    addresses.read(office["jo"], ZOE, "To arrange a lift")
    assert [s.reason.operation for s in told(office, "lead")] == ["addresses.read"]
    guarded.restrict(office["lead"], "YP-0002", "A relative works here")
    guarded.lift(office["lead"], "YP-0002", "The relative has left")
    subject_access.export(office["lead"], "YP-0003", "Wren asked for it")
    guarded.close(office["jo"], ZOE, "Nothing more to do")
    assert sorted(kept(office)) == [
        ("u-jo", "addresses.read", ZOE, "To arrange a lift"),
        ("u-jo", "guarded.close", ZOE, "Nothing more to do"),
        ("u-lead", "guarded.lift", "YP-0002", "The relative has left"),
        ("u-lead", "guarded.restrict", "YP-0002", "A relative works here"),
        ("u-lead", "subject_access.export", "YP-0003", "Wren asked for it"),
    ]
    (close,) = (s for s in told(office, "lead") if s.reason.operation == "guarded.close")
    assert close == Stated(
        StatedReason(
            id=close.reason.id, young_person=ZOE, operation="guarded.close", user="u-jo", at=NOW,
            reason="Nothing more to do",
        ),
        "Jo Placeholder",
        "closed the record",
    )  # fmt: skip
    assert close.reason.id.startswith("RSN-")


def test_a_proposal_of_ones_own_taken_back_says_why_and_newest_stands_first(office: Office) -> None:
    guarded.close(office["jo"], ZOE, "Nothing more to do")
    lead = then(office["lead"])
    proposed = deletion.propose(lead, ZOE, WHY)
    with pytest.raises(Conflict):
        deletion.refuse(lead, ZOE, "DEL-another", "A claim is expected")
    deletion.refuse(lead, ZOE, proposed.id, "A claim is expected")
    assert kept(office) == [
        ("u-lead", "deletion.refuse", ZOE, "A claim is expected"),
        ("u-jo", "guarded.close", ZOE, "Nothing more to do"),
    ]
    assert told(office, "lead")[0].reason.at == LATER


def test_it_is_kept_with_the_work_or_not_at_all(office: Office) -> None:
    with pytest.raises(NotFound):
        addresses.read(office["sam"], ZOE, "To look")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError):  # noqa: PT011
        patch.setattr("chm.store.audit.add_each", Mock(side_effect=OSError))
        guarded.restrict(office["lead"], ZOE, "A relative works here")
    assert kept(office) == []
    assert not guarded.state(office["lead"], ZOE).restricted


def test_who_sees_ids_alone_reads_no_name_and_no_address(office: Office) -> None:
    addresses.read(office["jo"], ZOE, "A letter to 9 Nowhere Row")
    guarded.close(office["jo"], ZOE, "Zoë moved in with Teal Madeup and Jo Placeholder agrees; see YP-0003")
    assert {s.reason.operation: s.reason.reason for s in told(office, "auditor")} == {
        "addresses.read": WITHHELD,
        "guarded.close": "a young person moved in with a young person and Jo Placeholder agrees; see a young person",
    }
    assert {s.reason.operation: s.reason.reason for s in told(office, "lead")} == {
        "addresses.read": "A letter to 9 Nowhere Row",
        "guarded.close": "Zoë moved in with Teal Madeup and Jo Placeholder agrees; see YP-0003",
    }


def test_reviewers_alone_read_them_and_that_is_audited(office: Office) -> None:
    for who in ("jo", "chair", "partner", "analyst", "admin"):
        with pytest.raises(NotPermitted):
            told(office, who)
    told(office, "auditor")
    with store.transaction(office.engine, writing=False) as session:
        (last,) = audit.read(session, None, 1)
    assert (last.user, last.operation, last.record, last.why) == ("u-auditor", "reasons.stated", "", "")


def test_they_go_with_the_record(office: Office) -> None:
    guarded.close(office["jo"], ZOE, "Nothing more to do")
    guarded.restrict(office["lead"], "YP-0002", "Zoë Heron's relative works here")
    with store.transaction(office.engine) as session:
        deletion.kept.delete(session, ZOE, date(2087, 3, 5), ())
    assert [(operation, id) for _, operation, id, _ in kept(office)] == [("guarded.restrict", "YP-0002")]
    assert "Zoë" not in kept(office)[0][3]
