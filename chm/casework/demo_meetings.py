"""What meetings about the invented cohort decided: groups and schools assessed, actions proposed for several at once.

Read from `settings.yaml` and `shared_actions.yaml` of `data/demo`, checked and written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path

from chm import store
from chm.access import Permission, permitted
from chm.assessments import Line, Note
from chm.casework import questions
from chm.casework.checks import Checks
from chm.casework.demo_connections import Known
from chm.casework.demo_files import CLOCK, Before, Day, Given, Name, Past, Said, moment, parsed, reply
from chm.casework.setting_assessments import kind_of
from chm.casework.shared_actions import CHILD, DISRUPT, NAMED, PROPOSED, REFUSED
from chm.connections import Entity, Person
from chm.framework import Framework, LevelId, PillarId
from chm.privacy import names_any
from chm.records import Action, ActionPart, Decision, Notice, SettingAssessment, SharedAction, User
from chm.store import notices, plans, setting_assessments, shared_actions
from chm.store.entities import KIND

SETTINGS, SHARED = "settings.yaml", "shared_actions.yaml"
FIRST_ID = 0xDE5000000000
# When a worker decides, on a later day than the proposal's.
EARLY = time(9, 30)


class GivenSetting(Given):
    """In `answers` a question holds its answer, then its note after a bar, either of which may be missing."""

    setting: Name
    day: Before
    by: Name
    level: LevelId
    because: Said
    young_people: tuple[Name, ...]
    answers: dict[str, Line]


class GivenDecision(Given):
    """What a young person's worker said, on a day; the reason goes with declined."""

    decision: Decision
    day: Past
    because: Note = ""


class GivenShared(Given):
    """`young_people` holds what was decided for each, nothing where it waits; `asked` as the answers of a setting."""

    target: Name
    day: Before
    by: Name
    pillar: PillarId
    step: Name
    text: Said
    agency: Name
    person: Line = ""
    due: Day
    why: Note = ""
    asked: dict[str, Line] = {}
    young_people: dict[str, GivenDecision | None]


