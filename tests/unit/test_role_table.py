"""docs/roles.md says what data/roles.csv says, and is made anew from it."""

from __future__ import annotations

import pytest

from chm import role_table, settings
from chm.errors import Faults
from chm.records import Role
from chm.role_table import BEGIN, END, RoleRow, load, markdown, put_into

ANEW = "run `python -m chm roles docs/roles.md`"


@pytest.fixture(scope="module")
def doc() -> str:
    return (settings.ROOT / "docs" / "roles.md").read_text(encoding="utf-8")


def rows(text: str) -> list[RoleRow]:
    """The table between the marks, read back cell by cell."""
    lines = text.split(BEGIN)[1].split(END)[0].splitlines()[2:]
    found = []
    for line in lines:
        operation, _, permission, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        words = dict(zip(Role, (tuple(cell.split(", ")) for cell in cells), strict=True))
        found.append(RoleRow(operation.strip("`"), permission, words))
    return found


def test_the_table_in_the_doc_is_the_data(doc: str) -> None:
    assert rows(doc) == load(), ANEW


def test_the_table_stands_as_it_is_made(doc: str) -> None:
    assert put_into(doc, markdown()) == doc, ANEW


def test_only_what_stands_between_the_marks_changes() -> None:
    assert put_into(f"above\n{BEGIN}old\n{END}below\n", "new\n") == f"above\n{BEGIN}new\n{END}below\n"


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}{BEGIN}"])
def test_a_file_without_both_marks_is_refused(text: str) -> None:
    with pytest.raises(Faults) as refused:
        put_into(text, "new\n")
    assert refused.value.faults == [
        "The file has no place for the table; put <!-- roles.csv: begin --> and <!-- roles.csv: end --> into it"
    ]


def test_each_operation_is_said_in_plain_words() -> None:
    heads, rule, first = role_table.markdown().splitlines()[:3]
    assert heads.startswith("| Operation | What it does | Permission | Practitioner | Chair | Location analyst |")
    assert set(rule) <= set("| -")
    assert first.startswith("| `accounts.add` | added a user | administer_users | no |")
