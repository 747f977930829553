"""What meetings agreed for one young person, as their own plan shows it: nobody else is named there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chm.casework.desk import Work
from chm.casework.sight import Sight
from chm.connections import Entity
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import masked, mentioned
from chm.meetings.records import MeetingAction
from chm.privacy import SOMEBODY
from chm.records import Action
from chm.store import entities, meetings, shared_actions


@dataclass(frozen=True)
class AgreedAction:
    """An action of a meeting held `on` a day, in the form of one of the young person's plan; kept with the meeting."""

    action: Action
    on: date


def agreed_for(work: Work, young_person: str) -> tuple[AgreedAction, ...]:
    """The actions that meetings agreed for a young person within the user's scope, soonest due first."""
    session = work.session
    found = meetings.actions_about(session, work.scope, [young_person])
    held = {a.meeting: meetings.get(session, a.meeting) for a in found}
    inside = meetings.young_people(session, list(held))
    together = {y.young_person for listed in inside.values() for y in listed}
    names = shared_actions.names(session, together | {young_person})
    sight = Sight(work)
    merges = sight.merges
    open_to = entities.open_to(session, work.scope, merges)
    told = {p.partition(":")[2] for a in found for p in (a.target, *mentioned(a.text))} - names.keys()
    known = {
        id: e for id, e in entities.named(session, told).items() if open_to is None or merges.survivor(id) in open_to
    }
    return tuple(AgreedAction(_own(a, young_person, names, known, sight), held[a.meeting].on) for a in found)


def _own(
    action: MeetingAction, young_person: str, names: dict[str, str], known: dict[str, Entity], sight: Sight
) -> Action:
    others = {f"{YOUNG_PERSON}:{id}": name for id, name in names.items() if id != young_person}
    called = {f"{entities.KIND[type(e)]}:{id}": sight.recorded(e).label for id, e in known.items()}
    called |= {f"{YOUNG_PERSON}:{young_person}": names[young_person], **dict.fromkeys(others, SOMEBODY)}
    own = action.target == f"{YOUNG_PERSON}:{young_person}" or action.target in called
    return Action(
        id=action.id,
        young_person=young_person,
        target=action.target if own and action.target not in others else f"{YOUNG_PERSON}:{young_person}",
        pillar=action.pillar,
        text=masked(sight.beyond(action.text, names), others, called),
        owner_agency=sight.hide(action.owner_agency, names),
        owner_person=sight.worker(action.owner_agency, action.owner_person, names),
        due=action.due,
        status=action.status,
        domain=action.domain,
        step=action.step,
        closed_on=action.closed_on,
        version=action.version,
    )
