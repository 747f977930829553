"""What changed and what is not covered, as sentences: on the shared screen, in the briefing pack and in the minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from chm.framework import Framework
from chm.meetings.coverage import Coverage
from chm.meetings.since import Moved, Since

Called = Callable[[str], str]


def changed(since: Since, framework: Framework, who: Called, what: Called) -> tuple[str, ...]:
    """What changed since the last meeting, one sentence each.

    Args:
        who: what a young person (id) is called. what: what a thing (kind:id) is called.
    """
    return tuple(_changed(since, framework, who, what))


def _changed(since: Since, framework: Framework, who: Called, what: Called) -> Iterator[str]:
    for moved in since.moved:
        yield f"{who(moved.young_person)}: {_moved(moved, framework)}"
    if since.assessed > len(since.moved):
        same = since.assessed - len(since.moved)
        yield f"{_people(same)} assessed anew with no level changed"
    if since.new_pairs or since.gone_pairs:
        yield f"{_count(since.new_pairs, 'pair')} newly linked" + (
            f", {since.gone_pairs} no longer" if since.gone_pairs else ""
        )
    if since.new_things:
        yield f"Now shared by several: {_listed([what(t) for t in since.new_things])}"
    done = since.actions
    total = done.done + done.under_way + done.open + done.dropped
    if total:
        parts = [
            (done.done, "done"),
            (done.under_way, "under way"),
            (done.open, "not begun"),
            (done.dropped, "dropped"),
        ]
        told = ", ".join(f"{n} {word}" for n, word in parts if n)
        yield f"Of {_count(total, 'action')} agreed then: {told}" + (
            f"; {done.overdue} overdue" if done.overdue else ""
        )


def _moved(moved: Moved, framework: Framework) -> str:
    combined = [str(total) if total is not None else "not known" for total in (moved.before, moved.after)]
    if moved.judged[0] is None:
        return f"assessed for the first time, combined {combined[1]}"
    parts = []
    for word, domains in (("more worry on", moved.more), ("less on", moved.less)):
        if domains:
            parts.append(f"{word} {_listed([framework.domain[d].name for d in domains])}")
    before, after = moved.judged
    if before and before != after:
        parts.append(f"judged {framework.level[after].name}, was {framework.level[before].name}")
    return f"combined {combined[0]} to {combined[1]}" + (f"; {'; '.join(parts)}" if parts else "")


def gaps(found: Coverage, framework: Framework, who: Called, what: Called) -> tuple[str, ...]:
    """What nobody acts on yet, one sentence each. `who` and `what` as for `changed`."""
    return tuple(_gaps(found, framework, who, what))


def _gaps(found: Coverage, framework: Framework, who: Called, what: Called) -> Iterator[str]:
    by_person: defaultdict[str, list[str]] = defaultdict(list)
    for person, domain in found.gaps:
        level = found.cells[person][domain].level or ""
        by_person[person].append(f"{framework.domain[domain].name} ({framework.level[level].name})")
    for person, domains in by_person.items():
        yield f"{who(person)}: nobody acts on {_listed(domains)}"
    names = {p["id"]: p["name"] for p in framework.pillars}
    for person, pillars in found.pillars.items():
        yield f"{who(person)}: no action to {_listed([str(names[p]).lower() for p in pillars], 'or')}"
    if found.undisrupted:
        yield f"Shared by two or more and not disrupted: {_listed([what(t) for t in found.undisrupted])}"
    if found.unassessed:
        yield f"Not assessed yet: {_listed([who(y) for y in found.unassessed])}"


def _people(n: int) -> str:
    return f"{n} young {'person' if n == 1 else 'people'}"


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'s' * (n != 1)}"


def _listed(names: list[str], last: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
