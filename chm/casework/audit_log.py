"""Reading the audit: ids only, save for who has seen one young person's record and whose use stands out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chm import settings, store
from chm import unusual as use
from chm.access import Permission
from chm.audit import broken_at, record_id
from chm.casework.desk import Desk, Work, intention
from chm.casework.documents import Made
from chm.errors import Faults
from chm.exchange.audit_out import audit_csv
from chm.records import AuditEntry, Notice, Role, User
from chm.store import audit, notices, users

MOST_A_PAGE = 500


@dataclass(frozen=True)
class Look:
    """One entry about a record: who, with the roles they have now, did what in plain words, or was refused it.

    `entry` is its number in the audit; `name` is empty and `roles` none where the user is no longer known.
    """

    entry: int
    at: datetime
    user: str
    name: str
    agency: str
    roles: tuple[Role, ...]
    did: str
    refused: bool


@dataclass(frozen=True)
class Looks:
    """A page of who has seen a record, newest first. `older` is what to pass for the next page, None at the end."""

    total: int
    looks: tuple[Look, ...]
    older: int | None


@dataclass(frozen=True)
class StandsOut:
    """A user's day far above their own usual."""

    user: User
    day: use.Unusual


@intention(Permission.READ_AUDIT)
def read(work: Work, record: str | None = None, most: int = 1000) -> list[AuditEntry]:
    """The newest `most` entries, newest first, all or about one record."""
    work.why = f"about {record_id(record)}" if record else "all"
    return audit.read(work.session, record, most)


def verify(desk: Desk) -> int | None:
    """Number of the first entry that was changed or taken out, None where the chain holds; no writer waits meanwhile.

    Raises:
        NotPermitted: the user's roles do not open the audit.
    """
    begin_verify(desk)
    return broken_at(audit.whole_chain(desk.engine))


@intention(Permission.READ_AUDIT)
def begin_verify(work: Work) -> None:
    """Notes that the user has the chain checked."""
    work.why = "all"


def export(desk: Desk, record: str | None = None) -> Made:
    """Every entry as CSV, oldest first, all or about one record, with the chain's digests; no writer waits meanwhile.

    Raises:
        NotPermitted: the user's roles do not open the audit.
    """
    on = begin_export(desk, record)
    entries = ((e, d) for e, d in audit.whole_chain(desk.engine) if record is None or e.record == record)
    about = f"-{record_id(record)}" if record else ""
    return Made(audit_csv(entries, use.rules().words), f"audit{about}-{on.isoformat()}.csv")


@intention(Permission.READ_AUDIT)
def begin_export(work: Work, record: str | None = None) -> date:
    """Notes that the user takes the audit away as a file, and gives today."""
    work.why = f"about {record_id(record)}" if record else "all"
    return work.today


@intention(Permission.READ_CHILD, about="young_person")
def seen_by(work: Work, young_person: str, before: int | None = None, most: int = 100) -> Looks:
    """Who has seen a young person's record, newest first: `most` entries older than the entry `before`."""
    work.why = "who has seen it"
    return _looks(work, young_person, before, most)


@intention(Permission.READ_AUDIT)
def seen_by_id(work: Work, record: str, before: int | None = None, most: int = 100) -> Looks:
    """The same for who reads the audit and sees records by id alone: any id, whether or not there is a record."""
    work.why = f"about {record_id(record)}"
    return _looks(work, record, before, most)


@intention(Permission.REVIEW_USE)
def unusual(work: Work) -> list[StandsOut]:
    """Users' days of late that are far above their own usual, newest first; the rule is `data/access.yaml`'s."""
    found = _unusual(work.session, work.now)
    known = {u.id: u for u in users.every(work.session)}
    return [StandsOut(known.get(d.user) or User(d.user, "", "", frozenset()), d) for d in found]


def tell_unusual(engine: store.Engine, now: datetime) -> int:
    """Leaves each safeguarding lead one notice for each day that stands out: how many were written.

    May be called as often as one likes: by the hour, or when somebody signs in.
    """
    told = 0
    with store.transaction(engine) as session:
        people_on: dict[str, int] = {}
        for day in _unusual(session, now):
            people_on[day.on.isoformat()] = people_on.get(day.on.isoformat(), 0) + 1
        leads = users.with_role(session, Role.SAFEGUARDING_LEAD) if people_on else []
        for on, number in people_on.items():
            whose = "one person" if number == 1 else f"{number} people"
            text = f"Use of records on {on} was far above usual for {whose}; see the Audit page"
            for lead in leads:
                id = f"N-{hashlib.sha256(f'{on} {lead.id}'.encode()).hexdigest()[:12]}"
                told += notices.add_once(session, Notice(id, lead.id, "", text, now))
    return told


def _unusual(session: store.Session, now: datetime) -> list[use.Unusual]:
    rule = use.rules().unusual
    today = now.astimezone(settings.ZONE).date()
    since = datetime.combine(today - timedelta(rule.days + rule.usual_days), time(), settings.ZONE)
    opened = audit.opened_by_day(session, since)
    return use.unusual(opened, audit.refused_by_day(session, since), today, rule)


def _looks(work: Work, record: str, before: int | None, most: int) -> Looks:
    if not 1 <= most <= MOST_A_PAGE:
        raise Faults([f"Entries a page: must be from 1 to {MOST_A_PAGE}"])
    total, entries = audit.about(work.session, record, before, most)
    known = {u.id: u for u in users.every(work.session)}
    words = use.rules().words
    return Looks(
        total,
        tuple(_look(e, known.get(e.user), words(e.operation, e.why)) for e in entries),
        entries[-1].id if len(entries) == most else None,
    )


def _look(entry: AuditEntry, user: User | None, did: str) -> Look:
    name, agency, roles = (user.name, user.agency, tuple(sorted(user.roles))) if user else ("", "", ())
    return Look(entry.id, entry.at, entry.user, name, agency, roles, did, entry.why == audit.REFUSED)
