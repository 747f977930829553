"""The frameworks this installation has, read once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chm import settings
from chm.errors import Faults
from chm.framework import Framework, load_all, newest


def every() -> dict[tuple[str, int], Framework]:
    """All frameworks by (id, version). Raises Faults where one is missing or broken."""
    return _read(settings.data())


def current() -> Framework:
    """The framework that new assessments use."""
    return newest(every(), settings.framework())


def known(id: str, version: int) -> Framework:
    """The framework an assessment was begun with. Raises Faults where it is no longer there."""
    try:
        return every()[id, version]
    except KeyError:
        raise Faults(
            [f"frameworks: {id} version {version} is not in data/frameworks; restore it from the release"]
        ) from None


def read_again() -> None:
    """Lets go of what was read: the next question reads the folders anew."""
    _read.cache_clear()


@cache
def _read(folder: Path) -> dict[tuple[str, int], Framework]:
    return load_all(folder)
