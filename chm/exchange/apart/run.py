"""Reading one file apart: what it holds, or a fault in plain words whatever became of the process."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar

from pydantic import TypeAdapter

from chm.errors import Faults
from chm.exchange.apart import alone, forked
from chm.exchange.apart.child import FAULTS, MEMORY, VALUE
from chm.exchange.apart.ending import Ending, NotRead
from chm.exchange.apart.limits import UPLOAD, Limits
from chm.exchange.apart.reader import Reader

T = TypeVar("T")
# Linux forks a process of one thread cheaply and safely; elsewhere each file has a new process.
FORKS = sys.platform == "linux"
# Files read at once, and seconds that a further one waits for its turn.
MOST_AT_ONCE, TO_WAIT = 4, 20

TOO_LONG = "Reading the file took longer than {} seconds and was stopped; split the file."
TOO_LARGE = "Reading the file needs more than {} MB of memory and was stopped; split the file."
NOT_READ = "The file is damaged, too large or not of the kind it seems; save it anew in the program it comes from."
BUSY = "Other files are being read; try again in a minute."

_TURNS = BoundedSemaphore(MOST_AT_ONCE)
_FAULTS = TypeAdapter(list[str])


def read(make: Callable[[], Reader[T]], data: bytes, *arguments: object) -> T:
    """What a file from outside holds, read within the limits of an upload; for a server.

    Args:
        make: gives the reader, and can be found by its name. arguments: what the reader needs beside the file.

    Raises:
        Faults: as the reader raises them. NotRead: it was stopped or failed; the one fault says what to do.
    """
    return taken(make, ended(make, data, *arguments), UPLOAD)


def read_once(make: Callable[[], Reader[T]], data: bytes, *arguments: object, limits: Limits = UPLOAD) -> T:
    """As `read`, in a new process, which takes a second to load; for a command, which reads one file."""
    return taken(make, alone.ended(make, data, arguments, limits), limits)


def ended(make: Callable[[], Reader[T]], data: bytes, *arguments: object, limits: Limits = UPLOAD) -> Ending:
    """How the process that read a file ended, its answer as it came. Raises NotRead where there was no process."""
    if not _TURNS.acquire(timeout=TO_WAIT):
        raise NotRead([BUSY])
    try:
        end = forked.ended if FORKS else alone.ended
        return end(make, data, arguments, limits)
    finally:
        _TURNS.release()


def taken(make: Callable[[], Reader[T]], ending: Ending, limits: Limits) -> T:
    """What the answer says, each part of its type. Raises as `read` does."""
    kind, text = ending.answer[:1], memoryview(ending.answer)[1:].tobytes()
    if ending.overdue or ending.code == -getattr(signal, "SIGXCPU", 0):
        raise NotRead([TOO_LONG.format(limits.seconds)])
    if ending.code == 0 and kind == MEMORY:
        raise NotRead([TOO_LARGE.format(limits.memory // 1024**2)])
    try:
        if ending.code == 0 and kind == VALUE:
            return make().form.decode(text)
        if ending.code == 0 and kind == FAULTS:
            raise Faults(_FAULTS.validate_json(text))
    # A process that a file has taken over may answer with anything.
    except ValueError:
        pass
    raise NotRead([NOT_READ])
