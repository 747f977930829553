"""The invented cohort of `data/demo`: read, checked as a whole, and written into an empty database.

Days count from the day of loading (-42 is six weeks before it), so the cohort never grows old. In `answers` a domain
holds its level and what is ticked, such as `moderate m01 e02`; an assessment names only what changed since the one
before. A piece of evidence stands behind every assessment, from its day on, that ticks its indicator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from dateutil.relativedelta import relativedelta
from pydantic import Field, ValidationError

from chm import settings, store
from chm.assessments import Answers, Assessment, Draft, Evidence, Form, Judgement, Line, Note
from chm.casework import demo_connections, demo_episodes, demo_held, demo_meetings, demo_places, frameworks
from chm.casework.demo_connections import Connections, Known
from chm.casework.demo_files import CLOCK, Before, Day, Given, Name, Past, Said, moment, parsed
from chm.casework.demo_held import Held
from chm.casework.demo_meetings import MeetingRecords
from chm.casework.demo_places import PlaceRecords
from chm.connections import Entity
from chm.episodes.records import Episode
from chm.errors import Conflict, Faults
from chm.framework import LEVELS, Framework, LevelId, PillarId, newest
from chm.records import Action, ActionStatus, Incident, Notice, Referral, Role, SafetyPlan, User, YoungPerson
from chm.scoring import judged_below, review_by, score, suggest
from chm.store import assessments, drafts, notices, people, plans, users

FRAMEWORK = "merton-2020"
NOBODY = User("", "", "", frozenset())
ENDED = (ActionStatus.DONE, ActionStatus.DROPPED)
LETTERS = {level[0]: level for level in LEVELS}


class GivenUser(Given):
    id: Name
    name: Name
    agency: Name
    roles: frozenset[Role]
    caseload: tuple[str, ...] = ()


class GivenReferral(Given):
    day: Past
    agency: Name
    why: Said
    outcome: Line = ""


class GivenIncident(Given):
    """`until` is the day it ended; a missing episode has one."""

    day: Past
    until: Past | None = None
    kind: Name
    agency: Name
    what: Said
    passed_on: bool = False


class GivenEvidence(Given):
    indicator: str
    day: Past
    agency: Name
    text: Said
    passed_on: bool = False


class GivenAnswers(Given):
    """`pathways` ticks statements of pathways, such as `dash.06`."""

    day: Before
    answers: dict[str, str]
    pathways: tuple[str, ...] = ()
    reasons: dict[str, Said] = {}
    directions: dict[str, Literal["to", "by", "both"]] = {}
    form: dict[str, Any] = {}


class GivenAssessment(GivenAnswers):
    judged: LevelId
    because: Said


class GivenDraft(GivenAnswers):
    at: time


class GivenAction(Given):
    """Either `step`, or `pillar` with or without `domain`; the target is the young person unless given."""

    step: str | None = None
    pillar: PillarId | None = None
    domain: str | None = None
    target: Line | None = None
    text: Said
    agency: Name
    person: Line = ""
    due: Day | None = None
    status: ActionStatus = ActionStatus.OPEN
    closed: Past | None = None
    why: Note = ""


class GivenPlan(Given):
    triggers: Note = ""
    code_words: Note = ""
    safe_adults: Note = ""
    ways_out: Note = ""
    numbers: Note = ""
    family_copy: bool = True


class GivenBirth(Given):
    """How long before the day of loading."""

    years: Annotated[int, Field(ge=0, le=25)]
    days: Annotated[int, Field(ge=0, le=365)]


class GivenPerson(Given):
    """A young person and all that is recorded about them; `known` is the day we first heard of them."""

    id: Annotated[str, Field(pattern=r"^YP-\d{4}$")]
    name: Name
    born: GivenBirth | None = None
    age: Annotated[int, Field(ge=0, le=25)] | None = None
    age_on: Past | None = None
    home: Name
    looked_after: bool | None = None
    known: Past
    referrals: tuple[GivenReferral, ...] = ()
    incidents: tuple[GivenIncident, ...] = ()
    evidence: tuple[GivenEvidence, ...] = ()
    assessments: tuple[GivenAssessment, ...] = ()
    draft: GivenDraft | None = None
    actions: tuple[GivenAction, ...] = ()
    safety_plan: GivenPlan | None = None


@dataclass(frozen=True)
class Story:
    """A young person's records, ready to be written."""

    person: YoungPerson
    worker: User
    since: date
    referrals: tuple[Referral, ...]
    incidents: tuple[Incident, ...]
    assessments: tuple[Assessment, ...]
    draft: Draft | None
    actions: tuple[Action, ...]
    safety_plan: SafetyPlan | None


