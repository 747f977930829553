"""Young people, who works with them, and what was reported about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from chm.access import Reach, Scope
from chm.duplicates.children import Children
from chm.records import Incident, NewYoungPerson, Referral, YoungPerson
from chm.store.rows import at_once, record, row
from chm.store.tables import (
    BreakGlassRow,
    Caseload,
    IncidentRow,
    Meeting,
    MeetingYoungPerson,
    Meta,
    RecordGrant,
    ReferralRow,
    UserAccount,
    YoungPersonRow,
)
from chm.unseen import seen

NEXT = "next_young_person"
NUMBERED = re.compile(r"YP-([0-9]{4}|[1-9][0-9]{4,8})")
NUMBER = re.compile(r"(?:yp[- ]?)?(\d{1,9})", re.IGNORECASE)
ALIKE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True)
class Known:
    """A young person who may be known: which team works or last worked with them, and how their record stands.

    `named` is whether their name is the very one that was asked for, but for case, accents and marks.
    """

    id: str
    team: str
    restricted: bool
    closed: bool
    born: date | None
    named: bool

    def reopened_by(self, born: date | None) -> bool:
        """Whether a new referral with that birth date opens this record: neither a name nor a day alone opens one."""
        return self.named and self.closed and not self.restricted and born is not None and born == self.born


def key(name: str) -> str:
    """`name` as it is searched: no case, accents, punctuation or what nobody sees; single spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", seen(name)).casefold()).translate(ALIKE)
    kept = (c if c.isalnum() else "" if c in "'’`" or unicodedata.combining(c) else " " for c in plain)
    return " ".join("".join(kept).split()) or name.casefold().strip()


