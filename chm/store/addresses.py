"""Protected addresses, in a table that nothing else reads."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chm.errors import Conflict, NotFound
from chm.records import ProtectedAddress
from chm.store.plans import CHANGED
from chm.store.rows import change, record, row
from chm.store.tables import ProtectedAddressRow


def get(session: Session, young_person: str) -> ProtectedAddress | None:
    """A young person's protected address, None where none is kept."""
    kept = session.get(ProtectedAddressRow, young_person)
    return record(ProtectedAddress, kept) if kept else None


def keep(session: Session, address: ProtectedAddress) -> ProtectedAddress:
    """Writes an address over the version it was read as; version 0 is a new one. Raises Conflict."""
    kept = session.get(ProtectedAddressRow, address.young_person)
    if (kept.version if kept else 0) != address.version:
        raise Conflict(CHANGED)
    if kept:
        change(kept, address)
    else:
        kept = row(ProtectedAddressRow, address)
        session.add(kept)
    session.flush()
    return record(ProtectedAddress, kept)


def forget(session: Session, young_person: str, version: int) -> None:
    """Deletes an address as it was read. Raises NotFound, Conflict."""
    kept = session.get(ProtectedAddressRow, young_person)
    if kept is None:
        raise NotFound("No address is kept")
    if kept.version != version:
        raise Conflict(CHANGED)
    session.delete(kept)
    session.flush()
