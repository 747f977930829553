"""`data/wording.yaml`: words that lay blame on a young person, why, and another way to say it. They stop nothing."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chm import data_file, settings

FILE = "wording.yaml"
MOST_READ = 20_000
APOSTROPHES = str.maketrans("’‘`", "'''")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=80)]


class Prompt(BaseModel):
    """What is said of some phrases: why they harm, and what could stand instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: tuple[Phrase, ...] = Field(min_length=1)
    why: Text
    instead: Text


class Wording(BaseModel):
    """The whole of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompts: tuple[Prompt, ...]
    source: Text

    @cached_property
    def _by_phrase(self) -> dict[str, Prompt]:
        return {phrase: prompt for prompt in reversed(self.prompts) for phrase in prompt.says}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        # The longest first, so that a phrase goes before a word of it.
        said = sorted(self._by_phrase, key=len, reverse=True)
        words = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in said)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None

    def found(self, text: str) -> list[tuple[str, Prompt]]:
        """The phrases in `text`, as written there and each prompt once, in the order they stand."""
        said = text[:MOST_READ]
        folded = said.translate(APOSTROPHES).lower()
        if self._pattern is None or len(folded) != len(said):
            return []
        told: dict[Prompt, str] = {}
        for match in self._pattern.finditer(folded):
            prompt = self._by_phrase[" ".join(match[0].split())]
            told.setdefault(prompt, said[match.start() : match.end()])
        return [(phrase, prompt) for prompt, phrase in told.items()]


def load(data: Path | None = None) -> Wording:
    """Read `wording.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `wording.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Wording)
