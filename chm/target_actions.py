"""Which recommendations of `chm.targets` fit one person, place, vehicle, account or group, each with why and source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from string import Formatter

from chm.connections import Entity, Party, Person, Place, PlaceKind
from chm.framework import Framework, Pathway, Step
from chm.planning import source
from chm.scoring import RANK
from chm.targets import Recommended, TargetKind, Targets, When

ORDER = ("identify", "protect", "disrupt", "support", "prevent")
FAMILY = "family"
NOUNS: Mapping[str, str] = {
    "person": "are linked to them",
    "young_person": "are linked to them",
    "group": "are linked to it",
}


@dataclass(frozen=True)
class Sharer:
    """A young person tied to the target: what is known of them, and how it touches them.

    `levels` is domain to level of the latest assessment, empty where there is none. `harmed`: a tie that neither
    protects nor is a conflict; `protected`: a protective one.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    age: int | None = None
    looked_after: bool | None = None
    borough: str = ""
    harmed: bool = True
    protected: bool = False


@dataclass(frozen=True)
class TargetContext:
    """What is known about a target's ties.

    `agencies` counts those that report it; `relations` are the kinds of its ties and events; `setting` is what a place
    or account has turned out to be, an id of `Targets.settings`; `latest` is the day it was last reported.
    """

    sharers: tuple[Sharer, ...] = ()
    agencies: int = 0
    relations: frozenset[str] = frozenset()
    online: bool = False
    setting: str | None = None
    latest: date | None = None


@dataclass(frozen=True)
class TargetAction:
    """A recommendation that fits.

    Attributes:
        id: the step's id, or our own; `step` is None for our own.
        ask: what to ask before choosing it. eligible: None where that is still to be asked, False where closed.
        sure: False where it hangs on what the target turns out to be, or on levels not yet assessed.
    """

    target: TargetKind
    id: str
    step: str | None
    text: str
    pillar: str
    lead: str
    why: str
    source: str
    ask: tuple[str, ...] = ()
    eligible: bool | None = True
    sure: bool = True


def kinds_of(target: Party, entity: Entity | None, context: TargetContext) -> tuple[TargetKind, ...]:
    """As what `target` is met: a child, or somebody of unknown age, as a young person only."""
    if target.young or (target.kind == "person" and (not isinstance(entity, Person) or entity.child)):
        return ("young_person", "family") if target.young else ("young_person",)
    if target.kind == "person":
        return ("person_of_concern", "family") if FAMILY in context.relations else ("person_of_concern",)
    if isinstance(entity, Place) and entity.place_kind == PlaceKind.SCHOOL:
        return "school", "place"
    found: Mapping[str, TargetKind] = {"place": "place", "vehicle": "vehicle", "account": "account", "group": "group"}
    return (found[target.kind],)


def recommend(
    targets: Targets, framework: Framework, target: Party, entity: Entity | None, context: TargetContext
) -> list[TargetAction]:
    """What fits `target`: by what it is met as, then Identify, Protect, Disrupt, Support, Prevent.

    Within a pillar what the law opens comes first and what it closes last, then what surely fits, then what most young
    people's levels call for, then the file's order. `entity` is None for a young person, or where nothing is recorded.
    """
    found = []
    for n, kind in enumerate(kinds_of(target, entity, context)):
        for place, r in enumerate(targets.targets[kind]):
            facts = _Facts(targets, framework, target, entity, context, kind, r)
            if facts.fits:
                action = facts.action()
                closed = (True, None, False).index(action.eligible)
                rank = (n, ORDER.index(action.pillar), closed, not action.sure, -facts.at_level, place)
                found.append((rank, action))
    return [action for _, action in sorted(found, key=lambda pair: pair[0])]


