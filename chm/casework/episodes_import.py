"""Taking in a file of missing episodes: seen whole first, then all or none; episodes that are in already stay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chm import settings
from chm.access import Permission
from chm.casework.desk import Desk, Work, intention, new_id
from chm.casework.uploads import read_first
from chm.episodes.records import Episode, Moment
from chm.errors import Faults
from chm.exchange.missing import Preview
from chm.exchange.uploads import read_missing
from chm.store import episodes, people

UNKNOWN = "no young person with this id is known to you; write the id as in YP-0001, or add them first"


@dataclass(frozen=True)
class EpisodesPreview:
    """What a file holds and what taking it in would add.

    Attributes:
        new: the episodes it would add. already: how many are in, told by young person and start. faults: with any,
            nothing can be taken in. format: what sort of file it is.
    """

    new: tuple[Episode, ...]
    already: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    format: str


def _read(desk: Desk, data: bytes) -> Preview:
    return read_missing(data, desk.clock().astimezone(settings.ZONE).date())


@read_first(_read)
@intention(Permission.IMPORT_CONNECTIONS)
def preview(work: Work, read: Preview) -> EpisodesPreview:
    """Every fault of the file, and what taking it in would add; writes nothing."""
    found = _planned(work, read)
    work.why = f"preview: {len(found.new)} episodes, {len(found.faults)} faults"
    return found


@read_first(_read)
@intention(Permission.IMPORT_CONNECTIONS)
def take_in(work: Work, read: Preview) -> int:
    """Adds the file's episodes that are not in yet; how many. Raises Faults, all at once, and then adds none."""
    found = _planned(work, read)
    if found.faults:
        raise Faults(list(found.faults))
    made = [replace(e, id=new_id("MIS")) for e in found.new]
    episodes.add(work.session, made, work.user.id, work.now)
    work.why = f"{len(made)} episodes"
    return len(made)


def _planned(work: Work, read: Preview) -> EpisodesPreview:
    known = {p.id for p in people.everyone(work.session, work.scope)}
    strangers = sum(e.young_person not in known for e in read.episodes)
    faults = list(read.faults)
    if strangers and not faults:
        faults.append(f"{strangers:,} of {len(read.episodes):,} rows: {UNKNOWN}")
    there = {_start(k.episode) for k in episodes.of(work.session, work.scope, known)}
    new = tuple(e for e in read.episodes if e.young_person in known and _start(e) not in there)
    already = sum(_start(e) in there for e in read.episodes)
    return EpisodesPreview(new, already, tuple(faults), tuple(read.notes), read.format)


def _start(e: Episode) -> tuple[str, Moment]:
    return e.young_person, e.start
