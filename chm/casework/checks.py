"""Checking what people typed: every fault found is said at once, naming the field and never what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from dateutil.relativedelta import relativedelta
from pydantic import ValidationError

from chm.assessments import LINE_LENGTH, NOTE_LENGTH, Spoken, plain_text
from chm.errors import Faults
from chm.records import YoungPerson

S = TypeVar("S", bound=Spoken)


class Checks:
    """Faults found so far. `today` is the last day that anything may have happened on."""

    def __init__(self, today: date):
        self.today = today
        self.faults: list[str] = []

    def need(self, holds: bool, fault: str) -> None:
        """Notes `fault` unless it `holds`."""
        if not holds:
            self.faults.append(fault)

    def line(self, field: str, text: str, *, needed: bool = False) -> str:
        """`text` without control characters, on one line, of at most 200 characters."""
        return self._text(field, " ".join(text.split()), LINE_LENGTH, needed)

    def note(self, field: str, text: str, *, needed: bool = False) -> str:
        """`text` without control characters, of at most 20,000 characters."""
        return self._text(field, text, NOTE_LENGTH, needed)

    def _text(self, field: str, text: str, most: int, needed: bool) -> str:
        kept = plain_text(text)
        self.need(bool(kept) or not needed, f"{field}: empty; write something")
        self.need(len(kept) <= most, f"{field}: {len(kept):,} characters; at most {most:,} fit")
        return kept

    def past(self, field: str, day: date | None, person: YoungPerson | None = None) -> None:
        """Notes a day in the future, or before the `person` can have been born."""
        if day is not None:
            self.need(day <= self.today, f"{field}: the date lies in the future; give a day up to today")
            born = _born(person) if person else None
            self.need(born is None or day >= born, f"{field}: the date lies before birth; give a later day")

    def done(self) -> None:
        """Raises Faults if there are any."""
        if self.faults:
            raise Faults(self.faults)


def spoken(said: S) -> S:
    """`said` checked anew: a copy can have been made without checks.

    Raises:
        Faults: each field that is too long or of the wrong kind.
    """
    with plainly():
        return type(said).model_validate(said.model_dump())


@contextmanager
def plainly() -> Iterator[None]:
    """Turns pydantic's faults into ours, which name the field and not what stands in it."""
    try:
        yield
    except ValidationError as error:
        raise Faults([_fault(e["type"], e["loc"], e.get("ctx", {}), e["msg"]) for e in error.errors()]) from None


def _fault(kind: str, where: tuple[int | str, ...], limits: dict[str, object], message: str) -> str:
    field = ".".join(str(step) for step in where)
    if kind == "string_too_long":
        return f"{field}: at most {limits['max_length']:,} characters fit; shorten it"
    if kind in ("string_too_short", "too_short"):
        return f"{field}: empty; write something"
    if kind == "string_unicode":
        return f"{field}: holds half a character; type it again"
    return f"{field}: {message}"


def _born(person: YoungPerson) -> date | None:
    if person.born:
        return person.born
    if person.age is None or person.age_on is None:
        return None
    return person.age_on - relativedelta(years=person.age + 1)
