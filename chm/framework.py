"""A framework as data: `data/frameworks/<folder>/` read, checked as a whole and given as immutable objects.

Every statement carries the guidance lines it comes from. Local services stand in braces in the wording
and are filled in from `data/local/<council>.yaml`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chm.errors import Faults

LevelId = Literal["none", "emerging", "moderate", "significant"]
PillarId = Literal["identify", "prevent", "support", "protect", "disrupt"]
AxisId = Literal["harm", "context"]
Target = Literal[
    "young_person", "person", "place", "vehicle", "account", "group", "family", "school", "professionals"
]
LEVELS: tuple[LevelId, ...] = ("none", "emerging", "moderate", "significant")
PILLARS: tuple[PillarId, ...] = ("identify", "prevent", "support", "protect", "disrupt")
T = TypeVar("T", bound=BaseModel)
AXES: tuple[AxisId, ...] = ("harm", "context")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
PLAIN_FILES = (
    "framework", "scores", "bands", "responses", "partners", "pathways", "planning", "form", "triangles",
    "glossary", "links",
)  # fmt: skip


class Point(NamedTuple):
    """What one domain adds at a level: the number that scores, whether it is inferred, and where it stands."""

    domain: str
    axis: str
    level: str
    score: int
    inferred: bool
    source: str


class Part(BaseModel):
    """Base of everything read from a framework's files: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Statement(Part):
    """A sentence of our own with its place in the guidance: `lines` is (first, last), 1-based."""

    id: str
    text: str = Field(min_length=1)
    lines: tuple[int, int] | None = None
    group: str | None = None
    note: str | None = None
    outside: bool = False
    source: str | None = None
    when: str | None = None
    pillar: PillarId | None = None
    link: str | None = None
    service: str | None = None
    age: dict[str, int] | None = None


class Indicator(Statement):
    """A statement to tick. `alone` False: never sets a level by itself (readings C9)."""

    alone: bool = True
    with_another: bool = False
    prompts: tuple[str, ...] = ()
    harm_by: bool = False
    about_worker: bool = False
    historic: bool = False
    same_as: tuple[str, ...] = ()


class Step(Statement):
    """A possible next step; `eligibility` is what to ask before it is chosen."""

    same_as: tuple[str, ...] = ()
    eligibility: str | None = None
    targets: tuple[Target, ...] = ("young_person",)
    prompts: tuple[str, ...] = ()


class Explanation(Statement):
    """A sentence of a level's cell that explains and is never ticked."""


class Domain(Part):
    """One of the seven experiences of harm or six contexts."""

    id: str
    axis: AxisId
    name: str = Field(max_length=30)
    section: str
    page: int
    introduction: tuple[Statement, ...]
    consider: tuple[Statement, ...]
    assess: tuple[Statement, ...]
    levels: dict[LevelId, tuple[Indicator, ...]]
    explanations: tuple[Explanation, ...]
    steps: dict[PillarId, tuple[Step, ...]]
    extras: tuple[Statement, ...]
    see_also: tuple[Statement, ...]


class DomainScores(Part):
    """The number each level of one domain scores; `inferred` levels are our reading, not print."""

    none: int
    emerging: int
    moderate: int
    significant: int
    inferred: tuple[LevelId, ...] = ()
    why: str | None = None
    lines: dict[LevelId, int]

    def of(self, level: str) -> int:
        """Score of `level`."""
        return int(getattr(self, level))


class Thresholds(Part):
    """The least total of each band; a band runs to one below the next, the last is open."""

    none: int
    emerging: int
    moderate: int
    significant: int
    lines: tuple[int, int]

    def band(self, total: int) -> LevelId:
        """Band that holds `total`."""
        return next(level for level in reversed(LEVELS) if total >= self.of(level))

    def of(self, level: str) -> int:
        """Least total of the band `level`."""
        return int(getattr(self, level))


class Level(Part):
    """One of the four levels, with what the guidance says it means."""

    id: LevelId
    name: str
    band_name: str
    heading: str | None = None
    definition: tuple[str, ...] | None = None
    definition_lines: tuple[int, int] | None = None
    lines: tuple[int, int] | None = None


class Review(Part):
    """Time to the next review: days or calendar months."""

    days: int | None = None
    months: int | None = None