@dataclass(frozen=True)
class Cohort:
    """All that `data/demo` holds, as records."""

    framework: Framework
    users: tuple[User, ...]
    stories: tuple[Story, ...]
    meetings: tuple[Held, ...]
    connections: Connections
    places: PlaceRecords
    decided: MeetingRecords
    missing: tuple[Episode, ...]
    young: Mapping[str, Known]


def load(engine: store.Engine, today: date | None = None) -> int:
    """Fills an empty database with the cohort, all or nothing, and gives the number of young people.

    Args:
        today: the day that days count from, the council's own today unless given.

    Raises:
        Faults: everything wrong in `data/demo`; nothing was written.
        Conflict: the database holds records already.
    """
    if not store.is_empty(engine):
        raise Conflict("The database holds records already; the demo is loaded into an empty one only")
    day = today or datetime.now(settings.ZONE).date()
    cohort = read(settings.data() / "demo", newest(frameworks.every(), FRAMEWORK), day)
    with store.transaction(engine) as session:
        _write(session, cohort, day)
        store.mark_demo(session)
    return len(cohort.stories)


def read(folder: Path, framework: Framework, today: date) -> Cohort:
    """The cohort in `folder` as records, days counted from `today`. Raises Faults, all at once."""
    faults: list[str] = []
    given_users = parsed(folder / "users.yaml", tuple[GivenUser, ...], faults) or ()
    files = {f"young_people/{p.name}": p for p in sorted((folder / "young_people").glob("*.yaml"))}
    if not files:
        faults.append("young_people: no files; restore data/demo from the release")
    found = {name: person for name, path in files.items() if (person := parsed(path, GivenPerson, faults))}
    if not faults:
        faults += _links(given_users, found)
    accounts = {u.id: User(u.id, u.name, u.agency, u.roles) for u in given_users}
    workers = {id: accounts[u.id] for u in reversed(given_users) for id in u.caseload}
    stories: list[Story | None] = []
    young: dict[str, Known] = {}
    for name, given in sorted(found.items(), key=lambda item: item[1].id):
        reader = _Reader(name, given, framework, today, workers.get(given.id, NOBODY))
        stories.append(reader.story())
        faults += reader.faults
        young[Path(name).stem] = Known(given.id, given.name, reader.worker.id, reader.since, reader.born_by)
    lead, analyst = (
        next((u.id for u in accounts.values() if role in u.roles), NOBODY.id)
        for role in (Role.SAFEGUARDING_LEAD, Role.LOCATION_ANALYST)
    )
    tied = demo_connections.read(folder, young, lead, framework.local["agencies"], today, faults)
    known = demo_places.read(folder, tied.entities, analyst, lead, framework, today, faults)
    decided = demo_meetings.read(folder, tied.entities, young, accounts, framework, today, faults)
    missing = demo_episodes.read(folder, young, today, faults)
    meetings = demo_held.read(folder, tied.entities, young, accounts, framework, today, faults)
    if faults:
        raise Faults(faults)
    told = tuple(_by_id(s, tied.entities) for s in stories if s)
    return Cohort(framework, tuple(accounts.values()), told, meetings, tied, known, decided, missing, young)


def _by_id(story: Story, entities: Mapping[str, Entity]) -> Story:
    """The story with the target of each action by its id, which the files name by its key."""

    def at(action: Action) -> Action:
        kind, _, key = action.target.partition(":")
        return replace(action, target=f"{kind}:{entities[key].id}") if key in entities else action

    return replace(story, actions=tuple(at(a) for a in story.actions))


def _links(given: tuple[GivenUser, ...], found: Mapping[str, GivenPerson]) -> Iterator[str]:
    ids = {p.id for p in found.values()}
    held = {id for u in given for id in u.caseload}
    for file, names in (
        ("users.yaml", [u.id for u in given]),
        ("young_people", [p.id for p in found.values()]),
    ):
        yield from (f"{file}: {id}: duplicate id; give it another" for id, n in Counter(names).items() if n > 1)
    for user in given:
        yield from (
            f"users.yaml: {user.id}: no young person {id}; correct the id" for id in user.caseload if id not in ids
        )
    for name, person in found.items():
        if person.id not in held:
            yield f"{name}: on nobody's caseload; add {person.id} to one in users.yaml"


