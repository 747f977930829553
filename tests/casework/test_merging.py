"""Merging two people's answers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chm.assessments import Answers, Evidence, Form, HistoricIncident, Nrm
from chm.casework.merging import Difference, answers, leaves, merge


def evidence(id: str, text: str = "Seen") -> Evidence:
    return Evidence(id=id, domain="missing", text=text, on=date(2026, 11, 1), agency="Police", first_hand=True)


def incident(id: str, what: str = "Out") -> HistoricIncident:
    return HistoricIncident(id=id, on=date(2026, 11, 1), what=what)


BASE = Answers(
    levels={"missing": "none", "peers": "emerging"},
    ticks=("a.1", "b.2"),
    reasons={"peers": "x"},
    evidence=(evidence("e1"),),
    form=Form(summary="s", incidents=(incident("i1"),), checklist=("c1",), influential_contexts=("peers",)),
)


def changed(**update: object) -> Answers:
    return BASE.model_copy(update=update)


def test_nothing_changed_settles_nothing() -> None:
    merged = merge(BASE, BASE, BASE)
    assert (merged.answers, merged.settled, merged.conflicts) == (BASE, [], [])


def test_changes_in_different_places_are_both_taken() -> None:
    mine = changed(levels={"missing": "moderate", "peers": "emerging"}, ticks=("a.1", "b.2", "c.3"))
    theirs = changed(
        levels={"missing": "none", "peers": "emerging", "self": "none"},
        ticks=("b.2",),
        evidence=(evidence("e1"), evidence("e2")),
        form=BASE.form.model_copy(update={"services": "CAMHS"}),
    )
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == []
    assert merged.answers == Answers(
        levels={"missing": "moderate", "peers": "emerging", "self": "none"},
        ticks=("b.2", "c.3"),
        reasons={"peers": "x"},
        evidence=(evidence("e1"), evidence("e2")),
        form=BASE.form.model_copy(update={"services": "CAMHS"}),
    )
    assert sorted(merged.settled) == [
        "evidence.e2",
        "form.services",
        "levels.missing",
        "levels.self",
        "ticks.a.1",
        "ticks.c.3",
    ]


def test_the_same_change_by_both_is_no_conflict() -> None:
    both = changed(levels={"missing": "moderate"})
    merged = merge(BASE, both, both)
    assert (merged.answers, merged.settled, merged.conflicts) == (both, [], [])


@pytest.mark.parametrize(
    ("mine", "theirs", "difference"),
    [
        (
            {"levels": {"missing": "moderate", "peers": "emerging"}},
            {"levels": {"missing": "significant", "peers": "emerging"}},
            Difference("levels.missing", "moderate", "significant"),
        ),
        (
            {"levels": {"peers": "emerging"}},
            {"levels": {"missing": "significant", "peers": "emerging"}},
            Difference("levels.missing", None, "significant"),
        ),
        ({"reasons": {}}, {"reasons": {"peers": "y"}}, Difference("reasons.peers", None, "y")),
        (
            {"directions": {"a.1": "to"}},
            {"directions": {"a.1": "both"}},
            Difference("directions.a.1", "to", "both"),
        ),
        (
            {"evidence": (evidence("e1", "Heard"),)},
            {"evidence": ()},
            Difference("evidence.e1", evidence("e1", "Heard").model_dump(mode="json"), None),
        ),
        (
            {"form": BASE.form.model_copy(update={"summary": "m"})},
            {"form": BASE.form.model_copy(update={"summary": "t"})},
            Difference("form.summary", "m", "t"),
        ),
        (
            {"form": BASE.form.model_copy(update={"nrm": Nrm(status="referred")})},
            {"form": BASE.form.model_copy(update={"nrm": Nrm(status="not_referred")})},
            Difference("form.nrm.status", "referred", "not_referred"),
        ),
    ],
    ids=lambda v: v.path if isinstance(v, Difference) else "",
)
def test_what_both_changed_is_theirs_until_settled(
    mine: dict[str, object], theirs: dict[str, object], difference: Difference
) -> None:
    my, their = changed(**mine), changed(**theirs)
    merged = merge(BASE, my, their)
    assert merged.conflicts == [difference]
    assert merged.answers == their
    assert merged.settle([]) == their
    assert merged.settle([difference.path]) == my


def test_lists_in_the_form_merge_by_member() -> None:
    mine = changed(
        form=BASE.form.model_copy(update={"incidents": (incident("i1"), incident("i2")), "checklist": ("c1", "c2")})
    )
    theirs = changed(form=BASE.form.model_copy(update={"incidents": (), "checklist": (), "influential_contexts": ()}))
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == []
    assert merged.answers.form.incidents == (incident("i2"),)
    assert merged.answers.form.checklist == ("c2",)
    assert merged.answers.form.influential_contexts == ()


KEYS = st.sampled_from(["missing", "peers", "a.b.c", "form.x"])
SAID = st.builds(
    Answers,
    levels=st.dictionaries(KEYS, st.sampled_from(["none", "emerging", "moderate"])),
    ticks=st.lists(KEYS, unique=True).map(tuple),
    reasons=st.dictionaries(KEYS, st.sampled_from(["", "x", "y"])),
    directions=st.dictionaries(KEYS, st.sampled_from(["to", "by", "both"])),
    evidence=st.lists(st.builds(evidence, KEYS, st.sampled_from("xy")), unique_by=lambda e: e.id).map(tuple),
    form=st.builds(
        Form,
        summary=st.sampled_from(["", "x", "y"]),
        incidents=st.lists(st.builds(incident, KEYS, st.sampled_from("xy")), unique_by=lambda i: i.id).map(tuple),
        nrm=st.builds(Nrm, status=st.sampled_from(["referred", "not_known"]), referred_on=st.none() | st.dates()),
        checklist=st.lists(KEYS, unique=True).map(tuple),
        youth_justice=st.sampled_from(["yes", "no"]),
    ),
)


@given(SAID)
def test_leaves_hold_everything(said: Answers) -> None:
    assert answers(leaves(said)) == said


@given(SAID, SAID, SAID)
def test_no_change_is_ever_lost(base: Answers, mine: Answers, theirs: Answers) -> None:
    merged = merge(base, mine, theirs)
    was, my, their, after = leaves(base), leaves(mine), leaves(theirs), leaves(merged.answers)
    conflicts = {d.path: d for d in merged.conflicts}
    for path in {*was, *my, *their}:
        sides = {str(my.get(path)), str(their.get(path))} - {str(was.get(path))}
        if path in conflicts:
            assert (conflicts[path].mine, conflicts[path].theirs) == (my.get(path), their.get(path))
            assert after.get(path) == their.get(path)
        elif sides:
            assert {str(after.get(path))} == sides
        else:
            assert after.get(path) == was.get(path)
    back = merge(base, theirs, mine)
    assert {d.path for d in back.conflicts} == set(conflicts)
