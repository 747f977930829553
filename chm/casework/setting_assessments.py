"""Assessing a group, a school or a place, with young people who are there; the setting is judged, never a child."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chm.access import Permission
from chm.audit import record_id
from chm.casework import frameworks, questions
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.sight import Sight
from chm.connections import PREFIX, Entity, NamedGroup, Place, PlaceKind
from chm.errors import NotFound
from chm.privacy import hidden
from chm.records import Reply, SettingAssessment
from chm.store import entities, setting_assessments, shared_actions, users
from chm.store.entities import Merges

MOST = 2_000


@dataclass(frozen=True, kw_only=True)
class NewSettingAssessment:
    """What is recorded about the setting `subject` (an entity's id); see `SettingAssessment`."""

    subject: str
    level: str
    summary: str
    assessed_on: date
    young_people: tuple[str, ...]
    answers: Mapping[str, Reply] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """A group or school that the user may open, and the young people in the user's reach once assessed in it."""

    entity: Entity
    kind: str
    young_people: tuple[str, ...]


def kind_of(entity: Entity) -> str | None:
    """The form that `entity` is assessed by: `group`, `school` or `place`; None where there is none for it."""
    if isinstance(entity, NamedGroup):
        return "group"
    if isinstance(entity, Place):
        return "school" if entity.place_kind == PlaceKind.SCHOOL else "place"
    return None


@intention(Permission.ASSESS_SETTING, about="new")
def record(work: Work, new: NewSettingAssessment) -> SettingAssessment:
    """Records an assessment; it cannot be changed afterwards.

    Raises:
        NotFound: the setting, or one of the young people, is not there or not open to the user.
        Faults: all at once: nobody who was there, a reply that is not on the form, no level or no reason for it.
    """
    entity = _open(work, new.subject)
    kind, children = kind_of(entity) or "", work.records
    checks = Checks(work.today)
    checks.past("assessed on", new.assessed_on)
    checks.need(bool(children), "young people: choose who was there then")
    checks.need(new.level in frameworks.current().level, "level: not chosen; choose one")
    assessment = SettingAssessment(
        id=new_id("SET"),
        kind=kind,
        subject=entity.id,
        answers=questions.replies(checks, questions.of_setting(kind).question.values(), new.answers),
        level=new.level,
        summary=checks.note("reason", new.summary, needed=True),
        assessed_on=new.assessed_on,
        young_people=children,
        recorded_by=work.user.id,
        recorded_at=work.now,
    )
    checks.done()
    setting_assessments.add(work.session, assessment)
    work.why = assessment.id
    return assessment


@intention(Permission.READ_NETWORK)
def history(work: Work, subject: str) -> list[SettingAssessment]:
    """Assessments of the entity `subject`, newest first, each with a young person in the user's reach.

    The others who were there are left out, and what was written has their names hidden. `recorded_by` is a name here.
    """
    same = entities.merges(work.session).spread([subject])
    kept, seen = setting_assessments.of(work.session, same, work.scope)
    hide = shared_actions.names(work.session, {id for a in kept for id in a.young_people} - seen)
    near = [a for a in kept if seen.intersection(a.young_people)]
    work.why = record_id(subject)
    work.opened(sorted({id for a in near for id in a.young_people} & seen))
    by = {u.id: u.name for u in users.every(work.session)}
    sight = Sight(work)
    return [replace(_without(a, seen, hide, sight), recorded_by=by[a.recorded_by]) for a in near]


def _without(
    assessment: SettingAssessment, seen: Collection[str], hide: Mapping[str, str], sight: Sight
) -> SettingAssessment:
    return replace(
        assessment,
        young_people=tuple(id for id in assessment.young_people if id in seen),
        summary=sight.said(hidden(assessment.summary, hide)),
        answers={
            q: replace(reply, note=sight.said(hidden(reply.note, hide))) for q, reply in assessment.answers.items()
        },
    )


@intention(Permission.ASSESS_SETTING, about="young_people")
def name_group(work: Work, name: str, young_people: Collection[str]) -> NamedGroup:
    """Makes a group of this name, which ties nobody: its young people belong to it by what is recorded later.

    Raises:
        NotFound: one of the young people is not there or not open to the user.
        Faults: no name, or nobody in it.
    """
    checks = Checks(work.today)
    said = checks.line("name", name, needed=True)
    checks.need(bool(work.records), "young people: choose who is in the group")
    checks.done()
    group = NamedGroup(id=new_id(PREFIX["group"]), name=said)
    entities.add(work.session, [group], work.user.id, work.now)
    work.why = group.id
    return group


@intention(Permission.READ_NETWORK, audited=False)
def mine(work: Work) -> list[Setting]:
    """The groups and schools that the user may open, by name."""
    reach = _reach(work)
    told = Sight(work).recorded
    groups, places = (entities.find(work.session, reach.near, "", kind, MOST, told) for kind in ("group", "place"))
    found = [e for e in [*groups, *places] if kind_of(e) in ("group", "school")]
    there = reach.there(work, [e.id for e in found])
    return [Setting(e, kind_of(e) or "", there[e.id]) for e in found]


@intention(Permission.READ_NETWORK)
def open(work: Work, subject: str) -> Setting:
    """The setting that the entity `subject` has become. Raises NotFound where it is none, or not open to the user."""
    entity = _open(work, subject)
    work.why = entity.id
    (there,) = _reach(work).there(work, [entity.id]).values()
    work.opened(there)
    return Setting(Sight(work).recorded(entity), kind_of(entity) or "", there)


@dataclass(frozen=True)
class _Reach:
    """Which entities the user may open (None: all), by their ties or because a young person was assessed there."""

    merges: Merges
    near: set[str] | None
    assessed: Mapping[str, set[str]]

    def there(self, work: Work, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The user's young people tied to each of `ids`, or assessed there."""
        same = {id: self.merges.spread([id]) for id in ids}
        tied = setting_assessments.tied(work.session, {s for spread in same.values() for s in spread}, work.scope)
        return {
            id: tuple(sorted({y for s in spread for y in (*tied.get(s, ()), *self.assessed.get(s, ()))}))
            for id, spread in same.items()
        }


def _reach(work: Work) -> _Reach:
    merges = entities.merges(work.session)
    near = entities.open_to(work.session, work.scope, merges)
    assessed = setting_assessments.assessed(work.session, work.scope)
    return _Reach(merges, None if near is None else near | merges.spread(assessed), assessed)


def _open(work: Work, id: str) -> Entity:
    """The setting that the entity `id` has become by merging. Raises NotFound where it is not open to the user."""
    reach = _reach(work)
    id = reach.merges.survivor(id)
    found = entities.named(work.session, [id]).get(id)
    if found is None or kind_of(found) is None or (reach.near is not None and id not in reach.near):
        raise NotFound(CLOSED)
    return found
