"""Files that people upload, each read apart from the server; what stops a reader is a fault of the file like others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chm.errors import Faults
from chm.exchange import annex_a, connections, missing, police_uk, young_people
from chm.exchange.apart import readers, run
from chm.exchange.apart.ending import NotRead
from chm.exchange.police_uk import Part, PoliceImport
from chm.geography.areas import Areas


def read_young_people(data: bytes, today: date) -> young_people.Preview:
    """As `young_people.read_young_people`."""
    try:
        return run.read(readers.young_people, data, today)
    except NotRead as stopped:
        return young_people.Preview([], stopped.faults)


def read_connections(data: bytes) -> connections.Preview:
    """As `connections.read_connections`."""
    try:
        return run.read(readers.connections, data)
    except NotRead as stopped:
        return connections.Preview([], stopped.faults)


def read_missing(data: bytes, today: date) -> missing.Preview:
    """As `missing.read_missing`."""
    try:
        return run.read(readers.missing, data, today)
    except NotRead as stopped:
        return missing.Preview([], stopped.faults)


def read_annex_a(data: bytes, today: date) -> annex_a.AnnexA:
    """As `annex_a.read_annex_a`."""
    try:
        return run.read(readers.annex_a, data, today)
    except NotRead as stopped:
        return annex_a.AnnexA([], stopped.faults)


def read_police(uploads: Sequence[tuple[str, bytes]], areas: Areas, stop_and_search: bool) -> PoliceImport:
    """What files from police.uk hold, each a name with its bytes: as `police_uk.read`, each upload by itself.

    Raises:
        Faults: every fault of every file.
    """
    # What has been computed of the areas need not go along.
    bare = replace(areas)
    parts: list[Part] = []
    stopped: list[str] = []
    for name, data in uploads:
        try:
            parts.append(run.read(readers.police, data, name, bare, stop_and_search))
        except NotRead as fault:
            stopped += [f"{name}: {said}" for said in fault.faults]
    if stopped:
        raise Faults([*(fault for part in parts for fault in part.faults), *stopped])
    return police_uk.whole(parts, areas, stop_and_search)
