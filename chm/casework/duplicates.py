"""Likely duplicates: offered with their reasons, merged or kept apart by a person, and undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention
from chm.casework.sight import Sight
from chm.connections import ENTITY_KINDS, Entity, Person, Place, PlaceKind
from chm.duplicates import likely
from chm.errors import Faults, NotFound
from chm.store import duplicates, entities
from chm.store.duplicates import Decision, Verdict

KIND = {type: kind for kind, type in ENTITY_KINDS.items()}
LIVED_IN = frozenset({PlaceKind.HOME, PlaceKind.PLACEMENT})
MOST_REASONS = 10
ITSELF = "This is one and the same entry; choose two"
KINDS = "They are of two kinds, such as a person and a place; merge only entries of one kind"
AGES = "One is known to be under 18 and the other to be an adult; correct the age of one, or keep them apart"
HOMES = "One is where somebody lives and the other is not; correct what kind of place one is, or keep them apart"


@dataclass(frozen=True)
class Offer:
    """Two entities of one `kind` that are likely to be one; `score` in 0 to 1, `reasons` the weightiest first."""

    kind: str
    one: Entity
    other: Entity
    score: float
    reasons: tuple[str, ...]


@intention(Permission.MERGE_ENTITIES)
def offered(work: Work) -> list[Offer]:
    """The pairs among the entities open to the user about which nobody decided yet, likeliest first."""
    merges = entities.merges(work.session)
    mine = duplicates.alone(work.session, entities.open_to(work.session, work.scope, merges))
    decided = duplicates.decided(work.session, merges)
    pairs = [p for p in likely(mine) if frozenset((p.one.id, p.other.id)) not in decided]
    work.why = f"{len(pairs)} offered"
    sight = Sight(work)
    return [
        Offer(
            KIND[type(p.one)], sight.recorded(p.one), sight.recorded(p.other), p.score,
            tuple(map(sight.said, p.reasons)),
        )
        for p in pairs
    ]  # fmt: skip


@intention(Permission.MERGE_ENTITIES)
def merge(work: Work, keep_id: str, other_id: str, reasons: Sequence[str] = ()) -> Decision:
    """Decides that `other_id` is `keep_id`: what was said of either counts as said of the one kept.

    Raises:
        Faults: the two are one entry, of two kinds, a child and an adult, or a home and another place.
        NotFound: one of them is not there or not open to the user.
        Conflict: somebody decided about them, or merged one, meanwhile.
    """
    keep, other = _two(work, keep_id, other_id)
    made = _decide(work, keep, other, Verdict.MERGED, reasons)
    _may_be_one(work, keep_id)
    return made


@intention(Permission.MERGE_ENTITIES)
def keep_apart(work: Work, one_id: str, other_id: str, reasons: Sequence[str] = ()) -> Decision:
    """Decides that the two are two, so that they are not offered again; raises as `merge`."""
    one, other = _two(work, one_id, other_id)
    return _decide(work, one, other, Verdict.APART, reasons)


@intention(Permission.MERGE_ENTITIES)
def undo(work: Work, decision_id: str) -> None:
    """Takes a decision back: the two are as they were, and offered again where they are likely to be one.

    Raises:
        NotFound: there is no such decision, or its entities are not open to the user.
        Conflict: it was undone already.
    """
    _open(work, *duplicates.pair(work.session, decision_id))
    duplicates.undo(work.session, decision_id, work.user.id, work.now)
    work.record = decision_id


@intention(Permission.MERGE_ENTITIES)
def decisions(work: Work) -> list[Decision]:
    """What was decided about entities open to the user, undone or not, newest first."""
    mine, sight = entities.open_to(work.session, work.scope, entities.merges(work.session)), Sight(work)
    return [
        replace(d, one=sight.recorded(d.one), other=sight.recorded(d.other), reasons=tuple(map(sight.said, d.reasons)))
        for d in duplicates.decisions(work.session, mine)
    ]


def _two(work: Work, one_id: str, other_id: str) -> tuple[Entity, Entity]:
    named = _open(work, one_id, other_id)
    if one_id == other_id:
        raise Faults([ITSELF])
    one, other = named[one_id], named[other_id]
    if type(one) is not type(other):
        raise Faults([KINDS])
    return one, other


def _may_be_one(work: Work, id: str) -> None:
    """Looks at all that have become one by now, as a child can be behind somebody of unknown age."""
    became = entities.became(work.session, id)
    if {e.under_18 for e in became if isinstance(e, Person)} >= {True, False}:
        raise Faults([AGES])
    if len({e.place_kind in LIVED_IN for e in became if isinstance(e, Place)}) > 1:
        raise Faults([HOMES])


def _open(work: Work, *ids: str) -> dict[str, Entity]:
    mine = entities.open_to(work.session, work.scope, entities.merges(work.session))
    named = entities.named(work.session, set(ids))
    if any(id not in named or (mine is not None and id not in mine) for id in ids):
        raise NotFound(CLOSED)
    return named


def _decide(work: Work, one: Entity, other: Entity, verdict: Verdict, reasons: Sequence[str]) -> Decision:
    checks = Checks(work.today)
    said = tuple(checks.line("reason", reason, needed=True) for reason in reasons)
    checks.need(len(said) <= MOST_REASONS, f"reasons: at most {MOST_REASONS} fit; leave some out")
    checks.done()
    id = duplicates.decide(work.session, one.id, other.id, verdict, said, work.user.id, work.now)
    work.record, work.why = id, f"{verdict.value}: {one.id}, {other.id}"
    now, told = entities.named(work.session, {one.id, other.id}), Sight(work).recorded
    return Decision(id, told(now[one.id]), told(now[other.id]), verdict, said, work.user.name, work.now)
