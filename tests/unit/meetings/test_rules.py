"""The file of the meeting's rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chm import settings
from chm.errors import Faults
from chm.framework import load_all, newest
from chm.meetings import rules

FILE = "meetings.yaml"


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str], list[str]]:
    """The faults of the file once one text in it has become another."""

    def faults(was: str, become: str) -> list[str]:
        said = (settings.data() / FILE).read_text(encoding="utf-8")
        assert was in said
        (tmp_path / FILE).write_text(said.replace(was, become, 1), encoding="utf-8")
        with pytest.raises(Faults) as found:
            rules.load(tmp_path)
        return found.value.faults

    return faults


def test_the_product_has_an_agenda_by_volt() -> None:
    found = rules.load()
    assert [i.id for i in found.agenda] == list(rules.ITEMS)
    assert [i.key for i in found.agenda] == ["", "V", "O", "L", "T", "", "", ""]
    assert found.item["people"].name == "People of concern"
    assert all(p.source for i in found.agenda for p in i.prompts)
    assert not any(word in p.text.lower() for i in found.agenda for p in i.prompts for word in ("victim", "offender"))


def test_its_numbers() -> None:
    found = rules.load()
    assert (found.review.most_young_people, found.reveal_seconds, found.holds_information.months) == (60, 30, 12)
    assert found.sight_days == 90
    assert [a.agency for a in found.always] == ["Children's Social Care", "Police"]
    assert len(found.pseudonyms) == len(set(found.pseudonyms)) == 72
    assert {"will", "mark", "may"} <= set(found.ordinary)


def test_what_it_names_is_in_the_framework() -> None:
    framework, found = newest(load_all(settings.data()), "merton-2020"), rules.load()
    assert set(found.answers.values()) <= set(framework.domain)
    assert found.same_as.keys() <= framework.local["services"].keys()


@pytest.mark.parametrize(
    ("was", "become", "fault"),
    [
        ("  - id: themes\n", "  - id: voice\n", "agenda: no themes; add it"),
        ("pseudonyms: [Alder, Aspen", "pseudonyms: [Alder, Alder", "Alder is listed more than once; keep one"),
        ("most_young_people: 60", "most_young_people: 80", "fewer than the young people of a meeting; add some"),
        ("reveal_seconds: 30", "reveal_seconds: 3", "reveal_seconds"),
        ("[Alder, ", "[alder, ", "pseudonyms"),
        ("ordinary: [angel", "ordinary: [Angel", "ordinary"),
        ("reveal_seconds: 30", "reveal_secs: 30", "reveal_secs"),
        ("sight_days: 90", "sight_days: 0", "sight_days"),
    ],
)  # fmt: skip
def test_each_fault_is_named(broken: Callable[[str, str], list[str]], was: str, become: str, fault: str) -> None:
    assert any(said.startswith(FILE) and fault in said for said in broken(was, become))


def test_an_item_listed_twice(broken: Callable[[str, str], list[str]], tmp_path: Path) -> None:
    once = "  - id: review\n    name: Review date\n"
    assert any(
        "agenda: review is listed more than once; keep one" in fault
        for fault in broken(once, f"{once}    prompts: []\n{once}")
    )


def test_a_folder_without_it(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    with pytest.raises(Faults):
        rules.load(tmp_path)
