"""Which actions a user may track, and each as they may know it: whom they may not know is named nowhere in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from chm.access import Permission, permitted
from chm.casework.desk import Work
from chm.casework.sight import Sight, id_of
from chm.connections import Place
from chm.meetings.mentions import mentioned
from chm.meetings.records import Meeting, MeetingAction
from chm.meetings.tracked import LIVE, DecidedAt, Kind, Tracked, When, when
from chm.places.records import PlaceAction
from chm.records import Action
from chm.store import entities, meetings, people

Kept = Action | MeetingAction | PlaceAction

# A plan's action has no outcome of its own: it ends why the action is there, with the day it was closed on.
OUTCOME = re.compile(
    r"(?:\A|\n\n)(?:Done|Dropped) (\d{4}-\d{2}-\d{2}): ((?:(?!\n\n(?:Done|Dropped) \d{4}-).)*)\Z", re.DOTALL
)


def kind_of(kept: Kept) -> Kind:
    """What keeps an action."""
    return {Action: Kind.PLAN, MeetingAction: Kind.MEETING, PlaceAction: Kind.PLACE}[type(kept)]


def concerned(kept: Kept) -> tuple[str, ...]:
    """Ids of the young people an action is for; those of an action on a place are not kept."""
    if isinstance(kept, Action):
        return (kept.young_person,)
    return kept.young_people if isinstance(kept, MeetingAction) else ()


def outcome_of(kept: Kept) -> str:
    """What came of an action, or why it was dropped; empty where nobody said."""
    if isinstance(kept, MeetingAction):
        return kept.outcome
    if isinstance(kept, PlaceAction):
        return kept.result
    said = OUTCOME.search(kept.why)
    return said[2] if said and kept.closed_on and said[1] == kept.closed_on.isoformat() else ""


class Reader(Sight):
    """What one user may know of actions, at one moment.

    Whoever reaches no young person, a partner, sees only what they own by agency and name, and no name in it. All
    others see what concerns the young people in their scope, what the meetings they chair or are invited to decided,
    and what their agency owns at places.
    """

    def __init__(self, work: Work):
        super().__init__(work)
        own = meetings.of_user(self.session, work.scope, every=self.everything) if self.reaches else []
        self.own_meetings = {m.id for m in own}
        self.meetings: dict[str, Meeting] = {m.id: m for m in own}
        self.in_meeting: dict[str, list[str]] = {}
        self.owner_number: dict[tuple[str, str], int] = {}

    @cached_property
    def working(self) -> set[str]:
        """The young people whose plan the user may change."""
        scope = self.work.scope_by(Permission.PLAN)
        return people.ids(self.session, scope) if scope.reach else set()

    def mine(self, kept: Kept) -> bool:
        """Whether the user owns an action, by agency and name."""
        return (kept.owner_agency, kept.owner_person) == (self.user.agency, self.user.name)

    def sees(self, kept: Kept) -> bool:
        """Whether the user may track an action."""
        if self.everything or self.mine(kept):
            return True
        if not self.reaches:
            return False
        decided = not isinstance(kept, Action) and kept.meeting in self.own_meetings
        if isinstance(kept, PlaceAction):
            return (decided or kept.owner_agency == self.user.agency) and self.may_open(kept.place)
        return decided or not self.inside.isdisjoint(concerned(kept))

    def rows(self, found: Collection[Kept]) -> list[Tracked]:
        """Each of `found`, which the user sees."""
        for id in {a.meeting for a in found if not isinstance(a, Action) and a.meeting} - self.meetings.keys():
            self.meetings[id] = meetings.get(self.session, id)
        there = {a.meeting for a in found if not isinstance(a, Action) and a.meeting}
        self.in_meeting = {
            id: [y.young_person for y in young] for id, young in meetings.young_people(self.session, there).items()
        }
        parties = {a.id: {_target(a), *mentioned(a.text), *mentioned(outcome_of(a))} for a in found}
        ids = {id: {self.merges.survivor(id_of(p)) for p in named} for id, named in parties.items()}
        self.entities = entities.named(self.session, set().union(*ids.values()))
        chaired = [ids[a.id] for a in found if isinstance(a, MeetingAction) and self._chairs(a.meeting)]
        self.talked_of = {i for i in set().union(*chaired) if not isinstance(self.entities.get(i), Place)}
        owners = list(dict.fromkeys((a.owner_agency, a.owner_person) for a in found))
        self.owner_number = {owner: n for n, owner in enumerate(owners, 1)}
        return [self._row(a) for a in found]

    def places_told(self, found: Sequence[PlaceAction]) -> list[PlaceAction]:
        """`found` with each text as the user may know it, whoever wrote it with whom in mind."""
        if self.everything:
            return list(found)
        texts = [text for a in found for text in (a.text, a.why, a.result)]
        named = {self.merges.survivor(id_of(p)) for text in texts for p in mentioned(text)}
        self.entities = entities.named(self.session, named)
        told = []
        for a in found:
            there, agency, person = self.places.young_people(a.place), a.owner_agency, a.owner_person
            told.append(
                replace(
                    a,
                    text=self.said(a.text, there),
                    why=self.said(a.why, there),
                    result=self.said(a.result, there),
                    owner_agency=self.hide(agency, there),
                    owner_person=self.worker(agency, person, there),
                )
            )
        return told

    def _row(self, kept: Kept) -> Tracked:
        target, meeting = _target(kept), None if isinstance(kept, Action) else kept.meeting
        about = {*concerned(kept), *self.in_meeting.get(meeting or "", ())}
        place = self.label(target, about) if target.startswith("place:") else None
        due = when(kept.status, kept.due, self.work.today)
        known = [(id, self.names[id]) for id in concerned(kept) if id in self.inside]
        others = len(known) < len(concerned(kept))
        answers = self._answers(kept)
        owner = (kept.owner_agency, kept.owner_person)
        return Tracked(
            id=kept.id,
            kind=kind_of(kept),
            what=self.said(kept.text, about, (target,)),
            pillar=kept.pillar,
            target=target if self.knows(target) else f"{target.partition(':')[0]}:",
            about=self.label(target, about),
            young_people=(*known, *[("", self.somebody)] * others),
            owner_agency=self.hide(kept.owner_agency, about),
            owner_person=self.worker(*owner, about),
            due=kept.due,
            status=kept.status,
            outcome=self.said(outcome_of(kept), about, (target,)),
            closed_on=kept.closed_on,
            meeting=self._decided(meeting, about) if meeting else None,
            place=place,
            version=kept.version,
            when=due,
            mine=self.mine(kept),
            my_agency=kept.owner_agency == self.user.agency,
            may_update=kept.status in LIVE and (answers or self.mine(kept)),
            may_reassign=kept.status in LIVE and answers,
            owner_gone=due != When.ENDED and bool(kept.owner_person) and owner not in self.accounts,
            about_unnamed=self.unnamed(target),
            agency_unnamed=self.nobody(kept.owner_agency, about),
            person_unnamed=self.unnamed_worker(kept, about),
            owner_number=self.owner_number[owner],
        )

    def _answers(self, kept: Kept) -> bool:
        """Whether the user answers for an action that is not their own."""
        works = self.everything or not self.working.isdisjoint(concerned(kept))
        chairs = not isinstance(kept, Action) and kept.meeting is not None and self._chairs(kept.meeting)
        places = isinstance(kept, PlaceAction) and permitted(self.user.roles, Permission.EDIT_PLACES)
        return works or chairs or places

    def _chairs(self, meeting: str) -> bool:
        return meeting in self.own_meetings and self.meetings[meeting].chair == self.user.id

    def unnamed_worker(self, kept: Kept, about: Iterable[str]) -> str:
        """The name of who owns an action, unless it is a young person's and no account's."""
        owner = (kept.owner_agency, kept.owner_person)
        return kept.owner_person if owner in self.accounts else self.nobody(kept.owner_person, about)

    def _decided(self, meeting: str, about: Iterable[str]) -> DecidedAt:
        found = self.meetings[meeting]
        return DecidedAt(found.id, self.hide(found.title, about), found.on)


def _target(kept: Kept) -> str:
    return f"place:{kept.place}" if isinstance(kept, PlaceAction) else kept.target
