"""What to do about a place: what the framework calls for there, and the actions kept on it until they are closed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from chm import settings
from chm.access import Permission, permitted
from chm.casework import frameworks, questions
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.place_snapshot import Snapshot, everything, place_rules, snapshot
from chm.casework.places import opened, theirs
from chm.casework.tracked import Reader
from chm.connections import Party
from chm.errors import Conflict, NotFound
from chm.framework import PILLARS, Framework
from chm.linkage.ties import Influence
from chm.places.disclosure import Count
from chm.places.records import PlaceAction
from chm.places.risk import PlaceRisk, ranked, safe_places
from chm.places.seen import INFLUENCE, Seen
from chm.places.shown import Exposure, ShownPlace
from chm.places.tally import YEAR
from chm.privacy import names_any
from chm.records import ActionStatus
from chm.scoring import RANK
from chm.store import people, places
from chm.target_actions import Sharer, TargetAction, TargetContext, recommend
from chm.targets import Settings, Targets

CLOSED_ALREADY = "It is done or dropped already; nothing was saved. Record what is to be done now as a new action"
NAMED = "names a young person; those who work on places see no names, so write it without"
COUNTED = re.compile(r"\.? ?\d+ of \d+ (?:is|are) of that age.*", re.DOTALL)
UNASSESSED = re.compile(r"\d+ of \d+ (?:is|are) not assessed on what this answers: ask\.")
LIVED_IN = frozenset({"home", "cuckooed"})
KEEPS = re.compile(r"It also keeps \d+ young (?:person|people) safe")


@dataclass(frozen=True, kw_only=True)
class NewPlaceAction:
    """What is to be done about the place `place`, an entity's id; see `PlaceAction`."""

    place: str
    pillar: str
    text: str
    owner_agency: str
    owner_person: str = ""
    due: date | None = None
    step: str | None = None
    why: str = ""


@dataclass(frozen=True)
class KeptAction:
    """An action with its place as the reader may know it."""

    action: PlaceAction
    place: ShownPlace


@intention(Permission.READ_PLACES)
def recommended(work: Work, place: str) -> list[TargetAction]:
    """What fits a place, by pillar, each with its lead agency, why and source. Raises NotFound where it is not open.

    It goes by what may be shown of the counts, so that it tells no more than they do; what takes less than the most
    that a hidden count can be is offered.
    """
    return options(work, opened(work, place))


def options(work: Work, id: str) -> list[TargetAction]:
    """What fits the place `id`, which is open to the user."""
    kept, framework = snapshot(work), frameworks.current()
    columns = kept.of(id)
    rows = {r.place: r for r in ranked(columns, place_rules(), YEAR, work.today)}
    safe = {s.place: s.young_people for s in safe_places(columns, place_rules(), YEAR, work.today)}
    context = _context(kept, columns, id, rows.get(id), safe.get(id), places.sorts(work.session).get(id))
    targets = _fitting(kept.exposure[id], settings.data())
    found = recommend(targets, framework, Party("place", id), kept.places[id], context)
    told = _Told(rows.get(id), safe.get(id), _highest(columns, id), framework)
    return [told.action(a) for a in found]


@intention(Permission.PLACE_ACTIONS)
def record(work: Work, new: NewPlaceAction) -> PlaceAction:
    """Keeps an action on a place, by who looks after places anywhere, by others where a young person of theirs is tied.

    It names no young person.

    Raises:
        NotFound: the place is not there, or not one that the user may act on.
        Faults: what is missing or wrong, all at once.
    """
    id, checks = _acting_on(work, new.place), Checks(work.today)
    checks.need(new.pillar in PILLARS, f"pillar: must be one of {', '.join(PILLARS)}")
    checks.need(new.due is not None, "due: missing; give the day it should be done by")
    checks.need(new.due is None or new.due >= work.today, "due: the date lies in the past; give a later day")
    _names_nobody(work, checks, {"action": new.text, "why": new.why})
    action = PlaceAction(
        id=new_id("PAC"),
        place=id,
        pillar=new.pillar,
        text=checks.note("action", new.text, needed=True),
        owner_agency=checks.line("owner's agency", new.owner_agency, needed=True),
        owner_person=checks.line("owner", new.owner_person),
        due=new.due,
        step=checks.line("step", new.step) if new.step else None,
        why=checks.note("why", new.why),
        recorded_by=work.user.id,
        recorded_at=work.now,
    )
    checks.done()
    work.why = action.id
    return places.add_action(work.session, action)


