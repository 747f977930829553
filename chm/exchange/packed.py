"""Zip files looked at before anything in them is opened: archives of CSV files, and workbooks, zips of XML."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

# As Apache POI has it: above 100 kB nothing that unpacks to more than a hundred times its size. A bomb has a thousand.
MOST_RATIO, SMALL = 100, 100_000
LOCAL_HEADER, ENCRYPTED, PIECE = 30, 0x1 | 0x40, 1 << 16
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ARCHIVES = (
    ".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".docx", ".docm", ".pptx", ".ods", ".odt", ".7z", ".rar", ".gz", ".bz2",
    ".xz", ".tar", ".tgz", ".jar", ".cab",
)  # fmt: skip
XML = (".xml", ".rels", ".vml")
DAMAGED = "not a whole zip file; download it again"
# What zipfile, zlib and the XML parser raise for bytes that are not what they claim.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, StopIteration, OSError, EOFError, ValueError, LookupError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Packing:
    """How much a zip may hold: entries, and bytes of them all unpacked. `again`: what to do, as in `split it`."""

    most_entries: int
    most_unpacked: int
    again: str


def fault(archive: zipfile.ZipFile, packing: Packing) -> str | None:
    """What keeps a zip from being opened further, and what to do; None where nothing does. No name in it is repeated.

    Sizes are those the zip claims: an entry that holds more is damaged, once it is read.
    """
    return next(_faults(archive.infolist(), packing), None)


def xml_fault(archive: zipfile.ZipFile) -> str | None:
    """What keeps a workbook from being read: a document type, which may hold entities, or a part that is damaged."""
    for entry in archive.infolist():
        try:
            if entry.filename.casefold().endswith(XML):
                with archive.open(entry) as part:
                    # A document type stands before the first element, or the XML is no XML.
                    next(iterparse(part, events=("start",), forbid_dtd=True))
            with archive.open(entry) as part:
                # By and by, since one that holds more than it claims would be unpacked whole before that is seen.
                while part.read(PIECE):
                    pass
        except DefusedXmlException:
            return "a document type or entities in it, which no workbook needs; save it anew as .xlsx"
        except DAMAGE:
            return DAMAGED
    return None


def _faults(entries: list[zipfile.ZipInfo], packing: Packing) -> Iterator[str]:
    if len(entries) > packing.most_entries:
        yield f"more than {packing.most_entries:,} files in it; {packing.again}"
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        yield "locked with a password; unlock it"
    if sum(entry.file_size for entry in entries) > packing.most_unpacked:
        yield f"more than {packing.most_unpacked // 1_000_000:,} MB unpacked; {packing.again}"
    if any(entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size) for entry in entries):
        yield f"something in it unpacks to more than {MOST_RATIO} times its size; pack the files anew"
    if any(entry.compress_type not in METHODS for entry in entries):
        yield "packed in a way few programs read; pack the files anew"
    names = [entry.filename for entry in entries]
    if any(name.casefold().endswith(ARCHIVES) for name in names):
        yield "another archive or workbook in it; take that one out, or unpack it first"
    if any(_leads_out(name) for name in names):
        yield "a file in it has a name that leads elsewhere; pack the files anew"
    if len({name.casefold() for name in names}) < len(names):
        yield "two files in it have one name; pack the files anew"
    if _overlap(entries):
        yield DAMAGED


def _leads_out(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or any(c in name for c in "\\:\0") or not name.isprintable()


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries share bytes, as in a bomb that unpacks the same ones again and again."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = (entry.header_offset + LOCAL_HEADER + entry.compress_size for entry in ordered)
    return any(end > later.header_offset for end, later in zip(ends, ordered[1:], strict=False))
