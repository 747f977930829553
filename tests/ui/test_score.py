"""The Score page: answers, totals, judgement, recording, two people on one draft, and a database that is busy."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Any

import pytest

from chm import store
from chm.assessments import Answers
from chm.casework import assessments, drafts, notices, people
from chm.casework.desk import Desk
from chm.records import Role
from chm.store.people import allocate
from pages.parts import open_draft
from pages.parts.navigation import HOME, SCORE, SCREENS

# Levels with their numbers from the guidance, so that nothing here is read from our own data.
LEVELS = {
    "coercion": ("moderate", 6), "missing": ("emerging", 3), "sexual": ("none", 0), "offending": ("emerging", 3),
    "social_media": ("moderate", 4), "substance": ("emerging", 1), "health": ("moderate", 2),
    "places": ("moderate", 6), "peers": ("moderate", 6), "professionals": ("none", 0), "education": ("emerging", 3),
    "family": ("significant", 8), "self": ("emerging", 2),
}  # fmt: skip
SAID = {domain: level for domain, (level, _) in LEVELS.items()}
HARM, CONTEXT = 19, 25
JUDGED, REASON = "Your judgement of the overall level", "Your reason"
TICK = "missing.significant.01"


@pytest.fixture
def scoring(visit: Any, lead: Desk) -> Any:
    """Jo at Wren's draft, who is on Chris's caseload too: a lead scores only their own."""
    with store.transaction(lead.engine) as session:
        allocate(session, lead.user.id, "YP-0003", date.today() - timedelta(days=1))
    return visit().score("YP-0003")


def _judge(here: Any, level: str, reason: str) -> Any:
    here.field(JUDGED).set_value(level)
    here.field(REASON).set_value(reason)
    return here.press("Record assessment")


def _stored(lead: Desk, id: str = "YP-0003") -> Answers:
    draft = people.record_of(lead, id).draft
    assert draft is not None
    return draft.answers


def test_the_numbers_used_here_add_up() -> None:
    numbers = [n for _, n in LEVELS.values()]
    assert (len(numbers), sum(numbers[:7]), sum(numbers[7:])) == (13, HARM, CONTEXT)


def test_an_empty_draft_says_the_range_and_gives_no_band(scoring: Any) -> None:
    assert "0 of 13 answered, so no band yet." in scoring.said
    for words in ("Combined 0–112 of 112 No band yet", "Harm 0–58 of 58 No band yet", "Context 0–54 of 54 No band yet"):
        assert words in scoring.said
    assert "Response At least: advice and guidance" in scoring.said
    assert "Your judgement opens here when all thirteen rows are answered." in scoring.said
    assert "Record assessment" not in [b.label for b in scoring.at.button]


def test_each_answer_is_stored_and_moves_the_range(scoring: Any, lead: Desk) -> None:
    scoring.answer(levels={"coercion": "significant", "places": "significant"})
    assert "2 of 13 answered, so no band yet." in scoring.said
    assert "Combined 24–112 of 112 At least Emerging" in scoring.said
    assert _stored(lead).levels == {"coercion": "significant", "places": "significant"}
    scoring.answer(levels=dict(list(SAID.items())[:11]) | {"coercion": "significant"})
    assert (
        "11 of 13 answered, so no band yet. Still open: Family and accommodation, Self, identity and isolation."
        in scoring.said
    )
    assert "Combined 40–54 of 112 At least Moderate" in scoring.said
    assert "Response At least: assessment" in scoring.said


def test_what_is_no_answer_of_this_framework_is_refused(scoring: Any, lead: Desk) -> None:
    scoring.answer(
        levels={"missing": "moderate", "nonsense": "moderate", "peers": "severe"},
        ticks=["no.such.tick", TICK],
        reasons={"nonsense": "x", "missing": "  "},
        directions={TICK: "to", "no.such.tick": "by"},
    )
    kept = _stored(lead)
    assert (kept.levels, kept.ticks, kept.reasons, kept.directions) == (
        {"missing": "moderate"},
        (TICK,),
        {},
        {TICK: "to"},
    )


def test_an_older_or_foreign_message_changes_nothing(scoring: Any, lead: Desk) -> None:
    scoring.answer(levels={"missing": "moderate"})
    for sequence, draft in ((1, scoring.draft.stored.id), (0, scoring.draft.stored.id), (99, "D-other")):
        said = {
            "sequence": sequence,
            "draft": draft,
            "merged": 0,
            "levels": {},
            "ticks": [],
            "reasons": {},
            "directions": {},
        }
        scoring.matrix(said=said)
    assert _stored(lead).levels == {"missing": "moderate"}


def test_totals_bands_and_flags_when_complete(scoring: Any) -> None:
    scoring.answer(levels=SAID)
    said = scoring.said
    assert "Combined 44 of 112 Moderate by total only" in said
    assert "Harm 19 of 58 Moderate" in said and "Harm 19 of 58 Moderate by total only" not in said
    assert "Context 25 of 54 Moderate by total only" in said
    assert "Family and accommodation is Significant The total of 44 hides this." in said
    assert "Do not read it as" not in said  # Only where the total would say no concern.
    assert "Family and accommodation at Significant scores 8 by our reading: the printed number cannot be read" in said
    six_weeks = date.today() + timedelta(days=42)
    assert f"{six_weeks.day} {six_weeks:%b %Y} if judged Significant" in said
    assert not scoring.button("Record assessment").disabled


def test_one_significant_domain_under_no_concern_never_stands_unqualified(scoring: Any) -> None:
    scoring.answer(levels=dict.fromkeys(SAID, "none") | {"health": "significant", "self": "moderate"})
    said = scoring.said
    assert (
        "Physical and emotional health is Significant The total of 8 hides this. Do not read it as “no concern”."
        in said
    )
    assert "Combined 8 of 112 No concern by total only" in said
    assert "Harm 4 of 58 No concern by total only" in said
    assert "Context 4 of 54 No concern" in said and "Context 4 of 54 No concern by total only" not in said
    assert "Advice and guidance, plus this domain’s own steps" in said
    assert "here protect and disrupt too" in said


def test_recording_keeps_everything_and_opens_the_young_persons_page(scoring: Any, lead: Desk) -> None:
    scoring.answer(levels=SAID)
    _judge(scoring, "significant", "  Family and the unit agree.  ")
    assert not scoring.at.exception
    record = people.record_of(lead, "YP-0003")
    latest = record.assessments[-1]
    assert record.draft is None
    assert latest.answers.levels == SAID
    assert (latest.score.combined.score, latest.score.harm.score, latest.score.context.score) == (44, HARM, CONTEXT)
    assert [t.band for t in (latest.score.combined, latest.score.harm, latest.score.context)] == ["moderate"] * 3
    assert {f.code for f in latest.score.flags} >= {"significant_domain", "inferred_score"}
    assert (latest.judgement.level, latest.judgement.reason) == ("significant", "Family and the unit agree.")
    assert (latest.assessed_on, latest.recorded_by) == (date.today(), "U-jo")
    assert latest.review_by == date.today() + timedelta(days=42)
    assert [t.value for t in scoring.at.toast] == ["Assessment recorded\\."]
    assert "<h1>Wren Example</h1>" in scoring.everything
    assert open_draft.KEY not in scoring.at.session_state


@pytest.mark.parametrize(
    ("level", "reason", "says"),
    [
        (None, "", "- Choose a level\n- Write your reason"),
        ("moderate", " \n ", "- Write your reason"),
        (None, "Because", "- Choose a level"),
    ],
)
def test_nothing_is_recorded_without_level_and_reason(
    level: Any, reason: str, says: str, scoring: Any, lead: Desk
) -> None:
    before = len(people.record_of(lead, "YP-0003").assessments)
    scoring.answer(levels=SAID)
    _judge(scoring, level, reason)
    (said,) = scoring.errors
    assert said.replace("\\", "") == f"**The assessment is not recorded yet**\n\n{says}"
    record = people.record_of(lead, "YP-0003")
    assert len(record.assessments) == before
    assert record.draft and record.draft.answers.levels == SAID


def test_a_level_other_than_the_ticks_suggest_needs_its_why(scoring: Any, lead: Desk) -> None:
    scoring.answer(opened="missing")
    scoring.answer(levels=SAID, ticks=[TICK])
    assert scoring.matrix_shows()["detail"]["suggestion"] == "significant"
    _judge(scoring, "moderate", "It is so.")
    (said,) = scoring.errors
    assert said.replace("\\", "") == (
        "**The assessment is not recorded yet**\n\n"
        "- The ticks suggest Significant for Running away or missing; write why you chose otherwise"
    )
    assert people.record_of(lead, "YP-0003").draft is not None
    scoring.answer(reasons={"missing": "Told us herself that it was once."})
    scoring.press("Record assessment")
    assert not scoring.errors
    latest = people.record_of(lead, "YP-0003").assessments[-1]
    assert latest.answers.reasons == {"missing": "Told us herself that it was once."}
    assert latest.answers.ticks == (TICK,)


def test_a_judgement_below_the_band_shows_both_responses_and_tells_the_lead(scoring: Any, lead: Desk) -> None:
    before = {n.id for n in notices.mine(lead)}
    scoring.answer(levels=SAID)
    scoring.field(JUDGED).set_value("emerging").run()
    said = scoring.said.lower()
    assert "early help" in said and "assessment" in said
    _judge(scoring, "emerging", "Seen last week.")
    (new,) = [n for n in notices.mine(lead) if n.id not in before]
    assert (new.record, new.text) == (
        "YP-0003",
        "Judged Emerging, below the computed band Moderate: look at the reason",
    )


def test_evidence_is_added_shown_and_removed(scoring: Any, lead: Desk) -> None:
    scoring.answer(opened="missing")
    scoring.answer(ticks=[TICK])
    wanted = {"domain": "missing", "indicator": TICK}
    scoring.ask("evidence", wanted)
    scoring.button("Add evidence").click()
    scoring.ask("evidence", wanted)
    assert scoring.errors == ["Write what is known; nothing was added."]
    assert _stored(lead).evidence == ()
    scoring.at.text_area(key="evidence_text").set_value("Seen at the *station*")
    scoring.field("Who says so").set_value("Police")
    scoring.field("How they know").set_value(False)
    scoring.field("When").set_value(date(2026, 1, 2))
    scoring.button("Add evidence").click()
    scoring.ask("evidence", wanted)
    (kept,) = _stored(lead).evidence
    assert (kept.domain, kept.indicator, kept.text, kept.on, kept.agency, kept.first_hand) == (
        "missing", TICK, "Seen at the *station*", date(2026, 1, 2), "Police", False,
    )  # fmt: skip
    scoring.at.run()
    (shown,) = scoring.matrix_shows()["detail"]["evidence"]
    assert shown == {
        "id": kept.id, "indicator": TICK, "text": "Seen at the *station*", "meta": "2 Jan 2026 · Police · passed on",
    }  # fmt: skip
    scoring.ask("remove", kept.id)
    assert _stored(lead).evidence == ()


def test_evidence_cannot_lie_in_the_future(scoring: Any) -> None:
    scoring.ask("evidence", {"domain": "missing", "indicator": None})
    assert scoring.field("When").max == date.today()


def test_the_full_form_saves_itself(scoring: Any, lead: Desk) -> None:
    scoring.view("Full form")
    assert scoring.field("Assessed on").max == date.today()
    scoring.field("Summary of concerns").set_value("What worries us").run()
    scoring.field("Referral").set_value("referred").run()
    scoring.field("Referred by").set_value("A first responder").run()
    scoring.field("Referred on").set_value(date(2026, 2, 3)).run()
    scoring.field("Which contexts have most influence?").set_value(["places", "peers"]).run()
    scoring.field("Open to Children's Services?").set_value("yes").run()
    scoring.field("Allocated social worker").set_value("Alex Placeholder").run()
    scoring.field("Assessed on").set_value(date.today() - timedelta(days=3)).run()
    scoring.field("Date").set_value(date(2025, 5, 6))
    scoring.field("What happened").set_value("Found with a second phone")
    scoring.press("Add incident")
    assert not scoring.at.exception
    draft = people.record_of(lead, "YP-0003").draft
    form = draft.answers.form
    assert draft.assessed_on == date.today() - timedelta(days=3)
    assert form.summary == "What worries us"
    assert (form.nrm.status, form.nrm.referred_by, form.nrm.referred_on) == (
        "referred",
        "A first responder",
        date(2026, 2, 3),
    )
    assert form.influential_contexts == ("places", "peers")
    assert (form.childrens_services, form.social_worker) == ("yes", "Alex Placeholder")
    (incident,) = form.incidents
    assert (incident.on, incident.what) == (date(2025, 5, 6), "Found with a second phone")
    again = people.record_of(lead, "YP-0003").draft
    scoring.to(SCORE)
    assert again.answers == _stored(lead)
    scoring.view("Quick")
    scoring.view("Full form")
    assert scoring.field("Summary of concerns").value == "What worries us"
    scoring.at.button(key=f"remove-{incident.id}").click().run()
    assert _stored(lead).form.incidents == ()


def test_an_incident_needs_its_date_and_what_happened(scoring: Any, lead: Desk) -> None:
    scoring.view("Full form")
    scoring.press("Add incident")
    assert scoring.errors == ["Give the date and what happened; nothing was added."]
    assert scoring.field("Date").max == date.today()
    assert people.record_of(lead, "YP-0003").draft.answers.form.incidents == ()


def test_the_checklist_follows_the_level_and_keeps_its_ticks(scoring: Any, lead: Desk) -> None:
    scoring.answer(levels=SAID)
    scoring.view("Checklist")
    assert scoring.at.header[0].value == "Moderate: assessment"
    first = scoring.at.checkbox[0]
    first.check().run()
    assert _stored(lead).form.checklist == ("check.moderate.referral",)
    scoring.field(JUDGED).set_value("significant").run()
    assert scoring.at.header[0].value == "Significant: strategy and plan"
    assert first.key not in [c.key for c in scoring.at.checkbox]
    assert _stored(lead).form.checklist == ("check.moderate.referral",)
    scoring.field(JUDGED).set_value("moderate").run()
    assert scoring.at.checkbox(key=first.key).value is True


def test_why_names_domain_level_indicator_evidence_and_page(scoring: Any) -> None:
    scoring.answer(levels=SAID | {"missing": "significant"}, ticks=[TICK])
    wanted = {"domain": "missing", "indicator": TICK}
    scoring.ask("evidence", wanted)
    scoring.at.text_area(key="evidence_text").set_value("Three nights in a row")
    scoring.button("Add evidence").click()
    scoring.ask("evidence", wanted)
    scoring.press("Why these totals?")
    why = scoring.said[scoring.said.index("A domain scores its level") :]
    assert "Running away or missing Significant : 10 of 10 Guidance" in why.replace("Significant: ", "Significant : ")
    assert scoring.draft.framework.indicators[TICK][2].text in why
    assert "Three nights in a row" in why
    assert "Family and accommodation Significant" in why and "Inferred." in why


def _other(lead: Desk, **parts: Any) -> None:
    """Somebody else, Chris, changes the draft meanwhile."""
    draft = drafts.latest(lead, "YP-0003")
    answers = Answers.model_validate({**draft.answers.model_dump(), **parts})
    drafts.save(lead, draft.model_copy(update={"answers": answers}))


def test_different_rows_come_together_with_a_notice(scoring: Any, lead: Desk) -> None:
    scoring.answer(levels={"missing": "moderate"})
    _other(lead, levels={"missing": "moderate", "peers": "emerging"})
    scoring.answer(levels={"missing": "moderate", "health": "emerging"})
    both = {"missing": "moderate", "peers": "emerging", "health": "emerging"}
    assert _stored(lead).levels == both
    assert scoring.draft.answers.levels == both
    scoring.at.run()
    (news,) = [i.value.replace("\\", "") for i in scoring.at.info]
    assert news == "Chris Sample changed this draft too, and it is kept: Peers and relationships."
    assert scoring.draft.theirs is None


@pytest.mark.parametrize(("side", "stands"), [("mine", "significant"), ("theirs", "emerging")])
def test_the_same_row_is_asked_about_and_nothing_is_overwritten(
    side: str, stands: str, scoring: Any, lead: Desk
) -> None:
    scoring.answer(levels={"missing": "moderate"})
    _other(lead, levels={"missing": "emerging", "peers": "none"})
    scoring.answer(levels={"missing": "significant"})
    scoring.at.run()
    assert _stored(lead).levels == {"missing": "emerging", "peers": "none"}
    choice = scoring.field("Running away or missing")
    assert choice.options == ["Mine: Significant", "Theirs: Emerging"]
    assert any(
        "Chris Sample" in m.value and "Nothing is saved until you choose" in m.value for m in scoring.at.markdown
    )
    assert scoring.matrix_shows()["readonly"] is True
    assert scoring.shown("chm_title")["stays"] is True
    choice.set_value(side).run()
    assert _stored(lead).levels["missing"] == "emerging"
    scoring.press("Save these answers")
    assert _stored(lead).levels == {"missing": stands, "peers": "none"}
    assert scoring.matrix_shows()["readonly"] is False
    assert "Save these answers" not in [b.label for b in scoring.at.button]
    scoring.answer(levels={"missing": stands, "peers": "none", "health": "none"})
    assert _stored(lead).levels == {"missing": stands, "peers": "none", "health": "none"}


def test_what_was_said_before_the_browser_saw_the_merge_takes_nothing_back(scoring: Any, lead: Desk) -> None:
    """Quick fingers: two more answers are under way while the first meets somebody else's change."""
    scoring.answer(levels={"missing": "moderate"})
    _other(lead, levels={"missing": "moderate", "peers": "emerging"})
    old = {"merged": 0, "ticks": [], "reasons": {}, "directions": {}, "opened": None, "draft": scoring.draft.stored.id}
    three = {"missing": "moderate", "health": "emerging"}
    scoring.matrix(said={**old, "sequence": 2, "levels": three})
    assert scoring.draft.merged == 1
    four = {**three, "self": "none"}
    scoring.matrix(said={**old, "sequence": 3, "levels": four})
    scoring.matrix(said={**old, "sequence": 4, "levels": {**four, "family": "none", "health": "none"}})
    assert _stored(lead).levels == {**four, "family": "none", "health": "none", "peers": "emerging"}


