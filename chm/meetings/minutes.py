"""The minutes: what they hold, what one young person's extract holds of them, and what each agency leaves with.

Texts mention people and things by id (`chm.meetings.mentions`); each copy calls them as its reader may know them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from pydantic import TypeAdapter

from chm.meetings.masking import Mask, typed_names
from chm.meetings.mentions import called, mentioned_again
from chm.privacy import SOMEBODY

CHILD = "young_person"
UNNAMED = {"person": "somebody else", "account": "an account", "vehicle": "a vehicle", "group": "a group"}
TYPED, LEAST_TYPED = ("account:", "vehicle:"), 3
WITHHELD = "Withheld: it names somebody else"


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
        others: what else people may have typed for somebody, by kind:id, a further name with `#` and a number after it:
            names of young people outside the meeting, what any of them or a person of concern is called in short.
        told: what else an extract does not say, a home's address, an account, a plate, and what it says for it.
        births: birth dates of the young people by id.
        for_whom: id of the young person whose extract it is, empty in the chair's own copy.
        left_out: how many young people of the meeting this copy leaves out, as `without` does.
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
    others: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    births: Mapping[str, date] = field(default_factory=dict)
    for_whom: str = ""
    left_out: int = 0

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

    Kept are the whole of their own summary, and what was said, decided and linked about them. Of the purpose, why they
    were added, gaps and changes, which are about all of them, nothing is kept. Nobody else is named, by mention or as
    typed: no other young person, of the meeting or not, no person of concern, no account or vehicle, and no home. Who
    came and who owns an action is left out where their name is that of one of these.

    Raises:
        KeyError: the minutes are not about them.
    """
    own = next((y for y in minutes.young_people if y.id == young_person), None)
    if own is None:
        raise KeyError(young_person)
    me = f"{CHILD}:{young_person}"
    mask = _mask(minutes, me)
    links = [k for k in minutes.links if young_person in k.young_people]
    actions, carried = (_actions(found, me, mask) for found in (minutes.actions, minutes.carried))
    said = tuple(
        replace(_each_text(s, mask), young_people=(young_person,), target=_open(s.target, me))
        for s in minutes.said
        if young_person in s.young_people
    )
    targets = {*(k.target for k in links), *(x.target for x in (*said, *actions, *carried))}
    return replace(
        minutes,
        title="Complex strategy meeting",
        purpose="",
        venue=mask(minutes.venue),
        attendance=tuple(replace(p, agency=mask(p.agency), name=_nobody(p.name, mask)) for p in minutes.attendance),
        young_people=(replace(_each_text(own, mask), why=""),),
        links=tuple(
            replace(k, young_people=_with_others(k.young_people, young_person), agencies=tuple(map(mask, k.agencies)))
            for k in links
        ),
        said=said,
        actions=actions,
        carried=carried,
        changes=(),
        gaps=(),
        next_review_why="",
        names={young_person: minutes.names[young_person]},
        things={t: _unnamed(minutes, t) or mask(n) for t, n in minutes.things.items() if t in targets},
        homes=tuple(t for t in minutes.homes if t in targets),
        others={},
        told={},
        births={},
        for_whom=young_person,
    )


def without(minutes: Minutes, gone: Mapping[str, str]) -> Minutes:
    """The minutes for somebody to whom the records of those `gone` (names by id) are not open: they are named nowhere.

    What was said, decided, linked and changed about nobody else is left out.
    """
    if not gone:
        return minutes
    parties = {f"{CHILD}:{id}" for id in gone}
    inside = {f"{CHILD}:{id}": name for id, name in minutes.names.items()}
    known = {**minutes.others, **inside, **{f"{CHILD}:{id}": name for id, name in gone.items()}}
    names = {p: n for p, n in known.items() if p.partition("#")[0] in parties}
    mask = Mask(
        names=names,
        called={t: f"@{{{t}}}" for t in {*minutes.things, *inside} - parties} | dict.fromkeys(parties, SOMEBODY),
        born=frozenset(day for id, day in minutes.births.items() if id in gone),
        here=frozenset(names),
        withheld=WITHHELD,
    )

    def kept(found: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            replace(
                _each_text(f, mask),
                young_people=tuple(y for y in f.young_people if y not in gone),
                target="" if f.target in parties else f.target,
            )
            for f in found
            if not (about := {f"{CHILD}:{y}" for y in f.young_people} | ({f.target} if f.target in inside else set()))
            or about - parties
        )

    links = [replace(k, young_people=tuple(y for y in k.young_people if y not in gone)) for k in minutes.links]
    return replace(
        minutes,
        title=mask(minutes.title),
        purpose=mask(minutes.purpose),
        venue=mask(minutes.venue),
        attendance=tuple(replace(p, agency=mask(p.agency), name=_nobody(p.name, mask)) for p in minutes.attendance),
        young_people=tuple(
            replace(_each_text(y, mask), why=mask(y.why)) for y in minutes.young_people if y.id not in gone
        ),
        links=tuple(replace(k, agencies=tuple(map(mask, k.agencies))) for k in links if len(k.young_people) > 1),
        said=kept(minutes.said),
        actions=kept(minutes.actions),
        carried=kept(minutes.carried),
        changes=tuple(c for c in minutes.changes if not mask.names_somebody(c)),
        gaps=tuple(g for g in minutes.gaps if not mask.names_somebody(g)),
        next_review_why=mask(minutes.next_review_why),
        names={id: name for id, name in minutes.names.items() if id not in gone},
        things={t: mask(n) for t, n in minutes.things.items()},
        others={p: n for p, n in minutes.others.items() if p.partition("#")[0] not in parties},
        births={id: day for id, day in minutes.births.items() if id not in gone},
        left_out=len(gone),
    )


