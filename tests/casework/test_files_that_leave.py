"""Every function that makes a file, on planted names: unpacked, it names nobody whom its reader may not know of.

Nor does it hold anything hidden, or anything of the machine it was made on.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chm import casework, settings, store
from chm.casework import (
    documents,
    live_record,
    minutes,
    network_export,
    papers,
    people,
    place_exports,
    plans,
    room,
    subject_access,
    tracker,
)
from chm.casework.desk import INTENTIONS, Desk
from chm.casework.documents import Made
from chm.casework.live_record import NewAction, NewEntry
from chm.meetings.records import EntryKind
from chm.records import Action, SafetyPlan
from chm.store import meetings as kept
from chm.store import plans as kept_plans
from tests.unit.exchange.meeting import poppler
from tests.unit.exchange.test_location import picture

from .conftest import TODAY, Office
from .hall import ALI as A_B
from .hall import BAD, assess
from .hall import SKY as SKY_ANN
from .town import MANY

for module in pkgutil.iter_modules(casework.__path__):
    importlib.import_module(f"chm.casework.{module.name}")

DUE = TODAY + timedelta(days=7)
# Young people by their names, pieces of them, and ids.
ZOE = ("zoë", "heron", "yp-0001")
TEAL = ("teal", "yp-0002")
WREN = ("wren", "o'madeup", "yp-0003")
SKY, ALI = ("sky-ann", "yp-0201"), ("a.b.", "yp-0202")
SOMEBODY = tuple(f"unreal {n:02}" for n in range(12))
EVERYBODY = (*ZOE, *TEAL, *WREN, *SKY, *ALI, *SOMEBODY)
BY_OTHERS = (*TEAL, *WREN, *SKY, *ALI, *SOMEBODY)
# Whom the meeting is not about, though events join them to whom it is about.
OUTSIDE = (*WREN, *SOMEBODY[2:])
MACHINE = (str(settings.ROOT), "/home/", "/tmp/", "/users/", "c:\\")


@pytest.fixture
def meeting(hall: Office) -> Office:
    """M-3 held and closed, an action each for a worker and an agency, a plan and a safety plan of Zoë's."""
    assess(hall["jo"], "YP-0001", places="significant")
    plan = SafetyPlan(
        young_person="YP-0001", triggers="Long walks", code_words="Bluebird", safe_adults="An aunt",
        ways_out="The back gate", numbers="101", family_copy=True,
    )  # fmt: skip
    plans.save_safety_plan(hall["jo"], "YP-0001", plan)
    own = Action(
        id="ACT-1", young_person="YP-0001", target="young_person:YP-0001", domain="places", pillar="protect",
        text="Walk home with an aunt", owner_agency="Early Help", owner_person="Jo Placeholder", due=DUE,
    )  # fmt: skip
    with store.transaction(hall.engine) as session:
        kept_plans.add_action(session, own)
        found = kept.get(session, "M-3")
        found = kept.edit(session, replace(found, title="Around the arcade", purpose="For a plan", venue="Room 4"))
    room.open(hall["chair"], "M-3")
    with store.transaction(hall.engine) as session:
        slots = {p: f"{p.partition(':')[0]}:{s}" for p, (_, s) in kept.aliases(session, "M-3").items()}
    one, other = slots["young_person:YP-0001"], slots["young_person:YP-0002"]
    said = NewEntry(
        kind=EntryKind.DECISION, item="plan", text=f"@{{{one}}} and @{{{other}}} apart", reason="Both want it"
    )
    live_record.say(hall["chair"], "M-3", said)
    bad = slots[f"person:{BAD.id}"]
    for agency, person, target in (("Housing", "Pat Placeholder", bad), ("Early Help", "", one)):
        new = NewAction(
            pillar="protect", text=f"See to @{{{other}}}", owner_agency=agency, owner_person=person, due=DUE,
            target=target,
        )  # fmt: skip
        live_record.agree(hall["chair"], "M-3", new)
    minutes.close(hall["chair"], found, DUE)
    minutes.sign(hall["chair"], "M-3", 1, 1)
    return hall


def _assessment(desk: Desk) -> Made:
    return documents.assessment(desk, "YP-0001", people.record_of(desk, "YP-0001").assessments[-1].id)


def _actions(form: str) -> Callable[[Desk], Made]:
    return lambda desk: tracker.export(desk, form, [row.key for row in tracker.read(desk)])