def test_a_field_of_the_form_that_only_the_other_changed_is_kept(scoring: Any, lead: Desk) -> None:
    scoring.view("Full form")
    form = drafts.latest(lead, "YP-0003").answers.form.model_dump()
    _other(lead, form={**form, "services": "CAMHS", "childrens_services": "yes"})
    scoring.field("Summary of concerns").set_value("Mine").run()
    scoring.field("What the family says").set_value("Nothing yet").run()
    kept = _stored(lead).form
    assert (kept.services, kept.childrens_services) == ("CAMHS", "yes")
    assert (kept.summary, kept.family_says) == ("Mine", "Nothing yet")
    assert scoring.field("Other services involved").value == "CAMHS"


@pytest.mark.parametrize(("side", "stands"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_reason_both_wrote_is_asked_about(side: str, stands: str, scoring: Any, lead: Desk) -> None:
    scoring.answer(levels=SAID)
    form = drafts.latest(lead, "YP-0003").answers.form.model_dump()
    _other(lead, levels=SAID, form={**form, "judged_reason": "Theirs"})
    scoring.field(REASON).set_value("Mine").run()
    scoring.at.run()
    (choice,) = [r for r in scoring.at.radio if str(r.key).startswith("settle-")]
    assert choice.options == ["Mine: Mine", "Theirs: Theirs"]
    assert _stored(lead).form.judged_reason == "Theirs"
    choice.set_value(side).run()
    scoring.press("Save these answers")
    assert _stored(lead).form.judged_reason == stands
    assert scoring.field(REASON).value == stands


def test_a_text_both_wrote_shows_both(scoring: Any, lead: Desk) -> None:
    scoring.view("Full form")
    form = drafts.latest(lead, "YP-0003").answers.form.model_dump()
    _other(lead, form={**form, "summary": "Theirs ![x](http://evil.example/x.png)"})
    scoring.field("Summary of concerns").set_value("Mine").run()
    scoring.at.run()
    (choice,) = [r for r in scoring.at.radio if str(r.key).startswith("settle-")]
    assert [o.replace("\\", "").replace("\u2060", "") for o in choice.options] == [
        "Mine: Mine",
        "Theirs: Theirs ![x](http://evil.example/x.png)",
    ]
    assert "\\!\\[x\\]" in choice.options[1]
    assert _stored(lead).form.summary == "Theirs ![x](http://evil.example/x.png)"
    choice.set_value("theirs").run()
    scoring.press("Save these answers")
    assert _stored(lead).form.summary == "Theirs ![x](http://evil.example/x.png)"
    assert scoring.field("Summary of concerns").value == "Theirs ![x](http://evil.example/x.png)"


def test_recording_a_draft_somebody_else_recorded_says_so_and_doubles_nothing(scoring: Any, lead: Desk) -> None:
    from chm.assessments import Judgement

    scoring.answer(levels=SAID)
    draft = drafts.latest(lead, "YP-0003")
    assessments.record(lead, "YP-0003", draft, Judgement(level="moderate", reason="First"))
    before = len(people.record_of(lead, "YP-0003").assessments)
    _judge(scoring, "moderate", "Second")
    assert not scoring.at.exception
    assert len(people.record_of(lead, "YP-0003").assessments) == before
    assert scoring.draft.answers.levels == SAID
    assert any(word in scoring.said + " ".join(scoring.errors) for word in ("Somebody else", "recorded", "discarded"))


def _hold(demo: Any, lock: str) -> sqlite3.Connection:
    other = sqlite3.connect(demo, isolation_level=None)
    other.execute(lock)
    return other


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for a locked database end at once."""
    monkeypatch.setattr("chm.store.database.PATIENCE", 0.1)


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_locked_database_is_said_and_the_answers_are_kept(
    lock: str, impatient: None, scoring: Any, demo: Any, lead: Desk
) -> None:
    scoring.answer(levels={"missing": "moderate"})
    other = _hold(demo, lock)
    scoring.answer(levels={"missing": "moderate", "peers": "emerging"})
    assert not scoring.at.exception
    assert scoring.draft.answers.levels == {"missing": "moderate", "peers": "emerging"}
    assert "Not saved yet: The database is in use and did not come free in 5 seconds" in scoring.said
    assert "Your answers stay on this screen and are saved at the next change." in scoring.said
    assert "2 of 13 answered" in scoring.said
    other.close()
    assert _stored(lead).levels == {"missing": "moderate"}
    scoring.answer(levels={"missing": "moderate", "peers": "emerging", "health": "none"})
    assert _stored(lead).levels == {"missing": "moderate", "peers": "emerging", "health": "none"}
    scoring.at.run()
    assert "Not saved yet" not in scoring.said


def test_recording_on_a_locked_database_keeps_the_draft(impatient: None, scoring: Any, demo: Any, lead: Desk) -> None:
    before = len(people.record_of(lead, "YP-0003").assessments)
    scoring.answer(levels=SAID)
    scoring.field(JUDGED).set_value("moderate")
    scoring.field(REASON).set_value("As it stands").run()
    other = _hold(demo, "BEGIN EXCLUSIVE")
    scoring.press("Record assessment")
    assert not scoring.at.exception
    assert any("The database is in use" in e for e in scoring.errors)
    other.close()
    assert len(people.record_of(lead, "YP-0003").assessments) == before
    scoring.press("Record assessment")
    assert not scoring.errors
    assert len(people.record_of(lead, "YP-0003").assessments) == before + 1


def test_a_locked_database_is_said_on_every_page(impatient: None, visit: Any, demo: Any) -> None:
    here = visit("U-chris")
    other = _hold(demo, "BEGIN EXCLUSIVE")
    for screen in (s for s in SCREENS if Role.SAFEGUARDING_LEAD in s.roles):
        here.to(screen)
        assert not here.at.exception, screen.title
        if screen.title not in ("Guidance", "Import", "Meeting room"):  # They ask the database nothing.
            assert any("The database is in use" in e for e in here.errors), screen.title
    other.close()
    here.to(HOME)
    assert not here.errors
    assert "My young people · 40" in here.said


def test_a_database_that_can_only_be_read_is_said(visit: Any, demo: Any, at_file: Any) -> None:
    at_file(f"sqlite:///file:{demo}?mode=ro&uri=true")
    here = visit()
    here.to(SCORE)
    assert not here.at.exception
    assert not [b for b in here.at.button if str(b.key).startswith("choose-")]
    (said,) = here.errors
    assert "The database can only be read; nothing was saved" in said.replace("\\", "")


def test_a_word_that_lays_blame_is_told_quietly_and_kept(scoring: Any, lead: Desk) -> None:
    scoring.answer(levels=SAID)
    scoring.field(REASON).set_value("A lifestyle choice <b>, says the school").run()
    assert "“lifestyle choice” A child cannot choose to be exploited." in scoring.said
    assert _stored(lead).form.judged_reason == "A lifestyle choice <b>, says the school"
    scoring.field(REASON).set_value("Said to be exploited by adults at the arcade").run()
    assert "cannot choose to be exploited" not in scoring.said
