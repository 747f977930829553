"""A new process for one file: for commands, and where there is no safe fork."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from chm import settings
from chm.exchange.apart import child
from chm.exchange.apart.ending import NOT_STARTED, TO_LOAD, Ending, NotRead
from chm.exchange.apart.limits import Limits, environment
from chm.exchange.apart.reader import Reader
from chm.fault_log import referenced

PROGRAM = "chm.exchange.apart.child"


def ended(make: Callable[[], Reader[Any]], data: bytes, arguments: tuple[object, ...], limits: Limits) -> Ending:
    """How a new process ended that read a file. Raises NotRead where none can be started."""
    head, body = child.written(make, data, arguments, limits)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Nothing a reader says may reach a log: it may be what the file says.
            stderr=subprocess.DEVNULL,
            env=environment(str(settings.ROOT)),
        )
    except OSError as error:
        raise NotRead([referenced(NOT_STARTED, error)]) from None
    with process:
        try:
            answer, _ = process.communicate(head + body, timeout=TO_LOAD + limits.seconds)
            return Ending(answer, process.returncode, overdue=False)
        except subprocess.TimeoutExpired:
            return Ending(b"", 0, overdue=True)
        finally:
            process.kill()
