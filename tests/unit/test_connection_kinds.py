"""What an event and a relationship may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from chm.connection_kinds import FILE, load
from chm.connections import Influence
from chm.errors import Faults


def test_the_products_own() -> None:
    kinds = load()
    assert (len(kinds.event), len(kinds.relationship)) == (15, 18)
    assert (kinds.event["sighting"].name, kinds.relationship["friend"].name) == ("Sighting", "Friend")
    assert kinds.relationship["trusted_adult"].influence is Influence.PROTECTIVE
    assert kinds.relationship["conflict"].influence is Influence.HARMFUL


def test_every_fault_of_the_file_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath(FILE).write_text(
        "events: [{id: sighting, name: ' '}, {id: Two words, name: X, nme: Y}]\n"
        "relationships: [{id: conflict, name: Conflict, influence: bad}, {id: friend, name: Friend}]\n",
        encoding="utf-8",
    )
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [
        "connections.yaml: events.0.name: string should have at least 1 character; correct it",
        "connections.yaml: events.1.id: string should match pattern '^[a-z][a-z0-9_]*$'; correct it",
        "connections.yaml: events.1.nme: extra inputs are not permitted; remove it or correct its name",
        "connections.yaml: relationships.0.influence: input should be 'harmful', 'protective' or 'unclear'; correct it",
        "connections.yaml: relationships.1.influence: field required; add it",
    ]


def test_an_id_stands_once_and_conflict_cannot_be_left_out(tmp_path: Path) -> None:
    tmp_path.joinpath(FILE).write_text(
        "events: [{id: other, name: Other}, {id: other, name: Else}]\n"
        "relationships: [{id: other, name: Other, influence: unclear}]\n"
    )
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [
        "connections.yaml: events: the id other stands more than once; correct it",
        "connections.yaml: relationships: the kind conflict is missing, which linking goes by; correct it",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "connections.yaml: the file cannot be read (No such file or directory); restore it from the release"),
        (b"\xff", "connections.yaml: not UTF-8 text; save it as UTF-8"),
        (
            b"a: [1}",
            "connections.yaml: line 1: not valid YAML (did not find expected ',' or ']'); check quotes and indents",
        ),
        (
            b"events: []\nrelationships: [{id: conflict, name: C, influence: harmful}]",
            "connections.yaml: events: there is no kind; correct it",
        ),
        (b"", "connections.yaml: the file: input should be a valid dictionary or instance of kinds; correct it"),
    ],
)
def test_a_file_that_cannot_be_had(tmp_path: Path, content: bytes | None, fault: str) -> None:
    if content is not None:
        tmp_path.joinpath(FILE).write_bytes(content)
    with pytest.raises(Faults) as found:
        load(tmp_path)
    assert found.value.faults == [fault]
