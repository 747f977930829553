from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import networkx as nx
import pytest

from chm import store
from chm.casework import connections, network_export
from chm.casework.connections import NewEvent, NewParticipant
from chm.connections import Confidence, Party, Place, Source
from chm.errors import Faults, NotFound, NotPermitted
from chm.exchange.connections import read_connections
from chm.store import audit

from .conftest import Office

HERON, TEAL = Party("young_person", "YP-0001"), Party("young_person", "YP-0002")


@pytest.fixture
def place(office: Office) -> str:
    """Heron and Teal were at one place; the lead recorded it."""
    event = NewEvent(
        kind="sighting",
        participants=(NewParticipant(HERON), NewParticipant(TEAL), NewParticipant(Place(id="", name="Tinsel Arcade"))),
        source=Source("Police", Confidence.LIKELY),
        start=date(2026, 11, 2),
        what="Teal was upset",
    )
    made = connections.record_event(office["lead"], event)
    return next(p.party.id for p in made.participants if p.party.kind == "place")


def test_graphs_are_read_back_by_networkx(office: Office, place: str) -> None:
    names = ("YP-0001", "YP-0002")
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        made = network_export.export(office["lead"], names, form)
        assert made.name == f"network-2026-11-23.{form}"
        found = read(BytesIO(made.data))
        assert set(found) == {"young_person:YP-0001", "young_person:YP-0002", f"place:{place}"}
        assert found.number_of_edges() == 2
    found = nx.node_link_graph(json.loads(network_export.export(office["lead"], names, "json").data), edges="edges")
    assert found.nodes[f"place:{place}"]["label"] == "Tinsel Arcade"


def test_connections_are_read_back_by_the_product(office: Office, place: str) -> None:
    made = network_export.export(office["lead"], ("YP-0001", "YP-0002"), "csv")
    ties = read_connections(made.data).ties
    assert {p for t in ties for p in t.parties} == {HERON, TEAL, Party("place", place)}


def test_who_is_masked_on_the_screen_is_not_in_the_file(office: Office, place: str) -> None:
    for form in network_export.FORMS:
        said = network_export.export(office["jo"], ("YP-0001",), form).data.decode()
        assert place in said
        assert "Teal" not in said
        assert "YP-0002" not in said


def test_each_young_person_named_in_the_file_has_an_audit_row(office: Office, place: str) -> None:
    network_export.export(office["lead"], ("YP-0001", "YP-0002"), "gexf")
    network_export.export(office["jo"], ("YP-0001",), "csv")
    with store.transaction(office.engine, writing=False) as session:
        found = [e for e in audit.read(session, None, 100) if e.operation == "network_export.export"]
    assert sorted((e.user, e.record, e.why) for e in found) == [
        ("u-jo", "YP-0001", "csv"), ("u-lead", "YP-0001", "gexf"), ("u-lead", "YP-0002", "gexf"),
    ]  # fmt: skip


def test_whose_it_is_not_and_what_is_no_form(office: Office, place: str) -> None:
    with pytest.raises(NotFound):
        network_export.export(office["jo"], ("YP-0002",), "csv")
    with pytest.raises(Faults):
        network_export.export(office["jo"], ("YP-0001",), "exe")
    for name in ("chair", "analyst", "partner", "auditor", "admin"):
        with pytest.raises((NotPermitted, NotFound)):
            network_export.export(office[name], ("YP-0001",), "csv")
