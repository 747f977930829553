"""Files about places that leave with somebody."""

from __future__ import annotations

import io
import json

import docx
import pytest

from chm.casework import place_actions, place_exports, place_records
from chm.casework.place_records import NewPlaceWords
from chm.errors import NotFound, NotPermitted

from .conftest import TODAY, Office
from .test_desk import log
from .test_place_actions import NEW


def test_a_briefing_hides_counts_whoever_asks(town: Office) -> None:
    place_records.record_words(town["jo"], NewPlaceWords(place="PLA-a1", safe=False, text="Stairs", said_on=TODAY))
    shared = NewPlaceWords(place="PLA-a1", safe=True, text="The guard", said_on=TODAY, for_partners=True)
    place_records.record_words(town["jo"], shared)
    place_actions.record(town["analyst"], NEW)
    found = place_exports.location_briefing(town["lead"], "PLA-a1")
    assert found == place_exports.location_briefing(town["analyst"], "PLA-a1")
    assert dict(found.facts)["Young people linked"] == "5 to 9"
    assert (found.rank, found.of) == (1, 4)
    assert (found.safe, found.unsafe) == (("The guard",), ())
    assert [line.text for line in found.actions] == ["Light the rear exit"]
    assert found.peaks == "Monday after school"


def test_files_are_named_by_the_day_and_audited_by_id(town: Office) -> None:
    word = place_exports.location_file(town["analyst"], "PLA-a1", "docx")
    assert word.name == "location-briefing-2026-11-23.docx"
    assert docx.Document(io.BytesIO(word.data)).paragraphs[0].text == "Placeholder Arcade"
    assert log(town.engine)[-1] == ("u-analyst", "place_exports.location_file", "", "PLA-a1")
    made = place_exports.location_file(town["analyst"], "PLA-a1", "pdf")
    assert (made.name, made.data[:5]) == ("location-briefing-2026-11-23.pdf", b"%PDF-")


@pytest.mark.parametrize("who", ["analyst", "lead"])
def test_a_home_has_no_briefing(town: Office, who: str) -> None:
    with pytest.raises(NotFound):
        place_exports.location_briefing(town[who], "PLA-b1")


def test_the_ranking_leaves_with_counts_hidden_and_without_homes(town: Office) -> None:
    made = place_exports.ranking_file(town["lead"], "geojson")
    features = json.loads(made.data)["features"]
    assert (made.name, [f["properties"]["place"] for f in features]) == (
        "places-2026-11-23.geojson",
        ["Placeholder Arcade", "Madeup lobby", "A dwelling in CR4 3", "A place in SW19 2", "Lantern Club"],
    )
    assert features[0]["properties"]["young_people"] == "5 to 9"
    assert [f["geometry"] is None for f in features] == [False, True, True, False, False]
    assert made.data == place_exports.ranking_file(town["analyst"], "geojson").data
    assert log(town.engine)[-1] == ("u-analyst", "place_exports.ranking_file", "", "geojson")


@pytest.mark.parametrize("who", ["jo", "chair", "partner", "auditor", "admin"])
def test_nobody_else_takes_places_away(town: Office, who: str) -> None:
    with pytest.raises(NotPermitted):
        place_exports.ranking_file(town[who], "csv")
    with pytest.raises(NotPermitted):
        place_exports.location_file(town[who], "PLA-a1", "pdf")
