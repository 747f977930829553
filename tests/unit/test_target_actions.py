"""What is recommended for one target, from the facts of its ties."""

from __future__ import annotations

from datetime import date

import pytest

from chm.casework import frameworks
from chm.connections import Account, AccountKind, Entity, NamedGroup, Party, Person, Place, PlaceKind, Vehicle
from chm.framework import LEVELS, Framework
from chm.target_actions import Sharer, TargetAction, TargetContext, kinds_of, recommend
from chm.targets import Targets, load

NONE = dict.fromkeys(
    ("coercion", "missing", "sexual", "offending", "social_media", "substance", "health", "places", "peers",
     "professionals", "education", "family", "self"), "none",
)  # fmt: skip
ADULT = Person(id="PER-1", name="Danno", under_18=False)
WORST = dict.fromkeys(NONE, "significant")


@pytest.fixture(scope="module")
def framework() -> Framework:
    return frameworks.every()["merton-2020", 1]


@pytest.fixture(scope="module")
def targets(framework: Framework) -> Targets:
    return load(framework)


def sharer(age: int | None = 15, *, borough: str = "Merton", **levels: str) -> Sharer:
    return Sharer(NONE | levels, age, False, borough)


class Asked:
    def __init__(self, targets: Targets, framework: Framework):
        self.targets, self.framework = targets, framework

    def __call__(self, kind: str, entity: Entity | None, *sharers: Sharer, **context: object) -> list[TargetAction]:
        known = TargetContext(sharers, **context)  # type: ignore[arg-type]
        return recommend(self.targets, self.framework, Party(kind, "X-1"), entity, known)


@pytest.fixture
def ask(targets: Targets, framework: Framework) -> Asked:
    return Asked(targets, framework)


def one(actions: list[TargetAction], id: str) -> TargetAction:
    (found,) = [a for a in actions if a.id == id]
    return found


def test_why_is_built_from_the_facts_and_the_source_is_the_guidances(ask: Asked) -> None:
    arcade = Place(id="PLA-1", name="Tinsel Arcade")
    four = [sharer(places="moderate"), sharer(places="moderate"), sharer(places="significant"), sharer()]
    found = one(
        ask("place", arcade, *four, agencies=2, latest=date(2026, 11, 3), setting="public"), "places.step.disrupt.03"
    )
    assert found == TargetAction(
        target="place",
        id="places.step.disrupt.03",
        step="places.step.disrupt.03",
        text="Escalate local police tasking or Safer Merton CCTV via Head of Service",
        pillar="disrupt",
        lead="Community Safety",
        why="4 young people share it; 3 are at Moderate or more on Places and spaces; 2 agencies report it; last "
        "reported 3 November 2026",
        source="Guidance p. 22, line 928",
    )


def test_a_fact_that_is_missing_leaves_its_part_out(ask: Asked) -> None:
    found = ask("vehicle", Vehicle(id="VEH-1", plate="ZZ99 ZZZ"), sharer(missing="emerging"))
    assert one(found, "missing.step.identify.05").why == (
        "1 young person is linked to it; 1 is at Emerging or more on Running away or missing"
    )
    assert one(found, "summary.identify.01").why == "1 young person is linked to it"


def test_levels_of_several_domains_count_each_young_person_once(ask: Asked) -> None:
    both = sharer(coercion="significant", offending="significant")
    found = one(ask("person", ADULT, both, sharer(offending="significant")), "person.risk_order")
    assert found.why == (
        "2 young people are linked to them; 2 are at Significant on Coercion or control, or Offending and violence"
    )
    assert found.source == "Outside the guidance: Modern Slavery Act 2015, section 23"


@pytest.mark.parametrize("entity", [None, Person(id="PER-2"), Person(id="PER-2", under_18=True)])
def test_a_child_or_somebody_of_unknown_age_is_met_with_assessment_and_support_alone(
    ask: Asked, entity: Person | None
) -> None:
    found = ask("person", entity, Sharer(WORST, 15), Sharer(WORST, 16, borough="Croydon"), agencies=3)
    assert {a.target for a in found} == {"young_person"}
    assert {a.pillar for a in found} == {"identify", "protect", "support"}
    assert one(found, "peer.own_assessment").why == (
        "They are a child, or may be; 2 young people are linked to them; 3 agencies report it"
    )


def test_nothing_is_ever_recommended_to_disrupt_a_young_person(ask: Asked) -> None:
    for level in LEVELS:
        found = ask("young_person", None, *(Sharer(dict.fromkeys(NONE, level), 15) for _ in range(3)))
        assert not [a for a in found if a.target == "young_person" and a.pillar == "disrupt"]


def test_cawn_says_whom_the_law_covers(ask: Asked) -> None:
    def cawn(*sharers: Sharer) -> tuple[bool | None, str]:
        found = one(ask("person", ADULT, *sharers), "peers.step.disrupt.01")
        return found.eligible, found.ask[0]

    at = {"peers": "moderate"}
    limits = "CAWN: discuss with police; only for a child under 16, or under 18 in care."
    assert cawn(sharer(15, **at), sharer(17, **at)) == (True, f"{limits} 1 of 2 is of that age.")
    assert cawn(Sharer(at, 17, True)) == (True, f"{limits} 1 of 1 is of that age.")
    assert cawn(Sharer(at, 17, None)) == (
        None,
        f"{limits} 0 of 1 are of that age; for 1 age or care is not known: ask.",
    )
    assert cawn(Sharer(at, None)) == (None, f"{limits} 0 of 1 are of that age; for 1 age or care is not known: ask.")
    assert cawn(sharer(16, **at), sharer(17, **at)) == (False, f"{limits} 0 of 2 are of that age.")


