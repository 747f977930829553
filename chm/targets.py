"""`data/targets.yaml`: what can be done about each thing young people share, and what to ask before a disruption.

The wording of a step and its source stay the framework's. A child is never disrupted: for a peer there is assessment
and support only. Everything here is computed from facts handed in; nothing is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chm import connection_kinds, data_file, settings
from chm.connections import AccountKind, PlaceKind
from chm.errors import Faults
from chm.framework import Framework, LevelId, PillarId
from chm.setting_assessments import LAST_LINE, Question

FILE = "targets.yaml"
TargetKind = Literal["person_of_concern", "place", "vehicle", "account", "group", "school", "family", "young_person"]
TARGETS: tuple[TargetKind, ...] = (
    "person_of_concern", "place", "vehicle", "account", "group", "school", "family", "young_person",
)  # fmt: skip
FACTS = ("shared", "levels", "agencies", "boroughs", "protected", "latest")
OWN_CHILD: frozenset[str] = frozenset({"young_person", "professionals"})
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]


class Part(BaseModel):
    """Base of the file's parts: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PlaceSetting(Part):
    """What a place can turn out to be; `recorded` names the recorded kinds that may be it."""

    id: Id
    name: Text
    recorded: tuple[PlaceKind, ...] = Field(min_length=1)


class AccountSetting(Part):
    """What an account can turn out to be; `recorded` as for a place."""

    id: Id
    name: Text
    recorded: tuple[AccountKind, ...] = Field(min_length=1)


class Settings(Part):
    """Settings of places and of accounts."""

    place: tuple[PlaceSetting, ...] = Field(min_length=1)
    account: tuple[AccountSetting, ...] = Field(min_length=1)


class When(Part):
    """What opens a recommendation; all must hold.

    Attributes:
        influence: which ties to young people count; unclear ones count as harmful.
        young_people, boroughs: at least so many young people so tied, living in at least so many boroughs.
        levels: domain to level; one young person at that level or more on one of them is enough.
        settings: the place or account is one of them. relations: one of these kinds of tie or event is recorded.
        online: the contact is online.
    """

    influence: Literal["harmful", "protective", "any"] = "harmful"
    young_people: int = Field(default=1, ge=1)
    boroughs: int = Field(default=1, ge=1)
    levels: dict[str, LevelId] = {}
    settings: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    online: bool = False


class Recommended(Part):
    """One recommendation: a `step` of the framework, or our own `text` with `id`, `pillar` and its source.

    `pathway` names the one whose ages limit it, `eligibility` is what to ask, beside the step's own. `about_worker`: it
    is about the conduct of somebody who works with children, and never stands on a shared screen.
    """

    step: str | None = None
    about_worker: bool = False
    id: Id | None = None
    text: Text | None = None
    pillar: PillarId | None = None
    lines: tuple[int, int] | None = None
    outside: Text | None = None
    lead: Text
    when: When = When()
    pathway: str | None = None
    eligibility: Text | None = None
    why: Text

    @model_validator(mode="after")
    def _one_source(self) -> Recommended:
        own = (self.id, self.text, self.pillar, self.lines or self.outside)
        if self.step and any(own):
            raise ValueError("a step brings its own id, text, pillar and source; remove those given")
        if not self.step and not all(own):
            raise ValueError("give either a step, or id, text, pillar and its source (lines or outside)")
        if self.lines and self.outside:
            raise ValueError("give one source: lines of the guidance, or outside")
        if self.lines and not 1 <= self.lines[0] <= self.lines[1] <= LAST_LINE:
            raise ValueError(f"lines run from the first to the last, within 1 to {LAST_LINE}")
        wrong = [name for _, name, _, _ in Formatter().parse(self.why) if name is not None and name not in FACTS]
        if wrong:
            raise ValueError(f"why holds an unknown fact; use {', '.join(FACTS)}")
        return self

    @property
    def key(self) -> str:
        """The step's id, or its own."""
        return self.step or self.id or ""


