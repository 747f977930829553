"""Records that are kept closer, closed and opened again, or opened in an emergency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from chm.access import Permission, Reach, Scope
from chm.audit import record_id
from chm.casework import reasons
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.sight import Sight
from chm.errors import Faults, NotFound
from chm.records import BrokenGlass, Grant, Notice, Referral, Role, User
from chm.store import guarded, notices, people, users

HOURS, LEAST_REASON, LONGEST_GRANT, MOST = 3, 20, 366, 200
BROKEN = "Their record was opened in an emergency by somebody without a link to it: review why"
NOT_ONE = "Not one closed record alone of that name and birth date; contact the team that is named"
REOPENED = "They were referred again, and their closed record is open: see who works with them"


@dataclass(frozen=True)
class State:
    """How a record stands: since when it is restricted, the day it was closed, and who has a grant to it (names)."""

    restricted: bool
    closed_on: date | None
    grants: tuple[tuple[Grant, str], ...]


@intention(Permission.ADD_CHILD)
def refer_again(work: Work, name: str, born: date | None, agency: str, reason: str) -> str:
    """Opens the closed record of a young person who is referred anew, allocates it to the user, and gives its id.

    Raises:
        Faults: no agency or no reason.
        NotFound: no birth date, or not exactly one closed record of that name and with that birth date that is not
            restricted. Who is known is audited.
    """
    checks = Checks(work.today)
    said = checks.line("agency", agency, needed=True), checks.note("reason", reason, needed=True)
    checks.done()
    # Locked: else who comes second would meet a conflict, which the audit does not have.
    known = people.known(work.session, name, born, work.today, lock=True)
    closed = [k.id for k in known if k.reopened_by(born)]
    if len(closed) != 1:
        work.opened(k.id for k in known)
        raise NotFound(NOT_ONE)
    (id,) = closed
    people.set_state(work.session, id)
    people.allocate(work.session, work.user.id, id, work.today)
    people.add_referral(work.session, Referral(new_id("REF"), id, work.today, said[0], said[1]))
    _tell_leads(work, id, REOPENED)
    work.record, work.why = id, "reopened by a new referral"
    return id


@intention(Permission.GUARD_RECORDS, about="young_person")
def state(work: Work, young_person: str) -> State:
    """How a record stands, and who has a grant to it."""
    restricted, closed = people.state(work.session, young_person)
    names = {u.id: u.name for u in users.every(work.session)}
    found = guarded.grants(work.session, young_person)
    return State(restricted is not None, closed, tuple((g, names.get(g.user, "")) for g in found))


@intention(Permission.GUARD_RECORDS, about="young_person")
def restrict(work: Work, young_person: str, why: str) -> None:
    """Restricts a record: from now on its workers too need a grant by name. Raises Faults without a reason."""
    reasons.keep(work, _because(work, why))
    work.why = "restricted"
    _, closed = people.state(work.session, young_person)
    people.set_state(work.session, young_person, restricted_at=work.now, closed_on=closed)


@intention(Permission.GUARD_RECORDS, about="young_person")
def lift(work: Work, young_person: str, why: str) -> None:
    """Takes a restriction away. Raises Faults without a reason."""
    reasons.keep(work, _because(work, why))
    _, closed = people.state(work.session, young_person)
    people.set_state(work.session, young_person, closed_on=closed)
    work.why = "restriction lifted"


@intention(Permission.GUARD_RECORDS, about="young_person")
def give_grant(work: Work, young_person: str, user: str, until: date, why: str) -> None:
    """Lets a user open a restricted record up to and including a day.

    Raises:
        Faults: no reason, or a day that is past or more than a year ahead.
        NotFound: there is no such user.
    """
    reason = _because(work, why)
    if not work.today <= until <= work.today + timedelta(days=LONGEST_GRANT):
        raise Faults([f"until: must be a day from today to {LONGEST_GRANT} days ahead"])
    if users.get(work.session, user) is None:
        raise NotFound(CLOSED)
    given = Grant(
        young_person=young_person, user=user, until=until, why=reason, given_by=work.user.id, given_at=work.now
    )
    guarded.grant(work.session, given)
    work.why = f"grant to {user}"


@intention(Permission.GUARD_RECORDS, about="young_person")
def revoke_grant(work: Work, young_person: str, user: str) -> None:
    """Takes a grant back. Raises NotFound where there is none."""
    guarded.revoke(work.session, young_person, user)
    work.why = f"grant of {user} revoked"


@intention(Permission.GUARD_RECORDS, audited=False)
def who_may_have_one(work: Work) -> list[User]:
    """Users who can be given a grant, by name."""
    able = {Role.PRACTITIONER, Role.CHAIR, Role.PARTNER}
    return sorted((u for u in users.every(work.session) if u.roles & able), key=lambda u: u.name)


@intention(Permission.CLOSE_RECORD, about="young_person")
def close(work: Work, young_person: str, why: str) -> None:
    """Closes a record: its workers' links end today. A new referral opens it again. Raises Faults without a reason."""
    reasons.keep(work, _because(work, why))
    restricted, _ = people.state(work.session, young_person)
    people.set_state(work.session, young_person, restricted_at=restricted, closed_on=work.today)
    people.end_caseloads(work.session, young_person, work.today)
    work.why = "closed"