@intention(Permission.PLACE_ACTIONS)
def start(work: Work, action: PlaceAction) -> PlaceAction:
    """Says that an action is under way. Raises NotFound; Conflict where somebody changed or closed it since."""
    return _edited(work, action, ActionStatus.UNDER_WAY, "", None)


@intention(Permission.PLACE_ACTIONS)
def complete(work: Work, action: PlaceAction, result: str) -> PlaceAction:
    """Closes an action as done, with what came of it.

    Raises:
        Faults: there is no result, or it names a young person in the user's reach.
        NotFound: there is no such action, or none that the user may open.
        Conflict: somebody changed it since, or it is closed.
    """
    return _closed(work, action, ActionStatus.DONE, "result", result)


@intention(Permission.PLACE_ACTIONS)
def drop(work: Work, action: PlaceAction, reason: str) -> PlaceAction:
    """Closes an action that will not be done, and says why not. Raises as `complete`."""
    return _closed(work, action, ActionStatus.DROPPED, "reason", reason)


@intention(Permission.READ_PLACES, audited=False)
def of_place(work: Work, place: str) -> list[PlaceAction]:
    """Actions on a place: soonest due first, those without a date last. Raises NotFound where it is not open."""
    return Reader(work).places_told(places.actions(work.session, [opened(work, place)]))


@intention(Permission.READ_PLACES, audited=False)
def may_act(work: Work, place: str) -> bool:
    """Whether the user may keep actions on a place, and close them. Raises NotFound where it is not open."""
    id = opened(work, place)
    return permitted(work.user.roles, Permission.PLACE_ACTIONS) and _acts_on(work, id)


@intention(Permission.READ_PLACES, audited=False)
def every(work: Work) -> list[KeptAction]:
    """Actions on all places the user may open: soonest due first, those without a date last."""
    kept, full = snapshot(work), everything(work)
    found = [
        a
        for a in places.actions(work.session)
        if a.place in kept.places and (full or kept.exposure[a.place] != Exposure.HOME)
    ]
    return [KeptAction(a, kept.shown(a.place, full)) for a in Reader(work).places_told(found)]


def _acting_on(work: Work, place: str) -> str:
    id = opened(work, place)
    if not _acts_on(work, id):
        raise NotFound(CLOSED)
    return id


def _acts_on(work: Work, id: str) -> bool:
    return permitted(work.user.roles, Permission.EDIT_PLACES) or theirs(work, id)


def _names_nobody(work: Work, checks: Checks, said: Mapping[str, str]) -> None:
    # Whoever knows no names cannot write them, and must not learn which are known.
    names = {p.id: p.name for p in people.everyone(work.session, work.scope)}
    for field, text in said.items():
        checks.need(not names_any(text, names, whole=everything(work)), f"{field}: {NAMED}")


def _closed(work: Work, action: PlaceAction, status: ActionStatus, field: str, text: str) -> PlaceAction:
    checks = Checks(work.today)
    said = checks.note(field, text, needed=True)
    _names_nobody(work, checks, {field: text})
    checks.done()
    return _edited(work, action, status, said, work.today)


def _edited(work: Work, action: PlaceAction, status: ActionStatus, result: str, on: date | None) -> PlaceAction:
    kept = places.action(work.session, action.id)
    _acting_on(work, kept.place)
    if not kept.live:
        raise Conflict(CLOSED_ALREADY)
    work.why = kept.id
    ended = replace(kept, status=status, result=result, closed_on=on, version=action.version)
    return Reader(work).places_told([places.edit_action(work.session, ended)])[0]


