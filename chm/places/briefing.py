"""What a one-page briefing on a location says: plain data, with nothing in it that would tell who anybody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chm.places.breakdown import Breakdown
from chm.places.disclosure import Count
from chm.places.records import PlaceAction
from chm.places.risk import PlaceRisk, Trend
from chm.places.rules import Rules
from chm.places.shown import PlaceRow, ShownPlace
from chm.places.times import WEEKDAYS, Times
from chm.target_actions import TargetAction

MOST_ACTIONS, MOST_WORDS, MOST_LETTERS = 5, 2, 110
TRENDS = {
    Trend.NEW: "New: first reported in the last {months} months",
    Trend.RISING: "Rising: more in the last {months} months than in the {months} before",
    Trend.STEADY: "Steady: about as many in the last {months} months as in the {months} before",
    Trend.FALLING: "Falling: fewer in the last {months} months than in the {months} before",
    Trend.FEW: "Too few reports to tell which way it goes",
    Trend.NONE: "Nothing reported in the last {months} months",
}
HIDING = (
    "Small counts read “fewer than {threshold}” and larger ones as a range, so that nobody can be found by them."
    " Reports are what people told us, not proof. Nothing here may be added to a child's record."
)
MARKING = "Official: for the agencies working on this location"


@dataclass(frozen=True)
class Line:
    """An action to be done or to be chosen: by pillar, with who leads it."""

    pillar: str
    text: str
    lead: str
    more: str


@dataclass(frozen=True)
class Briefing:
    """One page on a location.

    Attributes:
        place: its name. area: where it is, in words. band, level: ids, None where there is none.
        facts: what is known in numbers, each named. peaks: when reports come most. safe, unsafe: young people's words.
        actions: agreed and still to be done. options: recommended and not yet taken up, the first of each pillar.
    """

    place: str
    area: str
    on: date
    window: str
    rank: int | None
    of: int
    band: str | None
    level: str | None
    why: str
    trend: str
    facts: tuple[tuple[str, str], ...]
    peaks: str
    safe: tuple[str, ...]
    unsafe: tuple[str, ...]
    actions: tuple[Line, ...]
    options: tuple[Line, ...]
    note: str
    marking: str = MARKING

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """The facts, when reports come most, and the trend; nothing that is empty."""
        told = (*self.facts, ("When", self.peaks), ("Trend", self.trend))
        return tuple((what, text) for what, text in told if text)


def briefing(
    place: ShownPlace,
    rows: Sequence[PlaceRow],
    numbers: Breakdown,
    times: Times,
    words: Iterable[tuple[bool, str]],
    actions: Iterable[PlaceAction],
    options: Iterable[TargetAction],
    names: Mapping[str, str],
    rules: Rules,
    months: int | None,
    on: date,
) -> Briefing:
    """The briefing on `place` out of what may be shown of it.

    Args:
        rows: the whole ranking. words: (safe, text) of what young people said, fit for partners.
        names: of kinds of event, by id.
    """
    row = next((r for r in rows if r.place.id == place.id), None)
    live = [a for a in actions if a.live]
    taken = {a.step for a in live}
    said = list(words)
    return Briefing(
        place=place.name,
        area=f"{place.kind.value.capitalize()}{f', {place.sector}' if place.sector else ''}",
        on=on,
        window=f"Last {months} months" if months and months > 1 else "This month" if months else "All time",
        rank=row.risk.rank if row else None,
        of=len(rows),
        band=row.risk.band if row else None,
        level=row.level if row else None,
        why=row.why if row else "Nothing but protection is recorded here",
        trend=TRENDS[row.risk.trend].format(months=rules.recent_months) if row else "",
        facts=tuple(_facts(row.risk, numbers, names, rules)) if row else (),
        peaks=peaks(times, rules),
        safe=tuple(short(text) for safe, text in said if safe)[:MOST_WORDS],
        unsafe=tuple(short(text) for safe, text in said if not safe)[:MOST_WORDS],
        actions=tuple(_action(a) for a in live)[:MOST_ACTIONS],
        options=tuple(
            _option(o) for o in _of_each_pillar(o for o in options if o.eligible is not False and o.id not in taken)
        ),
        note=HIDING.format(threshold=rules.suppression.threshold),
    )


def peaks(times: Times, rules: Rules) -> str:
    """When reports come most, in words: the times shown as more than a hidden count."""
    told = [
        (cell.least, n, day, part.name)
        for n, (part, row) in enumerate(zip(rules.parts_of_day, times.cells, strict=True))
        for day, cell in enumerate(row)
        if cell.least >= rules.suppression.threshold
    ]
    if not told:
        return "Too few at any one time to name a peak"
    top = sorted(told, key=lambda t: (-t[0], t[1], t[2]))[:3]
    return "; ".join(f"{WEEKDAYS[day]} {part.casefold()}" for _, _, day, part in top)


def _facts(risk: PlaceRisk, numbers: Breakdown, names: Mapping[str, str], rules: Rules) -> Iterable[tuple[str, str]]:
    for part in risk.parts:
        yield rules.part[part.id].name, part.counted.text
    kinds = [(kind, count) for kind, count in numbers.kinds.counts if count.most]
    if numbers.kinds.alike:
        yield "Kinds of event", "Too few of each to tell apart"
    elif kinds:
        ordered = sorted(kinds, key=lambda k: (-k[1].least, k[0]))
        yield "Kinds of event", "; ".join(f"{names.get(k, k)}: {c.text}" for k, c in ordered)
    yield "Agencies reporting", numbers.agencies.text
    if numbers.guardians != Count(0, 0):
        yield "Adults known to look out for young people here", numbers.guardians.text


def short(text: str) -> str:
    """`text` on one line, cut at a word where it is too long for the page."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[:MOST_LETTERS].rpartition(' ')[0] or line[:MOST_LETTERS]} …"


def _of_each_pillar(options: Iterable[TargetAction]) -> list[TargetAction]:
    """The first that surely fits of each pillar, in their order."""
    first: dict[str, TargetAction] = {}
    for option in options:
        if option.sure:
            first.setdefault(option.pillar, option)
    return list(first.values())[:MOST_ACTIONS]


def _action(action: PlaceAction) -> Line:
    due = f"due {action.due.day} {action.due:%b %Y}" if action.due else "no date"
    status = "under way" if action.status.value == "under_way" else "open"
    return Line(action.pillar, short(action.text), action.owner_agency, f"{status}, {due}")


def _option(option: TargetAction) -> Line:
    return Line(option.pillar, short(option.text), option.lead, option.source)
