"""What the room calls people and things, in plain words for its templates."""

from __future__ import annotations

from functools import cache
from typing import Any

from chm import connection_kinds
from chm.casework import frameworks
from chm.casework.linked import Linked
from chm.casework.room import Agreed, Said
from chm.linkage.ties import YOUNG_PERSON, Party
from chm.meetings.mentions import MENTION as MENTIONED
from chm.meetings.mentions import called
from pages.parts.opened_room import OpenedRoom

__all__ = ["MENTIONED"]

kinds = cache(connection_kinds.load)
KINDS = {
    "information": "Information",
    "decision": "Decision",
    "view": "View",
    "disagreement": "Dissent",
    "voice": "They say",
    "parent": "Parent says",
    "tells": "Who tells",
}


def labels(opened: OpenedRoom) -> dict[str, str]:
    """What everybody and everything is called now, by kind:slot."""
    return {f"{p.kind}:{p.id}": label.text for p, label in opened.seen.known.labels.items()}


def words(text: str, names: dict[str, str]) -> str:
    """A text of the record as it is read now."""
    return called(text, names)


def party(said: str) -> Party:
    """The party of kind:slot."""
    kind, _, slot = said.partition(":")
    return Party(kind, slot)


def entry(said: Said, names: dict[str, str]) -> dict[str, Any]:
    """An entry of the record, for a template."""
    return {
        "id": said.id,
        "kind": KINDS[said.kind.value],
        "text": words(said.text, names),
        "agency": said.agency,
        "sure": said.confidence,
        "hand": "" if said.first_hand is None else "first-hand" if said.first_hand else "passed on",
        "reason": called(said.reason, names),
        "by": said.by,
    }


def action(agreed: Agreed, names: dict[str, str]) -> dict[str, Any]:
    """An action of the record, for a template."""
    framework = frameworks.current()
    pillar = next((str(p["name"]) for p in framework.pillars if p["id"] == agreed.pillar), agreed.pillar)
    about = [names[f"{YOUNG_PERSON}:{y}"] for y in agreed.young_people if f"{YOUNG_PERSON}:{y}" in names]
    target = names.get(agreed.target, "")
    text = words(agreed.text, names)
    return {
        "id": agreed.id,
        "pillar": pillar,
        "text": text,
        "about": [n for n in dict.fromkeys([*about, target]) if n and n not in text],
        "owner": ", ".join(filter(None, (agreed.owner_agency, called(agreed.owner_person, names)))),
        "due": agreed.due,
        "status": agreed.status.value,
        "carried": agreed.carried_from,
        "unasked": agreed.unasked,
        "may_correct": agreed.may_correct,
    }


def about(opened: OpenedRoom, said: str) -> tuple[list[Agreed], list[Said]]:
    """The actions and entries that are about somebody or something (kind:slot)."""
    kind, _, slot = said.partition(":")
    young = kind == YOUNG_PERSON
    record = opened.record
    actions = [a for a in record.agreed if a.target == said or (young and slot in a.young_people)]
    mention = f"@{{{said}}}"
    entries = [s for s in record.said if s.target == said or mention in s.text or (young and slot in s.young_people)]
    return actions, entries


def kind(seen: Linked, what: Party) -> str:
    """The kind of something, in words."""
    shape = seen.shape.get(what)
    return (shape or what.kind).replace("_", " ").capitalize()
