"""Which actions a user may track, and each as they may know it: whom they may not know is named nowhere in it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from chm.access import Permission, Reach, permitted
from chm.casework.desk import Work
from chm.casework.place_snapshot import Snapshot, snapshot
from chm.connections import Account, Entity, Event, Person, Place, Relationship
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import masked, mentioned
from chm.meetings.records import Meeting, MeetingAction
from chm.meetings.tracked import LIVE, DecidedAt, Kind, Tracked, When, when
from chm.places.records import PlaceAction
from chm.places.shown import Exposure
from chm.privacy import SOMEBODY, hidden
from chm.records import Action
from chm.store import entities, meetings, setting_assessments, tracked, users

Kept = Action | MeetingAction | PlaceAction

A_YOUNG_PERSON, A_HOME = "a young person", "a home"
UNNAMED = {
    YOUNG_PERSON: A_YOUNG_PERSON,
    "person": "a person",
    "account": "an account",
    "vehicle": "a vehicle",
    "group": "a group",
    "place": "a place",
}
PIECE = re.compile(r"\w+")
NUMBER = re.compile(r"\bYP-\d+\b", re.IGNORECASE)
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


R = TypeVar("R", bound=Entity | Event | Relationship)
E = TypeVar("E", bound=Entity)
TEXTS = ("name", "description", "address", "platform", "what", "note")


class Reader:
    """What one user may know of actions, at one moment.

    Whoever reaches no young person, a partner, sees only what they own by agency and name, and no name in it. All
    others see what concerns the young people in their scope, what the meetings they chair or are invited to decided,
    and what their agency owns at places.
    """

    def __init__(self, work: Work):
        self.work, self.session, self.user = work, work.session, work.user
        self.everything = Reach.ALL in work.scope.reach
        self.reaches = bool(work.scope.reach)
        self.names = tracked.names(self.session)
        self.inside = set(self.names) if self.everything else tracked.reached(self.session, work.scope)
        self.somebody = SOMEBODY if self.reaches else A_YOUNG_PERSON
        own = meetings.of_user(self.session, work.scope, every=self.everything) if self.reaches else []
        self.own_meetings = {m.id for m in own}
        self.meetings: dict[str, Meeting] = {m.id: m for m in own}
        self.in_meeting: dict[str, list[str]] = {}
        self.entities: dict[str, Entity] = {}
        self.talked_of: set[str] = set()
        self.accounts = {(u.agency, u.name) for u in users.every(self.session)}

    @cached_property
    def working(self) -> set[str]:
        """The young people whose plan the user may change."""
        scope = self.work.scope_by(Permission.PLAN)
        return tracked.reached(self.session, scope) if scope.reach else set()

    @cached_property
    def merges(self) -> entities.Merges:
        """Which entity each has become."""
        return entities.merges(self.session)

    @cached_property
    def near(self) -> set[str] | None:
        """Ids of the entities the user may know by name, None for all."""
        found = entities.open_to(self.session, self.work.scope, self.merges)
        if found is None:
            return None
        return found | self.merges.spread(setting_assessments.assessed(self.session, self.work.scope))

    @cached_property
    def places(self) -> Snapshot:
        """What is recorded at places."""
        return snapshot(self.work)

    @cached_property
    def pieces(self) -> dict[str, frozenset[str]]:
        """The pieces of every young person's name, by id."""
        return {id: _pieces(name) for id, name in self.names.items()}

    @cached_property
    def by_piece(self) -> dict[str, list[str]]:
        """Young people with names of two words or more, by the longest piece of the name."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for id, name in self.names.items():
            if len(name.split()) > 1 and self.pieces[id]:
                found[max(self.pieces[id], key=len)].append(id)
        return found

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
            return (decided or kept.owner_agency == self.user.agency) and self._open(kept.place)
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
        ids = {id: {self.merges.survivor(_id(p)) for p in named} for id, named in parties.items()}
        self.entities = entities.named(self.session, set().union(*ids.values()))
        chaired = [ids[a.id] for a in found if isinstance(a, MeetingAction) and self._chairs(a.meeting)]
        self.talked_of = {i for i in set().union(*chaired) if not isinstance(self.entities.get(i), Place)}
        return [self._row(a) for a in found]

    def places_told(self, found: Sequence[PlaceAction]) -> list[PlaceAction]:
        """`found` with each text as the user may know it, whoever wrote it with whom in mind."""
        if self.everything:
            return list(found)
        texts = [text for a in found for text in (a.text, a.why, a.result)]
        named = {self.merges.survivor(_id(p)) for text in texts for p in mentioned(text)}
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
                    owner_agency=self._hide(agency, there),
                    owner_person=person if (agency, person) in self.accounts else self._hide(person, there),
                )
            )
        return told

    def recorded(self, found: R) -> R:
        """An entity, event or relationship with each text as the user may know it."""
        if self.everything:
            return found
        texts: dict[str, Any] = {f: self._hide(getattr(found, f), ()) for f in TEXTS if hasattr(found, f)}
        if isinstance(found, Person):
            texts["other_names"] = tuple(self._hide(n, ()) for n in found.other_names)
        if isinstance(found, Event | Relationship):
            agency, reference = found.source.agency, found.source.reference
            texts["source"] = replace(found.source, agency=self._hide(agency, ()), reference=self._hide(reference, ()))
        return replace(found, **texts)

    def as_stored(self, before: E, edited: E) -> E:
        """`edited` with each text of `before` that it leaves as the user was shown it."""
        shown = self.recorded(before)
        texts = [f for f in (*TEXTS, "other_names") if hasattr(before, f)]
        return replace(edited, **{f: getattr(before, f) for f in texts if getattr(edited, f) == getattr(shown, f)})

    def _row(self, kept: Kept) -> Tracked:
        target, meeting = _target(kept), None if isinstance(kept, Action) else kept.meeting
        about = {*concerned(kept), *self.in_meeting.get(meeting or "", ())}
        place = self._label(target, about) if target.startswith("place:") else None
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
            target=target if self._known(target) else f"{target.partition(':')[0]}:",
            about=self._label(target, about),
            young_people=(*known, *[("", self.somebody)] * others),
            owner_agency=self._hide(kept.owner_agency, about),
            owner_person=kept.owner_person if owner in self.accounts else self._hide(kept.owner_person, about),
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
            about_unnamed=self._unnamed(target),
            agency_unnamed=self.nobody(kept.owner_agency, about),
            person_unnamed=self.worker(kept, about),
        )

    def _answers(self, kept: Kept) -> bool:
        """Whether the user answers for an action that is not their own."""
        works = self.everything or not self.working.isdisjoint(concerned(kept))
        chairs = not isinstance(kept, Action) and kept.meeting is not None and self._chairs(kept.meeting)
        places = isinstance(kept, PlaceAction) and permitted(self.user.roles, Permission.EDIT_PLACES)
        return works or chairs or places

    def _chairs(self, meeting: str) -> bool:
        return meeting in self.own_meetings and self.meetings[meeting].chair == self.user.id

    def said(self, text: str, about: Iterable[str] = (), parties: Iterable[str] = ()) -> str:
        """`text` as the user may know it: mentions called by name or not, and typed names of others hidden.

        Hidden is every word of the names of `about` (young people's ids), of `parties` (kind:id) and of who is
        mentioned, and whoever else stands there by an id or a whole name of two words or more.
        """
        named = mentioned(text)
        aliases = {p: said for p in {*named, *parties} if (said := self._called(p))}
        young = {_id(p) for p in named if p.startswith(f"{YOUNG_PERSON}:")}
        outside = self._outside(text, {*about, *young})
        names = outside | self._people_hidden({*named, *parties})
        said = masked(text, names, aliases | dict.fromkeys(outside, self.somebody))
        return said if said[:1] == text[:1] else said[:1].upper() + said[1:]

    def _hide(self, text: str, about: Iterable[str]) -> str:
        """As `said`, of a name, in which nothing is mentioned."""
        outside = self._outside(text, about)
        return hidden(text, outside, dict.fromkeys(outside, self.somebody)) if outside else text

    def _outside(self, text: str, about: Iterable[str]) -> dict[str, str]:
        """Names, by id, of those of `about`, and of all others, who may stand in `text` and the user may not know."""
        return {} if self.everything else self._written(text, about, self.inside)

    def _people_hidden(self, parties: Iterable[str]) -> dict[str, str]:
        """Names of the people and accounts among `parties` that the user may not know."""
        found = {p: self.entities.get(self.merges.survivor(_id(p))) for p in parties}
        return {
            p: e.name for p, e in found.items() if isinstance(e, Person | Account) and e.name and not self._known(p)
        }

    def _written(self, text: str, about: Iterable[str], but: Collection[str] = ()) -> dict[str, str]:
        """Names, by id, of all `but` some young people who may be named in `text`.

        They are those of `about` of whose name a piece stands there, and whoever else has an id there, or every piece
        of a name of two words or more. Text that `hidden` changes holds the pieces of what it hides.
        """
        there = _pieces(text)
        near = {id for piece in there for id in self.by_piece.get(piece, ()) if there >= self.pieces[id]}
        near |= {n.upper() for n in NUMBER.findall(text)}
        for id in self.names.keys() & set(about):
            if not self.pieces[id] or self.pieces[id] & there:  # A name of signs alone has none and may be anywhere.
                near.add(id)
        return {id: self.names[id] for id in near if id in self.names and id not in but}

    def worker(self, kept: Kept, about: Iterable[str]) -> str:
        """The name of who owns an action, unless it is a young person's and no account's."""
        owner = (kept.owner_agency, kept.owner_person)
        return kept.owner_person if owner in self.accounts else self.nobody(kept.owner_person, about)

    def nobody(self, text: str, about: Iterable[str]) -> str:
        """`text` without a young person's name, whether the user may know it or not."""
        names = self._written(text, about)
        return hidden(text, names, dict.fromkeys(names, A_YOUNG_PERSON)) if names else text

    def _known(self, target: str) -> bool:
        """Whether the user may know what `target` (kind:id) is."""
        kind, _, id = target.partition(":")
        if kind == YOUNG_PERSON:
            return id in self.inside
        id = self.merges.survivor(id)
        return id in self.entities and (self._near(id) or (kind == "place" and self._public(id)))

    def _near(self, id: str) -> bool:
        """Whether the user may know an entity by name; a chair also what their own meetings decided something about."""
        return self.near is None or id in self.near or id in self.talked_of

    def _label(self, target: str, about: Iterable[str]) -> str:
        """What the user may call `target` (kind:id), which stands in a plan as somebody typed it or by its id."""
        kind, _, id = target.partition(":")
        known = id in self.names if kind == YOUNG_PERSON else self.merges.survivor(id) in self.entities
        return self._hide(id, about) if self.reaches and not known else self._called(target, about)

    def _called(self, party: str, about: Iterable[str] = ()) -> str:
        """What the user may call `party` (kind:id); empty where it is of no kind there is."""
        kind, _, id = party.partition(":")
        if kind == YOUNG_PERSON and id in self.inside:
            return self.names[id]
        entity = self.entities.get(self.merges.survivor(id))
        if entity and self._near(entity.id):
            return self._hide(entity.label, about)
        if isinstance(entity, Place):
            return self._shown(entity)
        return self.somebody if kind == YOUNG_PERSON else UNNAMED.get(kind, "")

    def _unnamed(self, target: str) -> str:
        """What `target` is called in an e-mail."""
        kind, _, id = target.partition(":")
        entity = self.entities.get(self.merges.survivor(id))
        return self._shown(entity) if isinstance(entity, Place) else UNNAMED.get(kind, "")

    def _shown(self, place: Place) -> str:
        """A place as those may know it who know nobody there."""
        return self.places.shown(place.id, False).name if self._public(place.id) else A_HOME

    def _open(self, place: str) -> bool:
        id = self.merges.survivor(place)
        return self._near(id) or self._public(id)

    def _public(self, id: str) -> bool:
        return self.places.exposure.get(id, Exposure.HOME) != Exposure.HOME

    def _decided(self, meeting: str, about: Iterable[str]) -> DecidedAt:
        found = self.meetings[meeting]
        return DecidedAt(found.id, self._hide(found.title, about), found.on)


def _pieces(text: str) -> frozenset[str]:
    """The runs of letters and digits in `text`, without case and accents."""
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return frozenset(PIECE.findall("".join(bare).casefold()))


def _target(kept: Kept) -> str:
    return f"place:{kept.place}" if isinstance(kept, PlaceAction) else kept.target


def _id(party: str) -> str:
    return party.partition(":")[2]
