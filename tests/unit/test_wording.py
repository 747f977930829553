from __future__ import annotations

from pathlib import Path

import pytest

from chm import wording
from chm.errors import Faults

OWN = wording.load()


def phrases(text: str) -> list[str]:
    return [phrase for phrase, _ in OWN.found(text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("She is putting herself at risk.", ["putting herself at risk"]),
        ("A LIFESTYLE\n  CHOICE, they say", ["LIFESTYLE\n  CHOICE"]),
        ("He won’t engage with us", ["won’t engage"]),
        ("An older boyfriend; the boyfriend again", ["older boyfriend"]),
        ("Absconded, a gang member; absconding again", ["Absconded", "gang member"]),
        ("Went missing from home with friends", []),
        ("The offenders' team", []),
        ("", []),
        ("İ" * 50 + " lifestyle choice", []),
    ],
)
def test_what_lays_blame_is_found_whole_and_once(text: str, said: list[str]) -> None:
    assert phrases(text) == said


def test_each_says_why_and_another_way_and_itself_blames_nobody() -> None:
    assert len(OWN.prompts) == 14
    for prompt in OWN.prompts:
        assert OWN.found(prompt.instead) == []
        assert prompt.why.endswith(".")


def test_no_phrase_stands_twice() -> None:
    every = [phrase for prompt in OWN.prompts for phrase in prompt.says]
    assert len(every) == len(set(every))


def test_every_fault_at_once(tmp_path: Path) -> None:
    (tmp_path / wording.FILE).write_text("prompts:\n  - {says: [], why: x, instead: ''}\nmore: 1\n", encoding="utf-8")
    with pytest.raises(Faults) as faults:
        wording.load(tmp_path)
    said = "\n".join(faults.value.faults)
    assert len(faults.value.faults) == 4
    for where in ("prompts.0.says", "prompts.0.instead", "source", "more"):
        assert where in said


def test_hostile_lengths_are_cheap() -> None:
    assert phrases("putting " * 100_000) == []
