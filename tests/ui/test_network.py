"""The Network page at the chair's desk: choosing, what is in hand, what-if, evidence, adding, proposing; no browser."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import streamlit as st

from chm.casework import audit_log, connections, network, shared_actions
from chm.casework.connections import NewEvent, NewParticipant
from chm.casework.desk import Desk
from chm.casework.linked import Linked
from chm.connections import Confidence, Event, EventRole, Influence, Party, Person, Place, Source
from chm.linkage.ties import YOUNG_PERSON
from chm.linkage.view import LineKind
from chm.records import Role, User
from chm.settings import today
from pages.parts import network_add, network_chooser, opened_network
from pages.parts.navigation import GUIDANCE, HOME, NETWORK
from pages.parts.text import plain
from tests.ui.conftest import Visit, drawn

PANEL, PICTURE = "chm_pressable", "chm_network_view"
MEETING = ("YP-0001", "YP-0002", "YP-0004", "YP-0005", "YP-0008", "YP-0011", "YP-0028", "YP-0029")
ADD, WHERE = "Add a sighting or tie", "Where, with whom, in what (choose, or type something new)"
OTHERS = "Others linked to them, those you may not open without a name"
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) **b**"
KESTREL, WREN = "YP-0001", "YP-0003"
ME = Party(YOUNG_PERSON, KESTREL)


class Room:
    """The chair with the meeting's young people on the screen."""

    def __init__(self, here: Visit):
        self.here = here

    @property
    def opened(self) -> opened_network.OpenedNetwork:
        """What the page keeps."""
        found: opened_network.OpenedNetwork = self.here.at.session_state[opened_network.CHOSEN]
        return found

    @property
    def seen(self) -> Linked:
        """What the page last drew."""
        assert self.opened._seen
        return self.opened._seen

    def party(self, name: str) -> Party:
        """The entity called `name`."""
        (found,) = (p for p, e in self.seen.records.entities.items() if e.label == name)
        return found

    def say(self, said: Any) -> Room:
        """Press what says `said` in the panel."""
        self.here._trigger(PANEL, "pressed", said)
        assert not self.here.at.exception, self.here.at.exception
        return self

    def select(self, party: Party) -> Room:
        """Take `party` in hand."""
        return self.say(f"select:{party.kind}:{party.id}")

    def drawn_by(self, state: Mapping[str, Any]) -> Room:
        """What the picture itself tells, as the browser would."""
        states = self.here.at._tree.get_widget_states()
        widget = states.widgets.add()
        widget.id = self.here._component(PICTURE).id
        widget.json_value = json.dumps(state)
        self.here.at._run(states)
        assert not self.here.at.exception, self.here.at.exception
        return self

    @property
    def told(self) -> str:
        """The words of our own markup, without tags."""
        return self.here.said

    @property
    def picture(self) -> dict[str, Any]:
        """What the picture was given to draw."""
        return self.here.shown(PICTURE)

    @property
    def dialogs(self) -> list[Any]:
        """The dialogs on the screen."""
        return list(self.here.at.get("dialog"))

    @property
    def nodes(self) -> dict[str, str]:
        """Id to label of each node drawn."""
        return {n["id"]: n["label"] for n in self.picture["nodes"]}


@pytest.fixture
def room(visit: Any) -> Room:
    here = visit("U-pat").to(NETWORK)
    here.at.button(key="network-meeting-M-de5000000001").click().run()
    assert not here.at.exception, here.at.exception
    return Room(here)


def _reads(lead: Desk) -> list[str | None]:
    return [e.record for e in reversed(audit_log.read(lead)) if e.operation == "network.read"]


