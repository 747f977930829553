"""What to do next: recommended steps, pathway prompts, gaps in a plan, the checklist, what changed. Pure functions.

Sources: guidance, introduction (pillars, lines 90 to 98), each domain's possible next steps, and the response by
level (lines 1483 to 1571); readings B1, B8, B11, B13, B15 and C1 to C4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chm.assessments import Answers, Assessment
from chm.framework import PILLARS, Framework, Pathway, Point, Statement, Step
from chm.records import Action, ActionStatus
from chm.scoring import RANK, Score, at_least

SHOWN = 10
OWN_PILLARS = ("protect", "disrupt")
URGENT = ("police_999", "crisis", "forced_marriage")


@dataclass(frozen=True)
class Recommendation:
    """A step of the framework that fits, with why.

    `domains` holds the domain and any other whose guidance has the same step; `same_as` what else it settles.
    `eligible` is False where the law does not open it, None where that is still to be asked.
    """

    step: str
    domain: str
    domains: tuple[str, ...]
    pillar: str
    text: str
    level: str
    reason: str
    source: str
    eligibility: str | None
    eligible: bool | None
    targets: tuple[str, ...]
    influential: bool
    in_plan: bool
    prompts: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recommendations:
    """Recommended steps: `first` to show, `rest` a click away, both grouped by pillar in `pillars` order.

    `level` is the one that opened the pillars; `sure` is False where it stands on an incomplete matrix.
    """

    level: str
    sure: bool
    pillars: tuple[str, ...]
    lead_pillars: tuple[str, ...]
    first: tuple[Recommendation, ...]
    rest: tuple[Recommendation, ...]

    @property
    def all(self) -> tuple[Recommendation, ...]:
        """Every step recommended."""
        return self.first + self.rest


@dataclass(frozen=True)
class Do:
    """One thing a pathway asks for, where that stands, and whom to reach."""

    text: str
    source: str
    contact: str = ""


@dataclass(frozen=True)
class Prompt:
    """A pathway that the facts raise.

    `why` names each fact with its domain. `sure` is False where the facts are still to be asked, `option` True where
    it is only offered. `settled` says what is known to have been done, `eligibility` whom the law limits it to.
    """

    pathway: str
    title: str
    why: tuple[str, ...]
    do: tuple[Do, ...]
    urgent: bool
    contacts: tuple[str, ...] = ()
    sure: bool = True
    option: bool = False
    about_worker: bool = False
    settled: str = ""
    eligibility: str | None = None


@dataclass(frozen=True)
class Gap:
    """A Significant or Moderate domain that no action answers."""

    domain: str
    level: str
    text: str


@dataclass(frozen=True)
class Coverage:
    """How many Significant and Moderate domains a plan answers, and which it does not."""

    gaps: tuple[Gap, ...]
    covered: int
    total: int


@dataclass(frozen=True)
class Check:
    """An item of a level's checklist. `applies` is None where the answers do not tell; `when` is then what to ask."""

    id: str
    text: str
    source: str
    applies: bool | None = True
    why: str = ""
    when: str | None = None
    must: bool = False
    done: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Change:
    """A domain whose level moved between two assessments; `steps` counts levels, above 0 is more worry."""

    domain: str
    before: str
    after: str
    steps: int
    points: int

    @property
    def more(self) -> bool:
        """Whether worry grew."""
        return self.steps > 0


def source(framework: Framework, statement: Statement, page: int | None = None) -> str:
    """Where `statement` stands: in the guidance, or what it rests on outside it."""
    if statement.lines is None and statement.source:
        return f"Outside the guidance: {statement.source}"
    return framework.cite(statement.lines, page)


