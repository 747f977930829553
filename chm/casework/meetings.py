"""Planning a complex strategy meeting: what it is about, who it is about and why, who should be in the room."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from chm import settings
from chm.access import Permission, Reach, Scope
from chm.assessments import plain_text
from chm.casework import frameworks, linked, network
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.disguise import WhoIsWho, who_is_who
from chm.casework.linked import Look
from chm.casework.meeting_rules import meeting_rules
from chm.casework.network import NetworkRecords, NetworkYoungPerson
from chm.casework.people import MOST_FOUND, Found
from chm.casework.place_snapshot import Snapshot, snapshot
from chm.casework.sight import Sight
from chm.connections import Event, Relationship
from chm.errors import Conflict, NotFound
from chm.linkage import rules as linkage_rules
from chm.linkage.ties import YOUNG_PERSON, Party
from chm.meetings import since
from chm.meetings.expected import Expected, Told, expected, missing
from chm.meetings.records import Attendance, Attending, InMeeting, Meeting, MeetingAction, MeetingStatus
from chm.meetings.since import Since
from chm.places.records import PlaceAction
from chm.places.shown import Exposure
from chm.privacy import names_any
from chm.records import Notice, Role, User
from chm.store import assessments, meetings, notices, people, places, shared_actions, users
from chm.store import network as store_network

__all__ = ["meeting_rules"]

ADDED = "They are to be talked about at a complex strategy meeting: see Meetings for when and why"
OVER = "This meeting is closed; nothing was saved. A correction to its minutes makes a new version of them"
ALIKE = "Several agencies are called alike here, as they name somebody whom you may not know; ask a safeguarding lead"
PARTNERS_STAY = timedelta(days=1)
FURTHEST = timedelta(days=366)  # A meeting opens its young people to its chair from when it is planned.
LEAST_PURPOSE, MOST_SHARED = 10, 4
UNTITLED = "Complex strategy meeting"
WORKERS = frozenset({Role.PRACTITIONER, Role.CHAIR})
ABLE = WORKERS | {Role.PARTNER}


@dataclass(frozen=True, kw_only=True)
class NewMeeting:
    """A meeting before it has an id; `young_people` (ids) come in for its `purpose`."""

    title: str
    purpose: str
    on: date
    at: time | None = None
    venue: str = ""
    review_of: str | None = None
    young_people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """A meeting in a list: how many young people, its chair's name, and what the reader is in it.

    `as_` is "chair", "invited", or "worker" for one whose young person it is about; `own` are their ids then. To all
    but the chair the meeting comes without its title and purpose, which may name young people.
    """

    meeting: Meeting
    chair: str
    young_people: int
    as_: str
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class MaskedGroup:
    """Young people who are linked, known by what they share alone until they are added for a purpose.

    `shares` are public places and what else names nobody; `mine` counts those in the reader's reach.
    """

    young_people: tuple[str, ...]
    shares: tuple[str, ...]
    bands: Mapping[str, int]
    mine: int


@dataclass(frozen=True)
class Carried:
    """An action of an earlier meeting that is still to be done."""

    action: MeetingAction | PlaceAction
    meeting: Meeting


@dataclass(frozen=True, eq=False)
class Plan:
    """A meeting as its chair prepares it.

    Attributes:
        records: what links its young people. invited: users let into the room.
        expected: who should be there; those not yet coming stand in `missing`. since: None where it reviews nothing.
    """

    meeting: Meeting
    chair: str
    young_people: tuple[InMeeting, ...]
    records: NetworkRecords
    attendance: tuple[Attendance, ...]
    invited: tuple[User, ...]
    expected: tuple[Expected, ...]
    missing: tuple[Expected, ...]
    carried: tuple[Carried, ...]
    since: Since | None
    reviewed: Meeting | None


def enter(work: Work, id: str, *, chairing: bool = False) -> Meeting:
    """The meeting `id`, whose room the rest of `work` is done in.

    In it are its chair, for as long as `data/meetings.yaml` says, and the safeguarding leads; unless `chairing` is
    asked for also whoever is invited: as long as the chair; where they work with no young people themselves, as
    partners, until 24 hours after it began, or the end of the day after it where it has no hour. Raises NotFound to
    all others.
    """
    meeting = meetings.get(work.session, id)
    work.record = meeting.id
    if not chairs(work, meeting) and (chairing or not _invited(work, meeting)):
        raise NotFound(CLOSED)
    work.meeting, work.why = meeting.id, meeting.id
    return meeting


def chairs(work: Work, meeting: Meeting) -> bool:
    """Whether the user is in `meeting` as its chair, as every safeguarding lead is."""
    lead = Role.SAFEGUARDING_LEAD in work.user.roles
    return lead or (meeting.chair == work.user.id and _seen_still(work, meeting))


def _invited(work: Work, meeting: Meeting) -> bool:
    partner = work.user.roles.isdisjoint(WORKERS)
    there = _partners_stay(work, meeting) if partner else _seen_still(work, meeting)
    return there and work.user.id in meetings.invited(work.session, meeting.id)


def _partners_stay(work: Work, meeting: Meeting) -> bool:
    if meeting.at is None:
        return work.today <= meeting.on + PARTNERS_STAY
    return work.now <= datetime.combine(meeting.on, meeting.at, settings.ZONE) + PARTNERS_STAY


def _seen_still(work: Work, meeting: Meeting) -> bool:
    return work.today <= meeting.seen_until(meeting_rules().sight_days)


def enter_to_change(work: Work, id: str, *, chairing: bool = False) -> Meeting:
    """The meeting `id` as `enter` gives it, with its room held until the end of the transaction: it changes.

    Raises:
        NotFound: as `enter`.
        Conflict: it is closed.
    """
    meeting = held(work, id, chairing=chairing)
    if meeting.status == MeetingStatus.CLOSED:
        raise Conflict(OVER)
    return meeting


def held(work: Work, id: str, *, chairing: bool = False) -> Meeting:
    """The meeting `id` as `enter` gives it, once everybody else who changes its room is done. Raises NotFound."""
    enter(work, id, chairing=chairing)
    meetings.moved(work.session, id)
    return meetings.get(work.session, id)


@intention(Permission.ATTEND_MEETING, hourly=True)
def mine(work: Work) -> list[Listed]:
    """The meetings that the user chairs or is invited to, and those about a young person of theirs; newest first."""
    session, lead = work.session, Role.SAFEGUARDING_LEAD in work.user.roles
    own = meetings.of_user(session, work.scope, every=lead)
    near = [] if lead else [m for m in meetings.holding(session, work.scope) if m.id not in {o.id for o in own}]
    found = sorted((*own, *near), key=lambda m: (m.on, m.at or time.min, m.id), reverse=True)
    children = meetings.young_people(session, [m.id for m in found])
    names = {u.id: u.name for u in users.every(session)}
    reach = {p.id for p in people.everyone(session, work.scope)} if near else set()
    listed, unseen, sight = [], out_of_sight(work, *found), Sight(work, Permission.READ_CHILD)
    for m in found:
        own_here = tuple(y.young_person for y in children[m.id] if y.young_person in reach)
        as_ = "chair" if chairs(work, m) else "worker" if m in near else "invited"
        if as_ == "invited" and not _invited(work, m):
            continue
        theirs = {y.young_person for y in children[m.id]} - reach
        told = _hidden(m, unseen, sight) if as_ == "chair" else _untold(m, theirs, sight)
        listed.append(Listed(told, names.get(m.chair, ""), len(children[m.id]), as_, own_here if m in near else ()))
    work.listed((row.meeting.id, *row.own) for row in listed)
    return listed


def out_of_sight(work: Work, *meeting: Meeting) -> dict[str, str]:
    """Names, by id, of a meeting's young people whose records are not open to the user: restricted since, or closed."""
    found = meetings.young_people(work.session, [m.id for m in meeting]).values()
    scopes = work.scope, work.scope_by(Permission.READ_CHILD)
    near = {p.id for s in scopes for p in people.everyone(work.session, s)}
    return shared_actions.names(work.session, {y.young_person for young in found for y in young} - near)


