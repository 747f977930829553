"""The fork server, run as a program: one thread, the readers loaded, a child of its own for each file.

It is told of a file by a message on its standard input, a Unix socket: the descriptors of a socket for the child and of
one on which it says how the child ended. When the server is gone, that socket closes, and every child and it end.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass

# pandas would load it, and it reserves a gigabyte of address space and starts threads.
sys.modules["pyarrow"] = None  # type: ignore[assignment]

import orjson  # noqa: E402

from chm.exchange.apart import child, readers  # noqa: E402
from chm.exchange.apart.limits import die_with_parent  # noqa: E402


@dataclass
class _Job:
    """A child at work: when it is to be stopped, and where its end is told."""

    deadline: float
    report: socket.socket
    overdue: bool = False


class _Program:
    """What the program does; `control` is its connection to the server."""

    def __init__(self, control: socket.socket):
        self.control = control
        self.jobs: dict[int, _Job] = {}
        # Written to by Python as a child ends, so that the wait below ends too.
        self.woken, self.wake = socket.socketpair()
        for end in (self.woken, self.wake):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake.fileno(), warn_on_full_buffer=False)

    def run(self) -> None:
        """Serves until the server is gone."""
        while True:
            now = time.monotonic()
            waits = [job.deadline - now for job in self.jobs.values() if not job.overdue]
            ready, _, _ = select.select([self.control, self.woken], [], [], max(0.0, min(waits)) if waits else None)
            if self.control in ready and not self._take():
                break
            with contextlib.suppress(BlockingIOError):
                self.woken.recv(4096)
            self._stop_overdue()
            self._reap()
        for pid in self.jobs:
            _kill(pid)

    def _take(self) -> bool:
        """Forks for one file; False where the server is gone."""
        message, descriptors, _, _ = socket.recv_fds(self.control, 64, 2)
        if not message:
            return False
        work, report = (socket.socket(fileno=number) for number in descriptors)
        pid = os.fork()
        if pid == 0:
            self._become_child(work, report)
        work.close()
        self.jobs[pid] = _Job(time.monotonic() + int(message), report)
        return True

    def _become_child(self, work: socket.socket, report: socket.socket) -> None:
        code = 1
        try:
            die_with_parent()
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDWR)
            # Nothing a reader says may reach a log: it may be what the file says.
            for number in (1, 2):
                os.dup2(nothing, number)
            os.close(nothing)
            for end in (self.control, self.woken, self.wake, report, *(job.report for job in self.jobs.values())):
                end.close()
            child.serve(work.fileno(), work.fileno(), ready=True)
            code = 0
        finally:
            os._exit(code)

    def _stop_overdue(self) -> None:
        now = time.monotonic()
        for pid, job in self.jobs.items():
            if now >= job.deadline and not job.overdue:
                job.overdue = True
                _kill(pid)

    def _reap(self) -> None:
        for pid in list(self.jobs):
            ended, status, used = os.wait4(pid, os.WNOHANG)
            if ended:
                job = self.jobs.pop(pid)
                said = {"code": os.waitstatus_to_exitcode(status), "overdue": job.overdue, "peak": used.ru_maxrss}
                with contextlib.suppress(OSError), job.report:
                    job.report.send(orjson.dumps(said))


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    # Whatever it may have started stands in its group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    for make in readers.UPLOADS:
        make().prepare()
    gc.collect()
    gc.freeze()
    _Program(socket.socket(fileno=0)).run()