class TestChoosing:
    def test_a_chair_sees_the_meetings_and_nobody_else(self, visit: Any, lead: Desk) -> None:
        here = visit("U-pat").to(NETWORK)
        assert "<h1>What links young people</h1>" in here.everything
        assert "8 young people" in here.said and "Meeting on" in here.said
        assert {o.rpartition(", ")[2] for o in here.field("Or choose some").options} == set(MEETING)
        assert "Wren" not in here.everything
        assert _reads(lead) == []

    def test_nobody_chosen_is_asked_for(self, visit: Any) -> None:
        here = visit("U-jo").to(NETWORK)
        here.press("Show what links them")
        assert here.errors == ["Choose at least one young person first."]

    def test_of_very_many_the_first_are_offered_and_it_says_so(
        self, visit: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(network_chooser, "MOST_AT_ONCE", 3)
        here = visit("U-jo").to(NETWORK)
        assert "The first 3 of 14 you may open, by name" in here.said
        here.at.button(key="network-everybody").click().run()
        assert len(here.at.session_state[opened_network.CHOSEN].chosen) == 3

    def test_of_a_very_large_meeting_the_first_are_shown_and_it_says_so(
        self, visit: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(network_chooser, "MOST_AT_ONCE", 3)
        here = visit("U-pat").to(NETWORK)
        assert "the first 3 of 8" in here.said
        here.at.button(key="network-meeting-M-de5000000001").click().run()
        assert len(here.at.session_state[opened_network.CHOSEN].chosen) == 3

    def test_some_are_chosen(self, visit: Any, lead: Desk) -> None:
        here = visit("U-jo").to(NETWORK)
        here.field("Or choose some").set_value([KESTREL, WREN])
        here.press("Show what links them")
        assert "<h1>What links these 2 young people</h1>" in here.everything
        assert here.at.session_state[opened_network.CHOSEN].chosen == (KESTREL, WREN)
        assert _reads(lead)[:2] == [KESTREL, WREN]

    def test_who_is_not_open_is_not_shown(self, visit: Any) -> None:
        here = visit("U-pat").to(NETWORK)
        here.at.session_state[opened_network.CHOSEN] = opened_network.OpenedNetwork((KESTREL, WREN), "")
        here.at.run()
        assert here.errors == [
            "**These young people cannot be shown together**\n\n- No such record, or none that you may open"
        ]
        assert "Wren" not in here.everything
        assert opened_network.CHOSEN not in here.at.session_state

    def test_others_puts_it_away_and_somebody_else_starts_anew(self, room: Room) -> None:
        room.here.press("Others")
        assert "<h1>What links young people</h1>" in room.here.everything
        room.here.at.button(key="network-everybody").click().run()
        assert room.opened.chosen
        room.here.title("user", "U-jo")
        assert opened_network.CHOSEN not in room.here.at.session_state

    def test_a_worker_has_their_own_and_no_meeting(self, visit: Any) -> None:
        here = visit().to(NETWORK)
        assert "Everybody you may open 14 young people" in here.said
        assert not [b for b in here.at.button if str(b.key).startswith("network-meeting")]


class TestReading:
    def test_each_named_is_audited_once_and_looking_on_is_not(self, room: Room, lead: Desk) -> None:
        assert _reads(lead) == list(MEETING)
        room.select(room.party("Tinsel Arcade"))
        room.here.field("Window").set_value("30 days").run()
        room.say("panel:pairs")
        assert _reads(lead) == list(MEETING)
        room.here.to(GUIDANCE).to(NETWORK)
        assert _reads(lead) == [*MEETING, *MEETING]

    def test_the_meeting_on_the_screen(self, room: Room) -> None:
        assert "<h1>What links these 8 young people</h1>" in room.here.everything
        title = room.here.shown("chm_title")["markup"]
        assert "Complex strategy: Tinsel Arcade and Fernhollow Court · Meeting on" in title
        assert [n["id"] for n in room.picture["nodes"]][:8] == [f"young_person:{id}" for id in MEETING]
        state = room.seen.without(()).before
        assert f"All of them together {state.pairs} linked pairs 1 group of 8 0 with no harmful link" in room.told
        assert "In conflict: Heron Example and Shrike Pretend; Osprey Notreal and Twite Invented." in room.told

    def test_no_name_from_outside_the_meeting_reaches_the_browser(self, room: Room, lead: Desk) -> None:
        room.here.field(OTHERS).set_value(True).run()
        masked = [n for n in room.picture["nodes"] if n.get("masked")]
        assert masked
        assert {(n.get("score"), n.get("band"), n.get("judged")) for n in masked} == {(None, None, None)}
        assert all(n["label"].startswith("Another young person ") for n in masked)
        outside = [p for p in network.mine(lead) if p.id not in MEETING]
        assert len(outside) == 32
        whole = room.here.everything
        assert [p.id for p in outside if p.id in whole or p.name in whole] == []
        party = Party(*masked[0]["id"].split(":"))
        room.select(party)
        assert "outside your work: no name, no score" in room.told
        assert "Open record" not in room.told and "Propose" not in room.told
        assert "Not assessed yet" not in room.told
        room.say(f"record:{party.id}")
        assert "<h1>What links these 8 young people</h1>" in room.here.everything


class TestInHand:
    def test_a_place_says_who_rests_on_it_and_what_would_change(self, room: Room) -> None:
        arcade = room.party("Tinsel Arcade")
        room.select(arcade)
        assert room.picture["selected"] == f"place:{arcade.id}"
        change = room.seen.without({arcade})
        assert (change.before.pairs, change.after.pairs) == (22, 13)
        told = room.told
        assert "Tinsel Arcade Place 7 young people Confirmed" in told
        assert "Linked pairs 22 → then 13 -9" in told
        assert f"Largest group {change.before.largest_group} → then {change.after.largest_group}" in told
        assert f"No harmful link {change.before.unlinked} → then {change.after.unlinked}" in told
        names = {p.id: p.name for p in room.seen.people.values()}
        lost = "; ".join(f"{names[one]} and {names[other]}" for one, other in change.pairs_lost[:4])
        assert f"Would lose their last link: {lost} and 5 more pairs." in told

    def test_what_a_crowded_picture_leaves_out_is_taken_in_hand_from_the_table(self, room: Room) -> None:
        arcade = room.party("Tinsel Arcade")
        picture = room.seen.picture
        nodes = tuple(n for n in picture.nodes if n.party != arcade)
        room.seen.__dict__["picture"] = replace(picture, nodes=nodes, left_out=1)
        room.select(arcade)
        assert room.opened.selected == arcade
        assert "If this were disrupted" in room.told

    def test_shown_gone_and_put_back(self, room: Room) -> None:
        arcade, golf = room.party("Tinsel Arcade"), room.party("Grey Golf")
        room.select(arcade).say(f"switch:place:{arcade.id}")
        assert room.picture["removed"] == [f"place:{arcade.id}"]
        assert "Were Tinsel Arcade gone: before → after" in room.told and "Put it back" in room.told
        room.select(golf)
        both = room.seen.without({arcade, golf})
        assert "Were Tinsel Arcade and Grey Golf gone:" in room.told
        assert f"Linked pairs 22 → then {both.after.pairs} {both.after.pairs - 22}" in room.told
        room.say("back:")
        assert room.picture["removed"] == []
        room.say(f"switch:vehicle:{golf.id}").say(f"switch:vehicle:{golf.id}")
        assert room.picture["removed"] == []

    def test_the_best_one_and_three_together(self, room: Room) -> None:
        for k in (1, 3):
            room.say(f"k:{k}").say("together:")
            best = room.seen.together(k)
            assert len(best.entities) == k
            assert set(room.picture["removed"]) == {f"{p.kind}:{p.id}" for p in best.entities}
            assert f"Linked pairs 22 → then {22 - best.pairs_lost} -{best.pairs_lost}" in room.told
            room.say("back:")

    def test_the_best_two_together(self, room: Room) -> None:
        best = room.seen.together(2)
        room.say("together:")
        assert set(room.picture["removed"]) == {f"{p.kind}:{p.id}" for p in best.entities}
        assert len(room.seen.without(best.entities).pairs_lost) == best.pairs_lost == 10
        assert "Linked pairs 22 → then 12 -10" in room.told

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("Zed", "A child, or of unknown age: never an option to disrupt."),
            ("Grandmother's flat", "Where somebody lives: never an option to disrupt."),
            ("Northfield line", "A group is assessed and supported as one"),
            ("Osprey's sister", "Nothing harmful links a young person to it in this view."),
        ],
    )
    def test_what_is_never_to_disrupt(self, name: str, why: str, room: Room) -> None:
        party = room.party(name)
        room.select(party)
        assert why in room.told
        assert "Show it gone" not in room.told
        room.say(f"switch:{party.kind}:{party.id}")
        assert room.picture["removed"] == []

    def test_a_young_person_shows_score_levels_and_what_is_behind_them(self, room: Room) -> None:
        room.select(ME)
        latest = room.seen.people[KESTREL].latest
        assert latest
        told = room.told
        assert f"Combined {latest.score.combined.score}" in told and "Judged Significant" in told
        labels = room.seen.known.labels
        heads = ("Behind Places and spaces", "Behind Peers and relationships")
        for head, found in zip(heads, room.seen.behind(KESTREL), strict=True):
            behind = told.partition(head)[2].partition("Behind ")[0]
            assert found and all(labels[b.party].text in behind for b in found), head
        safe = {p for t in room.seen.network.protective for p in t.parties if ME in t.parties} - {ME}
        assert f"Keeps them safe: {', '.join(sorted(labels[p].text for p in safe))} " in told
        assert "Show it gone" not in told

    def test_its_record_opens(self, room: Room) -> None:
        room.select(ME).say(f"record:{KESTREL}")
        assert "<h1>Kestrel Madeup</h1>" in room.here.everything

    def test_a_group_opens_its_page(self, room: Room) -> None:
        line = room.party("Northfield line")
        room.select(line).say(f"setting:group:{line.id}")
        assert "<h1>Northfield line</h1>" in room.here.everything

    def test_choosing_in_the_picture_is_choosing(self, room: Room) -> None:
        arcade = room.party("Tinsel Arcade")
        room.drawn_by({"chosen": {"sequence": 1, "id": f"place:{arcade.id}"}})
        assert room.opened.selected == arcade
        assert "If this were disrupted" in room.told

    def test_what_was_dragged_stays_where_it_was_dropped(self, room: Room) -> None:
        room.drawn_by({"moved": {"sequence": 1, "at": {f"young_person:{KESTREL}": [0.25, 0.75]}}})
        room.select(room.party("Tinsel Arcade"))
        node = next(n for n in room.picture["nodes"] if n["id"] == f"young_person:{KESTREL}")
        assert (node["x"], node["y"]) == (0.25, 0.75)


