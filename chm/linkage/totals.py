"""Groups in numbers: the spread of their young people's scores, never one invented score for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from chm.linkage.graph import Network
from chm.linkage.groups import Group
from chm.linkage.shapes import NOT_KNOWN, Label
from chm.linkage.ties import YOUNG_PERSON, Party


@dataclass(frozen=True)
class Spread:
    """The combined scores of some young people.

    Attributes:
        scored: how many have a score. not_scored: how many have none yet, which is no score of 0.
        least, median, most: None where nobody is scored. bands: how many in each band, in the order asked for.
    """

    scored: int
    not_scored: int
    least: int | None
    median: float | None
    most: int | None
    bands: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class GroupRow:
    """A group or community for a table.

    Attributes:
        pairs: linked pairs inside it. shared: entities that at least two of it are tied to, most shared first.
        protected: how many of it have a protective tie in view. conflicts: pairs of it in conflict.
    """

    young_people: Group
    spread: Spread
    pairs: int
    shared: tuple[tuple[Party, int], ...]
    protected: int
    conflicts: int


def spread(labels: Iterable[Label], bands: Sequence[str]) -> Spread:
    """The spread of the scores in `labels`, one for each young person; `bands` are the ids to count, in order."""
    labels = list(labels)
    scores = [label.score for label in labels if label.score is not None]
    count = Counter(label.band for label in labels)
    return Spread(
        scored=len(scores),
        not_scored=len(labels) - len(scores),
        least=min(scores, default=None),
        median=float(median(scores)) if scores else None,
        most=max(scores, default=None),
        bands=tuple((band, count[band]) for band in bands),
    )


def group_rows(
    network: Network, groups: Iterable[Group], labels: Mapping[Party, Label], bands: Sequence[str], least: int = 2
) -> list[GroupRow]:
    """A row for each of `groups` (components or communities) that has `least` young people or more, in their order."""
    return [_row(network, group, labels, bands) for group in groups if len(group) >= least]


def _row(network: Network, group: Group, labels: Mapping[Party, Label], bands: Sequence[str]) -> GroupRow:
    people = {Party(YOUNG_PERSON, id) for id in group}
    rows = np.array(sorted(network.row[id] for id in group))
    tied = np.asarray(network.tied[rows].sum(axis=0))
    order = np.argsort(-tied, kind="stable")
    fights = {frozenset(t.parties) for t in network.conflicts if people.issuperset(t.parties)}
    return GroupRow(
        young_people=group,
        spread=spread((labels.get(p, NOT_KNOWN) for p in people), bands),
        pairs=network.shared[rows][:, rows].nnz,
        shared=tuple((network.entities[c], int(tied[c])) for c in order[tied[order] > 1].tolist()),
        protected=len({p for t in network.protective for p in t.parties} & people),
        conflicts=len(fights),
    )