def recommend(
    framework: Framework,
    score: Score,
    answers: Answers,
    *,
    judged: str | None,
    age: int | None,
    looked_after: bool | None,
    in_plan: Collection[str] = (),
) -> Recommendations:
    """The framework's steps for every domain above none.

    Pillars on offer are those of the judged level, else of the combined band, else of the band the total has surely
    reached; a Moderate or Significant domain opens its own Protect and Disrupt steps whatever that level is.

    Order: Identify, the lead pillars, the others; within a pillar the contexts said to have most influence, then the
    higher level, then the higher share of the domain's maximum, then the guidance's order.

    The first ten are drawn by turns, then put in that order. Turns go Identify, each lead pillar, one of the others,
    and round again. At its turn a pillar gives the next step of the domain that has had least so far for its weight:
    an influential context or a Significant domain weighs 3, Moderate 2, Emerging 1, and a tie goes by the order.
    So neither one pillar nor one domain fills the ten, and the most serious have the most.

    Args:
        judged: level a person decided, None before that.
        in_plan: ids of steps, or of assess items they repeat, already in the plan.
    """
    level = judged or score.combined.band or at_least(score) or "none"
    response = framework.responses[level]  # type: ignore[index]
    influence = {d: n for n, d in reversed(list(enumerate(answers.form.influential_contexts)))}
    guidance_order = {d: n for n, d in enumerate(framework.domain)}

    def domain_rank(point: Point) -> tuple[Any, ...]:
        most = framework.points[point.domain]["significant"].score
        share = -point.score / most
        place = influence.get(point.domain, len(influence))
        return place, -RANK[point.level], share, guidance_order[point.domain]

    worry = sorted((p for p in score.points if RANK[p.level]), key=domain_rank)
    order = _pillar_order(response.lead_pillars)
    planned = _with_same(framework, in_plan)
    found: dict[str, dict[str, list[Recommendation]]] = {pillar: {} for pillar in order}
    offered: dict[str, tuple[str, str]] = {}
    for pillar in order:
        for point in worry:
            if pillar not in response.pillars and not (pillar in OWN_PILLARS and RANK[point.level] > 1):
                continue
            domain = framework.domain[point.domain]
            for step in domain.steps[pillar]:  # type: ignore[index]
                twin = next((t for t in step.same_as if offered.get(t, ("", ""))[0] == pillar), None)
                if twin and offered[twin][1] != domain.id:
                    _tag(found[pillar], framework, twin, point)
                    continue
                offered[step.id] = pillar, domain.id
                eligible, eligibility = _eligibility(framework, step, age, looked_after)
                found[pillar].setdefault(domain.id, []).append(
                    Recommendation(
                        step.id,
                        domain.id,
                        (domain.id,),
                        pillar,
                        step.text,
                        point.level,
                        _reason(framework, point),
                        source(framework, step, domain.page),
                        eligibility,
                        eligible,
                        step.targets,
                        domain.id in influence,
                        step.id in planned,
                        step.prompts,
                        step.same_as,
                    )
                )
    weight = {p.domain: 3 if p.domain in influence else RANK[p.level] for p in worry}
    drawn = _draw(found, response.lead_pillars, weight)
    every = [r for pillar in order for steps in found[pillar].values() for r in steps]
    return Recommendations(
        level,
        score.complete or judged is not None,
        tuple(p for p in order if found[p]),
        response.lead_pillars,
        tuple(r for r in every if r.step in drawn),
        tuple(r for r in every if r.step not in drawn),
    )


def _pillar_order(lead: Sequence[str]) -> list[str]:
    return sorted(PILLARS, key=lambda p: (p != "identify", p not in lead))


def _reason(framework: Framework, point: Point) -> str:
    return f"{framework.domain[point.domain].name} is {framework.level[point.level].name}"


def _tag(found: dict[str, list[Recommendation]], framework: Framework, twin: str, point: Point) -> None:
    steps = found[framework.steps[twin][0].id]
    n = next(n for n, r in enumerate(steps) if r.step == twin)
    reason = f"{steps[n].reason}; {_reason(framework, point)}"
    steps[n] = replace(steps[n], domains=(*steps[n].domains, point.domain), reason=reason)


def _with_same(framework: Framework, ids: Collection[str]) -> set[str]:
    return {
        id for id, (_, _, step) in framework.steps.items() if id in ids or any(other in ids for other in step.same_as)
    }


def _draw(
    found: Mapping[str, Mapping[str, Sequence[Recommendation]]], lead: Sequence[str], weight: Mapping[str, int]
) -> set[str]:
    left = {pillar: {d: list(steps) for d, steps in by_domain.items()} for pillar, by_domain in found.items()}
    others = [p for p in found if p != "identify" and p not in lead]
    had = dict.fromkeys(weight, 0)
    drawn: set[str] = set()
    while any(queue for queues in left.values() for queue in queues.values()):
        others = others[1:] + others[:1] if drawn else others
        turn = ["identify", *(p for p in found if p in lead)]
        turn += [p for p in others if any(left[p].values())][:1]
        for pillar in turn:
            waiting = [d for d, queue in left[pillar].items() if queue]
            if not waiting:
                continue
            domain = min(waiting, key=lambda d: (had[d] + 1) / weight[d])
            had[domain] += 1
            drawn.add(left[pillar][domain].pop(0).step)
            if len(drawn) == SHOWN:
                return drawn
    return drawn


def _eligibility(
    framework: Framework, step: Step, age: int | None, looked_after: bool | None
) -> tuple[bool | None, str | None]:
    words = f"{step.text} {step.eligibility or ''}"
    for pathway in framework.pathways:
        if pathway.age and "under" in pathway.age and (pathway.id in step.prompts or pathway.id.upper() in words):
            return _by_age(pathway, age, looked_after)
    return True, step.eligibility


