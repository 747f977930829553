"""The one way to a child's record: permission, transaction and audit entry together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from inspect import signature
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar
from uuid import uuid4
from weakref import WeakKeyDictionary

from chm import settings, store
from chm.access import Permission, Reach, Scope, permitted, reach
from chm.audit import KNOWN, record_id
from chm.casework.meeting_rules import meeting_rules
from chm.casework.still_here import still_here
from chm.errors import AlreadyKnown, NotFound, NotPermitted
from chm.records import User
from chm.store import audit, people, users

P = ParamSpec("P")
R = TypeVar("R")

CLOSED = "No such record, or none that you may open"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Where a user works: whose desk it is, at which database. `clock` gives the moment, with its zone.

    `session` is the id of the sign-in it hangs on, asked at each piece of work; empty in the demo, which has none.
    `by_itself` says that a screen is drawn anew though its user did nothing: what is asked for then keeps nobody in.
    """

    engine: store.Engine
    user: User
    clock: Callable[[], datetime] = _now
    session: str = ""
    by_itself: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the user's roles carry `permission`, for what a page offers; each function asks again."""
        return permitted(self.user.roles, permission)


@dataclass
class Work:
    """One piece of work inside its transaction. `record` and `why` go into the audit, so never a child's data.

    `records` are the young people it is about where they may be several: an audit entry each, in place of `record`.
    `meeting` is the one whose room the work is done in, once `chm.casework.meetings.enter` has let the user in.
    `listing` is what a list names, as `listed` takes it. `operation` is what the work is called in the audit.
    """

    session: store.Session
    user: User
    now: datetime
    permission: Permission
    record: str = ""
    why: str = ""
    records: tuple[str, ...] = ()
    meeting: str = ""
    listing: frozenset[Hashable] = frozenset()
    operation: str = ""

    @property
    def today(self) -> date:
        """The day it is where the council is."""
        return self.now.astimezone(settings.ZONE).date()

    @property
    def scope(self) -> Scope:
        """The young people that the user may meet through this permission; in a room, those of its meeting."""
        if self.meeting:
            return Scope(self.user.id, frozenset({Reach.ONE_MEETING}), self.today, self.meeting)
        return replace(self.scope_by(self.permission), at=self.now)

    def scope_by(self, permission: Permission) -> Scope:
        """The young people that the user may meet through another permission, broken glass apart."""
        since = self.today - timedelta(days=meeting_rules().sight_days)
        return Scope(self.user.id, reach(self.user.roles, permission), self.today, meetings_since=since)

    def open(self, young_people: Iterable[str]) -> None:
        """Takes in more young people. Raises NotFound where one is not there or not in the user's scope."""
        asked = tuple(young_people)
        if not people.are_within(self.session, self.scope, asked):
            raise NotFound(CLOSED)
        self.opened(asked)

    def opened(self, young_people: Iterable[str]) -> None:
        """Notes young people found by a query within the scope: each has an entry in the audit."""
        self.records = tuple(dict.fromkeys((*self.records, *young_people)))

    def listed(self, things: Iterable[Hashable]) -> None:
        """Notes what a list names: the id of each thing, with the ids of the young people that the list names in it."""
        self.listing = frozenset(things)
        self.why = f"{len(self.listing)} listed"


@dataclass(frozen=True)
class Intention:
    """What a casework function asks for; `about` names its parameter that is, or has, the young people's ids."""

    operation: str
    permission: Permission
    about: str | None
    audited: bool
    passive: bool = False
    hourly: bool = False


INTENTIONS: dict[str, Intention] = {}
# The hour it is, and what the last entry of each list said in it, by user, sign-in and operation.
_SAID: WeakKeyDictionary[store.Engine, tuple[datetime, dict[tuple[str, str, str], object]]] = WeakKeyDictionary()
_TURN = Lock()


def new_id(prefix: str) -> str:
    """A fresh id such as `ACT-3f2a9c81d04b`."""
    return f"{prefix}-{uuid4().hex[:12]}"


