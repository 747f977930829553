"""The numbers of missing episodes: the product's own, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from chm import settings
from chm.episodes.rules import FILE, load
from chm.errors import Faults


def test_the_products_own() -> None:
    rules = load()
    assert (rules.chance.seed, rules.chance.shifts) == (20261126, 9999)
    assert (rules.control.name, rules.control.false_share) == ("Benjamini-Hochberg", 0.05)
    assert (rules.enough.episodes, rules.enough.days) == (5, 56)
    assert rules.return_interview.hours == 72


def test_every_fault_at_once(tmp_path: Path) -> None:
    own = settings.data().joinpath(FILE).read_text(encoding="utf-8")
    changed = (
        own.replace("shifts: 9999", "shifts: 9")
        .replace("hours: 72", "hours: .inf")
        .replace("episodes: 5", "epsodes: 5")
        .replace("false_share: 0.05", "false_share: 1")
    )
    (tmp_path / FILE).write_text(changed, encoding="utf-8")
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [
        "episodes.yaml: chance.shifts: input should be greater than or equal to 99; correct it",
        "episodes.yaml: control.false_share: input should be less than 0.5; correct it",
        "episodes.yaml: enough.episodes: field required; add it",
        "episodes.yaml: enough.epsodes: extra inputs are not permitted; remove it or correct its name",
        "episodes.yaml: return_interview.hours: input should be a finite number; correct it",
    ]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(Faults, match=r"^episodes.yaml: the file cannot be read \(.*\); restore it from the release$"):
        load(tmp_path)