class TestWhatTheBrowserSays:
    @pytest.mark.parametrize(
        "said",
        [
            None, 5, [], {"a": 1}, "", ":", "select", "select:place:PLA-nothing", "select:nothing:x",
            "select:place:<img>", "select:young_person:YP-0003", ["select"], "propose:x",
            "switch:young_person:YP-0001", "switch:place:PLA-nothing", "propose:99", "propose:-1", "propose:²",
            "propose:" + "9" * 5000, "propose:", "propose:0 ", "panel:nothing", "pair:", "pair:YP-0001+YP-0003",
            f"record:{WREN}", "record:", f"evidence:young_person:{WREN}", "evidence:", "setting:place:PLA-nothing",
            f"setting:young_person:{KESTREL}", "nothing:at all", "k:0", "k:99", "k:²", "k:" + "9" * 5000,
        ],
    )  # fmt: skip
    def test_what_is_not_in_the_picture_opens_nothing(self, said: Any, room: Room, lead: Desk) -> None:
        room.select(room.party("Grey Golf")).say(said)
        assert "<h1>What links these 8 young people</h1>" in room.here.everything
        assert (room.picture["removed"], room.opened.panel, room.here.errors) == ([], "shared", [])
        assert room.opened.together == 2
        assert room.dialogs == []
        assert "Wren" not in room.here.everything
        assert _reads(lead) == list(MEETING)

    @pytest.mark.parametrize(
        "at",
        [
            {}, None, 5, [1], {"place:PLA-x": [0.1, 0.2]}, {f"young_person:{KESTREL}": ["a", None]},
            {f"young_person:{KESTREL}": [1e400, 0]}, {f"young_person:{KESTREL}": {"x": 1}},
        ],
    )  # fmt: skip
    def test_where_nodes_are_dropped_may_be_anything(self, at: Any, room: Room) -> None:
        before = dict(room.opened.at)
        room.drawn_by({"moved": {"sequence": 1, "at": at}, "chosen": at})
        assert (room.opened.at, room.opened.selected) == (before, None)


