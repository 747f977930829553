"""What is set down for meetings in the data folder, read once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chm import settings
from chm.meetings import rules
from chm.meetings.rules import Rules


def meeting_rules() -> Rules:
    """The rules of the data folder. Raises Faults where they are broken."""
    return _rules(settings.data())


@cache
def _rules(data: Path) -> Rules:
    return rules.load(data)
