"""Connections as a CSV file that `read_connections` and spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from chm.exchange.connections import COLUMNS, guarded
from chm.linkage.ties import Party, Tie, written_day


def write_connections(ties: Iterable[Tie], ids: Mapping[Party, str] | None = None) -> bytes:
    """A row for each tie, in UTF-8 with a BOM, which tells spreadsheets so.

    Args:
        ids: what each party is called in the file; ties to others are left out. Where any is not called by its own id
            no row has its note, as that may name it.
    """
    named = ids is None or all(id == party.id for party, id in ids.items())
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for tie in ties:
        if ids is None or (tie.one in ids and tie.other in ids):
            rows.writerow(map(guarded, _row(tie, ids or {}, tie.note if named else "")))
    return text.getvalue().encode("utf-8-sig")


def _row(tie: Tie, ids: Mapping[Party, str], note: str) -> tuple[str, ...]:
    one, other = (ids.get(party, party.id) for party in tie.parties)
    return (
        tie.one.kind,
        one,
        tie.other.kind,
        other,
        tie.relation,
        tie.role,
        written_day(tie.start),
        written_day(tie.end),
        tie.agency,
        tie.confidence.value,
        tie.influence.value,
        tie.event,
        note,
    )