class Response(Part):
    """What follows from a level: the response, pillars, review and checklist."""

    response: Literal["advice and guidance", "early help", "assessment", "strategy and plan"]
    pillars: tuple[PillarId, ...]
    lead_pillars: tuple[PillarId, ...]
    review: Review | None
    review_text: str
    lines: tuple[int, int]
    text: tuple[Statement, ...]
    checklist: tuple[Statement, ...]
    partners: tuple[str, ...]


class Danger(Part):
    """What stands first where a child is in immediate danger."""

    text: str
    guidance_number: str
    guidance_text: str
    lines: tuple[int, int]
    note: str


class RepeatReferrals(Part):
    """When several referrals close together raise worry (guidance, Final assessment)."""

    months: int
    count: int
    history_months: int
    text: str
    lines: tuple[int, int]
    note: str | None = None


class YoungAndMissing(Part):
    """Age in years at or under which any missing concern is flagged."""

    age: int
    lines: tuple[int, int]
    text: str | None = None
    note: str | None = None


class Pathway(Part):
    """A route beside the score, raised when its facts are known."""

    id: str
    title: str
    trigger: str
    why: str
    do: tuple[Statement, ...]
    age: dict[str, int] | None = None
    criteria: tuple[Statement, ...] = ()
    thresholds: dict[LevelId, tuple[Statement, ...]] = {}
    outcomes: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    link: str | None = None
    lines: tuple[int, int]
    outside: bool = False
    source: str | None = None
    why_outside: bool = False
    age_outside: bool = False
    about_worker: bool = False
    automatic: bool = True


class Partner(Part):
    """A partner the guidance asks for at least, by context."""

    id: str
    service: str
    contexts: tuple[str, ...]
    detail: str
    lines: tuple[int, int]
    alternative_to: str | None = None
    note: str | None = None


class Term(Part):
    """A glossary entry."""

    term: str
    means: str | None
    plain: str
    outside: bool = False
    lines: tuple[int, int] | None = None
    note: str | None = None


class FormArea(Part):
    """One of the form's initial areas."""

    id: str
    name: str
    prompt: str
    contains: tuple[Statement, ...]
    lines: tuple[int, int]
    pathway: str | None = None


class Framework(Part):
    """The whole framework of one version, cross-checked. Made by `load`."""

    id: str
    version: int
    title: str
    source: dict[str, Any]
    fingerprint: str
    axes: tuple[dict[str, Any], ...]
    levels: tuple[Level, ...]
    pillars: tuple[dict[str, Any], ...]
    domains: tuple[Domain, ...]
    scores: dict[str, DomainScores]
    bands: dict[Literal["harm", "context", "combined"], Thresholds]
    responses: dict[LevelId, Response]
    immediate_danger: Danger
    repeat_referrals: RepeatReferrals
    young_and_missing: YoungAndMissing
    pathways: tuple[Pathway, ...]
    partners: tuple[Partner, ...]
    summary_steps: dict[PillarId, tuple[Step, ...]]
    form_areas: tuple[FormArea, ...]
    weighting: tuple[Statement, ...]
    glossary: tuple[Term, ...]
    links: tuple[dict[str, Any], ...]
    local: dict[str, Any]

    @cached_property
    def domain(self) -> dict[str, Domain]:
        """Domains by id, in the guidance's order."""
        return {d.id: d for d in self.domains}

    @cached_property
    def level(self) -> dict[str, Level]:
        """Levels by id."""
        return {level.id: level for level in self.levels}

    @cached_property
    def pathway(self) -> dict[str, Pathway]:
        """Pathways by id."""
        return {p.id: p for p in self.pathways}

    @cached_property
    def indicators(self) -> dict[str, tuple[Domain, LevelId, Indicator]]:
        """Indicator id to its domain, level and wording."""
        return {i.id: (d, level, i) for d in self.domains for level in LEVELS for i in d.levels[level]}

    @cached_property
    def steps(self) -> dict[str, tuple[Domain, PillarId, Step]]:
        """Step id to its domain, pillar and wording."""
        return {s.id: (d, pillar, s) for d in self.domains for pillar in PILLARS for s in d.steps[pillar]}

    @cached_property
    def points(self) -> dict[str, dict[str, Point]]:
        """Domain id to level id to what it adds."""
        return {
            d.id: {
                v: Point(d.id, d.axis, v, s.of(v), v in s.inferred, self.cite(s.lines[v], d.page))
                for v in LEVELS
                for s in (self.scores[d.id],)
            }
            for d in self.domains
        }

    @cached_property
    def band_of(self) -> dict[str, tuple[LevelId, ...]]:
        """Axis (harm, context, combined) to the band id of every total from 0 to the highest."""
        return {a: tuple(t.band(n) for n in range(self.maximum(a) + 1)) for a, t in self.bands.items()}

    def axis_domains(self, axis: str) -> tuple[Domain, ...]:
        """The domains of `axis`, in order."""
        return tuple(d for d in self.domains if d.axis == axis)

    def maximum(self, axis: str) -> int:
        """The highest total `axis` (harm, context or combined) can reach."""
        return sum(self.scores[d.id].significant for d in self.domains if axis in (d.axis, "combined"))

    def cite(self, lines: tuple[int, int] | int | None, page: int | None = None) -> str:
        """The source of a statement, to show: guidance page and lines."""
        if lines is None:
            return "Outside the guidance"
        first, last = (lines, lines) if isinstance(lines, int) else lines
        span = f"line {first}" if first == last else f"lines {first} to {last}"
        return f"Guidance p. {page}, {span}" if page else f"Guidance {span}"