def _by_age(pathway: Pathway, age: int | None, looked_after: bool | None) -> tuple[bool | None, str]:
    under, in_care = pathway.age["under"], pathway.age["under_in_care"]  # type: ignore[index]
    name = pathway.id.upper()
    limits = f"{name}: discuss with police; only under {under}, or under {in_care} in care."
    if age is None:
        return None, f"{limits} Age is not known: ask."
    if age < under:
        return True, limits
    if age >= in_care:
        return False, f"{limits} Not open at {age}. Ask police what else is."
    if looked_after is None:
        return None, f"{limits} At {age} it is open only in care: ask."
    if looked_after:
        return True, f"{limits} Open at {age} only under an order: check with police."
    return False, f"{limits} Not open at {age} and not in care. Ask police what else is."


def prompts(
    framework: Framework, score: Score, answers: Answers, age: int | None, looked_after: bool | None
) -> tuple[Prompt, ...]:
    """Pathways raised by what is ticked: 999 first, then crisis help, then in the guidance's order, options last.

    Ticked pathway criteria and radicalisation thresholds count as facts of their own pathway. Where a domain is
    Significant with nothing ticked, crisis help it could call for is raised as a question.
    """
    facts: dict[str, list[str]] = {}
    for id in answers.ticks:
        if id in framework.indicators:
            domain, level, indicator = framework.indicators[id]
            for pathway in indicator.prompts:
                facts.setdefault(pathway, []).append(
                    f"{domain.name}, {framework.level[level].name}: “{indicator.text}”"
                )
    for p in framework.pathways:
        for criterion in [c for c in p.criteria if c.id in answers.ticks]:
            for other in criterion.prompts:
                facts.setdefault(other, []).append(f"{p.title}: “{criterion.text}”")
        own = (*p.criteria, *(s for statements in p.thresholds.values() for s in statements))
        said = [f"{p.title}: “{s.text}”" for s in own if s.id in answers.ticks]
        if said:
            facts.setdefault(p.id, []).extend(said)
    asked = {} if "crisis" in facts else _crisis_to_ask(framework, score, answers)
    raised = [
        _prompt(framework, p, tuple(why), p.id in facts, answers, age, looked_after)
        for p in framework.pathways
        if (why := facts.get(p.id) or asked.get(p.id))
    ]
    first = {id: n for n, id in enumerate(URGENT[:2])}
    return tuple(sorted(raised, key=lambda p: (p.option, first.get(p.pathway, len(first)), bool(p.settled))))


def _crisis_to_ask(framework: Framework, score: Score, answers: Answers) -> dict[str, list[str]]:
    why = []
    for domain in (framework.domain[d] for d in score.significant):
        cell = domain.levels["significant"]
        if any("crisis" in i.prompts for i in cell) and not any(i.id in answers.ticks for i in cell):
            why.append(f"{domain.name} is Significant and nothing is ticked: is self-harm or suicide part of it?")
    return {"crisis": why} if why else {}


def _prompt(
    framework: Framework,
    pathway: Pathway,
    why: tuple[str, ...],
    sure: bool,
    answers: Answers,
    age: int | None,
    looked_after: bool | None,
) -> Prompt:
    nrm = answers.form.nrm
    settled = ""
    if pathway.id == "nrm" and nrm.status == "referred":
        by = f" by {nrm.referred_by}" if nrm.referred_by else ""
        on = f" on {nrm.referred_on.day} {nrm.referred_on:%B %Y}" if nrm.referred_on else ""
        settled = f"Referred{by}{on}. Outcome: {nrm.outcome or 'not recorded'}."
    limited = bool(pathway.age and "under" in pathway.age)
    return Prompt(
        pathway.id,
        pathway.title,
        why,
        tuple(
            Do(d.text, source(framework, d), _contact(framework, d.service))
            for d in pathway.do
            if age is None or _in_age(d.age or {}, age)
        ),
        urgent=pathway.id in URGENT,
        contacts=tuple(c for service in pathway.services for c in _lines_to_call(framework, service)),
        sure=sure,
        option=not pathway.automatic,
        about_worker=pathway.about_worker,
        settled=settled,
        eligibility=_by_age(pathway, age, looked_after)[1] if limited else None,
    )


def _in_age(rule: Mapping[str, int], age: int) -> bool:
    return rule.get("least", 0) <= age < rule.get("under", age + 1)


def _service(framework: Framework, id: str) -> dict[str, Any]:
    services: dict[str, dict[str, Any]] = framework.local.get("services", {})
    return services.get(id, {})


def _contact(framework: Framework, id: str | None) -> str:
    known = _service(framework, id) if id else {}
    return ", ".join(str(known[k]) for k in ("name", "phone", "email") if known.get(k))