def _hidden(meeting: Meeting, names: Mapping[str, str], sight: Sight) -> Meeting:
    """A meeting's plan without `names`, by id, that its chair typed there while they might know them.

    Nor has it the whole name of anybody else out of sight.
    """
    typed = meeting.title, meeting.purpose, meeting.venue
    title, purpose, venue = (sight.hide(text, names) for text in typed)
    return replace(meeting, title=title, purpose=purpose, venue=venue)


def _untold(meeting: Meeting, young_people: Collection[str], sight: Sight) -> Meeting:
    """`meeting` for somebody who does not chair it and may not know `young_people` (ids)."""
    return replace(meeting, title=UNTITLED, purpose="", venue=sight.hide(meeting.venue, young_people))


@intention(Permission.PLAN_MEETING)
def create(work: Work, new: NewMeeting) -> Meeting:
    """Plans a meeting and tells the workers of its young people.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: a young person, or the meeting that it reviews, is not there or not open to the user.
    """
    if new.review_of:
        enter(work, new.review_of, chairing=True)
        work.meeting = ""
    checks = Checks(work.today)
    meeting = _checked(
        checks,
        Meeting(
            id=new_id("M"), title=new.title, purpose=new.purpose, on=new.on, at=new.at, venue=new.venue,
            chair=work.user.id, review_of=new.review_of,
        ),
        upcoming=True,
    )  # fmt: skip
    wanted = _wanted(checks, new.young_people, meeting.purpose)
    checks.done()
    meetings.add(work.session, meeting)
    _include(work, meeting, wanted, meeting.purpose)
    work.record = work.why = meeting.id
    return meeting