def load(folder: Path, local: Path) -> Framework:
    """Read one framework folder and a council's local services.

    Raises:
        Faults: every fault found, each as `file: path: what is wrong; fix`.
    """
    faults: list[str] = []
    files: dict[str, Any] = {}
    for name in PLAIN_FILES:
        files[name] = _yaml(folder / f"{name}.yaml", faults)
    domain_files = {p.stem: _yaml(p, faults) for p in sorted((folder / "domains").glob("*.yaml"))}
    services = _yaml(local, faults)
    if faults:
        raise Faults(faults)
    fingerprint = hashlib.sha256(json.dumps([files, domain_files], sort_keys=True).encode()).hexdigest()
    names = {key: s.get("name", key) for key, s in (services or {}).get("services", {}).items()}
    fill = _Filler(names, faults)
    domains = [_domain(name, fill.into(f"domains/{name}.yaml", d), faults) for name, d in domain_files.items()]
    files = {name: fill.into(f"{name}.yaml", content) for name, content in files.items()}
    order = [d for axis in AXES for d in (files["framework"].get("domain_order") or {}).get(axis, [])]
    found = {d.id: d for d in domains if d}
    for missing in [d for d in order if d not in domain_files]:
        faults.append(f"framework.yaml: domain_order: no file for {missing}; add domains/{missing}.yaml")
    for extra in [d for d in domain_files if d not in order]:
        faults.append(f"domains/{extra}.yaml: unknown domain; add it to domain_order in framework.yaml")
    head, responses, form = files["framework"], files["responses"], files["form"]
    content = {
        **{k: head.get(k) for k in ("id", "version", "title", "source", "axes", "levels", "pillars")},
        "fingerprint": fingerprint,
        "domains": [found[d] for d in order if d in found],
        "scores": files["scores"],
        "bands": files["bands"],
        "responses": {k: v for k, v in responses.items() if k in LEVELS},
        **{k: responses.get(k) for k in ("immediate_danger", "repeat_referrals", "young_and_missing")},
        "pathways": files["pathways"],
        "partners": files["partners"].get("minimum"),
        "summary_steps": files["planning"],
        "form_areas": form.get("areas"),
        "weighting": form.get("weighting"),
        "glossary": files["glossary"],
        "links": files["links"],
        "local": services,
    }
    framework = _validated(Framework, content, "", faults)
    if framework:
        faults += _cross_faults(framework)
    if faults or framework is None:
        raise Faults(faults)
    return framework


