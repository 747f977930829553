"""Closing a meeting: its minutes, their versions and their signature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from chm import settings
from chm.access import Permission
from chm.assessments import Assessment
from chm.casework import frameworks, linked, network, shared_information
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.disguise import LIVED_IN, Typed, who_is_who
from chm.casework.linked import Linked, Look
from chm.casework.live_record import put_right as put_right_entry
from chm.casework.meetings import FURTHEST, carried, changed, enter, held, meeting_rules, out_of_sight, reviewed
from chm.casework.network import NetworkRecords, NetworkYoungPerson
from chm.casework.place_snapshot import snapshot
from chm.casework.sight import Sight
from chm.connections import Entity, Place, PlaceKind
from chm.errors import Conflict, Faults, NotFound
from chm.framework import Framework
from chm.linkage import rules as linkage_rules
from chm.linkage.ties import ONGOING, YOUNG_PERSON, Party
from chm.meetings import in_words
from chm.meetings import minutes as domain
from chm.meetings.coverage import Acting, Coverage, coverage
from chm.meetings.mentions import called, mentioned, mentioned_again
from chm.meetings.minutes import (
    Minuted,
    MinutedAction,
    MinutedLink,
    MinutedTotal,
    MinutedYoungPerson,
    Minutes,
    Present,
)
from chm.meetings.records import Attending, Entry, EntryKind, InMeeting, Meeting, MeetingAction, MeetingStatus
from chm.meetings.records import MinutesVersion as Kept
from chm.places.records import PlaceAction
from chm.privacy import SOMEBODY, closed, names_any
from chm.records import ActionStatus, YoungPerson
from chm.store import assessments, entities, meetings, people, places, plans, users
from chm.store.assessments import Latest

ATTENDING = {
    Attending.NOT_ASKED: "Not asked",
    Attending.ASKED: "Asked, no answer",
    Attending.CONFIRMED: "Present",
    Attending.ABSENT: "Absent",
    Attending.REPORT: "Sent a report",
}
STATUS = {
    ActionStatus.OPEN: "Not begun",
    ActionStatus.UNDER_WAY: "Under way",
    ActionStatus.DONE: "Done",
    ActionStatus.DROPPED: "Dropped",
}
CLOSED_BY = "It was closed meanwhile by {name}; nothing was changed. Their minutes stand as the draft"
SIGNS = "Only the chair of the meeting signs its minutes"


@dataclass(frozen=True)
class Version:
    """One version of the minutes: who made it when and why, and who signed it (names)."""

    number: int
    why: str
    made_by: str
    made_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    version: int


@dataclass(frozen=True)
class SaidThen:
    """What was said, with names, as its chair may put it right."""

    id: str
    kind: EntryKind
    text: str
    reason: str
    version: int


@intention(Permission.PLAN_MEETING)
def close(work: Work, meeting: Meeting, next_review: date | None) -> Version:
    """Closes a meeting, over the version it was read as, and drafts its minutes.

    Raises:
        Faults: the next review lies in the past, or more than a year ahead.
        NotFound: the user does not chair it.
        Conflict: somebody closed it or changed its plan since.
    """
    kept = held(work, meeting.id, chairing=True)
    if kept.closed_by:
        by = users.get(work.session, kept.closed_by)
        raise Conflict(CLOSED_BY.format(name=by.name if by else "somebody"))
    if next_review and next_review < max(kept.on, work.today):
        raise Faults(["next review: lies before today; give a later day"])
    if next_review and next_review > work.today + FURTHEST:
        raise Faults(["next review: lies more than a year ahead; give a nearer day"])
    closed = meetings.edit(
        work.session,
        replace(
            kept,
            status=MeetingStatus.CLOSED,
            next_review=next_review,
            closed_by=work.user.id,
            closed_at=work.now,
            version=meeting.version,
        ),
    )
    return _add(work, closed, "")


@intention(Permission.PLAN_MEETING)
def draft(work: Work, meeting: str, why: str = "") -> Version:
    """Brings an unsigned draft up to date, or starts a version that corrects the signed one, saying why.

    Raises:
        Faults: a correction without why.
        NotFound: the user does not chair it, or it is not closed yet.
    """
    kept = held(work, meeting, chairing=True)
    if kept.status != MeetingStatus.CLOSED:
        raise NotFound(CLOSED)
    checks = Checks(work.today)
    because = checks.note("why", why)
    checks.done()
    return _drafted(work, kept, because)


def _drafted(work: Work, meeting: Meeting, why: str) -> Version:
    before = meetings.minutes(work.session, meeting.id)
    last = before[-1] if before else None
    if last and last.signed_at is None:
        content = domain.to_json(composed(work, meeting))
        reason = "\n".join(dict.fromkeys(filter(None, (*last.why.splitlines(), *why.splitlines()))))
        anew = replace(last, content=content, why=reason, made_by=work.user.id, made_at=work.now)
        return _version(work, meetings.edit_minutes(work.session, anew))
    if last and not why:
        raise Faults(["why: empty; say what the new version corrects"])
    return _add(work, meeting, why)


@intention(Permission.PLAN_MEETING)
def sign(work: Work, meeting: str, number: int, version: int) -> Version:
    """Signs a draft as it was read: it never changes again.

    Raises:
        NotFound: the user does not chair the meeting, or there is no such version.
        Conflict: it is signed already, or was changed since.
    """
    kept = enter(work, meeting, chairing=True)
    if kept.chair != work.user.id:
        raise NotFound(SIGNS)
    found = one_version(work, kept, number)
    signed = replace(found, signed_by=work.user.id, signed_at=work.now, version=version)
    return _version(work, meetings.edit_minutes(work.session, signed))


@intention(Permission.PLAN_MEETING)
def said(work: Work, meeting: str) -> list[SaidThen]:
    """What was said in a meeting, with names, to put right. Raises NotFound where the user does not chair it.

    What has the typed name of a young person whom the chair may not know is for a safeguarding lead.
    """
    kept = enter(work, meeting, chairing=True)
    entries, unseen = meetings.entries(work.session, [kept.id]), out_of_sight(work, kept)
    sight = Sight(work, Permission.READ_CHILD)
    names = _names(work, entries)
    told = [SaidThen(e.id, e.kind, called(e.text, names), called(e.reason, names), e.version) for e in entries]
    work.opened(dict.fromkeys(y for e in entries for y in e.young_people if y not in unseen))
    typed = {e.id: f"{e.text} {e.reason}" for e in entries}
    return [s for s in told if not names_any(f"{s.text} {s.reason}", unseen) and sight.hide(typed[s.id]) == typed[s.id]]


@intention(Permission.PLAN_MEETING)
def put_right(work: Work, meeting: str, id: str, version: int, text: str, why: str) -> Version:
    """Puts right what the record of a closed meeting says, and drafts the minutes anew; what it said is kept.

    Raises:
        Faults: no text, or no reason; a tie no longer joins two.
        NotFound: the user does not chair the meeting, it has no such entry, or the text mentions who is not in it.
        Conflict: somebody changed it since.
    """
    kept, entry = _closed_entry(work, meeting, id)
    checks = Checks(work.today)
    because, words = checks.note("why", why, needed=True), checks.note("text", text, needed=True)
    checks.done()
    names = _names(work, [entry])
    right = put_right_entry(entry, mentioned_again(words, names, entry.text), entry.reason)
    if not names.keys() >= {*mentioned(right.text)}:
        raise NotFound(CLOSED)
    shared_information.follow(work, entry, right, because)
    new = replace(right, version=version)
    meetings.edit_entry(work.session, new, because, work.user.id, work.now, new_id("COR"))
    work.opened(right.young_people)
    return _drafted(work, kept, because)


@intention(Permission.PLAN_MEETING)
def strike(work: Work, meeting: str, id: str, version: int, why: str) -> Version:
    """Takes back what was said in a closed meeting, and drafts the minutes anew. Raises as `put_right`."""
    kept, entry = _closed_entry(work, meeting, id)
    checks = Checks(work.today)
    because = checks.note("why", why, needed=True)
    checks.done()
    gone = replace(entry, withdrawn_at=work.now, version=version)
    meetings.edit_entry(work.session, gone, because, work.user.id, work.now, new_id("COR"))
    shared_information.follow(work, entry, gone, because)
    return _drafted(work, kept, because)


def _closed_entry(work: Work, meeting: str, id: str) -> tuple[Meeting, Entry]:
    kept, entry = held(work, meeting, chairing=True), meetings.entry(work.session, id)
    if kept.status != MeetingStatus.CLOSED or entry.meeting != kept.id or entry.withdrawn_at is not None:
        raise NotFound(CLOSED)
    work.opened(entry.young_people)
    work.why = entry.id
    return kept, entry


def _names(work: Work, entries: list[Entry]) -> dict[str, str]:
    """What everybody of the meeting, and whoever and whatever `entries` mention, is called, by kind:id.

    A young person who is in it no more, or whose record is not open to the chair, is not named.
    """
    told = [m for e in entries for m in (*mentioned(e.text), *mentioned(e.reason))]
    known = entities.named(work.session, {m.partition(":")[2] for m in told})
    names = {m: SOMEBODY for m in told if m.startswith(f"{YOUNG_PERSON}:")}
    names |= {f"{YOUNG_PERSON}:{p.id}": p.name for p in people.everyone(work.session, work.scope)}
    sight = Sight(work, Permission.READ_CHILD)
    return names | {f"{entities.KIND[type(e)]}:{id}": sight.recorded(e).label for id, e in known.items()}


@intention(Permission.PLAN_MEETING)
def versions(work: Work, meeting: str) -> list[Version]:
    """Every version of a meeting's minutes, oldest first. Raises NotFound where the user does not chair it."""
    kept = enter(work, meeting, chairing=True)
    return [_version(work, m) for m in meetings.minutes(work.session, kept.id)]


