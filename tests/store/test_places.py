"""What was recorded at places, as it is laid out for counting; actions and words as they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import update

from chm import store
from chm.connections import (
    ONGOING,
    Confidence,
    Event,
    EventRole,
    Influence,
    Participant,
    Party,
    Person,
    Place,
    Relationship,
    Source,
    Vehicle,
)
from chm.errors import Conflict, NotFound
from chm.places.records import PlaceAction, PlaceWords
from chm.places.seen import Reported, Tied
from chm.records import ActionStatus, Reply, Role, SettingAssessment, User, YoungPerson
from chm.store import connections, entities, people, places, setting_assessments, users
from chm.store.tables import EntityRow, YoungPersonRow

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
POLICE = Source("Police", Confidence.LIKELY)
HERON, SHOP, OTHER = Party("young_person", "YP-0001"), Party("place", "PLA-1"), Party("place", "PLA-2")
DANNO, KIP, GOLF = Party("person", "PER-1"), Party("person", "PER-2"), Party("vehicle", "VEH-1")
EVENT = Event(
    id="EV-1",
    kind="sighting",
    participants=(
        Participant(HERON, EventRole.EXPERIENCING_HARM),
        Participant(SHOP),
        Participant(DANNO, EventRole.ALLEGED_SOURCE),
        Participant(GOLF),
    ),
    source=POLICE,
    start=DAY,
    end=DAY,
    at=time(16, 30),
    influence=Influence.HARMFUL,
    what="Secret",
    recorded_by="u-jo",
    recorded_at=NOW,
)
TIE = Relationship(
    id="REL-1", one=HERON, other=SHOP, kind="goes_to", source=POLICE, start=DAY, end=ONGOING, recorded_by="u-jo",
    recorded_at=NOW,
)  # fmt: skip
ACTION = PlaceAction(
    id="PAC-1", place="PLA-1", pillar="prevent", text="Light it", owner_agency="Community Safety", owner_person="",
    due=DAY, recorded_by="u-jo", recorded_at=NOW,
)  # fmt: skip
WORDS = PlaceWords(
    id="PW-1", place="PLA-1", safe=False, text="The stairs", said_on=date(2026, 11, 1), for_partners=True,
    recorded_by="u-jo", recorded_at=NOW,
)  # fmt: skip


@pytest.fixture
def filled(engine: store.Engine) -> store.Engine:
    """Heron at a shop with Danno and a car; a school and a person of unknown age beside."""
    with store.transaction(engine) as session:
        users.add(session, User("u-jo", "Jo Placeholder", "Early Help", frozenset({Role.PRACTITIONER})))
        people.add(session, YoungPerson("YP-0001", "Example One", "Merton", age=14, age_on=DAY))
        new = [
            Place(id="PLA-1", name="Example Shop"),
            Place(id="PLA-2", name="The shop"),
            Person(id="PER-1", name="Danno", under_18=False),
            Person(id="PER-2", name="Kip"),
            Vehicle(id="VEH-1", name="Golf"),
        ]
        entities.add(session, new, "u-jo", NOW)
        connections.add_events(session, [EVENT])
        connections.add_relationships(session, [TIE])
    return engine


def read(engine: store.Engine) -> places.Recorded:
    with store.transaction(engine, writing=False) as session:
        return places.recorded(session)


def stamp(engine: store.Engine) -> tuple[object, ...]:
    with store.transaction(engine, writing=False) as session:
        return places.stamp(session)


def assessment(id: str, on: date, sort: str, level: str) -> SettingAssessment:
    return SettingAssessment(
        id=id, kind="place", subject="PLA-1", answers={"sort": Reply(sort)}, level=level, summary="s", assessed_on=on,
        young_people=(), recorded_by="u-jo", recorded_at=NOW,
    )  # fmt: skip


class TestRecorded:
    def test_everything_at_places(self, filled: store.Engine) -> None:
        found = read(filled)
        assert found.events == (
            Reported(
                "EV-1", "sighting", DAY, time(16, 30), "harmful", "likely", "Police",
                (("YP-0001", "experiencing_harm"), ("PLA-1", "unknown"), ("PER-1", "alleged_source"),
                 ("VEH-1", "unknown")),
            ),
        )  # fmt: skip
        assert found.ties == (Tied("PLA-1", "YP-0001", "goes_to", DAY, ONGOING, "unclear", "likely", "Police"),)
        assert (set(found.places), found.young_people) == ({"PLA-1", "PLA-2"}, ("YP-0001",))
        assert (found.adults, found.vehicles, found.lived_in) == (frozenset({"PER-1"}), frozenset({"VEH-1"}), {})

    def test_what_names_no_place_or_was_withdrawn_is_left_out(self, filled: store.Engine) -> None:
        with store.transaction(filled) as session:
            elsewhere = replace(EVENT, id="EV-2", participants=(Participant(HERON), Participant(DANNO)))
            connections.add_events(session, [elsewhere])
            connections.withdraw(session, "EV-1", NOW)
            connections.withdraw(session, "REL-1", NOW)
        assert (read(filled).events, read(filled).ties) == ((), ())

    def test_merged_places_are_one(self, filled: store.Engine) -> None:
        with store.transaction(filled) as session:
            both = replace(EVENT, id="EV-2", participants=(Participant(HERON), Participant(OTHER)))
            connections.add_events(session, [both])
            session.execute(update(EntityRow).where(EntityRow.id == "PLA-2").values(merged_into="PLA-1"))
        found = read(filled)
        assert set(found.places) == {"PLA-1"}
        assert [id for e in found.events for id, _ in e.named if id.startswith("PLA")] == ["PLA-1", "PLA-1"]

    @pytest.mark.parametrize(
        ("who", "lived_in"), [(HERON, True), (KIP, True), (DANNO, False)], ids=["young", "unknown age", "adult"]
    )
    def test_where_somebody_lives(self, filled: store.Engine, who: Party, lived_in: bool) -> None:
        with store.transaction(filled) as session:
            connections.add_relationships(session, [replace(TIE, id="REL-2", one=OTHER, other=who, kind="lives_at")])
        assert read(filled).lived_in == {"PLA-2": lived_in}


CHANGES: dict[str, Callable[[store.Session], None]] = {
    "event": lambda s: connections.add_events(s, [replace(EVENT, id="EV-0")]),
    "corrected": lambda s: connections.edit(s, replace(EVENT, kind="stop")),
    "withdrawn": lambda s: connections.withdraw(s, "EV-1", NOW),
    "relationship": lambda s: connections.add_relationships(s, [replace(TIE, id="REL-0")]),
    "entity": lambda s: entities.add(s, [Place(id="PLA-0", name="New")], "u-jo", NOW),
    "edited": lambda s: entities.edit(s, Place(id="PLA-1", name="Renamed")) and None,
    "young person": lambda s: people.add(s, YoungPerson("YP-0002", "Example Two", "Merton")),
    "renamed": lambda s: setattr(s.get_one(YoungPersonRow, "YP-0001"), "name", "Example Renamed"),
    "assessed": lambda s: setting_assessments.add(s, assessment("SET-1", DAY, "business", "none")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_stamp_changes_with_whatever_is_counted(filled: store.Engine, change: str) -> None:
    before = stamp(filled)
    assert stamp(filled) == before
    with store.transaction(filled) as session:
        CHANGES[change](session)
    assert stamp(filled) != before


def test_the_latest_assessment_says_what_sort_and_level_a_place_has(filled: store.Engine) -> None:
    with store.transaction(filled) as session:
        setting_assessments.add(session, assessment("SET-1", DAY, "taken_over", "significant"))
        setting_assessments.add(session, assessment("SET-2", date(2026, 1, 1), "business", "none"))
        assert places.sorts(session) == {"PLA-1": "taken_over"}
        assert places.levels(session) == {"PLA-1": "significant"}


class TestActions:
    def test_soonest_due_first(self, filled: store.Engine) -> None:
        with store.transaction(filled) as session:
            for id, due, place in (("PAC-1", None, "PLA-1"), ("PAC-2", DAY, "PLA-1"), ("PAC-3", DAY, "PLA-2")):
                places.add_action(session, replace(ACTION, id=id, due=due, place=place))
            assert [a.id for a in places.actions(session, ["PLA-1"])] == ["PAC-2", "PAC-1"]
            assert [a.id for a in places.actions(session)] == ["PAC-2", "PAC-3", "PAC-1"]
            assert places.actions(session, []) == []

    def test_an_edit_over_the_version_read(self, filled: store.Engine) -> None:
        with store.transaction(filled) as session:
            kept = places.add_action(session, ACTION)
            assert (kept, places.action(session, "PAC-1")) == (ACTION, ACTION)
            done = places.edit_action(session, replace(kept, status=ActionStatus.DONE, result="Two lamps"))
            assert (done.status, done.result, done.version) == (ActionStatus.DONE, "Two lamps", 2)
            with pytest.raises(Conflict):
                places.edit_action(session, kept)
            with pytest.raises(NotFound):
                places.edit_action(session, replace(kept, id="PAC-9"))
            with pytest.raises(NotFound):
                places.action(session, "PAC-9")


def test_words_are_kept_and_taken_back(filled: store.Engine) -> None:
    with store.transaction(filled) as session:
        places.add_words(session, WORDS)
        places.add_words(session, replace(WORDS, id="PW-2", said_on=date(2026, 12, 1)))
    with store.transaction(filled) as session:
        assert [w.id for w in places.words(session, ["PLA-1", "PLA-2"])] == ["PW-2", "PW-1"]
        assert places.words_of(session, "PW-1") == WORDS
        places.withdraw_words(session, "PW-2", NOW)
        assert places.words(session, ["PLA-1"]) == [WORDS]
        for ask in (places.words_of, lambda s, id: places.withdraw_words(s, id, NOW)):
            with pytest.raises(NotFound):
                ask(session, "PW-2")
