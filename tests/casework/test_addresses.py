"""Protected addresses: apart from everything else, read for a reason, each time noted."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from chm import settings, store
from chm.casework import addresses, guarded, people
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.records import ProtectedAddress
from chm.store import audit

from .conftest import Office

SECRET = "9 Nowhere Row, Farthing, ZZ9 9ZZ"
NEW = ProtectedAddress(text=SECRET, danger="A relative looks for them")


def test_it_is_written_read_changed_and_deleted(office: Office) -> None:
    assert addresses.read(office["jo"], "YP-0001", "To arrange a lift").address is None
    kept = addresses.write(office["jo"], "YP-0001", NEW)
    found = addresses.read(office["lead"], "YP-0001", "To check it")
    assert (found.address, found.by) == (kept, "Jo Placeholder")
    changed = addresses.write(office["lead"], "YP-0001", replace(kept, text="10 Nowhere Row"))
    with pytest.raises(Conflict):
        addresses.write(office["jo"], "YP-0001", replace(kept, text="11 Nowhere Row"))
    with pytest.raises(Conflict):
        addresses.forget(office["jo"], "YP-0001", kept.version)
    addresses.forget(office["jo"], "YP-0001", changed.version)
    assert addresses.read(office["jo"], "YP-0001", "To check it").address is None


def test_it_is_open_by_its_own_permission_and_a_link_alone(office: Office) -> None:
    addresses.write(office["jo"], "YP-0001", NEW)
    for who in ("chair", "partner", "analyst", "admin", "auditor"):
        with pytest.raises(NotPermitted):
            addresses.read(office[who], "YP-0001", "To look")
    with pytest.raises(NotFound):
        addresses.read(office["sam"], "YP-0001", "To look")
    guarded.break_glass(office["sam"], "YP-0001", "Seen at the station, and nobody answers")
    with pytest.raises(NotFound):
        addresses.read(office["sam"], "YP-0001", "To look")


def test_a_reason_and_an_address_are_needed(office: Office) -> None:
    with pytest.raises(Faults) as said:
        addresses.read(office["jo"], "YP-0001", " ")
    assert said.value.faults == ["why: empty; write something"]
    with pytest.raises(Faults):
        addresses.write(office["jo"], "YP-0001", replace(NEW, text=" "))


def test_it_stands_nowhere_else(office: Office) -> None:
    addresses.write(office["jo"], "YP-0001", NEW)
    addresses.read(office["jo"], "YP-0001", f"To send a letter to {SECRET}")
    assert people.find(office["jo"], "Nowhere Row") == []
    assert SECRET not in repr(people.record_of(office["jo"], "YP-0001"))
    with store.transaction(office.engine, writing=False) as session:
        entries = audit.read(session, None, 1000)
    assert [e.why for e in reversed(entries)] == [
        "protected address written", "protected address read", "0 found", "opened",
    ]  # fmt: skip
    assert SECRET not in repr(entries)


def test_one_export_alone_reads_it_besides_and_the_security_overview_says_so() -> None:
    reading = {
        str(file.relative_to(settings.ROOT))
        for file in (settings.ROOT / "chm").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "chm.store"
        and "addresses" in {n.name for n in node.names}
    }
    assert reading == {"chm/casework/addresses.py", "chm/casework/subject_access.py"}
    overview = (settings.ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    (row,) = [line for line in overview.splitlines() if line.startswith("| Protected addresses |")]
    assert all(f"`{file}`" in row for file in reading)
