"""What to remind each owner of, as text for an e-mail: it names no young person, so it may leave the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chm.meetings.tracked import Tracked, When

HEADS = {When.OVERDUE: "Overdue", When.SOON: "Due within 7 days", When.UNDATED: "Without a date"}
CLOSE = "Please note in Actions what came of each. Name no young person in a reply to this message."


@dataclass(frozen=True)
class Reminder:
    """What one owner is to be reminded of, soonest due first; `person` is empty where an agency alone owns it."""

    agency: str
    person: str
    overdue: tuple[Tracked, ...]
    soon: tuple[Tracked, ...]
    undated: tuple[Tracked, ...]

    @property
    def owner(self) -> str:
        """The agency, and the person where there is one."""
        return ", ".join(filter(None, (self.agency, self.person)))

    @property
    def count(self) -> int:
        """How many actions it lists."""
        return len(self.overdue) + len(self.soon) + len(self.undated)


def reminders(rows: Iterable[Tracked]) -> tuple[Reminder, ...]:
    """One for each owner, by agency and person, of a live action that is overdue, due soon or without a date."""
    found: defaultdict[tuple[str, str, int], list[Tracked]] = defaultdict(list)
    for row in rows:
        if row.when in HEADS:
            found[row.agency_unnamed, row.person_unnamed, row.owner_number].append(row)
    return tuple(
        Reminder(agency, person, *(_of(owned, when) for when in HEADS))
        for (agency, person, _), owned in sorted(found.items(), key=lambda f: (*map(str.casefold, f[0][:2]), f[0][2]))
    )


def text(reminder: Reminder, today: date) -> str:
    """The whole message: what each action acts on, its id and its day, and nothing of what it says."""
    lines = [f"Actions of {reminder.owner}, as of {_day(today)}"]
    for head, rows in zip(HEADS.values(), (reminder.overdue, reminder.soon, reminder.undated), strict=True):
        if rows:
            lines += ["", f"{head}:", *map(_line, rows)]
    return "\n".join([*lines, "", CLOSE])


def _of(rows: Iterable[Tracked], when: When) -> tuple[Tracked, ...]:
    return tuple(sorted((r for r in rows if r.when == when), key=lambda r: (r.due or date.max, r.id)))


def _line(row: Tracked) -> str:
    return f"- {row.id}: {row.about_unnamed}, {f'due {_day(row.due)}' if row.due else 'no date yet'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