@intention(Permission.BREAK_GLASS)
def break_glass(work: Work, young_person: str, why: str) -> BrokenGlass:
    """Opens one record for three hours, to be read, in an emergency; the safeguarding leads are told.

    Args:
        young_person: an id, or a whole name that one young person alone has.

    Raises:
        Faults: a reason of fewer than 20 characters, a run of spaces and line ends counted as one.
        NotFound: there is no such record, or it is closed or restricted; nobody can tell which.
    """
    checks = Checks(work.today)
    reason = checks.note("why", why, needed=True)
    long_enough = len(" ".join(reason.split())) >= LEAST_REASON
    checks.need(long_enough, f"why: at least {LEAST_REASON} characters; say what cannot wait")
    checks.done()
    work.record = found = _named(work, young_person.strip())
    if not _is_open(work, found):
        raise NotFound(CLOSED)
    broken = BrokenGlass(
        id=new_id("BG"), young_person=found, user=work.user.id, why=reason, at=work.now,
        until=work.now + timedelta(hours=HOURS),
    )  # fmt: skip
    guarded.break_glass(work.session, broken)
    _tell_leads(work, found, BROKEN)
    work.why = broken.id
    return broken


@intention(Permission.BREAK_GLASS, audited=False)
def open_to_me(work: Work) -> list[BrokenGlass]:
    """What the user has open so at this moment, save what was closed or restricted since."""
    return [b for b in guarded.held(work.session, work.user.id, work.now) if _is_open(work, b.young_person)]


@intention(Permission.REVIEW_BREAK_GLASS)
def to_review(work: Work) -> list[tuple[BrokenGlass, str]]:
    """What was opened so, with who did (name), what is still to be reviewed first.

    Who sees records by id alone sees no young person's name in what was typed.
    """
    sight, names = Sight(work), {u.id: u.name for u in users.every(work.session)}
    return [(_as_known(sight, b), names.get(b.user, "")) for b in guarded.broken(work.session, MOST)]


@intention(Permission.REVIEW_BREAK_GLASS)
def review(work: Work, id: str, version: int, found: str) -> BrokenGlass:
    """Writes what a review found. Raises Faults, NotFound, Conflict."""
    checks = Checks(work.today)
    said = checks.note("found", found, needed=True)
    checks.done()
    done = guarded.review(work.session, id, version, work.user.id, work.now, said)
    work.record, work.why = done.young_person, done.id
    return _as_known(Sight(work), done)


def _as_known(sight: Sight, broken: BrokenGlass) -> BrokenGlass:
    about = [broken.young_person]
    return replace(broken, why=sight.hide(broken.why, about), found=sight.hide(broken.found, about))


def _is_open(work: Work, young_person: str) -> bool:
    """Whether glass opens a record: it is there, not closed, and not restricted to others."""
    anywhere = Scope(work.user.id, frozenset({Reach.OPEN_RECORDS}), work.today)
    return people.is_within(work.session, anywhere, young_person)


def _named(work: Work, said: str) -> str:
    """The id that is said, else that of the one young person of that name; what is said where there are several."""
    if record_id(said.upper()) == said.upper():
        return said.upper()
    found = [k for k in people.known(work.session, said, None, work.today) if k.named]
    return found[0].id if len(found) == 1 else ""


def _because(work: Work, why: str) -> str:
    checks = Checks(work.today)
    said = checks.note("why", why, needed=True)
    checks.done()
    return said


def _tell_leads(work: Work, young_person: str, text: str) -> None:
    for lead in users.with_role(work.session, Role.SAFEGUARDING_LEAD):
        if lead.id != work.user.id:
            notices.add(work.session, Notice(new_id("N"), lead.id, young_person, text, work.now))
