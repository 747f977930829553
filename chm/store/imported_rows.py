"""Which rows of connections files are in already, and what the entities they may name are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.store.people import within
from chm.store.rows import at_once
from chm.store.tables import EntityRow, ImportedRow, YoungPersonRow


class Called(NamedTuple):
    """What an entity is called; `alone` unless merged into another."""

    id: str
    kind: str
    name: str
    plate: str
    alone: bool


def records(session: Session, fingerprints: Collection[str]) -> dict[str, str]:
    """For each fingerprint that is in, the id of the record its row made."""
    asked = select(ImportedRow.fingerprint, ImportedRow.record)
    return {
        fingerprint: record
        for part in at_once(fingerprints)
        for fingerprint, record in session.execute(asked.where(ImportedRow.fingerprint.in_(part)))
    }


def add(session: Session, records: Mapping[str, str], at: datetime) -> None:
    """Notes rows as in: the id of the record that each fingerprint's row made."""
    if records:
        rows = [{"fingerprint": fingerprint, "record": id, "at": at} for fingerprint, id in records.items()]
        session.execute(insert(ImportedRow), rows)


def called(session: Session, among: Collection[str] | None) -> list[Called]:
    """What the entities `among` these ids (None for all) are called, by id."""
    asked = select(EntityRow.id, EntityRow.kind, EntityRow.name, EntityRow.plate, EntityRow.merged_into)
    found = session.execute(asked.order_by(EntityRow.id))
    return [
        Called(row.id, row.kind, row.name, row.plate or "", row.merged_into is None)
        for row in found
        if among is None or row.id in among
    ]


def young_people(session: Session, scope: Scope, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are young people in `scope`."""
    asked = select(YoungPersonRow.id).where(within(scope, YoungPersonRow.id))
    return {id for part in at_once(ids) for id in session.scalars(asked.where(YoungPersonRow.id.in_(part)))}
