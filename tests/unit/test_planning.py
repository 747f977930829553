"""What is recommended, prompted, missing from a plan, to check, and changed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from chm import planning, settings
from chm.assessments import Answers, Assessment, Form, Judgement, Nrm
from chm.framework import LEVELS, PILLARS, load_all, newest
from chm.records import Action, ActionStatus
from chm.scoring import Score, score

DAY = date(2026, 11, 23)
FRAMEWORK = newest(load_all(settings.data()), "merton-2020")
ALL_NONE = dict.fromkeys(FRAMEWORK.domain, "none")


def scored(**levels: str) -> Score:
    return score(FRAMEWORK, {**ALL_NONE, **levels}, assessed_on=DAY)


def recommend(levels: dict[str, str], **given: object) -> planning.Recommendations:
    known = {"judged": None, "age": 15, "looked_after": False, **given}
    answers = known.pop("answers", Answers())
    return planning.recommend(FRAMEWORK, scored(**levels), answers, **known)  # type: ignore[arg-type]


def influenced(*contexts: str) -> Answers:
    return Answers(form=Form(influential_contexts=contexts))


def action(domain: str | None = None, step: str | None = None, status: ActionStatus = ActionStatus.OPEN) -> Action:
    return Action(
        "ACT-1", "YP-0001", "young_person:YP-0001", "support", "Meet", "Education", "", None, status, domain, step
    )


def assessment(**levels: str) -> Assessment:
    every = {**ALL_NONE, **levels}
    return Assessment(
        id="A-1",
        young_person="YP-0001",
        framework="merton-2020",
        framework_version=1,
        assessed_on=DAY,
        answers=Answers(levels=every),
        score=scored(**levels),
        judgement=Judgement(level="none", reason="Invented"),
        review_by=None,
        recorded_by="jo",
        recorded_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )


SERIOUS = {
    "missing": "significant",
    "places": "significant",
    "coercion": "moderate",
    "social_media": "moderate",
    "peers": "moderate",
    "education": "moderate",
    "family": "emerging",
    "self": "emerging",
    "substance": "emerging",
}


class TestRecommend:
    def test_no_concern_anywhere_recommends_nothing(self) -> None:
        found = recommend({})
        assert found.all == ()
        assert found.level == "none"

    def test_steps_are_those_of_domains_above_none_once_each(self) -> None:
        found = recommend(SERIOUS, judged="significant")
        steps = [r.step for r in found.all]
        assert len(steps) == len(set(steps))
        offered = {d for r in found.all for d in r.domains}
        assert offered == set(SERIOUS)
        expected = {s.id for d in SERIOUS for p in PILLARS for s in FRAMEWORK.domain[d].steps[p]}
        assert expected - set(steps) == {"family.step.prevent.01", "family.step.prevent.02"}

    def test_a_step_two_domains_share_is_offered_once_with_both(self) -> None:
        found = {r.step: r for r in recommend(SERIOUS, judged="significant").all}
        shared = found["peers.step.prevent.02"]
        assert shared.domains == ("peers", "family")
        assert shared.reason == "Peers and relationships is Moderate; Family and accommodation is Emerging"
        alone = {r.step for r in recommend({"family": "emerging"}, judged="emerging").all}
        assert "family.step.prevent.02" in alone

    @pytest.mark.parametrize(
        ("level", "pillars"),
        [
            ("none", ("identify", "prevent")),
            ("emerging", ("identify", "support", "prevent")),
            ("moderate", ("identify", "support", "disrupt", "prevent", "protect")),
            ("significant", ("identify", "protect", "disrupt", "prevent", "support")),
        ],
    )
    def test_pillars_follow_the_judged_level_lead_pillars_first(self, level: str, pillars: tuple[str, ...]) -> None:
        found = recommend({"missing": "emerging"}, judged=level)
        assert found.pillars == pillars
        assert {r.pillar for r in found.all} == set(pillars)

    def test_a_significant_domain_under_a_low_total_opens_its_own_protect_and_disrupt(self) -> None:
        found = recommend({"health": "significant", "education": "emerging"})
        assert found.level == "none"
        assert {(r.domain, r.pillar) for r in found.all} == {
            ("health", "identify"),
            ("health", "prevent"),
            ("health", "protect"),
            ("health", "disrupt"),
            ("education", "identify"),
            ("education", "prevent"),
        }

    def test_an_incomplete_matrix_uses_the_band_surely_reached(self) -> None:
        part = score(FRAMEWORK, {"coercion": "significant"}, assessed_on=DAY)
        found = planning.recommend(FRAMEWORK, part, Answers(), judged=None, age=15, looked_after=False)
        assert (found.level, found.sure) == ("emerging", False)
        judged = planning.recommend(FRAMEWORK, part, Answers(), judged="moderate", age=15, looked_after=False)
        assert (judged.level, judged.sure) == ("moderate", True)

    def test_order_is_pillar_then_influence_then_level_then_share_then_guidance(self) -> None:
        answers = influenced("self", "family")
        found = recommend(SERIOUS, judged="significant", answers=answers)
        pillars = ["identify", "protect", "disrupt", "prevent", "support"]
        for shown in (found.first, found.rest):
            assert [pillars.index(r.pillar) for r in shown] == sorted(pillars.index(r.pillar) for r in shown)
        support = list(dict.fromkeys(r.domain for r in found.rest if r.pillar == "support"))
        assert support == [
            "self", "family", "missing", "places", "education", "coercion", "social_media", "peers", "substance"
        ]  # fmt: skip
        assert found.first[0].domain == "self"
        assert [r.influential for r in found.all] == [r.domain in ("self", "family") for r in found.all]

    def test_ten_first_spread_over_pillars_and_domains_with_the_most_serious_most(self) -> None:
        found = recommend(SERIOUS, judged="significant")
        assert len(found.first) == 10
        assert Counter(r.pillar for r in found.first) == {
            "identify": 3, "protect": 3, "disrupt": 2, "prevent": 1, "support": 1
        }  # fmt: skip
        had = Counter(r.domain for r in found.first)
        assert set(had) == {"missing", "places", "coercion", "social_media", "peers", "education"}
        assert max(had.values()) <= 3
        assert min(had["missing"], had["places"]) >= max(had[d] for d in had if d not in ("missing", "places"))
        assert found.first[0].reason == "Running away or missing is Significant"

    def test_one_domain_alone_fills_the_ten(self) -> None:
        found = recommend({"missing": "significant"}, judged="significant")
        assert len(found.first) == 10
        assert len(found.all) == 23

    def test_source_names_page_and_lines(self) -> None:
        found = {r.step: r for r in recommend({"places": "significant"}).all}
        assert found["places.step.protect.02"].source == "Guidance p. 22, line 920"
        assert found["places.step.protect.02"].targets == ("place",)

    def test_steps_in_the_plan_are_marked_with_what_says_the_same(self) -> None:
        found = recommend(SERIOUS, judged="significant", in_plan=["family.step.prevent.02", "missing.assess.02"])
        assert {r.step for r in found.all if r.in_plan} == {
            "peers.step.prevent.02",
            "missing.step.identify.02",
            "missing.step.identify.03",
        }

    @pytest.mark.parametrize(
        ("age", "looked_after", "eligible", "says"),
        [
            (15, False, True, "CAWN: discuss with police; only under 16, or under 18 in care."),
            (15, None, True, "discuss with police"),
            (16, False, False, "Not open at 16 and not in care."),
            (17, True, True, "Open at 17 only under an order: check with police."),
            (16, None, None, "At 16 it is open only in care: ask."),
            (18, True, False, "Not open at 18."),
            (None, True, None, "Age is not known: ask."),
        ],
    )
    def test_an_abduction_notice_says_for_whom_it_is_open(
        self, age: int | None, looked_after: bool | None, eligible: bool | None, says: str
    ) -> None:
        found = recommend({"peers": "significant", "coercion": "moderate"}, age=age, looked_after=looked_after)
        steps = [r for r in found.all if r.step in ("peers.step.disrupt.01", "coercion.step.disrupt.01")]
        assert len(steps) == 2
        assert all(r.eligible is eligible and says in (r.eligibility or "") for r in steps)
        assert all("discuss with police" in (r.eligibility or "") for r in steps)

    def test_other_eligibility_stays_as_the_framework_words_it(self) -> None:
        found = {r.step: r for r in recommend({"offending": "significant"}).all}
        assert found["offending.step.disrupt.03"].eligibility == "Only where there is a Youth Court order"
        assert found["offending.step.disrupt.03"].eligible is True

    @pytest.mark.parametrize("level", LEVELS)
    def test_every_level_in_every_domain_recommends_without_loss(self, level: str) -> None:
        found = recommend(dict.fromkeys(FRAMEWORK.domain, level))
        if level == "none":
            assert not found.all
            return
        pillars = set(FRAMEWORK.responses[found.level].pillars)  # type: ignore[index]
        total = sum(len(s) for d in FRAMEWORK.domains for p, s in d.steps.items() if p in pillars)
        assert len(found.first) == 10
        assert len(found.all) == total - 2


class TestPrompts:
    def raised(self, *ticks: str, age: int | None = 15, form: Form | None = None, **levels: str):  # type: ignore[no-untyped-def]
        answers = Answers(ticks=ticks, form=form or Form())
        return planning.prompts(FRAMEWORK, scored(**levels), answers, age, False)

    def test_nothing_ticked_raises_nothing(self) -> None:
        assert self.raised() == ()
        assert self.raised(coercion="significant") == ()

    def test_999_then_crisis_then_the_rest_and_lado_last_as_an_option(self) -> None:
        found = self.raised(
            "professionals.significant.02", "places.significant.01", "health.significant.03", "missing.significant.06"
        )
        assert [p.pathway for p in found] == ["police_999", "crisis", "missing", "nrm", "lado"]
        assert [p.urgent for p in found][:2] == [True, True]
        lado = found[-1]
        assert (lado.pathway, lado.option, lado.urgent, lado.about_worker) == ("lado", True, False, True)
        assert not any(p.option for p in found[:-1])

    def test_why_names_the_statement_and_its_domain(self) -> None:
        (crisis,) = self.raised("health.significant.03")
        assert crisis.why == ("Physical and emotional health, Significant: “Suicidal thoughts (ideation)”",)
        assert "Childline: 0800 1111" in crisis.contacts
        assert "Shout (text): SHOUT to 85258" in crisis.contacts
        assert crisis.do[0].text == "Life at risk, or an overdose taken: call 999 or go to A&E"
        assert crisis.do[0].source == "Outside the guidance: NHS advice on mental health emergencies"
        assert crisis.do[2].source == "Guidance line 813"

    def test_significant_health_with_nothing_ticked_asks_about_crisis(self) -> None:
        (crisis,) = self.raised(health="significant")
        assert (crisis.pathway, crisis.sure, crisis.urgent) == ("crisis", False, True)
        assert crisis.why == (
            "Physical and emotional health is Significant and nothing is ticked: is self-harm or suicide part of it?",
        )
        assert self.raised("health.significant.04", health="significant") == ()

    @pytest.mark.parametrize(
        ("age", "marac", "under"), [(15, False, True), (16, True, False), (18, True, False), (None, True, True)]
    )
    def test_relationship_abuse_asks_for_marac_from_16_and_safeguarding_under(
        self, age: int | None, marac: bool, under: bool
    ) -> None:
        (dash,) = self.raised("dash.06", age=age)
        texts = [d.text for d in dash.do]
        assert dash.pathway == "dash"
        assert any("MARAC" in t for t in texts) is marac
        assert any(t.startswith("Under 16: make a safeguarding referral") for t in texts) is under

    def test_marac_comes_with_whom_to_write_to(self) -> None:
        (dash,) = self.raised("dash.01", age=17)
        assert [d.contact for d in dash.do if "MARAC" in d.text] == ["MARAC, merton.marac@merton.gov.uk"]

    def test_a_radicalisation_threshold_raises_the_prevent_lead(self) -> None:
        (lead,) = self.raised("radicalisation.moderate.03")
        assert lead.pathway == "prevent_lead"
        assert lead.why == (
            "Radicalisation or extremist views: “Is connected with people or groups whose extreme views are known”",
        )

    def test_nrm_already_referred_says_so(self) -> None:
        form = Form(nrm=Nrm(status="referred", referred_by="Police", referred_on=date(2026, 5, 3)))
        (nrm,) = self.raised("coercion.significant.05", form=form)
        assert nrm.settled == "Referred by Police on 3 May 2026. Outcome: not recorded."
        assert self.raised("coercion.significant.05")[0].settled == ""

    def test_every_indicator_that_prompts_raises_its_pathways(self) -> None:
        for id, (_, _, indicator) in FRAMEWORK.indicators.items():
            assert {p.pathway for p in self.raised(id)} == set(indicator.prompts), id


class TestCoverage:
    def test_gaps_are_the_serious_domains_without_an_action_significant_first(self) -> None:
        found = planning.coverage(FRAMEWORK, scored(**SERIOUS), [action("missing"), action("coercion")])
        assert [(g.domain, g.level) for g in found.gaps] == [
            ("places", "significant"),
            ("education", "moderate"),
            ("social_media", "moderate"),
            ("peers", "moderate"),
        ]
        assert found.gaps[0].text == "Places and spaces is Significant and has no action."
        assert (found.covered, found.total) == (2, 6)

    @pytest.mark.parametrize(
        ("status", "covered"),
        [(ActionStatus.OPEN, 1), (ActionStatus.UNDER_WAY, 1), (ActionStatus.DONE, 1), (ActionStatus.DROPPED, 0)],
    )
    def test_a_dropped_action_answers_nothing(self, status: ActionStatus, covered: int) -> None:
        found = planning.coverage(FRAMEWORK, scored(peers="moderate"), [action("peers", status=status)])
        assert (found.covered, found.total) == (covered, 1)

    def test_a_shared_step_answers_both_domains(self) -> None:
        done = action(step="peers.step.prevent.02")
        found = planning.coverage(FRAMEWORK, scored(peers="moderate", family="moderate"), [done])
        assert (found.gaps, found.covered) == ((), 2)

    def test_emerging_domains_are_not_counted(self) -> None:
        assert planning.coverage(FRAMEWORK, scored(peers="emerging"), []) == planning.Coverage((), 0, 0)


class TestChecklist:
    def items(self, level: str = "significant", ticks: tuple[str, ...] = (), levels: dict[str, str] | None = None,
              **form: object) -> dict[str, planning.Check]:  # fmt: skip
        answers = Answers(ticks=ticks, form=Form(**form))  # type: ignore[arg-type]
        found = planning.checklist(FRAMEWORK, level, answers, scored(**(levels or {})))
        assert [c.id for c in found] == [s.id for s in FRAMEWORK.responses[level].checklist]  # type: ignore[index]
        return {c.id.rsplit(".", 1)[1]: c for c in found}

    def test_no_concern_has_none(self) -> None:
        assert self.items("none") == {}

    @pytest.mark.parametrize(
        ("answer", "referral", "worker"), [("yes", False, True), ("no", True, False), ("not_known", None, None)]
    )
    def test_referral_or_the_social_workers_advice(
        self, answer: str, referral: bool | None, worker: bool | None
    ) -> None:
        found = self.items(childrens_services=answer, social_worker="Sam Invented")
        assert (found["referral"].applies, found["social_worker"].applies) == (referral, worker)
        assert found["social_worker"].must is bool(worker)
        assert (found["social_worker"].why == "Open to Children's Services: Sam Invented") is bool(worker)
        assert found["referral"].source == "Guidance line 1534"
        assert found["referral"].when == "Not already open to Children's Services"

    @pytest.mark.parametrize(("answer", "applies"), [("yes", True), ("no", False), ("not_known", None)])
    def test_youth_justice(self, answer: str, applies: bool | None) -> None:
        assert self.items(youth_justice=answer)["youth_justice"].applies is applies

    @pytest.mark.parametrize(("level", "applies"), [("none", False), ("emerging", True), ("significant", True)])
    def test_detox_and_return_home_follow_their_domains(self, level: str, applies: bool) -> None:
        found = self.items(levels={"substance": level, "missing": level})
        assert (found["detox"].applies, found["return_home"].applies) == (applies, applies)
        assert found["detox"].why == f"{FRAMEWORK.domain['substance'].name} is {level.title()}"

    def test_an_open_domain_leaves_the_question(self) -> None:
        part = score(FRAMEWORK, {"coercion": "significant"}, assessed_on=DAY)
        found = {c.id: c for c in planning.checklist(FRAMEWORK, "significant", Answers(), part)}
        assert found["check.significant.detox"].applies is None

    def test_facts_ticked_settle_danger_and_trafficking(self) -> None:
        found = self.items(ticks=("coercion.significant.08", "coercion.significant.11"))
        assert (found["danger"].applies, found["trafficking"].applies) == (True, True)
        assert (self.items()["danger"].applies, self.items()["trafficking"].applies) == (None, None)
        assert (
            self.items(nrm={"status": "referred"})["trafficking"].why == "Referred to the National Referral Mechanism"
        )

    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            ("yes", "Parents or carers act on the risk: a plan may not be needed"),
            ("no", "Parents or carers do not act on the risk: a plan may be appropriate"),
            ("not_known", "Not yet known whether parents or carers act on the risk: ask"),
        ],
    )
    @pytest.mark.parametrize("level", ["moderate", "significant"])
    def test_child_protection_plan_is_weighed_by_what_parents_do(self, level: str, answer: str, says: str) -> None:
        plan = self.items(level, parents_act=answer)["child_protection_plan"]
        assert (plan.applies, plan.why) == (True, says)

    def test_ticked_items_are_done(self) -> None:
        found = self.items(checklist=("check.significant.alerts",))
        assert [topic for topic, c in found.items() if c.done] == ["alerts"]


class TestChanges:
    def test_biggest_first_more_worry_before_less(self) -> None:
        before = assessment(missing="moderate", education="significant", peers="emerging", substance="none")
        after = assessment(missing="significant", education="emerging", peers="none", substance="emerging")
        found = planning.changes(before, after)
        assert [(c.domain, c.before, c.after, c.steps, c.points, c.more) for c in found] == [
            ("education", "significant", "emerging", -2, -5, False),
            ("missing", "moderate", "significant", 1, 4, True),
            ("peers", "emerging", "none", -1, -3, False),
            ("substance", "none", "emerging", 1, 1, True),
        ]

    def test_a_tie_puts_more_worry_first(self) -> None:
        found = planning.changes(assessment(coercion="emerging"), assessment(peers="emerging"))
        assert [(c.domain, c.more) for c in found] == [("peers", True), ("coercion", False)]

    def test_nothing_moved(self) -> None:
        assert planning.changes(assessment(**SERIOUS), assessment(**SERIOUS)) == ()