class TestTables:
    def test_what_they_share_stands_most_effect_first(self, room: Room) -> None:
        rows = [(room.seen.known.labels[e].text, len(s.young_people)) for e, s in room.seen.shared.items()]
        told = room.told
        assert rows[0] == ("Tinsel Arcade", 7)
        places = [told.find(f"{name} ", told.find("Most effect first")) for name, _ in rows[:7]]
        assert places == sorted(places) and -1 not in places
        assert f"Show more, {len(rows)} in all" in told
        room.say("all:")
        assert all(name in room.told for name, _ in rows) and "Show fewer" in room.told

    def test_groups_pairs_and_who_keeps_them_safe(self, room: Room) -> None:
        room.say("panel:groups")
        assert "Group of 8" in room.told and "combined totals 35 to 91, median 58" in room.told
        room.say("panel:pairs")
        first = room.seen.pairs[0]
        one, other = (room.seen.people[id].name for id in first.pair)
        assert f"{one} and {other} share" in room.told
        assert f"{len(first.evidence)} records · strength {first.strength:.1f}" in room.told
        room.say("panel:safe")
        assert "keeps Kestrel Madeup safe" in room.told

    def test_the_masked_are_not_said_to_be_unassessed(self, room: Room) -> None:
        room.here.field(OTHERS).set_value(True).run()
        room.say("panel:groups")
        assert any(p.masked for p in room.seen.people.values())
        assert "not assessed yet" not in room.told

    def test_levels_stand_by_domain_highest_score_first(self, room: Room) -> None:
        head = room.told.partition("Level on each domain")[2]
        assert head.startswith(" Combined totals: 35 to 91, median 58; 3 Significant, 5 Moderate")
        scores = {p.name: p.latest.score.combined.score or 0 for p in room.seen.people.values() if p.latest}
        places = [head.find(name) for name in sorted(scores, key=lambda name: -scores[name])]
        assert len(scores) == 8 and places == sorted(places) and -1 not in places


