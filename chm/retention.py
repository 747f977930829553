"""`data/retention.yaml`: from which day a young person's record may be deleted, and why not before. Deletes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chm import data_file, settings

FILE = "retention.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Years = Annotated[int, Field(ge=1, le=120)]


class Part(BaseModel):
    """Frozen, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LookedAfter(Part):
    """Kept to the birthday `to_age`; where they died before `died_before_age`, for `years_after_death`."""

    rule: Text
    to_age: Years
    died_before_age: Years
    years_after_death: Years
    source: Text


class Others(Part):
    """Kept for so many years from the day the record was closed."""

    rule: Text
    years_after_closure: Years
    source: Text


class Retention(Part):
    """The whole of the file."""

    looked_after: LookedAfter
    others: Others


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the rule asks of a record. `ever_looked_after` is None where it is not known, and kept as though they were.

    `closed_on` is None while it is open, `died_on` where they are not known to have died. `held` is a legal hold.
    """

    born: date | None
    died_on: date | None
    ever_looked_after: bool | None
    closed_on: date | None
    held: bool = False


@dataclass(frozen=True)
class Until:
    """The first day on which a record may be deleted, None where there is none yet; and why, with its source."""

    first_day: date | None
    why: str

    def passed(self, today: date) -> bool:
        """Whether the record may be deleted on `today`."""
        return self.first_day is not None and self.first_day <= today


def until(record: Kept, rules: Retention) -> Until:
    """From when the record may be deleted. What is not known keeps it."""
    if record.held:
        return Until(None, "There is a legal hold on the record")
    if record.closed_on is None:
        return Until(None, "The record is open")
    if record.ever_looked_after is False:
        years = rules.others.years_after_closure
        first = _after(record.closed_on, years)
        return Until(first, f"{years} years from the day the record was closed ({rules.others.source})")
    rule = rules.looked_after
    known = "Looked after" if record.ever_looked_after else "Not known whether ever looked after"
    if record.born is None:
        return Until(None, f"{known}, and the birth date is not known: add it, for the days are counted from it")
    if record.died_on is not None and record.died_on < anniversary(record.born, rule.died_before_age):
        first = max(_after(record.died_on, rule.years_after_death), record.closed_on + timedelta(1))
        said = f"{rule.years_after_death} years from their death before they were {rule.died_before_age}"
    else:
        first = max(_after(record.born, rule.to_age), record.closed_on + timedelta(1))
        said = f"to their birthday at {rule.to_age}"
    return Until(first, f"{known}: {said} ({rule.source})")


def anniversary(day: date, years: int) -> date:
    """The same day `years` on; 1 March for 29 February where there is none, so that nothing is deleted a day early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _after(day: date, years: int) -> date:
    return anniversary(day, years) + timedelta(1)


def load(data: Path | None = None) -> Retention:
    """Read `retention.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `retention.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Retention)
