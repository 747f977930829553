"""What `python -m chm network` prints: counts, groups, ranks and what-if of one file's ties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from chm.errors import Faults
from chm.linkage import disruption, rules
from chm.linkage.graph import Network, build
from chm.linkage.groups import by_popularity, sizes
from chm.linkage.ties import KINDS, Party, Tie, in_window, young_people


def summary(
    ties: Sequence[Tie],
    *,
    min_shared: int = 1,
    since: date | None = None,
    until: date | None = None,
    what_if: Iterable[str] = (),
    rank: int | None = None,
) -> dict[str, Any]:
    """The fields the command line prints (`docs/decisions/0003-network-command.md` has how each is read).

    Args:
        min_shared: how much a pair must share to be joined in a group. since, until: the window, both ends included.
        what_if: entities, each as kind:id, removed together. rank: how many options of disruption to list.

    Raises:
        Faults: a what-if names a young person or something the ties do not, or the window ends before it starts.
    """
    if since and until and since > until:
        raise Faults([f"--until: {until} lies before --since {since}; swap them"])
    removed = _entities(what_if, ties)
    seen, undated = in_window(ties, since, until)
    network = build(seen, young_people(ties))
    groups = sizes(network, min_shared)
    shown: dict[str, Any] = {
        "young_people": len(network.young_people),
        "entities": len(network.entities),
        "pairs": network.shared.nnz,
        "pairs_sharing_2plus": int((network.shared.data >= 2).sum()),
        "groups": groups,
        "entities_ranked": [
            {**network.entities[c]._asdict(), "young_people": int(network.popularity[c])}
            for c in by_popularity(network)
        ],
        "largest_group": max(groups, default=0),
        "protective_ties": len(network.protective),
        "conflict_ties": len(network.conflicts),
    }
    if since or until:
        shown["undated_left_out"] = undated
    if removed:
        shown["after"] = _after(network.without(removed), min_shared)
    if rank is not None:
        shown["disruption"] = _disruption(network, ties, rank)
    return shown


def _after(network: Network, min_shared: int) -> dict[str, Any]:
    groups = sizes(network, min_shared)
    return {"pairs": network.shared.nnz, "groups": groups, "largest_group": max(groups, default=0)}


def _disruption(network: Network, ties: Sequence[Tie], rank: int) -> list[dict[str, Any]]:
    rule = rules.load()
    options = disruption.ranked(network, rule.strength, rule.children.among(ties))[:rank]
    return [
        {
            **option.entity._asdict(),
            "pairs_lost": option.pairs_lost,
            "isolated": option.isolated,
            "largest_group_after": option.largest_group_after,
        }
        for option in options
    ]


def _entities(what_if: Iterable[str], ties: Sequence[Tie]) -> list[Party]:
    known = {p for t in ties for p in t.parties}
    faults, found = [], []
    for text in what_if:
        entity = Party(*text.partition(":")[::2])
        found.append(entity)
        if entity.young:
            faults.append(f"--what-if {text}: a young person is never removed; give one of {', '.join(KINDS[1:])}")
        elif entity not in known:
            faults.append(f"--what-if {text}: not in the file; give kind:id, both written as they are there")
    if faults:
        raise Faults(faults)
    return found
