"""The Network page without a browser: whom it opens, what the card says, and what the browser may not talk it into."""

from __future__ import annotations

from typing import Any

import pytest

from chm.casework import audit_log
from chm.casework.desk import Desk
from pages.parts import opened_network
from pages.parts.navigation import NETWORK

PANEL, KEY = "chm_pressable", "network-panel"


@pytest.fixture
def meeting(visit: Any) -> Any:
    """Pat has opened the network of the meeting."""
    here = visit("U-pat").to(NETWORK)
    here.at.button(key="network-meeting-M-northfield").click().run()
    assert not here.at.exception
    return here


def _opened(here: Any) -> opened_network.OpenedNetwork:
    return here.at.session_state[opened_network.CHOSEN]


def _press(here: Any, said: Any) -> Any:
    return here._trigger(PANEL, "pressed", said)


def test_each_is_offered_only_whom_they_may_open(visit: Any) -> None:
    chair, worker = visit("U-pat").to(NETWORK), visit("U-jo").to(NETWORK)
    assert "8 young people" in chair.said
    assert "Wren" not in chair.everything
    assert "14 young people" in worker.said
    assert not [b for b in worker.at.button if str(b.key).startswith("network-meeting")]


def test_opening_is_audited_for_each_child_and_a_rerun_is_not(meeting: Any, lead: Desk) -> None:
    def read() -> list[str]:
        return [
            e.record for e in audit_log.read(lead, most=100000) if e.operation == "network.read" and e.user == "U-pat"
        ]

    before = read()
    assert len(before) == 8
    _press(meeting, "panel:groups")
    assert read() == before


def test_what_is_in_hand_is_said_with_its_numbers(meeting: Any) -> None:
    assert "All of them together" in meeting.said
    place = next(p for p in _opened(meeting)._seen.shared if p.kind == "place")
    _press(meeting, f"select:{place.kind}:{place.id}")
    assert _opened(meeting).selected == place
    assert "If this were disrupted" in meeting.said
    assert "Ask first" in meeting.said
    _press(meeting, f"switch:{place.kind}:{place.id}")
    assert _opened(meeting).removed == (place,)
    _press(meeting, "back:")
    assert _opened(meeting).removed == ()
    _press(meeting, "select:")
    assert _opened(meeting).selected is None


@pytest.mark.parametrize(
    "said",
    [
        "switch:young_person:YP-0001",
        "switch:person:PER-nobody",
        "select:place:<img>",
        "select:young_person:YP-0003",
        "panel:everything",
        "pair:YP-0001+YP-0003",
        "record:YP-0003",
        "setting:place:PLA-nowhere",
        "propose:99",
        "propose:x",
        "evidence:",
        "",
        5,
        None,
        ["select"],
    ],
)
def test_what_the_browser_makes_up_changes_nothing(said: Any, meeting: Any) -> None:
    before = (_opened(meeting).selected, _opened(meeting).removed, _opened(meeting).panel)
    _press(meeting, said)
    assert not meeting.at.exception
    assert (_opened(meeting).selected, _opened(meeting).removed, _opened(meeting).panel) == before
    assert meeting.at.session_state.to_dict().get("young_person") is None


def test_a_child_is_never_an_option(meeting: Any) -> None:
    seen = _opened(meeting)._seen
    child = next(p for p in seen.never if p.kind == "person" and p in seen.known.labels and p not in seen.known.adults)
    _press(meeting, f"select:{child.kind}:{child.id}")
    assert "never an option to disrupt" in meeting.said
    _press(meeting, f"switch:{child.kind}:{child.id}")
    assert _opened(meeting).removed == ()


def test_others_puts_it_away_and_somebody_else_starts_anew(meeting: Any) -> None:
    meeting.button("Others").click().run()
    assert "<h1>What links young people</h1>" in meeting.everything or "What links young people" in meeting.said
    meeting.at.button(key="network-everybody").click().run()
    meeting.title("user", "U-jo")
    assert opened_network.CHOSEN not in meeting.at.session_state
