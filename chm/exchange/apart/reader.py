"""A reader that can run apart, and the form in which its result comes back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from chm.errors import Faults

T = TypeVar("T")


class Form(Protocol[T]):
    """How a result is written as JSON and read back; `decode` raises ValueError for anything else."""

    def encode(self, result: T) -> bytes: ...
    def decode(self, text: bytes) -> T: ...


class Plain(Generic[T]):
    """The form of a frozen dataclass whose fields pydantic knows: text, numbers, days, enumerations, tuples."""

    def __init__(self, of: type[T]):
        self.adapter: TypeAdapter[T] = TypeAdapter(of)

    def encode(self, result: T) -> bytes:
        """`result` as JSON."""
        return self.adapter.dump_json(result)

    def decode(self, text: bytes) -> T:
        """What `encode` was given, every field of its type. Raises ValueError."""
        return self.adapter.validate_json(text)


@dataclass(frozen=True)
class Reader(Generic[T]):
    """A function that reads a file.

    Attributes:
        read: is given the file and what else it needs; raises Faults. samples: gives what is read once beforehand, so
            that all that is loaded late is loaded while files can still be opened.
    """

    read: Callable[..., T]
    form: Form[T]
    samples: Callable[[], Iterable[tuple[Any, ...]]]

    def prepare(self) -> None:
        """Reads the samples and forgets them."""
        for data, *more in self.samples():
            with contextlib.suppress(Faults):
                self.form.decode(self.form.encode(self.read(data, *more)))
