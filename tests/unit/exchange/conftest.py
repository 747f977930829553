"""One invented young person with everything an assessment can hold, for the tests of documents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from chm import scoring, settings
from chm.assessments import Answers, Assessment, Evidence, Form, HistoricIncident, Judgement, Nrm
from chm.framework import load_all, newest
from chm.records import Action, ActionStatus, Referral, SafetyPlan, YoungPerson

FRAMEWORK = newest(load_all(settings.data()), "merton-2020")
TODAY = date(2026, 11, 23)
BEFORE = date(2026, 8, 20)
HERON = YoungPerson("YP-0417", "Heron Madeup", "Merton", born=date(2011, 3, 9), looked_after=False)
LEVELS = {
    **dict.fromkeys(FRAMEWORK.domain, "none"),
    "missing": "significant",
    "coercion": "moderate",
    "health": "emerging",
    "places": "significant",
    "peers": "moderate",
    "family": "significant",
    "professionals": "moderate",
}
HOSTILE = "=cmd()|'/C calc'!A0 <b>x</b> ![x](http://example.invalid/x.png) \ufffe\x07 😀"
ANSWERS = Answers(
    levels=LEVELS,
    ticks=(
        "missing.significant.01",
        "missing.moderate.01",
        "missing.none.03",
        "coercion.moderate.01",
        "health.emerging.02",
        "places.significant.01",
        "places.significant.02",
        "peers.moderate.01",
        "family.significant.03",
        "professionals.significant.02",
    ),
    reasons={"professionals": "Relationships with two workers hold, so Moderate and not Significant."},
    directions={"places.significant.02": "to"},
    evidence=(
        Evidence(
            id="E-1",
            domain="missing",
            indicator="missing.significant.01",
            text="Away from Friday night to Monday morning; would not say where.",
            on=date(2026, 10, 26),
            agency="Foster carer or care home",
            first_hand=True,
        ),
        Evidence(
            id="E-2",
            domain="places",
            text="Seen going into a flat above the shops, late, with two older people.\n"
            "Neighbours had complained before.",
            on=date(2026, 10, 30),
            agency="Police",
            first_hand=False,
        ),
        Evidence(
            id="E-3",
            domain="professionals",
            indicator="professionals.significant.02",
            text="A worker spoke of Heron unkindly.",
            on=date(2026, 10, 30),
            agency="Education",
            first_hand=True,
        ),
        Evidence(id="E-4", domain="peers", text=HOSTILE, on=date(2026, 9, 1), agency="Education", first_hand=True),
    ),
    form=Form(
        summary="School and carers are worried about new older friends.\n\nMoney and a second phone have appeared.",
        incidents=(
            HistoricIncident(
                id="H-1", on=date(2026, 2, 3), what="Found in Croydon without a way home", agency="Police"
            ),
        ),
        services="Youth Justice: prevention work, fortnightly.",
        nrm=Nrm(status="referred", referred_by="Police", referred_on=date(2026, 11, 2), outcome="Pending"),
        trusted_professional="Jo Placeholder, mentor at school",
        influential_contexts=("places", "peers"),
        influence_why="Most worries begin at the flat.",
        young_person_says="I am fine, they look after me.",
        family_says="We do not know where he goes.",
        childrens_services="yes",
        social_worker="Sam Invented",
        youth_justice="no",
        parents_act="yes",
        checklist=("check.significant.strategy",),
    ),
)
REFERRALS = [
    Referral("R-2", HERON.id, date(2026, 10, 27), "Police", "Missing for three nights", "Strategy discussion"),
    Referral("R-1", HERON.id, date(2026, 8, 1), "Education", "New phone and money"),
]


def assessed(on: date = TODAY, answers: Answers = ANSWERS, judged: str = "significant") -> Assessment:
    score = scoring.score(
        FRAMEWORK, answers.levels, assessed_on=on, age=HERON.age_at(on), referrals=[r.on for r in REFERRALS]
    )
    return Assessment(
        id="A-1",
        young_person=HERON.id,
        framework=FRAMEWORK.id,
        framework_version=FRAMEWORK.version,
        assessed_on=on,
        answers=answers,
        score=score,
        judgement=Judgement(level=judged, reason="Harm is happening now, at the flat, whatever the total says."),
        review_by=scoring.review_by(FRAMEWORK, score, judged, on),
        recorded_by="jo.placeholder",
        recorded_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )


PREVIOUS = assessed(
    BEFORE, ANSWERS.model_copy(update={"levels": {**LEVELS, "missing": "moderate", "health": "moderate"}})
)
ACTIONS = [
    Action("ACT-1", HERON.id, "place:PL-1", "disrupt", "Ask the landlord about the flat", "Community Safety",
           "Sam Invented", date(2026, 11, 10), ActionStatus.UNDER_WAY, "places", "places.step.disrupt.01",
           "Seen there twice"),
    Action("ACT-2", HERON.id, "young_person:YP-0417", "protect", "Agree when to call the police", "Parent or carer",
           "", date(2026, 12, 1), ActionStatus.OPEN, "missing"),
    Action("ACT-3", HERON.id, "young_person:YP-0417", "identify", "Map friends together", "Education", "Jo Placeholder",
           None, ActionStatus.DONE, "peers"),
    Action("ACT-4", HERON.id, "young_person:YP-0417", "disrupt", "Refer the worker to the LADO", "Education", "",
           None, ActionStatus.OPEN, "professionals", "professionals.step.disrupt.02"),
]  # fmt: skip
PLAN = SafetyPlan(
    HERON.id,
    triggers="When they ring late.\nWhen I owe somebody.",
    code_words="“Did you feed the cat?” means come and get me.",
    safe_adults="Nan. Ms Invented at school.",
    ways_out="Say I have football. Back gate by the bins.",
    numbers="Nan 020 7946 0000\nChildline 0800 1111",
)


@pytest.fixture(scope="session")
def sample() -> SimpleNamespace:
    """What the tests of documents write and then look for."""
    return SimpleNamespace(
        framework=FRAMEWORK,
        today=TODAY,
        young_person=HERON,
        answers=ANSWERS,
        hostile=HOSTILE,
        referrals=REFERRALS,
        assessed=assessed,
        previous=PREVIOUS,
        actions=ACTIONS,
        plan=PLAN,
    )
