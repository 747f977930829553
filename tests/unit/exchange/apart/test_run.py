"""Files read apart: what comes back, and what becomes of a process that takes too much, breaks, lies or reaches out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from chm import settings
from chm.errors import Faults
from chm.exchange.apart import alone, forked, run
from chm.exchange.apart.ending import NOT_STARTED, TOO_MUCH, Ending, NotRead
from chm.exchange.apart.limits import UPLOAD, Limits
from chm.exchange.apart.reader import Reader
from tests.unit.exchange.apart import hostile
from tests.unit.exchange.apart.hostile import Said

SHORT = Limits(UPLOAD.memory, 1)
Make = Callable[[], Reader[Said]]
linux = pytest.mark.skipif(sys.platform != "linux", reason="forks, and the limits of memory, are Linux's alone")
Way = Callable[[Make, bytes, tuple[object, ...], Limits], Ending]
EITHER = pytest.mark.parametrize("way", [pytest.param(forked.ended, marks=linux), alone.ended], ids=["forked", "alone"])


def fault(way: Way, make: Make, limits: Limits = UPLOAD) -> str:
    with pytest.raises(NotRead) as stopped:
        run.taken(make, way(make, b"", (), limits), limits)
    (said,) = stopped.value.faults
    return said


def test_the_limits_are_those_promised() -> None:
    assert Limits(512 * 1024 * 1024, 20) == UPLOAD


@EITHER
@pytest.mark.parametrize("length", [0, 1, 100_000, 20_000_000])
def test_a_file_of_any_length_is_read_whole(way: Way, length: int) -> None:
    found = run.taken(hostile.lengths, way(hostile.lengths, b"a" * length, (), UPLOAD), UPLOAD)
    assert found == Said((str(length), "a" * min(length, 20)))


@EITHER
def test_faults_come_back_as_they_are(way: Way) -> None:
    with pytest.raises(Faults) as found:
        run.taken(hostile.faults, way(hostile.faults, b"", (), UPLOAD), UPLOAD)
    assert found.value.faults == ["row 2: one", "row 3: two"]
    assert not isinstance(found.value, NotRead)


@EITHER
@pytest.mark.parametrize("make", [hostile.spins, hostile.sleeps])
def test_too_long_is_stopped(way: Way, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "TO_LOAD", 2)
    began = time.monotonic()
    assert fault(way, make, SHORT) == "Reading the file took longer than 1 seconds and was stopped; split the file."
    assert time.monotonic() - began < UPLOAD.seconds


@linux
@EITHER
def test_too_much_memory_is_refused(way: Way) -> None:
    assert (
        fault(way, hostile.hogs) == "Reading the file needs more than 512 MB of memory and was stopped; split the file."
    )


@linux
def test_the_memory_held_stays_within_the_cap() -> None:
    ending = run.ended(hostile.hogs, b"")
    assert 200_000 < ending.peak < UPLOAD.memory // 1024


@EITHER
@pytest.mark.parametrize("make", [hostile.crashes, hostile.leaves, hostile.says_names, hostile.lies, hostile.burgles])
def test_a_crash_or_a_lie_is_one_plain_fault(way: Way, make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    assert fault(way, make) == run.NOT_READ
    assert not Path("/tmp/chm-burgled").exists()
    said = capfd.readouterr()
    assert "Heron" not in said.out + said.err


@linux
def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "MOST_ANSWER", 1_000_000)
    assert fault(forked.ended, hostile.never_ends) == TOO_MUCH


@linux
@EITHER
def test_nothing_can_be_opened_and_nobody_reached(way: Way) -> None:
    found = run.taken(hostile.reaches_out, way(hostile.reaches_out, b"", (), UPLOAD), UPLOAD)
    assert found.words == (
        "read: OSError", "write: OSError", "server's environment: OSError", "socket: OSError", "socket pair: OSError",
        "pipe: OSError", "copy of a descriptor: OSError", "import: OSError",
    )  # fmt: skip
    assert not Path("/tmp/written").exists()


@EITHER
def test_no_secret_is_handed_on(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    forked._forget()
    for name in ("CHM_DATABASE_URL", "CHM_KEY", "AWS_SECRET_ACCESS_KEY", "SECRET_TOKEN", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "Heron Placeholder")
    found = run.taken(hostile.environment, way(hostile.environment, b"", (), UPLOAD), UPLOAD)
    assert not any("Heron" in word or word.startswith("CHM_") for word in found.words)
    assert "OPENPYXL_LXML=False" in found.words
    forked._forget()


@EITHER
def test_openpyxl_reads_xml_through_defusedxml(way: Way) -> None:
    found = run.taken(hostile.modules, way(hostile.modules, b"", (), UPLOAD), UPLOAD)
    assert found.words == ("True", "False", "defusedxml.common", "defusedxml.common")


@linux
def test_a_fork_server_that_was_ended_is_started_anew() -> None:
    assert fault(forked.ended, hostile.strikes) == NOT_STARTED
    assert run.read(hostile.lengths, b"abc") == Said(("3", "abc"))


@linux
def test_many_at_once_each_get_their_own() -> None:
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda n: run.read(hostile.lengths, b"%03d" % n), range(60)))
    assert found == [Said(("3", f"{n:03}")) for n in range(60)]


def test_more_than_fit_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_TURNS", BoundedSemaphore(run.MOST_AT_ONCE))
    monkeypatch.setattr(run, "TO_WAIT", 0.01)
    for _ in range(run.MOST_AT_ONCE):
        run._TURNS.acquire()
    with pytest.raises(NotRead) as busy:
        run.ended(hostile.lengths, b"")
    assert busy.value.faults == [run.BUSY]
    run._TURNS.release()
    assert run.read(hostile.lengths, b"") == Said(("0", ""))


def test_without_a_program_to_start_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    forked._forget()
    for way in (forked.ended, alone.ended) if run.FORKS else (alone.ended,):
        said, _, reference = fault(way, hostile.lengths).partition(" (reference for whoever keeps the server: ")
        assert (said, len(reference)) == (NOT_STARTED, 9)


SERVER = """
import signal, threading, time
from chm.exchange.apart import run, forked
signal.signal(signal.SIGINT, signal.default_int_handler)  # In a shell's background job it is ignored.
from tests.unit.exchange.apart import hostile
run.read(hostile.lengths, b"")
for make in (hostile.spins, hostile.sleeps):
    threading.Thread(target=run.ended, args=(make, b""), daemon=True).start()
time.sleep(1)
print(forked._running.process.pid, flush=True)
time.sleep(60)
"""


@linux
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_server(blow: signal.Signals) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(settings.ROOT)},
    )
    assert server.stdout is not None
    forks = int(server.stdout.readline())
    begun = time.monotonic()
    while len(children := _children(forks)) < 2 and time.monotonic() < begun + 15:
        time.sleep(0.05)
    assert len(children) == 2
    server.send_signal(blow)
    server.wait(60)
    server.stdout.close()
    deadline = time.monotonic() + 10
    while any(_runs(pid) for pid in (forks, *children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in (forks, *children) if _runs(pid)] == []


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
