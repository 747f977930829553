"""A trial: Davis' Southern Women (Davis, Gardner and Gardner 1941) from a file through the command line.

18 women at 14 social events; what the command prints is what NetworkX finds in its own copy of the data.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from networkx.algorithms.bipartite import weighted_projected_graph

from chm.exchange.connections_out import write_connections
from chm.linkage.ties import YOUNG_PERSON, Party, Tie

ROOT = Path(__file__).resolve().parents[3]
DAVIS = nx.davis_southern_women_graph()
WOMEN, EVENTS = DAVIS.graph["top"], DAVIS.graph["bottom"]


def projected(least: int = 1, without: tuple[str, ...] = ()) -> Any:
    """Women who were at `least` events together, by NetworkX, were it not for the events of `without`."""
    graph = DAVIS.copy()
    graph.remove_nodes_from(without)
    women = weighted_projected_graph(graph, WOMEN)
    women.remove_edges_from([(a, b) for a, b, n in women.edges(data="weight") if n < least])
    return women


def groups(women: Any) -> list[int]:
    return sorted(map(len, nx.connected_components(women)), reverse=True)


@pytest.mark.parametrize("kind", ["place", "group"])
def test_davis_southern_women(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "davis.csv"
    ties = [Tie("", Party(YOUNG_PERSON, woman), Party(kind, event)) for woman, event in DAVIS.edges]
    assert len(ties) == 89
    file.write_bytes(write_connections(ties))
    options = ["--min-shared", "4", "--what-if", f"{kind}:E8", "--what-if", f"{kind}:E9", "--rank-disruption", "99"]
    done = subprocess.run(
        [sys.executable, "-m", "chm", "network", str(file), *options], cwd=ROOT, capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    whole, strict, after = projected(), projected(4), projected(1, ("E8", "E9"))
    assert (found["young_people"], found["entities"], found["pairs"]) == (18, 14, 139)
    assert found["pairs"] == whole.number_of_edges()
    assert found["pairs_sharing_2plus"] == projected(2).number_of_edges()
    assert found["groups"] == groups(strict)
    assert found["after"] == {
        "pairs": after.number_of_edges(),
        "groups": groups(projected(4, ("E8", "E9"))),
        "largest_group": groups(projected(4, ("E8", "E9")))[0],
    }
    assert {e["id"]: e["young_people"] for e in found["entities_ranked"]} == {e: DAVIS.degree[e] for e in EVENTS}
    # An event as a named group may be children, and is not ranked.
    assert {d["id"] for d in found["disruption"]} == (set(EVENTS) if kind == "place" else set())
    for option in found["disruption"]:
        left = projected(1, (option["id"],))
        assert option["pairs_lost"] == whole.number_of_edges() - left.number_of_edges()
        assert option["isolated"] == nx.number_of_isolates(left)
        assert option["largest_group_after"] == groups(left)[0]