@intention(Permission.PLAN_MEETING)
def read(work: Work, meeting: str, number: int) -> Minutes:
    """One version of the minutes, as `content` has it. Raises NotFound where there is none, or others chair it."""
    kept = enter(work, meeting, chairing=True)
    found = content(work, one_version(work, kept, number))
    work.opened(y.id for y in found.young_people)
    work.why = f"{kept.id} minutes {number}"
    return replace(found, others={}, told={})


def composed(work: Work, meeting: Meeting) -> Minutes:
    """The minutes of a meeting from what stands in its record, and what was recorded by the moment it was closed."""
    session, framework = work.session, frameworks.current()
    by = meeting.closed_at or work.now
    inside = meetings.young_people(session, [meeting.id])[meeting.id]
    records = _as_recorded(work, network.unmasked(work, tuple(y.young_person for y in inside)), by)
    seen = linked.linked(records, Look(known_by=by), linkage_rules.load(), by.astimezone(settings.ZONE).date())
    said = meetings.entries(session, [meeting.id])
    own: list[MeetingAction | PlaceAction] = [
        *meetings.actions(session, [meeting.id]),
        *places.actions_of_meetings(session, [meeting.id]),
    ]
    older = carried(work, meeting)
    before = reviewed(work, meeting)
    chosen = [p for p in records.young_people if p.chosen]
    names = {p.id: p.name for p in chosen}
    named = _named(work, records, said, [*own, *(c.action for c in older)])
    things = {party: e.label for party, e in named.items()}
    accounts = {u.id: u.name for u in users.every(session)}
    gaps = plan_coverage(work, seen, [*own, *(c.action for c in older)])
    made = Minutes(
        meeting=meeting.id,
        title=meeting.title,
        purpose=meeting.purpose,
        on=meeting.on,
        at=meeting.at,
        venue=meeting.venue,
        chair=accounts.get(meeting.chair, ""),
        attendance=tuple(
            Present(agency=a.agency, name=a.name, status=ATTENDING[a.status])
            for a in meetings.attendance(session, [meeting.id])[meeting.id]
        ),
        young_people=tuple(_young(work, framework, p, why, said, by) for p, why in _with_why(chosen, inside)),
        links=tuple(_links(seen)),
        said=tuple(_minuted(e) for e in said if e.kind in SAID),
        actions=tuple(_action(a, None) for a in own),
        carried=tuple(_action(c.action, c.meeting.on) for c in older),
        changes=in_words.changed(
            changed(work, records, before, by), framework, lambda id: names.get(id, ""), lambda t: things.get(t, "")
        )
        if before
        else (),
        gaps=in_words.gaps(gaps, framework, lambda id: names.get(id, ""), lambda t: things.get(t, "")),
        next_review=meeting.next_review,
        next_review_why=_review_why(chosen),
        names=names,
        things=things,
        homes=_homes(work, named),
        births={id: born for id in names if (born := people.get(session, id).born)},
    )
    return _with_typed(work, meeting, made, named)


