"""A picture as a file that Gephi and NetworkX open: GraphML, GEXF and node-link JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import networkx as nx

from chm.linkage.picture import Line, Node, Picture
from chm.linkage.ties import Party, written_day

# What XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ids(picture: Picture) -> dict[Party, str]:
    """What each party is called in a file: its own id, or where it is masked a number that says nothing of it."""
    numbers: Counter[str] = Counter()
    found = {}
    for node in picture.nodes:
        if node.masked:
            numbers[node.kind] += 1
        found[node.party] = f"masked-{numbers[node.kind]}" if node.masked else node.party.id
    return found


def graph(picture: Picture) -> nx.MultiGraph[str]:
    """The picture for NetworkX: nodes `kind:id`, an edge for each line, and no attribute where nothing is known.

    Nodes have `kind`, `shape`, `label`, `score`, `band`, `young_people`. Edges have `influence`, `confidence`,
    `strength` (`Line`), `first`, `last` (`..` where it goes on) and `weight`: how many records are behind it, as Gephi
    leaves out edges that weigh nothing.
    """
    called = {party: f"{party.kind}:{id}" for party, id in ids(picture).items()}
    made: nx.MultiGraph[str] = nx.MultiGraph()
    made.add_nodes_from((called[node.party], _known(_node(node))) for node in picture.nodes)
    made.add_edges_from((called[line.one], called[line.other], _known(_line(line))) for line in picture.lines)
    return made


def _node(node: Node) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "shape": node.shape.value,
        "label": NOT_XML.sub("", node.label),
        "score": node.score,
        "band": node.band,
        "young_people": node.young_people,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "influence": line.influence.value,
        "confidence": line.confidence.value,
        "strength": line.strength,
        "weight": len(line.evidence),
        "first": written_day(line.first) or None,
        "last": written_day(line.last) or None,
    }


def _known(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def graphml(picture: Picture) -> bytes:
    """GraphML, as `networkx.read_graphml` and Gephi read it."""
    return _written(nx.write_graphml_xml, graph(picture))


def gexf(picture: Picture) -> bytes:
    """GEXF 1.2draft, the dialect that both `networkx.read_gexf` and Gephi read."""
    return _written(nx.write_gexf, graph(picture))


def node_link(picture: Picture) -> bytes:
    """JSON for `networkx.node_link_graph(..., edges="edges")`; edges also have `evidence`, the records' ids."""
    made = graph(picture)
    made.graph["left_out"] = picture.left_out
    for (_, _, attributes), line in zip(made.edges(data=True), picture.lines, strict=True):
        attributes["evidence"] = list(line.evidence)
    return json.dumps(nx.node_link_data(made, edges="edges"), ensure_ascii=False).encode()


def _written(write: Callable[..., None], made: nx.MultiGraph[str]) -> bytes:
    file = BytesIO()
    write(made, file)
    return file.getvalue()
