"""Files that NetworkX reads back with the same nodes, edges and attributes."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from chm.linkage.files import gexf, graph, graphml, ids, node_link
from chm.linkage.graph import build
from chm.linkage.picture import Picture, draw
from chm.linkage.rules import load
from chm.linkage.shapes import Known, Label
from chm.linkage.ties import ONGOING, Tie

from .conftest import party

Make = Callable[..., Tie]
NODES = {
    "young_person:A": {"kind": "young_person", "shape": "young_person", "label": "=1+1 <b>“É”</b> & co", "score": 21,
                       "band": "moderate", "young_people": 1},
    "young_person:masked-1": {"kind": "young_person", "shape": "young_person", "label": "Young person 2",
                              "young_people": 1},
    "person:masked-1": {"kind": "person", "shape": "child", "label": "Peer 1", "young_people": 1},
    "place:x y": {"kind": "place", "shape": "place", "label": "Example Park", "young_people": 2},
}  # fmt: skip
EDGES = [
    ("place:x y", "young_person:A", {"influence": "harmful", "confidence": "likely", "strength": 1.0, "weight": 2,
                                     "first": "2026-01-05", "last": ".."}),
    ("place:x y", "young_person:masked-1", {"influence": "unclear", "confidence": "unverified", "strength": 1.0,
                                            "weight": 1}),
    ("person:masked-1", "young_person:A", {"influence": "protective", "confidence": "unverified", "strength": 1.0,
                                           "weight": 1}),
    ("person:masked-1", "young_person:A", {"influence": "unclear", "confidence": "unverified", "strength": 0.0,
                                           "weight": 1}),
]  # fmt: skip


@pytest.fixture
def picture(tie: Make) -> Picture:
    ties = [
        tie("A", "place:x y", start="2026-01-05", end=ONGOING, influence="harmful", confidence="likely"),
        tie("A", "place:x y"),
        tie("Notreal", "place:x y"),
        tie("A", "person:Kit Madeup", influence="protective"),
        tie("A", "person:Kit Madeup"),
    ]
    labels = {
        party("A"): Label("=1+1 <b>“É”</b> & co\x00\ud800", 21, "moderate"),
        party("place:x y"): Label("Example Park"),
        party("Notreal"): Label("Young person 2", masked=True),
        party("person:Kit Madeup"): Label("Peer 1", masked=True),
    }
    return draw(build(ties), Known(labels), load().strength, 300)


def found(read: Any, without: tuple[str, ...] = ()) -> tuple[dict[str, Any], list[Any]]:
    edges = [
        (min(a, b), max(a, b), {name: value for name, value in data.items() if name not in without})
        for a, b, data in read.edges(data=True)
    ]
    return dict(read.nodes(data=True)), sorted(edges, key=str)


WANTED = NODES, sorted(EDGES, key=str)


def test_networkx_reads_graphml_back(picture: Picture) -> None:
    read = nx.read_graphml(BytesIO(graphml(picture)))
    assert read.is_multigraph()
    assert not read.is_directed()
    assert found(read) == WANTED


def test_networkx_reads_gexf_back(picture: Picture) -> None:
    # GEXF numbers its edges, and a weight is always read as a float.
    read = nx.read_gexf(BytesIO(gexf(picture)))
    assert found(read, without=("id",)) == WANTED


def test_gexf_is_of_the_dialect_that_gephi_opens(picture: Picture) -> None:
    root = ElementTree.fromstring(gexf(picture))
    space = "{http://www.gexf.net/1.2draft}"
    assert (root.tag, root.get("version")) == (f"{space}gexf", "1.2")
    drawn = root.find(f"{space}graph")
    assert drawn is not None
    assert (drawn.get("defaultedgetype"), drawn.get("mode")) == ("undirected", "static")
    # Gephi keeps a parallel edge only with an id of its own, and an edge only with a weight above nothing.
    edges = drawn.findall(f"{space}edges/{space}edge")
    assert sorted(e.get("id", "") for e in edges) == ["0", "1", "2", "3"]
    assert sorted(float(e.get("weight", 0)) for e in edges) == [1, 1, 1, 2]


def test_networkx_reads_json_back(picture: Picture) -> None:
    data = json.loads(node_link(picture))
    read = nx.node_link_graph(data, edges="edges")
    assert found(read, without=("evidence",)) == WANTED
    assert read.graph == {"left_out": 0}
    assert sorted(ids for _, _, ids in read.edges(data="evidence")) == [["t1", "t2"], ["t3"], ["t4"], ["t5"]]


def test_what_is_masked_stays_masked(picture: Picture) -> None:
    assert ids(picture) == {
        party("A"): "A", party("Notreal"): "masked-1", party("person:Kit Madeup"): "masked-1",
        party("place:x y"): "x y",
    }  # fmt: skip
    for write in (graphml, gexf, node_link):
        assert b"Notreal" not in write(picture)
        assert b"Madeup" not in write(picture)


@pytest.mark.parametrize("write", [graphml, gexf, node_link])
def test_nobody(write: Callable[[Picture], bytes]) -> None:
    reading = {
        graphml: nx.read_graphml,
        gexf: nx.read_gexf,
        node_link: lambda f: nx.node_link_graph(json.load(f), edges="edges"),
    }
    empty = Picture((), (), 0)
    assert len(graph(empty)) == len(reading[write](BytesIO(write(empty)))) == 0