SAID = (EntryKind.INFORMATION, EntryKind.VIEW, EntryKind.DISAGREEMENT, EntryKind.DECISION)


def plan_coverage(work: Work, seen: Linked, agreed: Iterable[MeetingAction | PlaceAction]) -> Coverage:
    """The plan of all actions that stand, own and agreed, against what is known of the young people chosen."""
    chosen = [p for p in seen.people.values() if p.chosen]
    levels = {p.id: {q.domain: q.level for q in p.latest.score.points} if p.latest else {} for p in chosen}
    acting = [
        Acting(pillar=a.pillar, target=a.target, young_people=(p.id,), domain=a.domain, step=a.step)
        for p in chosen
        for a in plans.actions(work.session, p.id)
        if a.status != ActionStatus.DROPPED
    ]
    for action in (a for a in agreed if a.status != ActionStatus.DROPPED):
        if isinstance(action, PlaceAction):
            target = f"place:{action.place}"
            acting.append(
                Acting(pillar=action.pillar, target=target, young_people=tied_to(seen, target), step=action.step)
            )
        else:
            acting.append(
                Acting(
                    pillar=action.pillar,
                    target=action.target,
                    young_people=action.young_people or tied_to(seen, action.target),
                    domain=action.domain,
                    step=action.step,
                )
            )
    judged = {p.id: p.latest.judged for p in chosen if p.latest}
    return coverage(frameworks.current(), meeting_rules(), levels, judged, acting, disruptable(seen))


