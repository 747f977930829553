"""`data/duplicates.yaml` and `data/nicknames.yaml`: what makes two entities likely to be one, and by how much."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from chm import data_file, settings
from chm.errors import Faults

FILE, NAMES_FILE = "duplicates.yaml", "nicknames.yaml"
Word = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
Sign = Annotated[str, StringConstraints(pattern="^[A-Z0-9]$")]
Reason = Literal[
    "same_name", "same_single_name", "same_but_for_form", "another_order", "middle_name", "short_form", "spelling",
    "initial", "other_name", "shared_other_name", "same_description",
    "same_plate", "plate_spacing", "plate_look_alike", "partial_plate",
    "same_phone", "phone_format", "same_online_name", "online_name_form", "platform_not_known",
    "name_form", "same_postcode", "same_address",
]  # fmt: skip
REASONS: tuple[Reason, ...] = get_args(Reason)
M = TypeVar("M", bound=BaseModel)


class Part(BaseModel):
    """Base of the files' parts: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Weighed(Part):
    """A reason: how much it weighs, and what it says to whoever decides."""

    weight: float = Field(gt=0, lt=1)
    says: str = Field(min_length=1)


class Spelling(Part):
    """From how many letters a word may differ by one, and by two, and still be a slip of the pen."""

    one_letter_from: int = Field(ge=2)
    two_letters_from: int = Field(ge=3)


class Nicknames(Part):
    """The whole of `data/nicknames.yaml`."""

    short_forms: dict[Word, tuple[Word, ...]]
    spellings: tuple[tuple[Word, ...], ...]
    two_names: tuple[tuple[Word, ...], ...]

    @cached_property
    def alike(self) -> dict[str, frozenset[str]]:
        """For each given name those that may be the same person's: long and short, short and shorter, spellings."""
        pairs: set[tuple[str, str]] = set()
        for long, short in self.short_forms.items():
            pairs.update((long, s) for s in short)
            pairs.update((a, b) for a, b in combinations(short, 2) if a.startswith(b) or b.startswith(a))
        for group in self.spellings:
            pairs.update(combinations(group, 2))
            pairs.update((one, s) for one in group for other in group for s in self.short_forms.get(other, ()))
        found: dict[str, set[str]] = {}
        for a, b in pairs:
            if a != b:
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)
        return {name: frozenset(others) for name, others in found.items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name in the file: two of them that are not alike are two names, however close their letters."""
        groups = (*self.short_forms.values(), *self.spellings, *self.two_names)
        return frozenset(self.short_forms).union(*groups)


class Numbers(Part):
    """The whole of `data/duplicates.yaml`."""

    offer_from: float = Field(gt=0, lt=1)
    source: str = Field(min_length=1)
    spelling: Spelling
    partial_plate_from: int = Field(ge=3)
    telling_words_from: int = Field(ge=1)
    apart_metres: float = Field(gt=0, allow_inf_nan=False)
    most_alike: int = Field(ge=2)
    reasons: dict[Reason, Weighed]
    look_alike: dict[Sign, Sign]
    generic: frozenset[Word]
    titles: frozenset[Word]
    short_words: dict[Word, Word]

    @field_validator("reasons")
    @classmethod
    def _every_reason(cls, reasons: dict[Reason, Weighed]) -> dict[Reason, Weighed]:
        if missing := [r for r in REASONS if r not in reasons]:
            raise ValueError(f"missing: {', '.join(missing)}")
        return reasons


class Rules(Numbers):
    """What makes two entities likely to be one, the nicknames included."""

    nicknames: Nicknames


def load(data: Path | None = None) -> Rules:
    """Read both files in the data folder (the product's own unless given).

    Raises:
        Faults: every fault of both, each as `FILE: path: what is wrong; fix`.
    """
    folder = data or settings.data()
    faults: list[str] = []
    numbers, nicknames = _read(folder / FILE, Numbers, faults), _read(folder / NAMES_FILE, Nicknames, faults)
    if numbers is None or nicknames is None:
        raise Faults(faults)
    return Rules(**dict(numbers), nicknames=nicknames)


def _read(path: Path, model: type[M], faults: list[str]) -> M | None:
    try:
        return data_file.read(path, model)
    except Faults as found:
        faults += found.faults
        return None
