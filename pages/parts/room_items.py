"""What each item of the agenda says, as values for its template."""

from __future__ import annotations

from typing import Any

from chm.casework import frameworks, questions
from chm.casework.linked import Record
from chm.casework.network import NetworkYoungPerson
from chm.connections import Event
from chm.framework import LEVELS
from chm.linkage.graph import conflicts
from chm.linkage.ties import YOUNG_PERSON, Party
from chm.meetings import in_words
from chm.meetings.records import Attending, EntryKind
from chm.scoring import RANK
from chm.settings import today
from chm.target_actions import TargetAction, recommend
from pages.parts import markup, network_card, room_labels, room_plan, score_panel
from pages.parts.network_heat import SHORT
from pages.parts.opened_room import OpenedRoom
from pages.parts.text import borough

Values = tuple[str, dict[str, Any]]
MARKS = {"confirmed": "✓", "report": "✉", "absent": "✕", "asked": "?", "not_asked": "·"}
WORDS = {
    "confirmed": "here",
    "report": "sent a report",
    "absent": "absent",
    "asked": "asked, no answer",
    "not_asked": "not asked",
}
SETTINGS = (("confirmed", "Here"), ("report", "Report"), ("absent", "Absent"))
LINKS, ADVICE, RECORDS = 6, 6, 7
MODERATE = RANK["moderate"]


def facts(opened: OpenedRoom, item: str) -> str:
    """What stands under an item of the agenda: how far it is, or how much there is."""
    steps = opened.steps(item)
    if item == opened.item and len(steps) > 1:
        return f"{opened.step + 1} of {len(steps)}"
    if not opened.networked and item in ("people", "plan"):
        return "on the chair's screen" if item == "people" else ""
    if item in ("young_people", "people", "locations"):
        return f"{len(steps) - 1}"
    if item == "voice":
        return f"{_heard(opened)} of {len(opened.seen.people)} heard"
    if item == "plan":
        gaps = len(room_plan.coverage_of(opened).gaps)
        return f"{gaps} gap{'' if gaps == 1 else 's'}"
    if item == "purpose":
        missing = sum(c["status"] in ("not_asked", "absent") for c in coming(opened))
        return f"{missing} not here" if missing else "all here"
    return ""


def coming(opened: OpenedRoom) -> list[dict[str, Any]]:
    """Who should be here, and who else is: agency, why, and where that stands; `kept` as it is stored."""
    listed, used = [], set()
    for wanted in opened.room.expected:
        kept = next((a for a in opened.record.attendance if wanted.is_(a.agency)), None)
        used.add(kept.agency if kept else "")
        why = wanted.why[0][0] + (f". Or {wanted.instead_of}" if wanted.instead_of else "")
        here = kept is not None and kept.status in (Attending.CONFIRMED, Attending.REPORT)
        listed.append((wanted.agency, kept, "" if here else why))
    listed += [(a.agency, a, "") for a in opened.record.attendance if a.agency not in used]
    return [
        {
            "n": n,
            "agency": agency,
            "kept": kept,
            "name": kept.name if kept else "",
            "status": (status := (kept.status if kept else Attending.NOT_ASKED).value),
            "mark": MARKS[status],
            "word": WORDS[status],
            "why": why,
            "may": opened.room.notes_coming_of in (None, agency),
        }
        for n, (agency, kept, why) in enumerate(listed)
    ]


def purpose(opened: OpenedRoom) -> Values:
    """Why the meeting is held, who should be here, what changed and what was carried over."""
    names, framework, since = room_labels.labels(opened), frameworks.current(), opened.room.since
    return "room_purpose", {
        "purpose": room_labels.words(opened.room.purpose, names),
        "expected": coming(opened),
        "settings": SETTINGS,
        "since": since.on if since else None,
        "changes": in_words.changed(
            since, framework, lambda id: names.get(f"{YOUNG_PERSON}:{id}", ""), lambda t: names.get(t, "")
        )
        if since
        else (),
        "carried": [room_labels.action(a, names) for a in opened.record.agreed if a.carried_from],
    }


