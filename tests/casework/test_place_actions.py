"""What to do about a place, and the actions kept on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chm.assessments import Answers, Draft
from chm.casework import assessments, place_actions, place_exports, place_records, places
from chm.casework.place_actions import NewPlaceAction
from chm.casework.place_records import NewPlaceWords
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.places.records import PlaceAction
from chm.records import ActionStatus

from .conftest import NOW, TODAY, Office
from .test_assessments import JUDGED, saying
from .test_desk import log

DUE = TODAY + timedelta(days=20)
NEW = NewPlaceAction(
    place="PLA-a1",
    pillar="prevent",
    text=" Light the rear exit ",
    owner_agency="Community Safety",
    owner_person="Ana Invented",
    due=DUE,
    step="places.step.identify.03",
    why="Dark",
)


class TestRecommended:
    def test_nothing_is_called_for_by_levels_nobody_has_but_what_is_still_to_ask(self, town: Office) -> None:
        found = place_actions.recommended(town["analyst"], "PLA-a1")
        assert {a.id for a in found} >= {"places.step.identify.03", "places.step.protect.02", "places.step.disrupt.03"}
        assert {a.sure for a in found} == {False}
        assert found[0].ask == ("Some are not assessed on what this answers: ask.",)

    def test_each_has_its_pillar_lead_why_and_source(
        self,
        town: Office,
        draft: Draft,
        whole: Answers,
    ) -> None:
        levels = {**whole.levels, "places": "moderate", "substance": "moderate"}
        said = saying(draft, whole.model_copy(update={"levels": levels}))
        assessments.record(town["jo"], "YP-0001", said, JUDGED)
        found = {a.id: a for a in place_actions.recommended(town["analyst"], "PLA-a1")}
        design = found["places.step.identify.03"]
        assert (design.pillar, design.lead, design.sure, design.ask) == ("identify", "Community Safety", True, ())
        assert design.text == "Refer for a Design out Crime assessment through Safer Merton"
        assert design.why == (
            "5 to 9 young people are linked to it; levels on Places and spaces call for it; last reported November 2026"
        )
        assert design.source == "Guidance p. 22, line 914"
        licence = found["place.licence_visit"]
        assert (licence.sure, licence.source) == (
            False, "Outside the guidance: Licensing Act 2003, section 4 (protection of children from harm)",
        )  # fmt: skip
        assert {a.pillar for a in found.values()} == {"identify", "protect", "disrupt", "support", "prevent"}
        wanted = {
            "places.step.protect.02", "places.step.disrupt.01", "places.step.disrupt.03", "places.step.support.02",
            "places.step.prevent.01",
        }  # fmt: skip
        assert wanted <= found.keys()
        assert "place.tenant" not in found

    def test_a_dwelling_has_the_steps_for_one_and_its_tenant_first(self, town: Office) -> None:
        found = {a.id for a in place_actions.recommended(town["analyst"], "PLA-f1")}
        assert "place.tenant" in found
        assert not found & {"places.step.identify.03", "places.step.prevent.01", "place.licence_visit"}

    def test_a_safe_place_is_kept_safe(self, town: Office) -> None:
        (found,) = place_actions.recommended(town["analyst"], "PLA-e1")
        assert (found.id, found.why) == ("place.safe", "Keeps fewer than 5 young people safe")

    def test_no_number_of_young_people_is_told_but_as_it_is_shown(self, town: Office) -> None:
        for row in places.ranking(town["analyst"]).rows:
            for action in place_actions.recommended(town["analyst"], row.place.id):
                told = " ".join((action.why, *action.ask))
                assert not re.search(r"\d+ of \d+", told)
                assert set(re.findall(r"(\S+ to \d+|fewer than \d|\d+) young", told.lower())) <= {
                    row.risk.count("young_people").text
                }

    def test_a_home_is_not_open(self, town: Office) -> None:
        with pytest.raises(NotFound):
            place_actions.recommended(town["analyst"], "PLA-b1")


class TestActions:
    def test_an_action_is_kept_on_its_place(self, town: Office) -> None:
        kept = place_actions.record(town["analyst"], NEW)
        assert kept == PlaceAction(
            id=kept.id,
            place="PLA-a1",
            pillar="prevent",
            text="Light the rear exit",
            owner_agency="Community Safety",
            owner_person="Ana Invented",
            due=DUE,
            status=ActionStatus.OPEN,
            step="places.step.identify.03",
            why="Dark",
            recorded_by="u-analyst",
            recorded_at=NOW,
        )
        assert place_actions.of_place(town["chair"], "PLA-a1") == [kept]
        assert places.ranking(town["jo"]).rows[0].actions == 1
        assert log(town.engine)[-1] == ("u-analyst", "place_actions.record", "", kept.id)

    def test_started_completed_with_a_result(self, town: Office) -> None:
        kept = place_actions.record(town["analyst"], NEW)
        begun = place_actions.start(town["analyst"], kept)
        assert (begun.status, begun.version, begun.live) == (ActionStatus.UNDER_WAY, 2, True)
        done = place_actions.complete(town["analyst"], begun, " Two lamps ")
        assert (done.status, done.result, done.closed_on, done.live) == (ActionStatus.DONE, "Two lamps", TODAY, False)
        assert places.ranking(town["jo"]).rows[0].actions == 0
        with pytest.raises(Conflict) as said:
            place_actions.drop(town["analyst"], done, "Too late")
        assert str(said.value).startswith("It is done or dropped already")

    def test_dropped_with_a_reason(self, town: Office) -> None:
        kept = place_actions.record(town["lead"], NEW)
        dropped = place_actions.drop(town["analyst"], kept, "Moved away")
        assert (dropped.status, dropped.result, dropped.closed_on) == (ActionStatus.DROPPED, "Moved away", TODAY)

    def test_closing_says_how(self, town: Office) -> None:
        kept = place_actions.record(town["analyst"], NEW)
        with pytest.raises(Faults) as said:
            place_actions.complete(town["analyst"], kept, " ")
        assert said.value.faults == ["result: empty; write something"]
        with pytest.raises(Faults) as said:
            place_actions.drop(town["analyst"], kept, "")
        assert said.value.faults == ["reason: empty; write something"]

    def test_a_stale_edit_is_a_conflict(self, town: Office) -> None:
        kept = place_actions.record(town["analyst"], NEW)
        place_actions.start(town["lead"], kept)
        with pytest.raises(Conflict):
            place_actions.complete(town["analyst"], kept, "Lamps")
        with pytest.raises(NotFound):
            place_actions.complete(town["analyst"], replace(kept, id="PAC-none"), "Lamps")

    def test_all_faults_at_once(self, town: Office) -> None:
        bad = replace(NEW, pillar="wait", text="", owner_agency=" ", due=date(2026, 1, 1))
        with pytest.raises(Faults) as said:
            place_actions.record(town["analyst"], bad)
        assert said.value.faults == [
            "pillar: must be one of identify, prevent, support, protect, disrupt",
            "due: the date lies in the past; give a later day",
            "action: empty; write something",
            "owner's agency: empty; write something",
        ]
        with pytest.raises(Faults) as said:
            place_actions.record(town["analyst"], replace(NEW, due=None))
        assert said.value.faults == ["due: missing; give the day it should be done by"]

    def test_a_text_that_names_a_young_person_is_refused_to_who_knows_them_and_tells_nobody_else(
        self, town: Office
    ) -> None:
        naming = replace(NEW, text="Meet Zoë Heron there", why="For YP-0001")
        with pytest.raises(Faults) as said:
            place_actions.record(town["lead"], naming)
        assert said.value.faults == [
            "action: names a young person; those who work on places see no names, so write it without",
            "why: names a young person; those who work on places see no names, so write it without",
        ]
        assert place_actions.record(town["analyst"], naming).text == "Meet Zoë Heron there"

    def test_every_action_with_its_place_but_those_on_homes(self, town: Office) -> None:
        later = place_actions.record(town["lead"], replace(NEW, due=DUE + timedelta(days=1)))
        home = place_actions.record(town["lead"], replace(NEW, place="PLA-b1"))
        flat = place_actions.record(town["lead"], replace(NEW, place="PLA-f1"))
        assert {k.action.id for k in place_actions.every(town["lead"])} == {later.id, home.id, flat.id}
        found = place_actions.every(town["analyst"])
        assert [(k.action.id, k.place.name) for k in found] == [
            (flat.id, "A dwelling in CR4 3"),
            (later.id, "Placeholder Arcade"),
        ]

    def test_homes_and_those_who_may_not(self, town: Office) -> None:
        with pytest.raises(NotFound):
            place_actions.record(town["analyst"], replace(NEW, place="PLA-b1"))
        home = place_actions.record(town["lead"], replace(NEW, place="PLA-b1"))
        with pytest.raises(NotFound):
            place_actions.complete(town["analyst"], home, "Done")
        for who in ("partner", "auditor", "admin"):
            with pytest.raises(NotPermitted):
                place_actions.record(town[who], NEW)

    def test_a_practitioner_acts_where_their_own_young_people_are(self, town: Office) -> None:
        made = place_actions.record(town["jo"], NEW)
        assert place_actions.complete(town["jo"], made, "Lamps lit").status == ActionStatus.DONE
        assert log(town.engine)[-1] == ("u-jo", "place_actions.complete", "", made.id)
        assert [places.is_theirs(town["jo"], id) for id in ("PLA-a1", "PLA-c1")] == [True, False]
        acting = {"jo": [True, False], "analyst": [True, True], "lead": [True, True]}
        for who, may in acting.items():
            assert [place_actions.may_act(town[who], id) for id in ("PLA-a1", "PLA-c1")] == may
        elsewhere = replace(NEW, place="PLA-c1")
        with pytest.raises(NotFound):
            place_actions.record(town["jo"], elsewhere)
        by_others = place_actions.record(town["analyst"], elsewhere)
        for close in (place_actions.complete, place_actions.drop):
            with pytest.raises(NotFound):
                close(town["jo"], by_others, "Done")
        with pytest.raises(NotFound):
            place_actions.start(town["jo"], by_others)
        with pytest.raises(Faults) as said:
            place_actions.record(town["jo"], replace(NEW, text="Walk Heron home"))
        assert said.value.faults == [f"action: {place_actions.NAMED}"]
        still = place_actions.record(town["jo"], NEW)
        for close, field in ((place_actions.complete, "result"), (place_actions.drop, "reason")):
            with pytest.raises(Faults) as said:
                close(town["jo"], still, "Heron feels safer")
            assert said.value.faults == [f"{field}: {place_actions.NAMED}"]

    def test_a_chair_acts_where_the_young_people_of_their_meeting_are(self, hall: Office) -> None:
        assert [place_actions.may_act(hall["chair"], id) for id in ("PLA-a1", "PLA-c1")] == [True, False]
        made = place_actions.record(hall["chair"], NEW)
        assert place_actions.start(hall["chair"], made).status == ActionStatus.UNDER_WAY
        with pytest.raises(NotFound):
            place_actions.record(hall["chair"], replace(NEW, place="PLA-c1"))


class TestNamesOfOthers:
    """What somebody wrote of a young person whom they do not reach is read by nobody else who does not either."""

    SAID = "Watch when Teal Madeup, YP-0002, comes with Danno"

    def test_an_action_is_read_without_them(self, town: Office) -> None:
        made = place_actions.record(town["jo"], replace(NEW, text=self.SAID, why="Teal Madeup said so"))
        place_actions.complete(town["jo"], made, "Met Teal Madeup")
        told = (
            "Watch when a young person, a young person, comes with Danno",
            "A young person said so",
            "Met a young person",
        )
        for found in (
            place_actions.of_place(town["analyst"], "PLA-a1"),
            [k.action for k in place_actions.every(town["analyst"])],
        ):
            assert [(a.text, a.why, a.result) for a in found if a.id == made.id] == [told]
        (whole,) = [a for a in place_actions.of_place(town["lead"], "PLA-a1") if a.id == made.id]
        assert (whole.text, whole.why, whole.result) == (self.SAID, "Teal Madeup said so", "Met Teal Madeup")

    def test_it_is_changed_as_it_was_written(self, town: Office) -> None:
        made = place_actions.record(town["jo"], replace(NEW, text=self.SAID))
        (seen,) = [a for a in place_actions.of_place(town["analyst"], "PLA-a1") if a.id == made.id]
        place_actions.start(town["analyst"], seen)
        (whole,) = [a for a in place_actions.of_place(town["lead"], "PLA-a1") if a.id == made.id]
        assert (whole.text, whole.status) == (self.SAID, ActionStatus.UNDER_WAY)

    def test_nor_are_words_or_the_briefing(self, town: Office) -> None:
        place_actions.record(town["jo"], replace(NEW, text=self.SAID))
        place_records.record_words(
            town["jo"],
            NewPlaceWords(place="PLA-a1", safe=False, text="Teal Madeup hides here", said_on=TODAY, for_partners=True),
        )
        assert [w.text for w in place_records.words(town["analyst"], "PLA-a1")] == ["A young person hides here"]
        for who in ("analyst", "lead"):
            briefing = place_exports.location_briefing(town[who], "PLA-a1")
            assert [t for t in ("Teal", "Madeup", "YP-0002") if t in repr(briefing)] == []
            assert "hides here" in repr(briefing)
