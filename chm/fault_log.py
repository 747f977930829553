"""What a log says of a fault: its kinds and places in the code. What a fault says may hold what is on a record."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

from chm.settings import ROOT

_serves = False
MOST_FRAMES = 30  # SQLAlchemy goes through 20 of its own before a fault of the database.


def places(error: BaseException) -> str:
    """Kinds of an exception and of those that led to it, the last first, each with its innermost places in the code."""
    return "\n".join(_kinds(error))


def noted(error: BaseException) -> str:
    """Logs where `error` happened; gives the reference that stands beside it, such as 5F0C21AB."""
    reference = token_hex(4).upper()
    logging.getLogger("chm").error("Reference %s\n%s", reference, places(error))
    return reference


def referenced(said: str, error: BaseException) -> str:
    """`said` with the reference under which the log has where `error` happened."""
    return f"{said} (reference for whoever keeps the server: {noted(error)})"


def of_file(said: str, error: BaseException) -> str:
    """`said` of a file of the data, in the server with the reference; who runs a command can see the file."""
    return referenced(said, error) if _serves else said


def in_service() -> None:
    """From now on this process is the server: who sees a fault is not who can put a file right."""
    global _serves
    _serves = True


def without_words() -> None:
    """From now on no logger of this process writes what an exception says, its places alone."""
    made = logging.getLogRecordFactory()

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        found = made(*args, **kwargs)
        error = found.exc_info[1] if found.exc_info else None
        if error is not None:
            found.exc_info, found.exc_text = None, places(error)
        return found

    logging.setLogRecordFactory(record)


def _kinds(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield f"{type(at).__module__}.{type(at).__qualname__}"
        for frame in traceback.extract_tb(at.__traceback__)[-MOST_FRAMES:]:
            yield f"  {_file(frame.filename)}:{frame.lineno} in {frame.name}"
        at = at.__cause__ or at.__context__


def _file(name: str) -> str:
    path = Path(name)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else name
