"""Recording an assessment: what was said is scored anew, judged, kept for good."""

from __future__ import annotations

from chm.access import Permission
from chm.assessments import Answers, Assessment, Draft, Judgement
from chm.casework import frameworks
from chm.casework.checks import Checks, spoken
from chm.casework.desk import Work, intention, new_id
from chm.errors import NotFound
from chm.framework import Framework
from chm.records import Incident, Notice, Role, YoungPerson
from chm.scoring import Score, judged_below, review_by, score, suggest
from chm.store import assessments, drafts, notices, people, users

FORM_INCIDENT = "historical"


@intention(Permission.SCORE, about="young_person")
def record(work: Work, young_person: str, draft: Draft, judgement: Judgement) -> Assessment:
    """Records the draft's answers as an assessment and closes the draft, all or nothing.

    Raises:
        Faults: a domain is open, a date impossible, a reason missing, or the framework was edited after use.
        Conflict: somebody else saved, recorded or discarded the draft since.
    """
    if draft.young_person != young_person:
        raise NotFound("No such draft, or none that you may open")
    kept = drafts.held(work.session, draft)
    said, judged = spoken(draft.answers), spoken(judgement)
    framework = frameworks.known(kept.framework, kept.framework_version)
    person = people.get(work.session, young_person)
    checks = Checks(work.today)
    checks.past("assessed on", draft.assessed_on, person)
    _check(checks, framework, said, judged, person)
    checks.done()
    assessments.fix_framework(work.session, framework, using=True)
    computed = score(
        framework,
        said.levels,
        assessed_on=draft.assessed_on,
        age=person.age_at(draft.assessed_on),
        referrals=[r.on for r in people.referrals(work.session, young_person)],
        review_due=assessments.review_due(work.session, young_person),
    )
    assessment = Assessment(
        id=new_id("A"),
        young_person=young_person,
        framework=framework.id,
        framework_version=framework.version,
        assessed_on=draft.assessed_on,
        answers=_kept(framework, said),
        score=computed,
        judgement=judged,
        review_by=review_by(framework, computed, judged.level, draft.assessed_on),
        recorded_by=work.user.id,
        recorded_at=work.now,
    )
    assessments.add(work.session, assessment)
    drafts.close(work.session, young_person)
    for entry in said.form.incidents:
        copy = Incident(
            new_id("INC"), young_person, entry.on, FORM_INCIDENT, entry.what, entry.agency, first_hand=False
        )
        people.add_incident(work.session, copy, entry.id)
    if judged_below(computed, judged.level):
        _tell_leads(work, framework, computed, assessment)
    work.why = assessment.id
    return assessment


def _check(checks: Checks, framework: Framework, said: Answers, judged: Judgement, person: YoungPerson) -> None:
    for id, level in said.levels.items():
        checks.need(id in framework.domain, f"levels.{id[:40]}: unknown domain; take one of the framework's")
        checks.need(level in framework.level, f"levels.{id[:40]}: unknown level; take one of the framework's")
    for domain in (d for d in framework.domains if d.id not in said.levels):
        checks.need(False, f"levels.{domain.id}: {domain.name} is still open; choose a level")
    for tick in said.ticks:
        checks.need(tick in framework.tickable, f"ticks.{tick[:40]}: unknown indicator; take one of the framework's")
    for domain in framework.domains:
        suggested, chosen = suggest(framework, domain.id, said.ticks).level, said.levels.get(domain.id)
        if suggested and chosen and suggested != chosen:
            names = framework.level[suggested].name, domain.name
            fault = f"reasons.{domain.id}: the ticks suggest {names[0]} for {names[1]}; write why you chose otherwise"
            checks.need(bool(said.reasons.get(domain.id)), fault)
    ids = [e.id for e in said.evidence]
    checks.need(len(ids) == len(set(ids)), "evidence: two pieces share an id; take one out and add it again")
    for n, e in enumerate(said.evidence, 1):
        checks.need(e.domain in framework.domain, f"evidence {n}: unknown domain; take one of the framework's")
        known = e.indicator is None or e.indicator in framework.indicators
        checks.need(known, f"evidence {n}: unknown indicator; take one of the framework's")
        checks.need(bool(e.text), f"evidence {n}: empty; write what is known, or take it out")
        where = framework.domain[e.domain].name if e.domain in framework.domain else f"entry {n}"
        checks.past(f"evidence for {where}, {e.on:%d/%m/%Y}", e.on, person)
    for n, i in enumerate(said.form.incidents, 1):
        checks.past(f"historical incident {n}", i.on, person)
    checks.past("NRM referral", said.form.nrm.referred_on, person)
    checks.need(judged.level in framework.level, "judgement: unknown level; take one of the framework's")


def _kept(framework: Framework, said: Answers) -> Answers:
    ticks = tuple(dict.fromkeys(said.ticks))
    return said.model_copy(
        update={
            "levels": {d.id: said.levels[d.id] for d in framework.domains},
            "ticks": ticks,
            "reasons": {d.id: said.reasons[d.id] for d in framework.domains if said.reasons.get(d.id)},
            "directions": {t: said.directions[t] for t in ticks if t in said.directions},
            "form": said.form.model_copy(update={"judged_level": "", "judged_reason": ""}),
        }
    )


def _tell_leads(work: Work, framework: Framework, computed: Score, assessment: Assessment) -> None:
    judged, highest = (
        framework.level[level].band_name
        for level in (assessment.judgement.level, computed.highest_band or assessment.judgement.level)
    )
    text = f"Judged {judged}, below the computed band {highest}: look at the reason"
    for lead in users.with_role(work.session, Role.SAFEGUARDING_LEAD):
        notices.add(work.session, Notice(new_id("N"), lead.id, assessment.young_person, text, work.now))