class TestFilters:
    def test_window_and_how_sure(self, room: Room) -> None:
        whole = len(room.nodes)
        room.here.field("Window").set_value("30 days").run()
        month = len(room.nodes)
        assert 8 < month < whole
        room.here.field("How sure").set_value("Confirmed").run()
        assert 8 < len(room.nodes) < month
        assert [n["id"] for n in room.picture["nodes"][:8]] == [f"young_person:{id}" for id in MEETING]
        assert {line.confidence for line in room.seen.picture.lines} == {Confidence.CONFIRMED}

    def test_kinds_and_lines(self, room: Room) -> None:
        room.here.field("Kinds").set_value(["place"]).run()
        assert {id.partition(":")[0] for id in room.nodes} == {"young_person", "place"}
        room.here.field("Lines").set_value(["protective"]).run()
        assert {line.influence for line in room.seen.picture.lines} == {LineKind.PROTECTIVE}
        assert "Some lines hidden · some kinds hidden" in [c.value for c in room.here.at.caption]

    def test_as_it_was_on_a_day_and_what_is_new_since(self, room: Room) -> None:
        day = today() - timedelta(days=25)
        room.here.field("Mark what is new since").set_value(day).run()
        assert any(line.new for line in room.seen.picture.lines)
        room.here.field("As it was on").set_value(day).run()
        assert room.seen.ties
        told = f"As on {day.day} {day:%b %Y} · new since {day.day} {day:%b %Y} marked"
        assert told in [c.value for c in room.here.at.caption]
        assert all(t.start is not None and t.start <= day for t in room.seen.ties)
        room.here.field("Only what had been recorded by then").set_value(True).run()
        assert room.seen.look.known_by is not None
        assert not room.here.at.exception

    def test_what_is_out_of_view_leaves_the_hand(self, room: Room) -> None:
        arcade = room.party("Tinsel Arcade")
        room.select(arcade).say(f"switch:place:{arcade.id}")
        room.here.field("Kinds").set_value(["vehicle"]).run()
        assert not room.here.at.exception
        assert (room.opened.selected, room.opened.removed) == (None, ())


