"""A child of the fork server for each file: the server's end, which never forks and so may have many threads."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import orjson

from chm import settings
from chm.exchange.apart import child
from chm.exchange.apart.ending import NOT_STARTED, TO_END, TO_LOAD, TOO_MUCH, Ending, NotRead
from chm.exchange.apart.limits import Limits, environment
from chm.exchange.apart.reader import Reader
from chm.fault_log import referenced

PROGRAM = "chm.exchange.apart.forks"
MOST_ANSWER, CHUNK = 256 * 1024 * 1024, 1 << 20


def ended(make: Callable[[], Reader[Any]], data: bytes, arguments: tuple[object, ...], limits: Limits) -> Ending:
    """How a child ended that read a file.

    Raises:
        NotRead: there is no fork server, it does not answer, or the child answers without end.
    """
    head, body = child.written(make, data, arguments, limits)
    work, report = _begun(limits)
    with work, report:
        # The fork server stops the child in time; this is for a fork server that does not.
        deadline = time.monotonic() + TO_LOAD + limits.seconds + TO_END
        try:
            # Where the child is gone already, how it ended is still to be told.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for part in (head, body):
                    _wait(work, deadline).sendall(part)
            answer = _answer(work, deadline)
            told = _wait(report, deadline).recv(CHUNK)
        except TimeoutError:
            _forget()
            raise NotRead([NOT_STARTED]) from None
    if not told:
        raise NotRead([NOT_STARTED])
    said = orjson.loads(told)
    return Ending(answer, said["code"], said["overdue"], said["peak"])


def _answer(work: socket.socket, deadline: float) -> bytes:
    parts: list[bytes] = []
    length = 0
    with contextlib.suppress(ConnectionResetError):
        while part := _wait(work, deadline).recv(CHUNK):
            parts.append(part)
            length += len(part)
            if length > MOST_ANSWER:
                raise NotRead([TOO_MUCH])
    return b"".join(parts)


def _wait(end: socket.socket, deadline: float) -> socket.socket:
    end.settimeout(max(0.001, deadline - time.monotonic()))
    return end


class _ForkServer:
    """The program, and the connection over which it is told of files."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", PROGRAM],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env=environment(str(settings.ROOT)),
                    # Ctrl+C in the server's terminal is for the server, whose end ends this too.
                    start_new_session=True,
                )
            except OSError:
                self.control.close()
                raise

    def begin(self, limits: Limits, descriptors: list[int]) -> None:
        socket.send_fds(self.control, [str(limits.seconds).encode()], descriptors)

    def here(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        self.control.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_LOCK = Lock()
_running: _ForkServer | None = None


def _begun(limits: Limits) -> tuple[socket.socket, socket.socket]:
    """The server's ends of the sockets to a new child and to what tells its end. Raises NotRead."""
    work, childs = socket.socketpair()
    report, tells = socket.socketpair()
    with childs, tells:
        # A fork server that has ended unseen is found out by the first try.
        for _ in range(2):
            try:
                _server().begin(limits, [childs.fileno(), tells.fileno()])
                return work, report
            except OSError as error:
                failed = error
                _forget()
    work.close()
    report.close()
    raise NotRead([referenced(NOT_STARTED, failed)])


def _server() -> _ForkServer:
    global _running
    with _LOCK:
        if _running is None or not _running.here():
            if _running is not None:
                _running.close()
            _running = _ForkServer()
        return _running


def _forget() -> None:
    global _running
    with _LOCK:
        if _running is not None:
            _running.close()
            _running = None


atexit.register(_forget)
