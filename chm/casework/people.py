"""Finding, adding and opening young people, and what is reported about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chm.access import Permission, Reach, permitted
from chm.assessments import Assessment, Draft
from chm.casework.agreed import AgreedAction, agreed_for
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention, new_id
from chm.errors import AlreadyKnown, Conflict
from chm.records import Action, Incident, NewYoungPerson, Referral, Role, SafetyPlan, YoungPerson
from chm.store import assessments, drafts, people, plans
from chm.store.assessments import Latest
from chm.store.people import Known

MOST_FOUND = 20
WITH_RECORD = (
    Permission.ADD_CHILD,
    Permission.SCORE,
    Permission.PLAN,
    Permission.EXPORT_CHILD,
    Permission.CLOSE_RECORD,
    Permission.GUARD_RECORDS,
    Permission.READ_PROTECTED_ADDRESS,
    Permission.HOLD_AND_DELETE,
    Permission.SUBJECT_ACCESS,
)
OLDEST = 25
LEAD_TEAM = "the safeguarding lead"
KNOWN = "may be known already; look at the file's rows again, and take out whoever is the same person"
CORRECTED = {
    "home_borough": "home borough",
    "born": "birth date",
    "looked_after": "looked after",
    "died_on": "date of death",
}


@dataclass(frozen=True)
class Found:
    """A young person in a list of results; `age` in whole years today."""

    id: str
    name: str
    age: int | None
    borough: str


@dataclass(frozen=True)
class CaseloadRow:
    """One of my young people: the latest assessment, answered domains of an open draft, live actions due by today."""

    young_person: YoungPerson
    latest: Latest | None
    answered: int | None
    due: int


@dataclass(frozen=True)
class Record:
    """Everything kept about one young person; lists oldest first, actions soonest due first, workers' names.

    `agreed` are the actions that complex strategy meetings agreed, which are kept there. `may` has what the user may do
    with this record: who opened it in an emergency, or only reviews it, may less than their role allows with others.
    `closed_on` is the day the case was closed, None while it is open.
    """

    young_person: YoungPerson
    assessments: tuple[Assessment, ...]
    referrals: tuple[Referral, ...]
    incidents: tuple[Incident, ...]
    actions: tuple[Action, ...]
    safety_plan: SafetyPlan | None
    draft: Draft | None
    workers: tuple[str, ...]
    agreed: tuple[AgreedAction, ...] = ()
    may: frozenset[Permission] = frozenset(Permission)
    closed_on: date | None = None


@intention(Permission.FIND)
def find(work: Work, text: str) -> list[Found]:
    """At most 20 young people by id or part of a name, with or without accents; each of them is audited."""
    found = people.find(work.session, work.scope, text[:200], MOST_FOUND)
    work.opened(p.id for p in found)
    work.why = f"{len(found)} found"
    return [Found(p.id, p.name, p.age_at(work.today), p.home_borough) for p in found]


@intention(Permission.ADD_CHILD)
def add(
    work: Work,
    name: str,
    *,
    born: date | None,
    age: int | None,
    home_borough: str,
    looked_after: bool | None = None,
    others: Collection[str] = (),
) -> YoungPerson:
    """Adds a young person and puts them on the adder's caseload.

    Args:
        others: ids of who is known already, as `AlreadyKnown` gave them: this is somebody else.

    Raises:
        Faults: all at once.
        AlreadyKnown: somebody who may be the same, by the words of the name or by the birth date and a word alike, and
            is not one of `others`, has a record, be it closed or restricted: of a restricted one the safeguarding lead
            is to be contacted. Each is audited.
    """
    checks = Checks(work.today)
    new = _checked(checks, "", NewYoungPerson(name, home_borough, born, age, looked_after))
    checks.done()
    # Adding nobody takes the lock on the next id: of two who add at once the later finds whom the first has added.
    people.add_new(work.session, [], work.today)
    known = people.known(work.session, new.name, new.born, work.today)
    ids = tuple(k.id for k in known)
    if not set(ids) <= set(others):
        work.opened(ids)
        reopens = sum(k.reopened_by(new.born) for k in known) == 1
        raise AlreadyKnown(tuple(dict.fromkeys(map(_contact, known))), reopens, ids)
    (person,) = people.add_new(work.session, [new], work.today)
    people.allocate(work.session, work.user.id, person.id, work.today)
    work.record = person.id
    return person


def _contact(known: Known) -> str:
    if known.restricted:
        return LEAD_TEAM
    return f"{known.team or LEAD_TEAM}{' (closed)' if known.closed else ''}"


@intention(Permission.ADD_CHILD, about="young_person")
def correct(
    work: Work,
    young_person: str,
    seen: YoungPerson,
    *,
    born: date | None,
    looked_after: bool | None,
    died_on: date | None,
    home_borough: str | None = None,
) -> YoungPerson:
    """Corrects a young person as they were `seen`, and gives the new version; a birth date replaces the age.

    Their name stays: what people wrote of them is hidden from others by it. That they ever were looked after stays too;
    that they never were is not known any more once their care is corrected.

    Args:
        home_borough: where their home is now, None for where it was.

    Raises:
        Faults: all at once.
        Conflict: somebody else corrected any of it since.
    """
    kept = people.get(work.session, young_person)
    if any(getattr(kept, field) != getattr(seen, field) for field in ("id", *CORRECTED)):
        raise Conflict(plans.CHANGED)
    checks = Checks(work.today)
    home = kept.home_borough if home_borough is None else checks.line("home borough", home_borough, needed=True)
    new = replace(kept, home_borough=home, born=born, looked_after=looked_after, died_on=died_on)
    if looked_after != kept.looked_after:
        new = replace(new, ever_looked_after=new.ever_looked_after or None)
    if born is not None:
        new = replace(new, age=None, age_on=None)
    checks.need(born is not None or new.age is not None, "birth date: empty, and no age is known; give the birth date")
    checks.past("birth date", born)
    checks.past("date of death", died_on, new)
    # A record is kept for decades: what counts is how old they were while it was open.
    _, closed_on = people.state(work.session, young_person)
    last = min(day for day in (work.today, closed_on, died_on) if day is not None)
    if born != kept.born and born is not None and born <= last:
        checks.need((new.age_at(last) or 0) <= OLDEST, f"age: must be 0 to {OLDEST} years")
    checks.done()
    changed = [said for field, said in CORRECTED.items() if getattr(new, field) != getattr(kept, field)]
    work.why = ", ".join(changed) or "nothing"
    return people.correct(work.session, new)


@intention(Permission.IMPORT_CHILDREN)
def known_rows(work: Work, rows: Sequence[NewYoungPerson]) -> list[tuple[str, ...]]:
    """For each of `rows` the ids of who may be the same young person; each of them is audited."""
    found = [tuple(k.id for k in known) for known in _known_each(work, rows)]
    work.opened(id for ids in found for id in ids)
    work.why = f"{sum(map(bool, found))} of {len(found)} known"
    return found


@intention(Permission.IMPORT_CHILDREN)
def import_rows(work: Work, rows: Sequence[NewYoungPerson], others: Mapping[int, Collection[str]] | None = None) -> int:
    """Adds all of `rows` or none, and gives their number; a practitioner who imports gets them on the caseload.

    Args:
        others: by row, counted from 1, the ids of who may be the same, as `known_rows` gave them, of whom it is none.

    Raises:
        Faults: every fault, each as `row N: ...`, counted from 1; a row is one where somebody not in `others` is known.
    """
    checks = Checks(work.today)
    new = [_checked(checks, f"row {n}: ", row) for n, row in enumerate(rows, 1)]
    checks.done()
    people.add_new(work.session, [], work.today)  # The lock, as in `add`.
    for n, known in enumerate(_known_each(work, new), 1):
        checks.need({k.id for k in known} <= set((others or {}).get(n, ())), f"row {n}: {KNOWN}")
    checks.done()
    added = people.add_new(work.session, new, work.today)
    if Role.PRACTITIONER in work.user.roles:
        for person in added:
            people.allocate(work.session, work.user.id, person.id, work.today)
    work.why = f"{len(added)} added"
    return len(added)


def _known_each(work: Work, rows: Sequence[NewYoungPerson]) -> list[list[Known]]:
    return people.known_each(work.session, [(row.name, row.born) for row in rows], work.today)


def faults_of(row: NewYoungPerson, today: date) -> list[str]:
    """What keeps `row` from being added; for a preview."""
    checks = Checks(today)
    _checked(checks, "", row)
    return checks.faults


def _checked(checks: Checks, where: str, new: NewYoungPerson) -> NewYoungPerson:
    name = checks.line(f"{where}name", new.name, needed=True)
    borough = checks.line(f"{where}home borough", new.home_borough, needed=True)
    person = YoungPerson("", name, borough, new.born, new.age, checks.today)
    checks.need(
        new.born is not None or new.age is not None, f"{where}birth date or age: both are missing; give one of them"
    )
    checks.past(f"{where}birth date", new.born)
    if new.born is None or new.born <= checks.today:
        age = person.age_at(checks.today)
        checks.need(age is None or 0 <= age <= OLDEST, f"{where}age: must be 0 to {OLDEST} years")
        agree = new.born is None or new.age is None or new.age == age
        checks.need(agree, f"{where}age: does not agree with the birth date; give one of them")
    return NewYoungPerson(name, borough, new.born, new.age, new.looked_after, new.ever_looked_after)


@intention(Permission.READ_OWN_WORK, hourly=True)
def mine(work: Work) -> list[CaseloadRow]:
    """The young people in the user's reach, by name: own caseload, own meetings, or all for a safeguarding lead."""
    session, scope = work.session, work.scope
    latest = assessments.latest(session, scope)
    answered, due = drafts.answered(session, scope), plans.due(session, scope)
    found = people.everyone(session, scope)
    work.listed(p.id for p in found)
    return [CaseloadRow(p, latest.get(p.id), answered.get(p.id), due.get(p.id, 0)) for p in found]