@intention(Permission.PLAN_MEETING)
def edit(work: Work, meeting: Meeting, shown: Meeting | None = None) -> Meeting:
    """Writes a plan over the version it was read as.

    Args:
        shown: as `plan` gave it out, with names perhaps withheld; a text left as shown stays as it is stored.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: there is no such meeting, or the user does not chair it.
        Conflict: somebody changed it since, or it is closed.
    """
    kept = enter_to_change(work, meeting.id, chairing=True)
    said = replace(
        kept,
        title=kept.title if shown and meeting.title == shown.title else meeting.title,
        purpose=kept.purpose if shown and meeting.purpose == shown.purpose else meeting.purpose,
        venue=kept.venue if shown and meeting.venue == shown.venue else meeting.venue,
        on=meeting.on,
        at=meeting.at,
        version=meeting.version,
    )
    checks = Checks(work.today)
    checked = _checked(checks, said, upcoming=meeting.on != kept.on)
    checks.done()
    edited = meetings.edit(work.session, checked)
    unseen = out_of_sight(work, edited, *meetings.chain(work.session, edited))
    return _hidden(edited, unseen, Sight(work, Permission.READ_CHILD))


@intention(Permission.PLAN_MEETING)
def find(work: Work, text: str) -> list[Found]:
    """At most 20 young people by id or part of a name, whoever works with them, for a meeting that is planned."""
    found = people.find(work.session, _everybody(work), plain_text(text)[:200], MOST_FOUND)
    work.opened(p.id for p in found)
    return [Found(p.id, p.name, p.age_at(work.today), p.home_borough) for p in found]


@intention(Permission.PLAN_MEETING)
def groups(work: Work) -> list[MaskedGroup]:
    """Linked young people of the whole borough, largest group first; nobody in it is named."""
    session, everybody = work.session, _everybody(work)
    names = {p.id: p.name for p in people.everyone(session, everybody)}
    ids = list(names)
    around, latest = store_network.around(session, everybody, ids), assessments.latest(session, everybody)
    everyone = tuple(NetworkYoungPerson(id, id, latest=latest.get(id), chosen=True) for id in ids)
    records = NetworkRecords(everyone, around.entities, around.events, around.relationships)
    seen = linked.linked(records, Look(), linkage_rules.load(), work.today)
    mine, kept = {p.id for p in people.everyone(session, work.scope)}, snapshot(work)
    return [
        MaskedGroup(
            young_people=row.young_people,
            shares=_shares(kept, [p for p, _ in row.shared], {id: names[id] for id in row.young_people}),
            bands=dict(row.spread.bands),
            mine=len(mine.intersection(row.young_people)),
        )
        for row in seen.groups
        if len(row.young_people) > 1
    ]


@intention(Permission.PLAN_MEETING)
def include(work: Work, meeting: str, young_people: tuple[str, ...], why: str) -> None:
    """Adds young people to a meeting for a purpose, and tells their workers.

    Raises:
        Faults: the purpose is missing, or they are more than a meeting may have.
        NotFound: one of them is not there, or the user does not chair the meeting.
        Conflict: it is closed.
    """
    kept, checks = enter_to_change(work, meeting, chairing=True), Checks(work.today)
    there = {y.young_person for y in meetings.young_people(work.session, [kept.id])[kept.id]}
    said = checks.note("purpose", why, needed=True)
    wanted = _wanted(checks, (id for id in young_people if id not in there), said, already=len(there))
    checks.done()
    _include(work, kept, wanted, said)


