"""The one-page location briefing: as plain data, as Word and as PDF."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from PIL import Image

from chm.connections import PlaceKind
from chm.exchange.location_pdf import briefing_pdf
from chm.exchange.location_word import briefing_document
from chm.places import rules
from chm.places.breakdown import Breakdown, Split
from chm.places.briefing import Briefing, Line, briefing, peaks
from chm.places.disclosure import NO_COUNT, Count
from chm.places.records import PlaceAction
from chm.places.risk import Part, PlaceRisk, Trend
from chm.places.shown import Exposure, PlaceRow, ShownPlace
from chm.places.times import Times
from chm.records import ActionStatus
from chm.target_actions import TargetAction

RULES = rules.load()
TODAY = date(2026, 11, 23)
NAMES = {"none": "No concern", "emerging": "Emerging", "moderate": "Moderate", "significant": "Significant",
         "prevent": "Prevent", "protect": "Protect", "disrupt": "Disrupt"}  # fmt: skip
FEW, SOME = Count(1, 4), Count(5, 9)
PLACE = ShownPlace(
    id="PLA-1", name="Placeholder Arcade ✦", kind=PlaceKind.PHYSICAL, exposure=Exposure.PUBLIC, sector="CR4 3"
)
RISK = PlaceRisk(
    place="PLA-1", rank=1, band="significant", points=71, before=FEW, last=date(2026, 11, 1), trend=Trend.RISING,
    parts=tuple(Part(p.id, SOME if p.id == "young_people" else FEW, 1) for p in RULES.parts),
)  # fmt: skip
ROW = PlaceRow(PLACE, RISK, "5 to 9 young people are linked to it", "moderate", 1)
NUMBERS = Breakdown(
    place="PLA-1", roles=Split(()), influences=Split(()), bands=Split(()), confidence=Split(()), months=Split(()),
    kinds_by_month=(),
    kinds=Split((("assault", FEW), ("sighting", SOME), ("arrest", NO_COUNT))), new_young_people=FEW,
    new_of_concern=NO_COUNT, new_vehicles=NO_COUNT, new_kinds=(), undated=NO_COUNT, agencies=FEW, guardians=FEW,
)  # fmt: skip
ACTION = PlaceAction(
    id="PAC-1", place="PLA-1", pillar="prevent", text="Light the rear exit", owner_agency="Community Safety",
    owner_person="Ana Invented", due=date(2026, 12, 4), step="step.1", recorded_by="u", recorded_at=datetime.now(UTC),
)  # fmt: skip


def option(id: str, *, sure: bool = True, eligible: bool | None = True) -> TargetAction:
    return TargetAction(
        "place", id, id, f"Do {id}", "disrupt", "Police", "why", "Guidance line 924", (), eligible, sure
    )


def grid(**counts: Count) -> Times:
    """Times with nothing but `counts`, such as `p3d5`: part 3 of the day, on a Saturday."""
    cells = [[counts.get(f"p{part}d{day}", NO_COUNT) for day in range(7)] for part in range(5)]
    return Times(tuple(map(tuple, cells)), NO_COUNT)


def made(**more: object) -> Briefing:
    said = {
        "place": PLACE,
        "rows": [ROW],
        "numbers": NUMBERS,
        "times": grid(p3d5=Count(10, 14), p2d4=SOME, p0d0=FEW),
        "words": [(True, "The guard knows us"), (False, "The back stairs")],
        "actions": [ACTION, PlaceAction(**{**ACTION.__dict__, "id": "PAC-2", "status": ActionStatus.DONE})],
        "options": [option("step.1"), option("step.2"), option("step.3", sure=False), option("step.4", eligible=False)],
        "names": {"sighting": "Sighting", "assault": "Assault"},
        "rules": RULES,
        "months": 12,
        "on": TODAY,
        **more,
    }
    return briefing(**said)  # type: ignore[arg-type]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 450), (230, 245, 242)).save(out, "PNG")
    return out.getvalue()


def pdf_text(data: bytes, folder: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext")
    (folder / "made.pdf").write_bytes(data)
    subprocess.run([program, "-layout", "made.pdf", "made.txt"], cwd=folder, check=True)
    return (folder / "made.txt").read_text(encoding="utf-8")


def test_what_the_briefing_says() -> None:
    found = made()
    assert (found.place, found.area, found.window) == (
        "Placeholder Arcade ✦", "Physical, CR4 3", "Last 12 months",
    )  # fmt: skip
    assert (found.rank, found.of, found.band, found.level) == (1, 1, "significant", "moderate")
    assert found.trend == "Rising: more in the last 3 months than in the 3 before"
    assert found.facts == (
        ("Young people linked", "5 to 9"),
        ("With Places or Peers at Moderate or more", "fewer than 5"),
        ("Reports in the window", "fewer than 5"),
        ("Reports in the last 3 months", "fewer than 5"),
        ("Reports that are confirmed or likely", "fewer than 5"),
        ("Adults said to bring harm here", "fewer than 5"),
        ("Vehicles seen with harm here", "fewer than 5"),
        ("Kinds of event", "Sighting: 5 to 9; Assault: fewer than 5"),
        ("Agencies reporting", "fewer than 5"),
        ("Adults known to look out for young people here", "fewer than 5"),
    )
    assert found.peaks == "Saturday evening; Friday after school"
    assert (found.safe, found.unsafe) == (("The guard knows us",), ("The back stairs",))
    assert found.actions == (Line("prevent", "Light the rear exit", "Community Safety", "open, due 4 Dec 2026"),)
    assert found.options == (Line("disrupt", "Do step.2", "Police", "Guidance line 924"),)


def test_a_place_without_a_rank_and_times_too_thin_to_name() -> None:
    found = made(rows=[], times=grid(p0d0=FEW), months=None)
    assert (found.rank, found.band, found.facts, found.window) == (None, None, (), "All time")
    assert found.why == "Nothing but protection is recorded here"
    assert found.peaks == "Too few at any one time to name a peak"
    alike = made(numbers=Breakdown(**{**NUMBERS.__dict__, "kinds": Split((("assault", FEW),), True)}))
    assert ("Kinds of event", "Too few of each to tell apart") in alike.facts
    assert peaks(grid(), RULES) == "Too few at any one time to name a peak"


def test_the_word_document() -> None:
    document = docx.Document(io.BytesIO(briefing_document(made(), NAMES, picture())))
    text = "\n".join(p.text for p in document.paragraphs)
    assert document.core_properties.title == "Location briefing: Placeholder Arcade ✦"
    assert document.core_properties.author == "Contextual Harm Matrix"
    assert "“The back stairs”" in text
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    assert "Rank 1 of 1\n5 to 9 young people are linked to it" in cells
    assert {"Band by rank: Significant", "Assessed level: Moderate", "Light the rear exit", "Do step.2"} <= set(cells)
    assert len(document.inline_shapes) == 1
    assert len(docx.Document(io.BytesIO(briefing_document(made(), NAMES))).inline_shapes) == 0


def test_the_pdf_is_one_page_of_the_same(tmp_path: Path) -> None:
    text = pdf_text(briefing_pdf(made(), NAMES, picture()), tmp_path)
    assert text.count("\f") == 1
    assert "Page 1 of 1" in text
    for said in ("Placeholder Arcade", "Band by rank: Significant", "5 to 9", "Saturday evening", "Light the rear exit",
                 "Rising: more", "The guard knows us"):  # fmt: skip
        assert said in text


def test_a_full_briefing_still_fits_one_page(tmp_path: Path) -> None:
    actions = [
        PlaceAction(**{**ACTION.__dict__, "id": f"PAC-{n}", "step": None, "text": "Wordy " * 60}) for n in range(9)
    ]
    pillars = ("identify", "protect", "disrupt", "support", "prevent", "disrupt")
    options = [replace(option(f"step.{n}"), pillar=pillar, text="Wordy " * 60) for n, pillar in enumerate(pillars)]
    words = [(n % 2 == 0, "Said in a sentence of some length, as people do") for n in range(12)]
    full = made(actions=actions, options=options, words=words)
    assert (len(full.actions), len(full.options), len(full.safe), len(full.unsafe)) == (5, 5, 2, 2)
    assert full.actions[0].text == f"{'Wordy ' * 18}…"
    text = pdf_text(briefing_pdf(full, NAMES, picture()), tmp_path)
    assert "Page 1 of 1" in text


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    hostile = "=cmd() **bold** <b>x</b> ![x](http://example.invalid/x.png) \ufffe\x07"
    found = made(words=[(False, hostile)], place=ShownPlace(**{**PLACE.__dict__, "name": hostile}), rows=[])
    text = pdf_text(briefing_pdf(found, NAMES), tmp_path)
    assert "**bold** <b>x</b>" in text
    document = docx.Document(io.BytesIO(briefing_document(found, NAMES)))
    assert any("**bold** <b>x</b>" in p.text for p in document.paragraphs)


def test_the_same_briefing_makes_the_same_pdf() -> None:
    assert briefing_pdf(made(), NAMES) == briefing_pdf(made(), NAMES)
