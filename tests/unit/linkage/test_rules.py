"""The numbers that linking goes by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chm import settings
from chm.errors import Faults
from chm.linkage.rules import FILE, load
from chm.linkage.ties import Party, Tie

RULES = load()


def test_the_published_weighting_is_named_with_its_numbers() -> None:
    assert (RULES.strength.shared, RULES.strength.direct) == (1, 1)
    assert "Newman" in RULES.strength.name
    assert "Physical Review E 64" in RULES.strength.source
    assert (RULES.children.under, RULES.stability.old_after_days, RULES.communities.resolution) == (18, 365, 1)


@pytest.mark.parametrize(
    "text",
    ["peer", "Peer", "Negative peer", "child", "young_person", "under 18", "Under-18", "U18", "aged 17", "age 9",
     "16", "about 17", "15 years", "15 yrs old", "thought to be under 16", "classmate"],
)  # fmt: skip
def test_what_says_that_a_person_is_a_child(text: str) -> None:
    assert RULES.children.says(text)


@pytest.mark.parametrize(
    "text",
    ["", "adult", "alleged_source", "peer's father", "child's uncle", "over 18", "aged 18", "34", "both", "no 7 bus"],
)
def test_what_does_not(text: str) -> None:
    assert not RULES.children.says(text)


def test_a_child_anywhere_is_a_child_everywhere(tie: Callable[..., Tie]) -> None:
    ties = [tie("A", "person:Kit"), tie("B", "person:Kit", role="peer", influence="protective"),
            tie("A", "person:Danno", relation="associate"), tie("A", "place:club", role="peer")]  # fmt: skip
    assert RULES.children.among(ties) == {Party("person", "Kit")}


def test_every_fault_of_the_file_is_named(tmp_path: Path) -> None:
    whole = (settings.data() / FILE).read_text(encoding="utf-8")
    broken = (
        whole.replace("shared: 1", "shared: 0").replace("seed: 20261123", "seeds: 1").replace("under: 18", "under: x")
    )
    tmp_path.joinpath(FILE).write_text(broken, encoding="utf-8")
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [
        "linkage.yaml: strength.shared: input should be greater than 0; correct it",
        "linkage.yaml: communities.seed: field required; add it",
        "linkage.yaml: communities.seeds: extra inputs are not permitted; remove it or correct its name",
        "linkage.yaml: children.under: input should be a valid integer, unable to parse string as an integer; "
        "correct it",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "linkage.yaml: the file cannot be read (No such file or directory); restore it from the release"),
        (b"\xff", "linkage.yaml: not UTF-8 text; save it as UTF-8"),
        (
            b"a: [1}",
            "linkage.yaml: line 1: not valid YAML (did not find expected ',' or ']'); check quotes and indents",
        ),
        (b"", "linkage.yaml: the file: input should be a valid dictionary or instance of rules; correct it"),
    ],
)
def test_a_file_that_cannot_be_had(tmp_path: Path, content: bytes | None, fault: str) -> None:
    if content is not None:
        tmp_path.joinpath(FILE).write_bytes(content)
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [fault]
