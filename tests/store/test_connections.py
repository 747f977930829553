"""Entities, events and relationships as they are kept, and what is kept of them when they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from random import Random

import pytest

from chm import store
from chm.access import Reach, Scope
from chm.connections import (
    ONGOING,
    Confidence,
    Event,
    EventRole,
    Influence,
    NamedGroup,
    Participant,
    Party,
    Person,
    Place,
    Relationship,
    Source,
)
from chm.errors import Conflict, NotFound
from chm.records import Role, User, YoungPerson
from chm.store import connections, entities, network, people, users
from chm.store.entities import Merges

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
POLICE = Source("Police", Confidence.LIKELY, "CAD 1", None, "B2")
CHILDREN = [Party("young_person", f"YP-000{n}") for n in range(1, 5)]
PERSON, PLACE, GROUP = Party("person", "PER-1"), Party("place", "PLA-1"), Party("group", "GRP-1")
EVERYBODY = Scope("u-jo", frozenset({Reach.ALL}), DAY)


@pytest.fixture
def session(engine: store.Engine) -> store.Engine:
    """An engine on a database with a user, four young people and three entities."""
    with store.transaction(engine) as session:
        users.add(session, User("u-jo", "Jo Placeholder", "Early Help", frozenset({Role.PRACTITIONER})))
        for party in CHILDREN:
            people.add(session, YoungPerson(party.id, f"Example {party.id[-1]}", "Merton", age=14, age_on=DAY))
        new = [Person(id="PER-1", name="Danno"), Place(id="PLA-1", name="Example Café"), NamedGroup(id="GRP-1")]
        entities.add(session, new, "u-jo", NOW)
    return engine


def event(id: str, *parties: Party, **fields: object) -> Event:
    said = {"kind": "sighting", "source": POLICE, "start": DAY, "end": DAY, "recorded_by": "u-jo", "recorded_at": NOW}
    return Event(id=id, participants=tuple(map(Participant, parties)), **{**said, **fields})  # type: ignore[arg-type]


def tie(id: str, one: Party, other: Party) -> Relationship:
    return Relationship(
        id=id, one=one, other=other, kind="friend", source=POLICE, start=DAY, end=ONGOING,
        influence=Influence.PROTECTIVE, note="n", recorded_by="u-jo", recorded_at=NOW,
    )  # fmt: skip


def test_events_and_relationships_come_back_as_they_went(session: store.Engine) -> None:
    roles = tuple(Participant(p, r) for p, r in zip([*CHILDREN, PERSON], EventRole, strict=True))
    kept = [
        event("EV-1", *CHILDREN[:2], PLACE, start=None, end=None),
        event("EV-2", at=time(23, 59), end=ONGOING, what="🦉", influence=Influence.HARMFUL),
    ]
    kept[1] = replace(kept[1], participants=roles)
    ties = [tie(f"REL-{n}", *ends) for n, ends in enumerate([CHILDREN[:2], (PERSON, PLACE), (CHILDREN[0], GROUP)])]
    with store.transaction(session) as work:
        connections.add_events(work, kept)
        connections.add_relationships(work, ties)
    with store.transaction(session, writing=False) as work:
        assert connections.events(work, ["EV-1", "EV-2", "EV-3"]) == kept[::-1]
        assert connections.relationships(work, [t.id for t in ties]) == ties
        assert [connections.get(work, id) for id in ("EV-1", "REL-1", "EV-9")] == [kept[0], ties[1], None]
        assert connections.young_people([*kept, *ties]) == tuple(p.id for p in CHILDREN)


def test_a_correction_never_loses_the_old_version(session: store.Engine) -> None:
    """A hundred edits, drawn with a fixed seed, of an event, a relationship and an entity."""
    draw = Random(20261123)
    versions: dict[str, list[connections.Recorded]] = {
        "EV-1": [event("EV-1", CHILDREN[0], PLACE)],
        "REL-1": [tie("REL-1", CHILDREN[0], PERSON)],
        "PER-1": [Person(id="PER-1", name="Danno")],
    }
    with store.transaction(session) as work:
        connections.add_events(work, versions["EV-1"])  # type: ignore[arg-type]
        connections.add_relationships(work, versions["REL-1"])  # type: ignore[arg-type]
    for n in range(100):
        before = versions[draw.choice(list(versions))][-1]
        text = draw.choice(["", f"Example {n}", "=cmd()", "🦉\n<b>"])
        after: connections.Recorded
        if isinstance(before, Event):
            parties = draw.sample([*CHILDREN, PERSON, PLACE], draw.randint(0, 4))
            named = tuple(Participant(p, draw.choice(list(EventRole))) for p in parties)
            at = draw.choice([None, time(n % 24)])
            after = replace(before, participants=named, what=text, at=at, influence=draw.choice(list(Influence)))
        elif isinstance(before, Relationship):
            one, other = draw.sample([*CHILDREN, PERSON, PLACE, GROUP], 2)
            after = replace(before, one=one, other=other, note=text, end=draw.choice([DAY, ONGOING]))
        else:
            assert isinstance(before, Person)
            after = replace(before, description=text, other_names=(text,), under_18=draw.choice([None, True, False]))
        with store.transaction(session) as work:
            if isinstance(after, Event | Relationship):
                connections.edit(work, after)
            else:
                entities.edit(work, after)
            connections.keep(work, before, f"why {n}", "u-jo", NOW)
        versions[before.id].append(replace(after, version=before.version + 1))
    assert sum(map(len, versions.values())) == 103
    with store.transaction(session, writing=False) as work:
        for id, all_of_it in versions.items():
            assert [e.record for e in connections.earlier(work, id)] == all_of_it[:-1]
            now = connections.get(work, id) or entities.named(work, [id])[id]
            assert now == all_of_it[-1]


def test_an_edit_that_changes_nothing_is_a_version_all_the_same(session: store.Engine) -> None:
    kept = event("EV-1", CHILDREN[0])
    with store.transaction(session) as work:
        connections.add_events(work, [kept])
    with store.transaction(session) as work:
        connections.edit(work, kept)
    with pytest.raises(Conflict), store.transaction(session) as work:
        connections.edit(work, kept)


def test_a_stale_withdrawn_or_missing_record_is_not_written(session: store.Engine) -> None:
    kept = tie("REL-1", CHILDREN[0], PERSON)
    with store.transaction(session) as work:
        connections.add_relationships(work, [kept])
    for attempt, fault in ((replace(kept, version=2), Conflict), (replace(kept, id="REL-2"), NotFound)):
        with pytest.raises(fault), store.transaction(session) as work:
            connections.edit(work, attempt)
    with store.transaction(session) as work:
        connections.withdraw(work, "REL-1", NOW)
        assert connections.withdrawn_at(work, "REL-1") == NOW
    with pytest.raises(Conflict, match="reported in error"), store.transaction(session) as work:
        connections.edit(work, replace(kept, version=2))
    with store.transaction(session, writing=False) as work:
        assert connections.relationships(work, ["REL-1"]) == []
        assert connections.get(work, "REL-1") == replace(kept, version=2)


def test_a_merged_entity_is_not_edited(session: store.Engine) -> None:
    with store.transaction(session) as work:
        entities.add(work, [Person(id="PER-2", name="Dan Notreal")], "u-jo", NOW)
        work.get_one(entities.EntityRow, "PER-1").merged_into = "PER-2"
    with pytest.raises(Conflict, match="merged into another"), store.transaction(session) as work:
        entities.edit(work, Person(id="PER-1", name="x", version=2))
    with pytest.raises(NotFound), store.transaction(session) as work:
        entities.edit(work, Place(id="PER-2", name="x"))


def test_merges_are_followed_to_their_end_even_round_in_a_ring() -> None:
    merges = Merges({"a": "b", "b": "c", "x": "y", "y": "x"})
    assert [merges.survivor(id) for id in ("a", "b", "c", "z")] == ["c", "c", "c", "z"]
    assert merges.spread(["a"]) == merges.spread(["c"]) == {"a", "b", "c"}
    assert merges.survivor("x") in ("x", "y")


def test_more_ids_than_fit_one_query(session: store.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chm.store.rows.AT_ONCE", 2)
    events = [event(f"EV-{n}", child, PLACE) for n, child in enumerate(CHILDREN)]
    with store.transaction(session) as work:
        connections.add_events(work, events)
        around = network.around(work, EVERYBODY, [p.id for p in CHILDREN])
        assert around.events == tuple(events)
        assert [p.id for p in around.young_people] == [p.id for p in CHILDREN]
        assert people.are_within(work, EVERYBODY, [p.id for p in CHILDREN])
        assert not people.are_within(work, EVERYBODY, [*(p.id for p in CHILDREN), "YP-9999"])
