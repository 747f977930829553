"""Readers as a hostile file might make of ours, for the tests: each is found by its name in the process that reads."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chm.errors import Faults
from chm.exchange.apart.reader import Plain, Reader


@dataclass(frozen=True)
class Said:
    """What a reader found out."""

    words: tuple[str, ...]


def reader(read: Callable[[bytes], Said]) -> Reader[Said]:
    return Reader(read, Plain(Said), lambda: ())


@cache
def lengths() -> Reader[Said]:
    return reader(lambda data: Said((str(len(data)), data[:20].decode(errors="replace"))))


@cache
def spins() -> Reader[Said]:
    def read(data: bytes) -> Said:
        while True:
            pass

    return reader(read)


@cache
def sleeps() -> Reader[Said]:
    def read(data: bytes) -> Said:
        time.sleep(600)
        return Said(())

    return reader(read)


@cache
def hogs() -> Reader[Said]:
    def read(data: bytes) -> Said:
        kept = []
        while True:
            kept.append(bytearray(b"x") * 8_000_000)

    return reader(read)


@cache
def crashes() -> Reader[Said]:
    def read(data: bytes) -> Said:
        os.kill(os.getpid(), signal.SIGSEGV)
        return Said(())

    return reader(read)


@cache
def leaves() -> Reader[Said]:
    def read(data: bytes) -> Said:
        os._exit(0)

    return reader(read)


@cache
def says_names() -> Reader[Said]:
    def read(data: bytes) -> Said:
        print("Heron Placeholder", file=sys.stderr)
        print("Heron Placeholder")
        raise RuntimeError("Heron Placeholder")

    return reader(read)


@cache
def faults() -> Reader[Said]:
    def read(data: bytes) -> Said:
        raise Faults(["row 2: one", "row 3: two"])

    return reader(read)


def tried(attempt: Callable[[], Any]) -> str:
    try:
        return f"done: {attempt()}"
    except (OSError, ImportError) as error:
        return type(error).__name__


@cache
def reaches_out() -> Reader[Said]:
    """Tries what a program taken over by a file would."""

    def read(data: bytes) -> Said:
        attempts: dict[str, Callable[[], Any]] = {
            "read": lambda: Path("/etc/hostname").read_text(),
            "write": lambda: Path("/tmp/written").write_text("x"),
            "server's environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
            "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
            "socket pair": socket.socketpair,
            "pipe": os.pipe,
            "copy of a descriptor": lambda: os.dup(1),
            "import": lambda: __import__("this"),
        }
        return Said(tuple(f"{name}: {tried(attempt)}" for name, attempt in attempts.items()))

    return reader(read)


@cache
def environment() -> Reader[Said]:
    return reader(lambda data: Said(tuple(sorted(f"{k}={v}" for k, v in os.environ.items()))))


@cache
def modules() -> Reader[Said]:
    """How openpyxl reads XML there."""
    import openpyxl
    from openpyxl.xml import functions

    used = (functions.fromstring.__module__, functions.iterparse.__module__)
    return reader(lambda data: Said((str(openpyxl.DEFUSEDXML), str(openpyxl.LXML), *used)))


class _Lying(Plain[Said]):
    """An answer that is not what `decode` takes."""

    def __init__(self, answer: bytes):
        super().__init__(Said)
        self.answer = answer

    def encode(self, result: Said) -> bytes:
        return self.answer


class _Burglar:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/chm-burgled",)


@cache
def lies() -> Reader[Said]:
    return Reader(lambda data: Said(()), _Lying(b'{"words": [1, {"a": 2}]}'), lambda: ())


@cache
def burgles() -> Reader[Said]:
    return Reader(lambda data: Said(()), _Lying(pickle.dumps(_Burglar())), lambda: ())


@cache
def never_ends() -> Reader[Said]:
    return Reader(lambda data: Said(()), _Lying(b"[" * 50_000_000), lambda: ())


@cache
def strikes() -> Reader[Said]:
    """Ends the process that forked this one."""

    def read(data: bytes) -> Said:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
        return Said(())

    return reader(read)