def tied_to(seen: Linked, target: str) -> tuple[str, ...]:
    """The young people whom anything but protection ties to `target` (kind:id)."""
    party = Party(*target.split(":", 1))
    near = {p.id for t in seen.ties if party in t.parties and not t.protective for p in t.parties if p.young}
    return tuple(id for id in seen.people if id in near)


def disruptable(seen: Linked) -> list[str]:
    """What two or more share and may be disrupted (kind:id), most effect first."""
    return [f"{p.kind}:{p.id}" for p in seen.shared if p in seen.options]


def _as_recorded(work: Work, records: NetworkRecords, by: datetime) -> NetworkRecords:
    """`records` with the assessment of each young person chosen that was the newest at the moment `by`."""
    people_then = []
    for person in records.young_people:
        if person.chosen and person.latest:
            a = _last(work, person.id, by)
            latest = Latest(a.id, a.assessed_on, a.judgement.level, a.score, a.review_by) if a else None
            person = replace(person, latest=latest)
        people_then.append(person)
    return replace(records, young_people=tuple(people_then))


def _last(work: Work, young_person: str, by: datetime) -> Assessment | None:
    """The newest assessment recorded by the moment `by`."""
    every = [a for a in assessments.of(work.session, young_person) if a.recorded_at <= by]
    return every[-1] if every else None


def _with_why(chosen: list[NetworkYoungPerson], inside: list[InMeeting]) -> Iterable[tuple[NetworkYoungPerson, str]]:
    why = {y.young_person: y.why for y in inside}
    return ((p, why.get(p.id, "")) for p in chosen)


def _young(
    work: Work, framework: Framework, person: NetworkYoungPerson, why: str, said: list[Entry], by: datetime
) -> MinutedYoungPerson:
    record: YoungPerson = people.get(work.session, person.id)
    last = _last(work, person.id, by)
    words: defaultdict[EntryKind, list[str]] = defaultdict(list)
    for entry in said:
        if person.id in entry.young_people:
            words[entry.kind].append(entry.text)
    return MinutedYoungPerson(
        id=person.id,
        name=person.name,
        born=f"{record.born.day} {record.born:%B %Y}" if record.born else _aged(person.age),
        why=why,
        assessed_on=last.assessed_on if last else None,
        totals=tuple(_total(framework, axis, last.score.total(axis)) for axis in AXES) if last else (),
        judged=framework.level[last.judgement.level].name if last else "",
        judged_why=last.judgement.reason if last else "",
        flags=tuple(f.text for f in last.score.flags if f.code != "significant_domain") if last else (),
        significant=tuple(framework.domain[d].name for d in last.score.significant) if last else (),
        review_by=last.review_by if last else None,
        voice=tuple(words[EntryKind.VOICE]),
        parent=tuple(words[EntryKind.PARENT]),
        tells=tuple(words[EntryKind.TELLS]),
    )


