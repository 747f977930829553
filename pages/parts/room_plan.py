"""Plan and gaps on the shared screen, the review date, and closing the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chm.casework import frameworks
from chm.casework.meetings import meeting_rules
from chm.casework.minutes import disruptable, tied_to
from chm.framework import LEVELS
from chm.linkage.graph import conflicts
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.coverage import Acting, Cell, Coverage, coverage
from chm.meetings.records import EntryKind
from chm.settings import today
from pages.parts import markup, network_card, room_items, room_labels
from pages.parts.network_heat import SHORT
from pages.parts.opened_room import OpenedRoom

Values = tuple[str, dict[str, Any]]
UNDISRUPTED = 8


def coverage_of(opened: OpenedRoom) -> Coverage:
    """The plan of all actions, own and agreed, against what is known."""
    seen, kept = opened.seen, opened.covered
    if kept is None or kept[0] is not seen or kept[1] is not opened.record:
        levels = {
            p.id: {q.domain: q.level for q in p.latest.score.points} if p.latest else {} for p in seen.people.values()
        }
        judged = {p.id: p.latest.judged for p in seen.people.values() if p.latest}
        acting: list[Acting] = [a for plan in opened.room.plans.values() for a in plan]
        for action in opened.record.agreed:
            if action.status != "dropped":
                found = action.acting
                acting.append(
                    Acting(
                        pillar=found.pillar,
                        target=found.target,
                        young_people=found.young_people or (tied_to(seen, found.target) if found.target else ()),
                        domain=found.domain,
                        step=found.step,
                    )
                )
        made = coverage(frameworks.current(), meeting_rules(), levels, judged, acting, disruptable(seen))
        kept = opened.covered = (seen, opened.record, made)
    return kept[2]


def grid(opened: OpenedRoom) -> Values:
    """Young people by domain at Moderate or more, against actions."""
    framework, seen, found = frameworks.current(), opened.seen, coverage_of(opened)
    people = list(seen.people.values())
    words = {level: framework.level[level].name for level in LEVELS}
    rows = [
        (
            domain.name,
            domain.axis,
            markup.pieces("room_level", [_cell(found.cells[p.id][id], words) for p in people]),
        )
        for id, domain in framework.domain.items()
    ]
    count = len(found.gaps)
    serious = sum(c.serious for row in found.cells.values() for c in row.values())
    return "room_levels", {
        "title": "Where is nobody acting?",
        "tag": f"{count} of {serious} without an action" if serious else "nothing at Moderate or more",
        "people": [
            {"slot": p.id, "name": p.name, "score": p.latest.score.combined.score if p.latest else None} for p in people
        ],
        "rows": rows,
        "totals": False,
        "legend": "S ! and M ! nobody acts yet · ✓ an action here or in their plan answers it · empty below Moderate",
    }


def _cell(cell: Cell, words: Mapping[str, str]) -> dict[str, str]:
    word = words[cell.level] if cell.level else "not known"
    short = SHORT[cell.level or ""] if cell.serious else ""
    if cell.gap:
        return {"shown": f"gap {cell.level}", "short": f"{short} !", "word": f"{word}, nobody acts"}
    if cell.serious:
        return {"shown": "acting", "short": f"{short} ✓", "word": f"{word}, somebody acts"}
    return {"shown": "below", "short": "", "word": word}


def rest(opened: OpenedRoom) -> Values:
    """Lead pillars and shared things that no action covers; conflicts that an action would ignore; all actions."""
    framework, seen, names, found = frameworks.current(), opened.seen, room_labels.labels(opened), coverage_of(opened)
    pillars = {str(p["id"]): str(p["name"]) for p in framework.pillars}
    live = [a for a in opened.record.agreed if a.status in ("open", "under_way")]
    return "room_plan", {
        "pillars": [(seen.people[id].name, id, [pillars[p] for p in missing]) for id, missing in found.pillars.items()],
        "conflicts": _conflicts(opened),
        "unasked": [room_labels.action(a, names) for a in live if a.unasked and not a.carried_from],
        "undisrupted": [
            {
                "party": t,
                "label": names.get(t, ""),
                "kind": network_card.kind(seen, room_labels.party(t)),
                "count": len(seen.shared[room_labels.party(t)].young_people),
            }
            for t in found.undisrupted[:UNDISRUPTED]
        ],
        "more": max(0, len(found.undisrupted) - UNDISRUPTED),
        "actions": [room_labels.action(a, names) for a in opened.record.agreed],
        "away": not opened.networked,
    }


def review(opened: OpenedRoom) -> Values:
    """When the meeting is held again, and what is to be seen to before it closes."""
    people = list(opened.seen.people.values())
    due = opened.room.review_by
    if due is None:
        why = "The guidance sets no review for any of them: say whether the meeting is held again."
    elif due < today():
        why = f"A review was due on {markup.day(due)} and is late: hold the next meeting soon."
    else:
        why = f"The earliest review due among them is {markup.day(due)}: hold the next meeting by then."
    return "room_review", {
        "why": why,
        "people": [
            {
                "name": p.name,
                "review": p.latest.review_by if p.latest else None,
                "late": bool(p.latest and p.latest.review_by and p.latest.review_by < today()),
            }
            for p in people
        ],
        "checks": checks(opened) if opened.networked else [],
        "closing": opened.shown.chairing,
    }


def checks(opened: OpenedRoom) -> list[tuple[str, str]]:
    """What is to be seen to before closing: a class and a line each."""
    found, record = coverage_of(opened), opened.record
    own = [a for a in record.agreed if not a.carried_from and a.status != "dropped"]
    told = {y for s in record.said if s.kind == EntryKind.TELLS for y in s.young_people}
    heard = {y for s in record.said if s.kind == EntryKind.VOICE for y in s.young_people}
    everybody, unasked, torn = len(opened.seen.people), sum(a.unasked for a in own), len(_conflicts(opened))
    overdue = [a for a in record.agreed if a.carried_from and a.due and a.due < today() and a.status != "done"]
    lines = [
        (not found.gaps, f"{len(found.gaps)} at Moderate or more with nobody acting"),
        (
            not found.pillars,
            f"{_count(len(found.pillars), 'young person', 'young people')} with a lead pillar not covered",
        ),
        (not found.undisrupted, f"{len(found.undisrupted)} shared by several and not disrupted"),
        (heard.issuperset(opened.seen.people), f"{len(heard)} of {everybody} young people heard"),
        (told.issuperset(opened.seen.people), f"Who tells them is known for {len(told)} of {everybody}"),
        (bool(own), f"{_count(len(own), 'action', 'actions')} agreed here"),
        (not unasked, f"{_count(unasked, 'disruption', 'disruptions')} with questions open"),
        (not overdue, f"{len(overdue)} carried over and overdue"),
        (not torn, f"{_count(torn, 'action', 'actions')} on people who are in conflict with each other"),
    ]
    return [("done" if good else "warn", text) for good, text in lines]


def _count(n: int, one: str, more: str) -> str:
    return f"{n} {one if n == 1 else more}"


def ready(opened: OpenedRoom, what: str, which: str) -> None:
    """Put ready what is to be written: words of somebody, an action that fits, answers before a disruption."""
    turn = (opened.ready or {}).get("turn", 0) + 1
    opened.whole = True
    if what == "asked" and any(a.id == which for a in opened.record.agreed):
        opened.asking = which
    elif what == "write":
        kind, _, slot = which.partition(".")
        if slot in opened.seen.people and kind in list(EntryKind):
            opened.ready = {"turn": turn, "kind": kind, "text": f"@{{{YOUNG_PERSON}:{slot}}} "}
    elif what == "take" and which.isdigit():
        fitting = room_items.advice(opened, room_labels.party(opened.now))
        if int(which) < len(fitting):
            chosen = fitting[int(which)]
            opened.ready_target, opened.ready_step = opened.now, chosen.step or chosen.id
            fields = {"pillar": chosen.pillar, "owner": chosen.lead}
            opened.ready = {"turn": turn, "kind": "action", "text": chosen.text, "fields": fields, "over": True}


def _conflicts(opened: OpenedRoom) -> list[str]:
    """Actions that concern two who are in conflict with each other."""
    seen, names = opened.seen, room_labels.labels(opened)
    pairs = [
        [p.id for p in t.parties] for t in conflicts(seen.network, set(seen.people)) if all(p.young for p in t.parties)
    ]
    lines = []
    for action in opened.record.agreed:
        near = [pair for pair in pairs if set(pair) <= set(action.young_people)]
        for one, other in near[:1]:
            shown = room_labels.words(action.text, names)
            lines.append(f"{names[f'{YOUNG_PERSON}:{one}']} and {names[f'{YOUNG_PERSON}:{other}']}: {shown}")
    return lines
