"""Which borough is mapped and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from chm import settings
from chm.errors import Faults
from chm.geography.rules import FILE, load


def test_merton_is_mapped_until_a_council_says_otherwise() -> None:
    rules = load()
    assert (rules.borough.code, rules.borough.name) == ("E09000024", "Merton")
    assert (rules.outlines.neighbours_metres, rules.outlines.smooth_metres, rules.outlines.least_points) == (
        2000,
        30,
        10,
    )


def test_every_fault_of_the_file_is_named(tmp_path: Path) -> None:
    whole = (settings.data() / FILE).read_text(encoding="utf-8")
    broken = (
        whole.replace("code: E09000024", "code: Merton")
        .replace("smooth_metres: 30", "smooth_metres: -1")
        .replace("police: Contains", "police: 'None'\n  # Contains")
    )
    tmp_path.joinpath(FILE).write_text(broken, encoding="utf-8")
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [
        "geography.yaml: borough.code: string should match pattern '^[ensw]\\d{8}$'; correct it",
        "geography.yaml: outlines.smooth_metres: input should be greater than or equal to 0; correct it",
        "geography.yaml: attribution.police: must name the Open Government Licence; correct it",
    ]
