"""What links the invented cohort: groups, ranks, protection, conflict, likely duplicates and places on the map."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from chm import duplicates, settings
from chm.casework import demo, frameworks
from chm.casework.demo import Cohort
from chm.connections import Confidence, Entity, EventRole, Influence, Person, Place, PlaceKind
from chm.geography import outlines
from chm.geography import rules as geography
from chm.linkage import disruption, groups, rules
from chm.linkage.from_records import never_ranked, ties_of
from chm.linkage.graph import Network, build, conflicts
from chm.linkage.ties import Party, Tie

TODAY = date(2026, 11, 23)
FRAMEWORK = frameworks.every()["merton-2020", 1]
NORTHFIELD = {"Kestrel", "Heron", "Teal", "Dunlin", "Siskin", "Wagtail", "Shrike", "Twite", "Smew"}
PARADE = {"Osprey", "Harrier", "Hobby", "Merlin", "Swift", "Bunting", "Fieldfare", "Turnstone"}
SANDPIPER = {"Redwing", "Pipit", "Avocet", "Nuthatch", "Gannet"}


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return demo.read(settings.data() / "demo", FRAMEWORK, TODAY)


@pytest.fixture(scope="module")
def ties(cohort: Cohort) -> list[Tie]:
    return ties_of(cohort.connections.events, cohort.connections.relationships)


@pytest.fixture(scope="module")
def bird(cohort: Cohort) -> dict[str, str]:
    """First name of each young person, by id."""
    return {s.person.id: s.person.name.split()[0] for s in cohort.stories}


@pytest.fixture(scope="module")
def network(ties: list[Tie], bird: dict[str, str]) -> Network:
    return build(ties, bird)


@pytest.fixture(scope="module")
def meeting(cohort: Cohort, ties: list[Tie]) -> Network:
    """What the chair sees: the meeting's young people and what they are tied to."""
    asked = cohort.meetings[-1].young_people
    return build([t for t in ties if all(not p.young or p.id in asked for p in t.parties)], asked)


def key(cohort: Cohort, party: Party | Entity) -> str:
    return next(k for k, e in cohort.connections.entities.items() if e.id == party.id)


def ranked(cohort: Cohort, network: Network) -> list[tuple[str, int, int, int]]:
    said = cohort.connections
    never = never_ranked(said.entities.values(), said.events, said.relationships)
    options = disruption.ranked(network, rules.load().strength, never)
    return [(key(cohort, o.entity), o.pairs_lost, o.isolated, o.largest_group_after) for o in options]


def test_what_is_recorded(cohort: Cohort) -> None:
    said = cohort.connections
    assert Counter(type(e).__name__ for e in said.entities.values()) == {
        "Person": 40, "Place": 25, "Vehicle": 4, "Account": 7, "NamedGroup": 3,
    }  # fmt: skip
    assert (len(said.events), len(said.relationships)) == (159, 82)
    records = (*said.events, *said.relationships, *said.entities.values())
    assert len({r.id for r in records}) == len(records)


def test_events_reach_from_the_last_weeks_to_more_than_a_year_ago(cohort: Cohort) -> None:
    starts = [e.start for e in cohort.connections.events if e.start]
    assert len(starts) == len(cohort.connections.events)
    months = {(d.year, d.month) for d in starts if d >= TODAY - timedelta(days=364)}
    assert len(months) >= 12
    assert max(starts) == TODAY - timedelta(days=5)
    assert all(e.end is None or e.end <= TODAY for e in cohort.connections.events)


def test_every_source_says_how_sure_and_some_have_a_reference(cohort: Cohort) -> None:
    sources = [r.source for r in (*cohort.connections.events, *cohort.connections.relationships)]
    assert {s.confidence for s in sources} == set(Confidence)
    assert {s.first_hand for s in sources} == {True, False, None}
    assert {s.agency for s in sources} <= set(FRAMEWORK.local["agencies"])
    assert len({s.agency for s in sources}) >= 12
    assert sum(bool(s.reference) for s in sources) >= 25
    assert sum(bool(s.grade) for s in sources) >= 10
    assert {e.influence for e in cohort.connections.events} == set(Influence)
    assert {p.role for e in cohort.connections.events for p in e.participants} >= {
        EventRole.EXPERIENCING_HARM, EventRole.ALLEGED_SOURCE, EventRole.WITNESS, EventRole.UNKNOWN,
    }  # fmt: skip


def test_three_groups_two_of_them_joined_by_the_arcade(network: Network, bird: dict[str, str]) -> None:
    assert groups.sizes(network) == [17, 5, 2] + [1] * 16
    assert groups.sizes(network, 2) == [9, 7, 3] + [1] * 21
    together = [{bird[id] for id in g} for g in groups.components(network)[:3]]
    assert together == [NORTHFIELD | PARADE, SANDPIPER, {"Brambling", "Sanderling"}]
    rule = rules.load()
    found = [{bird[id] for id in g} for g in groups.communities(network, rule.strength, rule.communities) if len(g) > 2]
    assert found == [NORTHFIELD, PARADE, SANDPIPER]
    assert (network.shared.nnz, len(network.protective), len(network.conflicts)) == (68, 61, 10)