def intention(
    permission: Permission,
    *,
    about: str | None = None,
    audited: bool = True,
    writes: bool = False,
    passive: bool = False,
    hourly: bool = False,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Makes `f(work, ...)` into `f(desk, ...)`: one permission check, one transaction, one audit entry, all or nothing.

    The user's roles are read anew at each call. What is read is given out only once its audit entry is written.
    A refusal is audited too, in a transaction of its own; but not that of asking whether what is open may be shown
    still, which is asked of everybody shown there: what is read next is refused and audited by itself.

    Args:
        about: the parameter with the young person's id, or with an object whose `young_person` is that id; or with
            several ids, or with an object whose `young_people` they are: each is checked, and each has an audit entry.
        audited: False only for the autosave of drafts, one's own notices and an open room drawn anew, and for what
            names nobody.
        writes: whether an unaudited or hourly function writes.
        passive: whether a screen asks by itself, so that it keeps nobody signed in.
        hourly: for a list that a page draws again and again and that says by `Work.listed` what it names. Its reading
            is audited in each hour of a sign-in, and whenever it names others than the last entry said. It is read
            without the write lock unless it `writes`; an entry has a transaction of its own, before the list is given
            out.

    Raises:
        SignedOut: the sign-in that the desk hangs on has ended.
        NotPermitted: none of the user's roles carries the permission.
        NotFound: the record is not there, or outside what the user may open; nobody can tell which.
        AlreadyKnown: as the function raises it; this is audited too.
        Conflict, StorageUnavailable: as `store.transaction` raises them.
    """

    def wrap(f: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Desk, P], R]:
        place = list(signature(f).parameters).index(about) - 1 if about else 0
        operation = f"{f.__module__.rpartition('.')[2]}.{f.__name__}"
        INTENTIONS[operation] = Intention(operation, permission, about, audited, passive, hourly)

        @wraps(f)
        def ask(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
            named = (kwargs[about] if about in kwargs else args[place]) if about else ""
            records, several = _records(named)
            now, work = desk.clock(), None
            kept = audited and not hourly
            try:
                with store.transaction(desk.engine, writing=kept or writes) as session:
                    if desk.session:
                        did = (writes or kept) and not (passive or desk.by_itself)
                        still_here(session, desk.session, now, touch=did)
                    work = _permit(session, desk, now, permission, operation)
                    if about and several:
                        work.open(records)
                    elif about:
                        (work.record,) = records
                        if not people.is_within(session, work.scope, work.record):
                            raise NotFound(CLOSED)
                    result = f(work, *args, **kwargs)
                    if kept:
                        about_whom = work.records or (work.record,)
                        audit.add_each(session, now, work.user.id, operation, about_whom, work.why)
                if hourly:
                    _say(desk, work, operation)
                return result
            except (NotPermitted, NotFound, AlreadyKnown) as refusal:
                if about and passive:
                    raise
                with store.transaction(desk.engine) as session:
                    asked = records if about or work is None else work.records or (work.record,)
                    refused = dict.fromkeys(map(record_id, asked)) or ("",)
                    why = KNOWN if isinstance(refusal, AlreadyKnown) else audit.REFUSED
                    audit.add_each(session, now, desk.user.id, operation, refused, why)
                raise

        return ask

    return wrap


def _say(desk: Desk, work: Work, operation: str) -> None:
    """Writes the entry of a list, unless this sign-in's last one in this hour said the same."""
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    with _TURN:
        if desk.engine not in _SAID or _SAID[desk.engine][0] != hour:
            _SAID[desk.engine] = hour, {}
        said = _SAID[desk.engine][1]
    here, about_whom = (work.user.id, desk.session, operation), work.records or (work.record,)
    if said.get(here) != (about_whom, work.why, work.listing):
        with store.transaction(desk.engine) as session:
            audit.add_each(session, work.now, work.user.id, operation, about_whom, work.why)
        said[here] = about_whom, work.why, work.listing


def _permit(session: store.Session, desk: Desk, now: datetime, permission: Permission, operation: str) -> Work:
    user = users.get(session, desk.user.id)
    if user is None or not permitted(user.roles, permission):
        raise NotPermitted("Your role does not open this")
    return Work(session, user, now, permission, operation=operation)


def _records(named: object) -> tuple[tuple[str, ...], bool]:
    """The ids that a parameter is or has, and whether they may be several."""
    ids = getattr(named, "young_people", named)
    if isinstance(ids, tuple | list | set | frozenset):
        return tuple(map(str, ids)), True
    return (str(getattr(named, "young_person", named)),), False