def test_what_the_law_closes_comes_last_in_its_pillar(ask: Asked) -> None:
    found = [a for a in ask("person", ADULT, sharer(17, peers="moderate")) if a.pillar == "disrupt"]
    assert [a.eligible for a in found] == sorted((a.eligible for a in found), reverse=True)  # type: ignore[type-var]
    assert found[-1].eligible is False


def test_pillars_go_identify_protect_disrupt_support_prevent(ask: Asked) -> None:
    found = ask("place", Place(id="PLA-1"), Sharer(WORST, 15), Sharer(WORST, 15))
    assert list(dict.fromkeys(a.pillar for a in found)) == ["identify", "protect", "disrupt", "support", "prevent"]


def test_what_a_place_turns_out_to_be(ask: Asked) -> None:
    def ids(entity: Place, **context: object) -> set[str]:
        return {a.id for a in ask("place", entity, Sharer(WORST, 15), Sharer(WORST, 15), **context)}

    shop = Place(id="PLA-1")
    assert "place.licence_review" in ids(shop)
    assert "place.licence_review" not in ids(shop, setting="public")
    assert {"place.tenant", "place.closure", "place.tenancy"} <= ids(Place(id="P", place_kind=PlaceKind.HOME))
    assert "place.transport" in ids(Place(id="P", place_kind=PlaceKind.TRANSPORT))
    assert ids(Place(id="P", place_kind=PlaceKind.ONLINE)) == {
        "places.step.identify.02", "places.step.protect.01", "social_media.step.protect.02", "place.online_report",
    }  # fmt: skip
    found = ask("place", shop, Sharer(WORST, 15), Sharer(WORST, 15))
    review = one(found, "place.licence_review")
    assert (review.sure, review.ask) == (
        False,
        (
            "Only for licensed premises, once advice to the licence holder has not been enough.",
            "Only if it is a business, or premises with a licence.",
        ),
    )


def test_a_level_nobody_has_assessed_is_asked_for_and_not_taken_for_none(ask: Asked) -> None:
    found = ask("vehicle", Vehicle(id="V"), Sharer(), sharer())
    marker = one(found, "vehicle.stop")
    assert (marker.sure, marker.ask[-1]) == (False, "1 of 2 is not assessed on what this answers: ask.")
    assert "vehicle.stop" not in {a.id for a in ask("vehicle", Vehicle(id="V"), sharer(), sharer())}


def test_who_only_protects_is_brought_in_and_never_disrupted(ask: Asked) -> None:
    coach = Sharer(WORST, 15, harmed=False, protected=True)
    found = ask("person", ADULT, coach, coach)
    assert [(a.id, a.why) for a in found] == [
        ("missing.step.protect.03", "Keeps 2 young people safe; 2 are at Emerging or more on Running away or missing"),
        ("summary.protect.02", "Keeps 2 young people safe"),
        ("summary.support.02", "Keeps 2 young people safe"),
    ]


def test_a_disruption_says_whom_the_target_keeps_safe(ask: Asked) -> None:
    found = ask("place", Place(id="P"), Sharer(WORST, 15), Sharer(WORST, 15, harmed=False, protected=True))
    for action in found:
        said = "It also keeps 1 young person safe: agree first what stays or takes its place." in action.ask
        assert said == (action.pillar == "disrupt"), action.id


def test_kinds_of_tie_and_the_number_of_boroughs_open_more(ask: Asked) -> None:
    def ids(*sharers: Sharer, **context: object) -> set[str]:
        return {a.id for a in ask("person", ADULT, *sharers, **context)}

    assert "person.said_to_direct" not in ids(sharer())
    assert "person.said_to_direct" in ids(sharer(), relations=frozenset({"supplies"}))
    assert "coercion.step.disrupt.03" not in ids(sharer())
    assert "social_media.step.identify.04" in ids(sharer(), online=True)
    group = NamedGroup(id="GRP-1", name="Northside")
    far = ask("group", group, sharer(), sharer(borough="Croydon"), agencies=2)
    assert one(far, "summary.disrupt.05").why == (
        "2 young people are linked to it; they live in 2 boroughs; 2 agencies report it"
    )
    assert "summary.disrupt.05" not in {a.id for a in ask("group", group, sharer(), sharer())}


def test_a_phone_and_an_online_name_differ(ask: Asked) -> None:
    def ids(kind: AccountKind) -> set[str]:
        found = ask("account", Account(id="A", account_kind=kind), Sharer(WORST, 15), Sharer(WORST, 15))
        return {a.id for a in found}

    assert "account.restriction_order" in ids(AccountKind.PHONE) - ids(AccountKind.ONLINE)
    assert {"account.report", "account.ceop"} <= ids(AccountKind.ONLINE) - ids(AccountKind.PHONE)


def test_as_what_each_is_met() -> None:
    met = TargetContext(relations=frozenset({"family"}))
    assert kinds_of(Party("person", "P"), ADULT, met) == ("person_of_concern", "family")
    assert kinds_of(Party("person", "P"), ADULT, TargetContext()) == ("person_of_concern",)
    assert kinds_of(Party("young_person", "P"), None, TargetContext()) == ("young_person", "family")
    school = Place(id="P", place_kind=PlaceKind.SCHOOL)
    assert kinds_of(Party("place", "P"), school, TargetContext()) == ("school", "place")


def test_no_young_person_no_recommendation(ask: Asked) -> None:
    assert ask("place", Place(id="P")) == []
    assert ask("person", ADULT, Sharer(WORST, 15, harmed=False)) == []