class TestAdding:
    def test_a_sighting_with_something_new_is_on_the_picture_at_once(self, room: Room) -> None:
        here = room.here
        here.press(ADD)
        here.field("Young people there").set_value([f"Kestrel Madeup, {KESTREL}"])
        here.field(WHERE).set_value([HOSTILE])
        here.press(ADD)
        here.field(plain(f"What is it: {HOSTILE}")).set_value("A place")
        here.field("Who says so").set_value("Police")
        here.field("What was said").set_value(HOSTILE)
        here.press(ADD, "Save")
        assert here.errors == [] and not here.at.exception
        assert [t.value for t in here.at.toast] == [plain(network_add.SHOWN)]
        assert HOSTILE in room.nodes.values()
        new = room.opened.selected
        assert new and room.seen.entity(new) == Place(id=new.id, name=HOSTILE)
        (record,) = room.seen.evidence(new)
        assert isinstance(record, Event)
        assert (record.kind, record.what, record.start) == ("sighting", HOSTILE, today())
        assert record.source == Source("Police", Confidence.UNVERIFIED)
        assert {p.party for p in record.participants} == {ME, new}
        markup = "".join(drawn(here.at))
        assert html.escape(HOSTILE) in markup and "<img src=x" not in markup

    def test_somebody_only_described_over_several_days(self, room: Room) -> None:
        here, last = room.here, today()
        first = last - timedelta(days=2)
        here.press(ADD)
        here.field("Young people there").set_value([f"Kestrel Madeup, {KESTREL}"])
        here.field(WHERE).set_value(["Tall, pretend moustache"])
        here.press(ADD)
        here.field("A description, not a name").set_value(True)
        here.field("Day").set_value(first)
        here.field("Until, if longer").set_value(last)
        here.field("Who says so").set_value("Police")
        here.field("Police grade, if given").set_value("B2")
        here.field("Tall, pretend moustache").set_value(EventRole.ALLEGED_SOURCE)
        here.press(ADD, "Save")
        assert here.errors == [] and not here.at.exception
        new = room.opened.selected
        assert new and room.seen.entity(new) == Person(id=new.id, description="Tall, pretend moustache")
        (record,) = room.seen.evidence(new)
        assert isinstance(record, Event)
        assert (record.start, record.end, record.source.grade) == (first, last, "B2")
        assert {p.party: p.role for p in record.participants}[new] == EventRole.ALLEGED_SOURCE
        # Nobody knows how old: a child, whatever is alleged.
        assert "never an option to disrupt" in room.told and "Show it gone" not in room.told

    def test_days_the_wrong_way_round_are_named(self, room: Room) -> None:
        here = room.here
        here.press(ADD)
        here.field("Young people there").set_value([f"Kestrel Madeup, {KESTREL}"])
        here.field("Until, if longer").set_value(today() - timedelta(days=2))
        here.field("Who says so").set_value("Police")
        here.press(ADD, "Save")
        assert here.errors == ["**Not saved yet**\n\n- End: the date lies before the start; give a later day"]

    def test_a_fault_is_said_and_nothing_is_stored(self, room: Room) -> None:
        before = len(room.seen.records.events)
        room.here.press(ADD)
        room.here.press(ADD, "Save")
        assert room.here.errors == [
            "**Not saved yet**\n\n- Participants: nobody and nothing is named; name at least one\n"
            "- Agency: empty; write something"
        ]
        room.here.to(HOME).to(NETWORK)
        assert len(room.seen.records.events) == before

    def test_a_tie_starts_as_its_kind_does_and_may_lie_outside_the_window(self, room: Room) -> None:
        here = room.here
        here.press(ADD)
        here.field("What to add").set_value("Standing tie")
        here.press(ADD)
        here.field("Who").set_value(f"Kestrel Madeup, {KESTREL}")
        here.field("Is tied as").set_value("trusted_adult")
        here.field("To (choose, or type something new)").set_value("Drew Pretend (person)")
        here.press(ADD)
        here.field("Who says so").set_value("Education")
        here.press(ADD, "Save")
        assert here.errors == [] and not here.at.exception
        # Nobody said since when, so a window of twelve months cannot hold it.
        assert [t.value for t in here.at.toast] == [plain(network_add.OUTSIDE)]
        drew = room.party("Drew Pretend")
        found = [r for r in room.seen.records.relationships if (r.one, r.other) == (ME, drew) and r.start is None]
        assert [(r.kind, r.influence, r.source) for r in found] == [
            ("trusted_adult", Influence.PROTECTIVE, Source("Education")),
        ]  # fmt: skip