class _Facts:
    """One recommendation held against one target."""

    def __init__(
        self,
        targets: Targets,
        framework: Framework,
        target: Party,
        entity: Entity | None,
        context: TargetContext,
        kind: TargetKind,
        r: Recommended,
    ):
        self.framework, self.target, self.context, self.kind, self.r = framework, target, context, kind, r
        self.touched = [s for s in context.sharers if _counts(r.when, s)]
        self.unassessed = sum(not (r.when.levels.keys() <= s.levels.keys()) for s in self.touched)
        self.at_level = sum(any(self._reaches(s, d) for d in r.when.levels) for s in self.touched)
        self.may_be, self.surely = self._settings(targets, entity)

    def _reaches(self, sharer: Sharer, domain: str) -> bool:
        level = sharer.levels.get(domain)
        return level is not None and RANK[level] >= RANK[self.r.when.levels[domain]]

    def _settings(self, targets: Targets, entity: Entity | None) -> tuple[tuple[str, ...], bool]:
        """Names of the wanted settings that the target may be, and whether it surely is one."""
        wanted = self.r.when.settings
        known = targets.setting.get(self.kind, {})
        recorded = entity.place_kind if isinstance(entity, Place) else getattr(entity, "account_kind", None)
        possible = [self.context.setting] if self.context.setting else [
            s.id for s in known.values() if recorded is None or recorded in s.recorded
        ]  # fmt: skip
        return tuple(known[s].name for s in possible if s in wanted), set(possible) <= set(wanted)

    @property
    def fits(self) -> bool:
        when = self.r.when
        return (
            len(self.touched) >= when.young_people
            and len({s.borough for s in self.touched if s.borough} or {""}) >= when.boroughs
            and (not when.levels or self.at_level > 0 or self.unassessed > 0)
            and (not when.settings or bool(self.may_be))
            and (not when.relations or bool(self.context.relations & set(when.relations)))
            and (not when.online or self.context.online)
        )

    @property
    def _sure(self) -> bool:
        when = self.r.when
        return (not when.settings or self.surely) and (not when.levels or self.at_level > 0)

    def action(self) -> TargetAction:
        r = self.r
        if r.step:
            step, pillar, page = self._step(r.step)
            text, cited, asked = step.text, source(self.framework, step, page), step.eligibility
        else:
            text, pillar, asked = r.text or "", r.pillar or "", None
            cited = f"Outside the guidance: {r.outside}" if r.outside else self.framework.cite(r.lines)
        pathway = self.framework.pathway[r.pathway] if r.pathway else None
        eligible = self._eligible(pathway) if pathway else True
        ask = [a for a in (r.eligibility, None if pathway else asked) if a]
        if pathway:
            ask.insert(0, self._ages(pathway))
        return TargetAction(
            self.kind, r.key, r.step, text, pillar, r.lead, self._why(), cited,
            (*dict.fromkeys((*ask, *self._still_to_ask(pillar))),), eligible, self._sure,
        )  # fmt: skip

    def _step(self, id: str) -> tuple[Step, str, int | None]:
        if id in self.framework.steps:
            domain, pillar, step = self.framework.steps[id]
            return step, pillar, domain.page
        return next((s, p, None) for p, listed in self.framework.summary_steps.items() for s in listed if s.id == id)

    def _why(self) -> str:
        facts: Mapping[str, Callable[[], str]] = {
            "shared": self._shared, "levels": self._levels, "agencies": self._agencies,
            "boroughs": self._boroughs, "protected": self._protected, "latest": self._latest,
        }  # fmt: skip
        said = []
        for part in self.r.why.split(";"):
            found = {name: facts[name]() for _, name, _, _ in Formatter().parse(part) if name}
            if all(found.values()):
                said.append(part.strip().format(**found))
        text = "; ".join(said)
        return text[:1].upper() + text[1:]

    def _shared(self) -> str:
        n = len(self.touched)
        many = NOUNS.get(self.target.kind, "share it")
        one = {"are linked to them": "is linked to them"}.get(many, "is linked to it")
        return f"{n} young people {many}" if n > 1 else f"1 young person {one}" if n else ""

    def _levels(self) -> str:
        wanted, said = self.r.when.levels, []
        for level in dict.fromkeys(wanted.values()):
            reached = [d for d in wanted if wanted[d] == level and any(self._reaches(s, d) for s in self.touched)]
            if n := sum(any(self._reaches(s, d) for d in reached) for s in self.touched):
                more = "" if level == "significant" else " or more"
                on = ", or ".join(
                    ", ".join(self.framework.domain[d].name for d in part) for part in _last_apart(reached)
                )
                said.append(f"{n} {_is(n)} at {self.framework.level[level].name}{more} on {on}")
        return ", ".join(said)

    def _agencies(self) -> str:
        n = self.context.agencies
        return f"{n} {'agency reports' if n == 1 else 'agencies report'} it" if n else ""

    def _boroughs(self) -> str:
        n = len({s.borough for s in self.touched if s.borough})
        return f"they live in {n} boroughs" if n > 1 else ""

    def _protected(self) -> str:
        n = sum(s.protected for s in self.context.sharers)
        return f"keeps {n} young {'person' if n == 1 else 'people'} safe" if n else ""

    def _latest(self) -> str:
        day = self.context.latest
        return f"last reported {day.day} {day:%B %Y}" if day else ""

    def _still_to_ask(self, pillar: str) -> Iterator[str]:
        if self.r.when.settings and not self.surely:
            yield f"Only if it is {' or '.join(self.may_be)}."
        if self.r.when.levels and not self.at_level:
            n = len(self.touched)
            yield f"{self.unassessed} of {n} {_is(self.unassessed)} not assessed on what this answers: ask."
        if pillar == "disrupt" and (kept := self._protected()):
            yield f"It also {kept}: agree first what stays or takes its place."

    def _eligible(self, pathway: Pathway) -> bool | None:
        opens = [_opens(pathway, s) for s in self.touched]
        return True if True in opens else None if None in opens else False

    def _ages(self, pathway: Pathway) -> str:
        opens = [_opens(pathway, s) for s in self.touched]
        under, in_care = (pathway.age or {}).get("under"), (pathway.age or {}).get("under_in_care")
        said = f"{pathway.id.upper()}: discuss with police; only for a child under {under}, or under {in_care} in care."
        said += f" {opens.count(True)} of {len(opens)} {_is(opens.count(True))} of that age"
        unknown = opens.count(None)
        return f"{said}; for {unknown} age or care is not known: ask." if unknown else f"{said}."


def _counts(when: When, sharer: Sharer) -> bool:
    return {
        "harmful": sharer.harmed,
        "protective": sharer.protected,
        "any": sharer.harmed or sharer.protected,
    }[when.influence]


def _opens(pathway: Pathway, sharer: Sharer) -> bool | None:
    under, in_care = (pathway.age or {})["under"], (pathway.age or {})["under_in_care"]
    if sharer.age is None:
        return None
    return sharer.age < under or (sharer.age < in_care and sharer.looked_after)


def _last_apart(names: list[str]) -> list[list[str]]:
    return [part for part in (names[:-1], names[-1:]) if part]


def _is(n: int) -> str:
    return "is" if n == 1 else "are"
