"""What the invented cohort is there to show, and that it stays so whatever day it is loaded."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
import yaml

from chm import settings
from chm.assessments import Assessment
from chm.casework import demo, frameworks
from chm.casework.demo import Cohort, Story
from chm.framework import Framework
from chm.records import ActionStatus, Role
from chm.scoring import RANK, judged_below, suggest

TODAY = date(2026, 11, 23)
FOLDER = settings.data() / "demo"
SIX_WEEKS = timedelta(days=42)
FILES = sorted((FOLDER / "young_people").glob("*.yaml"))
NEVER_SAID = re.compile(
    r"perpetrat|lifestyle|putting (them|him|her)sel|at risk themsel|prostitut|promiscu|chose to|attention.seek",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def framework() -> Framework:
    return frameworks.every()["merton-2020", 1]


@pytest.fixture(scope="module")
def cohort(framework: Framework) -> Cohort:
    return demo.read(FOLDER, framework, TODAY)


def story(cohort: Cohort, bird: str) -> Story:
    return next(s for s in cohort.stories if s.person.name.startswith(f"{bird} "))


def last(cohort: Cohort, bird: str) -> Assessment:
    return story(cohort, bird).assessments[-1]


def codes(assessment: Assessment) -> set[str]:
    return {f.code for f in assessment.score.flags}


def birds(stories: list[Story]) -> set[str]:
    return {s.person.name.split()[0] for s in stories}


def assessed(cohort: Cohort) -> list[Story]:
    return [s for s in cohort.stories if s.assessments]


def test_forty_young_people_aged_11_to_17_over_18_months(cohort: Cohort) -> None:
    assert [s.person.id for s in cohort.stories] == [f"YP-{n:04d}" for n in range(1, 41)]
    assert len({s.person.name for s in cohort.stories}) == 40
    assert {s.person.age_at(TODAY) for s in cohort.stories} == set(range(11, 18))
    days = [a.assessed_on for s in cohort.stories for a in s.assessments]
    assert TODAY - timedelta(days=548) < min(days) < TODAY - timedelta(days=500)
    assert Counter(len(s.assessments) for s in cohort.stories) == {0: 4, 1: 1, 2: 13, 3: 10, 4: 5, 5: 6, 6: 1}
    assert birds([s for s in cohort.stories if not s.assessments]) == {"Siskin", "Wagtail", "Nuthatch", "Smew"}


def test_users_of_every_role_and_caseloads_of_thirteen_or_fourteen(cohort: Cohort) -> None:
    assert Counter(r for u in cohort.users for r in u.roles) == {r: 3 if r == Role.PRACTITIONER else 1 for r in Role}
    assert Counter(s.worker.name for s in cohort.stories) == {
        "Jo Placeholder": 14,
        "Sam Invented": 13,
        "Val Imaginary": 13,
    }
    assert all(s.since <= TODAY for s in cohort.stories)


def test_a_cross_borough_meeting_about_eight(cohort: Cohort) -> None:
    *earlier, meeting = cohort.meetings
    assert [(h.meeting.on < TODAY, h.signed is not None) for h in earlier] == [(True, True), (True, True)]
    assert meeting.meeting.on > TODAY and meeting.signed is None
    asked = [s for s in cohort.stories if s.person.id in meeting.young_people]
    assert len(asked) == 8
    assert {s.person.home_borough for s in asked} == {"Merton", "Wandsworth", "Croydon"}
    assert birds([s for s in cohort.stories if s.person.home_borough != "Merton"]) == {"Hobby", "Twite"}


def test_wrens_one_significant_domain_hides_in_a_total_of_8(cohort: Cohort) -> None:
    wren = last(cohort, "Wren")
    assert [wren.score.total(a).score for a in ("harm", "context", "combined")] == [4, 4, 8]
    assert [wren.score.total(a).band for a in ("harm", "context", "combined")] == ["none"] * 3
    assert wren.score.significant == ("health",)
    assert {"health.significant.03", "health.significant.06"} <= set(wren.answers.ticks)
    assert codes(wren) == {"significant_domain"}
    assert wren.judgement.level == "significant"
    assert wren.review_by == wren.assessed_on + SIX_WEEKS


def test_heron_climbs_over_five_assessments(cohort: Cohort) -> None:
    totals = [
        [a.score.total(x).score for x in ("harm", "context", "combined")] for a in story(cohort, "Heron").assessments
    ]
    assert [t[2] for t in totals] == [20, 26, 41, 56, 61]
    assert totals[-1] == [32, 29, 61]
    assert last(cohort, "Heron").score.highest_band == "moderate"
    assert last(cohort, "Heron").judgement.level == "significant"


def test_what_each_flag_needs_is_there(cohort: Cohort) -> None:
    flagged = {c: birds([s for s in assessed(cohort) if c in codes(s.assessments[-1])]) for c in (
        "inferred_score", "young_and_missing", "band_above_levels", "combined_below_axis", "repeat_referrals",
    )}  # fmt: skip
    assert flagged["inferred_score"] == {"Harrier", "Redwing"}
    assert flagged["young_and_missing"] == {"Pipit", "Sanderling"}
    assert flagged["band_above_levels"] == {"Linnet"}
    assert {"Kestrel", "Linnet", "Tern"} <= flagged["combined_below_axis"]
    assert {"Kestrel", "Heron", "Dunlin", "Teal", "Shrike"} <= flagged["repeat_referrals"]
    assert len(flagged["repeat_referrals"]) == 17


def test_linnets_six_contexts_are_all_emerging(cohort: Cohort) -> None:
    linnet = last(cohort, "Linnet")
    assert {p.level for p in linnet.score.points if p.axis == "context"} == {"emerging"}
    assert (linnet.score.context.score, linnet.score.context.band, linnet.score.combined.band) == (
        17,
        "moderate",
        "emerging",
    )


def test_kestrels_combined_band_lies_below_an_axis(cohort: Cohort) -> None:
    score = last(cohort, "Kestrel").score
    assert (score.harm.score, score.context.score, score.combined.score) == (38, 17, 55)
    assert (score.harm.band, score.combined.band) == ("significant", "moderate")


def test_pathways_have_their_facts(cohort: Cohort) -> None:
    curlew, dunlin, whinchat = (last(cohort, b) for b in ("Curlew", "Dunlin", "Whinchat"))
    assert story(cohort, "Curlew").person.age_at(TODAY) == 17
    assert sum(t.startswith("dash.") for t in curlew.answers.ticks) == 8
    assert any("MARAC" in e.text for e in curlew.answers.evidence)
    assert "coercion.significant.05" in dunlin.answers.ticks
    assert (dunlin.answers.form.nrm.status, dunlin.answers.form.nrm.referred_by) == ("referred", "Police")
    assert dunlin.answers.form.nrm.referred_on == TODAY - timedelta(days=168)
    assert sum(t.startswith("radicalisation.") for t in whinchat.answers.ticks) == 3
    assert birds([s for s in cohort.stories if s.person.looked_after]) == {"Redwing", "Gannet", "Eider"}


def test_judgements_stand_above_and_once_below_the_bands(cohort: Cohort) -> None:
    said = [(s.person.name, a) for s in cohort.stories for a in s.assessments]
    below = [name for name, a in said if judged_below(a.score, a.judgement.level)]
    above = [name for name, a in said if RANK[a.judgement.level] > RANK[a.score.highest_band or ""]]
    assert below == ["Bunting Fable"]
    assert judged_below(last(cohort, "Bunting").score, "emerging")
    assert last(cohort, "Bunting").review_by == date(2026, 12, 28)
    assert len(above) > 10


def test_levels_follow_the_ticks_or_say_why(cohort: Cohort, framework: Framework) -> None:
    differ = 0
    for a in (a for s in cohort.stories for a in s.assessments):
        for domain, level in a.answers.levels.items():
            suggested = suggest(framework, domain, a.answers.ticks).level
            differ += suggested not in (None, level)
            assert suggested in (None, level) or a.answers.reasons[domain]
            assert level == "none" or any(t.startswith(f"{domain}.") for t in a.answers.ticks)
    assert differ == 4


def test_evidence_stands_behind_every_serious_domain_and_none_is_idle(cohort: Cohort) -> None:
    for s in assessed(cohort):
        a = s.assessments[-1]
        serious = {d for d, level in a.answers.levels.items() if RANK[level] > 1}
        assert serious <= {e.domain for e in a.answers.evidence}, s.person.name
    used = {e.text for s in cohort.stories for a in s.assessments for e in a.answers.evidence}
    used |= {e.text for s in cohort.stories if s.draft for e in s.draft.answers.evidence}
    written = [e["text"] for f in FILES for e in yaml.safe_load(f.read_text()).get("evidence", [])]
    assert set(written) == used
    assert len(written) == len(set(written)) > 150


def test_incidents_differ_and_missing_episodes_end(cohort: Cohort) -> None:
    incidents = [i for s in cohort.stories for i in s.incidents]
    assert len({i.what for i in incidents}) == len(incidents) > 80
    missing = [i for i in incidents if i.kind == "Missing episode"]
    assert len(missing) > 20
    assert all(i.ended_on for i in missing)
    reasons = [a.judgement.reason for s in cohort.stories for a in s.assessments]
    assert len(set(reasons)) == len(reasons) > 100


def test_four_drafts_are_partly_answered(cohort: Cohort) -> None:
    answered = {s.person.name.split()[0]: len(s.draft.answers.levels) for s in cohort.stories if s.draft}
    assert answered == {"Heron": 10, "Teal": 12, "Siskin": 4, "Lapwing": 7}


def test_plans_are_part_done(cohort: Cohort, framework: Framework) -> None:
    actions = [a for s in cohort.stories for a in s.actions]
    assert all(a.step is None or a.step in framework.steps for a in actions)
    live = [a for a in actions if a.status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)]
    assert {a.status for a in actions} == set(ActionStatus)
    assert sum(a.due < TODAY for a in live if a.due) > 10
    assert sum(a.due >= TODAY for a in live if a.due) > 30
    assert {a.owner_agency for a in actions} > {"Young person", "Parent or carer"}
    assert {a.target.split(":")[0] for a in actions} == {
        "young_person",
        "person",
        "place",
        "vehicle",
        "account",
        "group",
    }
    plans = [s.safety_plan for s in cohort.stories if s.safety_plan]
    assert len(plans) == 8
    assert [p.young_person for p in plans if not p.family_copy] == [story(cohort, "Harrier").person.id]


def test_agencies_are_those_of_the_council(cohort: Cohort, framework: Framework) -> None:
    said = {u.agency for u in cohort.users}
    for s in cohort.stories:
        said |= {r.agency for r in s.referrals} | {i.agency for i in s.incidents} | {a.owner_agency for a in s.actions}
        said |= {e.agency for a in s.assessments for e in a.answers.evidence}
    assert said <= set(framework.local["agencies"])


def test_words_blame_no_child() -> None:
    for file in FILES:
        assert not NEVER_SAID.search(file.read_text()), file.name


def test_reviews_fall_due_and_are_overdue(cohort: Cohort) -> None:
    due = {s.person.name.split()[0]: d for s in assessed(cohort) if (d := s.assessments[-1].review_by)}
    assert {b for b, d in due.items() if d < TODAY} == {"Kestrel", "Redwing", "Osprey", "Shrike", "Fieldfare"}
    assert {b for b, d in due.items() if TODAY <= d <= TODAY + SIX_WEEKS} == {
        "Heron", "Wren", "Teal", "Dunlin", "Harrier", "Curlew", "Hobby", "Avocet", "Bunting", "Lapwing", "Twite",
        "Whinchat", "Eider",
    }  # fmt: skip


def outline(cohort: Cohort, today: date) -> list[object]:
    return [
        (
            s.person.id,
            s.person.age_at(today),
            [(a.score.combined.score, [(f.code, f.domain) for f in a.score.flags]) for a in s.assessments],
            [(d < today, d <= today + SIX_WEEKS) for a in s.assessments[-1:] if (d := a.review_by)],
            [a.due and a.due < today for a in s.actions],
        )
        for s in cohort.stories
    ]


def test_the_cohort_is_the_same_whatever_the_day(cohort: Cohort, framework: Framework) -> None:
    expected = outline(cohort, TODAY)
    for days in [*range(0, 1461, 73), (date(2028, 2, 29) - TODAY).days, (date(2027, 8, 31) - TODAY).days]:
        day = TODAY + timedelta(days=days)
        assert outline(demo.read(FOLDER, framework, day), day) == expected, day
