"""A framework folder: what loads, what each fault says, and that all faults are said at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chm import settings
from chm.errors import Faults
from chm.framework import LEVELS, PILLARS, Framework, load, load_all, newest

MERTON = "frameworks/merton-2020"
Edit = Callable[[Path], object]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the product's frameworks and local services, to break."""
    for folder in ("frameworks", "local"):
        shutil.copytree(settings.data() / folder, tmp_path / folder)
    return tmp_path


def put(file: str, old: str, new: str) -> Edit:
    """Replaces the first `old` in a file of the framework."""

    def edit(data: Path) -> None:
        path = data / MERTON / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def write(file: str, content: str | bytes) -> Edit:
    """Writes a whole file, named from the data folder."""
    return lambda data: (data / file).write_bytes(content if isinstance(content, bytes) else content.encode())


def remove(file: str) -> Edit:
    return lambda data: (data / MERTON / file).unlink()


def without(file: str, key: str) -> Edit:
    """Takes one top-level key away."""

    def edit(data: Path) -> None:
        path = data / MERTON / file
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        del content[key]
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    return edit


def faults(data: Path, *edits: Edit) -> list[str]:
    for edit in edits:
        edit(data)
    with pytest.raises(Faults) as raised:
        load_all(data)
    return raised.value.faults


STEP = 'text: "Map the young person\'s friends and network", lines: [349, 349]'
PILLAR_NAMES = "'identify', 'prevent', 'support', 'protect' or 'disrupt'"