class TestEvidence:
    def test_each_record_with_its_source_newest_first(self, room: Room) -> None:
        golf = room.party("Grey Golf")
        room.select(golf).say(f"evidence:vehicle:{golf.id}")
        found = room.seen.evidence(golf)
        assert f"Grey Golf {len(found)} records, newest first" in room.told
        places = [room.told.find(record.id) for record in found]
        assert len(found) > 1 and places == sorted(places) and -1 not in places
        assert len(room.dialogs) == 1

    def test_of_a_pair_all_that_links_them(self, room: Room) -> None:
        room.say("panel:pairs").say("pair:YP-0001+YP-0005")
        link = next(k for k in room.seen.pairs if k.pair == ("YP-0001", "YP-0005"))
        assert len(link.evidence) > 3
        assert f"Kestrel Madeup and Dunlin Fable {len(link.evidence)} records, newest first" in room.told
        assert all(id in room.told for id in link.evidence)

    def test_correcting_keeps_the_earlier_version_and_asks_why(self, room: Room, lead: Desk) -> None:
        golf = room.party("Grey Golf")
        opens = f"evidence:vehicle:{golf.id}"
        room.select(golf).say(opens)
        record = room.seen.evidence(golf)[0]
        key = f"{record.id}-{record.version}"
        at = room.here.at
        at.selectbox(key=f"sure-{key}").set_value(Confidence.UNVERIFIED)
        at.text_area(key=f"said-{key}").set_value(HOSTILE)
        at.button(key=f"go-{key}").click()
        room.say(opens)
        assert room.here.errors == ["**Nothing was changed**\n\n- Reason: empty; write something"]
        at.text_input(key=f"why-{key}").set_value("The driver was another")
        at.button(key=f"go-{key}").click()
        room.say(opens)
        assert [t.value for t in at.toast] == [plain("Corrected; the earlier version is kept.")]
        new = next(r for r in room.seen.evidence(golf) if r.id == record.id)
        assert isinstance(new, Event)
        assert (new.version, new.what, new.source.confidence) == (record.version + 1, HOSTILE, Confidence.UNVERIFIED)
        kept = connections.history(lead, record.id)
        assert [(k.record, k.why) for k in kept.earlier][:1] == [(record, "The driver was another")]

    def test_what_was_reported_in_error_leaves_the_picture(self, room: Room) -> None:
        corsa = room.party("Silver Corsa")
        opens = f"evidence:vehicle:{corsa.id}"
        room.select(corsa).say(opens)
        found = room.seen.evidence(corsa)
        assert found
        for record in found:
            key = f"{record.id}-{record.version}"
            room.say(opens)
            room.here.at.segmented_control(key=f"do-{key}").set_value("Reported in error")
            room.say(opens)
            room.here.at.text_input(key=f"why-{key}").set_value("Another car")
            room.here.at.button(key=f"go-{key}").click()
            room.say(opens)
            assert room.here.errors == []
        assert f"vehicle:{corsa.id}" not in room.nodes
        assert room.opened.selected is None


