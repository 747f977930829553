"""Where nobody is acting."""

from __future__ import annotations

from typing import Any

import pytest

from chm import settings
from chm.framework import load_all, newest
from chm.meetings import rules
from chm.meetings.coverage import Acting, Cell, Coverage, coverage

FRAMEWORK, RULES = newest(load_all(settings.data()), "merton-2020"), rules.load()
LEVELS = {
    "YP-1": {"places": "moderate", "peers": "significant", "family": "moderate", "education": "emerging"},
    "YP-2": {"social_media": "significant"},
    "YP-3": {},
}
JUDGED = {"YP-1": "significant", "YP-2": "moderate"}
TWIN = "peers.step.prevent.01"  # The same step stands at Family too.


def found(*actions: Acting, shared: Any = ()) -> Coverage:
    return coverage(FRAMEWORK, RULES, LEVELS, JUDGED, actions, shared)


def act(target: str, *who: str, pillar: str = "support", **more: Any) -> Acting:
    return Acting(pillar=pillar, target=target, young_people=who, **more)


def gaps(*actions: Acting) -> list[tuple[str, str]]:
    return list(found(*actions).gaps)


NOBODY = [("YP-1", "peers"), ("YP-2", "social_media"), ("YP-1", "places"), ("YP-1", "family")]


def test_without_actions_every_moderate_or_more_is_a_gap_worst_first() -> None:
    here = found()
    assert list(here.gaps) == NOBODY
    assert here.cells["YP-1"]["peers"] == Cell("significant", False)
    assert here.cells["YP-1"]["education"] == Cell("emerging", False)
    assert (here.cells["YP-1"]["education"].serious, here.cells["YP-1"]["education"].gap) == (False, False)
    assert here.cells["YP-3"]["peers"] == Cell(None, False)
    assert here.cells.keys() == LEVELS.keys()
    assert here.cells["YP-2"].keys() == FRAMEWORK.domain.keys()
    assert here.unassessed == ("YP-3",)


@pytest.mark.parametrize(
    ("action", "answered"),
    [
        (act("young_person:YP-1", "YP-1", domain="family"), {("YP-1", "family")}),
        (act("young_person:YP-1", "YP-1"), set()),
        (act("young_person:YP-1", "YP-1", domain="unheard-of"), set()),
        (act("young_person:YP-1", "YP-1", step="unheard.of"), set()),
        (act("place:a", "YP-1", "YP-2"), {("YP-1", "places")}),
        (act("person:a", "YP-1"), {("YP-1", "peers")}),
        (act("group:a", "YP-1"), {("YP-1", "peers")}),
        (act("vehicle:a", "YP-1"), {("YP-1", "peers")}),
        (act("account:a", "YP-1", "YP-2"), {("YP-2", "social_media")}),
        (act("person:a"), set()),
        (act("person:a", "YP-1", domain="family"), {("YP-1", "family")}),
        (act("young_person:YP-1", "YP-1", step=TWIN), {("YP-1", "peers"), ("YP-1", "family")}),
        (act("place:a", "YP-1", step="places.step.identify.03"), {("YP-1", "places")}),
        (act("place:a", "YP-9"), set()),
    ],
)
def test_what_an_action_answers(action: Acting, answered: set[tuple[str, str]]) -> None:
    assert gaps(action) == [gap for gap in NOBODY if gap not in answered]


def test_lead_pillars_by_the_level_decided() -> None:
    assert found().pillars == {"YP-1": ("protect", "disrupt"), "YP-2": ("support", "disrupt")}
    assert found(act("young_person:YP-2", pillar="support"), act("place:a", "YP-1", pillar="disrupt")).pillars == {
        "YP-1": ("protect",), "YP-2": ("disrupt",),
    }  # fmt: skip
    both = [act("person:a", "YP-1", pillar=p) for p in ("protect", "disrupt")]
    assert found(*both).pillars == {"YP-2": ("support", "disrupt")}


def test_what_several_share_and_nobody_disrupts_in_the_order_given() -> None:
    shared = ("person:b", "place:a", "vehicle:c")
    assert found(shared=shared).undisrupted == shared
    assert found(act("place:a", pillar="disrupt"), act("person:b", pillar="identify"), shared=shared).undisrupted == (
        "person:b", "vehicle:c",
    )  # fmt: skip


def test_nobody_has_no_gap() -> None:
    assert coverage(FRAMEWORK, RULES, {}, {}, (), ()) == Coverage({}, (), {}, (), ())