# Each with whose desk makes it, who must be in it, and who must not.
Case = tuple[str, Callable[[Desk], Made], tuple[str, ...], tuple[str, ...]]
FILES: dict[str, Case] = {
    "documents.assessment": ("jo", _assessment, ("zoë heron",), BY_OTHERS),
    "documents.safety_plan": (
        "jo", lambda d: documents.safety_plan(d, "YP-0001", for_family=False), ("bluebird",), BY_OTHERS,
    ),
    "documents.safety_plan for the family": (
        "jo", lambda d: documents.safety_plan(d, "YP-0001", for_family=True), ("an aunt",), BY_OTHERS,
    ),
    **{
        f"papers.minutes_file {form}": (
            "chair", lambda d, form=form: papers.minutes_file(d, "M-3", 1, form), ("zoë heron", "teal madeup"), OUTSIDE,
        )
        for form in ("docx", "pdf")
    },
    **{
        f"papers.extract_file {form}": (
            "chair", lambda d, form=form: papers.extract_file(d, "M-3", 1, "YP-0001", form), ("zoë heron",), BY_OTHERS,
        )
        for form in ("docx", "pdf")
    },
    "papers.own_extract_file": (
        "jo", lambda d: papers.own_extract_file(d, "YP-0001", "M-3", "docx"), ("zoë heron",), BY_OTHERS,
    ),
    "papers.agency_file": (
        "chair", lambda d: papers.agency_file(d, "M-3", 1, "Housing"), ("teal madeup",), (*ZOE, *OUTSIDE, *SKY, *ALI),
    ),
    "papers.review_file": ("chair", lambda d: papers.review_file(d, "M-3"), ("room 4",), EVERYBODY),
    **{
        f"papers.briefing_file {form}": (
            "chair", lambda d, form=form: papers.briefing_file(d, "M-3", form), ("zoë heron", "sky-ann"), OUTSIDE,
        )
        for form in ("docx", "pdf")
    },
    "subject_access.export": (
        "lead", lambda d: subject_access.export(d, "YP-0001", "They asked"), ("zoë heron",), BY_OTHERS,
    ),
    **{
        f"network_export.export {form}": (
            "jo", lambda d, form=form: network_export.export(d, ("YP-0001",), form), ("zoë heron",), BY_OTHERS,
        )
        for form in network_export.FORMS
    },
    **{
        f"tracker.export {form} by a worker": ("jo", _actions(form), ("zoë heron", "walk home"), BY_OTHERS)
        for form in ("xlsx", "csv")
    },
    **{
        f"tracker.export {form} by a partner": ("partner", _actions(form), ("see to",), EVERYBODY)
        for form in ("xlsx", "csv")
    },
    **{
        f"place_exports.location_file {kind}": (
            "analyst", lambda d, kind=kind: place_exports.location_file(d, "PLA-a1", kind, picture=picture()),
            ("placeholder arcade",), EVERYBODY,
        )
        for kind in ("docx", "pdf")
    },
    **{
        f"place_exports.ranking_file {kind}": (
            "analyst", lambda d, kind=kind: place_exports.ranking_file(d, kind), ("placeholder arcade",), EVERYBODY,
        )
        for kind in ("csv", "geojson")
    },
}  # fmt: skip


def test_every_function_that_makes_a_file_is_here() -> None:
    made = set()
    for operation in INTENTIONS:
        module, _, name = operation.partition(".")
        if module.startswith("test_"):  # Other tests' own, where all are run at once.
            continue
        loaded = importlib.import_module(f"chm.casework.{module}")
        if getattr(loaded, name).__annotations__.get("return") == "Made":
            made.add(operation)
    assert {name.split()[0] for name in FILES} == made
    assert len(made) == 13


def test_the_file_of_everybody_names_them_as_they_are_looked_for(hall: Office) -> None:
    every = ("YP-0001", "YP-0002", "YP-0003", *MANY, SKY_ANN.id, A_B.id)
    said = network_export.export(hall["lead"], every, "json").data.decode().casefold()
    assert [name for name in EVERYBODY if name not in said] == []


@pytest.fixture
def file(request: pytest.FixtureRequest, meeting: Office) -> tuple[Made, tuple[str, ...], tuple[str, ...]]:
    who, make, inside, outside = FILES[request.param]
    return make(meeting[who]), inside, outside


def _texts(data: bytes, folder: Path, within: bool = False) -> Iterator[tuple[str, str]]:
    """What a file says, part by part where it is a zip, with entities read and what a PDF packs unpacked.

    Args:
        within: a zip of documents, which are looked through in their turn; else a file within a file is a fault.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert packed.comment == b""
            for info in packed.infolist():
                part = packed.read(info)
                assert info.comment == b""
                if within and info.filename.endswith(".docx"):
                    yield info.filename, info.filename
                    yield from _texts(part, folder)
                    continue
                assert not part.startswith((b"PK", b"\xd0\xcf\x11\xe0")), info.filename
                yield info.filename, info.filename
                if part.startswith(b"\x89PNG"):
                    # A picture is drawn by us: text or a camera's data in it would be its maker's.
                    assert set(_chunks(part)) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs"}
                    continue
                said = unescape(part.decode())
                yield info.filename, said
                # Word breaks a line into runs wherever it likes.
                yield info.filename, re.sub(r"<[^>]+>", "", said)
    elif data.startswith(b"%PDF"):
        yield "text", poppler("pdftotext", data, folder, "-raw")
        yield "text", poppler("pdftotext", data, folder, "-layout")
        yield "information", data.decode("latin-1")
        yield "information", data.replace(b"\0", b"").decode("latin-1")
    else:
        yield "text", data.decode("utf-8-sig")
        yield "text", unescape(data.decode("unicode_escape")) if data.startswith((b"{", b"[")) else ""


def _chunks(png: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(png):
        yield png[at + 4 : at + 8]
        at += 12 + int.from_bytes(png[at : at + 4], "big")


@pytest.mark.parametrize("file", list(FILES), indirect=True)
def test_it_names_nobody_whom_its_reader_may_not_know(
    file: tuple[Made, tuple[str, ...], tuple[str, ...]], tmp_path: Path
) -> None:
    made, inside, outside = file
    told = [(where, text.casefold()) for where, text in _texts(made.data, tmp_path, made.name.endswith(".zip"))]
    whole = " ".join(" ".join(text.split()) for _, text in told)
    assert [name for name in inside if name not in whole] == []
    assert [(where, name) for where, text in told for name in outside if name in text] == []
    assert [(where, said) for where, text in told for said in MACHINE if said.casefold() in text] == []
    assert re.fullmatch(r"[A-Za-z0-9.-]+", made.name)
    assert [
        name for name in (*EVERYBODY, "unreal") if name in made.name.casefold() and not name.startswith("yp-")
    ] == []
    if made.name.endswith(".xlsx"):
        book = load_workbook(io.BytesIO(made.data))
        assert [(sheet.title, sheet.sheet_state) for sheet in book.worksheets] == [("Actions", "visible")]
        assert not any(cell.comment for row in book.worksheets[0] for cell in row)
