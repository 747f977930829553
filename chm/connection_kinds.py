"""`data/connections.yaml`: what an event and a relationship may be."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from chm import data_file, settings
from chm.linkage.ties import CONFLICT, Influence

FILE = "connections.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class EventKind(BaseModel):
    """A kind of event, such as `sighting`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Name


class RelationshipKind(BaseModel):
    """A kind of relationship; `influence` is what it starts as, for the person who records it to change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Name
    influence: Influence


K = TypeVar("K", EventKind, RelationshipKind)


class Kinds(BaseModel):
    """The whole of `data/connections.yaml`, in the order shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    events: tuple[EventKind, ...]
    relationships: tuple[RelationshipKind, ...]

    @field_validator("events", "relationships")
    @classmethod
    def _ids_differ(cls, kinds: tuple[K, ...]) -> tuple[K, ...]:
        if not kinds:
            raise ValueError("there is no kind")
        if repeated := [id for id, n in Counter(k.id for k in kinds).items() if n > 1]:
            raise ValueError(f"the id {', '.join(repeated)} stands more than once")
        return kinds

    @field_validator("relationships")
    @classmethod
    def _conflict_is_there(cls, kinds: tuple[RelationshipKind, ...]) -> tuple[RelationshipKind, ...]:
        if all(k.id != CONFLICT for k in kinds):
            raise ValueError(f"the kind {CONFLICT} is missing, which linking goes by")
        return kinds

    @cached_property
    def event(self) -> dict[str, EventKind]:
        """Kinds of event by id."""
        return {k.id: k for k in self.events}

    @cached_property
    def relationship(self) -> dict[str, RelationshipKind]:
        """Kinds of relationship by id."""
        return {k.id: k for k in self.relationships}


def load(data: Path | None = None) -> Kinds:
    """Read `connections.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `connections.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Kinds)