class LeftOut(Part):
    """A step that names such a target and is recommended nowhere, and why."""

    step: str
    why: Text


class Targets(Part):
    """The whole of `data/targets.yaml`, in its order."""

    framework: Text
    settings: Settings
    questions: tuple[Question, ...] = Field(min_length=1)
    targets: dict[TargetKind, tuple[Recommended, ...]]
    left_out: tuple[LeftOut, ...] = ()

    @cached_property
    def about_worker(self) -> frozenset[str]:
        """Recommendations (by key) about the conduct of somebody who works with children."""
        return frozenset(r.key for listed in self.targets.values() for r in listed if r.about_worker)

    @cached_property
    def setting(self) -> dict[str, dict[str, PlaceSetting | AccountSetting]]:
        """Settings by id, under `place` and `account`."""
        return {"place": {s.id: s for s in self.settings.place}, "account": {s.id: s for s in self.settings.account}}


def load(framework: Framework, data: Path | None = None) -> Targets:
    """The file of the data folder (the product's own unless given), checked against `framework`.

    Raises:
        Faults: every fault found, each as `targets.yaml: path: what is wrong; fix`.
    """
    folder = data or settings.data()
    targets = data_file.read(folder / FILE, Targets)
    kinds = connection_kinds.load(folder)
    if faults := [f"{FILE}: {fault}" for fault in _faults(targets, framework, {*kinds.event, *kinds.relationship})]:
        raise Faults(faults)
    return targets


def _faults(targets: Targets, framework: Framework, relations: Collection[str]) -> Iterator[str]:
    if targets.framework != framework.id:
        yield f"framework: {targets.framework} is not the framework in use, {framework.id}; correct it"
        return
    yield from (f"targets: {kind} is missing; add it" for kind in TARGETS if not targets.targets.get(kind))
    yield from _repeated("questions", [q.id for q in targets.questions])
    yield from _repeated("settings.place", [s.id for s in targets.settings.place])
    yield from _repeated("settings.account", [s.id for s in targets.settings.account])
    steps = {**framework.steps, **{s.id: (None, p, s) for p, listed in framework.summary_steps.items() for s in listed}}
    for kind, listed in targets.targets.items():
        yield from _repeated(f"targets.{kind}", [r.key for r in listed])
        for r in listed:
            where = f"targets.{kind}.{r.key}"
            if r.step and r.step not in steps:
                yield f"{where}: no such step in {framework.id}; correct the id"
            if kind == "young_person" and (steps[r.step][1] if r.step in steps else r.pillar) == "disrupt":
                yield f"{where}: a child is never disrupted; move it to another target or pillar"
            known = {
                "domain": (r.when.levels, framework.domain),
                "setting": (r.when.settings, targets.setting.get(kind, {})),
                "kind of tie or event": (r.when.relations, relations),
                "agency": ([r.lead], framework.local["agencies"]),
                "pathway": ([r.pathway] if r.pathway else [], [p.id for p in framework.pathways if p.age]),
            }
            for what, (named, there) in known.items():
                yield from (
                    f"{where}: unknown {what} {n}; use one of {', '.join(sorted(there)) or 'none here'}"
                    for n in named
                    if n not in there
                )
    used = {r.step for listed in targets.targets.values() for r in listed}
    out = [left.step for left in targets.left_out]
    yield from _repeated("left_out", out)
    yield from (f"left_out.{id}: no such step in {framework.id}; correct the id" for id in out if id not in steps)
    yield from (f"left_out.{id}: recommended above too; remove one" for id in out if id in used)
    yield from (
        f"targets: the step {id} names {', '.join(sorted(set(step.targets) - OWN_CHILD))} and stands nowhere; "
        "add it, or list it under left_out with why"
        for id, (_, _, step) in framework.steps.items()
        if set(step.targets) - OWN_CHILD and id not in used and id not in out
    )


def _repeated(where: str, ids: list[str]) -> Iterator[str]:
    yield from (f"{where}: {id} is listed {n} times; keep one" for id, n in Counter(ids).items() if n > 1)
