"""Whose use of records is far above their own usual, and the file that says so."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from chm import casework, settings
from chm.casework.desk import INTENTIONS
from chm.errors import Faults
from chm.unusual import FILE, Unusual, Volume, load, unusual

TODAY = date(2026, 11, 23)
RULE = Volume(rule="x", days=7, usual_days=42, times_usual=3, at_least=20, refusals=10, source="x")


def days(*numbers: int) -> dict[tuple[str, date], int]:
    """Jo's young people opened on the days before today, the last number yesterday's."""
    return {("u-jo", TODAY - timedelta(n)): number for n, number in enumerate(reversed(numbers), 1)}


@pytest.mark.parametrize(
    ("before", "number", "found"),
    [
        ((7, 7, 7), 22, True),
        ((7, 7, 7), 21, False),
        ((5, 5, 5), 19, False),
        ((5, 5, 5), 20, True),
        ((1, 1, 90), 20, True),
        ((), 20, True),
        ((), 19, False),
        ((30, 30, 30), 90, False),
    ],
)
def test_more_than_three_times_the_median_and_twenty_at_least(
    before: tuple[int, ...], number: int, found: bool
) -> None:
    opened = {**days(*before), ("u-jo", TODAY): number}
    usual = sorted(before)[len(before) // 2] if before else 0
    said = [u for u in unusual(opened, {}, TODAY, RULE) if u.on == TODAY]
    assert said == ([Unusual("u-jo", TODAY, number, usual, 0)] if found else [])


def test_another_users_usual_excuses_nobody() -> None:
    opened = {("u-sam", TODAY - timedelta(1)): 60, ("u-jo", TODAY - timedelta(1)): 2, ("u-jo", TODAY): 60}
    assert [(u.user, u.on) for u in unusual(opened, {}, TODAY, RULE)] == [
        ("u-jo", TODAY),
        ("u-sam", TODAY - timedelta(1)),
    ]


def test_ten_refusals_stand_out_without_a_record_opened() -> None:
    refused = {("u-jo", TODAY): 9, ("u-sam", TODAY): 10}
    assert unusual({}, refused, TODAY, RULE) == [Unusual("u-sam", TODAY, 0, 0.0, 10)]


def test_only_the_last_days_are_named_and_only_the_days_before_each_are_its_usual() -> None:
    opened = {("u-jo", TODAY - timedelta(n)): 25 for n in (6, 7, 50)}
    assert unusual({("u-jo", TODAY - timedelta(7)): 25}, {}, TODAY, RULE) == []
    assert unusual(opened, {}, TODAY, RULE) == []
    del opened["u-jo", TODAY - timedelta(7)]
    assert unusual(opened, {}, TODAY, RULE) == [Unusual("u-jo", TODAY - timedelta(6), 25, 0.0, 0)]


def test_the_file_holds_the_rule_and_every_fault_names_its_place(tmp_path: Path) -> None:
    rule = load().unusual
    assert (rule.days, rule.usual_days, rule.times_usual, rule.at_least, rule.refusals) == (7, 42, 3, 20, 10)
    text = (settings.data() / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace("  times_usual: 3", "  times_usual: 1"), encoding="utf-8")
    with pytest.raises(Faults) as said:
        load(tmp_path)
    assert said.value.faults == ["access.yaml: unusual.times_usual: input should be greater than 1; correct it"]
    (tmp_path / FILE).write_text(text.replace("  guarded.known:", "  people.add:"), encoding="utf-8")
    with pytest.raises(Faults) as said:
        load(tmp_path)
    assert said.value.faults == [
        "access.yaml: the file: past_operations: people.add: among operations too; keep it in one of them; correct it"
    ]


def test_every_operation_has_plain_words() -> None:
    for module in pkgutil.iter_modules(casework.__path__):
        importlib.import_module(f"chm.casework.{module.name}")
    operations = {i for i in INTENTIONS if not i.startswith("test_")}
    assert len(operations) > 100
    assert operations - set(load().operations) == set()
    assert set(load().operations) - operations == {
        "backups.back_up", "backups.restore", "deletion.delete_again", "sign_in.admit", "sign_in.leave", "users.change",
    }  # fmt: skip
    assert set(load().past_operations) & operations == set()


@pytest.mark.parametrize(
    ("operation", "why", "words"),
    [
        ("people.add", "", "added a young person"),
        ("people.add", "refused", "added a young person"),
        ("people.add", "known", "asked whether they are known"),
        ("guarded.known", "not known", "asked whether a young person is known"),
        ("guarded.known", "known", "asked whether they are known"),
        ("people.matches", "", "asked whether a young person is known"),
        ("nowhere.named", "", "nowhere.named"),
    ],
)
def test_what_an_entry_says_was_done(operation: str, why: str, words: str) -> None:
    assert load().words(operation, why) == words
