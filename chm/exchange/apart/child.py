"""The process that reads one file: takes the request, gives up all it does not need, answers, ends.

Request: an 8-byte length and a pickle of (reader, arguments, limits), then an 8-byte length and the file. It comes from
our own server, so a pickle does; the answer comes from a process that has read a hostile file, so it never is one.
Answer: a letter for what it is, then JSON.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import orjson

from chm.errors import Faults
from chm.exchange.apart.limits import Limits, confine
from chm.exchange.apart.reader import Reader

VALUE, FAULTS, MEMORY, WRONG = b"V", b"F", b"M", b"W"
Make = Callable[[], Reader[Any]]


def written(make: Make, data: bytes, arguments: tuple[Any, ...], limits: Limits) -> tuple[bytes, bytes]:
    """The request as its head and the file."""
    asked = pickle.dumps((make, arguments, limits), protocol=5)
    return len(asked).to_bytes(8, "big") + asked + len(data).to_bytes(8, "big"), data


def serve(incoming: int, outgoing: int, ready: bool = False) -> None:
    """Reads one request from a descriptor and writes its answer to another.

    Args:
        ready: the readers have been prepared before the fork.
    """
    with open(incoming, "rb", closefd=False) as request:
        make, arguments, limits = pickle.loads(_part(request))
        reader = make()
        if not ready:
            reader.prepare()
        confine(limits)
        answer = _answer(reader, _part(request), arguments)
    view = memoryview(answer)
    while view:
        view = view[os.write(outgoing, view) :]


def _part(request: BinaryIO) -> bytes:
    return request.read(int.from_bytes(request.read(8), "big"))


def _answer(reader: Reader[Any], data: bytes, arguments: tuple[Any, ...]) -> bytes:
    try:
        return VALUE + reader.form.encode(reader.read(data, *arguments))
    except Faults as found:
        return FAULTS + orjson.dumps(found.faults)
    except MemoryError:
        return MEMORY
    # Whatever a hostile file brings about; what it says may hold what the file does, so only its kind goes back.
    except Exception as wrong:
        return WRONG + type(wrong).__name__.encode()


if __name__ == "__main__":
    # pandas would load it, and it reserves a gigabyte of address space.
    sys.modules["pyarrow"] = None  # type: ignore[assignment]
    serve(0, 1)
