"""How a process that read a file ended."""

from __future__ import annotations

from dataclasses import dataclass

from chm.errors import Faults

NOT_STARTED = "Files cannot be read now; try again in a minute, and if it stays so restart the server."
TOO_MUCH = "The file holds more than can be shown at once; split it."
# Seconds beyond the limit: for a new process to load, and for one that was stopped to be gone.
TO_LOAD, TO_END = 30, 5


class NotRead(Faults):
    """The process was stopped, or failed; nothing of the file is known."""


@dataclass(frozen=True)
class Ending:
    """What a process wrote, and how it ended.

    Attributes:
        code: its exit code, or the signal that ended it, below 0. overdue: whether it was stopped for its time.
        peak: the most memory it held, in KiB, what it shares with the fork server included; 0 where not known.
    """

    answer: bytes
    code: int
    overdue: bool
    peak: int = 0
