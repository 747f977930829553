"""The minutes: what they hold, what one young person's extract holds of them, and what each agency leaves with.

Texts mention people and things by id (`chm.meetings.mentions`); each copy calls them as its reader may know them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from pydantic import TypeAdapter

from chm.meetings.mentions import called, masked
from chm.privacy import SOMEBODY, hidden

CHILD = "young_person"
UNNAMED = {"person": "somebody else", "account": "an account", "vehicle": "a vehicle", "group": "a group"}
TYPED = ("person:", "account:")


@dataclass(frozen=True, kw_only=True)
class Present:
    """An agency and its coming, `status` in words; `name` is who came."""

    agency: str
    name: str
    status: str


@dataclass(frozen=True, kw_only=True)
class MinutedTotal:
    """One of the three totals as it was assessed: `score` of `most`, and the band's id and name."""

    title: str
    score: int | None
    most: int
    band: str | None
    band_name: str


@dataclass(frozen=True, kw_only=True)
class MinutedYoungPerson:
    """A young person as the meeting looked at them.

    Attributes:
        born: as it stands in the record, as words. why: why they were in the meeting.
        judged: the level a person decided, by name. flags, significant: in words.
        voice, parent: what they and a parent or carer say. tells: who tells them the outcome.
    """

    id: str
    name: str
    born: str
    why: str
    assessed_on: date | None
    totals: tuple[MinutedTotal, ...]
    judged: str
    judged_why: str
    flags: tuple[str, ...]
    significant: tuple[str, ...]
    review_by: date | None
    voice: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MinutedLink:
    """Something that two or more of the young people share, and on whose word.

    Attributes:
        target: kind:id. kind: in words. young_people: ids. agencies: who said so. confidence: the best of it, in words.
    """

    target: str
    kind: str
    young_people: tuple[str, ...]
    agencies: tuple[str, ...]
    confidence: str
    last: date | None


@dataclass(frozen=True, kw_only=True)
class Minuted:
    """Something said or decided: whose it is, about whom (ids), how sure, and for what reason."""

    kind: str
    text: str
    agency: str = ""
    confidence: str = ""
    first_hand: bool | None = None
    reason: str = ""
    young_people: tuple[str, ...] = ()
    target: str = ""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MinutedAction:
    """An action as it stood when the minutes were made. `target` is kind:id, `status` in words."""

    id: str
    target: str
    pillar: str
    text: str
    owner_agency: str
    owner_person: str
    due: date | None
    status: str
    outcome: str = ""
    young_people: tuple[str, ...] = ()
    meeting_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """All that one version of the minutes says.

    Attributes:
        chair: a name. said: information, views, disagreements and decisions, as they were said.
        actions: decided at this meeting. carried: open from earlier ones. changes: since the last meeting, in words.
        next_review: the day decided, with `next_review_why`. gaps: what nobody acts on yet, in words.
        names: of the young people by id. things: what every other mentioned party is called, by kind:id.
        homes: those of the things where somebody lives.
        for_whom: id of the young person whose extract it is, empty in the chair's own copy.
    """

    meeting: str
    title: str
    purpose: str
    on: date
    at: time | None
    venue: str
    chair: str
    attendance: tuple[Present, ...]
    young_people: tuple[MinutedYoungPerson, ...]
    links: tuple[MinutedLink, ...]
    said: tuple[Minuted, ...]
    actions: tuple[MinutedAction, ...]
    carried: tuple[MinutedAction, ...] = ()
    changes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    next_review: date | None
    next_review_why: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    things: Mapping[str, str] = field(default_factory=dict)
    homes: tuple[str, ...] = ()
    for_whom: str = ""

    def words(self, text: str) -> str:
        """`text` as this copy's reader may know it."""
        return called(text, self._called, SOMEBODY)

    def who(self, ids: tuple[str, ...]) -> str:
        """The young people `ids` by the names this copy has for them; what is masked is said once."""
        return ", ".join(dict.fromkeys(self.names.get(id, SOMEBODY) for id in ids))

    def what(self, target: str) -> str:
        """What `target` (kind:id) is called in this copy."""
        return self._called.get(target, SOMEBODY)

    @property
    def _called(self) -> dict[str, str]:
        return {**self.things, **{f"{CHILD}:{id}": name for id, name in self.names.items()}}


_json = TypeAdapter(Minutes)