AXES = ("harm", "context", "combined")


def _aged(age: int | None) -> str:
    return "Not known" if age is None else f"Not known; aged {age}"


def _total(framework: Framework, axis: str, total: object) -> MinutedTotal:
    title = next(str(a["name"]) for a in framework.axes if a["id"] == axis)
    score, band = getattr(total, "score", None), getattr(total, "band", None)
    return MinutedTotal(
        title=title,
        score=score,
        most=framework.maximum(axis),
        band=band,
        band_name=framework.level[band].band_name if band else "Not known",
    )


def _links(seen: Linked) -> Iterable[MinutedLink]:
    for party, shared in seen.shared.items():
        near = [t for t in seen.ties if party in t.parties]
        best = max((t.confidence for t in near), key=lambda c: c.rank, default=None)
        last = max((t.end for t in near if t.end and t.end != ONGOING), default=None)
        yield MinutedLink(
            target=f"{party.kind}:{party.id}",
            kind=_kind(seen, party),
            young_people=tuple(shared.young_people),
            agencies=tuple(sorted({t.agency for t in near if t.agency})),
            confidence=str(best or "").capitalize(),
            last=last,
        )


def _kind(seen: Linked, party: Party) -> str:
    record = seen.entity(party)
    if isinstance(record, Place) and record.place_kind != PlaceKind.PHYSICAL:
        return record.place_kind.value.capitalize()
    shape = seen.shape.get(party)
    return (shape or party.kind).replace("_", " ").capitalize()


def _minuted(entry: Entry) -> Minuted:
    return Minuted(
        kind=entry.kind.value,
        text=entry.text,
        agency=entry.agency,
        confidence=entry.confidence,
        first_hand=entry.first_hand,
        reason=entry.reason,
        young_people=entry.young_people,
        target=entry.target,
        at=entry.at,
    )


def _action(action: MeetingAction | PlaceAction, on: date | None) -> MinutedAction:
    place = isinstance(action, PlaceAction)
    return MinutedAction(
        id=action.id,
        target=f"place:{action.place}" if isinstance(action, PlaceAction) else action.target,
        pillar=action.pillar,
        text=action.text,
        owner_agency=action.owner_agency,
        owner_person=action.owner_person,
        due=action.due,
        status=STATUS[action.status],
        outcome=action.result if isinstance(action, PlaceAction) else action.outcome,
        young_people=() if place else action.young_people,  # type: ignore[union-attr]
        meeting_on=on,
    )


def _named(
    work: Work, records: NetworkRecords, said: list[Entry], actions: Iterable[MeetingAction | PlaceAction]
) -> dict[str, Entity]:
    """Everything but the young people, by kind:id: all in the records, and all that is mentioned."""
    found = {f"{p.kind}:{p.id}": e for p, e in records.entities.items()}
    told = [m for e in said for m in (*mentioned(e.text), *mentioned(e.reason), e.target)]
    for action in actions:
        told += mentioned(action.text)
        told += mentioned(action.outcome) if isinstance(action, MeetingAction) else ()
        told.append(f"place:{action.place}" if isinstance(action, PlaceAction) else action.target)
    more = {t for t in told if t and t not in found and not t.startswith(f"{YOUNG_PERSON}:")}
    known = entities.named(work.session, {t.partition(":")[2] for t in more})
    return found | {f"{entities.KIND[type(e)]}:{id}": e for id, e in known.items()}


def _homes(work: Work, named: Mapping[str, Entity]) -> tuple[str, ...]:
    exposed = snapshot(work).exposure
    return tuple(p for p, e in named.items() if isinstance(e, Place) and exposed.get(e.id) in LIVED_IN)