class _Reader:
    """Turns one file into records and notes what is wrong with it."""

    def __init__(self, file: str, given: GivenPerson, framework: Framework, today: date, worker: User):
        self.file, self.given, self.framework, self.today, self.worker = file, given, framework, today, worker
        self.faults: list[str] = []
        self.since = self._day(given.known)
        self.person = self._person()
        self.evidence = tuple(self._evidence(n, e) for n, e in enumerate(given.evidence, 1))

    def story(self) -> Story | None:
        """Everything, or None where there are faults."""
        given = self.given
        made = Story(
            self.person,
            self.worker,
            self.since,
            self._referrals(),
            self._incidents(),
            tuple(self._assessments()),
            self._draft(),
            tuple(self._action(n, a) for n, a in enumerate(given.actions, 1)),
            SafetyPlan(given.id, **given.safety_plan.model_dump()) if given.safety_plan else None,
        )
        for where, on in self._days():
            self._need(self.born_by <= self._day(on), where, "before birth; give a later day")
        return None if self.faults else made

    def _need(self, holds: bool, where: str, fault: str) -> None:
        if not holds:
            self.faults.append(f"{self.file}: {where}: {fault}")

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _id(self, prefix: str, n: int) -> str:
        return f"{prefix}-demo{self.given.id[3:]}{n:02}"

    def _person(self) -> YoungPerson:
        given = self.given
        born = self.today - relativedelta(years=given.born.years, days=given.born.days) if given.born else None
        by_age = given.age is not None and given.age_on is not None
        self._need(bool(born) != by_age, "born", "give either born, or age with age_on")
        age_on = self._day(given.age_on or 0)
        self.born_by = born or age_on - relativedelta(years=(given.age or 0) + 1)
        return YoungPerson(
            id=given.id,
            name=given.name,
            home_borough=given.home,
            born=born,
            age=None if born else given.age,
            age_on=None if born else age_on,
            looked_after=given.looked_after,
        )

    def _referrals(self) -> tuple[Referral, ...]:
        return tuple(
            Referral(self._id("REF", n), self.given.id, self._day(r.day), r.agency, r.why, r.outcome)
            for n, r in enumerate(self.given.referrals, 1)
        )

    def _incidents(self) -> tuple[Incident, ...]:
        for n, i in enumerate(self.given.incidents, 1):
            self._need(i.until is None or i.until >= i.day, f"incidents {n}", "ends before it began; correct `until`")
        return tuple(
            Incident(
                id=self._id("INC", n),
                young_person=self.given.id,
                on=self._day(i.day),
                kind=i.kind,
                what=i.what,
                agency=i.agency,
                first_hand=not i.passed_on,
                ended_on=None if i.until is None else self._day(i.until),
            )
            for n, i in enumerate(self.given.incidents, 1)
        )

    def _assessments(self) -> Iterator[Assessment]:
        said: dict[str, str] = {}
        last, due = date.min, None
        for n, given in enumerate(self.given.assessments, 1):
            where, on = f"assessments {n}", self._day(given.day)
            self._need(on > last, where, "not after the one before; give a later day")
            said, last = said | given.answers, on
            open_domains = [d for d in self.framework.domain if d not in said]
            self._need(not open_domains, where, f"no level for {', '.join(open_domains)}; give one")
            answers = self._answers(where, given, said)
            if open_domains or self.faults:
                continue
            computed = score(
                self.framework,
                answers.levels,
                assessed_on=on,
                age=self.person.age_at(on),
                referrals=[self._day(r.day) for r in self.given.referrals],
                review_due=due,
            )
            due = review_by(self.framework, computed, given.judged, on)
            yield Assessment(
                id=self._id("A", n),
                young_person=self.given.id,
                framework=self.framework.id,
                framework_version=self.framework.version,
                assessed_on=on,
                answers=answers,
                score=computed,
                judgement=Judgement(level=given.judged, reason=given.because),
                review_by=due,
                recorded_by=self.worker.id,
                recorded_at=moment(on, CLOCK),
            )

    def _draft(self) -> Draft | None:
        given = self.given.draft
        if given is None:
            return None
        return Draft(
            id=self._id("D", 1),
            young_person=self.given.id,
            framework=self.framework.id,
            framework_version=self.framework.version,
            assessed_on=self._day(given.day),
            answers=self._answers("draft", given, given.answers),
            version=1,
            opened_by=self.worker.name,
            updated_by=self.worker.name,
            updated_at=moment(self._day(given.day), given.at),
        )

    def _answers(self, where: str, given: GivenAnswers, said: Mapping[str, str]) -> Answers:
        unknown = [d for d in said if d not in self.framework.domain]
        self._need(not unknown, where, f"unknown domain {', '.join(unknown)}; take one of the framework's")
        levels: dict[str, str] = {}
        ticks: list[str] = []
        for domain in (d for d in self.framework.domain if d in said):
            level, *marks = said[domain].split() or [""]
            known = level in LEVELS
            self._need(known, f"{where}.{domain}", f"unknown level {level}; take one of {', '.join(LEVELS)}")
            ticks += [f"{domain}.{LETTERS.get(m[0], m[0])}.{m[1:]}" for m in marks]
            if known:
                levels[domain] = level
        ticks += given.pathways
        for tick in (t for t in ticks if t not in self.framework.tickable):
            self._need(False, where, f"unknown indicator {tick}; take one of the framework's")
        for domain in levels:
            suggested = suggest(self.framework, domain, ticks).level
            agrees = suggested in (levels[domain], None) or domain in given.reasons
            self._need(agrees, f"{where}.{domain}", f"the ticks suggest {suggested}; write why under reasons")
        for id in (*given.reasons, *given.directions):
            self._need(id in levels or id in ticks, where, f"{id} is not answered here; take it out")
        form = self._form(where, given.form)
        if self.faults:
            return Answers()
        held = tuple(e for e in self.evidence if e.indicator in ticks and e.on <= self._day(given.day))
        return Answers(
            levels=levels,
            ticks=tuple(ticks),
            reasons=given.reasons,
            directions=given.directions,
            evidence=held,
            form=form,
        )

    def _evidence(self, n: int, given: GivenEvidence) -> Evidence:
        known = given.indicator in self.framework.indicators
        self._need(known, f"evidence {n}", f"unknown indicator {given.indicator}; take one of the framework's")
        return Evidence(
            id=self._id("E", n),
            domain=given.indicator.partition(".")[0],
            indicator=given.indicator,
            text=given.text,
            on=self._day(given.day),
            agency=given.agency,
            first_hand=not given.passed_on,
        )

    def _form(self, where: str, given: dict[str, Any]) -> Form:
        try:
            return Form.model_validate(self._dated(given))
        except ValidationError as error:
            for fault in error.errors():
                field = ".".join(map(str, fault["loc"]))
                self._need(False, f"{where}.form.{field}", f"{fault['msg'].lower()}; correct it")
            return Form()

    def _dated(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._dated(v) for v in value]
        if not isinstance(value, dict):
            return value
        days = {k: self._day(v) for k, v in value.items() if k == "referred_on" and isinstance(v, int)}
        return {k: self._dated(v) for k, v in value.items()} | days

    def _action(self, n: int, given: GivenAction) -> Action:
        where = f"actions {n}"
        domain, pillar = given.domain, given.pillar
        if given.step in self.framework.steps:
            of, pillar, _ = self.framework.steps[given.step]
            domain = of.id
        self._need(pillar is not None, where, f"unknown step {given.step}; take one of the framework's, or a pillar")
        self._need(domain is None or domain in self.framework.domain, where, f"unknown domain {domain}; correct it")
        ended = given.status in ENDED
        self._need(ended == (given.closed is not None), where, "`closed` goes with done and dropped; correct it")
        return Action(
            id=self._id("ACT", n),
            young_person=self.given.id,
            target=given.target or f"young_person:{self.given.id}",
            pillar=pillar or "",
            text=given.text,
            owner_agency=given.agency,
            owner_person=given.person,
            due=None if given.due is None else self._day(given.due),
            status=given.status,
            domain=domain,
            step=given.step,
            why=given.why,
            closed_on=None if given.closed is None else self._day(given.closed),
        )

    def _days(self) -> Iterator[tuple[str, int]]:
        given = self.given
        for kind in ("referrals", "incidents", "evidence", "assessments"):
            yield from ((f"{kind} {n}", item.day) for n, item in enumerate(getattr(given, kind), 1))