@intention(Permission.PLAN_MEETING)
def leave_out(work: Work, meeting: str, young_person: str) -> None:
    """Takes a young person out of a meeting that is not closed. Raises NotFound, Conflict."""
    kept = enter_to_change(work, meeting, chairing=True)
    meetings.leave_out(work.session, kept.id, young_person)
    work.opened([young_person])


@intention(Permission.PLAN_MEETING)
def plan(work: Work, meeting: str) -> Plan:
    """A meeting as its chair prepares it. Raises NotFound where the user does not chair it."""
    kept = enter(work, meeting, chairing=True)
    session = work.session
    inside = tuple(meetings.young_people(session, [kept.id])[kept.id])
    records = network.around(work, tuple(y.young_person for y in inside), Permission.READ_CHILD)
    coming = tuple(meetings.attendance(session, [kept.id])[kept.id])
    wanted = should_come(work, records)
    accounts = {u.id: u for u in users.every(session)}
    before = reviewed(work, kept)
    unseen, sight = out_of_sight(work, kept, *meetings.chain(session, kept)), Sight(work, Permission.READ_CHILD)
    return Plan(
        meeting=_hidden(kept, unseen, sight),
        chair=accounts[kept.chair].name,
        young_people=tuple(replace(y, why=sight.hide(y.why, unseen)) for y in inside),
        records=records,
        attendance=tuple(_coming(a, unseen, sight) for a in coming),
        invited=tuple(sorted((accounts[i] for i in meetings.invited(session, kept.id)), key=lambda u: u.name)),
        expected=tuple(wanted),
        missing=tuple(missing(wanted, [a.agency for a in coming if a.status != Attending.NOT_ASKED])),
        carried=tuple(
            Carried(_told(c.action, unseen, sight), _hidden(c.meeting, unseen, sight)) for c in carried(work, kept)
        ),
        since=changed(work, records, before) if before else None,
        reviewed=_hidden(before, unseen, sight) if before else None,
    )


@intention(Permission.PLAN_MEETING, audited=False, passive=True)
def still_open(work: Work, meeting: str, young_people: tuple[str, ...]) -> None:
    """Raises NotFound where a plan or minutes that name `young_people` may be shown no more."""
    enter(work, meeting, chairing=True)
    work.open(young_people)


@intention(Permission.ATTEND_MEETING)
def attend(work: Work, said: Attendance) -> Attendance:
    """Notes what is known of an agency's coming; version 0 is an agency not yet listed.

    A name that comes back as the room or the plan shows it stays as it is stored.

    Raises:
        Faults: no agency, or not a partner's own; a text that is too long.
        NotFound: the meeting is not there, or not open to the user.
        Conflict: somebody changed it since, the meeting is closed, or several agencies are shown alike.
    """
    kept = enter_to_change(work, said.meeting)
    checks = Checks(work.today)
    agency = checks.line("agency", said.agency, needed=True)
    own = not agency or notes_coming_of(work, kept) in (None, agency)
    checks.need(own, "agency: a partner notes the coming of their own agency alone; ask the chair to note this one")
    checked = replace(
        said,
        agency=agency,
        name=checks.line("who comes", said.name),
        status=Attending(said.status),
    )
    checks.done()
    if said.user is not None and users.get(work.session, said.user) is None:
        raise NotFound(CLOSED)
    who, sight = who_is_who(work, kept), Sight(work, Permission.READ_CHILD)
    unseen = out_of_sight(work, kept, *meetings.chain(work.session, kept))
    there = meetings.attendance(work.session, [kept.id])[kept.id]
    shown = [(a, way) for a in there for way in (a, _in_room(a, who), _coming(a, unseen, sight))]
    return _in_room(meetings.attend(work.session, _as_kept(checked, shown)), who)


def _as_kept(said: Attendance, shown: Sequence[tuple[Attendance, Attendance]]) -> Attendance:
    """`said` by the names of the row it is about, of `shown`, each row with one way in which it is shown.

    Raises Conflict where several agencies are shown alike.
    """
    near = [(row, way) for row, way in shown if said.agency == way.agency and said.version == row.version]
    rows = {row.agency: row for row, _ in near}
    row = rows.get(said.agency) or (next(iter(rows.values())) if len(rows) == 1 else None)
    if row is None and rows:
        raise Conflict(ALIKE)
    if row is None:
        return said
    as_shown = said.name in {way.name for r, way in near if r is row}
    return replace(said, agency=row.agency, name=row.name if as_shown else said.name)


