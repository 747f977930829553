"""An assessment as a Word document fit to attach to a referral, and a safety plan to take away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from docx.document import Document
from docx.text.paragraph import Paragraph

from chm import planning, scoring
from chm.assessments import Assessment, Evidence
from chm.errors import NotPermitted
from chm.exchange import word
from chm.exchange.word import day_short, day_text
from chm.framework import AXES, LEVELS, Domain, Framework
from chm.records import Action, ActionStatus, Referral, SafetyPlan, YoungPerson
from chm.scoring import AXIS_NAMES

MARKING = "OFFICIAL-SENSITIVE"
AXIS_HEADINGS = {"harm": "Experiences of harm", "context": "Contexts", "combined": "Combined"}
DIRECTIONS = {"to": "to the young person", "by": "by the young person", "both": "to and by the young person"}
ANSWERS = {"yes": "Yes", "no": "No", "not_known": "Not known"}
NRM = {"not_known": "Not known", "not_referred": "Not referred", "referred": "Referred"}
STATUSES = {
    ActionStatus.OPEN: "Open",
    ActionStatus.UNDER_WAY: "Under way",
    ActionStatus.DONE: "Done",
    ActionStatus.DROPPED: "Dropped",
}
APPLIES = {True: "", False: "Does not apply. ", None: "To be asked. "}
PLAN_PARTS = (
    ("triggers", "What can set things off"),
    ("code_words", "My code words"),
    ("safe_adults", "Adults I feel safe with"),
    ("ways_out", "Ways out"),
    ("numbers", "Numbers I can call"),
)


def document_name(young_person_id: str, assessed_on: date) -> str:
    """A file name that says which record and day, and nothing of the person."""
    return f"{_safe(young_person_id)}-assessment-{assessed_on.isoformat()}.docx"


def safety_plan_name(young_person_id: str) -> str:
    """A file name for a safety plan."""
    return f"{_safe(young_person_id)}-safety-plan.docx"


def _safe(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", id).strip("-") or "record"


def assessment_document(
    framework: Framework,
    young_person: YoungPerson,
    assessment: Assessment,
    previous: Assessment | None,
    referrals: Sequence[Referral],
    actions: Sequence[Action],
    today: date,
    *,
    recorded_by: str = "",
) -> bytes:
    """The whole assessment in Word.

    What is about a worker's own conduct stays out, and the document says how many such entries it leaves out.

    Args:
        framework: the version the assessment was made under.
        previous: the assessment before it, to say what changed.
        recorded_by: name to show for who recorded it, else the user's id.
    """
    document = word.new("Contextual harm assessment", today)
    word.running(document, MARKING, f"{young_person.id}, assessed {day_text(assessment.assessed_on)}")
    _Writer(document, framework, assessment, today).write(
        young_person, previous, referrals, actions, recorded_by or assessment.recorded_by
    )
    return word.to_bytes(document)


class _Writer:
    """One assessment being written into one document."""

    def __init__(self, document: Document, framework: Framework, assessment: Assessment, today: date):
        self.document, self.framework, self.assessment, self.today = document, framework, assessment, today
        self.score, self.answers = assessment.score, assessment.answers
        self.levels = {p.domain: p for p in self.score.points}
        about_worker = {id for id, (_, _, i) in framework.indicators.items() if i.about_worker}
        self.about_worker = {framework.indicators[t][0].id for t in self.answers.ticks if t in about_worker}
        self.kept_out = sum(t in about_worker for t in self.answers.ticks)
        self.ticks = [t for t in self.answers.ticks if t in framework.indicators and t not in about_worker]
        self.evidence = [e for e in self.answers.evidence if e.indicator not in about_worker]
        self.kept_out += len(self.answers.evidence) - len(self.evidence)

    def write(
        self,
        young_person: YoungPerson,
        previous: Assessment | None,
        referrals: Sequence[Referral],
        actions: Sequence[Action],
        recorded_by: str,
    ) -> None:
        self._who(young_person, recorded_by)
        self._totals()
        self._judgement()
        self._pathways(young_person)
        self._overview(previous)
        for axis in AXES:
            self._domains(axis)
        self._form()
        self._referrals(referrals)
        self._checklist()
        self._plan(actions)
        self._sources()

    def _who(self, young_person: YoungPerson, recorded_by: str) -> None:
        on = self.assessment.assessed_on
        age = young_person.age_at(on)
        born = f", born {day_text(young_person.born)}" if young_person.born else ""
        care = {True: "Yes", False: "No", None: "Not known"}[young_person.looked_after]
        self.document.add_paragraph("Contextual harm assessment", style="Title")
        word.facts(
            self.document,
            [
                ("Young person", f"{young_person.name} ({young_person.id})"),
                ("Age", (f"{age} on the day of the assessment" if age is not None else "Not known") + born),
                ("Home borough", young_person.home_borough),
                ("In care", care),
                ("Assessed", f"{day_text(on)}, recorded by {recorded_by}"),
                ("Document made", day_text(self.today)),
            ],
        )
        word.notice(self.document, "significant", [(self.framework.immediate_danger.text, "")])

    def _totals(self) -> None:
        self.document.add_heading("Score and judgement", 1)
        cells = word.cards(self.document, len(AXIS_NAMES), rows=2)
        for n, axis in enumerate(("combined", "harm", "context")):
            total = self.score.total(axis)
            paragraph = word.write(cells[n], AXIS_HEADINGS[axis], bold=True)
            paragraph = cells[n].add_paragraph()
            word.say(paragraph, str(total.score), bold=True, size=20)
            word.say(paragraph, f"  of {self.framework.maximum(axis)}", colour=word.SOFT)
            words = self._band(total.band)
            if scoring.hides_significant(self.framework, self.score, axis):
                words += " by total only"
            word.label(cells[n + len(AXIS_NAMES)], total.band or "none", words)
        word.notice(self.document, "significant", [(f"{f.text}.", f.source) for f in self.score.flags])
        word.gap(self.document)

    def _band(self, level: str | None) -> str:
        return self.framework.level[level].band_name if level else "No band"

    def _judgement(self) -> None:
        level, highest = self.assessment.judgement.level, self.score.highest_band
        below = scoring.judged_below(self.score, level)
        card = word.cards(self.document, 1)[0]
        significant = ", ".join(self.framework.domain[d].name for d in self.score.significant)
        beside = f", with Significant: {significant}" if significant and level == "none" else ""
        word.label(card, level, f"Judged overall: {self._band(level)}{beside}")
        word.labelled(self.document, "Why", self.assessment.judgement.reason)
        response = self.framework.responses[level]  # type: ignore[index]
        word.labelled(self.document, "Response", self._response(level))
        if below and highest:
            word.labelled(
                self.document,
                f"Response by the highest total, {self._band(highest)}",
                f"{self._response(highest)} The judgement lies below it, so both responses stand and the sooner review "
                "is kept.",
            )
        elif self.score.response and self.score.response != response.response:
            word.labelled(self.document, "Response by the combined total", f"{self.score.response.capitalize()}.")
        review = self.assessment.review_by
        late = " This date has passed." if review and review < self.today else ""
        word.labelled(
            self.document,
            "Review",
            f"by {day_text(review)}, or sooner on change.{late}" if review else response.review_text,
        )

    def _response(self, level: str) -> str:
        response = self.framework.responses[level]  # type: ignore[index]
        names = {p["id"]: p["name"] for p in self.framework.pillars}
        lead = " and ".join(names[p] for p in response.lead_pillars)
        return f"{response.response.capitalize()}. Lead: {lead}."

    def _pathways(self, young_person: YoungPerson) -> None:
        on = self.assessment.assessed_on
        raised = planning.prompts(
            self.framework, self.score, self.answers, young_person.age_at(on), young_person.looked_after
        )
        shown = [p for p in raised if not p.about_worker]
        if not shown:
            return
        self.document.add_heading("Pathways raised", 2)
        word.table(
            self.document,
            ("Pathway", "Why", "To do"),
            [
                ("\n".join(filter(None, (p.title, p.settled))), "\n".join(p.why), "\n".join(d.text for d in p.do[:3]))
                for p in shown
            ],
            (3.6, 6.4, 7.0),
        )

    def _overview(self, previous: Assessment | None) -> None:
        self.document.add_heading("All domains", 1)
        moved = {c.domain: c for c in planning.changes(previous, self.assessment)} if previous else {}
        rows = []
        for domain in self.framework.domains:
            change = moved.get(domain.id)
            since = f"{'More' if change.more else 'Less'} worry: was {self._level(change.before)}" if change else "Same"
            rows.append(
                (
                    domain.name,
                    AXIS_HEADINGS[domain.axis],
                    self._level(self.levels[domain.id].level),
                    self._points(domain),
                )
                + ((since,) if previous else ())
            )
        headers = ("Domain", "Axis", "Level", "Score") + (
            (f"Since {day_short(previous.assessed_on)}",) if previous else ()
        )
        widths = (4.9, 3.6, 2.3, 1.8, 4.4) if previous else (7.0, 4.4, 3.2, 2.4)
        made = word.table(self.document, headers, rows, widths)
        for row, domain in zip(list(made.rows)[1:], self.framework.domains, strict=True):
            level = self.levels[domain.id].level
            if level != "none":
                ground, ink = word.FILLS[level]
                word.fill(row.cells[2], ground)
                word.ink(row.cells[2], ink)
        if any(p.inferred for p in self.score.points):
            self._small("* This number cannot be read in the printed guidance; it is our reading.")

    def _level(self, id: str) -> str:
        return self.framework.level[id].name

    def _points(self, domain: Domain) -> str:
        point = self.levels[domain.id]
        most = self.framework.points[domain.id]["significant"].score
        return f"{point.score}{'*' if point.inferred else ''} of {most}"

    def _small(self, text: str) -> Paragraph:
        return word.say(self.document.add_paragraph(), text, colour=word.SOFT, size=8.5)

    def _domains(self, axis: str) -> None:
        self.document.add_heading(AXIS_HEADINGS[axis], 1)
        quiet = []
        for domain in self.framework.axis_domains(axis):
            evidence = [e for e in self.evidence if e.domain == domain.id]
            ticks = [t for t in self.ticks if self.framework.indicators[t][0].id == domain.id]
            reason = self.answers.reasons.get(domain.id, "")
            if self.levels[domain.id].level == "none" and not (evidence or ticks or reason):
                quiet.append(domain.name)
                continue
            self._domain(domain, ticks, evidence, reason)
        if quiet:
            word.labelled(self.document, "None, with nothing ticked or noted", "; ".join(quiet))

    def _domain(self, domain: Domain, ticks: Sequence[str], evidence: Sequence[Evidence], reason: str) -> None:
        point = self.levels[domain.id]
        inferred = " (our reading of an unreadable number)" if point.inferred else ""
        self.document.add_heading(f"{domain.name}: {self._level(point.level)}, {self._points(domain)}{inferred}", 2)
        self._small(point.source).paragraph_format.keep_with_next = True
        if reason:
            word.labelled(self.document, "Why this level", reason)
        if ticks:
            word.table(
                self.document, ("Level", "What is known", "Guidance"), self._ticked(domain, ticks), (2.4, 10.6, 4.0)
            )
        elif domain.id in self.about_worker:
            self.document.add_paragraph("What is ticked or noted here of a worker's own conduct stands in the record.")
        elif point.level != "none":
            self.document.add_paragraph("No statement is ticked.")
        if evidence:
            rows = [(day_short(e.on), self._text(e), self._from(e)) for e in sorted(evidence, key=lambda e: e.on)]
            word.table(self.document, ("Date", "Evidence", "From"), rows, (2.6, 10.4, 4.0))
        elif point.level != "none" and domain.id not in self.about_worker:
            self.document.add_paragraph("No evidence is recorded.")

    def _ticked(self, domain: Domain, ticks: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        for level in reversed(LEVELS):
            for indicator in domain.levels[level]:
                if indicator.id in ticks:
                    way = self.answers.directions.get(indicator.id)
                    text = f"{indicator.text} ({DIRECTIONS[way]})" if way else indicator.text
                    yield self._level(level), text, planning.source(self.framework, indicator, domain.page)

    def _text(self, evidence: Evidence) -> str:
        known = self.framework.indicators.get(evidence.indicator or "")
        return f"{evidence.text}\nOn: {known[2].text}" if known else evidence.text

    def _from(self, evidence: Evidence) -> str:
        return f"{evidence.agency}, {'first-hand' if evidence.first_hand else 'passed on'}"

    def _form(self) -> None:
        form = self.answers.form
        names = [self.framework.domain[d].name for d in form.influential_contexts if d in self.framework.domain]
        nrm = [NRM[form.nrm.status]]
        if form.nrm.referred_by:
            nrm.append(f"by {form.nrm.referred_by}")
        if form.nrm.referred_on:
            nrm.append(f"on {day_text(form.nrm.referred_on)}")
        outcome = f". Outcome: {form.nrm.outcome}" if form.nrm.outcome else ""
        worker = f". Allocated social worker: {form.social_worker}" if form.social_worker else ""
        texts = [
            ("Summary of concerns", form.summary),
            ("What the young person says", form.young_person_says),
            ("What the family says", form.family_says),
            ("Contexts with most influence", "\n".join(filter(None, ("; ".join(names), form.influence_why)))),
            ("Other services involved", form.services),
            ("Trusted professional", form.trusted_professional),
        ]
        self.document.add_heading("The wider picture", 1)
        for title, text in texts:
            if text:
                self.document.add_heading(title, 3)
                word.paragraphs(self.document, text)
        if form.incidents:
            self.document.add_heading("Historical incidents", 3)
            rows = [(day_short(i.on), i.what, i.agency) for i in sorted(form.incidents, key=lambda i: i.on)]
            word.table(self.document, ("Date", "What", "From"), rows, (2.6, 10.4, 4.0))
        word.facts(
            self.document,
            [
                ("National Referral Mechanism", " ".join(nrm) + outcome),
                ("Open to Children's Services", ANSWERS[form.childrens_services] + worker),
                ("Open to Youth Justice", ANSWERS[form.youth_justice]),
                ("Parents or carers act on the risk", ANSWERS[form.parents_act]),
            ],
            6.4,
        )

    def _referrals(self, referrals: Sequence[Referral]) -> None:
        if not referrals:
            return
        self.document.add_heading("Referrals", 1)
        rows = [(day_short(r.on), r.agency, r.reason, r.outcome) for r in sorted(referrals, key=lambda r: r.on)]
        word.table(self.document, ("Date", "From", "Why", "Outcome"), rows, (2.6, 3.2, 6.6, 4.6))

    def _checklist(self) -> None:
        level, highest = self.assessment.judgement.level, self.score.highest_band
        shown = [level, highest] if highest and scoring.judged_below(self.score, level) else [level]
        for id in shown:
            checks = planning.checklist(self.framework, id, self.answers, self.score)
            if checks:
                self.document.add_heading(f"Checklist: {self._band(id)}", 1)
                word.table(
                    self.document,
                    ("Done", "What", "How it stands", "Guidance"),
                    [
                        ("Yes" if c.done else "", ("MUST: " if c.must else "") + c.text, self._stands(c), c.source)
                        for c in checks
                    ],
                    (1.2, 6.2, 5.9, 3.7),
                )

    def _stands(self, check: planning.Check) -> str:
        told = check.why or (f"{check.when}?" if check.applies is None and check.when else "")
        return f"{APPLIES[check.applies]}{told}".strip()

    def _plan(self, actions: Sequence[Action]) -> None:
        self.document.add_heading("Plan", 1)
        names = {p["id"]: p["name"] for p in self.framework.pillars}
        open_ = [a for a in actions if not self._about_worker(a)]
        self.kept_out += len(actions) - len(open_)
        open_.sort(key=lambda a: (a.status == ActionStatus.DROPPED, list(names).index(a.pillar), a.due or date.max))
        if open_:
            rows = [
                (
                    names[a.pillar],
                    f"{a.text}\nWhy: {a.why}" if a.why else a.text,
                    ", ".join(t for t in (a.owner_person, a.owner_agency) if t),
                    self._due(a),
                    STATUSES[a.status],
                )
                for a in open_
            ]
            word.table(self.document, ("Pillar", "What", "Who", "By", "Status"), rows, (1.9, 6.9, 3.5, 2.7, 2.0))
        else:
            self.document.add_paragraph("No action is recorded yet.")
        covered = planning.coverage(self.framework, self.score, actions)
        for gap in covered.gaps:
            self.document.add_paragraph(gap.text, style="List Bullet")
        if covered.total:
            self._small(f"{covered.covered} of {covered.total} Significant or Moderate domains have an action.")

    def _about_worker(self, action: Action) -> bool:
        step = self.framework.steps.get(action.step or "")
        return bool(step and any(self.framework.pathway[p].about_worker for p in step[2].prompts))

    def _due(self, action: Action) -> str:
        if not action.due:
            return "No date"
        late = action.due < self.today and action.status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)
        return f"{day_short(action.due)}{' (late)' if late else ''}"

    def _sources(self) -> None:
        framework = self.framework
        self.document.add_heading("Sources", 1)
        source = framework.source
        self.document.add_paragraph(
            f"{source['title']}, {source['publisher']}, {source['year']}. Pages are those of its list of contents, "
            "lines those of its text. Statements are worded afresh; meaning and strength are the guidance's."
        )
        self.document.add_paragraph(
            f"Framework {framework.id}, version {framework.version} (fingerprint {framework.fingerprint[:12]})."
        )
        if self.kept_out:
            entries = "1 entry" if self.kept_out == 1 else f"{self.kept_out} entries"
            self.document.add_paragraph(
                f"{entries} about a worker's own conduct {'is' if self.kept_out == 1 else 'are'} kept out of this "
                "document and stand in the record."
            )


def safety_plan_document(young_person: YoungPerson, safety_plan: SafetyPlan, *, for_family: bool = False) -> bytes:
    """A safety plan in the young person's own words, in large plain type, to take away.

    Raises:
        NotPermitted: a copy for the family was asked for where family may be a source of harm.
    """
    if for_family and not safety_plan.family_copy:
        raise NotPermitted("No copy for the family: family may be a source of harm. Give it to the young person.")
    document = word.new("My safety plan", size=16)
    document.add_paragraph("My safety plan", style="Title")
    word.say(document.add_paragraph(), young_person.name, colour=word.SOFT)
    word.notice(document, "significant", [("In danger now: call 999.", "")])
    for part, title in PLAN_PARTS:
        document.add_heading(title, 1)
        text = getattr(safety_plan, part)
        if text:
            word.paragraphs(document, text)
        else:
            for _ in range(2):
                word.ruled(document)
    return word.to_bytes(document)
