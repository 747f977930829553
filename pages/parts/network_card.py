"""What is in hand in the network: a young person, something that several share, or the whole picture."""

from __future__ import annotations

from typing import Any

from chm.casework import frameworks, questions
from chm.casework.linked import Linked
from chm.casework.setting_assessments import kind_of
from chm.connections import Account, Entity, NamedGroup, Person, Place, PlaceKind, Vehicle
from chm.linkage.from_records import HOMES
from chm.linkage.graph import conflicts
from chm.linkage.shapes import Shape
from chm.linkage.ties import ONGOING, Party
from chm.linkage.what_if import Behind
from pages.parts import score_panel
from pages.parts.opened_network import OpenedNetwork
from pages.parts.text import borough

SHAPES = {
    Shape.YOUNG_PERSON: "Young person",
    Shape.CHILD: "Child or age unknown",
    Shape.PERSON_OF_CONCERN: "Person of concern",
    Shape.PERSON: "Person",
    Shape.TRUSTED_ADULT: "Trusted adult",
    Shape.PLACE: "Place",
    Shape.SAFE_PLACE: "Safe place",
    Shape.ONLINE_PLACE: "Online place",
    Shape.VEHICLE: "Vehicle",
    Shape.ACCOUNT: "Account",
    Shape.GROUP: "Group",
}
PLACES = {
    PlaceKind.SCHOOL: "School",
    PlaceKind.HOME: "Home",
    PlaceKind.PLACEMENT: "Placement",
    PlaceKind.TRANSPORT: "Transport",
}

MOST_TOGETHER = 5


def said(party: Party) -> str:
    """A party as the browser names it."""
    return f"{party.kind}:{party.id}"


def label(seen: Linked, party: Party) -> str:
    """What to call a party."""
    found = seen.known.labels.get(party)
    return found.text if found else "Not known"


def kind(seen: Linked, party: Party) -> str:
    """Its kind in words, as the picture draws it."""
    record = seen.entity(party)
    if isinstance(record, Place) and record.place_kind in PLACES:
        return PLACES[record.place_kind]
    shape = seen.shape.get(party)
    return SHAPES[shape] if shape else party.kind.capitalize()


def touched(seen: Linked, party: Party) -> list[str]:
    """Ids of the young people an action on `party` concerns: those linked to it, else all it is tied to."""
    if party.young:
        return [party.id]
    resting = [b.party.id for b in seen.resting_on(party)]
    near = {p.id for t in seen.ties if party in t.parties for p in t.parties if p.young}
    return resting or [id for id in seen.people if id in near]


def card(opened: OpenedNetwork, seen: Linked) -> dict[str, Any]:
    """What the card at the top says."""
    party = opened.selected
    about = (
        _whole(opened, seen)
        if party is None
        else _young(seen, party)
        if party.young
        else entity_card(seen, party) | {"shown_gone": party in opened.removed}
    )
    return about | _gone(opened, seen, party)


def _whole(opened: OpenedNetwork, seen: Linked) -> dict[str, Any]:
    everybody = set(seen.people)
    best = seen.together(opened.together)
    alone = int((seen.network.degree == 0).sum())
    fights = {tuple(sorted(seen.people[p.id].name for p in t.parties)) for t in conflicts(seen.network, everybody)}
    return {
        "what": "whole",
        "pairs": seen.network.shared.nnz,
        "groups": [len(g.young_people) for g in seen.groups],
        "alone": alone,
        "masked": sum(p.masked for p in seen.people.values()),
        "left_out": seen.picture.left_out,
        "undated": seen.undated,
        "fights": sorted(fights),
        "best": [label(seen, e) for e in best.entities] if best.pairs_lost else [],
        "best_lost": best.pairs_lost,
        "together": opened.together,
        "most_together": min(MOST_TOGETHER, len(seen.options)),
        "best_is_best": best.best_pairs_lost == best.pairs_lost,
        "best_there_is": best.best_pairs_lost,
    }


