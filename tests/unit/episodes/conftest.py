"""Episodes in a line: `missing("A", "2026-01-01T20:00", "2026-01-02T02:00")`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chm.episodes.records import Episode, Moment


def moment(text: str) -> Moment:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if "T" in text else date.fromisoformat(text)


@pytest.fixture(scope="session")
def missing() -> Callable[..., Episode]:
    """An episode of UTC times, or of days; without an end it is open."""

    def made(who: str, start: str, end: str | None = None, **known: Any) -> Episode:
        return Episode(
            id=f"{who} {start}", young_person=who, start=moment(start), end=moment(end) if end else None, **known
        )

    return made
