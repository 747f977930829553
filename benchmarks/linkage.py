"""Time of linking a borough's young people and of asking what every disruption would change.

Against `networkx.bipartite.weighted_projected_graph`, one scipy `B @ B.T`, and removing each entity and recomputing
with NetworkX (estimated from a sample, on which the results must be equal). Entities are popular by Zipf's law with
exponent 0.7, none with more than 300 young people. The rivals take turns in one run; prints ratios of medians and the
spread ((slowest - fastest) / median). Exits 1 where a result differs or the borough misses a limit; a meeting has none.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import networkx as nx
import numpy as np
from networkx.algorithms.bipartite import weighted_projected_graph
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chm.linkage.disruption import Option, ranked  # noqa: E402
from chm.linkage.graph import Network  # noqa: E402
from chm.linkage.rules import load  # noqa: E402
from chm.linkage.ties import Party  # noqa: E402

SEED, ZIPF, MOST = 20261123, 0.7, 300
RUNS = 7
SIZES = {"meeting": (30, 270, 900), "borough": (2_000, 10_000, 50_000)}
SAMPLE = {"meeting": 270, "borough": 4}
PROJECTION_GAIN, PROJECTION_FLOOR, WHAT_IF_GAIN, WHAT_IF_FLOOR = 100, 3, 10_000, 10


def drawn(young: int, entities: int, links: int) -> csr_array:
    """(young, entities) of 0 and 1 with `links` ones, entities drawn by popularity, young people evenly."""
    chance = np.random.default_rng(SEED)
    popularity = np.arange(1, entities + 1) ** -ZIPF
    pairs: set[tuple[int, int]] = set()
    at = np.zeros(entities, dtype=int)
    while len(pairs) < links:
        who = chance.integers(young, size=links).tolist()
        what = chance.choice(entities, size=links, p=popularity / popularity.sum()).tolist()
        for pair in zip(who, what, strict=True):
            if len(pairs) < links and at[pair[1]] < MOST and pair not in pairs:
                pairs.add(pair)
                at[pair[1]] += 1
    rows, columns = np.array(sorted(pairs), dtype=np.int32).T
    return csr_array((np.ones(links, dtype=np.int32), (rows, columns)), shape=(young, entities))


def network(tied: csr_array) -> Network:
    """A fresh network with nothing computed yet; every entity a place, so that all are ranked."""
    young, entities = tied.shape
    return Network(
        young_people=tuple(f"{n:05}" for n in range(young)),
        entities=tuple(Party("place", f"{n:05}") for n in range(entities)),
        ties=(),
        protective=(),
        conflicts=(),
        tied=tied,
        direct=csr_array((young, young), dtype=np.int32),
    )


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def spread(times: list[float]) -> str:
    return f"{median(times) * 1000:.1f} ms (spread {(max(times) - min(times)) / median(times):.0%})"


def recomputed(graph: nx.Graph, young: int, gone: int | None) -> tuple[int, set[int], int]:
    """Pairs, linked young people and largest group once `gone` is removed, with NetworkX alone."""
    rest = graph.copy()
    rest.remove_nodes_from([] if gone is None else [young + gone])
    projection = weighted_projected_graph(rest, range(young))
    largest = max(map(len, nx.connected_components(projection)))
    return projection.number_of_edges(), {n for n, degree in projection.degree if degree}, largest


def measured(name: str) -> bool:
    """Print the ratios of one size; whether they meet their limits, which hold for the borough."""
    young, entities, links = SIZES[name]
    tied, rule = drawn(young, entities, links), load().strength
    graph = nx.Graph()
    graph.add_nodes_from(range(young + entities))
    rows, columns = tied.nonzero()
    graph.add_edges_from(zip(rows.tolist(), (columns + young).tolist(), strict=True))

    product, projection, what_if = [], [], []
    for _ in range(RUNS):
        fresh, again = network(tied), network(tied)
        product.append(seconds(lambda: tied @ tied.T))
        projection.append(seconds(lambda n=fresh: n.shared))
        what_if.append(seconds(lambda n=again: ranked(n, rule)))
    peer = [seconds(lambda: weighted_projected_graph(graph, range(young))) for _ in range(2)]

    options: dict[str, Option] = {o.entity.id: o for o in ranked(network(tied), rule)}
    step = max(1, len(options) // SAMPLE[name])
    sample = [int(id) for id in list(options)[::step]]
    before, linked, _ = recomputed(graph, young, None)
    same, taken = before == network(tied).shared.nnz, []
    for entity in sample:
        start = time.perf_counter()
        pairs, still, largest = recomputed(graph, young, entity)
        taken.append(time.perf_counter() - start)
        found = options[f"{entity:05}"]
        same &= (before - pairs, len(linked - still), largest) == (
            found.pairs_lost, found.isolated, found.largest_group_after,
        )  # fmt: skip
    each = sum(taken) / len(taken) * len(options)
    ratios = (
        median(peer) / median(projection),
        median(projection) / median(product),
        each / median(what_if),
        median(what_if) / median(projection),
    )
    limits = [f"at least {PROJECTION_GAIN}", f"at most {PROJECTION_FLOOR}"]
    limits += [f"at least {WHAT_IF_GAIN:,}", f"at most {WHAT_IF_FLOOR}"]
    asked = [f" ({limit})" if name == "borough" else "" for limit in limits]
    print(
        f"{name}: {young:,} young people, {entities:,} entities, {links:,} links, {before:,} pairs\n"
        f"  projection {spread(projection)}: NetworkX {median(peer):.2f} s, {ratios[0]:,.0f} times faster"
        f"{asked[0]}; B @ B.T {spread(product)}, {ratios[1]:.2f} times{asked[1]}\n"
        f"  what-if for {len(options):,} entities {spread(what_if)}: NetworkX {each / 3600:.2f} h from {len(sample)} "
        f"removals, {ratios[2]:,.0f} times faster{asked[2]}; {ratios[3]:.2f} projections{asked[3]}; "
        f"results on the sample {'equal' if same else 'DIFFER'}"
    )
    fast = ratios[0] >= PROJECTION_GAIN and ratios[1] <= PROJECTION_FLOOR
    fast &= ratios[2] >= WHAT_IF_GAIN and ratios[3] <= WHAT_IF_FLOOR
    return same and (fast or name != "borough")


def main() -> int:
    passed = [measured(name) for name in SIZES]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
