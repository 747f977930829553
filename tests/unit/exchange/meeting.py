"""One invented complex strategy meeting with everything its minutes can hold, for the tests of what leaves it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from chm.meetings.minutes import (
    Minuted,
    MinutedAction,
    MinutedLink,
    MinutedTotal,
    MinutedYoungPerson,
    Minutes,
    Present,
)

SIGNED = ("Jo Chairing", datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
PILLARS = {
    "identify": "Identify",
    "prevent": "Prevent",
    "support": "Support",
    "protect": "Protect",
    "disrupt": "Disrupt",
}
HERON, KESTREL, WREN, LINNET = "YP-0401", "YP-0402", "YP-0403", "YP-0404"
NAMES = {HERON: "Heron Placeholder", KESTREL: "Kestrel Invented", WREN: "Wren Madeup", LINNET: "Linnet Unreal"}
OTHERS = ("Kestrel", "Invented", "Wren", "Madeup", "Linnet", "Unreal", "Roe", "Notreal", "ZZ99", "Nowhere", "Falsely")
HOSTILE = "=cmd() <b>x</b> {nb} **b** &amp; \x00\x07\ufffe\ud800 \u202eright\u202c مرحبا 你好 😀"
LONG = "word " * 3_999 + "END"
AT = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)


def young_person(id: str, **more: object) -> MinutedYoungPerson:
    said = {
        "id": id, "name": NAMES[id], "born": "Not known; aged 15", "why": "", "assessed_on": None, "totals": (),
        "judged": "", "judged_why": "", "flags": (), "significant": (), "review_by": None, **more,
    }  # fmt: skip
    return MinutedYoungPerson(**said)  # type: ignore[arg-type]


HERONS = young_person(
    HERON,
    born="9 March 2011",
    why="Shares an account with @{young_person:YP-0402}.",
    assessed_on=date(2026, 11, 3),
    totals=(
        MinutedTotal(title="Experiences of harm", score=17, most=58, band="emerging", band_name="Emerging"),
        MinutedTotal(title="Contexts", score=32, most=54, band="significant", band_name="Significant"),
        MinutedTotal(title="Combined", score=None, most=112, band=None, band_name="Not known"),
    ),
    judged="Significant",
    judged_why="Harm is happening now.",
    flags=("2 referrals in the 6 months to this assessment.",),
    significant=("Places and spaces", "Family and accommodation"),
    review_by=date(2027, 1, 4),
    voice=("I want to stay at my school.", "Ask me first, not @{account:ACC-1}."),
    parent=("We want one person to ring.",),
    tells=("Sam Example, on Friday.",),
)
ACTIONS = (
    MinutedAction(
        id="MAC-1", target="person:PER-1", pillar="disrupt", text="Serve a notice on @{person:PER-1}",
        owner_agency="Police", owner_person="Ana Example", due=date(2026, 12, 11), status="Not begun",
        young_people=(HERON, KESTREL),
    ),
    MinutedAction(
        id="MAC-2", target="place:PLA-1", pillar="prevent", text="Light the back stairs", owner_agency="Police",
        owner_person="", due=date(2026, 12, 1), status="Done", outcome="Lit since Monday",
        young_people=(HERON, KESTREL, WREN, LINNET),
    ),
    MinutedAction(
        id="MAC-3", target="young_person:YP-0403", pillar="identify", text="Map friendships", owner_agency="Education",
        owner_person="", due=None, status="Under way", young_people=(WREN,),
    ),
)  # fmt: skip
CARRIED = (
    MinutedAction(
        id="MAC-0", target="", pillar="support", text="Offer a mentor", owner_agency="Police", owner_person="",
        due=date(2026, 11, 30), status="Under way", young_people=(HERON,), meeting_on=date(2026, 10, 8),
    ),
)  # fmt: skip


def minuted(kind: str, text: str, **more: object) -> Minuted:
    return Minuted(kind=kind, text=text, at=AT, **more)  # type: ignore[arg-type]


SAID = (
    minuted(
        "information", "@{person:PER-1} was seen with @{young_person:YP-0402} in @{vehicle:VEH-1}.", agency="Police",
        confidence="likely", first_hand=True, target="person:PER-1", young_people=(HERON, KESTREL),
    ),
    minuted("information", "Debts are spoken of.", agency="Education", confidence="possible", first_hand=False),
    minuted("information", "Seen at night.", young_people=(WREN,)),
    minuted("view", "Being seen together is no harm by itself.", agency="Education", young_people=(HERON,)),
    minuted(
        "disagreement", "It moves everybody to the bus station.", agency="Health", target="place:PLA-1",
        reason="It did in 2025.", young_people=(HERON, KESTREL),
    ),
    minuted(
        "decision", "Ask for an early closing order.", agency="Community Safety", target="place:PLA-1",
        reason="Three agencies name it.", young_people=(HERON, KESTREL),
    ),
    minuted("decision", "Meet again in six weeks."),
)  # fmt: skip
MINUTES = Minutes(
    meeting="MTG-7",
    title="Young people around the arcade",
    purpose="They share one place.\nDecide who supports @{young_person:YP-0403}.",
    on=date(2026, 11, 26),
    at=time(10, 0),
    venue="Civic Centre, room 4",
    chair="Jo Chairing",
    attendance=(
        Present(agency="Police", name="Ana Example", status="Present"),
        Present(agency="Health", name="", status="Asked, no answer"),
    ),
    young_people=(HERONS, young_person(KESTREL), young_person(WREN), young_person(LINNET)),
    links=(
        MinutedLink(
            target="place:PLA-1", kind="Place", young_people=(HERON, KESTREL, WREN, LINNET),
            agencies=("Community Safety", "Police"), confidence="Confirmed", last=date(2026, 11, 14),
        ),
        MinutedLink(
            target="place:PLA-2", kind="Home", young_people=(HERON, WREN), agencies=(), confidence="", last=None
        ),
    ),
    said=SAID,
    actions=ACTIONS,
    carried=CARRIED,
    changes=("Kestrel Invented: combined 31 to 49",),
    gaps=("Wren Madeup: nobody acts on Health (Moderate)",),
    next_review=date(2027, 1, 7),
    next_review_why="The earliest review due among them is 7 January 2027",
    names=NAMES,
    things={
        "place:PLA-1": "The Arcade", "place:PLA-2": "12 Nowhere Court", "person:PER-1": "Roe Notreal",
        "vehicle:VEH-1": "ZZ99 ZZZ", "account:ACC-1": "“Falsely99”",
    },
    homes=("place:PLA-2",),
)  # fmt: skip
BARE = replace(
    MINUTES, title="", purpose=" ", at=None, venue="", chair="", attendance=(), young_people=(), links=(), said=(),
    actions=(), carried=(), changes=(), gaps=(), next_review=None, next_review_why="",
)  # fmt: skip
MANY = replace(MINUTES, actions=tuple(replace(ACTIONS[n % 3], id=f"MAC-{n:03}") for n in range(60)))


def filled(text: str) -> Minutes:
    """The meeting with `text` wherever a person can write one."""
    return replace(
        MINUTES,
        meeting=text[:40],
        title=text,
        purpose=text,
        venue=text,
        chair=text[:200],
        attendance=(Present(agency=text[:200], name=text[:200], status=text[:200]),),
        young_people=(replace(HERONS, name=text[:200], why=text, judged_why=text, voice=(text, text), tells=(text,)),),
        said=tuple(replace(s, text=text, reason=text, agency=text[:200]) for s in SAID),
        actions=tuple(replace(a, text=text, outcome=text, owner_person=text[:200]) for a in ACTIONS),
        gaps=(text,),
        names=dict.fromkeys(NAMES, text[:200]),
        things=dict.fromkeys(MINUTES.things, text[:200]),
        next_review_why=text,
    )


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def words(document: Document) -> str:
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p")))


def cells(document: Document, *headers: str) -> list[list[str]]:
    """The rows of the tables that open with `headers`."""
    found = [t for t in document.tables if tuple(c.text for c in t.rows[0].cells) == headers]
    assert found, headers
    return [[c.text for c in row.cells] for table in found for row in table.rows[1:]]


def parts(data: bytes) -> dict[str, bytes]:
    """Every part of a Word document by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def poppler(program: str, data: bytes, folder: Path, *options: str) -> str:
    """What one of Poppler's programs writes of a PDF."""
    known = {"pdftotext": "CHM_TEST_PDFTOTEXT"}
    found = os.environ.get(known.get(program, "")) or shutil.which(program)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not there; install it")
        pytest.skip(f"{program} is not there")
    (folder / "made.pdf").write_bytes(data)
    sink = ["-"] if program == "pdftotext" else []
    done = subprocess.run(
        [found, *options, str(folder / "made.pdf"), *sink], check=True, capture_output=True, timeout=60
    )
    return done.stdout.decode()


def pages(data: bytes, folder: Path) -> list[str]:
    """The text of each page of a PDF, as it is laid out."""
    return poppler("pdftotext", data, folder, "-layout").removesuffix("\f").split("\f")