def within(scope: Scope, id: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """SQL: the young person `id` lies in `scope`: by a link to them, and by a grant where they are restricted."""
    if Reach.ALL in scope.reach:
        return true()
    ways: list[ColumnElement[bool]] = [true() if Reach.OPEN_RECORDS in scope.reach else false()]
    if Reach.CASELOAD in scope.reach:
        ways.append(exists().where(Caseload.user == scope.user, Caseload.young_person == id, open_on(scope.on)))
    if Reach.MEETINGS in scope.reach:
        chaired = exists().where(MeetingYoungPerson.young_person == id, MeetingYoungPerson.meeting == Meeting.id)
        ways.append(chaired.where(Meeting.chair == scope.user, seen_still(scope)))
    if Reach.ONE_MEETING in scope.reach:
        theirs = exists().where(MeetingYoungPerson.young_person == id, MeetingYoungPerson.meeting == scope.meeting)
        ways.append(theirs)
    guarded = select(YoungPersonRow.id).where(YoungPersonRow.restricted_at.is_not(None))
    if Reach.BROKEN_GLASS in scope.reach and scope.at:
        broken = exists().where(BreakGlassRow.user == scope.user, BreakGlassRow.young_person == id)
        ways.append(broken.where(BreakGlassRow.at <= scope.at, BreakGlassRow.until > scope.at))
    closed = select(YoungPersonRow.id).where(YoungPersonRow.closed_on.is_not(None))
    granted = select(RecordGrant.young_person).where(RecordGrant.user == scope.user, RecordGrant.until >= scope.on)
    return and_(or_(*ways), id.not_in(closed), or_(id.not_in(guarded), id.in_(granted)))


def seen_still(scope: Scope) -> ColumnElement[bool]:
    """SQL: a meeting's chair still sees its young people, and an invited worker has a place in its room."""
    recent = false() if scope.meetings_since is None else Meeting.on >= scope.meetings_since
    return or_(recent, Meeting.next_review >= scope.on)


def open_on(day: date) -> ColumnElement[bool]:
    """SQL: the caseload link holds on `day`."""
    return (Caseload.since <= day) & (Caseload.until.is_(None) | (Caseload.until >= day))


def is_within(session: Session, scope: Scope, id: str) -> bool:
    """Whether there is a young person `id`, and in `scope`."""
    asked = select(YoungPersonRow.id).where(YoungPersonRow.id == id, within(scope, YoungPersonRow.id))
    return session.scalar(asked) is not None


def are_within(session: Session, scope: Scope, ids: Collection[str]) -> bool:
    """Whether each of `ids` is a young person in `scope`."""
    return among(session, scope, ids) == frozenset(ids)


def ids(session: Session, scope: Scope) -> set[str]:
    """Ids of the young people in `scope`."""
    return set(session.scalars(select(YoungPersonRow.id).where(within(scope, YoungPersonRow.id))))


def among(session: Session, scope: Scope, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are young people in `scope`."""
    asked = select(YoungPersonRow.id).where(within(scope, YoungPersonRow.id))
    return {id for part in at_once(frozenset(ids)) for id in session.scalars(asked.where(YoungPersonRow.id.in_(part)))}


def add(session: Session, person: YoungPerson) -> None:
    """Writes a new young person under the id they carry."""
    session.add(row(YoungPersonRow, person, name_key=key(person.name)))
    numbered = NUMBERED.fullmatch(person.id)
    counter = _counter(session)
    if numbered and int(numbered[1]) >= int(counter.value):
        counter.value = str(int(numbered[1]) + 1)
    session.flush()


def add_new(session: Session, new: list[NewYoungPerson], on: date) -> list[YoungPerson]:
    """Writes young people under the next free ids; `on` is the day their age was told."""
    counter = _counter(session)
    first = int(counter.value)
    people = [
        YoungPerson(
            id=f"YP-{number:04d}",
            name=n.name,
            home_borough=n.home_borough,
            born=n.born,
            age=None if n.born else n.age,
            age_on=None if n.born or n.age is None else on,
            looked_after=n.looked_after,
            ever_looked_after=n.ever_looked_after,
        )
        for number, n in enumerate(new, first)
    ]
    session.add_all(row(YoungPersonRow, p, name_key=key(p.name)) for p in people)
    counter.value = str(first + len(people))
    session.flush()
    return people


def _counter(session: Session) -> Meta:
    return session.get_one(Meta, NEXT, with_for_update=True)


def get(session: Session, id: str) -> YoungPerson:
    """The young person `id`; raises SQLAlchemy's NoResultFound where there is none, so check the scope first."""
    return record(YoungPerson, session.get_one(YoungPersonRow, id))


def correct(session: Session, person: YoungPerson) -> YoungPerson:
    """Writes home borough, birth date, age, care now and ever, and the day of death; gives the new version."""
    kept = session.get_one(YoungPersonRow, person.id)
    for name in ("home_borough", "born", "age", "age_on", "looked_after", "ever_looked_after", "died_on"):
        setattr(kept, name, getattr(person, name))
    session.flush()
    return record(YoungPerson, kept)


def everyone(session: Session, scope: Scope) -> list[YoungPerson]:
    """The young people in `scope`, by name."""
    asked = select(YoungPersonRow).where(within(scope, YoungPersonRow.id))
    return [record(YoungPerson, r) for r in session.scalars(asked.order_by(YoungPersonRow.name_key, YoungPersonRow.id))]


def find(session: Session, scope: Scope, text: str, most: int) -> list[YoungPerson]:
    """Up to `most` young people in `scope` whose id is `text` or whose name holds each of its words; by name."""
    wanted = key(text)
    if not wanted:
        return []
    by_name = and_(*(YoungPersonRow.name_key.contains(word, autoescape=True) for word in wanted.split()))
    said = seen(text).strip()
    number = NUMBER.fullmatch(said)
    by_id = YoungPersonRow.id == (f"YP-{int(number[1]):04d}" if number else said.upper())
    asked = select(YoungPersonRow).where(or_(by_id, by_name), within(scope, YoungPersonRow.id))
    found = session.scalars(asked.order_by(YoungPersonRow.name_key, YoungPersonRow.id).limit(most))
    return [record(YoungPerson, r) for r in found]


def known(session: Session, name: str, born: date | None, on: date, *, lock: bool = False) -> list[Known]:
    """The young people who may be one of this name and birth date, whoever works with them, closed ones too.

    Who may be one is said by `Children.alike`: the name in any order of its words, or the day and a word alike.

    Args:
        lock: nobody else changes them until the transaction ends.

    Raises:
        Faults: `data/duplicates.yaml` or `data/nicknames.yaml` has faults.
    """
    return known_each(session, [(name, born)], on, lock=lock)[0]


def known_each(
    session: Session, wanted: Sequence[tuple[str, date | None]], on: date, *, lock: bool = False
) -> list[list[Known]]:
    """For each name and birth date of `wanted`, in its order, whom `known` gives."""
    every = select(YoungPersonRow.id, YoungPersonRow.name_key, YoungPersonRow.born)
    children = Children((id, name, day) for id, name, day in session.execute(every))
    alike = [(key(name), children.alike(key(name), born)) for name, born in wanted]
    ids = sorted({id for _, found in alike for id in found})
    rows: dict[str, YoungPersonRow] = {}
    for part in at_once(ids):
        asked = select(YoungPersonRow).where(YoungPersonRow.id.in_(part)).order_by(YoungPersonRow.id)
        rows.update((r.id, r) for r in session.scalars(asked.with_for_update() if lock else asked))
    teams = _teams(session, ids, on)
    return [
        [
            Known(id, teams.get(id, ""), bool(r.restricted_at), bool(r.closed_on), r.born, r.name_key == name)
            for id in found
            if (r := rows.get(id))
        ]
        for name, found in alike
    ]


def _teams(session: Session, ids: Collection[str], on: date) -> dict[str, str]:
    """For each young person the agency of whoever works with them, else of who did last; none where nobody ever did."""
    found: dict[str, str] = {}
    for part in at_once(ids):
        asked = select(Caseload.young_person, UserAccount.agency).join(UserAccount, Caseload.user == UserAccount.id)
        asked = asked.where(Caseload.young_person.in_(part), Caseload.since <= on)
        open_last = asked.order_by(Caseload.until.nulls_last(), Caseload.since, Caseload.user.desc())
        found |= dict(session.execute(open_last).all())
    return found


def set_state(
    session: Session, young_person: str, *, restricted_at: datetime | None = None, closed_on: date | None = None
) -> None:
    """Restricts or closes a record, or opens it again where neither is given."""
    kept = session.get_one(YoungPersonRow, young_person)
    kept.restricted_at, kept.closed_on = restricted_at, closed_on
    session.flush()


def state(session: Session, young_person: str) -> tuple[datetime | None, date | None]:
    """Since when a record is restricted, and on what day it was closed; each None where it is not."""
    kept = session.get_one(YoungPersonRow, young_person)
    return kept.restricted_at, kept.closed_on


def end_caseloads(session: Session, young_person: str, on: date) -> None:
    """Ends every worker's link to a young person with the day before `on`."""
    until = on - timedelta(days=1)
    links = select(Caseload).where(Caseload.young_person == young_person, open_on(on))
    for link in session.scalars(links):
        link.until = max(until, link.since)
    session.flush()


def allocate(session: Session, user: str, young_person: str, since: date, until: date | None = None) -> None:
    """Puts a young person on a user's caseload, to and including `until`; a link since that day is taken up again."""
    if link := session.get(Caseload, (user, young_person, since)):
        link.until = until
    else:
        session.add(Caseload(user=user, young_person=young_person, since=since, until=until))
    session.flush()


def workers(session: Session, young_person: str, on: date) -> tuple[str, ...]:
    """Names of the users on whose caseload a young person is."""
    asked = select(UserAccount.name).join(Caseload, Caseload.user == UserAccount.id)
    asked = asked.where(Caseload.young_person == young_person, open_on(on)).distinct()
    return tuple(session.scalars(asked.order_by(UserAccount.name)))


def add_referral(session: Session, referral: Referral) -> None:
    """Writes a referral."""
    session.add(row(ReferralRow, referral))
    session.flush()


def referrals(session: Session, young_person: str) -> tuple[Referral, ...]:
    """A young person's referrals, oldest first."""
    asked = select(ReferralRow).where(ReferralRow.young_person == young_person)
    return tuple(record(Referral, r) for r in session.scalars(asked.order_by(ReferralRow.on, ReferralRow.id)))


def add_incident(session: Session, incident: Incident, form_entry: str | None = None) -> None:
    """Writes an incident; one copied from the form names the `form_entry` and is written once only."""
    asked = select(IncidentRow.id).where(
        IncidentRow.young_person == incident.young_person, IncidentRow.form_entry == form_entry
    )
    if form_entry is None or session.scalar(asked) is None:
        session.add(row(IncidentRow, incident, form_entry=form_entry))
        session.flush()


def incidents(session: Session, young_person: str) -> tuple[Incident, ...]:
    """A young person's incidents, oldest first."""
    asked = select(IncidentRow).where(IncidentRow.young_person == young_person)
    return tuple(record(Incident, r) for r in session.scalars(asked.order_by(IncidentRow.on, IncidentRow.id)))
