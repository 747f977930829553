"""What is recommended for each kind of target: the file, and its faults."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from chm import settings
from chm.casework import frameworks
from chm.errors import Faults
from chm.framework import Framework
from chm.targets import FILE, TARGETS, Targets, load


@pytest.fixture(scope="module")
def framework() -> Framework:
    return frameworks.every()["merton-2020", 1]


@pytest.fixture(scope="module")
def targets(framework: Framework) -> Targets:
    return load(framework)


def spoiled(framework: Framework, folder: Path, *edits: tuple[str, str]) -> list[str]:
    text = (settings.data() / FILE).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / FILE).write_text(text, encoding="utf-8")
    (folder / "connections.yaml").symlink_to(settings.data() / "connections.yaml")
    with pytest.raises(Faults) as found:
        load(framework, folder)
    return found.value.faults


def test_each_kind_of_target_has_its_recommendations(targets: Targets) -> None:
    assert {kind: len(targets.targets[kind]) for kind in TARGETS} == {
        "person_of_concern": 17,
        "place": 33,
        "vehicle": 7,
        "account": 10,
        "group": 15,
        "school": 11,
        "family": 25,
        "young_person": 12,
    }


def test_every_step_about_such_a_target_is_placed_or_left_out_with_why(targets: Targets, framework: Framework) -> None:
    about = {id for id, (_, _, s) in framework.steps.items() if set(s.targets) - {"young_person", "professionals"}}
    used = {r.step for listed in targets.targets.values() for r in listed}
    assert about - used == {left.step for left in targets.left_out}
    assert len(about & used) == 67


def test_a_child_is_never_disrupted(targets: Targets, framework: Framework) -> None:
    summary = {s.id: pillar for pillar, steps in framework.summary_steps.items() for s in steps}
    pillars = Counter(
        r.pillar or summary.get(r.step or "") or framework.steps[r.step or ""][1]
        for r in targets.targets["young_person"]
    )
    assert pillars == {"identify": 5, "support": 4, "protect": 3}


def test_what_is_asked_before_a_disruption(targets: Targets) -> None:
    assert [(q.id, q.answer, q.source) for q in targets.questions] == [
        ("retaliation", "yes_no_not_known", "Guidance line 932"),
        ("debt", "yes_no_not_known", "Guidance line 183"),
        (
            "displacement",
            "yes_no_not_known",
            "Outside the guidance: R. V. G. Clarke (ed.), Situational Crime Prevention, 2nd edition, 1997, "
            "on displacement",
        ),
        ("protects", "note", "Guidance lines 1540 to 1541"),
    ]


def test_every_fault_of_the_shape_is_named(framework: Framework, tmp_path: Path) -> None:
    assert spoiled(
        framework,
        tmp_path,
        ("recorded: [transport]", "recorded: [train]"),
        ('text: "Could this bring', 'words: "Could this bring'),
        ("{step: summary.identify.07, ", "{step: summary.identify.07, pillar: identify, "),
        (', outside: "Home Office, Child Exploitation Disruption Toolkit", when: {relations', ", when: {relations"),
        ('why: "{shared}; {boroughs}; {agencies}"', 'why: "{everybody}"'),
        ("  vehicle:\n", "  lorry:\n"),
    ) == [
        f"{FILE}: settings.place.2.recorded.0: input should be 'physical', 'online', 'transport', 'school', "
        "'home' or 'placement'; correct it",
        f"{FILE}: questions.0.text: field required; add it",
        f"{FILE}: questions.0.words: extra inputs are not permitted; remove it or correct its name",
        f"{FILE}: targets.person_of_concern.0: a step brings its own id, text, pillar and source; remove those given; "
        "correct it",
        f"{FILE}: targets.person_of_concern.2: why holds an unknown fact; use shared, levels, agencies, boroughs, "
        "protected, latest; correct it",
        f"{FILE}: targets.person_of_concern.12: give either a step, or id, text, pillar and its source (lines or "
        "outside); correct it",
        f"{FILE}: targets.lorry.[key]: input should be 'person_of_concern', 'place', 'vehicle', 'account', 'group', "
        "'school', 'family' or 'young_person'; correct it",
    ]


def test_every_fault_against_the_framework_is_named(framework: Framework, tmp_path: Path) -> None:
    assert spoiled(
        framework,
        tmp_path,
        ("{step: summary.identify.07", "{step: summary.identify.99"),
        ("{step: coercion.step.disrupt.03", "{step: summary.identify.06"),
        ("when: {relations: [controls, supplies, debt]}", "when: {relations: [controls, rumours]}"),
        ("pathway: cawn", "pathway: dawn"),
        (
            "when: {settings: [public, business, transport], levels: {places: emerging}}",
            "when: {settings: [pub], levels: {spaces: emerging}}",
        ),
        ("{step: missing.step.identify.05, lead: Parent or carer", "{step: missing.step.identify.05, lead: Nobody"),
        ("{step: self.step.identify.03", "{step: peers.step.disrupt.02"),
        ("  - {step: missing.step.disrupt.05, why", "  - {step: missing.step.identify.05, why"),
        ("id: debt, text", "id: retaliation, text"),
    ) == [
        f"{FILE}: questions: retaliation is listed 2 times; keep one",
        f"{FILE}: targets.person_of_concern: summary.identify.06 is listed 2 times; keep one",
        f"{FILE}: targets.person_of_concern.summary.identify.99: no such step in merton-2020; correct the id",
        f"{FILE}: targets.person_of_concern.coercion.step.disrupt.01: unknown pathway dawn; use one of cawn",
        f"{FILE}: targets.person_of_concern.person.said_to_direct: unknown kind of tie or event rumours; use one of "
        "arrest, assault, associates, attends, call_or_message, conflict, controls, debt, disclosure, family, found, "
        "friend, goes_to, home_visit, incident, lives_at, member, missing_episode, online_contact, other, partner, "
        "positive_peer, return_home_interview, safe_place, school_report, sighting, stop, supplies, trusted_adult, "
        "uses, works_at, youth_work",
        f"{FILE}: targets.place.places.step.identify.01: unknown domain spaces; use one of "
        f"{', '.join(sorted(framework.domain))}",
        f"{FILE}: targets.place.places.step.identify.01: unknown setting pub; use one of business, cuckooed, home, "
        "online, public, school, transport",
        f"{FILE}: targets.vehicle.missing.step.identify.05: unknown agency Nobody; use one of "
        f"{', '.join(sorted(framework.local['agencies']))}",
        f"{FILE}: targets.young_person.peers.step.disrupt.02: a child is never disrupted; move it to another target "
        "or pillar",
        f"{FILE}: left_out.missing.step.identify.05: recommended above too; remove one",
        f"{FILE}: targets: the step missing.step.disrupt.05 names account and stands nowhere; add it, or list it under "
        "left_out with why",
    ]


def test_a_framework_it_is_not_for(framework: Framework, tmp_path: Path) -> None:
    assert spoiled(framework, tmp_path, ("framework: merton-2020", "framework: harbour")) == [
        f"{FILE}: framework: harbour is not the framework in use, merton-2020; correct it"
    ]
