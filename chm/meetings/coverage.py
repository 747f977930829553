"""Where nobody is acting: domains against actions, lead pillars not covered, what several share undisrupted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chm.framework import Framework
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.rules import Rules
from chm.scoring import RANK

MODERATE = RANK["moderate"]
DISRUPT = "disrupt"


@dataclass(frozen=True, kw_only=True)
class Acting:
    """An action that is open, under way or done, as coverage needs it.

    Attributes:
        target: kind:id. young_people: ids of those it concerns, or who are tied to the place it is about.
    """

    pillar: str
    target: str
    young_people: tuple[str, ...]
    domain: str | None = None
    step: str | None = None


@dataclass(frozen=True)
class Cell:
    """A young person's level on one domain and whether an action answers it; nothing below Moderate asks for one."""

    level: str | None
    acting: bool

    @property
    def serious(self) -> bool:
        """Whether it is at Moderate or more."""
        return RANK.get(self.level or "", -1) >= MODERATE

    @property
    def gap(self) -> bool:
        """Whether it is, and nobody is acting."""
        return self.serious and not self.acting


@dataclass(frozen=True)
class Coverage:
    """The plan against what is known.

    Attributes:
        cells: by young person (id), then by domain. gaps: (young person, domain) where nobody acts, worst first.
        pillars: lead pillars of a young person's level of response that no action of theirs has, by young person.
        undisrupted: what two or more share that can be disrupted, and no action is to (kind:id).
        unassessed: young people without an assessment.
    """

    cells: Mapping[str, Mapping[str, Cell]]
    gaps: tuple[tuple[str, str], ...]
    pillars: Mapping[str, tuple[str, ...]]
    undisrupted: tuple[str, ...]
    unassessed: tuple[str, ...]


def coverage(
    framework: Framework,
    rules: Rules,
    levels: Mapping[str, Mapping[str, str]],
    judged: Mapping[str, str],
    actions: Sequence[Acting],
    shared: Iterable[str],
) -> Coverage:
    """The plan of `actions` against the young people's `levels` (by id, then domain).

    Args:
        judged: the level a person decided, by young person; none for one who is not assessed.
        shared: kind:id of what two or more share and may be disrupted, most effect first.
    """
    answered = {(id, d) for a in actions for d in _answers(framework, rules, a) for id in a.young_people}
    cells = {id: {d: Cell(found.get(d), (id, d) in answered) for d in framework.domain} for id, found in levels.items()}
    gaps = [(id, d) for id, row in cells.items() for d, cell in row.items() if cell.gap]
    gaps.sort(key=lambda gap: -RANK[cells[gap[0]][gap[1]].level or "none"])
    has = {(id, a.pillar) for a in actions for id in _concerned(a)}
    pillars: dict[str, tuple[str, ...]] = {}
    for id in (id for id in levels if id in judged):
        lead = framework.responses[judged[id]].lead_pillars  # type: ignore[index]
        if without := tuple(p for p in lead if (id, p) not in has):
            pillars[id] = without
    disrupted = {a.target for a in actions if a.pillar == DISRUPT}
    return Coverage(
        cells=cells,
        gaps=tuple(gaps),
        pillars=pillars,
        undisrupted=tuple(t for t in shared if t not in disrupted),
        unassessed=tuple(id for id in levels if id not in judged),
    )


def _answers(framework: Framework, rules: Rules, action: Acting) -> Collection[str]:
    """The domains that an action answers: its own, its step's and their twins, else what its target stands for."""
    found = {action.domain} if action.domain in framework.domain else set()
    if action.step in framework.steps:
        domain, _, step = framework.steps[action.step]
        found |= {domain.id, *(framework.steps[s][0].id for s in step.same_as if s in framework.steps)}
    kind = action.target.partition(":")[0]
    if not found and kind in rules.answers:
        found.add(rules.answers[kind])
    return {d for d in found if d}


def _concerned(action: Acting) -> Collection[str]:
    kind, _, id = action.target.partition(":")
    return {*action.young_people, id} if kind == YOUNG_PERSON else action.young_people