def _in_room(listed: Attendance, who: WhoIsWho) -> Attendance:
    return replace(listed, agency=who.line(listed.agency), name=who.line(listed.name))


def _coming(listed: Attendance, names: Mapping[str, str], sight: Sight) -> Attendance:
    """Who comes, without `names`, by id, nor the whole name of anybody else out of sight."""
    name = sight.worker(listed.agency, listed.name, names)
    return replace(listed, agency=sight.hide(listed.agency, names), name=name)


def notes_coming_of(work: Work, meeting: Meeting) -> str | None:
    """The one agency whose coming the user notes in a room that they are in, a partner their own; None for all."""
    return None if chairs(work, meeting) or not work.user.roles.isdisjoint(WORKERS) else work.user.agency


@intention(Permission.PLAN_MEETING)
def invite(work: Work, meeting: str, user: str) -> None:
    """Lets a user into the room, where they see pseudonyms and take notes. Raises NotFound, Conflict."""
    kept = enter_to_change(work, meeting, chairing=True)
    found = users.get(work.session, user)
    if found is None or found.roles.isdisjoint(ABLE):
        raise NotFound(CLOSED)
    if user not in meetings.invited(work.session, kept.id):
        meetings.invite(work.session, kept.id, [user])


@intention(Permission.PLAN_MEETING)
def uninvite(work: Work, meeting: str, user: str) -> None:
    """Takes back an invitation. Raises NotFound."""
    meetings.uninvite(work.session, enter(work, meeting, chairing=True).id, user)


@intention(Permission.PLAN_MEETING, audited=False)
def who_may_come(work: Work) -> list[User]:
    """Users who can be let into a room, by name."""
    return sorted((u for u in users.every(work.session) if u.roles.intersection(ABLE)), key=lambda u: u.name)


def should_come(work: Work, records: NetworkRecords) -> list[Expected]:
    """Who should be in the room for the young people chosen in `records`."""
    chosen = {p.id: p for p in records.young_people if p.chosen}
    levels = {
        id: {point.domain: point.level for point in p.latest.score.points} if p.latest else {}
        for id, p in chosen.items()
    }
    recorded: tuple[Event | Relationship, ...] = (*records.events, *records.relationships)
    told = [Told(r.source.agency, id, r.start) for r in recorded for id in _named(r) if id in chosen]
    homes = {id: p.borough for id, p in chosen.items()}
    return expected(frameworks.current(), meeting_rules(), levels, told, homes, work.today)


def _told(action: MeetingAction | PlaceAction, names: Mapping[str, str], sight: Sight) -> MeetingAction | PlaceAction:
    """An earlier action without `names`, by id, nor the whole name of anybody else out of sight."""
    return replace(
        action,
        text=sight.hide(action.text, names),
        owner_agency=sight.hide(action.owner_agency, names),
        owner_person=sight.worker(action.owner_agency, action.owner_person, names),
    )


def reviewed(work: Work, meeting: Meeting) -> Meeting | None:
    """The meeting that `meeting` reviews."""
    return meetings.get(work.session, meeting.review_of) if meeting.review_of else None


def carried(work: Work, meeting: Meeting) -> tuple[Carried, ...]:
    """What earlier meetings of the chain decided and is still to be done, soonest due first."""
    before = {m.id: m for m in meetings.chain(work.session, meeting)}
    found: list[MeetingAction | PlaceAction] = [
        *meetings.actions(work.session, before),
        *places.actions_of_meetings(work.session, before),
    ]
    live = [Carried(a, before[a.meeting]) for a in found if a.live and a.meeting]
    return tuple(sorted(live, key=lambda c: (c.action.due is None, c.action.due or date.max, c.action.id)))


