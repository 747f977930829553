"""Who should be in the room, and why: the guidance's partners by context, who holds information, and other boroughs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from chm.framework import Framework
from chm.meetings.rules import Rules
from chm.scoring import RANK

MODERATE = RANK["moderate"]
# Sources of information that are people around a young person, and no agency to ask.
PEOPLE = frozenset({"parent or carer", "family or friend", "young person", "other"})


@dataclass(frozen=True)
class Expected:
    """An agency or service that should be there. `why` are reasons in words, each with its source.

    `instead_of` names the service that would do as well; `same_as` other names that it may be down as coming under.
    """

    agency: str
    why: tuple[tuple[str, str], ...]
    instead_of: str = ""
    same_as: tuple[str, ...] = ()

    def is_(self, agency: str) -> bool:
        """Whether `agency` is this one under one of its names."""
        known = {name.casefold() for name in (self.agency, *self.same_as)}
        return agency.casefold() in known


@dataclass(frozen=True)
class Told:
    """An agency that told us something of one of the young people, on a day (None: not known)."""

    agency: str
    young_person: str
    on: date | None


def expected(
    framework: Framework,
    rules: Rules,
    levels: Mapping[str, Mapping[str, str]],
    told: Iterable[Told],
    boroughs: Mapping[str, str],
    today: date,
) -> list[Expected]:
    """Who should be in the room: who always is, partners by context, then by how many young people they know of.

    Args:
        levels: by young person (id), the level of each domain in the latest assessment.
        told: who gave what is recorded. boroughs: home borough by young person.
    """
    why: dict[str, list[tuple[str, str]]] = defaultdict(list)
    names: dict[str, tuple[str, ...]] = {}
    instead: dict[str, str] = {}
    for always in rules.always:
        why[always.agency].append((always.text, always.source))
    for partner in framework.partners:
        reasons = [r for c in partner.contexts if (r := _context(framework, levels, c))]
        if reasons:
            name = framework.local["services"][partner.service]["name"]
            held = next((n for n in why if n in rules.same_as.get(partner.service, ())), name)
            names[held] = (name, *rules.same_as.get(partner.service, ()))
            why[held].append((f"{'; '.join(reasons)}", framework.cite(partner.lines)))
            other = partner.alternative_to
            instead[held] = framework.local["services"][other]["name"] if other else ""
    since = today - relativedelta(months=rules.holds_information.months)
    for agency, young in _holders(told, since).items():
        if len(young) >= rules.holds_information.young_people and agency.casefold() not in PEOPLE:
            known = ((n, (n, *names.get(n, ()))) for n in why)
            held = next((n for n, same in known if agency.casefold() in map(str.casefold, same)), agency)
            why[held].append(
                (f"Told us about {_people(len(young))} in the last {rules.holds_information.months} months", "")
            )
    for borough, n in _elsewhere(framework, boroughs).items():
        lives = f"{_people(n)} of those here {'lives' if n == 1 else 'live'} in {borough}"
        why[f"{borough} children's services"].append((lives, ""))
    return [Expected(a, tuple(w), instead.get(a, ""), names.get(a, ())) for a, w in why.items()]


def _context(framework: Framework, levels: Mapping[str, Mapping[str, str]], context: str) -> str:
    here = sum(RANK.get(found.get(context, ""), -1) >= MODERATE for found in levels.values())
    name = framework.domain[context].name
    return f"{name} at Moderate or more for {_people(here)}" if here else ""


def _holders(told: Iterable[Told], since: date) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    spelt: dict[str, str] = {}
    for t in told:
        if t.agency and (t.on is None or t.on >= since):
            found[spelt.setdefault(t.agency.casefold(), t.agency)].add(t.young_person)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _elsewhere(framework: Framework, boroughs: Mapping[str, str]) -> dict[str, int]:
    own = str(framework.local["borough"]["name"])
    found: dict[str, int] = defaultdict(int)
    for name in boroughs.values():
        if name and name.casefold() not in (own.casefold(), "not known", "unknown"):
            found[name] += 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _people(n: int) -> str:
    return f"{n} young {'person' if n == 1 else 'people'}"


def missing(found: Iterable[Expected], coming: Collection[str]) -> list[Expected]:
    """Those of `found` who are not among `coming` (agencies) under any of their names, nor their alternative."""
    wanted = list(found)
    here = {e.agency: any(e.is_(c) for c in coming) for e in wanted}

    def instead(expected: Expected) -> bool:
        other = next((e for e in wanted if expected.instead_of and e.is_(expected.instead_of)), None)
        return here[other.agency] if other else expected.instead_of.casefold() in {c.casefold() for c in coming} - {""}

    return [e for e in wanted if not here[e.agency] and not instead(e)]
