"""What a process that reads a file may use, and taking everything else from it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource
if sys.platform == "linux":
    import ctypes
    import signal

    _LIBC = ctypes.CDLL(None)
    # Numbers of prctl(2): end with the process that forked this one; gain no right by running a program.
    _DIE_WITH_PARENT, _NO_NEW_RIGHTS = 1, 38

KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "TEMP", "TMP", "TZ")
# One thread each, so that a fork is safe and little address space is spent; openpyxl reads XML through defusedxml.
SET_VARIABLES = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "OPENPYXL_LXML": "False",
    "OPENPYXL_DEFUSEDXML": "True", "PYTHONSAFEPATH": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How much one file may take: bytes of address space, and seconds, both of the clock and of the processor."""

    memory: int
    seconds: int


UPLOAD = Limits(512 * 1024 * 1024, 20)
# A file of the whole country's outlines, read by an administrator's own command.
COMMAND = Limits(4 * 1024**3, 300)


def environment(root: str) -> dict[str, str]:
    """The variables a reading process is given: none of ours, and nothing that may be a secret.

    Args:
        root: folder in which the package `chm` stands.
    """
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, **SET_VARIABLES, "PYTHONPATH": root}


def die_with_parent() -> None:
    """Ends this process when the one that forked it ends; Linux alone has this."""
    if sys.platform == "linux":
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def confine(limits: Limits) -> None:
    """Takes from this process all it does not need: further files and sockets, children, memory, time, core dumps.

    All that is to be imported must be. Windows has none of these limits, macOS not that of memory.
    """
    if sys.platform == "win32":
        return
    if sys.platform == "linux":
        _LIBC.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    for which, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds, limits.seconds + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        # No descriptor can be had any more: no file, no socket, so no network.
        (resource.RLIMIT_NOFILE, 0, 0),
    ):
        try:
            resource.setrlimit(which, (soft, hard))
        except (OSError, ValueError):
            if sys.platform == "linux":
                raise
