"""Who should be in the room, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chm import settings
from chm.framework import load_all, newest
from chm.meetings import rules
from chm.meetings.expected import Expected, Told, expected, missing

FRAMEWORK, RULES = newest(load_all(settings.data()), "merton-2020"), rules.load()
TODAY = date(2026, 11, 23)
CARE = Expected(
    "Children's Social Care",
    (("It leads the meeting and holds the plans", "Outside the guidance: Our own choice; a council may set another."),),
)
POLICE_WHY = ("Information on people and places of concern, and disruption", "Guidance p. 38, lines 1543-1547")


def found(levels: dict[str, dict[str, str]] | None = None, told: Any = (), homes: Any = ()) -> list[Expected]:
    return expected(FRAMEWORK, RULES, levels or {}, told, dict(homes), TODAY)


def by_name(*args: Any, **more: Any) -> dict[str, Expected]:
    return {e.agency: e for e in found(*args, **more)}


def test_without_young_people_only_those_always_asked() -> None:
    assert [e.agency for e in found()] == ["Children's Social Care", "Police"]
    assert found()[0] == CARE
    assert found()[1].why[0][0] == POLICE_WHY[0]


def test_partners_come_by_context_level_each_with_its_source() -> None:
    two = {"YP-0001": {"places": "moderate", "peers": "emerging"}, "YP-0002": {"places": "significant"}}
    here = by_name(two)
    assert list(here)[2:] == ["Safer Merton", "Catch22 Risk and Resilience Service", "Education Inclusion"]
    assert here["Safer Merton"].why == (
        ("Places and spaces at Moderate or more for 2 young people", FRAMEWORK.cite((1528, 1555))),
    )
    assert here["Education Inclusion"].why[0][0] == "Places and spaces at Moderate or more for 2 young people"


def test_a_partner_of_two_contexts_says_both() -> None:
    here = by_name({"YP-0001": {"places": "moderate", "peers": "significant", "education": "none"}})
    assert here["Catch22 Risk and Resilience Service"].why[0][0] == (
        "Places and spaces at Moderate or more for 1 young person; "
        "Peers and relationships at Moderate or more for 1 young person"
    )
    assert here["Youth Justice Team"].instead_of == "Tackling Exploitation"
    assert here["Tackling Exploitation"].instead_of == "Youth Justice Team"


@pytest.mark.parametrize("level", ["none", "emerging", "unheard-of"])
def test_below_moderate_nobody_more(level: str) -> None:
    assert len(found({"YP-0001": {"places": level}})) == 2


def test_who_told_us_lately_by_how_many_they_know() -> None:
    told = [
        Told("Health", "YP-0001", date(2026, 11, 1)),
        Told("Housing", "YP-0001", date(2025, 11, 23)),
        Told("Housing", "YP-0002", None),
        Told("Education", "YP-0001", date(2025, 11, 22)),
        Told("Parent or carer", "YP-0001", TODAY),
        Told("other", "YP-0001", TODAY),
        Told("", "YP-0001", TODAY),
    ]
    here = by_name(told=told)
    assert list(here) == ["Children's Social Care", "Police", "Housing", "Health"]
    assert here["Housing"].why == (("Told us about 2 young people in the last 12 months", ""),)


@pytest.mark.parametrize("name", ["Police", "police", "POLICE"])
def test_who_is_asked_anyway_is_listed_once_with_both_reasons(name: str) -> None:
    here = by_name(told=[Told(name, "YP-0001", TODAY)])
    assert list(here) == ["Children's Social Care", "Police"]
    assert [why for why, _ in here["Police"].why] == [
        POLICE_WHY[0], "Told us about 1 young person in the last 12 months",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Community Safety", "safer merton"])
def test_an_agency_under_another_name_of_its_service(name: str) -> None:
    here = by_name({"YP-0001": {"places": "moderate"}}, told=[Told(name, "YP-0001", TODAY)])
    assert len(here["Safer Merton"].why) == 2
    assert name not in here or name == "Safer Merton"


def test_other_boroughs_and_none_that_is_not_known() -> None:
    homes = {"a": "Sutton", "b": "Merton", "c": "Sutton", "d": "", "e": "Not known", "f": "merton", "g": "Croydon"}
    here = by_name(homes=homes)
    assert list(here)[2:] == ["Sutton children's services", "Croydon children's services"]
    assert here["Sutton children's services"].why[0][0] == "2 young people of those here live in Sutton"
    assert here["Croydon children's services"].why[0][0] == "1 young person of those here lives in Croydon"


class TestMissing:
    here = found({"YP-0001": {"places": "moderate", "peers": "significant"}})

    def names(self, *coming: str) -> list[str]:
        return [e.agency for e in missing(self.here, coming)]

    def test_all_of_them_where_nobody_comes(self) -> None:
        assert self.names() == [e.agency for e in self.here]

    def test_whoever_comes_under_any_of_its_names_is_not(self) -> None:
        assert self.names("POLICE", "Community Safety", "youth work or outreach", "Education", "Nobody") == [
            "Children's Social Care", "Youth Justice Team", "Tackling Exploitation",
        ]  # fmt: skip

    @pytest.mark.parametrize("one", ["Youth Justice Team", "Youth Justice", "tackling exploitation"])
    def test_one_of_two_that_would_do_is_enough(self, one: str) -> None:
        assert not {"Youth Justice Team", "Tackling Exploitation"} & set(self.names(one))

    def test_an_alternative_that_is_not_expected_itself(self) -> None:
        alone = Expected("A", (), instead_of="B")
        assert missing([alone], ["b"]) == []
        assert missing([alone], ["", "c"]) == [alone]
        assert missing([Expected("A", ())], [""]) == [Expected("A", ())]