def to_json(minutes: Minutes) -> dict[str, Any]:
    """`minutes` as JSON types, to keep."""
    return _json.dump_python(minutes, mode="json")  # type: ignore[no-any-return]


def of_json(kept: Mapping[str, Any]) -> Minutes:
    """The minutes that `to_json` gave."""
    return _json.validate_python(dict(kept))


def extract(minutes: Minutes, young_person: str) -> Minutes:
    """What the minutes say of one young person, everybody else in it masked.

    Kept are the whole of their own summary, and what was said, decided and linked about them. Of the purpose, gaps and
    changes, which are about all of them, nothing is kept. Nobody else is named, by mention or as typed: no other young
    person, no person of concern, no account or vehicle, and no home.

    Raises:
        KeyError: the minutes are not about them.
    """
    own = next((y for y in minutes.young_people if y.id == young_person), None)
    if own is None:
        raise KeyError(young_person)
    things = {t: _unnamed(minutes, t) or name for t, name in minutes.things.items()}
    kept = {**things, f"{CHILD}:{young_person}": minutes.names[young_person]}
    others = {f"{CHILD}:{id}": name for id, name in minutes.names.items() if id != young_person}
    people = {t: n for t, n in minutes.things.items() if things[t] != n and t.startswith(TYPED) and n[:1] != "“"}
    names, become = {**people, **others}, dict.fromkeys(others, SOMEBODY) | {t: things[t] for t in people}

    def mask(text: str) -> str:
        return masked(text, names, {**kept, **become})

    def theirs(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id for id in ids if id == young_person)

    return replace(
        minutes,
        title="Complex strategy meeting",
        purpose="",
        young_people=(_each_text(own, mask),),
        links=tuple(
            replace(k, young_people=_with_others(k.young_people, young_person))
            for k in minutes.links
            if young_person in k.young_people
        ),
        said=tuple(
            replace(_each_text(s, mask), young_people=theirs(s.young_people), target=_open(s.target, young_person))
            for s in minutes.said
            if young_person in s.young_people
        ),
        actions=_actions(minutes.actions, young_person, mask),
        carried=_actions(minutes.carried, young_person, mask),
        changes=(),
        gaps=(),
        next_review_why="",
        names={young_person: minutes.names[young_person]},
        things={target: hidden(name, names, become) for target, name in things.items()},
        for_whom=young_person,
    )


def of_agency(minutes: Minutes, agency: str) -> tuple[MinutedAction, ...]:
    """The actions that `agency` owns, new and carried over, soonest due first."""
    own = [a for a in (*minutes.actions, *minutes.carried) if a.owner_agency == agency]
    return tuple(sorted(own, key=lambda a: (a.due is None, a.due or date.max, a.id)))


def agencies(minutes: Minutes) -> tuple[str, ...]:
    """Who owns an action, new or carried over, by name."""
    return tuple(sorted({a.owner_agency for a in (*minutes.actions, *minutes.carried)}))


def _unnamed(minutes: Minutes, target: str) -> str:
    """What an extract calls `target` in place of its name; empty where it may be named."""
    return "a home" if target in minutes.homes else UNNAMED.get(target.partition(":")[0], "")


def _with_others(ids: tuple[str, ...], young_person: str) -> tuple[str, ...]:
    """The young person, and one unnamed id for all others, whose number would tell of them."""
    return (young_person, "") if len(ids) > 1 else (young_person,)


def _open(target: str, young_person: str) -> str:
    return target if not target.startswith(f"{CHILD}:") or target == f"{CHILD}:{young_person}" else ""


def _actions(
    actions: tuple[MinutedAction, ...], young_person: str, mask: Callable[[str], str]
) -> tuple[MinutedAction, ...]:
    return tuple(
        replace(_each_text(a, mask), young_people=(young_person,), target=_open(a.target, young_person))
        for a in actions
        if young_person in a.young_people
    )


TEXTS = ("text", "reason", "outcome", "why", "judged_why", "owner_person", "flags", "voice", "parent", "tells")


def _each_text(found: Any, mask: Callable[[str], str]) -> Any:
    """A copy with every text of it that a person wrote passed through `mask`."""
    texts = {n: getattr(found, n) for n in TEXTS if hasattr(found, n)}
    become = {n: tuple(map(mask, t)) if isinstance(t, tuple) else mask(t) for n, t in texts.items()}
    return replace(found, **become)