@intention(Permission.READ_CHILD, about="young_person")
def record_of(work: Work, young_person: str) -> Record:
    """Everything kept about one young person."""
    work.why = "opened"
    session = work.session
    return Record(
        young_person=people.get(session, young_person),
        assessments=assessments.of(session, young_person),
        referrals=people.referrals(session, young_person),
        incidents=people.incidents(session, young_person),
        actions=plans.actions(session, young_person),
        safety_plan=plans.safety_plan(session, young_person),
        draft=drafts.get(session, young_person),
        workers=people.workers(session, young_person, work.today),
        agreed=agreed_for(work, young_person),
        may=frozenset(p for p in WITH_RECORD if _open(work, young_person, p)),
        closed_on=people.state(session, young_person)[1],
    )


@intention(Permission.READ_CHILD, audited=False, passive=True)
def in_reach(work: Work) -> frozenset[str]:
    """Ids of those whom texts may name to the user; none where that is everybody, whom nobody goes out of."""
    scopes = work.scope, work.scope_by(Permission.READ_NETWORK)
    if any(Reach.ALL in scope.reach for scope in scopes):
        return frozenset()
    return frozenset().union(*(people.ids(work.session, scope) for scope in scopes))


@intention(Permission.READ_CHILD, about="young_people", audited=False, passive=True)
def still_open(work: Work, young_people: tuple[str, ...]) -> None:
    """Raises NotFound where one of the young people that were shown may be shown no more."""