def _with_typed(work: Work, meeting: Meeting, made: Minutes, named: Mapping[str, Entity]) -> Minutes:
    """`made` with what its texts call by name, for the extracts: anybody's name, homes, accounts and vehicles.

    Whoever works with them is named too, and may share a name with a young person: there the whole name alone counts.
    """
    who, typed = who_is_who(work, meeting), Typed(snapshot(work), {})
    whole = domain.to_json(made)
    texts, lines = list(_texts(whole, False)), list(_texts(whole, True))
    near = {p: name for text in texts for p, name in who.near(text).items()}
    near |= {p: n for text in lines for p, n in who.near(text).items() if names_any(text, {p: n}, whole=True)}
    near |= {p: name for party, e in named.items() for p, name in typed.names(party, e).items()}
    inside = {f"{YOUNG_PERSON}:{id}" for id in made.names}
    told = {text: alias for party, e in named.items() for text, alias in typed.things(party, e).items()}
    run_together = closed(" ".join((*texts, *lines)))
    return replace(
        made,
        others={p: name for p, name in near.items() if p not in inside},
        told={text: alias for text, alias in told.items() if closed(text) in run_together},
    )


LINES = frozenset({"attendance", "chair", "agency", "agencies", "owner_agency", "owner_person"})
RECORDED = frozenset({"names", "things", "births", "links"})


def _texts(found: object, lines: bool, line: bool = False) -> Iterable[str]:
    """Every text in JSON that people typed: the names of agencies and of who works there as `lines`, or all others."""
    if isinstance(found, str) and line == lines:
        yield found
    elif isinstance(found, list):
        for part in found:
            yield from _texts(part, lines, line)
    elif isinstance(found, dict):
        for key, part in found.items():
            yield from _texts(part, lines, line or key in LINES) if key not in RECORDED else ()


def _review_why(chosen: list[NetworkYoungPerson]) -> str:
    due = [p.latest.review_by for p in chosen if p.latest and p.latest.review_by]
    return f"The earliest review due among them is {min(due):%d %B %Y}".replace(" 0", " ") if due else ""


def _add(work: Work, meeting: Meeting, why: str) -> Version:
    number = len(meetings.minutes(work.session, meeting.id)) + 1
    made = Kept(
        meeting=meeting.id,
        number=number,
        content=domain.to_json(composed(work, meeting)),
        why=why,
        made_by=work.user.id,
        made_at=work.now,
    )
    meetings.add_minutes(work.session, made)
    return _version(work, made)


def one_version(work: Work, meeting: Meeting, number: int) -> Kept:
    """One version of a meeting's minutes as it is kept. Raises NotFound where there is none."""
    found = next((m for m in meetings.minutes(work.session, meeting.id) if m.number == number), None)
    if found is None:
        raise NotFound(CLOSED)
    return found


def content(work: Work, kept: Kept) -> Minutes:
    """What a version of a meeting's minutes says, as `as_read` has it."""
    return as_read(work, domain.of_json(kept.content), meetings.get(work.session, kept.meeting))


def as_read(work: Work, found: Minutes, meeting: Meeting) -> Minutes:
    """`found` without whoever's record is not open to the user any more, nor the whole name of who was not there."""
    sight, unseen = Sight(work, Permission.READ_CHILD), out_of_sight(work, meeting)
    told = partial(sight.beyond, others=unseen)
    read = domain.as_read(found, told, lambda agency, name: name if (agency, name) in sight.accounts else told(name))
    return domain.without(read, unseen)


def version_why(work: Work, kept: Kept) -> str:
    """Why a version was made, as the user may know it."""
    unseen = out_of_sight(work, meetings.get(work.session, kept.meeting))
    return Sight(work, Permission.READ_CHILD).hide(kept.why, unseen)


def _version(work: Work, kept: Kept) -> Version:
    accounts = {u.id: u.name for u in users.every(work.session)}
    signed = accounts.get(kept.signed_by, "") if kept.signed_by else None
    made = accounts.get(kept.made_by, "")
    why = version_why(work, kept)
    return Version(kept.number, why, made, kept.made_at, signed, kept.signed_at, kept.version)
