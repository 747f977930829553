"""The published points, what is hidden, and the parts of a day."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from chm import settings
from chm.errors import Faults
from chm.places.rules import FILE, load

RULES = load()


def spoiled(folder: Path, *edits: tuple[str, str]) -> list[str]:
    text = (settings.data() / FILE).read_text(encoding="utf-8")
    copy(settings.data() / "connections.yaml", folder)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as found:
        load(folder)
    return found.value.faults


def test_the_most_points_of_each_part_make_a_hundred() -> None:
    assert {p.id: p.weight for p in RULES.parts} == {
        "young_people": 25,
        "touched": 15,
        "reports": 20,
        "recent": 15,
        "sure": 10,
        "of_concern": 10,
        "vehicles": 5,
    }


def test_points_go_by_steps() -> None:
    part = RULES.part["young_people"]
    assert [part.earned(n) for n in (0, 1, 4, 5, 9, 10, 99)] == [0, 10, 10, 18, 18, 25, 25]


def test_bands_by_points() -> None:
    assert [RULES.bands.of(n) for n in (0, 24, 25, 49, 50, 69, 70, 100)] == [
        "none", "none", "emerging", "emerging", "moderate", "moderate", "significant", "significant",
    ]  # fmt: skip


def test_every_hour_has_its_part_of_the_day() -> None:
    names = [RULES.parts_of_day[n].id for n in RULES.part_of_hour]
    assert names[5:7] == ["night", "morning"]
    assert names[11:13] == ["morning", "afternoon"]
    assert names[14:16] == ["afternoon", "after_school"]
    assert names[17:19] == ["after_school", "evening"]
    assert names[21:24] == ["evening", "night", "night"]
    assert [p.over_midnight for p in RULES.parts_of_day] == [False, False, False, False, True]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    assert spoiled(
        tmp_path,
        ("points: {0: 0, 1: 10, 5: 18, 10: 25}", "points: {0: 0, 1: 10, 3: 18, 10: 25}"),
        ("points: {0: 0, 1: 7, 5: 10}", "points: {1: 7, 5: 11}"),
        ("{none: 0, emerging: 25, moderate: 50, significant: 70}", "{none: 1, emerging: 25, moderate: 20}"),
        ("rounding: 5", "rounding: 4"),
        ("room: 3", "room: 5"),
        ("from: 12, to: 15", "from: 13, to: 16"),
        ("[lives_at, attends", "[lives_at, attended"),
    ) == [
        f"{FILE}: parts.young_people.points: a step at 3 would tell a hidden count; "
        "use 0, 1 or multiples of the rounding",
        f"{FILE}: parts.young_people.points: a step at 10 would tell a hidden count; "
        "use 0, 1 or multiples of the rounding",
        *(
            f"{FILE}: parts.{part}.points: a step at {step} would tell a hidden count; "
            "use 0, 1 or multiples of the rounding"
            for part, steps in (("touched", (5,)), ("reports", (5, 10)), ("recent", (5,)), ("sure", (5,)))
            for step in steps
        ),
        f"{FILE}: parts.of_concern.points: the step 0 is missing; add it",
        *(
            f"{FILE}: parts.{part}.points: a step at 5 would tell a hidden count; use 0, 1 or multiples of the rounding"
            for part in ("of_concern", "vehicles")
        ),
        f"{FILE}: parts: the most points add up to 101; they must add up to 100",
        f"{FILE}: bands.from: significant is missing; add it",
        f"{FILE}: bands.from: the points must rise with the bands; correct them",
        f"{FILE}: bands.from.none: must be 0, as no points are the lowest band; correct it",
        f"{FILE}: suppression.rounding: must be at least the threshold, or two counts could tell a small difference",
        f"{FILE}: suppression.room: a hidden count has fewer values than that; make it less than the threshold",
        f"{FILE}: parts_of_day: no part has the hour 12; together they make the whole day",
        f"{FILE}: parts_of_day: two parts have the hour 15; keep it in one",
        f"{FILE}: belonging.relations: unknown kind attended; use one of connections.yaml",
    ]


def test_a_missing_part_and_an_unknown_word_are_named(tmp_path: Path) -> None:
    text = (settings.data() / FILE).read_text(encoding="utf-8")
    line = next(n for n in text.splitlines() if "id: vehicles" in n)
    following = text.splitlines()[text.splitlines().index(line) + 1]
    assert spoiled(tmp_path, (f"{line}\n{following}\n", "")) == [
        f"{FILE}: parts: vehicles is missing; add it",
        f"{FILE}: parts: the most points add up to 95; they must add up to 100",
    ]
    assert spoiled(tmp_path, ("show_zero: true", "show_nought: true")) == [
        f"{FILE}: suppression.show_zero: field required; add it",
        f"{FILE}: suppression.show_nought: extra inputs are not permitted; remove it or correct its name",
    ]
