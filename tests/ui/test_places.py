"""The Places page without a browser: what an analyst may see, what the browser may not talk it into, what is kept."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from chm.casework import connections, people, place_actions, place_records, places, users
from chm.casework.desk import Desk
from pages.parts import place_workbench
from pages.parts.navigation import PLACES

ANALYST, LEAD = "U-kit", "U-chris"


@pytest.fixture
def analyst(visit: Any) -> Any:
    return visit(ANALYST).to(PLACES)


def _press(here: Any, said: Any) -> Any:
    """Press in the panel, which is drawn after the three cards above it."""
    panel = [c for c in here.at.get("bidi_component") if c.proto.component_name.endswith("chm_pressable")][-1]
    states = here.at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{panel.proto.id}__events"
    widget.json_trigger_value = json.dumps([{"event": "pressed", "value": said}])
    here.at._run(states)
    return here


def _chosen(here: Any) -> str | None:
    return here.at.session_state.to_dict().get(place_workbench.CHOSEN)


def test_an_analyst_sees_places_and_no_child(analyst: Any, lead: Desk) -> None:
    assert not analyst.at.exception
    assert "Tinsel Arcade" in analyst.said
    assert "fewer than 5" in analyst.said
    names = [row.young_person.name for row in people.mine(lead)]
    assert len(names) == 40
    assert [n for n in [*names, "YP-0"] if n in analyst.everything] == []
    assert not re.search(r"\b[1-4] young (person|people)\b", analyst.said)


def test_homes_and_dwellings_are_not_given_to_an_analyst(analyst: Any, lead: Desk) -> None:
    homes = [r.place for r in places.ranking(lead).rows if r.place.exposure.value in ("home", "dwelling")]
    assert len(homes) >= 2
    assert [p.name for p in homes if p.name in analyst.everything] == []
    assert "A dwelling in CR4 3" in analyst.said


def test_the_lead_sees_exact_counts_of_the_same_ranking(visit: Any, analyst: Any) -> None:
    lead = visit(LEAD).to(PLACES)
    assert "fewer than 5" not in lead.said
    ranks = re.compile(r"(\d) (Tinsel Arcade|Number 7 bus, stop F) (Significant|Moderate)")
    assert ranks.findall(lead.said)[:2] == ranks.findall(analyst.said)[:2]


@pytest.mark.parametrize("said", ["select:PLA-nowhere", "take:nothing", "done:PAC-0", "edit", "", 4, None])
def test_what_the_browser_makes_up_changes_nothing(said: Any, analyst: Any, lead: Desk) -> None:
    before = place_actions.every(lead)
    _press(analyst, said)
    assert not analyst.at.exception
    assert place_actions.every(lead) == before


def test_a_child_s_home_is_not_opened_by_its_id(analyst: Any, lead: Desk) -> None:
    home = connections.find_entities(lead, "Harrier's home", "place")[0].id
    _press(analyst, f"select:{home}")
    assert home not in analyst.everything


def test_an_action_is_taken_up_and_closed(analyst: Any, lead: Desk) -> None:
    place = _first(analyst)
    desk = Desk(lead.engine, next(u for u in _users(lead) if u.id == ANALYST))
    advice = place_actions.recommended(desk, place)[0]
    _press(analyst, f"take:{advice.id}")
    assert analyst.field("What will be done").value == advice.text
    assert analyst.field("Due").value == date.today() + timedelta(days=14)
    new = place_actions.NewPlaceAction(
        place=place, pillar=advice.pillar, text=advice.text, owner_agency=advice.lead, due=date.today(), step=advice.id
    )
    place_actions.record(desk, new)
    analyst.at.run()
    kept = next(a for a in place_actions.of_place(desk, place) if a.step == advice.id)
    _press(analyst, f"done:{kept.id}")
    assert analyst.field("What came of it").value == ""


def test_words_of_young_people_are_shown_without_who_said_them(visit: Any, lead: Desk) -> None:
    here = visit(LEAD).to(PLACES)
    new = place_records.NewPlaceWords(place=_first(here), safe=False, text="The back stairs", said_on=date.today())
    place_records.record_words(lead, new)
    here.at.run()
    assert "Unsafe, young people say: The back stairs" in here.said


def test_a_practitioner_is_offered_what_they_may_do_there(visit: Any, lead: Desk) -> None:
    here = visit("U-jo").to(PLACES)
    jo = Desk(lead.engine, next(u for u in _users(lead) if u.id == "U-jo"))
    ranked = [row.place.id for row in places.ranking(jo).rows]
    for theirs in (True, False):
        id = next(id for id in ranked if places.is_theirs(jo, id) == theirs)
        _press(here, f"select:{id}")
        assert _chosen(here) == id
        offered = set(re.findall(r'data-say=\\*"(own|words|assess|briefing|edit):', here.everything))
        assert offered == ({"own", "words"} if theirs else set())
    assert "Export" not in [b.label for b in here.at.button]


def _first(here: Any) -> str:
    said = here.everything
    return str(re.search(r"select:(PLA-[0-9a-f]+)", said)[1])  # type: ignore[index]


def _users(lead: Desk) -> Any:

    return users.all_users(lead.engine)
