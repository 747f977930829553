"""Missing episodes on the Import page: seen first with every fault, then taken in whole."""

from __future__ import annotations

from typing import Any

import pytest

from chm.casework import episodes
from chm.casework.desk import Desk
from pages.parts.import_missing import TEMPLATE
from pages.parts.navigation import IMPORT


@pytest.fixture
def importing(visit: Any) -> Any:
    here = visit("U-chris").to(IMPORT)
    here.field("What to import").set_value("Missing episodes")
    here.at.run()
    assert not here.at.exception
    return here


def _upload(here: Any, content: str) -> Any:
    here.at.file_uploader[0].set_value(("rows.csv", content.encode(), "text/csv"))
    here.at.run()
    assert not here.at.exception
    return here


def test_the_template_is_seen_and_taken_in_once(importing: Any, lead: Desk) -> None:
    before = len(episodes.of(lead, ("YP-0001",)))
    _upload(importing, TEMPLATE)
    assert "Madeup Park" in importing.said
    importing.press("Import 1 episode")
    assert not importing.at.exception
    assert [s.value for s in importing.at.success] == ["Imported: 1 missing episode."]
    assert len(episodes.of(lead, ("YP-0001",))) == before + 1
    _upload(importing, TEMPLATE)
    assert "there is nothing to import" in importing.at.info[-1].value
    assert not [b for b in importing.at.button if b.label.startswith("Import")]


def test_faults_are_named_and_nothing_can_be_imported(importing: Any) -> None:
    _upload(importing, TEMPLATE + "YP-0001,yesterday,,,,,,,,,\nYP-0002,2026-05-16T21:30,2026-05-15T07:10,,,,,,,,\n")
    assert "start" in importing.said
    assert not [b for b in importing.at.button if b.label.startswith("Import")]
    _upload(importing, TEMPLATE.replace("YP-0001", "YP-9999"))
    assert "no young person with this id is known to you" in importing.said