def levels(opened: OpenedRoom) -> Values:
    """The thirteen domains by young person, as they were assessed."""
    framework, people = frameworks.current(), list(opened.seen.people.values())
    found = [{q.domain: q.level for q in p.latest.score.points} if p.latest else {} for p in people]
    words = {level: framework.level[level].name for level in LEVELS}
    rows = [
        (
            d.name,
            d.axis,
            markup.pieces(
                "room_level",
                [
                    {
                        "shown": mine.get(id) or "unknown",
                        "short": SHORT.get(mine.get(id) or "", "?"),
                        "word": words.get(mine.get(id) or "", "not known"),
                    }
                    for mine in found
                ],
            ),
        )
        for id, d in framework.domain.items()
    ]
    return "room_levels", {
        "title": "Young people experiencing harm",
        "tag": f"{len(people)} here, by domain",
        "people": [_column(p) for p in people],
        "rows": rows,
        "totals": True,
        "legend": "S Significant · M Moderate · E Emerging · – none · ? not known. Press a name to look at one.",
    }


def person(opened: OpenedRoom) -> Values:
    """One young person: totals, flags, links, what they say, and what is done."""
    slot = opened.now.partition(":")[2]
    seen, framework, names = opened.seen, frameworks.current(), room_labels.labels(opened)
    who, party = seen.people[slot], Party(YOUNG_PERSON, slot)
    latest, revealed = who.latest, opened.revealed_now
    actions, said = room_labels.about(opened, opened.now)
    words = [room_labels.entry(s, names) | {"of": s.kind} for s in said]
    shared = [(e, s) for e, s in seen.shared.items() if slot in s.young_people]
    shown = revealed.name if revealed and revealed.slot == slot else who.name
    gaps = room_plan.coverage_of(opened).gaps if opened.networked else ()
    return "room_person", {
        "name": shown,
        "alias": who.name if shown != who.name else "",
        "facts": [f"aged {who.age}" if who.age is not None else "age not known", borough(who.borough)],
        "totals": score_panel.totals_in_words(framework, latest.score) if latest else [],
        "judged": (latest.judged, framework.level[latest.judged].name) if latest else None,
        "assessed": latest.assessed_on if latest else None,
        "review": latest.review_by if latest else None,
        "late": bool(latest and latest.review_by and latest.review_by < today()),
        "significant": [framework.domain[d].name for d in latest.score.significant] if latest else [],
        "flags": [f.text for f in latest.score.flags if f.code != "significant_domain"] if latest else [],
        "links": [
            {
                "party": f"{e.kind}:{e.id}",
                "label": names[f"{e.kind}:{e.id}"],
                "kind": network_card.kind(seen, e),
                "others": [seen.people[y].name for y in s.young_people if y != slot],
                "best": s.best,
            }
            for e, s in shared[:LINKS]
        ],
        "more_links": max(0, len(shared) - LINKS),
        "fights": sorted(
            {
                seen.people[p.id].name
                for t in conflicts(seen.network, set(seen.people))
                if party in t.parties
                for p in t.parties
                if p != party
            }
        ),
        "together": [_together(opened, t) for t in opened.room.together if slot in (t.one, t.other)][:4],
        "safe": sorted(
            {
                names.get(f"{p.kind}:{p.id}", "")
                for t in seen.network.protective
                if party in t.parties
                for p in t.parties
            }
            - {who.name, ""}
        ),
        "voice": [w for w in words if w["of"] in (EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS)],
        "said": [w for w in words if w["of"] not in (EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS)],
        "actions": [room_labels.action(a, names) for a in actions],
        "own": len(opened.room.plans.get(slot, ())),
        "gaps": [framework.domain[d].name for y, d in gaps if y == slot],
        "away": not opened.networked,
    }


def thing(opened: OpenedRoom) -> Values:
    """Somebody or something that several share: on whose word, what disrupting it changes, and what fits."""
    seen, names = opened.seen, room_labels.labels(opened)
    party = room_labels.party(opened.now)
    card = network_card.entity_card(seen, party)
    actions, said = room_labels.about(opened, opened.now)
    option = seen.options.get(party) if opened.networked else None
    change = seen.without({party}) if option else None
    linked = [seen.people[b["party"].partition(":")[2]] for b in card["resting"]]
    return "room_thing", {
        "label": card["label"],
        "kind": card["kind"],
        "concern": party in seen.concern,
        "person": party.kind == "person",
        "people": [_column(p) for p in linked],
        "best": card["best"],
        "agencies": card["agencies"],
        "last": card["last"],
        "ongoing": card["ongoing"],
        "why_not": card["why_not"] if opened.networked else "",
        "numbers": [
            ("Linked pairs", change.before.pairs, change.after.pairs),
            ("Largest group", change.before.largest_group, change.after.largest_group),
            ("No harmful link", change.before.unlinked, change.after.unlinked),
        ]
        if change
        else [],
        "protects": option.protects if option else 0,
        "actions": [room_labels.action(a, names) for a in actions],
        "said": [room_labels.entry(s, names) for s in said],
        "advice": advice(opened, party)[:ADVICE],
        "records": [_recorded(r) for r in seen.evidence(party)[:RECORDS]],
        "recorded": len(seen.evidence(party)),
        "away": not opened.networked,
    }


