"""`data/linkage.yaml`: the published weighting and the numbers that linking goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chm import data_file, settings
from chm.linkage.ties import Party, Tie

FILE = "linkage.yaml"
Word = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
AGE = re.compile(r"\b(under |u|aged? |about )?(\d{1,2})\b( ?(?:years?|yrs?|yo)\b)?")


class Part(BaseModel):
    """Base of the file's parts: immutable, unknown keys refused; `source` says where the numbers come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1)


class Strength(Part):
    """Newman's weight of a pair: `shared` / (k - 1) for each entity that k young people share, `direct` for a link."""

    name: str
    rule: str
    shared: float = Field(gt=0, allow_inf_nan=False)
    direct: float = Field(gt=0, allow_inf_nan=False)


class Communities(Part):
    """Leiden's resolution (above 1 smaller communities) and the seed that keeps runs alike."""

    name: str
    resolution: float = Field(gt=0, allow_inf_nan=False)
    seed: int


class Stability(Part):
    """When information is old, in days since its last day."""

    old_after_days: int = Field(gt=0)


class Children(Part):
    """How a tie says that a person is a child."""

    under: int = Field(gt=0)
    words: tuple[Word, ...] = Field(min_length=1)

    @cached_property
    def _word(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.words))})\b(?!['’]s)")

    def says(self, text: str) -> bool:
        """Whether a role or relation such as "peer", "aged 16" or "thought under 18" speaks of a child."""
        text = re.sub(r"[\s_-]+", " ", text.casefold()).strip()
        return bool(self._word.search(text)) or any(
            int(age) - (before in ("under ", "u")) < self.under
            for before, age, after in AGE.findall(text)
            if before or after or age == text
        )

    def among(self, ties: Iterable[Tie]) -> frozenset[Party]:
        """The persons some tie calls a child; a child anywhere is a child everywhere."""
        said: dict[str, bool] = {}
        found: set[Party] = set()
        for tie in ties:
            for text in (tie.role, tie.relation):
                if text and said.setdefault(text, self.says(text)):
                    found.update(p for p in tie.parties if p.kind == "person")
        return frozenset(found)


class Picture(Part):
    """How many nodes a picture holds at most; of a larger network it shows the strongest part."""

    most_nodes: int = Field(gt=0)


class Rules(BaseModel):
    """The whole of `data/linkage.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strength: Strength
    communities: Communities
    stability: Stability
    children: Children
    picture: Picture


def load(data: Path | None = None) -> Rules:
    """Read `linkage.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `linkage.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Rules)
