"""Loading the invented cohort into a database."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chm import settings, store
from chm.casework import (
    demo,
    duplicates,
    frameworks,
    notices,
    people,
    setting_assessments,
    shared_actions,
    users,
)
from chm.casework.desk import Desk
from chm.errors import Conflict, Faults
from chm.linkage.ties import Party

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def at_desk(engine: store.Engine, user: str) -> Desk:
    return Desk(engine, next(u for u in users.all_users(engine) if u.id == user), clock=lambda: NOON)


def test_loads_forty_once_and_marks_the_database(engine: store.Engine) -> None:
    assert not store.is_demo(engine)
    assert demo.load(engine, TODAY) == 40
    assert store.is_demo(engine)
    assert len(users.all_users(engine)) == 9
    with pytest.raises(Conflict, match="empty"):
        demo.load(engine, TODAY)


def test_what_users_meet(engine: store.Engine) -> None:
    demo.load(engine, TODAY)
    jo = at_desk(engine, "U-jo")
    rows = {r.young_person.name.split()[0]: r for r in people.mine(jo)}
    assert len(rows) == 14
    assert {name: r.answered for name, r in rows.items() if r.answered} == {"Heron": 10, "Teal": 12, "Siskin": 4}
    assert rows["Siskin"].latest is None
    wren = rows["Wren"].latest
    assert wren is not None
    assert (wren.score.combined.score, wren.judged) == (8, "significant")
    assert len(people.mine(at_desk(engine, "U-sam"))) == len(people.mine(at_desk(engine, "U-val"))) == 13
    assert [f.id for f in people.find(at_desk(engine, "U-pat"), "twite")] == ["YP-0029"]
    assert people.find(at_desk(engine, "U-pat"), "wren") == []
    (notice,) = notices.mine(at_desk(engine, "U-chris"))
    assert (notice.record, notice.seen_at) == ("YP-0020", None)
    assert people.add(jo, "New One", born=None, age=14, home_borough="Merton").id == "YP-0041"


def test_a_record_reads_back_as_it_was_written(engine: store.Engine) -> None:
    demo.load(engine, TODAY)
    cohort = demo.read(settings.data() / "demo", frameworks.every()["merton-2020", 1], TODAY)
    lead = at_desk(engine, "U-chris")
    for story in cohort.stories[:6]:
        record = people.record_of(lead, story.person.id)
        assert record.assessments == story.assessments
        assert sorted(record.incidents, key=lambda i: i.id) == sorted(story.incidents, key=lambda i: i.id)
        assert {a.id for a in record.actions} == {a.id for a in story.actions}
        assert record.workers == (story.worker.name,)
        assert (record.draft and record.draft.answers) == (story.draft and story.draft.answers)


def test_what_a_meeting_decided_waits_on_the_workers(engine: store.Engine) -> None:
    demo.load(engine, TODAY)
    jo, val = at_desk(engine, "U-jo"), at_desk(engine, "U-val")
    waiting = [(p.target, p.part.young_person, p.by) for p in shared_actions.waiting(jo)]
    assert waiting == [
        ("Grey Golf", "YP-0001", "Pat Fictional"),
        ("Grey Golf", "YP-0005", "Pat Fictional"),
        ("Tinsel Arcade", "YP-0002", "Pat Fictional"),
        ("Tinsel Arcade", "YP-0011", "Pat Fictional"),
    ]
    assert [p.part.young_person for p in shared_actions.waiting(val)] == ["YP-0029"]
    assert {n.record for n in notices.mine(jo) if not n.seen_at} == {"YP-0001", "YP-0002", "YP-0005", "YP-0011"}
    assert [n.record for n in notices.mine(at_desk(engine, "U-pat"))] == ["YP-0004"]
    accepted = shared_actions.accept(jo, shared_actions.waiting(jo)[0].part)
    assert accepted.young_person == "YP-0001"
    assert {n.record for n in notices.mine(jo) if not n.seen_at} == {"YP-0002", "YP-0005", "YP-0011"}
    target = Party(*accepted.target.split(":"))
    (progress,) = shared_actions.of_target(at_desk(engine, "U-pat"), target)
    assert (progress.waiting, progress.accepted, progress.declined) == (2, 2, 0)


def test_settings_are_open_to_those_who_know_the_young_people(engine: store.Engine) -> None:
    demo.load(engine, TODAY)
    jo = at_desk(engine, "U-jo")
    found = {s.entity.label: s for s in setting_assessments.mine(jo)}
    assert {"Northfield line", "Arcade and Parade", "Bramble Academy"} <= set(found)
    (kept,) = setting_assessments.history(jo, found["Northfield line"].entity.id)
    assert (kept.level, kept.recorded_by, kept.young_people) == (
        "significant", "Jo Placeholder", ("YP-0001", "YP-0002", "YP-0005"),
    )  # fmt: skip
    assert setting_assessments.history(at_desk(engine, "U-sam"), found["Northfield line"].entity.id) == []


def test_six_likely_duplicates_are_offered_and_one_merged(engine: store.Engine) -> None:
    demo.load(engine, TODAY)
    lead = at_desk(engine, "U-chris")
    offers = duplicates.offered(lead)
    assert [(o.kind, o.one.label, o.other.label) for o in offers] == [
        ("account", "07700 900142", "+44 7700 900142"),
        ("vehicle", "Grey Golf", "Grey hatchback"),
        ("person", "Danno", "Dano"),
        ("person", "Auntie Vee", "Aunty Vee"),
        ("person", "Marlo Notaname", "Marlow Notaname"),
        ("place", "Tinsel Arcade", "Tinsell Arcade"),
    ]
    duplicates.merge(lead, offers[0].one.id, offers[0].other.id)
    assert len(duplicates.offered(lead)) == 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of `data/demo` to spoil."""
    shutil.copytree(settings.data() / "demo", tmp_path / "demo")
    return tmp_path / "demo"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_faults_at_once_and_nothing_written(
    engine: store.Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in settings.data().iterdir():
        if part.name != "demo":
            (folder.parent / part.name).symlink_to(part)
    monkeypatch.setenv("CHM_DATA", str(folder.parent))
    young = folder / "young_people"
    edit(young / "wren.yaml", "health: significant s03", "health: severe s03")
    edit(young / "wren.yaml", "health: moderate m02 m01", "health: moderate m02 m99")
    edit(young / "wren.yaml", "missing: none n01 n02 n03, ", "")
    edit(young / "kestrel.yaml", "day: -300", "day: -431")
    edit(young / "kestrel.yaml", "step: coercion.step.protect.02", "step: coercion.step.protect.99")
    edit(young / "heron.yaml", "until: -235", "until: -239")
    edit(young / "dunlin.yaml", "indicator: coercion.significant.08", "indicator: coercion.significant.88")
    edit(young / "teal.yaml", "social_media: significant s04", "social_media: moderate s04")
    edit(young / "pipit.yaml", "day: -92", "day: -4500")
    edit(young / "harrier.yaml", "status: under_way}", "status: done}")
    tied = folder / "connections"
    edit(tied / "entities.yaml", "kip: {name: Kip, under_18: true", "kip: {name: Kip, under_81: true")
    edit(tied / "entities.yaml", "plate: ZY77 ZZZ", "plate: [ZY77]")
    edit(tied / "entities.yaml", "latitude: 51.4041, longitude: -0.1672", "latitude: 151.4, longitude: -0.1672")
    edit(tied / "entities.yaml", "  closed-group: {", "  heron: {name: Twice}\n  closed-group: {")
    edit(tied / "elsewhere.yaml", "with: [nail-bar]", "with: [nail-bat]")
    edit(tied / "elsewhere.yaml", "agency: Antisocial behaviour team", "agency: Nobody")
    edit(tied / "elsewhere.yaml", "with: [quick-side-job]", "with: [kip]")
    edit(tied / "elsewhere.yaml", "kind: trusted_adult", "kind: best_friend")
    edit(tied / "parade.yaml", "kind: stop", "kind: halt")
    edit(tied / "parade.yaml", "until: -30", "until: -40")
    edit(tied / "sandpiper.yaml", "one: redwing, other: sandpiper-house", "one: redwing, other: redwing")
    edit(folder / "settings.yaml", "setting: bramble-academy", "setting: library")
    edit(folder / "settings.yaml", "ages: adults", "ages: ancient")
    edit(folder / "settings.yaml", "by: U-jo", "by: U-drew")
    edit(folder / "settings.yaml", "[osprey, hobby]", "[osprey, ostrich]")
    edit(folder / "shared_actions.yaml", "target: grey-car", "target: zed")
    edit(folder / "shared_actions.yaml", "step: places.step.protect.01", "step: places.step.protect.91")
    edit(folder / "shared_actions.yaml", 'debt: "yes | Phones', 'debt: "| Phones')
    edit(folder / "shared_actions.yaml", "Young people are driven", "Kestrel and others are driven")
    edit(folder / "shared_actions.yaml", "decision: accepted, day: -2", "decision: accepted, day: -5")
    edit(folder / "shared_actions.yaml", "decision: declined, day: -1", "decision: accepted, day: -1")
    edit(folder / "places.yaml", "place: tinsel-arcade", "place: zed")
    edit(folder / "places.yaml", "lighting: well", "lighting: pink")
    edit(folder / "places.yaml", "status: done, closed: -22", "status: done")
    edit(folder / "places.yaml", "step: places.step.support.02", "step: places.step.support.99")
    with pytest.raises(Faults) as found:
        demo.load(engine, TODAY)
    said = "\n".join(found.value.faults)
    for fault in (
        "wren.yaml: assessments 3.health: unknown level severe",
        "wren.yaml: assessments 2: unknown indicator health.moderate.99",
        "wren.yaml: assessments 1: no level for missing",
        "kestrel.yaml: assessments 2: not after the one before",
        "kestrel.yaml: actions 2: unknown step coercion.step.protect.99",
        "heron.yaml: incidents 2: ends before it began",
        "dunlin.yaml: evidence 3: unknown indicator coercion.significant.88",
        "teal.yaml: assessments 1.social_media: the ticks suggest significant; write why under reasons",
        "pipit.yaml: referrals 1: before birth",
        "harrier.yaml: actions 1: `closed` goes with done and dropped",
    ):
        assert f"young_people/{fault}" in said
    for fault in (
        "assessments 1: no place has the key zed; correct it",
        "assessments 3: question 18: must be one of the form's answers; choose one",
        "actions 3: closed and result go together",
        "actions 5: unknown step; take one of targets.yaml",
    ):
        assert f"places.yaml: {fault}" in said
    for fault in (
        "connections/entities.yaml: person.kip: unknown under_81; remove it or correct its name",
        "connections/entities.yaml: place.tinsel-arcade: latitude: must be -90 to 90 degrees",
        "connections/entities.yaml: vehicle.silver-corsa.plate: input should be a valid string; correct it",
        "connections/entities.yaml: group.heron: the key stands for another already; give it another",
        "connections/elsewhere.yaml: events 3: unknown agency Nobody; take one of the council's",
        "connections/elsewhere.yaml: events 7: nothing has the key nail-bat; correct it, or add it to entities.yaml",
        "connections/elsewhere.yaml: events 9.with: kip is a person; name them under who",
        "connections/elsewhere.yaml: relationships 7: kind: not one of the list; choose one of it",
        "connections/parade.yaml: events 5: kind: not one of the list; choose one of it",
        "connections/parade.yaml: events 36: end: the date lies before the start; give a later day",
        "connections/sandpiper.yaml: relationships 1: other: the same as the first; a tie needs two parties",
        "settings.yaml: assessments 1: U-drew may not do this; give somebody else",
        "settings.yaml: assessments 1: question 4: must be one of the form's answers; choose one",
        "settings.yaml: assessments 2: no young person has the key ostrich; correct it",
        "settings.yaml: assessments 3: no group or school has the key library; correct it",
        "shared_actions.yaml: actions 1: a child, or somebody who may be one, is never disrupted",
        "shared_actions.yaml: actions 1: question 2: still open; choose an answer",
        "shared_actions.yaml: actions 1: names one of the young people",
        "shared_actions.yaml: actions 1: shrike: decided before it was proposed; give a later day",
        "shared_actions.yaml: actions 2: unknown step places.step.protect.91; take one of targets.yaml",
        "shared_actions.yaml: actions 2: teal: `because` goes with declined; correct it",
    ):
        assert fault in said
    assert len(found.value.faults) == 40
    assert [f for f in found.value.faults if f.startswith("meetings.yaml: ")] == [
        f"meetings.yaml: M-de500000000{n}: nobody has the id YP-0002; correct it" for n in (1, 3, 2)
    ]
    assert store.is_empty(engine)
    assert not store.is_demo(engine)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda f: edit(f / "young_people/wren.yaml", "day: -9\n", "day: 3\n"), "wren.yaml: assessments.2.day: input"),
        (lambda f: edit(f / "young_people/wren.yaml", "home:", "hom:"), "wren.yaml: hom: extra inputs"),
        (
            lambda f: edit(f / "young_people/wren.yaml", "judged: none", "judged: low"),
            "wren.yaml: assessments.0.judged",
        ),
        (
            lambda f: edit(f / "young_people/wren.yaml", "id: YP-0003", "id: YP-0004"),
            "young_people: YP-0004: duplicate",
        ),
        (lambda f: (f / "young_people/wren.yaml").write_text("id: ["), "wren.yaml: line 2: not valid YAML"),
        (lambda f: (f / "young_people/wren.yaml").write_bytes(b"\xff"), "wren.yaml: not valid YAML in UTF-8"),
        (lambda f: (f / "users.yaml").unlink(), "users.yaml: cannot be read"),
        (lambda f: shutil.rmtree(f / "young_people"), "young_people: no files"),
        (lambda f: edit(f / "users.yaml", "YP-0040]", "YP-0099]"), "sanderling.yaml: on nobody's caseload"),
        (lambda f: edit(f / "users.yaml", "YP-0040]", "YP-0099]"), "users.yaml: U-val: no young person YP-0099"),
        (lambda f: edit(f / "users.yaml", "[chair]", "[seat]"), "users.yaml: 3.roles"),
        (
            lambda f: edit(f / "meetings.yaml", "U-pat", "U-none"),
            "meetings.yaml: M-de5000000001: nobody has the id U-none",
        ),
        (
            lambda f: edit(f / "young_people/heron.yaml", "referred_on: -23", "referred_on: soon"),
            "form.nrm.referred_on",
        ),
    ],
)
def test_each_fault_names_file_and_place(folder: Path, spoil: Callable[[Path], None], fault: str) -> None:
    spoil(folder)
    with pytest.raises(Faults) as found:
        demo.read(folder, frameworks.every()["merton-2020", 1], TODAY)
    assert fault in "\n".join(found.value.faults)