def _young(seen: Linked, party: Party) -> dict[str, Any]:
    person = seen.people[party.id]
    framework, latest = frameworks.current(), person.latest
    points = {p.domain: p.level for p in latest.score.points} if latest else {}
    places, people = seen.behind(party.id)
    flags = [f.text for f in latest.score.flags if f.code != "significant_domain"] if latest else []
    safe = {label(seen, p) for t in seen.network.protective if party in t.parties for p in t.parties if p != party}
    fights = {
        label(seen, p)
        for t in seen.network.conflicts
        if party in t.parties
        for p in t.parties
        if p.young and p != party
    }
    return {
        "what": "young",
        "id": party.id,
        "party": said(party),
        "label": person.name,
        "masked": person.masked,
        "facts": [
            f"aged {person.age}" if person.age is not None else "age not known",
            borough(person.borough),
        ],
        "totals": score_panel.totals_in_words(framework, latest.score) if latest else [],
        "judged": (latest.judged, framework.level[latest.judged].name) if latest else None,
        "significant": [framework.domain[d].name for d in latest.score.significant] if latest else [],
        "flags": flags,
        "behind": [
            (framework.domain[domain].name, _level(points.get(domain)), [_behind(seen, b) for b in found])
            for domain, found in (("places", places), ("peers", people))
        ],
        "safe": sorted(safe),
        "fights": sorted(fights),
        "records": len(seen.evidence(party)),
    }


def _level(level: str | None) -> tuple[str | None, str]:
    return level, frameworks.current().level[level].name if level else "not known"


def _behind(seen: Linked, found: Behind) -> dict[str, Any]:
    return {
        "party": said(found.party),
        "label": label(seen, found.party),
        "records": len(found.evidence),
        "best": found.best,
    }


def entity_card(seen: Linked, party: Party) -> dict[str, Any]:
    """What the card says of something that young people share, but for what is shown gone."""
    record = seen.entity(party)
    shared = seen.shared.get(party)
    near = [t for t in seen.ties if party in t.parties]
    last = max((t.end for t in near if t.end), default=None)
    best = max((t.confidence for t in near), key=lambda c: c.rank, default=None)
    option = seen.options.get(party)
    return {
        "what": "entity",
        "party": said(party),
        "label": label(seen, party),
        "kind": kind(seen, party),
        "facts": _facts(record),
        "last": None if last == ONGOING else last,
        "ongoing": last == ONGOING,
        "best": best,
        "agencies": sorted({t.agency for t in near if t.agency}),
        "boroughs": shared.boroughs if shared else (),
        "resting": [_resting(seen, b) for b in seen.resting_on(party)],
        "option": option,
        "why_not": "" if option else _why_not(party, record, bool(seen.resting_on(party))),
        "setting": record is not None and kind_of(record) in ("group", "school"),
        "records": len(seen.evidence(party)),
        "ask": [q.text for q in questions.before_disruption()] if option else [],
    }


def _resting(seen: Linked, found: Behind) -> dict[str, Any]:
    known = seen.known.labels[found.party]
    return _behind(seen, found) | {"score": known.score, "band": known.band, "masked": known.masked}


def _facts(record: Entity | None) -> list[str]:
    facts: list[str] = []
    if isinstance(record, Person):
        facts += [f"also known as {', '.join(record.other_names)}"] if record.other_names else []
    elif isinstance(record, Place):
        facts += [record.address, record.postcode]
    elif isinstance(record, Vehicle):
        facts.append(record.plate and f"plate {record.plate}")
    elif isinstance(record, Account):
        facts.append(record.platform)
    if record and record.name:
        facts.append(record.description)
    return [f for f in facts if f]


def _why_not(party: Party, record: Entity | None, linked: bool) -> str:
    if party.kind == "person" and not (isinstance(record, Person) and not record.child):
        return "A child, or of unknown age: never an option to disrupt. Assess and support."
    if isinstance(record, Place) and record.place_kind in HOMES:
        return "Where somebody lives: never an option to disrupt. See what keeps the home safe."
    if isinstance(record, NamedGroup):
        return "A group is assessed and supported as one; it is not an option to disrupt."
    if not linked:
        return "Nothing harmful links a young person to it in this view."
    return "Nobody alleges harm of them on any event or tie: not an option to disrupt."


def _gone(opened: OpenedNetwork, seen: Linked, party: Party | None) -> dict[str, Any]:
    """Before and after, were all that is shown gone, and what is in hand, removed together."""
    removed = set(opened.removed) | ({party} if party in seen.options else set())
    if not removed:
        return {"numbers": [], "gone": [], "lost": [], "isolated": [], "protects": 0}
    change = seen.without(removed)
    before, after = change.before, change.after
    return {
        "numbers": [
            ("Linked pairs", before.pairs, after.pairs),
            ("Largest group", before.largest_group, after.largest_group),
            ("No harmful link", before.unlinked, after.unlinked),
            ("Link strength", round(before.weight, 1), round(after.weight, 1)),
        ],
        "gone": [(said(p), label(seen, p)) for p in opened.removed],
        "lost": [" and ".join(seen.people[id].name for id in pair) for pair in change.pairs_lost],
        "isolated": [seen.people[id].name for id in change.isolated],
        "protects": max((seen.options[p].protects for p in removed), default=0),
    }
