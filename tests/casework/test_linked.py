"""What links some young people, computed from a few records made by hand: three chosen, one beside them, one masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chm.casework import frameworks
from chm.casework.linked import Linked, Look, context, linked, shows
from chm.casework.network import NetworkRecords, NetworkYoungPerson
from chm.connections import (
    ONGOING,
    Confidence,
    Entity,
    Event,
    EventRole,
    Influence,
    NamedGroup,
    Participant,
    Party,
    Person,
    Place,
    PlaceKind,
    Relationship,
    Source,
    Vehicle,
)
from chm.errors import Faults
from chm.linkage.layout import Point
from chm.linkage.rules import load
from chm.linkage.shapes import Shape
from chm.linkage.ties import YOUNG_PERSON
from chm.linkage.view import LineKind, View
from chm.linkage.what_if import Behind
from chm.scoring import score
from chm.store.assessments import Latest

from .conftest import TODAY

RULES = load()
ANA, BO, CY = (Party(YOUNG_PERSON, f"YP-000{n}") for n in (1, 2, 3))
NEAR = Party(YOUNG_PERSON, "YP-0009")
MASKED = Party(YOUNG_PERSON, "masked-1")
PARK, HOME = Party("place", "PLA-1"), Party("place", "PLA-2")
DANNO, PEER, AUNT = (Party("person", f"PER-{n}") for n in (1, 2, 3))
CAR, CREW = Party("vehicle", "VEH-1"), Party("group", "GRP-1")
ENTITIES: dict[Party, Entity] = {
    PARK: Place(id="PLA-1", name="Example Park"),
    HOME: Place(id="PLA-2", name="Placeholder House", place_kind=PlaceKind.HOME),
    DANNO: Person(id="PER-1", name="Danno Notreal", under_18=False),
    PEER: Person(id="PER-2", name="Peer Placeholder"),
    AUNT: Person(id="PER-3", name="Aunt Example", under_18=False),
    CAR: Vehicle(id="VEH-1", description="grey Golf"),
    CREW: NamedGroup(id="GRP-1", name="Madeup Crew"),
}


def at(day: date | None) -> datetime | None:
    return day and datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def event(
    id: str,
    day: date | None,
    *parties: Party,
    source: tuple[str, Confidence] = ("Police", Confidence.LIKELY),
    influence: Influence = Influence.HARMFUL,
    kind: str = "sighting",
    recorded: date | None = None,
    **roles: EventRole,
) -> Event:
    named = tuple(Participant(p, roles.get(p.id.replace("-", "_"), EventRole.UNKNOWN)) for p in parties)
    return Event(
        id, kind, named, Source(*source), start=day, end=day, influence=influence, recorded_at=at(recorded or day)
    )


def tie(id: str, one: Party, other: Party, kind: str, since: date | None, influence: Influence) -> Relationship:
    source = Source("School", Confidence.CONFIRMED)
    end = since and ONGOING
    return Relationship(id, one, other, kind, source, since, end, influence, recorded_at=at(since))


EVENTS = (
    event("EV-1", date(2026, 11, 1), ANA, BO, PARK),
    event(
        "EV-2", date(2026, 6, 1), ANA, CY, DANNO, source=("School", Confidence.POSSIBLE),
        PER_1=EventRole.ALLEGED_SOURCE,
    ),
    event(
        "EV-3", date(2025, 1, 10), BO, CY, PARK, source=("Youth work", Confidence.UNVERIFIED),
        influence=Influence.UNCLEAR,
    ),
    event("EV-4", None, BO, PEER, source=("School", Confidence.CONFIRMED), recorded=date(2026, 11, 20)),
    event("EV-5", date(2026, 11, 10), BO, NEAR, MASKED, CAR),
)  # fmt: skip
RELATIONSHIPS = (
    tie("REL-1", ANA, AUNT, "trusted_adult", date(2026, 1, 1), Influence.PROTECTIVE),
    tie("REL-2", CY, ANA, "conflict", date(2026, 10, 1), Influence.HARMFUL),
    tie("REL-3", BO, HOME, "lives_at", date(2026, 2, 1), Influence.UNCLEAR),
    tie("REL-4", CY, HOME, "goes_to", date(2026, 3, 1), Influence.UNCLEAR),
    tie("REL-5", DANNO, CAR, "uses", date(2026, 4, 1), Influence.UNCLEAR),
)


def young(party: Party, **fields: Any) -> NetworkYoungPerson:
    return NetworkYoungPerson(party.id, fields.pop("name", f"{party.id} Madeup"), **fields)


@pytest.fixture
def assessed() -> Latest:
    """All thirteen domains at Moderate, judged Significant: 32 for harm, 34 for context by the guidance's numbers."""
    framework = frameworks.current()
    levels = {d.id: "moderate" for d in framework.domains}
    return Latest("AS-1", TODAY, "significant", score(framework, levels, assessed_on=TODAY), None)