def load_all(data: Path) -> dict[tuple[str, int], Framework]:
    """Every framework under `data/frameworks`, by (id, version), with the local services of `data/local`.

    Raises:
        Faults: all faults of all folders, each starting with the folder's name.
    """
    faults: list[str] = []
    frameworks: dict[tuple[str, int], Framework] = {}
    folders = sorted(p for p in (data / "frameworks").glob("*") if p.is_dir())
    locals_ = sorted((data / "local").glob("*.yaml"))
    if not folders:
        faults.append("frameworks: no framework folder; restore data/frameworks from the release")
    if len(locals_) != 1:
        faults.append(f"local: {len(locals_)} files; keep one council's file in data/local")
    for folder in folders if locals_ else []:
        try:
            framework = load(folder, locals_[0])
        except Faults as found:
            faults += [f"{folder.name}/{fault}" for fault in found.faults]
            continue
        key = (framework.id, framework.version)
        if key in frameworks:
            faults.append(f"{folder.name}/framework.yaml: version: {key[0]} {key[1]} is there twice; raise the version")
        frameworks[key] = framework
    if faults:
        raise Faults(faults)
    return frameworks


def newest(frameworks: dict[tuple[str, int], Framework], id: str) -> Framework:
    """The highest version of framework `id`.

    Raises:
        Faults: there is no framework of that id.
    """
    versions = [f for (found, _), f in frameworks.items() if found == id]
    if not versions:
        raise Faults([f"frameworks: no framework {id}; set CHM_FRAMEWORK to one of {sorted({k[0] for k in frameworks})}"])
    return max(versions, key=lambda f: f.version)


def _yaml(path: Path, faults: list[str]) -> Any:
    name = f"domains/{path.name}" if path.parent.name == "domains" else path.name
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        faults.append(f"{name}: the file is missing; restore it from the release")
    except UnicodeDecodeError:
        faults.append(f"{name}: not UTF-8 text; save it as UTF-8")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "the file"
        faults.append(f"{name}: {line}: not valid YAML ({getattr(error, 'problem', error)}); check quotes and indents")
    else:
        if content is None:
            faults.append(f"{name}: the file is empty; restore it from the release")
        return content
    return None


class _Filler:
    """Puts local service names into the braces of the wording."""

    def __init__(self, names: dict[str, str], faults: list[str]):
        self.names, self.faults = names, faults

    def into(self, where: str, content: Any) -> Any:
        if isinstance(content, dict):
            return {k: self.into(f"{where}: {k}" if ": " not in where else f"{where}.{k}", v) for k, v in content.items()}
        if isinstance(content, list):
            return [self.into(f"{where}[{n}]", v) for n, v in enumerate(content)]
        return PLACEHOLDER.sub(lambda m: self._name(where, m[1]), content) if isinstance(content, str) else content

    def _name(self, where: str, service: str) -> str:
        if service not in self.names:
            self.faults.append(f"{where}: unknown service {{{service}}}; name it under services in data/local")
        return self.names.get(service, service)


def _domain(name: str, content: Any, faults: list[str]) -> Domain | None:
    domain = _validated(Domain, content, f"domains/{name}.yaml", faults)
    if domain and domain.id != name:
        faults.append(f"domains/{name}.yaml: id: {domain.id} is not the file's name; make them the same")
    return domain


def _validated(model: type[T], content: Any, file: str, faults: list[str]) -> T | None:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        for fault in error.errors():
            path = ".".join(str(p) for p in fault["loc"])
            where = f"{file}: {path}" if file else _file_of(path)
            faults.append(f"{where}: {fault['msg'].lower()}; {_fix(fault)}")
        return None


def _file_of(path: str) -> str:
    head, _, rest = path.partition(".")
    files = {
        "immediate_danger": "responses", "repeat_referrals": "responses", "young_and_missing": "responses",
        "summary_steps": "planning", "form_areas": "form", "weighting": "form",
    }  # fmt: skip
    file = files.get(head, head if head in PLAIN_FILES else "framework")
    return f"{file}.yaml: {rest if head == file and rest else path}"


def _fix(fault: Any) -> str:
    if fault["type"] == "missing":
        return "add it"
    if fault["type"] == "extra_forbidden":
        return "remove it or correct its name"
    return f"found {json.dumps(fault.get('input'), default=str)[:60]}"


