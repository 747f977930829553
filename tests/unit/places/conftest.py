"""Small records of invented places, laid out in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time

from chm.places import rules
from chm.places.seen import Known, Reported, Seen, Tied, build

RULES = rules.load()
TODAY = date(2026, 11, 23)
ADULTS, VEHICLES = ("PER-adult", "PER-guard"), ("VEH-golf",)


def event(
    id: str,
    *who: str,
    on: date | None = date(2026, 11, 2),
    kind: str = "sighting",
    at: time | None = None,
    influence: str = "harmful",
    confidence: str = "likely",
    agency: str = "Police",
    role: str = "experiencing_harm",
) -> Reported:
    """An event; everybody on it has `role`, unless written as "PER-adult=alleged_source"."""
    named = tuple((w.partition("=")[0], w.partition("=")[2] or role) for w in who)
    return Reported(id, kind, on, at, influence, confidence, agency, named)


def tie(place: str, other: str, kind: str = "goes_to", influence: str = "unclear", **more: object) -> Tied:
    """A relationship that goes on since May 2026."""
    said = {"start": date(2026, 5, 1), "end": date.max, "confidence": "likely", "agency": "Police", **more}
    return Tied(place=place, other=other, kind=kind, influence=influence, **said)  # type: ignore[arg-type]


def seen(
    events: Iterable[Reported], ties: Iterable[Tied] = (), known: Mapping[str, Known] | None = None, young: int = 40
) -> Seen:
    """Columns of places A, B and C, and of young people Y0, Y1 and so on, of whom `known` says what is assessed."""
    everybody = {f"Y{n}": Known() for n in range(young)} | dict(known or {})
    return build(events, ties, ("A", "B", "C"), ADULTS, VEHICLES, everybody, RULES)
