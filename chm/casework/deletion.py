"""When a record may go: holds, and deletion that one safeguarding lead proposes and another approves.

Nothing is deleted by itself. A deletion reaches every table and what later restores of older backups bring back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from chm import retention, settings, store
from chm.access import Permission
from chm.casework import reasons
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Desk, Work, intention, new_id
from chm.casework.meeting_rules import meeting_rules
from chm.errors import Conflict, Faults, NotFound, StorageUnavailable
from chm.records import Hold, Notice, Proposal, Role, Tombstone, YoungPerson
from chm.retention import Kept, Until
from chm.store import audit, backups, notices, people, users
from chm.store import deletion as kept

WAITS = "The deletion of a record is proposed: a second safeguarding lead decides"
REFUSED = "The deletion that you proposed was refused: the record stays"
CHANGED = "It was decided or proposed anew meanwhile; nothing was changed. Look again"
BESIDE = (
    "Nothing was deleted. Copies of the database lie beside it and may hold the record too: {names}. Ask whoever runs "
    "the server to take them away first"
)
TWO = "Whoever proposed it does not approve it; another safeguarding lead decides"
NEVER = (
    "looked after: the record says no as of the day they were added or that was last corrected; look whether they ever "
    "were, and say so, for then it is kept much longer"
)
IF_NEVER = "If they were never looked after, which is to be looked up: {why}"


@dataclass(frozen=True)
class Due:
    """A record that the rule lets go, be it once a lead says that they were never looked after: since when, and why."""

    id: str
    name: str
    first_day: date
    why: str


@dataclass(frozen=True)
class Standing:
    """How long a record is kept, as of today.

    Attributes:
        until: from when it may go, and why. rule: in words. passed: whether it may be proposed today.
        asks: whether a proposal has to say that they were never looked after. never: from when it may go then, None
            where that changes nothing.
        holds: those that stand, with who placed them (names). proposal: what waits, and who proposed it (a name).
    """

    until: Until
    rule: str
    passed: bool
    asks: bool
    never: Until | None
    holds: tuple[tuple[Hold, str], ...]
    proposal: tuple[Proposal, str] | None


@dataclass(frozen=True)
class Waiting:
    """A proposal, of whom, by whom (names), why the record may go, and whether it is the user's own.

    `stopped` says why it cannot be approved any more, empty where it can.
    """

    proposal: Proposal
    name: str
    by: str
    why: str
    stopped: str
    own: bool


@intention(Permission.HOLD_AND_DELETE)
def due(work: Work) -> list[Due]:
    """The records that the rule lets go and no hold keeps, longest past first; nothing of them but id and name."""
    held = kept.held(work.session)
    found = []
    for person, closed_on in kept.closed(work.session):
        until, never = _rule(work.today, person, closed_on, person.id in held)
        if never:
            until = Until(never.first_day, IF_NEVER.format(why=never.why))
        if until.first_day is not None and until.passed(work.today):
            found.append(Due(person.id, person.name, until.first_day, until.why))
    work.why = f"{len(found)} due"
    return sorted(found, key=lambda d: (d.first_day, d.id))


@intention(Permission.HOLD_AND_DELETE, about="young_person")
def standing(work: Work, young_person: str) -> Standing:
    """How long a record is kept, its holds, and whether its deletion waits."""
    until, never = _of(work, young_person)
    person, rules = people.get(work.session, young_person), retention_rules()
    names = _names(work)
    proposal = kept.proposal(work.session, young_person)
    stands = [h for h in kept.holds(work.session, young_person) if h.lifted_at is None]
    return Standing(
        until=until,
        rule=(rules.others if person.ever_looked_after is False else rules.looked_after).rule,
        passed=(never or until).passed(work.today),
        asks=_asks(person),
        never=never,
        holds=tuple((h, names.get(h.placed_by, "")) for h in stands),
        proposal=(proposal, names.get(proposal.proposed_by, "")) if proposal else None,
    )


@intention(Permission.HOLD_AND_DELETE, about="young_person")
def hold(work: Work, young_person: str, why: str) -> Hold:
    """Places a legal hold; a deletion that was proposed waits no more. Raises Faults without a reason."""
    placed = Hold(
        id=new_id("HLD"), young_person=young_person, why=_because(work, why), placed_by=work.user.id,
        placed_at=work.now,
    )  # fmt: skip
    kept.alone(work.session, young_person)
    kept.place_hold(work.session, placed)
    work.why = placed.id
    return placed


@intention(Permission.HOLD_AND_DELETE, about="young_person")
def lift(work: Work, young_person: str, hold: str, version: int, why: str) -> None:
    """Lifts one hold.

    Raises:
        Faults: no reason.
        NotFound: the record has no such hold.
        Conflict: somebody lifted it since.
    """
    reason = _because(work, why)
    found = next((h for h in kept.holds(work.session, young_person) if h.id == hold), None)
    if found is None:
        raise NotFound(CLOSED)
    lifted = replace(found, lifted_by=work.user.id, lifted_at=work.now, lifted_why=reason, version=version)
    kept.lift_hold(work.session, lifted)
    work.why = found.id


@intention(Permission.HOLD_AND_DELETE, about="young_person")
def propose(work: Work, young_person: str, why: str, *, never_looked_after: bool = False) -> Proposal:
    """Proposes to delete a record; the other safeguarding leads are told.

    Args:
        never_looked_after: that the user looked whether they ever were, and they were not; it is kept on the record.

    Raises:
        Faults: no reason; the rule keeps the record, or a hold does; or it is not said that they never were.
        Conflict: it is proposed already.
    """
    checks = Checks(work.today)
    reason = checks.note("why", why, needed=True)
    kept.alone(work.session, young_person)
    until, never = _of(work, young_person)
    checks.need((never or until).passed(work.today), f"the record: {_not_yet(never or until)}")
    person = people.get(work.session, young_person)
    checks.need(not _asks(person) or never_looked_after, NEVER)
    checks.done()
    if never:
        people.correct(work.session, replace(person, ever_looked_after=False))
    proposed = Proposal(
        id=new_id("DEL"), young_person=young_person, why=reason, proposed_by=work.user.id, proposed_at=work.now
    )
    kept.propose(work.session, proposed)
    for lead in users.with_role(work.session, Role.SAFEGUARDING_LEAD):
        if lead.id != work.user.id:
            notices.add(work.session, Notice(new_id("N"), lead.id, young_person, WAITS, work.now))
    work.why = proposed.id
    return proposed


@intention(Permission.HOLD_AND_DELETE)
def waiting(work: Work) -> list[Waiting]:
    """What is proposed, oldest first; each of them has an entry in the audit."""
    names, found = _names(work), []
    for proposal in kept.proposals(work.session):
        until, _ = _of(work, proposal.young_person)
        found.append(
            Waiting(
                proposal=proposal,
                name=people.get(work.session, proposal.young_person).name,
                by=names.get(proposal.proposed_by, ""),
                why=until.why,
                stopped="" if until.passed(work.today) else _not_yet(until),
                own=proposal.proposed_by == work.user.id,
            )
        )
    work.opened(w.proposal.young_person for w in found)
    work.why = f"{len(found)} proposed"
    return found


def carry_out(desk: Desk, young_person: str, proposal: str) -> None:
    """Approves a deletion, then has the database's files written anew, so that no page holds any of it.

    Raises as `approve`; and StorageUnavailable where they are in use: the record is deleted all the same, and the next
    deletion writes them anew.
    """
    approve(desk, young_person, proposal)
    store.sweep(desk.engine)


@intention(Permission.HOLD_AND_DELETE, about="young_person")
def approve(work: Work, young_person: str, proposal: str) -> None:
    """Deletes everything of a young person, as another safeguarding lead proposed; the audit's entries stay.

    Raises:
        Faults: the user proposed it; or the rule or a hold keeps the record by now.
        StorageUnavailable: a copy of the database lies beside it, kept or left by a restore or an encryption.
        Conflict: what waits is not the proposal that was read.
    """
    kept.alone(work.session, young_person)
    if beside := backups.kept_beside(work.session.get_bind().engine):
        raise StorageUnavailable(BESIDE.format(names=", ".join(f"{name} ({what})" for name, what in beside.items())))
    found = _proposal(work, young_person, proposal)
    until, _ = _of(work, young_person)
    checks = Checks(work.today)
    checks.need(found.proposed_by != work.user.id, f"approve: {TWO}")
    checks.need(until.passed(work.today), f"the record: {_not_yet(until)}")
    checks.done()
    kept.delete(work.session, young_person, work.today, meeting_rules().ordinary)
    work.why = f"{found.id}, proposed by {found.proposed_by}"


@intention(Permission.HOLD_AND_DELETE, about="young_person")
def refuse(work: Work, young_person: str, proposal: str, why: str) -> None:
    """Refuses a deletion, or takes one's own proposal back; who proposed it is told.

    Raises:
        Faults: no reason.
        Conflict: what waits is not the proposal that was read.
    """
    checks = Checks(work.today)
    reason = checks.line("why", why, needed=True)
    checks.done()
    kept.alone(work.session, young_person)
    found = _proposal(work, young_person, proposal)
    kept.forget_proposal(work.session, young_person)
    reasons.keep(work, reason)
    if found.proposed_by != work.user.id:
        told = Notice(new_id("N"), found.proposed_by, young_person, f"{REFUSED}. {reason}", work.now)
        notices.add(work.session, told)
    work.why = found.id


def deleted_since(engine: store.Engine) -> list[Tombstone]:
    """Whose records were ever deleted from a database, to carry over to one that is restored from an older backup."""
    with store.transaction(engine, writing=False) as session:
        return kept.tombstones(session)


def delete_again(engine: store.Engine, stones: Sequence[Tombstone], who: str) -> int:
    """Deletes again whoever an older backup brought back; each is an entry of the audit. Gives their number."""
    with store.transaction(engine) as session:
        every = {stone.young_person: stone for stone in (*kept.tombstones(session), *stones)}
        kept.bury(session, every.values())
        back = kept.still_there(session, every.values())
        for stone in back:
            kept.delete(session, stone.young_person, stone.on, meeting_rules().ordinary)
            audit.add(session, datetime.now(UTC), who, "deletion.delete_again", stone.young_person, f"{stone.on}")
    if back:
        store.sweep(engine)
    return len(back)


def lines(stones: Sequence[Tombstone]) -> list[str]:
    """Deletions as lines to keep elsewhere: id and day."""
    return [f"{stone.young_person} {stone.on.isoformat()}" for stone in stones]


def read_lines(text: str) -> list[Tombstone]:
    """The deletions that `lines` gave. Raises Faults, naming each line that is none."""
    found, faults = [], []
    for n, line in enumerate(text.splitlines(), 1):
        id, _, day = line.strip().partition(" ")
        if not id:
            continue
        try:
            on = date.fromisoformat(day)
        except ValueError:
            on = None
        if on and people.NUMBERED.fullmatch(id):
            found.append(Tombstone(id, on))
        else:
            faults.append(f"line {n}: not an id and a day; give the file as `python -m chm deleted` printed it")
    if faults:
        raise Faults(faults)
    return found


def retention_rules() -> retention.Retention:
    """The rules of the data folder, read once a process. Raises Faults where they are broken."""
    return _rules(settings.data())


@lru_cache(maxsize=4)
def _rules(data: Path) -> retention.Retention:
    return retention.load(data)


def _of(work: Work, young_person: str) -> tuple[Until, Until | None]:
    person = people.get(work.session, young_person)
    _, closed_on = people.state(work.session, young_person)
    on_hold = any(h.lifted_at is None for h in kept.holds(work.session, young_person))
    return _rule(work.today, person, closed_on, on_hold)


def _rule(today: date, person: YoungPerson, closed_on: date | None, on_hold: bool) -> tuple[Until, Until | None]:
    """From when a record may go, and from when once it is said that they never were looked after, where that counts."""
    asked = Kept(
        born=person.born, died_on=person.died_on, ever_looked_after=person.ever_looked_after, closed_on=closed_on,
        held=on_hold,
    )  # fmt: skip
    until, never = (retention.until(k, retention_rules()) for k in (asked, replace(asked, ever_looked_after=False)))
    return until, never if _asks(person) and not until.passed(today) and never != until else None


def _asks(person: YoungPerson) -> bool:
    """Whether a lead has to look if they ever were looked after: the record says no, which is as of some day alone."""
    return person.looked_after is False and not person.ever_looked_after


def _not_yet(until: Until) -> str:
    from_when = f", until {until.first_day:%d/%m/%Y}" if until.first_day else ""
    return f"it is kept{from_when}. {until.why}"


def _proposal(work: Work, young_person: str, id: str) -> Proposal:
    found = kept.proposal(work.session, young_person)
    if found is None or found.id != id:
        raise Conflict(CHANGED)
    return found


def _names(work: Work) -> dict[str, str]:
    return {u.id: u.name for u in users.every(work.session)}


def _because(work: Work, why: str) -> str:
    checks = Checks(work.today)
    said = checks.note("why", why, needed=True)
    checks.done()
    return said