def _recorded(record: Record) -> dict[str, Any]:
    """An event or tie on a line: what sort, when, on whose word; what was said only where names are shown."""
    kinds = room_labels.kinds()
    known = kinds.event if isinstance(record, Event) else kinds.relationship
    return {
        "kind": known[record.kind].name if record.kind in known else record.kind,
        "day": record.start,
        "agency": record.source.agency,
        "sure": record.source.confidence.value,
        "what": record.what if isinstance(record, Event) else record.note,
    }


def advice(opened: OpenedRoom, target: Party) -> list[TargetAction]:
    """What fits a target, but for what is about a worker's conduct, which never stands on a shared screen."""
    framework, seen = frameworks.current(), opened.seen
    found = recommend(questions.target_actions(), framework, target, seen.entity(target), seen.about(target))
    return [a for a in found if not questions.about_worker(a)]


def themes(opened: OpenedRoom) -> Values:
    """What runs through several: domains, groups, times missing together, what keeps them safe."""
    framework, seen, names = frameworks.current(), opened.seen, room_labels.labels(opened)
    people = list(seen.people.values())
    found = [{q.domain: q.level for q in p.latest.score.points} if p.latest else {} for p in people]
    domains = [
        (
            d.name,
            sum(RANK.get(mine.get(id, ""), -1) >= MODERATE for mine in found),
            sum(mine.get(id) == "significant" for mine in found),
        )
        for id, d in framework.domain.items()
    ]
    said = [s for s in opened.record.said if s.item == "themes"]
    safe: dict[str, set[str]] = {}
    for tie in seen.network.protective:
        for one, other in (tie.parties, tie.parties[::-1]):
            if one.young:
                safe.setdefault(names.get(f"{other.kind}:{other.id}", ""), set()).add(seen.people[one.id].name)
    return "room_themes", {
        "domains": sorted(domains, key=lambda d: (-d[1], -d[2])),
        "most": max(1, len(people)),
        "groups": [
            {
                "people": [_column(seen.people[id]) for id in row.young_people],
                "shared": [names[f"{e.kind}:{e.id}"] for e, _ in row.shared[:3]],
            }
            for row in seen.groups
            if len(row.young_people) > 1
        ],
        "together": [_together(opened, t, both=True) for t in opened.room.together[:6]],
        "safe": [
            f"{name} for {', '.join(sorted(who))}" for name, who in sorted(safe.items(), key=lambda i: -len(i[1]))
        ][:5],
        "said": [room_labels.entry(s, names) for s in said],
        "away": not opened.networked,
    }


def voice(opened: OpenedRoom) -> Values:
    """What each young person and parent says, and who tells them the outcome."""
    names = room_labels.labels(opened)
    kinds = (EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS)
    return "room_voice", {
        "heard": _heard(opened),
        "people": [
            {"slot": p.id, "name": p.name}
            | {
                k.value: [
                    room_labels.words(s.text, names)
                    for s in opened.record.said
                    if s.kind == k and p.id in s.young_people
                ]
                for k in kinds
            }
            for p in opened.seen.people.values()
        ],
    }


def _heard(opened: OpenedRoom) -> int:
    heard = {y for s in opened.record.said if s.kind == EntryKind.VOICE for y in s.young_people}
    return len(heard.intersection(opened.seen.people))


def _column(person: NetworkYoungPerson) -> dict[str, Any]:
    score = person.latest.score.combined if person.latest else None
    return {
        "slot": person.id,
        "name": person.name,
        "score": score.score if score else None,
        "band": score.band if score else None,
    }


def _together(opened: OpenedRoom, found: Any, *, both: bool = False) -> str:
    people, slot = opened.seen.people, opened.now.partition(":")[2]
    unit = "days" if opened.room.by_day else "hours"
    times = f"{found.times} time{'' if found.times == 1 else 's'}, {found.amount:.0f} {unit}"
    one, other = people[found.one].name, people[found.other].name
    return f"{one} and {other}: {times}" if both else f"{other if found.one == slot else one} ({times})"
