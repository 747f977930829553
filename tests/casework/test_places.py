"""The ranking of places that everybody sees alike, one place, and the places of one's own young people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from chm import store
from chm.assessments import Answers, Draft
from chm.casework import assessments, connections, place_exports, place_records, places
from chm.casework.desk import CLOSED, Desk
from chm.casework.places import Filter, PlaceRanking
from chm.connections import (
    EventRole,
    Influence,
)
from chm.errors import Faults, NotFound, NotPermitted
from chm.places.disclosure import NO_COUNT, Count
from chm.places.rules import PARTS
from chm.places.shown import Exposure
from chm.records import Reply
from chm.store import connections as kept_connections

from .conftest import TODAY, Office
from .test_assessments import JUDGED, saying
from .test_desk import log
from .town import ARCADE, CHAT, FLAT, HOME, MANY, UNIT, event


def listed(found: PlaceRanking) -> list[tuple[int, str, str]]:
    return [(r.risk.rank, r.place.name, r.risk.band) for r in found.rows]


class TestRanking:
    def test_the_lead_sees_exact_counts_and_homes_apart(self, town: Office) -> None:
        found = places.ranking(town["lead"])
        assert listed(found) == [
            (1, "Placeholder Arcade", "moderate"),
            (2, "Madeup lobby", "emerging"),
            (3, "Flat 9, Notreal Court", "emerging"),
            (4, "Zoë Heron's corner", "none"),
        ]
        assert {p.id: (p.counted, p.points) for p in found.rows[0].risk.parts} == {
            "young_people": (Count(7, 7), 18),
            "touched": (Count(0, 0), 0),
            "reports": (Count(8, 8), 12),
            "recent": (Count(8, 8), 15),
            "sure": (Count(8, 8), 10),
            "of_concern": (Count(1, 1), 7),
            "vehicles": (Count(1, 1), 4),
        }
        assert [(r.place.name, r.place.latitude) for r in found.homes] == [("Example House", 51.42)]
        assert (found.hidden, found.sectors) == (False, ("CR4 3", "SW19 2"))
        assert found.kinds == ("incident", "online_contact", "sighting")

    @pytest.mark.parametrize("who", ["analyst", "jo", "chair", "both"])
    def test_the_others_see_the_same_ranking_with_counts_hidden(self, town: Office, who: str) -> None:
        found = places.ranking(town[who])
        assert listed(found) == [
            (1, "Placeholder Arcade", "moderate"),
            (2, "Madeup lobby", "emerging"),
            (3, "A dwelling in CR4 3", "emerging"),
            (4, "A place in SW19 2", "none"),
        ]
        assert [p.counted.text for p in found.rows[0].risk.parts] == [
            "5 to 9", "0", "5 to 9", "5 to 9", "5 to 9", "fewer than 5", "fewer than 5",
        ]  # fmt: skip
        assert found.rows[0].why == (
            "5 to 9 young people are linked to it; 5 to 9 reports; 5 to 9 reports in the last 3 months"
        )
        assert (found.homes, found.hidden) == ((), True)
        flat = found.rows[2].place
        assert (flat.exposure, flat.address, flat.postcode, flat.latitude) == (Exposure.DWELLING, "", "", None)
        (safe,) = found.safe
        assert (safe.place.name, safe.safe.young_people.text, safe.safe.guardians.text) == (
            "Lantern Club", "fewer than 5", "fewer than 5",
        )  # fmt: skip

    def test_nothing_an_analyst_gets_names_a_young_person_a_home_or_what_was_said(self, town: Office) -> None:
        desk = town["analyst"]
        ranking = places.ranking(desk)
        told = [repr(ranking), repr(places.checks(desk))]
        for row in [*ranking.rows, *ranking.safe]:
            told += [repr(places.open(desk, row.place.id)), repr(place_exports.location_briefing(desk, row.place.id))]
        told += [place_exports.ranking_file(desk, kind).data.decode() for kind in ("csv", "geojson")]  # type: ignore[arg-type]
        for secret in ("YP-", "Zoë", "Heron", "Unreal", "Danno", "Kip", "PER-", "VEH-", "EV-", "Example House", HOME.id,
                       "Secretword", "Flat 9", "51.41", "51.42"):  # fmt: skip
            assert not [text for text in told if secret in text], secret

    @pytest.mark.parametrize("name", ["Zo\u200dë He\u200cron corner", "Zoë Heron\u200cs corner"])
    def test_what_nobody_sees_hides_no_name_in_that_of_a_place(self, town: Office, name: str) -> None:
        connections.edit_entity(town["lead"], replace(UNIT, name=name))
        assert places.open(town["analyst"], UNIT.id).place.name == "A place in SW19 2"

    def test_levels_of_the_young_people_touch_a_place(self, town: Office, draft: Draft, whole: Answers) -> None:
        before = places.ranking(town["lead"]).rows[0].risk
        assert before.count("touched") == Count(0, 0)
        levels = {**whole.levels, "places": "moderate"}
        said = saying(draft, whole.model_copy(update={"levels": levels}))
        assessments.record(town["jo"], "YP-0001", said, JUDGED)
        after = places.ranking(town["lead"]).rows[0].risk
        assert (after.count("touched"), after.points - before.points) == (Count(1, 1), 9)

    def test_what_is_recorded_corrected_or_withdrawn_counts_at_once(self, town: Office) -> None:
        lead = town["lead"]
        assert places.ranking(lead).rows[0].risk.count("reports") == Count(8, 8)
        connections.withdraw(lead, "EV-1", "A mistake")
        assert places.ranking(lead).rows[0].risk.count("reports") == Count(7, 7)
        connections.edit_entity(lead, replace(ARCADE, name="Another Arcade"))
        assert places.ranking(lead).rows[0].place.name == "Another Arcade"

    def test_two_places_found_to_be_one(self, town: Office) -> None:
        with store.transaction(town.engine) as session:
            session.connection().exec_driver_sql("UPDATE entity SET merged_into = 'PLA-a1' WHERE id = 'PLA-c1'")
        found = places.ranking(town["lead"]).rows
        assert [r.place.id for r in found] == ["PLA-a1", "PLA-d1", "PLA-f1"]
        assert found[0].risk.count("young_people") == Count(8, 8)
        assert places.open(town["analyst"], "PLA-c1").place.id == "PLA-a1"

    def test_an_assessment_makes_a_place_a_dwelling(self, town: Office) -> None:
        new = place_records.NewPlaceAssessment(
            place="PLA-a1", level="moderate", summary="A back room", assessed_on=TODAY,
            answers={"sort": Reply("taken_over")},
        )  # fmt: skip
        place_records.assess(town["analyst"], new)
        row = places.ranking(town["analyst"]).rows[0]
        assert (row.place.name, row.level) == ("A dwelling in CR4 3", "moderate")

    def test_a_partner_sees_no_places(self, town: Office) -> None:
        with pytest.raises(NotPermitted):
            places.ranking(town["partner"])

    def test_filters_list_what_they_find(self, town: Office) -> None:
        found = places.ranking(town["lead"], Filter(kind="online_contact"))
        assert [r.place.name for r in found.rows] == ["Madeup lobby"]
        assert [r.place.name for r in places.ranking(town["lead"], Filter(months=1)).rows][0] == "Placeholder Arcade"

    def test_windows_of_ones_own_are_for_those_who_see_all_counts(self, town: Office) -> None:
        for ask in (
            lambda who: places.ranking(town[who], Filter(months=5)),
            lambda who: places.open(town[who], "PLA-a1", Filter(months=5)),
            lambda who: places.checks(town[who], Filter(months=5)),
        ):
            assert ask("lead")
            for who in ("analyst", "jo", "chair"):
                with pytest.raises(Faults) as said:
                    ask(who)
                assert said.value.faults == ["window: must be all time, or one of 12, 3, 1 months"]
        with pytest.raises(Faults):
            place_exports.ranking_file(town["lead"], "csv", Filter(months=5))

    def test_checks(self, town: Office) -> None:
        found = places.checks(town["analyst"])
        assert [(c.without, c.first, c.changes) for c in found] == [
            ("unverified", ("PLA-a1", "PLA-d1", "PLA-f1"), False),
            ("old", ("PLA-a1", "PLA-d1", "PLA-f1"), False),
            ("single_agency", ("PLA-a1",), True),
        ]


class TestOpen:
    def test_one_place_for_the_analyst(self, town: Office) -> None:
        found = places.open(town["analyst"], "PLA-a1")
        assert found.row is not None
        assert (found.place.name, found.row.risk.rank, found.hidden) == ("Placeholder Arcade", 1, True)
        assert found.times.cells[2][0].text == "5 to 9"
        assert found.times.not_known.text == "fewer than 5"
        assert found.numbers.agencies.text == "fewer than 5"
        assert log(town.engine)[-1] == ("u-analyst", "places.open", "", "PLA-a1")

    @pytest.mark.parametrize("id", ["PLA-b1", "PLA-ffff", "Example House"])
    def test_a_home_and_no_place_at_all_look_alike(self, town: Office, id: str) -> None:
        for who in ("analyst", "jo", "chair"):
            with pytest.raises(NotFound) as said:
                places.open(town[who], id)
            assert str(said.value) == CLOSED

    def test_the_lead_opens_a_home(self, town: Office) -> None:
        found = places.open(town["lead"], "PLA-b1")
        assert found.row is not None
        assert (found.place.exposure, found.row.risk.count("reports")) == (Exposure.HOME, Count(1, 1))

    def test_before_and_after(self, town: Office) -> None:
        found = places.since(town["analyst"], "PLA-a1", date(2026, 8, 10))
        assert (found.months, found.before, found.after.text) == (2, NO_COUNT, "0")
        assert found.caveat == "Too few reports to tell whether anything changed."


class TestOfYoungPeople:
    def test_ones_own_in_full(self, town: Office) -> None:
        found = places.of_young_people(town["jo"], ("YP-0001",))
        assert [(r.place.name, r.home, r.targeted) for r in found.rows] == [
            ("Placeholder Arcade", False, False),
            ("Example House", True, True),
            ("Flat 9, Notreal Court", False, False),
        ]
        arcade = next(r for r in found.rows if r.place.id == "PLA-a1")
        assert arcade.risk is not None
        assert arcade.risk.count("young_people") == Count(1, 1)
        assert arcade.young_people == {"YP-0001": frozenset({EventRole.EXPERIENCING_HARM})}
        home = next(r for r in found.rows if r.place.id == "PLA-b1")
        assert (home.home, home.targeted, home.place.latitude) == (True, True, 51.42)
        assert found.names == {"YP-0001": "Zoë Heron"}
        assert found.home_safety[0] == (
            "What is the young person's plan if someone forces their way in?", "Guidance p. 22, line 849",
        )  # fmt: skip
        assert len(found.home_safety) == 7

    def test_nobody_elses(self, town: Office) -> None:
        with pytest.raises(NotFound):
            places.of_young_people(town["jo"], (MANY[0],))
        with pytest.raises(NotPermitted):
            places.of_young_people(town["analyst"], ("YP-0001",))


class TestPairsOfFilters:
    """What an analyst gets, through the desk, on a database with some two hundred reports."""

    FILTERS = [
        Filter(months, kind, influence)
        for months, kind, influence in product(
            (12, 3, 1), (None, "sighting", "incident", "assault", "stop"), (None, "harmful", "unclear")
        )
    ]

    @pytest.fixture
    def busy(self, town: Office) -> Office:
        chance = Random(4)
        where = [ARCADE, FLAT, UNIT, CHAT]
        events = [
            event(
                100 + n, chance.choices(where, (8, 3, 2, 1))[0], *chance.sample(MANY, chance.randint(1, 3)),
                on=TODAY - timedelta(days=chance.randrange(380)),
                kind=chance.choices(("sighting", "incident", "assault", "stop"), (6, 3, 1, 1))[0],
                influence=chance.choices((Influence.HARMFUL, Influence.UNCLEAR), (4, 1))[0],
            )
            for n in range(200)
        ]  # fmt: skip
        with store.transaction(town.engine) as session:
            kept_connections.add_events(session, events)
        return town

    def test_a_thousand_random_pairs_tell_no_difference_of_one_to_four(self, busy: Office) -> None:
        hidden = self.counts(busy["analyst"])
        assert not list(self.telling(hidden))
        assert len(list(self.telling(self.counts(busy["lead"])))) > 500

    def counts(self, desk: Desk) -> list[dict[tuple[str, str], Count]]:
        found = []
        for filter in self.FILTERS:
            rows = places.ranking(desk, filter).rows
            found.append({(r.place.id, part): r.risk.count(part) for r in rows for part in PARTS})
        return found

    def telling(self, counts: list[dict[tuple[str, str], Count]]) -> Iterator[tuple[int, int, tuple[str, str]]]:
        chance = Random(1000)
        for _ in range(1000):
            one, other = chance.sample(range(len(self.FILTERS)), 2)
            for key in counts[one].keys() | counts[other].keys():
                a, b = counts[one].get(key, NO_COUNT), counts[other].get(key, NO_COUNT)
                larger, smaller = max(a, b), min(a, b)
                least, most = max(larger.least - smaller.most, 0), larger.most - smaller.least
                if least >= 1 and most <= 4 and (smaller, larger) != (NO_COUNT, Count(1, 4)):
                    yield one, other, key