@dataclass(frozen=True)
class Shared:
    """An action proposed for several, each one's part, and the actions that the accepted ones became."""

    action: SharedAction
    parts: tuple[ActionPart, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class MeetingRecords:
    """All that the two files hold, as records."""

    settings: tuple[SettingAssessment, ...]
    shared: tuple[Shared, ...]
    notices: tuple[Notice, ...]


def read(
    folder: Path,
    entities: Mapping[str, Entity],
    young: Mapping[str, Known],
    users: Mapping[str, User],
    framework: Framework,
    today: date,
    faults: list[str],
) -> MeetingRecords:
    """The two files of the cohort in `folder`; every fault goes to `faults`.

    Args:
        entities, young: entities and young people by key. users: by id.
    """
    reader = _Reader(entities, young, users, framework, today)
    settings = parsed(folder / SETTINGS, tuple[GivenSetting, ...], faults) or ()
    shared = parsed(folder / SHARED, tuple[GivenShared, ...], faults) or ()
    assessed = tuple(reader.setting(n, s) for n, s in enumerate(settings, 1))
    proposed = tuple(reader.shared(n, s) for n, s in enumerate(shared, 1))
    faults += reader.faults
    return MeetingRecords(assessed, proposed, tuple(reader.notices(proposed)))


def write(session: store.Session, found: MeetingRecords) -> None:
    """Writes them; the young people and what they share are there already."""
    for assessment in found.settings:
        setting_assessments.add(session, assessment)
    for shared in found.shared:
        for action in shared.actions:
            plans.add_action(session, action)
        shared_actions.add(session, shared.action, [p.young_person for p in shared.parts])
        for part in shared.parts:
            if part.status != Decision.WAITING:
                shared_actions.decide(session, part)
    for notice in found.notices:
        notices.add(session, notice)


class _Reader:
    """Turns the files into records and notes what is wrong with them."""

    def __init__(
        self,
        entities: Mapping[str, Entity],
        young: Mapping[str, Known],
        users: Mapping[str, User],
        framework: Framework,
        today: date,
    ):
        self.entities, self.young, self.users = entities, young, users
        self.framework, self.today = framework, today
        self.faults: list[str] = []
        every = questions.target_actions().targets.values()
        self.steps = {r.key for recommended in every for r in recommended}

    def setting(self, n: int, given: GivenSetting) -> SettingAssessment:
        where = f"{SETTINGS}: assessments {n}"
        entity = self.entities.get(given.setting)
        kind = kind_of(entity) if entity else None
        kind = kind if kind in ("group", "school") else None
        self._need(kind is not None, where, f"no group or school has the key {given.setting}; correct it")
        self._by(where, given.by, Permission.ASSESS_SETTING)
        checks = Checks(self.today)
        said = {id: reply(text) for id, text in given.answers.items()}
        asked = questions.of_setting(kind).question.values() if kind else ()
        answers = questions.replies(checks, asked, said) if kind else {}
        self._note(where, checks.faults)
        there = self._young(where, given.young_people)
        self._need(bool(there), where, "nobody was there; name at least one young person")
        return SettingAssessment(
            id=f"SET-{FIRST_ID + n:x}",
            kind=kind or "",
            subject=entity.id if entity else "",
            answers=answers,
            level=given.level,
            summary=given.because,
            assessed_on=self._day(given.day),
            young_people=tuple(sorted(known.id for known in there)),
            recorded_by=given.by,
            recorded_at=moment(self._day(given.day), CLOCK),
        )

    def shared(self, n: int, given: GivenShared) -> Shared:
        where = f"{SHARED}: actions {n}"
        self._by(where, given.by, Permission.PROPOSE_ACTION)
        self._need(given.agency in self.framework.local["agencies"], where, "unknown agency; take one of the council's")
        self._need(given.due >= given.day, where, "due before it was proposed; give a later day")
        known = given.step in self.steps or given.step in self.framework.steps
        self._need(known, where, f"unknown step {given.step}; take one of targets.yaml")
        action = self._action(where, n, given)
        children = self._young(where, given.young_people)
        for text in (action.text, action.why, *(said.note for said in action.asked.values())):
            self._need(not names_any(text, {k.id: k.name for k in children}), where, NAMED)
        parts = [self._part(f"{where}: {key}", action, given, key) for key in given.young_people if key in self.young]
        ids = [f"{FIRST_ID + 100 * n + m:x}" for m in range(len(parts))]
        accepted = [_accepted(f"ACT-{id}", part, action, self.framework) for id, part in zip(ids, parts, strict=True)]
        return Shared(
            action,
            tuple(_with(part, became) for part, became in zip(parts, accepted, strict=True)),
            tuple(became for part, became in zip(parts, accepted, strict=True) if part.status == Decision.ACCEPTED),
        )

    def notices(self, shared: Iterable[Shared]) -> Iterator[Notice]:
        """One to each young person's worker, seen once no part waits; one to the proposer for each part declined."""
        told: defaultdict[str, list[tuple[SharedAction, ActionPart]]] = defaultdict(list)
        for one in shared:
            for part in one.parts:
                told[part.young_person].append((one.action, part))
        worker = {known.id: known.worker for known in self.young.values()}
        for id, found in told.items():
            decided = [part.decided_at for _, part in found if part.decided_at]
            seen = max(decided) if len(decided) == len(found) else None
            yield Notice(f"N-{FIRST_ID:x}{id[3:]}", worker[id], id, PROPOSED, found[0][0].at, seen)
            for action, part in found:
                if part.status == Decision.DECLINED and part.decided_at:
                    at = part.decided_at
                    yield Notice(f"N-{action.id[3:]}{id[3:]}", action.proposed_by, id, REFUSED, at)

    def _action(self, where: str, n: int, given: GivenShared) -> SharedAction:
        entity = self.entities.get(given.target)
        self._need(entity is not None, where, f"nothing has the key {given.target}; correct it")
        disrupts = given.pillar == DISRUPT
        self._need(not (disrupts and isinstance(entity, Person) and entity.child), where, CHILD)
        checks = Checks(self.today)
        asked = questions.before_disruption() if disrupts else ()
        said = {id: reply(text) for id, text in given.asked.items()}
        replies = questions.replies(checks, asked, said, every=disrupts)
        self._note(where, checks.faults)
        return SharedAction(
            id=f"SA-{FIRST_ID + n:x}",
            target=f"{KIND[type(entity)]}:{entity.id}" if entity else "",
            pillar=given.pillar,
            text=given.text,
            owner_agency=given.agency,
            owner_person=given.person,
            due=self._day(given.due),
            step=given.step,
            why=given.why,
            asked=replies,
            proposed_by=given.by,
            at=moment(self._day(given.day), CLOCK),
        )

    def _part(self, where: str, action: SharedAction, given: GivenShared, key: str) -> ActionPart:
        part = ActionPart(shared_action=action.id, young_person=self.young[key].id)
        decided = given.young_people[key]
        if decided is None:
            return part
        self._need(decided.day > given.day, where, "decided before it was proposed; give a later day")
        declined = decided.decision == Decision.DECLINED
        self._need(decided.decision != Decision.WAITING, where, "a part that waits stands alone; take out the rest")
        self._need(declined == bool(decided.because), where, "`because` goes with declined; correct it")
        return replace(
            part,
            status=decided.decision,
            decided_by=self.young[key].worker,
            decided_at=moment(self._day(decided.day), EARLY),
            reason=decided.because,
        )

    def _by(self, where: str, id: str, permission: Permission) -> None:
        user = self.users.get(id)
        self._need(user is not None, where, f"nobody has the id {id}; correct it")
        self._need(
            user is None or permitted(user.roles, permission), where, f"{id} may not do this; give somebody else"
        )

    def _young(self, where: str, keys: Iterable[str]) -> list[Known]:
        named = list(keys)
        for key in (k for k in named if k not in self.young):
            self._need(False, where, f"no young person has the key {key}; correct it")
        return [self.young[key] for key in named if key in self.young]

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _need(self, holds: bool, where: str, fault: str) -> None:
        if not holds:
            self._note(where, [fault])

    def _note(self, where: str, faults: Iterable[str]) -> None:
        self.faults += [f"{where}: {fault}" for fault in faults]


def _accepted(id: str, part: ActionPart, shared: SharedAction, framework: Framework) -> Action:
    """What the shared action becomes in the plan of one who accepts it, as `shared_actions.accept` makes it."""
    first = (shared.step or "").partition(".")[0]
    return Action(
        id=id,
        young_person=part.young_person,
        target=shared.target,
        pillar=shared.pillar,
        text=shared.text,
        owner_agency=shared.owner_agency,
        owner_person=shared.owner_person,
        due=shared.due,
        domain=first if first in framework.domain else None,
        step=shared.step,
        why=shared.why,
    )


def _with(part: ActionPart, action: Action) -> ActionPart:
    return replace(part, action=action.id) if part.status == Decision.ACCEPTED else part
