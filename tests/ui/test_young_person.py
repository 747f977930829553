"""The young person's page: standing, history, plan, safety plan, documents, referrals and incidents."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import streamlit as st
from docx import Document

from chm.casework import audit_log, guarded, people, plans
from chm.casework.desk import Desk
from chm.records import Action, ActionStatus
from pages.parts.navigation import SCORE, YOUNG_PERSON
from pages.parts.text import plain

HOSTILE = "![x](http://evil.example/x.png) <img src=x onerror=alert(1)> =cmd() 🦊"
WREN, KESTREL, NOBODY_YET = "YP-0003", "YP-0001", "YP-0036"
OWN = "An action of your own"
LABELS = {
    "home": "Home borough",
    "born": "Date of birth",
    "care": "In care (looked after)?",
    "died": "Date of death, if they have died",
}


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str, str]]:
    """What download buttons offer: bytes, file name, type."""
    offered: list[tuple[bytes, str, str]] = []
    real = st.download_button

    def button(label: str, data: bytes, file_name: str, mime: str, **more: Any) -> bool:
        offered.append((data, file_name, mime))
        return real(label, data, file_name, mime, **more)

    monkeypatch.setattr(st, "download_button", button)
    return offered


def _text(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def _action(lead: Desk, id: str, young_person: str = WREN) -> Action:
    return next(a for a in people.record_of(lead, young_person).actions if a.id == id)


def test_wren_stands_as_she_does(visit: Any) -> None:
    """One Significant domain under a total of 8: never an unqualified "no concern"."""
    here = visit().young_person(WREN)
    said = here.said
    assert "<h1>Wren Example</h1>" in here.everything
    assert "YP-0003 · aged 14 · lives in Merton" in said
    assert "Combined 8 No concern by total only" in said
    assert "Harm 4 No concern by total only" in said
    assert "Context 4 No concern" in said and "Context 4 No concern by total only" not in said
    assert "Judged Significant" in said
    assert "Physical and emotional health Significant" in said


def test_opening_is_audited_once_and_reading_on_is_not(visit: Any, lead: Desk) -> None:
    here = visit().young_person(KESTREL)
    here.at.run()
    here.at.run()
    opened = [e for e in audit_log.read(lead, KESTREL) if e.operation == "people.record_of"]
    assert [(e.user, e.record, e.why) for e in opened[:2]][0] == ("U-jo", KESTREL, "opened")
    assert len(opened) == 1


def test_who_has_seen_it_says_that_lists_are_not_there(visit: Any) -> None:
    here = visit().young_person(KESTREL)
    here.press("Who has seen it")
    assert (
        "1 time, newest first. Every look is an entry of the audit. "
        "Lists that named them are not here: the audit says how many each listed."
    ) in here.said


def test_history_says_what_changed_domain_by_domain(visit: Any, lead: Desk) -> None:
    record = people.record_of(lead, KESTREL)
    before, after = record.assessments[-2:]
    moved = [d for d in after.answers.levels if after.answers.levels[d] != before.answers.levels[d]]
    assert moved
    here = visit().young_person(KESTREL)
    said = here.said
    since = before.assessed_on
    assert f"Changed since {since.day} {since:%b %Y}" in said
    same = 13 - len(moved)
    assert f"{same} domain{'' if same == 1 else 's'} stayed the same." in said
    assert f"Three totals over {len(record.assessments)} assessments" in said
    charts = [n.proto for n in here.at.get("plotly_chart")]
    assert len(charts) == 2
    here.press("Why?")
    why = here.said[here.said.index("A domain scores its level") :]
    assert f"{after.score.combined.score} of 112" in why
    for point in after.score.points:
        assert point.source in why


def test_somebody_never_assessed_can_be_scored_and_given_a_referral(visit: Any, lead: Desk) -> None:
    here = visit("U-val").young_person(NOBODY_YET)
    assert [i.value for i in here.at.info][0].startswith("No assessment is recorded yet.")
    here.press("Score")
    assert "<h1>Score Smew Invented</h1>" in here.everything
    assert people.record_of(lead, NOBODY_YET).draft is not None


def test_close_puts_the_record_away(visit: Any) -> None:
    here = visit().young_person(KESTREL)
    here.press("Close")
    assert "Kestrel Madeup" in here.said  # In the list again.
    assert "<h1>Young people</h1>" in here.everything
    assert here.at.session_state.to_dict().get("record") is None


def test_a_step_of_the_framework_becomes_an_action(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    before = {a.id for a in people.record_of(lead, WREN).actions}
    add = here.button("Add")
    step = str(add.key).removeprefix("step-")
    here.press("Add")
    shown = here.field("What will be done").value
    assert shown == _step(step)
    assert here.field("Due").value == date.today() + timedelta(days=14)
    here.field("What will be done").set_value(f"{shown}, on Monday {HOSTILE}")
    here.field("Owner: agency").set_value("Young person")
    here.field("Owner: person").set_value("Wren")
    here.button("Add").click()
    here.press("Save action")
    assert not here.at.exception
    (new,) = [a for a in people.record_of(lead, WREN).actions if a.id not in before]
    assert (new.step, new.text, new.owner_agency, new.owner_person, new.status, new.target) == (
        step, f"{shown}, on Monday {HOSTILE}", "Young person", "Wren", ActionStatus.OPEN, f"young_person:{WREN}",
    )  # fmt: skip
    assert new.why and "Guidance" in new.why
    assert [t.value for t in here.at.toast] == ["Action saved\\."]
    assert here.at.button(key=f"step-{step}").label == "In plan"
    assert f"on Monday {HOSTILE}" in here.said


def _step(id: str) -> str:
    from chm.casework import frameworks

    return frameworks.current().steps[id][2].text


def test_an_action_of_ones_own_is_checked_added_edited_and_done(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    before = {a.id for a in people.record_of(lead, WREN).actions}
    here.press(OWN)
    here.button(OWN).click()
    here.press("Save action")
    assert any("ction: empty; write something" in e for e in here.errors)
    assert {a.id for a in people.record_of(lead, WREN).actions} == before
    here.field("What will be done").set_value("Light on the footbridge")
    here.field("Pillar").set_value("disrupt")
    here.field("Domain it answers").set_value("places")
    here.field("Acts on").set_value("place")
    here.field("Which").set_value("Tinsel Arcade")
    here.field("Owner: agency").set_value("Community Safety")
    here.field("Due").set_value(date(2027, 1, 4))
    here.button(OWN).click()
    here.press("Save action")
    (new,) = [a for a in people.record_of(lead, WREN).actions if a.id not in before]
    assert (new.pillar, new.domain, new.target, new.due, new.step) == (
        "disrupt", "places", "place:Tinsel Arcade", date(2027, 1, 4), None,
    )  # fmt: skip
    here.at.button(key=f"edit-{new.id}").click().run()
    here.field("What will be done").set_value("Two lights on the footbridge")
    here.field("Status").set_value("under_way")
    here.at.button(key=f"edit-{new.id}").click()
    here.press("Save action")
    edited = _action(lead, new.id)
    assert (edited.text, edited.status, edited.version) == ("Two lights on the footbridge", ActionStatus.UNDER_WAY, 2)
    here.at.button(key=f"done-{new.id}").click().run()
    done = _action(lead, new.id)
    assert (done.status, done.closed_on) == (ActionStatus.DONE, date.today())
    assert f"done-{new.id}" not in [b.key for b in here.at.button]


def test_two_people_on_one_action_the_second_is_told_and_overwrites_nothing(visit: Any, lead: Desk) -> None:
    action = people.record_of(lead, KESTREL).actions[0]
    here = visit().young_person(KESTREL)
    plans.set_status(lead, KESTREL, action, ActionStatus.DROPPED)
    here.at.button(key=f"edit-{action.id}").click().run()
    here.field("What will be done").set_value("Mine")
    here.at.button(key=f"edit-{action.id}").click()
    here.press("Save action")
    (said,) = [w.value for w in here.at.warning]
    assert said.startswith("Somebody else changed this action meanwhile to: ")
    assert plain(action.text) in said and "Dropped" in said
    assert (_action(lead, action.id, KESTREL).text, _action(lead, action.id, KESTREL).status) == (
        action.text, ActionStatus.DROPPED,
    )  # fmt: skip
    here.at.button(key=f"edit-{action.id}").click()
    here.press("Save action")  # Once more, now knowing theirs.
    assert _action(lead, action.id, KESTREL).text == "Mine"


def test_the_safety_plan_is_kept_in_the_childs_own_words(visit: Any, lead: Desk, saved: Any) -> None:
    here = visit().young_person(KESTREL)
    here.field("What tells me things are going wrong").set_value(f"When he texts {HOSTILE}")
    here.field("Our code words").set_value("Blue umbrella")
    here.field("Numbers I can call").set_value("Nan 020 7946 0000\n999")
    here.field("May the family have a copy?").set_value(False)
    here.press("Save safety plan")
    assert not here.errors
    kept = people.record_of(lead, KESTREL).safety_plan
    assert (kept.triggers, kept.code_words, kept.numbers, kept.family_copy) == (
        f"When he texts {HOSTILE}", "Blue umbrella", "Nan 020 7946 0000\n999", False,
    )  # fmt: skip
    here.press("A copy to take away")
    here.button("A copy to take away").click()
    here.press("Make the copy")
    ((data, name, mime),) = saved
    assert name == f"{KESTREL}-safety-plan.docx"
    assert mime.endswith("wordprocessingml.document")
    text = _text(data)
    assert f"When he texts {HOSTILE}" in text and "Blue umbrella" in text and "Kestrel" in text


def test_no_copy_for_a_family_that_may_be_a_source_of_harm(visit: Any, lead: Desk, saved: Any) -> None:
    here = visit().young_person(KESTREL)
    here.field("May the family have a copy?").set_value(False)
    here.press("Save safety plan")
    here.press("A copy to take away")
    here.field("For whom?").set_value("The family")
    here.press("A copy to take away")
    assert any(e.startswith("No copy for the family: it may be a source of harm.") for e in here.errors)
    assert "Make the copy" not in [b.label for b in here.at.button]
    assert saved == []


def test_the_word_document_opens_and_holds_the_assessment(visit: Any, lead: Desk, saved: Any) -> None:
    here = visit().young_person(WREN)
    here.press("Word document")
    here.button("Word document").click()
    here.press("Make the document")
    latest = people.record_of(lead, WREN).assessments[-1]
    ((data, name, mime),) = saved
    assert name == f"YP-0003-assessment-{latest.assessed_on.isoformat()}.docx"
    assert "Wren" not in name
    assert mime == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    text = _text(data)
    for words in ("Wren Example (YP-0003)", latest.judgement.reason, "Physical and emotional health is Significant",
                  "No concern by total only"):  # fmt: skip
        assert words in text, words
    made = [e for e in audit_log.read(lead, WREN) if e.operation == "documents.assessment"]
    assert [(e.user, e.why) for e in made] == [("U-jo", latest.id)]


def test_an_older_assessment_can_be_chosen(visit: Any, lead: Desk, saved: Any) -> None:
    first = people.record_of(lead, KESTREL).assessments[0]
    here = visit().young_person(KESTREL)
    here.press("Word document")
    here.field("Assessment").set_value(first.id)
    here.button("Word document").click()
    here.press("Make the document")
    assert saved[0][1] == f"YP-0001-assessment-{first.assessed_on.isoformat()}.docx"


def test_referrals_and_incidents_need_a_date_and_a_reason(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    before = people.record_of(lead, WREN)
    here.press("Add referral")
    assert here.errors == ["Give the date; nothing was added."]
    here.field("Referred on").set_value(date(2026, 3, 4))
    here.press("Add referral")
    assert any("eason: empty; write something" in e for e in here.errors)
    here.field("Referred on").set_value(date(2001, 1, 1))
    here.field("Why").set_value("Because")
    here.press("Add referral")
    assert any("the date lies before birth" in e for e in here.errors)
    assert people.record_of(lead, WREN).referrals == before.referrals
    assert here.field("Referred on").max == here.field("Date").max == date.today()


def test_a_referral_and_an_incident_are_added_and_shown_as_typed(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    here.field("Referred on").set_value(date(2026, 3, 4))
    here.field("By").set_value("Police")
    here.field("Why").set_value(HOSTILE)
    here.field("What followed").set_value("No further action")
    here.press("Add referral")
    assert not here.errors
    assert [t.value for t in here.at.toast] == ["Referral added\\."]
    here.field("Date").set_value(date(2026, 5, 6))
    here.field("Kind").set_value("Missing episode")
    here.field("What happened").set_value("Two nights away")
    here.field("Source").set_value("Parent or carer")
    here.press("Add incident")
    record = people.record_of(lead, WREN)
    referral = next(r for r in record.referrals if r.on == date(2026, 3, 4))
    assert (referral.agency, referral.reason, referral.outcome) == ("Police", HOSTILE, "No further action")
    incident = next(i for i in record.incidents if i.on == date(2026, 5, 6))
    assert (incident.kind, incident.what, incident.agency) == ("Missing episode", "Two nights away", "Parent or carer")
    assert f"4 Mar 2026 Referral, Police: {HOSTILE}" in here.said
    assert "6 May 2026 Missing episode: Two nights away" in here.said


def test_score_again_and_go_on_open_the_same_draft(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    here.press("Score again")
    draft = here.draft.stored.id
    here.answer(levels={"missing": "moderate"})
    here.to(YOUNG_PERSON)
    here.press("Go on scoring")
    assert here.draft.stored.id == draft
    assert here.draft.answers.levels == {"missing": "moderate"}
    here.title("close", True)
    assert "<h1>Score a young person</h1>" in here.everything
    here.to(SCORE).score(WREN)
    assert here.draft.answers.levels == {"missing": "moderate"}


def test_details_are_corrected_and_a_death_is_taken_back(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    was = people.record_of(lead, WREN).young_person
    assert was.born is not None

    def save(**said: Any) -> None:
        here.press("Correct details")
        for label, value in said.items():
            here.field(LABELS[label]).set_value(value)
        here.button("Correct details").click()
        here.press("Save details")
        assert not here.at.exception

    save(died=was.born - timedelta(days=1))
    assert here.errors == ["**Nothing was changed**\n\n- Date of death: the date lies before birth; give a later day"]
    died = date.today() - timedelta(days=3)
    save(born=was.born - timedelta(days=1), care=True, died=died, home="Sutton")
    assert not here.errors
    assert [t.value for t in here.at.toast] == ["Corrected\\."]
    kept = people.record_of(lead, WREN).young_person
    assert (kept.born, kept.looked_after, kept.died_on) == (was.born - timedelta(days=1), True, died)
    assert f"lived in Sutton · looked after · died on {died.day} {died:%b %Y}" in here.said
    save(died=None)
    assert people.record_of(lead, WREN).young_person.died_on is None
    assert "died on" not in here.said


def test_a_closed_case_says_so(visit: Any, lead: Desk) -> None:
    added = people.add(lead, "Dipper Madeup", born=None, age=14, home_borough="Merton")
    guarded.close(lead, added.id, "Nothing more to do")
    here = visit("U-chris").to(YOUNG_PERSON)
    here.field("Find by name or id").set_value(added.id).run()
    here.at.button(key=f"choose-{added.id}").click().run()
    assert f"lives in Merton · case closed on {date.today().day} {date.today():%b %Y}" in here.said
    assert [i.value for i in here.at.info] == ["No assessment is recorded yet."]


def test_how_long_it_is_kept_if_they_never_were_looked_after(visit: Any, lead: Desk) -> None:
    guarded.close(lead, WREN, "Nothing more to do")
    here = visit(lead.user.id).to(YOUNG_PERSON)
    here.field("Find by name or id").set_value(WREN).run()
    here.at.button(key=f"choose-{WREN}").click().run()
    here.press("How long it is kept")
    assert "Not known whether ever looked after: to their birthday at 75" in here.everything
    assert "<b>If they were never looked after</b>, it is kept until" in here.everything


def test_of_two_who_correct_details_the_second_is_told_and_sees_theirs(visit: Any, lead: Desk) -> None:
    here = visit().young_person(WREN)
    was = people.record_of(lead, WREN).young_person
    people.correct(lead, WREN, was, born=was.born, looked_after=True, died_on=None)
    here.press("Correct details")
    here.field(LABELS["care"]).set_value(False)
    here.button("Correct details").click()
    here.press("Save details")
    (said,) = here.errors
    assert said.startswith("**Nothing was changed**") and "Somebody else changed this meanwhile" in said
    assert people.record_of(lead, WREN).young_person.looked_after
    assert "looked after" in here.said


def test_what_another_user_may_not_open_is_not_there(visit: Any) -> None:
    here = visit("U-sam").to(YOUNG_PERSON)
    here.at.session_state["young_person"] = KESTREL
    here.at.run()
    assert "Kestrel" not in here.everything
    assert here.errors == ["**This record cannot be opened**\n\n- No such record, or none that you may open"]