def _lines_to_call(framework: Framework, id: str) -> Iterator[str]:
    for line in _service(framework, id).get("lines_to_call", []):
        yield f"{line['name']}: " + (line.get("phone") or f"{line['message']} to {line['text_to']}")


def coverage(framework: Framework, score: Score, actions: Sequence[Action]) -> Coverage:
    """Which Significant and Moderate domains have an action that is open, under way or done; gaps worst first."""
    answered = {d for a in actions if a.status != ActionStatus.DROPPED for d in _answers(framework, a)}
    serious = [p for p in score.points if RANK[p.level] > 1]
    serious.sort(key=lambda p: (-RANK[p.level], -p.score / framework.points[p.domain]["significant"].score))
    gaps = tuple(
        Gap(p.domain, p.level, f"{_reason(framework, p)} and has no action.")
        for p in serious
        if p.domain not in answered
    )
    return Coverage(gaps, len(serious) - len(gaps), len(serious))


def _answers(framework: Framework, action: Action) -> Iterator[str]:
    if action.domain:
        yield action.domain
    if action.step in framework.steps:
        domain, _, step = framework.steps[action.step]
        yield domain.id
        yield from (framework.steps[s][0].id for s in step.same_as if s in framework.steps)


def checklist(framework: Framework, level: str, answers: Answers, score: Score) -> tuple[Check, ...]:
    """The checklist of `level` in the guidance's order, each condition settled where the answers tell.

    An item that does not apply stays in the list, with why.
    """
    rulings = _rulings(framework, answers, score)
    checks = []
    for item in framework.responses[level].checklist:  # type: ignore[index]
        topic = item.id.rsplit(".", 1)[-1]
        applies, why = rulings.get(topic, (None if item.when else True, ""))
        must = topic == "social_worker" and applies is True
        done = item.id in answers.form.checklist
        cite = source(framework, item)
        checks.append(Check(item.id, item.text, cite, applies, why, item.when, must, done, item.note))
    return tuple(checks)


Ruling = tuple[bool | None, str]
UNKNOWN: Ruling = (None, "")


def _rulings(framework: Framework, answers: Answers, score: Score) -> dict[str, Ruling]:
    """What the answers say of the checklist's conditions, by the last word of an item's id."""
    form = answers.form
    levels = {p.domain: p.level for p in score.points}
    raised = {p for id in answers.ticks if id in framework.indicators for p in framework.indicators[id][2].prompts}

    def above_none(domain: str) -> Ruling:
        if domain not in levels:
            return UNKNOWN
        level = levels[domain]
        return level != "none", f"{framework.domain[domain].name} is {framework.level[level].name}"

    opened, not_open = "Open to Children's Services", "Not open to Children's Services"
    worker = f"{opened}: {form.social_worker}" if form.social_worker else opened
    trafficking = UNKNOWN
    if form.nrm.status == "referred":
        trafficking = True, "Referred to the National Referral Mechanism"
    elif "nrm" in raised:
        trafficking = True, "Trafficking or exploitation is ticked"
    return {
        "danger": (True, "An immediate danger is ticked") if "police_999" in raised else UNKNOWN,
        "referral": {"yes": (False, opened), "no": (True, not_open)}.get(form.childrens_services, UNKNOWN),
        "social_worker": {"yes": (True, worker), "no": (False, not_open)}.get(form.childrens_services, UNKNOWN),
        "youth_justice": {"yes": (True, "Open to Youth Justice"), "no": (False, "Not open to Youth Justice")}.get(
            form.youth_justice, UNKNOWN
        ),
        "detox": above_none("substance"),
        "return_home": above_none("missing"),
        "trafficking": trafficking,
        "child_protection_plan": (
            True,
            {
                "yes": "Parents or carers act on the risk: a plan may not be needed",
                "no": "Parents or carers do not act on the risk: a plan may be appropriate",
                "not_known": "Not yet known whether parents or carers act on the risk: ask",
            }[form.parents_act],
        ),
        "partners": (True, "; ".join(p.detail for n, p in enumerate(framework.partners) if not _again(framework, n))),
    }


def _again(framework: Framework, n: int) -> bool:
    return framework.partners[n].alternative_to in [p.id for p in framework.partners[:n]]


def changes(before: Assessment, after: Assessment) -> tuple[Change, ...]:
    """Domains whose level moved from one assessment to the next, biggest move first, more worry before less."""
    earlier = {p.domain: p for p in before.score.points}
    moved = (
        Change(p.domain, was.level, p.level, RANK[p.level] - RANK[was.level], p.score - was.score)
        for p in after.score.points
        if (was := earlier.get(p.domain)) and was.level != p.level
    )
    return tuple(sorted(moved, key=lambda c: (-abs(c.steps), -abs(c.points), not c.more)))
