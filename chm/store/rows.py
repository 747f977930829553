"""Rows to records and back, by the names they share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import Row

from chm.store.tables import Table

T = TypeVar("T")
R = TypeVar("R", bound=Table)
AT_ONCE = 10_000


def at_once(ids: Collection[T]) -> Iterator[list[T]]:
    """`ids` in parts that fit one query."""
    listed = list(ids)
    return (listed[n : n + AT_ONCE] for n in range(0, len(listed), AT_ONCE))


def record(kind: type[T], row: Table | Row[*tuple[Any, ...]]) -> T:
    """The dataclass `kind` filled from the columns of the same names."""
    return kind(**{f.name: getattr(row, f.name) for f in fields(kind)})  # type: ignore[arg-type]


def row(kind: type[R], record: Any, **more: Any) -> R:
    """A new row of `kind` from a dataclass; the database counts `version` itself."""
    return kind(**_values(record), **more)


def change(row: Table, record: Any) -> None:
    """Sets the columns of `row` to the fields of a dataclass, save its version."""
    for name, value in _values(record).items():
        if name != "version":
            setattr(row, name, value)


def _values(record: Any) -> dict[str, Any]:
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    return {name: v.value if isinstance(v, Enum) else v for name, v in values.items()}