def _cross_faults(framework: Framework) -> Iterator[str]:
    for domain in framework.domains:
        where = f"domains/{domain.id}.yaml"
        for level in LEVELS:
            if not domain.levels.get(level):
                yield f"{where}: levels: {level} is missing; list its indicators"
        for pillar in PILLARS:
            if pillar not in domain.steps:
                yield f"{where}: steps: {pillar} is missing; list its steps, or [] for none"
        for step in [s for steps in domain.steps.values() for s in steps]:
            if step.lines is None and not step.source:
                yield f"{where}: {step.id}: action without source; add lines of the guidance, or source"
        if domain.id not in framework.scores:
            yield f"scores.yaml: {domain.id} is missing; give its four scores"
    for id, scores in framework.scores.items():
        if id not in framework.domain:
            yield f"scores.yaml: {id}: unknown domain; use one of {', '.join(framework.domain)}"
        yield from _rising(f"scores.yaml: {id}", scores, "score")
    for axis in ("harm", "context", "combined"):
        if axis not in framework.bands:
            yield f"bands.yaml: {axis} is missing; give the least total of each band"
            continue
        thresholds = framework.bands[axis]  # type: ignore[index]
        yield from _rising(f"bands.yaml: {axis}", thresholds, "bands would overlap")
        if thresholds.significant > (top := framework.maximum(axis)):
            yield f"bands.yaml: {axis}.significant: {thresholds.significant} is above the highest total, {top}; lower it"
    for level in LEVELS:
        if level not in framework.responses:
            yield f"responses.yaml: {level} is missing; give its response, pillars and review"
        if level not in framework.level:
            yield f"framework.yaml: levels: {level} is missing; add it"
    yield from _duplicates(framework)
    yield from _unknown_references(framework)


def _rising(where: str, numbers: DomainScores | Thresholds, what: str) -> Iterator[str]:
    if numbers.none != 0:
        yield f"{where}.none: {numbers.none}, but the lowest level starts at 0; set it to 0, or totals near 0 fall in a gap"
    for lower, upper in zip(LEVELS, LEVELS[1:], strict=False):
        if numbers.of(upper) <= numbers.of(lower):
            yield f"{where}.{upper}: {numbers.of(upper)} does not rise above {lower}, {numbers.of(lower)} ({what}); raise it"


def _duplicates(framework: Framework) -> Iterator[str]:
    seen: dict[str, str] = {}
    for where, statement in _statements(framework):
        if statement.id in seen:
            yield f"{where}: {statement.id}: duplicate id, also in {seen[statement.id]}; give it another"
        seen.setdefault(statement.id, where)


def _statements(framework: Framework) -> Iterator[tuple[str, Statement]]:
    for d in framework.domains:
        where = f"domains/{d.id}.yaml"
        groups = [d.introduction, d.consider, d.assess, *d.levels.values(), d.explanations, *d.steps.values(), d.extras]
        yield from ((where, s) for group in (*groups, d.see_also) for s in group)
    for level, response in framework.responses.items():
        yield from ((f"responses.yaml: {level}", s) for s in (*response.text, *response.checklist))
    for p in framework.pathways:
        inner = (s for statements in p.thresholds.values() for s in statements)
        yield from (("pathways.yaml", s) for s in (*p.do, *p.criteria, *inner))
    for steps in framework.summary_steps.values():
        yield from (("planning.yaml", s) for s in steps)


def _unknown_references(framework: Framework) -> Iterator[str]:
    ids = {s.id for _, s in _statements(framework)}
    pathways = set(framework.pathway)
    for domain in framework.domains:
        where = f"domains/{domain.id}.yaml"
        marked = [*(i for level in domain.levels.values() for i in level), *(s for p in domain.steps.values() for s in p)]
        for item in marked:
            for prompt in [p for p in item.prompts if p not in pathways]:
                yield f"{where}: {item.id}: unknown pathway {prompt}; use one of {', '.join(sorted(pathways))}"
            for other in [o for o in item.same_as if o not in ids]:
                yield f"{where}: {item.id}: same_as names {other}, which is not there; correct the id"
    partners = {p.id for p in framework.partners}
    for level, response in framework.responses.items():
        for partner in [p for p in response.partners if p not in partners]:
            yield f"responses.yaml: {level}: unknown partner {partner}; add it to partners.yaml"
    for partner_ in framework.partners:
        for context in [c for c in partner_.contexts if c not in framework.domain]:
            yield f"partners.yaml: {partner_.id}: unknown domain {context}; use a context's id"
