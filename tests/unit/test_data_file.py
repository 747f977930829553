"""One file of data, read and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from chm.data_file import read
from chm.errors import Faults


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")

    numbers: Annotated[tuple[int, ...], Field(min_length=1)]
    name: str


def faults(path: Path) -> list[str]:
    with pytest.raises(Faults) as found:
        read(path, Model)
    return found.value.faults


def test_a_sound_file(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("{numbers: [1, 2], name: Example}", encoding="utf-8")
    assert read(tmp_path / "one.yaml", Model) == Model(numbers=(1, 2), name="Example")


def test_each_fault_once_with_its_fix(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text("{numbers: [x], nam: Example}", encoding="utf-8")
    assert faults(file) == [
        "one.yaml: numbers.0: input should be a valid integer, unable to parse string as an integer; correct it",
        "one.yaml: name: field required; add it",
        "one.yaml: nam: extra inputs are not permitted; remove it or correct its name",
    ]
    file.write_text("{numbers: [], name: Example}", encoding="utf-8")
    assert faults(file) == ["one.yaml: numbers: tuple should have at least 1 item after validation, not 0; correct it"]


def test_a_key_that_is_there_twice(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("numbers: [1]\nname: Example\nnumbers: [2]\n", encoding="utf-8")
    assert faults(tmp_path / "one.yaml") == [
        "one.yaml: line 3: not valid YAML (numbers is there twice); check quotes and indents"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("numbers: [1]\nname: 2020-13-45\n", "the file: not valid YAML (month must be in 1..12)"),
        ("numbers: [1]\nname: 2020-02-30 10:00:00\n", "the file: not valid YAML (day is out of range for month)"),
        ("numbers: [1]\nname:\n  " + "[" * 50_000, "line 3: not valid YAML (nested deeper than 100)"),
        ("{a: " * 50_000, "line 1: not valid YAML (nested deeper than 100)"),
        ("- " * 50_000, "line 1: not valid YAML (nested deeper than 100)"),
    ],
    ids=["no day", "no time", "lists", "mappings", "indents"],
)
def test_what_yaml_cannot_be_made_of(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    assert faults(tmp_path / "one.yaml") == [f"one.yaml: {fault}; check quotes and indents"]


def test_a_hundred_deep_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("{numbers: [1], name: Example, deep: " + "[" * 99 + "]" * 99 + "}")
    assert faults(tmp_path / "one.yaml") == [
        "one.yaml: deep: extra inputs are not permitted; remove it or correct its name"
    ]
