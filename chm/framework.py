"""A framework as data: `data/frameworks/<folder>/` read, checked as a whole and given as immutable objects.

Every statement carries the guidance lines it comes from. Local services stand in braces in the wording
and are filled in from `data/local/<council>.yaml`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chm.data_file import Loader
from chm.errors import Faults
from chm.fault_log import of_file

LevelId = Literal["none", "emerging", "moderate", "significant"]
PillarId = Literal["identify", "prevent", "support", "protect", "disrupt"]
AxisId = Literal["harm", "context"]
Target = Literal["young_person", "person", "place", "vehicle", "account", "group", "family", "school", "professionals"]
LEVELS: tuple[LevelId, ...] = ("none", "emerging", "moderate", "significant")
PILLARS: tuple[PillarId, ...] = ("identify", "prevent", "support", "protect", "disrupt")
BESIDE = ("glossary", "links")  # Explain, and may be mended without a new version.
T = TypeVar("T", bound=BaseModel)
AXES: tuple[AxisId, ...] = ("harm", "context")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
PLAIN_FILES = {
    "framework": dict, "scores": dict, "bands": dict, "responses": dict, "partners": dict, "pathways": list,
    "planning": dict, "form": dict, "triangles": list, "glossary": list, "links": list,
}  # fmt: skip


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
    pathways: tuple[str, ...] = ()


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
    criteria: tuple[Indicator, ...] = ()
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


class Change(Part):
    """What a version changed in the one before it: by which role, when, what and why."""

    by: str
    on: date
    what: str
    why: str


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
    changed: Change | None = None

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
    def tickable(self) -> frozenset[str]:
        """Ids of all that can be ticked: indicators, and the unscored criteria and thresholds of pathways."""
        inner = (s for p in self.pathways for part in (p.criteria, *p.thresholds.values()) for s in part)
        return frozenset(self.indicators) | {s.id for s in inner}

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
    def axis_points(self) -> dict[str, dict[str, dict[str, Point]]]:
        """`points` by axis."""
        return {axis: {d.id: self.points[d.id] for d in self.axis_domains(axis)} for axis in AXES}

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
    files = {name: _yaml(folder / f"{name}.yaml", kind, faults) for name, kind in PLAIN_FILES.items()}
    domain_files = {p.stem: _yaml(p, dict, faults) for p in _listed(folder / "domains", "*.yaml", faults)}
    services = _yaml(local, dict, faults)
    unread = {fault.partition(":")[0] for fault in faults}
    scored = {name: content for name, content in files.items() if name not in BESIDE}
    fingerprint = hashlib.sha256(json.dumps([scored, domain_files], sort_keys=True, default=str).encode()).hexdigest()
    fill = _Filler(_service_names(services, f"local/{local.name}", faults), faults)
    domain_files = {name: fill.into(f"domains/{name}.yaml", d) for name, d in domain_files.items()}
    files = {name: fill.into(f"{name}.yaml", content) for name, content in files.items()}
    order = _order(files["framework"], domain_files, faults)
    sound = {name: _domain(name, d, faults) for name, d in domain_files.items() if d and name in order}
    head, responses, form = files["framework"], files["responses"], files["form"]
    content = {
        **{k: head.get(k) for k in ("id", "version", "title", "source", "axes", "levels", "pillars", "changed")},
        "fingerprint": fingerprint,
        "domains": [sound[d] for d in order if d in sound],
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
    framework = _sound(Framework, content, "", faults)
    faults += _cross_faults(framework, content, set(order) | set(domain_files))
    if not unread and all(d in domain_files for d in order):
        faults += _unknown_references(framework, content, set(_ids([*files.values(), *domain_files.values()])))
    # What an unread file leaves out is no fault of its own.
    faults = [f for n, f in enumerate(faults) if n < len(unread) or f.partition(":")[0] not in unread]
    if faults:
        raise Faults(faults)
    return framework


def load_all(data: Path) -> dict[tuple[str, int], Framework]:
    """Every framework under `data/frameworks`, by (id, version), with the local services of `data/local`.

    Raises:
        Faults: all faults of all folders, each starting with the folder's name.
    """
    faults: list[str] = []
    frameworks: dict[tuple[str, int], Framework] = {}
    folders = [p for p in _listed(data / "frameworks", "[!.]*", faults) if p.is_dir()]
    locals_ = _listed(data / "local", "*.yaml", faults)
    if faults:
        raise Faults(faults)
    if not folders:
        faults.append("frameworks: no framework folder; restore data/frameworks from the release")
    if len(locals_) != 1:
        faults.append(f"local: {len(locals_)} files; keep one council's file in data/local")
    for folder in folders if locals_ else []:
        try:
            framework = load(folder, locals_[0])
        except Faults as found:
            faults += [f if f.startswith("local/") else f"{folder.name}/{f}" for f in found.faults]
            continue
        key = (framework.id, framework.version)
        if key in frameworks:
            faults.append(f"{folder.name}/framework.yaml: version: {key[0]} {key[1]} is there twice; raise the version")
        frameworks[key] = framework
    if faults:
        raise Faults(list(dict.fromkeys(faults)))
    return frameworks


def newest(frameworks: dict[tuple[str, int], Framework], id: str) -> Framework:
    """The highest version of framework `id`.

    Raises:
        Faults: there is no framework of that id.
    """
    versions = [f for (found, _), f in frameworks.items() if found == id]
    if not versions:
        known = ", ".join(sorted({k[0] for k in frameworks}))
        raise Faults([f"frameworks: no framework {id}; set CHM_FRAMEWORK to one of: {known}"])
    return max(versions, key=lambda f: f.version)


class _Loader(Loader):
    """YAML where each key is text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        for key, _ in node.value:
            name = self.construct_object(key)
            if not isinstance(name, str):
                raise yaml.MarkedYAMLError(problem=f"the key {name} is not text", problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


def _listed(folder: Path, pattern: str, faults: list[str]) -> list[Path]:
    """What in `folder` is named so; nothing and a fault where it cannot be looked into."""
    try:
        # Not `glob`, which takes a folder that may not be read for an empty one.
        return sorted(path for path in folder.iterdir() if path.match(pattern))
    except FileNotFoundError:
        return []
    except OSError as error:
        said = f"{folder.name}: the folder cannot be read ({error.strerror}); put that right or restore it"
        faults.append(of_file(said, error))
        return []


def _yaml(path: Path, kind: type, faults: list[str]) -> Any:
    """The content of `path`, a dict or a list as `kind` says; an empty one and a fault where it cannot be had."""
    name = f"{path.parent.name}/{path.name}" if path.parent.name in ("domains", "local") else path.name
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        faults.append(f"{name}: the file is missing; restore it from the release")
    except OSError as error:
        said = f"{name}: the file cannot be read ({error.strerror}); put that right or restore it"
        faults.append(of_file(said, error))
    except UnicodeDecodeError:
        faults.append(f"{name}: not UTF-8 text; save it as UTF-8")
    except RecursionError:
        faults.append(f"{name}: nested too deep; restore it from the release")
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "the file"
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        faults.append(f"{name}: {line}: not valid YAML ({problem}); check quotes and indents")
    else:
        if isinstance(content, kind):
            return content
        wrong = "the file is empty" if content is None else f"the file is not a {'list' if kind is list else 'mapping'}"
        faults.append(f"{name}: {wrong}; restore it from the release")
    return kind()


class _Filler:
    """Puts local service names into the braces of the wording; into none where there are no names to put."""

    def __init__(self, names: dict[str, str] | None, faults: list[str]):
        self.names, self.faults = names, faults

    def into(self, where: str, content: Any) -> Any:
        if isinstance(content, dict):
            return {
                k: self.into(f"{where}: {k}" if ": " not in where else f"{where}.{k}", v) for k, v in content.items()
            }
        if isinstance(content, list):
            return [self.into(f"{where}[{n}]", v) for n, v in enumerate(content)]
        return PLACEHOLDER.sub(lambda m: self._name(where, m[1]), content) if isinstance(content, str) else content

    def _name(self, where: str, service: str) -> str:
        if self.names is not None and service not in self.names:
            self.faults.append(f"{where}: unknown service {{{service}}}; name it under services in data/local")
        return (self.names or {}).get(service, service)


def _service_names(services: Any, file: str, faults: list[str]) -> dict[str, str] | None:
    if not services:
        return None
    found = services.get("services")
    if not isinstance(found, dict):
        faults.append(f"{file}: services: not a mapping; give each service a name")
        return None
    for key in [k for k, service in found.items() if not isinstance(service, dict)]:
        faults.append(f"{file}: services.{key}: not a mapping; write {key}: {{name: ...}}")
    return {key: str(s.get("name", key)) if isinstance(s, dict) else key for key, s in found.items()}


def _order(head: dict[str, Any], domain_files: dict[str, Any], faults: list[str]) -> list[str]:
    """The domains in order, each once, as domain_order of framework.yaml (`head`) has them."""
    try:
        by_axis = TypeAdapter(dict[AxisId, list[str]]).validate_python(head.get("domain_order"))
    except ValidationError as error:
        faults += [_say(f, f"framework.yaml: {_path(('domain_order', *f['loc']))}") for f in error.errors()]
        return list(domain_files)
    order: list[str] = []
    for axis in AXES:
        for domain in by_axis.get(axis, []):
            where = f"framework.yaml: domain_order.{axis}: "
            if domain in order:
                faults.append(f"{where}{domain} is there twice; keep one")
                continue
            order.append(domain)
            if domain not in domain_files:
                faults.append(f"{where}no file for {domain}; add domains/{domain}.yaml")
            elif (found := domain_files[domain].get("axis", axis)) != axis:
                faults.append(f"{where}{domain} has axis {found} in domains/{domain}.yaml; make them the same")
    for extra in [d for d in domain_files if d not in order]:
        faults.append(f"domains/{extra}.yaml: unknown domain; add it to domain_order in framework.yaml")
    return order


def _domain(name: str, content: dict[str, Any], faults: list[str]) -> Domain:
    if (id := content.get("id")) != name:
        faults.append(f"domains/{name}.yaml: id: {id} is not the file's name; make them the same")
    return _sound(Domain, {**content, "id": name}, f"domains/{name}.yaml", faults)


def _sound(model: type[T], content: dict[str, Any], file: str, faults: list[str]) -> T:
    """`content` as a `model`; what does not fit is a fault each and left out, so that the rest is still checked."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = error.errors()
    faults += [_say(f, f"{file}: {_path(f['loc'])}" if file else _file_of(_path(f["loc"]))) for f in found]
    kept = _without(content, {_entry(f["loc"]) for f in found})
    parts = {}
    for name, field in model.model_fields.items():
        try:
            parts[name] = TypeAdapter[Any](field.annotation).validate_python(kept.get(name))  # type: ignore[arg-type]
        except ValidationError:
            origin = get_origin(field.annotation)
            parts[name] = origin() if origin in (dict, tuple) else None
    return model.model_construct(**parts)


def _entry(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """The list item, else the key of a top-level mapping, that holds what stands at `path`."""
    return path[: next((n for n, part in enumerate(path, 1) if isinstance(part, int)), 2)]


def _without(content: Any, paths: set[tuple[Any, ...]], here: tuple[Any, ...] = ()) -> Any:
    if isinstance(content, dict):
        return {k: _without(v, paths, (*here, k)) for k, v in content.items() if (*here, k) not in paths}
    if isinstance(content, list):
        return [_without(v, paths, (*here, n)) for n, v in enumerate(content) if (*here, n) not in paths]
    return content


def _path(parts: tuple[Any, ...]) -> str:
    return ".".join(str(p) for p in parts if p != "[key]")


def _file_of(path: str) -> str:
    head, _, rest = path.partition(".")
    files = {
        "immediate_danger": "responses", "repeat_referrals": "responses", "young_and_missing": "responses",
        "summary_steps": "planning", "form_areas": "form", "weighting": "form",
    }  # fmt: skip
    file = files.get(head, head if head in PLAIN_FILES else "framework")
    return f"{file}.yaml: {rest if head == file and rest else path}"


def _say(fault: Any, where: str) -> str:
    fix = {"missing": "add it", "extra_forbidden": "remove it or correct its name"}.get(fault["type"])
    found = json.dumps(fault.get("input"), default=str)[:60]
    if fault["type"] == "literal_error":
        return f"{where}: unknown name {found}; use {fault['ctx']['expected']}"
    return f"{where}: {fault['msg'].lower()}; {fix or f'found {found}'}"


def _cross_faults(framework: Framework, content: dict[str, Any], domains: set[str]) -> Iterator[str]:
    """Faults of the sound parts of `framework` as a whole; what stands in `content` at all is not missing."""
    for domain in framework.domains:
        where = f"domains/{domain.id}.yaml"
        for level in LEVELS:
            if not domain.levels.get(level):
                yield f"{where}: levels: {level} is missing; list its indicators"
        for pillar in PILLARS:
            if pillar not in domain.steps:
                yield f"{where}: steps: {pillar} is missing; list its steps, or [] for none"
        if domain.id not in content["scores"]:
            yield f"scores.yaml: {domain.id} is missing; give its four scores"
    for id in [id for id in content["scores"] if id not in domains]:
        yield f"scores.yaml: {id}: unknown domain; use one of {', '.join(sorted(domains))}"
    for id, scores in framework.scores.items():
        yield from _rising(f"scores.yaml: {id}", scores, "score")
    scored = all(d in framework.scores for d in domains)
    for axis in ("harm", "context", "combined"):
        if axis not in content["bands"]:
            yield f"bands.yaml: {axis} is missing; give the least total of each band"
        if not (thresholds := framework.bands.get(axis)):
            continue
        yield from _rising(f"bands.yaml: {axis}", thresholds, "bands would overlap")
        if scored and thresholds.significant > (top := framework.maximum(axis)):
            least = thresholds.significant
            yield f"bands.yaml: {axis}.significant: {least} is above the highest total, {top}; lower it"
    for level in LEVELS:
        if level not in content["responses"]:
            yield f"responses.yaml: {level} is missing; give its response, pillars and review"
    for part, wanted in {"levels": LEVELS, "pillars": PILLARS, "axes": (*AXES, "combined")}.items():
        if named := _top_ids(content[part]):
            yield from (f"framework.yaml: {part}: {id} is missing; add it" for id in wanted if id not in named)
            if part != "levels":  # Those are the model's to refuse.
                unknown = [id for id in named if id not in wanted]
                yield from (f"framework.yaml: {part}: unknown {id}; use {', '.join(wanted)}" for id in unknown)
    yield from _statement_faults(framework)


def _rising(where: str, numbers: DomainScores | Thresholds, what: str) -> Iterator[str]:
    if numbers.none != 0:
        yield f"{where}.none: {numbers.none}, but the lowest level starts at 0, else totals fall in a gap; set it to 0"
    for lower, upper in zip(LEVELS, LEVELS[1:], strict=False):
        if (number := numbers.of(upper)) <= (below := numbers.of(lower)):
            yield f"{where}.{upper}: {number} does not rise above {lower}, {below} ({what}); raise it"


def _statement_faults(framework: Framework) -> Iterator[str]:
    seen: dict[str, str] = {}
    for where, statement in _statements(framework):
        if statement.id in seen:
            yield f"{where}: {statement.id}: duplicate id, also in {seen[statement.id]}; give it another"
        seen.setdefault(statement.id, where)
        if statement.lines is None and not statement.source:
            what = "action" if isinstance(statement, Step) else "statement"
            yield f"{where}: {statement.id}: {what} without source; add lines of the guidance, or source"


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
    for area in framework.form_areas:
        yield from ((f"form.yaml: {area.id}", s) for s in area.contains)
    yield from (("form.yaml: weighting", s) for s in framework.weighting)


def _unknown_references(framework: Framework, content: dict[str, Any], ids: set[str]) -> Iterator[str]:
    pathways, links, partners = (_top_ids(content[part]) for part in ("pathways", "links", "partners"))
    services = content["local"].get("services")
    services = set(services) if isinstance(services, dict) else set()
    for where, s in _statements(framework):
        if isinstance(s, Indicator | Step):
            yield from _unknown(where, s.id, "pathway", s.prompts, pathways)
            for other in [o for o in s.same_as if o not in ids]:
                yield f"{where}: {s.id}: same_as names {other}, which is not there; correct the id"
        yield from _unknown(where, s.id, "link", [s.link], links)
        yield from _unknown(where, s.id, "service", [s.service], services)
    for d in framework.domains:
        yield from _unknown(f"domains/{d.id}.yaml", "pathways", "pathway", d.pathways, pathways)
    for p in framework.pathways:
        yield from _unknown("pathways.yaml", p.id, "link", [p.link], links)
        yield from _unknown("pathways.yaml", p.id, "service", p.services, services)
    for area in framework.form_areas:
        yield from _unknown("form.yaml", area.id, "pathway", [area.pathway], pathways)
    for level, response in framework.responses.items():
        yield from _unknown("responses.yaml", level, "partner", response.partners, partners)
    for partner in framework.partners:
        yield from _unknown("partners.yaml", partner.id, "domain", partner.contexts, framework.domain)
        yield from _unknown("partners.yaml", partner.id, "partner", [partner.alternative_to], partners)
        yield from _unknown("partners.yaml", partner.id, "service", [partner.service], services)


def _unknown(where: str, id: str, what: str, names: Iterable[str | None], known: Collection[str]) -> Iterator[str]:
    for name in [n for n in names if n is not None and n not in known and known]:
        yield f"{where}: {id}: unknown {what} {name}; use one of {', '.join(sorted(known))}"


def _top_ids(content: Any) -> list[str]:
    return [str(one.get("id")) for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _ids(content: Any) -> Iterator[str]:
    """Every id in `content`, however deep."""
    if isinstance(content, dict):
        if isinstance(id := content.get("id"), str):
            yield id
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _ids(part)