@pytest.fixture
def records(assessed: Latest) -> NetworkRecords:
    """Ana, Bo and Cy are chosen; Near is in reach and not chosen; the last is masked. Ana alone is assessed."""
    return NetworkRecords(
        (
            young(ANA, age=15, borough="Merton", latest=assessed, chosen=True),
            young(BO, age=14, borough="Merton", chosen=True),
            young(CY, borough="Sutton", chosen=True),
            young(NEAR, age=16, borough="Croydon"),
            young(MASKED, name="Another young person 1", masked=True),
        ),
        ENTITIES,
        EVENTS,
        RELATIONSHIPS,
    )


def seen(records: NetworkRecords, **look: Any) -> Linked:
    return linked(records, Look(**look), RULES, TODAY)


def pairs(found: Linked) -> list[tuple[str, str]]:
    return sorted(link.pair for link in found.pairs)


def drawn(found: Linked) -> dict[tuple[Party, Party], LineKind]:
    return {(line.one, line.other): line.influence for line in found.picture.lines}


ALL_PAIRS = [("YP-0001", "YP-0002"), ("YP-0001", "YP-0003"), ("YP-0002", "YP-0003")]


class TestPeople:
    def test_only_the_chosen_count_unless_neighbours_are_asked_for(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert list(found.people) == ["YP-0001", "YP-0002", "YP-0003"]
        assert found.network.young_people == ("YP-0001", "YP-0002", "YP-0003")
        assert {p.id for t in found.history for p in t.parties if p.young} == {"YP-0001", "YP-0002", "YP-0003"}
        assert pairs(found) == ALL_PAIRS

    def test_neighbours_join_in_and_the_masked_have_no_name_and_no_score(self, records: NetworkRecords) -> None:
        found = seen(records, neighbours=True)
        assert list(found.people) == ["YP-0001", "YP-0002", "YP-0003", "YP-0009", "masked-1"]
        assert pairs(found) == [
            *ALL_PAIRS, ("YP-0002", "YP-0009"), ("YP-0002", "masked-1"), ("YP-0009", "masked-1"),
        ]  # fmt: skip
        node = next(n for n in found.picture.nodes if n.party == MASKED)
        assert (node.label, node.score, node.band, node.judged) == ("Another young person 1", None, None, None)
        assert (node.masked, node.chosen) == (True, False)
        assert [p.id for p in records.young_people if p.chosen] == [n.party.id for n in found.picture.nodes if n.chosen]

    def test_a_node_says_combined_score_and_band_and_what_was_judged(self, records: NetworkRecords) -> None:
        nodes = {n.party: n for n in seen(records).picture.nodes}
        assert (nodes[ANA].score, nodes[ANA].band, nodes[ANA].judged) == (66, "significant", "significant")
        assert (nodes[BO].score, nodes[BO].band, nodes[BO].judged) == (None, None, None)

    def test_nobody_and_nothing(self) -> None:
        nobody = linked(NetworkRecords((), {}, (), ()), Look(), RULES, TODAY)
        assert (nobody.pairs, nobody.groups, nobody.shared, nobody.options) == ([], [], {}, {})
        assert nobody.picture.nodes == () and nobody.positions({}) == {}
        assert nobody.together(2).entities == ()

    def test_somebody_with_no_record_stands_alone(self, records: NetworkRecords) -> None:
        alone = linked(replace(records, events=(), relationships=()), Look(), RULES, TODAY)
        assert [n.party for n in alone.picture.nodes] == [ANA, BO, CY]
        assert (alone.picture.lines, alone.pairs, alone.groups) == ((), [], [])
        assert alone.network.degree.tolist() == [0, 0, 0]


class TestView:
    def test_a_window_leaves_out_what_ended_before_it_and_counts_the_undated(self, records: NetworkRecords) -> None:
        found = seen(records, view=View(since=date(2025, 11, 23)))
        assert {t.id for t in found.ties} == {"EV-1", "EV-2", "EV-5", "REL-1", "REL-2", "REL-3", "REL-4"}
        assert {t.id for t in found.history} == {t.id for t in found.ties} | {"EV-3", "EV-4"}
        assert found.undated == 1
        assert {link.pair: link.shared for link in found.pairs} == {
            ("YP-0001", "YP-0002"): (PARK,), ("YP-0001", "YP-0003"): (DANNO,), ("YP-0002", "YP-0003"): (HOME,),
        }  # fmt: skip
        assert seen(records).undated == 0

    def test_as_it_was_on_a_day(self, records: NetworkRecords) -> None:
        found = seen(records, view=View(until=date(2026, 2, 10)))
        assert {t.id for t in found.ties} == {"EV-3", "REL-1", "REL-3"}
        assert pairs(found) == [("YP-0002", "YP-0003")]

    def test_how_sure_and_which_kinds(self, records: NetworkRecords) -> None:
        sure = seen(records, view=View(least=Confidence.LIKELY))
        assert {link.pair: link.shared for link in sure.pairs} == {
            ("YP-0001", "YP-0002"): (PARK,), ("YP-0002", "YP-0003"): (HOME,),
        }  # fmt: skip
        places = seen(records, view=View(kinds=frozenset({"place"})))
        assert {n.party for n in places.picture.nodes} == {ANA, BO, CY, PARK, HOME}
        safe = seen(records, view=View(influences=frozenset({LineKind.PROTECTIVE})))
        assert drawn(safe) == {(ANA, AUNT): LineKind.PROTECTIVE}
        assert safe.pairs == []

    def test_what_was_known_by_a_moment_goes_by_when_it_was_written_down(self, records: NetworkRecords) -> None:
        known = datetime(2026, 10, 1, tzinfo=UTC)
        found = seen(records, known_by=known)
        assert {t.id for t in found.ties} == {"EV-2", "EV-3", "REL-1", "REL-3", "REL-4"}
        unknown = replace(records, events=tuple(replace(e, recorded_at=None) for e in EVENTS))
        assert {t.id for t in seen(unknown, known_by=known).ties} == {"REL-1", "REL-3", "REL-4"}

    def test_whether_a_look_takes_in_one_record(self) -> None:
        year = View(since=date(2025, 11, 23))
        assert [shows(e, Look(year)) for e in EVENTS] == [True, True, False, False, True]
        assert [shows(r, Look(year)) for r in RELATIONSHIPS] == [True, True, True, True, False]  # No young person.
        assert shows(EVENTS[3], Look())
        assert not shows(EVENTS[1], Look(View(least=Confidence.LIKELY)))
        assert not shows(EVENTS[0], Look(known_by=datetime(2026, 10, 1, tzinfo=UTC)))

    def test_new_since_a_day_marks_what_nothing_earlier_knows(self, records: NetworkRecords) -> None:
        found = seen(records, view=View(since=date(2025, 11, 23)), new_since=date(2026, 10, 15))
        assert [n.party for n in found.picture.nodes if n.new] == [CAR]  # The park was known in 2025.
        assert {(line.one, line.other) for line in found.picture.lines if line.new} == {(BO, CAR), (ANA, PARK)}
        assert not any(n.new for n in seen(records).picture.nodes)

    def test_positions_of_before_stay(self, records: NetworkRecords) -> None:
        before: dict[Party, Point] = {ANA: (0.25, 0.75), PARK: (0.5, 0.125)}
        found = seen(records).positions(before)
        assert {p: found[p] for p in before} == before
        assert set(found) == {n.party for n in seen(records).picture.nodes}


class TestLines:
    def test_conflict_and_protection_are_drawn_and_join_nobody(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert drawn(found)[(ANA, CY)] == LineKind.CONFLICT
        assert drawn(found)[(ANA, AUNT)] == LineKind.PROTECTIVE
        (group,) = found.groups
        assert (group.young_people, group.pairs, group.conflicts, group.protected) == (
            ("YP-0001", "YP-0002", "YP-0003"), 3, 1, 1,
        )  # fmt: skip
        assert group.shared == ((PARK, 3), (DANNO, 2), (HOME, 2))
        (link,) = (k for k in found.pairs if k.pair == ("YP-0001", "YP-0003"))
        assert (link.shared, link.direct, link.evidence) == ((DANNO, PARK), False, ("EV-1", "EV-2", "EV-3"))

    def test_only_conflict_leaves_two_without_a_link(self, records: NetworkRecords) -> None:
        found = linked(replace(records, events=(), relationships=RELATIONSHIPS[:2]), Look(), RULES, TODAY)
        assert (found.pairs, found.groups) == ([], [])
        assert drawn(found) == {(ANA, CY): LineKind.CONFLICT, (ANA, AUNT): LineKind.PROTECTIVE}

    def test_shapes_go_by_the_ties_in_view(self, records: NetworkRecords) -> None:
        shapes = {n.party: n.shape for n in seen(records).picture.nodes}
        assert shapes == {
            ANA: Shape.YOUNG_PERSON, BO: Shape.YOUNG_PERSON, CY: Shape.YOUNG_PERSON, DANNO: Shape.PERSON_OF_CONCERN,
            PEER: Shape.CHILD, AUNT: Shape.TRUSTED_ADULT, PARK: Shape.PLACE, HOME: Shape.PLACE, CAR: Shape.VEHICLE,
        }  # fmt: skip


class TestDisruption:
    def test_options_and_what_is_never_one(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert [(o.entity, o.pairs_lost, o.isolated, o.largest_group_after) for o in found.options.values()] == [
            (PARK, 1, 0, 3), (DANNO, 0, 0, 3), (CAR, 0, 0, 3),
        ]  # fmt: skip
        assert found.never >= {PEER, AUNT, HOME}
        assert DANNO not in found.never and found.concern == {DANNO}

    def test_neighbours_change_what_does_most(self, records: NetworkRecords) -> None:
        found = seen(records, neighbours=True)
        assert [(o.entity, o.pairs_lost, o.isolated, o.largest_group_after) for o in found.options.values()] == [
            (CAR, 3, 2, 3), (PARK, 1, 0, 5), (DANNO, 0, 0, 5),
        ]  # fmt: skip

    def test_a_person_who_may_be_a_child_is_never_ranked_whatever_is_alleged(self, records: NetworkRecords) -> None:
        alleged = event("EV-6", TODAY, BO, PEER, PER_2=EventRole.ALLEGED_SOURCE)
        found = linked(replace(records, events=(*EVENTS, alleged)), Look(), RULES, TODAY)
        assert PEER in found.never and PEER not in found.options
        assert found.concern == {DANNO, PEER}

    def test_shared_things_stand_by_effect_those_never_ranked_last(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert list(found.shared) == [PARK, DANNO, HOME]
        park = found.shared[PARK]
        assert (park.young_people, park.combined, park.boroughs) == (
            ("YP-0001", "YP-0002", "YP-0003"), (66,), ("Merton", "Sutton"),
        )  # fmt: skip
        assert (park.last, park.weakest, park.best) == (date(2026, 11, 1), Confidence.UNVERIFIED, Confidence.LIKELY)
        assert found.shared[HOME].last == ONGOING

    def test_without(self, records: NetworkRecords) -> None:
        found = seen(records)
        change = found.without({PARK})
        assert (change.before.pairs, change.after.pairs) == (3, 2)
        assert change.pairs_lost == (("YP-0001", "YP-0002"),)
        assert (change.before.groups, change.after.groups, change.isolated) == ((3,), (3,), ())
        both = found.without({PARK, DANNO})
        assert (both.after.pairs, both.after.groups, both.after.unlinked) == (1, (2, 1), 1)
        assert both.isolated == ("YP-0001",)
        with pytest.raises(Faults, match="A young person is never removed"):
            found.without({PARK, ANA})

    def test_together_holds_back_homes_and_children(self, records: NetworkRecords) -> None:
        best = seen(records).together(2)
        assert (best.entities, best.pairs_lost, best.largest_group_after) == ((PARK, DANNO), 2, 2)
        assert (best.best_pairs_lost, set(best.best or ())) == (2, {PARK, DANNO})

    def test_stability_names_what_would_change(self, records: NetworkRecords) -> None:
        checks = {c.without: c for c in seen(records).checks}
        assert {name: c.left_out for name, c in checks.items()} == {"unverified": 2, "old": 2, "single_agency": 10}
        assert (checks["unverified"].first[0], checks["unverified"].changes) == (DANNO, False)
        assert checks["single_agency"].changes is True


class TestRests:
    def test_who_rests_on_an_entity(self, records: NetworkRecords) -> None:
        assert seen(records).resting_on(PARK) == (
            Behind(ANA, ("EV-1",), Confidence.LIKELY),
            Behind(BO, ("EV-1", "EV-3"), Confidence.LIKELY),
            Behind(CY, ("EV-3",), Confidence.UNVERIFIED),
        )
        assert seen(records).resting_on(AUNT) == ()

    def test_what_is_behind_places_and_peers(self, records: NetworkRecords) -> None:
        places, people = seen(records).behind("YP-0002")
        assert [b.party for b in places] == [PARK, HOME]
        assert people == (Behind(PEER, ("EV-4",), Confidence.CONFIRMED),)
        assert seen(records).behind("YP-9999") == ((), ())


class TestEvidence:
    def test_newest_first_undated_last(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert [r.id for r in found.evidence(BO)] == ["EV-5", "EV-1", "REL-3", "EV-3", "EV-4"]
        assert [r.id for r in found.evidence(ANA, PARK)] == ["EV-1"]
        assert [r.id for r in found.evidence(ANA, CY)] == ["REL-2", "EV-2"]

    def test_of_a_pair_all_that_links_them_and_what_else_names_both(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert [r.id for r in found.between(ANA, CY)] == ["EV-1", "REL-2", "EV-2", "EV-3"]
        assert found.between(CY, ANA) == found.between(ANA, CY)
        assert [r.id for r in found.between(BO, CY)] == ["EV-1", "REL-4", "REL-3", "EV-3"]
        conflict = linked(replace(records, events=(), relationships=RELATIONSHIPS[:2]), Look(), RULES, TODAY)
        assert [r.id for r in conflict.between(ANA, CY)] == ["REL-2"]
        assert conflict.between(ANA, BO) == []

    def test_only_what_is_in_view(self, records: NetworkRecords) -> None:
        recent = seen(records, view=View(since=date(2026, 9, 1)))
        assert [r.id for r in recent.evidence(BO)] == ["EV-5", "EV-1", "REL-3"]
        assert seen(records).evidence(NEAR) == []
        assert [r.id for r in seen(records, neighbours=True).evidence(NEAR)] == ["EV-5"]
        assert [r.id for r in seen(records, known_by=datetime(2026, 6, 2, tzinfo=UTC)).evidence(PARK)] == ["EV-3"]

    def test_of_one_day_the_later_id_first(self, records: NetworkRecords) -> None:
        same = replace(EVENTS[0], id="EV-1B")
        found = linked(replace(records, events=(*EVENTS, same)), Look(), RULES, TODAY)
        assert [r.id for r in found.evidence(PARK)] == ["EV-1B", "EV-1", "EV-3"]

    def test_an_entity_has_a_record_and_a_young_person_none(self, records: NetworkRecords) -> None:
        found = seen(records)
        assert found.entity(CAR) == ENTITIES[CAR]
        assert found.entity(ANA) is None
        assert found.known.labels[CAR].text == "“grey Golf”"
        assert MASKED not in found.known.labels


class TestContext:
    def test_what_is_known_of_a_target_and_of_whom_it_touches(self, records: NetworkRecords) -> None:
        about = seen(records).about(PARK)
        assert about.agencies == 2
        assert about.relations == {"sighting"}
        assert about.latest == date(2026, 11, 1)
        assert about.online is False
        assert [(s.age, s.borough, s.harmed, s.protected) for s in about.sharers] == [
            (15, "Merton", True, False), (14, "Merton", True, False), (None, "Sutton", True, False),
        ]  # fmt: skip
        assert set(about.sharers[0].levels.values()) == {"moderate"} and len(about.sharers[0].levels) == 13
        assert about.sharers[1].levels == {}

    def test_who_only_protects_does_not_harm(self, records: NetworkRecords) -> None:
        (ana,) = seen(records).about(AUNT).sharers
        assert (ana.harmed, ana.protected) == (False, True)

    def test_a_young_person_touches_those_tied_to_them(self, records: NetworkRecords) -> None:
        about = seen(records).about(ANA)
        assert [s.age for s in about.sharers] == [15, None]
        assert [s.harmed for s in about.sharers] == [True, False]  # To Cy there is conflict alone.
        assert about.relations == {"sighting", "trusted_adult", "conflict"}

    def test_an_online_place_is_said(self, records: NetworkRecords) -> None:
        online = Place(id="PLA-1", name="Example Chat", place_kind=PlaceKind.ONLINE)
        found = linked(replace(records, entities={**ENTITIES, PARK: online}), Look(), RULES, TODAY)
        assert found.about(PARK).online is True

    def test_of_what_nothing_is_known(self) -> None:
        about = context(CREW, (), ())
        assert (about.sharers, about.agencies, about.relations, about.latest) == ((), 0, frozenset(), None)


def test_of_a_crowd_the_picture_keeps_what_links_them(records: NetworkRecords) -> None:
    small = RULES.model_copy(update={"picture": RULES.picture.model_copy(update={"most_nodes": 4})})
    found = linked(records, Look(), small, TODAY).picture
    kinds = [n.party.kind for n in found.nodes]
    assert len(kinds) == 4
    assert kinds.count("young_person") < 4
    assert PARK in {n.party for n in found.nodes}
    assert found.left_out > 0
