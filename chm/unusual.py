"""`data/access.yaml`: when somebody's use of records is far above their own usual, and operations in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chm import data_file, settings
from chm.audit import KNOWN

FILE = "access.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Operation = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]


class Part(BaseModel):
    """Frozen, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Volume(Part):
    """What is far above one's own usual: both `times_usual` and `at_least` must be passed, or `refusals`.

    Attributes:
        days: how many days back are looked at, today among them. usual_days: days before each from which the usual is
            taken: the median over those on which the user opened any young person's record.
        times_usual: more than so many times the usual. at_least, refusals: different young people, refused calls.
    """

    rule: Text
    days: Annotated[int, Field(ge=1, le=31)]
    usual_days: Annotated[int, Field(ge=1, le=366)]
    times_usual: Annotated[float, Field(gt=1, le=100)]
    at_least: Annotated[int, Field(ge=1, le=10_000)]
    refusals: Annotated[int, Field(ge=1, le=10_000)]
    source: Text


class Access(Part):
    """The whole of the file; `operations` is what each entry of the audit says was done.

    Attributes:
        known: what is said instead where an entry's `why` is that the young person is known already.
        past_operations: the same as `operations` for those that only older entries have.
    """

    unusual: Volume
    known: Words
    operations: dict[Operation, Words]
    past_operations: dict[Operation, Words]

    @model_validator(mode="after")
    def _past(self) -> Access:
        if both := sorted(self.operations.keys() & self.past_operations.keys()):
            raise ValueError(f"past_operations: {', '.join(both)}: among operations too; keep it in one of them")
        return self

    def words(self, operation: str, why: str) -> str:
        """What an entry says was done, in plain words; the operation itself where the file has none."""
        if why == KNOWN:
            return self.known
        return (self.operations | self.past_operations).get(operation, operation)


@dataclass(frozen=True)
class Unusual:
    """One user's day that is far above their usual: different young people opened, their usual, calls refused."""

    user: str
    on: date
    opened: int
    usual: float
    refused: int


def unusual(
    opened: Mapping[tuple[str, date], int], refused: Mapping[tuple[str, date], int], today: date, rule: Volume
) -> list[Unusual]:
    """The users' days up to `today` that `rule` calls unusual, newest first, most opened first.

    Args:
        opened: how many different young people, by user and day. refused: how many calls, by user and day.
    """
    by_user: dict[str, dict[date, int]] = {}
    for (user, on), number in opened.items():
        by_user.setdefault(user, {})[on] = number
    found = []
    for user, on in {*opened, *refused}:
        if not today - timedelta(rule.days) < on <= today:
            continue
        days = by_user.get(user, {})
        before = [n for d, n in days.items() if on - timedelta(rule.usual_days) <= d < on]
        usual, number, no = median(before) if before else 0.0, days.get(on, 0), refused.get((user, on), 0)
        if (number >= rule.at_least and number > rule.times_usual * usual) or no >= rule.refusals:
            found.append(Unusual(user, on, number, usual, no))
    return sorted(found, key=lambda u: (-u.on.toordinal(), -u.opened, -u.refused, u.user))


def load(data: Path | None = None) -> Access:
    """Read `access.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `access.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Access)


@cache
def rules() -> Access:
    """The installation's own, read once."""
    return load()
