"""The Missing together page without a browser: what is said of whom, and what is recorded."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from chm.casework import audit_log, episodes
from chm.casework.desk import Desk
from pages.parts.navigation import MISSING, NETWORK


@pytest.fixture
def meeting(visit: Any) -> Any:
    """Pat looks at the episodes of the meeting's young people."""
    here = visit("U-pat").to(MISSING)
    here.at.button(key="network-meeting-M-de5000000001").click().run()
    assert not here.at.exception
    return here


def test_what_stands_out_is_said_with_its_proof_and_no_more(meeting: Any) -> None:
    said = meeting.said
    assert "Kestrel Madeup, Shrike Pretend and Dunlin Fable are missing at the same times more than chance" in said
    assert "Missing at the same time is not proof of being together." in said
    assert re.search(r"Still missing: Shrike Pretend since \d+ \w{3} \d{4}", said)
    # The demo moves with the day: where one of its nights is that in which clocks change, it has an hour more or less.
    assert re.search(r"Kestrel Madeup and Shrike Pretend 7[789] h", said)
    assert "9,999 random shifts" in said


def test_a_shorter_window_holds_less_and_claims_nothing(meeting: Any) -> None:
    meeting.field("Window").set_value("6 weeks").run()
    assert "Too few episodes, or too short a window, to compare any two of them with chance." in meeting.said
    assert "more than chance explains." not in meeting.said.partition("Together, against chance")[0]


def test_reading_is_audited_for_each_child_once(meeting: Any, lead: Desk) -> None:
    def read() -> list[str]:
        return [e.record for e in audit_log.read(lead, most=100_000) if e.operation == "episodes.of"]

    before = read()
    assert len(before) == 8
    meeting.field("Window").set_value("All").run()
    assert read() == before


def test_somebody_is_back(meeting: Any, lead: Desk) -> None:
    shrike = next(k for k in episodes.of(lead, ("YP-0028",)) if k.episode.open)
    meeting.at.button(key=f"episode-{shrike.episode.id}").click().run()
    meeting.at.date_input(key=f"end-{shrike.episode.id}-day").set_value(date.today())
    meeting.field("Found at").set_value("**b** <i>")
    meeting.at.button(key=f"episode-{shrike.episode.id}").click()
    meeting.at.button(key=f"save-{shrike.episode.id}").click().run()
    assert not meeting.at.exception
    kept = next(k for k in episodes.of(lead, ("YP-0028",)) if k.episode.id == shrike.episode.id)
    assert (kept.episode.end, kept.episode.found_at, kept.version) == (date.today(), "**b** <i>", 2)
    assert "Still missing" not in meeting.said
    assert "found at **b** <i>" in meeting.said


def test_an_episode_is_added_or_says_what_is_wrong(meeting: Any, lead: Desk) -> None:
    meeting.press("Add an episode")
    meeting.button("Add an episode").click()
    meeting.at.button(key="save-new").click().run()
    assert meeting.errors == ["Name the young person and the day they went missing."]
    meeting.button("Add an episode").click().run()
    meeting.field("Young person").set_value("YP-0011")
    meeting.at.date_input(key="end-new-day").set_value(date.today() - timedelta(days=3))
    meeting.button("Add an episode").click()
    meeting.at.button(key="save-new").click().run()
    assert "back: before they went missing" in meeting.errors[0].lower()
    assert len(episodes.of(lead, ("YP-0011",))) == 2


def test_the_same_young_people_are_chosen_on_both_pages(meeting: Any) -> None:
    meeting.to(NETWORK)
    assert "What links these 8 young people" in meeting.said
