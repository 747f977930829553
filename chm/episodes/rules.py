"""`data/episodes.yaml`: what may be said of missing episodes, and from how many."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chm import data_file, settings

FILE = "episodes.yaml"


class Part(BaseModel):
    """Base of the file's parts: immutable, unknown keys refused; `source` says where the numbers come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Chance(Part):
    """How chance is imitated."""

    name: str = Field(min_length=1)
    seed: int = Field(ge=0)
    shifts: int = Field(ge=99, le=100_000)


class Control(Part):
    """How many of the pairs named may be so by chance alone."""

    name: str = Field(min_length=1)
    false_share: float = Field(gt=0, lt=0.5)


class Enough(Part):
    """How many episodes each of a pair has, and how long the window is, before anything is said of it."""

    episodes: int = Field(ge=2)
    days: int = Field(ge=7)


class ReturnInterviews(Part):
    """How soon a return home interview is held."""

    hours: float = Field(gt=0, allow_inf_nan=False)


class Rules(BaseModel):
    """The whole of `data/episodes.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chance: Chance
    control: Control
    enough: Enough
    return_interview: ReturnInterviews


def load(data: Path | None = None) -> Rules:
    """Read `episodes.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `episodes.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Rules)
