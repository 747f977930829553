"""Where a young person lives, where that must not be known: kept apart, read by permission of its own, each time noted.

It stands in no search, log or audit. Of all exports only `subject_access.export` reads it, where that is asked for: by
the same permission, and noted too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chm.access import Permission
from chm.casework import reasons
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention
from chm.records import ProtectedAddress
from chm.store import addresses, users


@dataclass(frozen=True)
class Shown:
    """A protected address (None where none is kept), and who wrote it down."""

    address: ProtectedAddress | None
    by: str = ""
    at: datetime | None = None


@intention(Permission.READ_PROTECTED_ADDRESS, about="young_person", audited=False, passive=True)
def still_open(work: Work, young_person: str) -> None:
    """Raises NotFound where an address that was opened may be shown no more."""


@intention(Permission.READ_PROTECTED_ADDRESS, about="young_person")
def read(work: Work, young_person: str, why: str) -> Shown:
    """The protected address of a young person, for a reason. Raises Faults without one."""
    checks = Checks(work.today)
    reason = checks.note("why", why, needed=True)
    checks.done()
    reasons.keep(work, reason)
    work.why = "protected address read"
    kept = addresses.get(work.session, young_person)
    by = users.get(work.session, kept.recorded_by) if kept else None
    return Shown(kept, by.name if by else "", kept.recorded_at if kept else None)


@intention(Permission.READ_PROTECTED_ADDRESS, about="young_person")
def write(work: Work, young_person: str, address: ProtectedAddress) -> ProtectedAddress:
    """Writes a protected address over the version it was read as; version 0 is a new one.

    Raises:
        Faults: it is empty, or too long.
        Conflict: somebody changed it since.
    """
    checks = Checks(work.today)
    text, warning = checks.note("address", address.text, needed=True), checks.note("danger", address.danger)
    checks.done()
    work.why = "protected address written"
    return addresses.keep(
        work.session,
        replace(
            address,
            young_person=young_person,
            text=text,
            danger=warning,
            recorded_by=work.user.id,
            recorded_at=work.now,
        ),
    )


@intention(Permission.READ_PROTECTED_ADDRESS, about="young_person")
def forget(work: Work, young_person: str, version: int) -> None:
    """Deletes a protected address as it was read. Raises NotFound, Conflict."""
    addresses.forget(work.session, young_person, version)
    work.why = "protected address deleted"