def _open(work: Work, young_person: str, permission: Permission) -> bool:
    scope = work.scope_by(permission)
    return permitted(work.user.roles, permission) and people.is_within(work.session, scope, young_person)


@intention(Permission.SCORE, about="young_person")
def add_referral(work: Work, young_person: str, *, on: date, agency: str, reason: str, outcome: str = "") -> Referral:
    """Adds a referral. Raises Faults, all at once."""
    checks = Checks(work.today)
    checks.past("date", on, people.get(work.session, young_person))
    referral = Referral(
        id=new_id("REF"),
        young_person=young_person,
        on=on,
        agency=checks.line("agency", agency, needed=True),
        reason=checks.note("reason", reason, needed=True),
        outcome=checks.note("outcome", outcome),
    )
    checks.done()
    people.add_referral(work.session, referral)
    work.why = referral.id
    return referral


@intention(Permission.SCORE, about="young_person")
def add_incident(
    work: Work,
    young_person: str,
    *,
    on: date,
    kind: str,
    what: str,
    agency: str,
    first_hand: bool = True,
    ended_on: date | None = None,
) -> Incident:
    """Adds an incident. Raises Faults, all at once."""
    checks = Checks(work.today)
    checks.past("date", on, people.get(work.session, young_person))
    checks.past("end", ended_on)
    checks.need(ended_on is None or ended_on >= on, "end: the date lies before the start; give a later day")
    incident = Incident(
        id=new_id("INC"),
        young_person=young_person,
        on=on,
        kind=checks.line("kind", kind, needed=True),
        what=checks.note("what happened", what, needed=True),
        agency=checks.line("agency", agency, needed=True),
        first_hand=first_hand,
        ended_on=ended_on,
    )
    checks.done()
    people.add_incident(work.session, incident)
    work.why = incident.id
    return incident