def _context(
    kept: Snapshot, seen: Seen, id: str, risk: PlaceRisk | None, safe: Count | None, sort: str | None
) -> TargetContext:
    """The place as ranges have it: as many young people as there can be, each at the highest level of any of them."""
    levels = _highest(seen, id)
    linked = [Sharer(levels=levels)] * (risk.count("young_people").most if risk else 0)
    protected = [Sharer(harmed=False, protected=True)] * (safe.most if safe else 0)
    setting = {"taken_over": "cuckooed", "home": "home", "business": "business", "public": "public"}.get(sort or "")
    known = {s.id for s in questions.target_actions().settings.place}
    return TargetContext(
        sharers=(*linked, *protected),
        online=kept.exposure[id] == Exposure.ONLINE,
        setting=setting if setting in known else None,
    )


def _highest(seen: Seen, id: str) -> dict[str, str]:
    """The highest level on each domain among the young people linked to a place by anything but protection."""
    rows = seen.people
    here = (rows.place == seen.number[id]) & (rows.influence != INFLUENCE[Influence.PROTECTIVE.value])
    found: dict[str, str] = {}
    for n in np.unique(rows.what[here]).tolist():
        for domain, level in seen.known[seen.young_people[n]].levels.items():
            if RANK[level] > RANK.get(found.get(domain, ""), -1):
                found[domain] = level
    return found


@dataclass(frozen=True)
class _Told:
    """Why, and what to ask, in words that hold whatever the hidden counts are."""

    risk: PlaceRisk | None
    safe: Count | None
    levels: Mapping[str, str]
    framework: Framework

    def action(self, action: TargetAction) -> TargetAction:
        asked = tuple(dict.fromkeys(filter(None, (_ask(text) for text in action.ask))))
        said = "; ".join(self._whys(action))
        return replace(action, ask=asked, why=said[:1].upper() + said[1:])

    def _whys(self, action: TargetAction) -> Iterator[str]:
        listed = questions.target_actions().targets[action.target]
        when = next(r.when for r in listed if r.key == action.id)
        if when.influence == "protective":
            if self.safe:
                yield f"keeps {_people(self.safe)} safe"
            return
        if self.risk:
            linked = self.risk.count("young_people")
            yield f"{_people(linked)} {'is' if linked == (1, 1) else 'are'} linked to it"
        called = [d for d, least in when.levels.items() if RANK.get(self.levels.get(d, ""), -1) >= RANK[least]]
        if called:
            yield f"levels on {', '.join(self.framework.domain[d].name for d in called)} call for it"
        if self.risk and self.risk.last:
            yield f"last reported {self.risk.last:%B %Y}"


@cache
def _fitting(exposure: Exposure, data: Path) -> Targets:
    """What is recommended for places that can be such a one: nobody's home has been taken over in a public place."""
    targets = questions.target_actions()
    kept, listed = targets.settings.place, targets.targets["place"]
    if exposure == Exposure.PUBLIC:
        kept = tuple(s for s in kept if s.id not in LIVED_IN)
    if exposure == Exposure.DWELLING:
        listed = tuple(r for r in listed if not r.when.settings or set(r.when.settings) & LIVED_IN)
    return Targets(
        framework=targets.framework,
        settings=Settings(place=kept, account=targets.settings.account),
        questions=targets.questions,
        targets={**targets.targets, "place": listed},
        left_out=targets.left_out,
    )


def _people(count: Count) -> str:
    return "1 young person" if count == (1, 1) else f"{count.text} young people"


def _ask(text: str) -> str:
    said = UNASSESSED.sub("Some are not assessed on what this answers: ask.", text)
    said = KEEPS.sub("It also keeps young people safe", said)
    return COUNTED.sub(".", said)
