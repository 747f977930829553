"""`data/setting_assessments.yaml`: what to ask about a peer group, a school or a place, and how each level looks.

A setting is assessed, not the children in it. Wordings are our own, each with the guidance lines it comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chm import data_file, settings
from chm.errors import Faults
from chm.framework import LEVELS, LevelId

FILE = "setting_assessments.yaml"
KINDS = ("group", "school", "place")
LAST_LINE = 1622
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
AnswerType = Literal["note", "yes_no_not_known", "choice"]
YES_NO = (("yes", "Yes"), ("no", "No"), ("not_known", "Not known"))


class Sourced(BaseModel):
    """Wording of our own with where it comes from: `lines` of the guidance, else `outside`, its public source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    lines: tuple[int, int] | None = None
    outside: Text | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Sourced:
        if (self.lines is None) == (self.outside is None):
            raise ValueError("give its source: either lines of the guidance, or outside")
        if self.lines and not 1 <= self.lines[0] <= self.lines[1] <= LAST_LINE:
            raise ValueError(f"lines run from the first to the last, within 1 to {LAST_LINE}")
        return self

    @property
    def source(self) -> str:
        """Where it comes from, to show."""
        if self.lines is None:
            return f"Outside the guidance: {self.outside}"
        first, last = self.lines
        return f"Guidance line {first}" if first == last else f"Guidance lines {first} to {last}"


class Choice(BaseModel):
    """One answer of a choice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Text


class Question(Sourced):
    """A question to answer; `ask` helps to answer it. Every answer can carry a note."""

    id: Id
    answer: AnswerType
    ask: str = ""
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _choices(self) -> Question:
        if (self.answer == "choice") != bool(self.choices):
            raise ValueError("choices go with the answer type choice; give at least two there, and none elsewhere")
        ids = [c.id for c in self.choices]
        if len(ids) == 1 or len(set(ids)) < len(ids):
            raise ValueError("a choice has at least two answers, each with an id of its own")
        return self

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of each answer there is to choose; none where it is a note alone."""
        return YES_NO if self.answer == "yes_no_not_known" else tuple((c.id, c.name) for c in self.choices)


class Section(BaseModel):
    """Questions that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    title: Text
    questions: tuple[Question, ...] = Field(min_length=1)


class SettingForm(BaseModel):
    """What to ask about one kind of setting, what helps to find out, and what each level looks like there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["group", "school", "place"]
    title: Text
    about: Text
    domain: Text
    helps: tuple[Sourced, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = Field(min_length=1)
    levels: dict[LevelId, tuple[Sourced, ...]]

    @cached_property
    def question(self) -> dict[str, Question]:
        """Questions by id, in order."""
        return {q.id: q for s in self.sections for q in s.questions}


class _Forms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: tuple[SettingForm, ...]


def load(data: Path | None = None) -> dict[str, SettingForm]:
    """The forms for `group`, `school` and `place`, from the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `setting_assessments.yaml: path: what is wrong; fix`.
    """
    forms = data_file.read((data or settings.data()) / FILE, _Forms).forms
    if faults := [f"{FILE}: {fault}" for fault in _faults(forms)]:
        raise Faults(faults)
    return {form.kind: form for form in forms}


def _faults(forms: tuple[SettingForm, ...]) -> Iterator[str]:
    kinds = Counter(form.kind for form in forms)
    yield from (f"the form for {kind} is missing; add it" for kind in KINDS if kind not in kinds)
    yield from (f"{kind} has {n} forms; keep one" for kind, n in kinds.items() if n > 1)
    for form in forms:
        for what, ids in {
            "section": Counter(s.id for s in form.sections),
            "question": Counter(q.id for s in form.sections for q in s.questions),
        }.items():
            yield from (f"{form.kind}: the {what} {id} stands {n} times; keep one" for id, n in ids.items() if n > 1)
        yield from (
            f"{form.kind}: levels: {level} is missing; say what it looks like"
            for level in LEVELS
            if not form.levels.get(level)
        )
