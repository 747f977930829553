"""Places added and edited, assessed, and what young people say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chm.casework import connections, place_records, places, setting_assessments
from chm.casework.place_records import NewPlaceAssessment, NewPlaceWords, PlaceEdit, ShownAssessment, ShownWords
from chm.casework.setting_assessments import NewSettingAssessment
from chm.connections import PlaceKind
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.records import Reply

from .conftest import TODAY, Office
from .test_desk import log

SAID = NewPlaceWords(place="PLA-a1", safe=False, text=" The back stairs ", said_on=TODAY)
ASSESSED = NewPlaceAssessment(
    place="PLA-a1",
    level="significant",
    summary="A back room",
    assessed_on=TODAY,
    answers={"lighting": Reply("badly", "Since May"), "guardians": Reply(note="The guard")},
)


class TestEdit:
    def test_a_place_is_added_and_put_on_the_map(self, town: Office) -> None:
        new = PlaceEdit(
            name=" Example Green ", kind=PlaceKind.PHYSICAL, postcode="CR4 1ZZ", latitude=51.4, longitude=-0.2
        )
        id = place_records.add(town["analyst"], new)
        place = places.open(town["analyst"], id).place
        assert (place.name, place.postcode, place.latitude, place.sector) == (
            "Example Green", "CR4 1ZZ", 51.4, "CR4 1",
        )  # fmt: skip
        assert log(town.engine)[-2] == ("u-analyst", "place_records.add", "", id)

    def test_a_postcode_gives_the_point(self, town: Office) -> None:
        id = place_records.add(town["analyst"], PlaceEdit(name="Example Hall", postcode="sm45dx"))
        place = places.open(town["analyst"], id).place
        assert (place.postcode, place.latitude, place.longitude) == ("SM4 5DX", 51.401282, -0.196296)

    def test_a_postcode_that_is_not_there_and_a_swapped_point(self, town: Office) -> None:
        with pytest.raises(Faults) as said:
            place_records.add(town["analyst"], PlaceEdit(name="A", postcode="SM4 5ZZ"))
        (fault,) = said.value.faults
        assert fault.startswith("postcode: this postcode is not in the directory")
        assert "SM4 5ZZ" not in fault
        with pytest.raises(Faults) as said:
            place_records.add(town["analyst"], PlaceEdit(name="A", latitude=-0.2, longitude=51.4))
        assert said.value.faults == [
            "latitude and longitude: they look swapped; latitude is the larger one here",
        ]

    def test_what_stood_before_is_kept(self, town: Office) -> None:
        edited = PlaceEdit(id="PLA-a1", name="Renamed Arcade", latitude=51.5, longitude=-0.1, version=1)
        place_records.edit(town["analyst"], edited, "It was renamed")
        assert places.open(town["analyst"], "PLA-a1").place.name == "Renamed Arcade"
        (earlier,) = connections.history(town["lead"], "PLA-a1").earlier
        assert (getattr(earlier.record, "name", ""), earlier.why, earlier.by) == (
            "Placeholder Arcade", "It was renamed", "Ana Invented",
        )  # fmt: skip
        with pytest.raises(Conflict):
            place_records.edit(town["analyst"], edited)

    def test_a_name_that_was_not_shown_is_not_written_over(self, town: Office) -> None:
        seen = places.open(town["analyst"], "PLA-c1").place
        assert seen.name == "A place in SW19 2"
        place_records.edit(town["analyst"], PlaceEdit(id=seen.id, name=seen.name, postcode="SW19 3", version=1))
        assert places.open(town["lead"], "PLA-c1").place.name == "Zoë Heron's corner"

    def test_faults_are_named_at_once(self, town: Office) -> None:
        with pytest.raises(Faults) as said:
            place_records.add(town["analyst"], PlaceEdit(name="", kind=PlaceKind.HOME, latitude=200.0))
        assert said.value.faults == [
            "kind of place: a home or placement is recorded with the young person who lives there",
            "name: empty; write something",
        ]
        with pytest.raises(Faults) as said:
            place_records.add(town["analyst"], PlaceEdit(name="A", latitude=200.0))
        assert said.value.faults == [
            "latitude and longitude: one of them is missing; give both or neither",
            "latitude: must be -90 to 90 degrees",
        ]

    @pytest.mark.parametrize("id", ["PLA-b1", "PLA-f1", "PLA-none"])
    def test_homes_and_dwellings_are_not_the_analysts_to_edit(self, town: Office, id: str) -> None:
        with pytest.raises(NotFound):
            place_records.edit(town["analyst"], PlaceEdit(id=id, name="Now public"))

    def test_a_practitioner_does_not_edit_here(self, town: Office) -> None:
        with pytest.raises(NotPermitted):
            place_records.add(town["jo"], PlaceEdit(name="A"))


class TestAssess:
    def test_a_place_is_assessed_with_no_young_person_named(self, town: Office) -> None:
        made = place_records.assess(town["analyst"], ASSESSED)
        assert (made.kind, made.subject, made.young_people) == ("place", "PLA-a1", ())
        assert place_records.assessments(town["chair"], "PLA-a1") == [
            ShownAssessment(
                made.id, "significant", TODAY, "Ana Invented", "A back room", dict(made.answers), noted=True
            )
        ]
        assert list(made.answers) == ["guardians", "lighting"]
        assert places.ranking(town["jo"]).rows[0].level == "significant"

    def test_the_newest_comes_first_and_gives_the_level(self, town: Office) -> None:
        place_records.assess(town["analyst"], ASSESSED)
        older = replace(ASSESSED, level="emerging", assessed_on=TODAY - timedelta(days=9))
        place_records.assess(town["analyst"], older)
        found = place_records.assessments(town["analyst"], "PLA-a1")
        assert [a.level for a in found] == ["significant", "emerging"]
        assert places.ranking(town["analyst"]).rows[0].level == "significant"

    def test_reasons_and_notes_written_with_young_people_in_view_are_not_given_to_analysts(
        self,
        town: Office,
    ) -> None:
        setting_assessments.record(
            town["jo"],
            NewSettingAssessment(
                subject="PLA-a1", level="moderate", summary="Zoë is met here", assessed_on=TODAY,
                young_people=("YP-0001",),
                answers={"rivalry": Reply("yes", "Zoë saw"), "owner": Reply(note="Zoë's aunt")},
            ),
        )  # fmt: skip
        (found,) = place_records.assessments(town["analyst"], "PLA-a1")
        assert (found.level, found.summary, found.answers, found.noted) == (
            "moderate", "", {"rivalry": Reply("yes")}, False,
        )  # fmt: skip
        (full,) = place_records.assessments(town["lead"], "PLA-a1")
        assert (full.summary, full.answers["rivalry"].note) == ("Zoë is met here", "Zoë saw")

    def test_faults_are_named_at_once(self, town: Office) -> None:
        bad = replace(
            ASSESSED, level="", summary="", assessed_on=TODAY + timedelta(days=1), answers={"lighting": Reply("pink")}
        )
        with pytest.raises(Faults) as said:
            place_records.assess(town["analyst"], bad)
        assert said.value.faults == [
            "assessed on: the date lies in the future; give a day up to today",
            "level: not chosen; choose one",
            "question 18: must be one of the form's answers; choose one",
            "reason: empty; write something",
        ]

    def test_a_home_is_not_open(self, town: Office) -> None:
        with pytest.raises(NotFound):
            place_records.assess(town["analyst"], replace(ASSESSED, place="PLA-b1"))


class TestWords:
    def test_words_are_kept_without_who_said_them(self, town: Office) -> None:
        made = place_records.record_words(town["jo"], SAID)
        assert made == ShownWords(made.id, False, "The back stairs", date(2026, 11, 1), False)
        assert place_records.words(town["jo"], "PLA-a1") == [made]
        assert log(town.engine)[-2] == ("u-jo", "place_records.record_words", "", made.id)

    def test_those_who_see_no_names_read_what_was_written_for_partners(self, town: Office) -> None:
        place_records.record_words(town["jo"], SAID)
        shared = place_records.record_words(town["jo"], replace(SAID, safe=True, text="The guard", for_partners=True))
        assert place_records.words(town["analyst"], "PLA-a1") == [shared]
        assert place_records.words(town["sam"], "PLA-a1") == [shared]
        assert len(place_records.words(town["lead"], "PLA-a1")) == 2

    def test_words_that_name_a_young_person_are_refused(self, town: Office) -> None:
        with pytest.raises(Faults) as said:
            place_records.record_words(
                town["jo"], replace(SAID, text="Zoë is afraid", said_on=TODAY + timedelta(days=1))
            )
        assert said.value.faults == [
            "said on: the date lies in the future; give a day up to today",
            "words: names a young person; write it so that nobody can tell who said it",
        ]

    def test_words_are_taken_back(self, town: Office) -> None:
        made = place_records.record_words(town["jo"], SAID)
        place_records.withdraw_words(town["jo"], made.id)
        assert place_records.words(town["lead"], "PLA-a1") == []
        with pytest.raises(NotFound):
            place_records.withdraw_words(town["jo"], made.id)

    def test_only_of_places_of_ones_own_young_people(self, town: Office) -> None:
        with pytest.raises(NotFound):
            place_records.record_words(town["sam"], SAID)
        made = place_records.record_words(town["jo"], SAID)
        with pytest.raises(NotFound):
            place_records.withdraw_words(town["sam"], made.id)
        with pytest.raises(NotPermitted):
            place_records.record_words(town["analyst"], SAID)

    def test_something_that_is_no_place(self, town: Office) -> None:
        with pytest.raises(NotFound):
            place_records.record_words(town["lead"], replace(SAID, place="PER-d1"))