def test_the_arcade_comes_first_and_its_going_parts_the_two(cohort: Cohort, network: Network) -> None:
    assert ranked(cohort, network)[:3] == [
        ("tinsel-arcade", 18, 0, 9),
        ("number-7", 6, 0, 17),
        ("ring-road-hotel", 2, 1, 17),
    ]
    arcade = cohort.connections.entities["tinsel-arcade"]
    after = network.without([Party("place", arcade.id)])
    assert groups.sizes(after)[:3] == [9, 8, 5]


def test_what_most_share(cohort: Cohort, network: Network) -> None:
    most = [(key(cohort, network.entities[c]), int(network.popularity[c])) for c in groups.by_popularity(network)[:3]]
    assert most == [("tinsel-arcade", 10), ("adult-d", 6), ("northfield-line", 5)]


def test_the_meeting_changes_clearly_where_the_arcade_is_gone(
    cohort: Cohort, meeting: Network, bird: dict[str, str]
) -> None:
    assert len(meeting.young_people) == 8
    assert (len(meeting.entities), meeting.shared.nnz, groups.sizes(meeting)) == (45, 22, [8])
    assert ranked(cohort, meeting)[0] == ("tinsel-arcade", 9, 0, 6)
    assert len({bird[p.id] for t in conflicts(meeting, meeting.young_people) for p in t.parties}) == 4


def test_no_child_home_or_trusted_person_is_ranked(cohort: Cohort, network: Network) -> None:
    offered = {name for name, *_ in ranked(cohort, network)}
    assert offered.isdisjoint(
        {"zed", "kip", "older-girl", "boys-on-bikes", "drew", "flat-tenant", "harriers-flat", "sandpiper-house"}
    )
    assert {"adult-d", "stef", "grey-car", "line-phone", "snooker-hall"} <= offered


def test_likely_duplicates_are_offered_each_for_its_reason(cohort: Cohort) -> None:
    pairs = duplicates.likely(cohort.connections.entities.values())
    assert [(key(cohort, p.one), key(cohort, p.other), p.score) for p in pairs] == [
        ("line-phone", "line-phone-2", 0.97),
        ("grey-car", "grey-car-2", 0.97),
        ("adult-d", "dano", 0.85),
        ("cake-woman", "woman-at-bus-station", 0.85),
        ("marlo", "marlow", 0.7),
        ("tinsel-arcade", "tinsel-arcade-2", 0.7),
    ]


def test_some_people_are_only_described_and_some_only_named(cohort: Cohort) -> None:
    persons = [e for e in cohort.connections.entities.values() if isinstance(e, Person)]
    assert sum(not p.name for p in persons) == 7
    assert {p.under_18 for p in persons} == {True, False, None}
    assert all(p.name or p.description for p in persons)


def test_places_are_of_every_kind_and_lie_in_the_sector_of_their_postcode(cohort: Cohort) -> None:
    places = [e for e in cohort.connections.entities.values() if isinstance(e, Place)]
    assert {p.place_kind for p in places} == set(PlaceKind)
    shown = [p for p in places if p.latitude is not None and p.longitude is not None]
    assert len(shown) == 15
    sectors = outlines.draw(geography.load()).sectors
    held = sectors.holding([p.longitude or 0 for p in shown], [p.latitude or 0 for p in shown])
    assert [sectors.names[n] for n in held] == [p.postcode for p in shown]
    assert not any(p.latitude or p.postcode for p in places if p.place_kind in (PlaceKind.HOME, PlaceKind.PLACEMENT))


def test_settings_assessed_and_proposals_waiting_taken_and_declined(cohort: Cohort, bird: dict[str, str]) -> None:
    decided = cohort.decided
    assert [(a.kind, a.level, len(a.young_people)) for a in decided.settings] == [
        ("group", "significant", 3), ("group", "moderate", 2), ("school", "moderate", 3),
    ]  # fmt: skip
    status = [{bird[p.young_person]: p.status.value for p in s.parts} for s in decided.shared]
    assert status == [
        {"Kestrel": "waiting", "Dunlin": "waiting", "Twite": "waiting", "Shrike": "accepted"},
        {"Heron": "waiting", "Hobby": "waiting", "Teal": "declined", "Twite": "accepted"},
    ]  # fmt: skip
    assert [a.target for s in decided.shared for a in s.actions] == [s.action.target for s in decided.shared]
    seen = {bird[n.record]: bool(n.seen_at) for n in decided.notices if n.to != "U-pat"}
    assert {name for name, done in seen.items() if done} == {"Shrike", "Teal"}
    assert [bird[n.record] for n in decided.notices if n.to == "U-pat"] == ["Teal"]