class TestProposing:
    def test_the_workers_of_those_it_concerns_are_asked_and_nobody_else(self, room: Room, lead: Desk) -> None:
        here, golf = room.here, room.party("Grey Golf")
        before = {p.action.id for p in shared_actions.waiting(_jo(lead))}
        room.select(golf).say("propose:0")
        concerned = {b.party.id for b in room.seen.resting_on(golf)}
        whom = here.field("Young people it concerns")
        assert set(whom.options) == {room.seen.people[id].name for id in concerned}
        assert set(whom.value) == concerned
        text = here.field("What will be done").value
        whom.set_value(["YP-0001", "YP-0005"])
        here.button("Propose").click()
        room.say("propose:0")
        assert here.errors == [] and not here.at.warning
        new = [p for p in shared_actions.waiting(_jo(lead)) if p.action.id not in before]
        assert {(p.action.text, p.action.target) for p in new} == {(text, f"vehicle:{golf.id}")}
        assert sorted(p.part.young_person for p in new) == ["YP-0001", "YP-0005"]

    def test_those_in_conflict_are_named_before_it_is_proposed(self, room: Room, lead: Desk) -> None:
        before = len(shared_actions.waiting(_jo(lead)))
        room.select(room.party("Tinsel Arcade")).say("propose:0")
        room.here.button("Propose").click()
        room.say("propose:0")
        (warning,) = (w.value for w in room.here.at.warning)
        assert "Osprey Notreal and Twite Invented" in warning
        assert len(shared_actions.waiting(_jo(lead))) == before

    def test_a_child_gets_support_and_no_disruption(self, room: Room) -> None:
        room.select(room.party("Zed"))
        assert "Recommended" in room.told
        assert "Disrupt ·" not in room.told


class TestExport:
    @pytest.mark.parametrize("form", ["graphml", "gexf", "csv", "json"])
    def test_what_is_looked_at_goes_out_as_a_file_and_is_audited(
        self, form: str, visit: Any, lead: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offered: list[tuple[bytes, str]] = []
        monkeypatch.setattr(st, "download_button", lambda label, data, name, **more: offered.append((data, name)))
        here = visit("U-chris").to(NETWORK)
        here.field("Or choose some").set_value(list(MEETING))
        here.press("Show what links them")
        room = Room(here)
        room.here.field("Window").set_value("30 days").run()
        room.here.press("Export")
        room.here.field("Form").set_value(form)
        room.here.press("Export", "Make the file")
        assert room.here.errors == [] and not room.here.at.exception
        ((data, name),) = offered
        assert name == f"network-{today().isoformat()}.{form}"
        text = data.decode("utf-8-sig")
        assert "Kestrel Madeup" in text or KESTREL in text
        assert "Wren" not in text and WREN not in text
        assert ("Silver Corsa" in text) == ("Silver Corsa" in room.nodes.values()) is False
        made = [(e.record, e.why) for e in audit_log.read(lead) if e.operation == "network_export.export"]
        assert {record for record, _ in made} >= set(MEETING) | set(re.findall(r"YP-\d{4}", text))
        assert {why for _, why in made} == {form}

    def test_a_chair_takes_no_network_away(self, room: Room) -> None:
        assert "Export" not in [b.label for b in room.here.at.button]


class TestDuplicates:
    def test_what_was_added_since_is_among_them(self, room: Room, lead: Desk) -> None:
        room.here.press("Duplicates")
        assert "Pretend Depot" not in room.told
        for name in ("Pretend Depot", "Pretend Depott"):
            depot = NewParticipant(Place(id="", name=name))
            connections.record_event(lead, NewEvent("sighting", (NewParticipant(ME), depot), Source("Police")))
        room.here.press("Duplicates")
        assert "Pretend Depot" in room.told and "Pretend Depott" in room.told

    def test_two_merged_are_one_on_the_picture(self, room: Room) -> None:
        one, other = room.party("Tinsel Arcade"), room.party("Tinsell Arcade")
        here = room.here
        here.press("Duplicates")
        keys = [str(b.key) for b in here.at.button if str(b.key).startswith("duplicate-merge-")]
        (key,) = (key for key in keys if one.id in key and other.id in key)
        here.at.button(key=key).click()
        here.press("Duplicates")
        assert not here.at.exception
        here.to(GUIDANCE).to(NETWORK)
        labels = list(room.nodes.values())
        assert [name for name in labels if name.startswith("Tinsel")] == ["Tinsel Arcade"]


def _jo(lead: Desk) -> Desk:
    jo = User("U-jo", "Jo Placeholder", "Children's Social Care", frozenset({Role.PRACTITIONER}))
    return Desk(lead.engine, jo)