def as_read(minutes: Minutes, told: Callable[[str], str], worker: Callable[[str, str], str]) -> Minutes:
    """The minutes with every text that people typed as its reader may know it.

    Args:
        told: gives such a text, with its mentions as they are. worker: gives a name of those who work at an agency.
    """

    def actions(found: tuple[MinutedAction, ...]) -> tuple[MinutedAction, ...]:
        return tuple(replace(_each_text(a, told), owner_person=worker(a.owner_agency, a.owner_person)) for a in found)

    return replace(
        minutes,
        title=told(minutes.title),
        purpose=told(minutes.purpose),
        venue=told(minutes.venue),
        attendance=tuple(replace(p, agency=told(p.agency), name=worker(p.agency, p.name)) for p in minutes.attendance),
        young_people=tuple(replace(_each_text(y, told), why=told(y.why)) for y in minutes.young_people),
        links=tuple(replace(k, agencies=tuple(map(told, k.agencies))) for k in minutes.links),
        said=tuple(_each_text(s, told) for s in minutes.said),
        actions=actions(minutes.actions),
        carried=actions(minutes.carried),
        changes=tuple(map(told, minutes.changes)),
        gaps=tuple(map(told, minutes.gaps)),
        next_review_why=told(minutes.next_review_why),
        things={party: told(name) for party, name in minutes.things.items()},
    )


def _mask(minutes: Minutes, me: str) -> Callable[[str], str]:
    """What an extract for `me` (kind:id) makes of texts."""
    inside = {f"{CHILD}:{id}": name for id, name in minutes.names.items()}
    things = {t: _unnamed(minutes, t) or name for t, name in minutes.things.items()}
    told = {n: things[t] for t, n in minutes.things.items() if t.startswith(TYPED) or t in minutes.homes}
    people: dict[str, str] = {}
    for party, name in ((t, n) for t, n in minutes.things.items() if t.startswith("person:") and n[:1] != "“"):
        names, described = typed_names(party, [name])
        people |= names
        told |= dict.fromkeys(described, things[party])
    others = {p: n for p, n in {**people, **minutes.others, **inside}.items() if p.partition("#")[0] != me}
    mask = Mask(
        names=others,
        called={**things, **dict.fromkeys(inside, SOMEBODY), me: inside[me]},
        things={n: said for n, said in {**told, **minutes.told}.items() if len(n) >= LEAST_TYPED and n[:1] != "“"},
        born=frozenset(day for id, day in minutes.births.items() if f"{CHILD}:{id}" != me),
        here=frozenset(others),
        withheld=WITHHELD,
    )
    # Their own whole name stays, though a brother or sister has a part of it.
    return lambda text: mask(mentioned_again(text, {me: inside[me]}))


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


def _open(target: str, me: str) -> str:
    return target if not target.startswith(f"{CHILD}:") or target == me else ""


def _actions(actions: tuple[MinutedAction, ...], me: str, mask: Callable[[str], str]) -> tuple[MinutedAction, ...]:
    id = me.partition(":")[2]
    return tuple(
        replace(
            _each_text(a, mask),
            young_people=(id,),
            target=_open(a.target, me),
            owner_person=_nobody(a.owner_person, mask),
        )
        for a in actions
        if id in a.young_people or a.target == me
    )


def _nobody(name: str, mask: Callable[[str], str]) -> str:
    """The name of somebody at work, unless it is that of somebody who is masked."""
    return name if mask(name) == name else ""


TEXTS = ("text", "reason", "outcome", "judged_why", "agency", "owner_agency", "flags", "voice", "parent", "tells")


def _each_text(found: Any, mask: Callable[[str], str]) -> Any:
    """A copy with every text of it that a person wrote passed through `mask`."""
    texts = {n: getattr(found, n) for n in TEXTS if hasattr(found, n)}
    become = {n: tuple(map(mask, t)) if isinstance(t, tuple) else mask(t) for n, t in texts.items()}
    return replace(found, **become)
