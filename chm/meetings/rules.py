"""`data/meetings.yaml`: the agenda, who is asked, what actions answer, and the names used on a shared screen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chm import data_file, settings
from chm.setting_assessments import Id, Sourced, Text

FILE = "meetings.yaml"
ITEMS = ("purpose", "young_people", "people", "locations", "themes", "voice", "plan", "review")
Name = Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]+$", max_length=20)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z]+$", max_length=20)]
Kind = Literal["place", "person", "group", "vehicle", "account"]


class Part(BaseModel):
    """Frozen, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(Part):
    """One item of the agenda; `key` is its letter in VOLT."""

    id: Literal["purpose", "young_people", "people", "locations", "themes", "voice", "plan", "review"]
    key: Annotated[str, StringConstraints(pattern=r"^[A-Z]?$")] = ""
    name: Text
    prompts: tuple[Sourced, ...]


class Always(Sourced):
    """An agency that is asked to every meeting; `text` is why."""

    agency: Text
    text: Text = Field(alias="why")


class Holds(Part):
    """An agency that told us of at least so many of the young people in so many months."""

    young_people: Annotated[int, Field(ge=1)]
    months: Annotated[int, Field(ge=1, le=60)]


class Review(Part):
    """Days ahead that are offered as due dates."""

    due_in_days: tuple[Annotated[int, Field(ge=1, le=366)], ...] = Field(min_length=1)
    most_young_people: Annotated[int, Field(ge=1, le=200)]


class Rules(Part):
    """The whole of the file. `ordinary` are words that are names too, and in small letters mostly not meant so."""

    agenda: tuple[Item, ...]
    answers: dict[Kind, Id]
    same_as: dict[Id, tuple[Text, ...]]
    holds_information: Holds
    always: tuple[Always, ...]
    review: Review
    sight_days: Annotated[int, Field(ge=1, le=366)]
    reveal_seconds: Annotated[int, Field(ge=5, le=300)]
    pseudonyms: tuple[Name, ...]
    ordinary: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Rules:
        missing = [i for i in ITEMS if i not in {item.id for item in self.agenda}]
        twice = [i for i, n in Counter(item.id for item in self.agenda).items() if n > 1]
        same = [p for p, n in Counter(self.pseudonyms).items() if n > 1]
        if missing:
            raise ValueError(f"agenda: no {', '.join(missing)}; add it")
        if twice:
            raise ValueError(f"agenda: {', '.join(twice)} is listed more than once; keep one")
        if same:
            raise ValueError(f"pseudonyms: {', '.join(same)} is listed more than once; keep one")
        if len(self.pseudonyms) < self.review.most_young_people:
            raise ValueError("pseudonyms: fewer than the young people of a meeting; add some")
        return self

    @property
    def item(self) -> dict[str, Item]:
        """Items by id."""
        return {i.id: i for i in self.agenda}


def load(data: Path | None = None) -> Rules:
    """Read `meetings.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `meetings.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Rules)