def _write(session: store.Session, cohort: Cohort, today: date) -> None:
    for user in cohort.users:
        users.add(session, user)
    leads = [u for u in cohort.users if Role.SAFEGUARDING_LEAD in u.roles]
    assessments.fix_framework(session, cohort.framework, using=True)
    for story in cohort.stories:
        id = story.person.id
        people.add(session, story.person)
        people.allocate(session, story.worker.id, id, story.since)
        for referral in story.referrals:
            people.add_referral(session, referral)
        for incident in story.incidents:
            people.add_incident(session, incident)
        for assessment in story.assessments:
            assessments.add(session, assessment)
            for lead in leads if judged_below(assessment.score, assessment.judgement.level) else []:
                notices.add(session, _below(cohort.framework, assessment, lead))
        if story.draft:
            drafts.open(session, story.draft, story.worker)
        for action in story.actions:
            plans.add_action(session, action)
        if story.safety_plan:
            plans.save_safety_plan(session, story.safety_plan)
    demo_connections.write(session, cohort.connections, leads[0].id, today)
    demo_places.write(session, cohort.places)
    demo_meetings.write(session, cohort.decided)
    demo_episodes.write(session, cohort.missing, cohort.young, leads[0].id)
    demo_held.write(session, cohort.meetings, {u.id: u for u in cohort.users})


def _below(framework: Framework, assessment: Assessment, lead: User) -> Notice:
    judged, computed = assessment.judgement.level, assessment.score.highest_band or "none"
    names = framework.level[judged].band_name, framework.level[computed].band_name
    text = f"Judged {names[0]}, below the computed band {names[1]}: look at the reason"
    id = f"N-{assessment.id.removeprefix('A-')}{lead.id.removeprefix('U-')}"
    return Notice(id, lead.id, assessment.young_person, text, assessment.recorded_at)