ONE_FAULT = {
    "level missing from the scores": (
        put("scores.yaml", "none: 0, emerging: 3,", "none: 0,"),
        "scores.yaml: coercion.emerging: field required; add it",
    ),
    "domain missing from the scores": (
        without("scores.yaml", "coercion"),
        "scores.yaml: coercion is missing; give its four scores",
    ),
    "level missing from the responses": (
        without("responses.yaml", "emerging"),
        "responses.yaml: emerging is missing; give its response, pillars and review",
    ),
    "level missing from the framework": (
        put("framework.yaml", '  - {id: none, name: "None", band_name: No concern, definition: null, '
            "definition_lines: null}\n", ""),
        "framework.yaml: levels: none is missing; add it",
    ),
    "score that does not rise": (
        put("scores.yaml", "emerging: 3", "emerging: 6"),
        "scores.yaml: coercion.moderate: 6 does not rise above emerging, 6 (score); raise it",
    ),
    "bands that overlap": (
        put("bands.yaml", "moderate: 17", "moderate: 5"),
        "bands.yaml: harm.moderate: 5 does not rise above emerging, 5 (bands would overlap); raise it",
    ),
    "gap below the bands": (
        put("bands.yaml", "none: 0", "none: 2"),
        "bands.yaml: harm.none: 2, but the lowest level starts at 0, else totals fall in a gap; set it to 0",
    ),
    "band missing": (
        put("bands.yaml", "emerging: 5, ", ""),
        "bands.yaml: harm.emerging: field required; add it",
    ),
    "bands of an axis missing": (
        without("bands.yaml", "combined"),
        "bands.yaml: combined is missing; give the least total of each band",
    ),
    "band no total can reach": (
        put("bands.yaml", "significant: 33", "significant: 59"),
        "bands.yaml: harm.significant: 59 is above the highest total, 58; lower it",
    ),
    "unknown pillar in a response": (
        put("responses.yaml", "pillars: [identify, prevent]", "pillars: [identify, prevnt]"),
        f'responses.yaml: none.pillars.1: unknown name "prevnt"; use {PILLAR_NAMES}',
    ),
    "unknown domain of a partner": (
        put("partners.yaml", "contexts: [places]", "contexts: [place]"),
        "partners.yaml: community_safety: unknown domain place; use one of ",
    ),
    "unknown domain file": (
        lambda data: (data / MERTON / "domains/sport.yaml").write_text("id: sport\n"),
        "domains/sport.yaml: unknown domain; add it to domain_order in framework.yaml",
    ),
    "unknown axis": (
        put("framework.yaml", "domain_order: {harm:", "domain_order: {hram:"),
        "framework.yaml: domain_order.hram: unknown name \"hram\"; use 'harm' or 'context'",
    ),
    "domain file missing": (
        remove("domains/self.yaml"),
        "framework.yaml: domain_order.context: no file for self; add domains/self.yaml",
    ),
    "domain twice in the order": (
        put("framework.yaml", "harm: [coercion,", "harm: [coercion, coercion,"),
        "framework.yaml: domain_order.harm: coercion is there twice; keep one",
    ),
    "domain on two axes": (
        put("domains/self.yaml", "axis: context", "axis: harm"),
        "framework.yaml: domain_order.context: self has axis harm in domains/self.yaml; make them the same",
    ),
    "domain under another name": (
        put("domains/missing.yaml", "id: missing\n", "id: mising\n"),
        "domains/missing.yaml: id: mising is not the file's name; make them the same",
    ),
    "duplicate id": (
        put("domains/missing.yaml", "missing.none.02", "coercion.none.01"),
        "domains/missing.yaml: coercion.none.01: duplicate id, also in domains/coercion.yaml; give it another",
    ),
    "key twice in one file": (
        put("scores.yaml", "missing: {", "coercion: {"),
        "scores.yaml: line 2: not valid YAML (coercion is there twice); check quotes and indents",
    ),
    "action without source": (
        put("domains/missing.yaml", STEP, STEP.replace(", lines: [349, 349]", "")),
        "domains/missing.yaml: missing.step.identify.01: action without source; "
        "add lines of the guidance, or source",
    ),
    "indicator without source": (
        put("domains/missing.yaml", 'text: "Is home on time", lines: [314, 314]', 'text: "Is home on time"'),
        "domains/missing.yaml: missing.none.01: statement without source; add lines of the guidance, or source",
    ),
    "unknown placeholder": (
        put("domains/missing.yaml", "{outreach}", "{outraech}"),
        "domains/missing.yaml: steps.support[0].text: unknown service {outraech}; "
        "name it under services in data/local",
    ),
    "unknown service": (
        put("pathways.yaml", "service: marac", "service: marrac"),
        "pathways.yaml: dash.do.02: unknown service marrac; use one of ",
    ),
    "unknown link": (
        put("pathways.yaml", "link: nrm", "link: nmr"),
        "pathways.yaml: nrm: unknown link nmr; use one of ",
    ),
    "unknown pathway": (
        put("domains/missing.yaml", "prompts: [missing]", "prompts: [gone]"),
        "domains/missing.yaml: missing.emerging.06: unknown pathway gone; use one of ",
    ),
    "unknown twin": (
        put("domains/missing.yaml", "same_as: [missing.significant.04]", "same_as: [missing.significant.40]"),
        "domains/missing.yaml: missing.emerging.05: same_as names missing.significant.40, "
        "which is not there; correct the id",
    ),
    "unknown partner": (
        put("responses.yaml", "partners: [community_safety,", "partners: [comunity_safety,"),
        "responses.yaml: moderate: unknown partner comunity_safety; use one of ",
    ),
    "unknown key": (
        put("domains/missing.yaml", "consider:\n", "consder: []\nconsider:\n"),
        "domains/missing.yaml: consder: extra inputs are not permitted; remove it or correct its name",
    ),
    "broken YAML": (
        put("domains/missing.yaml", "section: ", "section: ["),
        "domains/missing.yaml: line 5: not valid YAML (did not find expected ',' or ']'); check quotes and indents",
    ),
    "control character": (
        put("domains/missing.yaml", "Is home on time", "Is home \x07on time"),
        "domains/missing.yaml: the file: not valid YAML (unacceptable character #x0007: ",
    ),
    "impossible date": (
        put("framework.yaml", "year: 2020", "year: 2020-13-01"),
        "framework.yaml: the file: not valid YAML (month must be in 1..12); check quotes and indents",
    ),
    "key that is not text": (
        put("framework.yaml", "year: 2020", "on: 2020"),
        "framework.yaml: line 4: not valid YAML (the key True is not text); check quotes and indents",
    ),
    "missing file": (remove("bands.yaml"), "bands.yaml: the file is missing; restore it from the release"),
    "empty file": (
        write(f"{MERTON}/domains/self.yaml", ""),
        "domains/self.yaml: the file is empty; restore it from the release",
    ),
    "not UTF-8": (
        write(f"{MERTON}/glossary.yaml", "- é".encode("latin-1")),
        "glossary.yaml: not UTF-8 text; save it as UTF-8",
    ),
    "a list for a mapping": (
        write(f"{MERTON}/responses.yaml", "[1, 2]"),
        "responses.yaml: the file is not a mapping; restore it from the release",
    ),
    "a mapping for a list": (
        write(f"{MERTON}/pathways.yaml", "{a: 1}"),
        "pathways.yaml: the file is not a list; restore it from the release",
    ),
    "text for a mapping": (
        write(f"{MERTON}/domains/self.yaml", "hello"),
        "domains/self.yaml: the file is not a mapping; restore it from the release",
    ),
    "text for a number": (
        put("framework.yaml", "version: 1", "version: one"),
        "framework.yaml: version: input should be a valid integer, unable to parse string as an integer; "
        'found "one"',
    ),
    "text for a list": (
        put("framework.yaml", "context: [places, peers, professionals, education, family, self]", "context: places"),
        'framework.yaml: domain_order.context: input should be a valid list; found "places"',
    ),
    "empty statement": (
        put("domains/missing.yaml", 'text: "Is home on time"', 'text: ""'),
        "domains/missing.yaml: levels.none.0.text: string should have at least 1 character; found ",
    ),
    "label too long for its row": (
        put("domains/self.yaml", "\nname: ", "\nname: a very long name that would not fit and "),
        "domains/self.yaml: name: string should have at most 30 characters; found ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ONE_FAULT)
def test_a_fault_is_said_alone_with_file_path_and_fix(data: Path, kind: str) -> None:
    edit, message = ONE_FAULT[kind]
    found = faults(data, edit)
    assert len(found) == 1, found
    assert found[0].startswith(f"merton-2020/{message}")
    assert "\n" not in found[0]


def test_an_unknown_level_or_pillar_also_leaves_its_own_missing(data: Path) -> None:
    found = faults(
        data,
        put("domains/self.yaml", "  emerging:\n", "  emrging:\n"),
        put("domains/missing.yaml", "  prevent:\n", "  prevnt:\n"),
        put("scores.yaml", "coercion:", "coertion:"),
        put("framework.yaml", "{id: support,", "{id: suport,"),
    )
    levels = "'none', 'emerging', 'moderate' or 'significant'"
    assert sorted(f.removeprefix("merton-2020/").partition("; use one of")[0] for f in found) == [
        f'domains/missing.yaml: steps.prevnt: unknown name "prevnt"; use {PILLAR_NAMES}',
        "domains/missing.yaml: steps: prevent is missing; list its steps, or [] for none",
        f'domains/self.yaml: levels.emrging: unknown name "emrging"; use {levels}',
        "domains/self.yaml: levels: emerging is missing; list its indicators",
        "framework.yaml: pillars: support is missing; add it",
        "framework.yaml: pillars: unknown suport; use identify, prevent, support, protect, disrupt",
        "scores.yaml: coercion is missing; give its four scores",
        "scores.yaml: coertion: unknown domain",
    ]


# A broken or missing file leaves references into it unjudged; every other kind is still said beside it.
TOGETHER = {
    "every file reads": [
        "level missing from the scores",
        "level missing from the responses",
        "bands that overlap",
        "unknown domain of a partner",
        "duplicate id",
        "action without source",
        "indicator without source",
        "unknown placeholder",
        "unknown link",
        "unknown pathway",
        "unknown key",
        "label too long for its row",
        "text for a number",
    ],
    "some do not": [
        "broken YAML",
        "not UTF-8",
        "a mapping for a list",
        "score that does not rise",
        "gap below the bands",
        "level missing from the responses",
        "label too long for its row",
        "text for a number",
    ],
}


@pytest.mark.parametrize("kinds", TOGETHER.values(), ids=TOGETHER)
def test_all_faults_are_said_at_once(data: Path, kinds: list[str]) -> None:
    found = faults(data, *(ONE_FAULT[kind][0] for kind in kinds))
    for kind in kinds:
        message = f"merton-2020/{ONE_FAULT[kind][1]}"
        assert sum(f.startswith(message) for f in found) == 1, f"{kind}: {found}"
    assert len(found) == len(kinds)


def test_several_faults_of_one_domain(data: Path) -> None:
    found = faults(
        data,
        put("domains/missing.yaml", 'text: "Is home on time"', 'text: ""'),
        put("domains/missing.yaml", "missing.none.02", "missing.none.03"),
        put("domains/missing.yaml", STEP, STEP.replace(", lines: [349, 349]", "")),
        put("domains/missing.yaml", "page: 9", "page: nine"),
    )
    assert [f.split(": ")[1] for f in found] == [
        "page",
        "levels.none.0.text",
        "missing.none.03",
        "missing.step.identify.01",
    ]


def test_faults_of_every_folder_are_said_and_local_ones_once(data: Path) -> None:
    shutil.copytree(data / MERTON, data / "frameworks/other")
    for folder in ("merton-2020", "other"):
        (data / "frameworks" / folder / "bands.yaml").unlink()
    write("local/merton.yaml", "services: {outreach: Catch22}")(data)
    found = faults(data)
    missing = "bands.yaml: the file is missing; restore it from the release"
    assert {f"merton-2020/{missing}", f"other/{missing}"} <= set(found)
    local = [f for f in found if f.startswith("local/")]
    assert local == ["local/merton.yaml: services.outreach: not a mapping; write outreach: {name: ...}"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[1]", "the file is not a mapping; restore it from the release"),
        ("services:", "services: not a mapping; give each service a name"),
        ("services: [a]", "services: not a mapping; give each service a name"),
        ("services: {", "line 2: not valid YAML"),
    ],
)
def test_broken_local_services(data: Path, content: str, fault: str) -> None:
    found = faults(data, write("local/merton.yaml", content + "\n"))
    assert len(found) == 1
    assert found[0].startswith(f"local/merton.yaml: {fault}")


def test_no_framework_or_not_one_local_file(data: Path) -> None:
    assert faults(data, lambda d: (d / "local/other.yaml").write_text("services: {}\n")) == [
        "local: 2 files; keep one council's file in data/local"
    ]
    for file in (data / "local").iterdir():
        file.unlink()
    shutil.rmtree(data / "frameworks")
    assert faults(data) == [
        "frameworks: no framework folder; restore data/frameworks from the release",
        "local: 0 files; keep one council's file in data/local",
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses otherwise")
def test_a_file_that_cannot_be_read(data: Path) -> None:
    def folder_instead(data: Path) -> None:
        remove("bands.yaml")(data)
        (data / MERTON / "bands.yaml").mkdir()

    assert faults(data, folder_instead) == [
        "merton-2020/bands.yaml: the file cannot be read (Is a directory); put that right or restore it"
    ]


def test_a_folder_that_cannot_be_read(data: Path) -> None:
    shutil.rmtree(data / "local")
    (data / "local").write_text("no folder")
    assert faults(data) == ["local: the folder cannot be read (Not a directory); put that right or restore it"]


def test_two_folders_of_one_version(data: Path) -> None:
    shutil.copytree(data / MERTON, data / "frameworks/zz-copy")
    assert faults(data) == ["zz-copy/framework.yaml: version: merton-2020 1 is there twice; raise the version"]


def test_a_second_council_loads_without_code(data: Path) -> None:
    other = data / "frameworks/harbour-2027"
    shutil.copytree(data / MERTON, other)
    head = other / "framework.yaml"
    head.write_text(
        head.read_text().replace("id: merton-2020", "id: harbour-2027").replace("year: 2020", "year: 2027-01-05")
    )
    scores = other / "scores.yaml"
    scores.write_text(
        scores.read_text().replace(
            "emerging: 3, moderate: 6, significant: 12", "emerging: 2, moderate: 5, significant: 20", 1
        )
    )
    bands = other / "bands.yaml"
    bands.write_text(bands.read_text().replace("moderate: 17, significant: 33", "moderate: 20, significant: 40", 1))
    found = load_all(data)
    assert set(found) == {("merton-2020", 1), ("harbour-2027", 1)}
    harbour = newest(found, "harbour-2027")
    assert harbour.scores["coercion"].significant == 20
    assert harbour.maximum("harm") == 66
    assert harbour.bands["harm"].band(19) == "emerging"
    assert harbour.fingerprint != newest(found, "merton-2020").fingerprint


def test_another_council_has_its_own_domains(data: Path) -> None:
    def lose_self(data: Path) -> None:
        put("framework.yaml", ", family, self]", ", family]")(data)
        remove("domains/self.yaml")(data)
        without("scores.yaml", "self")(data)

    lose_self(data)
    # What the other files said of that domain has to go too.
    assert {f.partition(": same_as names self.")[1] for f in faults(data)} == {": same_as names self."}
    for file in (data / MERTON / "domains").glob("*.yaml"):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for group in (*content["levels"].values(), *content["steps"].values()):
            for one in group:
                one["same_as"] = [s for s in one.get("same_as", []) if not s.startswith("self.")]
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    framework = newest(load_all(data), "merton-2020")
    assert len(framework.domains) == 12
    assert framework.maximum("combined") == 106


def test_the_newest_version_is_used_and_an_old_one_stays(data: Path) -> None:
    shutil.copytree(data / MERTON, data / "frameworks/merton-2020-v2")
    head = data / "frameworks/merton-2020-v2/framework.yaml"
    head.write_text(head.read_text().replace("version: 1", "version: 2"))
    scores = data / "frameworks/merton-2020-v2/scores.yaml"
    scores.write_text(
        scores.read_text().replace("significant: 8, inferred: [significant]", "significant: 10, inferred: []")
    )
    found = load_all(data)
    assert newest(found, "merton-2020").version == 2
    assert newest(found, "merton-2020").points["family"]["significant"].inferred is False
    assert newest(found, "merton-2020").maximum("context") == 56
    assert found["merton-2020", 1].maximum("context") == 54


def test_no_such_framework() -> None:
    with pytest.raises(Faults, match="^frameworks: no framework atlantis; set CHM_FRAMEWORK to one of: merton-2020$"):
        newest(load_all(settings.data()), "atlantis")


def test_the_fingerprint_follows_the_content_alone(data: Path) -> None:
    local = data / "local/merton.yaml"
    before = load(data / MERTON, local).fingerprint
    put("bands.yaml", "harm:", "# a remark\nharm:")(data)
    local.write_text(local.read_text().replace("Catch22 Risk and Resilience Service", "Harbour Outreach"))
    same = load(data / MERTON, local)
    assert same.fingerprint == before
    assert "Harbour Outreach" in same.steps["missing.step.support.01"][2].text
    put("bands.yaml", "emerging: 5", "emerging: 6")(data)
    assert load(data / MERTON, local).fingerprint != before


@pytest.fixture(scope="module")
def framework() -> Framework:
    return newest(load_all(settings.data()), "merton-2020")


def test_a_framework_cannot_be_changed(framework: Framework) -> None:
    with pytest.raises(ValueError, match="frozen"):
        framework.version = 2
    with pytest.raises(ValueError, match="frozen"):
        framework.scores["family"].significant = 10


@pytest.mark.parametrize(
    ("lines", "page", "cited"),
    [
        (None, None, "Outside the guidance"),
        (181, None, "Guidance line 181"),
        ((1450, 1453), None, "Guidance lines 1450 to 1453"),
        ((1261, 1261), 32, "Guidance p. 32, line 1261"),
    ],
)
def test_sources_as_shown(
    framework: Framework, lines: tuple[int, int] | int | None, page: int | None, cited: str
) -> None:
    assert framework.cite(lines, page) == cited


def test_look_ups_agree_with_the_lists(framework: Framework) -> None:
    assert list(framework.domain) == [d.id for d in framework.domains]
    assert [d.axis for d in framework.domains] == ["harm"] * 7 + ["context"] * 6
    assert set(framework.level) == set(LEVELS)
    for id, (domain, level, indicator) in framework.indicators.items():
        assert indicator in domain.levels[level]
        assert indicator.id == id
    for id, (domain, pillar, step) in framework.steps.items():
        assert pillar in PILLARS
        assert step in domain.steps[pillar]
        assert step.id == id
    assert framework.tickable > set(framework.indicators)
    for axis, tables in framework.axis_points.items():
        assert list(tables) == [d.id for d in framework.axis_domains(axis)]
        assert framework.bands[axis].band(framework.maximum(axis)) == framework.band_of[axis][-1]
    assert len(framework.band_of["combined"]) == framework.maximum("combined") + 1
