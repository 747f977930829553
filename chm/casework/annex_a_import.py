"""Taking in an Annex A workbook: seen whole first, then all or nothing; what is on record already stays as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter

from chm import settings
from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.desk import Desk, Work, intention, new_id
from chm.casework.people import faults_of
from chm.casework.uploads import read_first
from chm.errors import Faults
from chm.exchange.annex_a import LOOKED_AFTER, REFERRALS, SHOWN, AnnexA, Child
from chm.exchange.uploads import read_annex_a
from chm.records import Incident, NewYoungPerson, Referral, Role, YoungPerson
from chm.store import people

NOT_KNOWN, AGENCY = "Not known", "Children's Social Care"
REASON, KIND = "Referral in the Annex A return", "Missing episodes in the return"
COLUMNS = {
    "name": SHOWN["id"], "birth date": SHOWN["born"], "age": SHOWN["age"],
    "birth date or age": f"{SHOWN['born']} or {SHOWN['age']}",
}  # fmt: skip
ROW = re.compile(r"List \d+, row \d+")
NAMED = 5


@dataclass(frozen=True)
class AnnexARow:
    """A young person of a workbook, as it gives them, and what taking it in would add.

    Attributes:
        known: their id, empty where they are new. referrals: days of those to add. missing: what an incident about
            missing episodes would say, empty where none is to be added. once: whether their record is to say that they
            ever were looked after, which it did not.
    """

    young_person: NewYoungPerson
    known: str
    referrals: tuple[date, ...]
    missing: str
    once: bool = False

    @property
    def adds(self) -> bool:
        """Whether anything would be written."""
        return not self.known or bool(self.referrals or self.missing or self.once)


@dataclass(frozen=True)
class AnnexAPreview:
    """What a workbook holds and what taking it in would add.

    Attributes:
        rows: one a young person, by the workbook's id, 9 before 10; none where there are faults. faults: each as
            `List 3, row 2, column: what is wrong; fix`; with any, nothing can be taken in.
    """

    rows: tuple[AnnexARow, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def new(self) -> tuple[AnnexARow, ...]:
        """Young people who are not on record."""
        return tuple(row for row in self.rows if not row.known)

    @property
    def known(self) -> tuple[AnnexARow, ...]:
        """Young people who are on record."""
        return tuple(row for row in self.rows if row.known)

    @property
    def counts(self) -> Imported:
        """How much taking it in would add."""
        return Imported(
            len(self.new),
            sum(len(row.referrals) for row in self.rows),
            sum(bool(row.missing) for row in self.rows),
            sum(row.once for row in self.rows),
        )


@dataclass(frozen=True)
class Imported:
    """How much an import adds.

    `missing`: incidents that hold counts of missing episodes. `once`: records that will say that somebody ever was
    looked after, and did not.
    """

    young_people: int
    referrals: int
    missing: int
    once: int = 0


def _read(desk: Desk, data: bytes) -> AnnexA:
    return read_annex_a(data, desk.clock().astimezone(settings.ZONE).date())


@read_first(_read)
@intention(Permission.IMPORT_CHILDREN)
def preview(work: Work, read: AnnexA) -> AnnexAPreview:
    """Every fault of the workbook, and what taking it in would add; writes nothing."""
    found = _planned(work, read)
    work.why = f"preview: {len(found.rows)} young people, {len(found.faults)} faults"
    return found


@read_first(_read)
@intention(Permission.IMPORT_CHILDREN)
def take_in(work: Work, read: AnnexA) -> Imported:
    """Adds all that is not on record yet; a practitioner who imports gets the new young people on the caseload.

    Each young person to whom anything is added has an entry in the audit.

    Raises:
        Faults: every fault of the workbook, as `preview` gives them.
    """
    # Adding nobody takes the lock on the next id: of two imports at once the later finds what the first has written.
    people.add_new(work.session, [], work.today)
    found = _planned(work, read)
    if found.faults:
        raise Faults(list(found.faults))
    added = people.add_new(work.session, [row.young_person for row in found.new], work.today)
    if Role.PRACTITIONER in work.user.roles:
        for person in added:
            people.allocate(work.session, work.user.id, person.id, work.today)
    ids = {person.name: person.id for person in added}
    for row in found.rows:
        _add(work, row.known or ids[row.young_person.name], row)
    done = found.counts
    work.opened(row.known or ids[row.young_person.name] for row in found.rows if row.adds)
    work.why = f"{done.young_people} added, {done.referrals} referrals, {done.missing} counts of missing episodes"
    return done


def _add(work: Work, id: str, row: AnnexARow) -> None:
    for day in row.referrals:
        people.add_referral(work.session, Referral(new_id("REF"), id, day, AGENCY, REASON))
    if row.missing:
        incident = Incident(new_id("INC"), id, work.today, KIND, row.missing, AGENCY, first_hand=False)
        people.add_incident(work.session, incident)
    if row.once:
        people.correct(work.session, replace(people.get(work.session, id), ever_looked_after=True))


def _planned(work: Work, read: AnnexA) -> AnnexAPreview:
    everyone = people.everyone(work.session, work.scope)
    called = Counter(person.name for person in everyone)
    by_name = {person.name: person for person in everyone}
    faults, rows, closed = list(read.faults), [], []
    # What a row with a fault gives is not whole, so that its child cannot be judged yet.
    faulty = {found[0] for fault in read.faults if (found := ROW.match(fault))}
    for child in sorted((c for c in read.children if faulty.isdisjoint(c.rows)), key=_as_numbered):
        name = f"Child {child.id}"
        person = by_name.get(name)
        age = None if child.born else child.age
        new = NewYoungPerson(name, NOT_KNOWN, child.born, age, child.looked_after, child.ever_looked_after)
        faults += _faults(work.today, child, new, person, called[name])
        row = _row(work, child, new, person)
        rows.append(row)
        if row.known and row.adds and people.state(work.session, row.known)[1]:
            closed.append(child)
    if faults:
        return AnnexAPreview((), tuple(sorted(faults, key=_place)), tuple(read.notes))
    return AnnexAPreview(tuple(rows), (), (*read.notes, *_notes(read.children, by_name, closed)))


def _faults(today: date, child: Child, new: NewYoungPerson, person: YoungPerson | None, called: int) -> list[str]:
    faults = []
    if called > 1:
        faults.append(f"{SHOWN['id']}: several young people on record go by it; take the rows out")
    elif person is None:
        for fault in faults_of(new, today):
            field, _, said = fault.partition(": ")
            faults.append(f"{COLUMNS[field]}: {said if '; ' in said else f'{said}; correct it, or take the rows out'}")
    elif child.born and person.born and child.born != person.born:
        faults.append(
            f"{SHOWN['born']}: differs from the record of this id; make sure that it is the same child, then correct "
            "it or take the rows out"
        )
    if faults:
        return [f"{_where(child.rows)}, {fault}" for fault in faults]
    kept = person or YoungPerson("", new.name, NOT_KNOWN, new.born, new.age, today)
    if any(_before_birth(day, kept, today) for day in child.referred):
        where = _where(_on(child, REFERRALS))
        return [f"{where}, {SHOWN['referred']}: lies before the birth date; correct it, or take the row out"]
    return []


def _before_birth(day: date, person: YoungPerson, today: date) -> bool:
    checks = Checks(today)
    checks.past("", day, person)
    return bool(checks.faults)


def _row(work: Work, child: Child, new: NewYoungPerson, person: YoungPerson | None) -> AnnexARow:
    said = _missing(child)
    if person is None:
        return AnnexARow(new, "", child.referred, said)
    there = {referral.on for referral in people.referrals(work.session, person.id)} if child.referred else set()
    words = {i.what for i in people.incidents(work.session, person.id) if i.kind == KIND} if said else set()
    days = tuple(day for day in child.referred if day not in there)
    once = bool(new.ever_looked_after and not person.ever_looked_after)
    return AnnexARow(new, person.id, days, "" if said in words else said, once)


def _missing(child: Child) -> str:
    """What the return says of missing episodes; empty where it knows nothing, or of no time missing or absent."""
    counts, answers = (child.missing, child.absent), child.interview[:2]
    told = any(answers) or (None in counts and any(answer is not None for answer in answers))
    if not any(counts) and not told:
        return ""
    offered, accepted = ("not known" if answer is None else "yes" if answer else "no" for answer in answers)
    return (
        f"{_times(child.missing, 'missing')} and {_times(child.absent, 'absent')} in the 12 months of the return; "
        f"return interview offered: {offered}, accepted: {accepted}"
    )


def _times(count: int | None, what: str) -> str:
    return f"times {what} not known" if count is None else f"{count:,} {'time' if count == 1 else 'times'} {what}"


def _notes(children: Sequence[Child], known: dict[str, YoungPerson], closed: Sequence[Child]) -> list[str]:
    """What is not taken in, or not as it may seem; each says for how many young people and on which rows."""
    on_record = [(child, known.get(f"Child {child.id}")) for child in children]
    says = [
        (
            REFERRALS,
            "there is a count of referrals and no day, so that no referral is added",
            [c for c in children if c.referrals and not c.referred],
        ),
        (
            REFERRALS,
            "more referrals are counted than days given; those with a day are taken in",
            [c for c in children if c.referred and (c.referrals or 0) > len(c.referred)],
        ),
        (
            LOOKED_AFTER,
            "the count is 0 times missing or absent, so that no incident is added",
            [c for c in children if 0 in (c.missing, c.absent) and not _missing(c)],
        ),
        (
            0,
            "there is an age and no birth date; it is taken as their age today",
            [c for c, person in on_record if person is None and c.born is None],
        ),
        (
            0,
            "the record lacks the birth date, or says otherwise whether they are looked after; it stays as it is",
            [c for c, person in on_record if person and _more(c, person)],
        ),
        (0, "the record is closed; what is new is added to it and it stays closed", closed),
    ]
    return [f"{_people(about)}: {what} ({_rows(about, number)})." for number, what, about in says if about]


def _more(child: Child, person: YoungPerson) -> bool:
    looked_after = child.looked_after is not None and child.looked_after != person.looked_after
    return looked_after or (child.born is not None and person.born is None)


def _people(children: Sequence[Child]) -> str:
    return f"{len(children):,} young {'person' if len(children) == 1 else 'people'}"


def _rows(children: Sequence[Child], number: int) -> str:
    """Where the first of `children` stand, as `List 3, rows 2, 5; List 4, row 2 and 7 more`."""
    found = [_on(child, number)[0].split(", row ") for child in children[:NAMED]]
    by_sheet = [(sheet, [row for _, row in rows]) for sheet, rows in groupby(found, key=itemgetter(0))]
    first = "; ".join(f"{sheet}, {'row' if len(rows) == 1 else 'rows'} {', '.join(rows)}" for sheet, rows in by_sheet)
    return f"{first} and {len(children) - NAMED:,} more" if len(children) > NAMED else first


def _on(child: Child, number: int) -> Sequence[str]:
    """The rows about `child` on list `number`; 0 is any."""
    return [row for row in child.rows if row.startswith(f"List {number},")] or child.rows


def _where(rows: Sequence[str]) -> str:
    return f"{rows[0]} (and {len(rows) - 1:,} more)" if len(rows) > 1 else rows[0]


def _as_numbered(child: Child) -> list[tuple[int, str]]:
    return [(int(part) if n % 2 else 0, part) for n, part in enumerate(re.split("([0-9]+)", child.id))]


def _place(fault: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", fault.partition(":")[0])[:2]]