def changed(work: Work, records: NetworkRecords, before: Meeting, by: datetime | None = None) -> Since:
    """What changed since the end of the day of `before` for the young people chosen in `records`.

    Args:
        by: the moment up to which what was recorded counts; None for now.
    """
    then = datetime.combine(before.on + timedelta(days=1), time.min, settings.ZONE)
    moved, anew = [], 0
    for person in (p for p in records.young_people if p.chosen):
        every = [a for a in assessments.of(work.session, person.id) if by is None or a.recorded_at <= by]
        old = [a for a in every if a.recorded_at < then]
        if every and (not old or every[-1].id != old[-1].id):
            anew += 1
            was = (old[-1].score, old[-1].judgement.level) if old else None
            found = since.moved(person.id, was, (every[-1].score, every[-1].judgement.level))
            moved += [found] if found else []
    rule = linkage_rules.load()
    was_, is_ = (linked.linked(records, Look(known_by=at), rule, work.today) for at in (then, by))
    pairs = [{k.pair for k in seen.pairs} for seen in (was_, is_)]
    tied = [{_id(p): s.young_people for p, s in seen.shared.items()} for seen in (was_, is_)]
    actions = [
        *((a.status, a.due) for a in meetings.actions(work.session, [before.id])),
        *((a.status, a.due) for a in places.actions_of_meetings(work.session, [before.id])),
    ]
    return Since(
        on=before.on,
        moved=tuple(moved),
        assessed=anew,
        new_pairs=len(pairs[1] - pairs[0]),
        gone_pairs=len(pairs[0] - pairs[1]),
        new_things=since.new_shared(tied[0], tied[1]),
        actions=since.done(actions, work.today),
    )


def _everybody(work: Work) -> Scope:
    """Every record but those that are closed, and restricted ones without a grant."""
    return Scope(work.user.id, frozenset({Reach.OPEN_RECORDS}), work.today)


def _shares(kept: Snapshot, shared: Iterable[Party], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_unnamed(kept, party, names) for party in shared))[:MOST_SHARED]


def _unnamed(kept: Snapshot, party: Party, names: Mapping[str, str]) -> str:
    """What may be said of something shared to whoever knows nobody there."""
    exposure = kept.exposure.get(party.id, Exposure.HOME)
    if party.kind != "place":
        return "a group" if party.kind == "group" else f"the same {party.kind}"
    if exposure in (Exposure.HOME, Exposure.DWELLING):
        return "the same home"
    name = kept.shown(party.id, False).name
    return "the same place" if names_any(name, names) else name


def _named(record: Event | Relationship) -> Iterable[str]:
    parties = [p.party for p in record.participants] if isinstance(record, Event) else [record.one, record.other]
    return [p.id for p in parties if p.kind == YOUNG_PERSON]


def _id(party: Party) -> str:
    return f"{party.kind}:{party.id}"


def _checked(checks: Checks, meeting: Meeting, *, upcoming: bool) -> Meeting:
    checks.need(not upcoming or meeting.on >= checks.today, "date: lies in the past; give a later day")
    near = not upcoming or meeting.on <= checks.today + FURTHEST
    checks.need(near, "date: lies more than a year ahead; give a nearer day")
    return replace(
        meeting,
        title=checks.line("title", meeting.title, needed=True),
        purpose=checks.note("purpose", meeting.purpose, needed=True),
        venue=checks.line("where", meeting.venue),
    )


def _wanted(checks: Checks, young_people: Iterable[str], why: str, already: int = 0) -> tuple[str, ...]:
    """Each of `young_people` once; notes what is wrong with their number or with why they are added."""
    short = len(why.split()) < 2 and len(why) < LEAST_PURPOSE
    checks.need(not short or not why, "purpose: say in a few words why they are looked at together")
    most = meeting_rules().review.most_young_people
    wanted = tuple(dict.fromkeys(young_people))
    checks.need(already + len(wanted) <= most, f"young people: at most {most} fit in one meeting; plan a second one")
    return wanted


def _include(work: Work, meeting: Meeting, wanted: tuple[str, ...], why: str) -> None:
    if not people.are_within(work.session, _everybody(work), wanted):
        raise NotFound(CLOSED)
    meetings.include(
        work.session,
        [
            InMeeting(meeting=meeting.id, young_person=y, why=why, added_by=work.user.id, added_at=work.now)
            for y in wanted
        ],
    )
    work.opened(wanted)
    _tell(work, wanted)


def _tell(work: Work, young_people: Collection[str]) -> None:
    workers = shared_actions.allocated(work.session, young_people, work.today)
    leads = [u.id for u in users.with_role(work.session, Role.SAFEGUARDING_LEAD)]
    for id in young_people:
        for user in workers[id] or leads:
            told = any(n.record == id and n.text == ADDED and not n.seen_at for n in notices.to(work.session, user))
            if user != work.user.id and not told:
                notices.add(work.session, Notice(new_id("N"), user, id, ADDED, work.now))
