"""Find or install the programs the tests drive, then run Python with what follows on the command line.

    python tools/setup_tests.py                     say what is here
    python tools/setup_tests.py -m pytest tests     the same, then the tests with CHM_TEST_* set

Each program is taken where it is; else, as root on Debian, installed by apt-get; else Chromium is Playwright's own.
What cannot be had is named and its tests skip, except under CI=true: there it ends the run with exit code 1.
"""

import functools
import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


def answers(program: str, *arguments: str) -> bool:
    """Whether the program starts at all; a packaged stub that only points elsewhere does not."""
    try:
        done = subprocess.run([program, *arguments], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def candidates(names: Iterable[str], places: Iterable[str]) -> Iterable[str]:
    for name in names:
        if found := shutil.which(name):
            yield found
    for place in places:
        yield from sorted(glob.glob(os.path.expandvars(place)), reverse=True)


def chromium() -> str | None:
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"]
    places = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        r"${PROGRAMFILES}\Google\Chrome\Application\chrome.exe",
        r"${PROGRAMFILES(X86)}\Microsoft\Edge\Application\msedge.exe",
    ]
    for program in candidates(names, places):
        # On Windows `chrome --version` opens a window.
        if os.name == "nt" or answers(program, "--version"):
            return program
    return playwrights_own()


def playwrights_own() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    program = told.stdout.strip()
    return program if told.returncode == 0 and Path(program).is_file() else None


def soffice() -> str | None:
    places = [
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        r"${PROGRAMFILES}\LibreOffice\program\soffice.exe",
    ]
    for program in candidates(["soffice", "libreoffice"], places):
        folder = Path(program).resolve().parent
        # Debian splits LibreOffice up: without Writer's library it starts but opens no document.
        if sys.platform == "linux" and folder.name == "program" and not list(folder.glob("libswlo*")):
            continue
        return program
    return None


def postgres() -> str | None:
    """The folder that holds initdb, pg_ctl and postgres together."""
    places = [
        "/usr/lib/postgresql/*/bin/pg_ctl",
        "/usr/pgsql-*/bin/pg_ctl",
        "/opt/homebrew/opt/postgresql*/bin/pg_ctl",
        "/usr/local/opt/postgresql*/bin/pg_ctl",
        "/Applications/Postgres.app/Contents/Versions/*/bin/pg_ctl",
        r"${PROGRAMFILES}\PostgreSQL\*\bin\pg_ctl.exe",
    ]
    for program in candidates([], [*places, *([found] if (found := shutil.which("pg_ctl")) else [])]):
        folder = Path(program).parent
        if shutil.which("initdb", path=folder) and shutil.which("postgres", path=folder):
            return str(folder)
    return None


def daemon(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Need:
    """One program, the variable that tells the tests where it is, and the Debian package that brings it."""

    title: str
    variable: str
    package: str
    find: Callable[[], str | None]


NEEDS = [
    Need("Chromium", "CHM_TEST_CHROMIUM", "chromium", chromium),
    Need("LibreOffice Writer", "CHM_TEST_SOFFICE", "libreoffice-writer", soffice),
    Need("PostgreSQL server", "CHM_TEST_POSTGRES_BIN", "postgresql", postgres),
    Need("pdftoppm", "CHM_TEST_PDFTOPPM", "poppler-utils", functools.partial(shutil.which, "pdftoppm")),
    Need("pdftotext", "CHM_TEST_PDFTOTEXT", "poppler-utils", functools.partial(shutil.which, "pdftotext")),
    Need("nginx", "CHM_TEST_NGINX", "nginx-light", functools.partial(daemon, "nginx")),
    Need("Caddy", "CHM_TEST_CADDY", "caddy", functools.partial(shutil.which, "caddy")),
    Need("OpenSSL", "CHM_TEST_OPENSSL", "openssl", functools.partial(shutil.which, "openssl")),
]


def find_all() -> dict[Need, str]:
    here = {}
    for need in NEEDS:
        given = os.environ.get(need.variable)
        if found := given if given and Path(given).exists() else need.find():
            here[need] = found
    return here


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def apt_install(packages: list[str]) -> None:
    """One package at a time, so that one that is not to be had does not keep back the others."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    # By the run level no service that comes with a package is started.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    say("Asking Debian for: " + ", ".join(packages))
    commands = [["update"], *(["install", "-y", "--no-install-recommends", package] for package in packages)]
    for command in commands:
        done = subprocess.run(
            ["apt-get", "-qq", *command], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            say(f"apt-get {' '.join(command)} failed: {done.stderr.strip()[-800:]}")


def install(missing: list[Need]) -> None:
    apt_install(sorted({need.package for need in missing}))
    if any(need.find is chromium for need in missing) and chromium() is None:
        say("Asking Playwright for its own Chromium")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdin=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    here = find_all()
    if missing := [need for need in NEEDS if need not in here]:
        install(missing)
        here = find_all()
    for need in NEEDS:
        say(f"{need.title}: {here.get(need, f'NOT FOUND (Debian package {need.package})')}")
    missing = [need for need in NEEDS if need not in here]
    if missing and os.environ.get("CI") == "true":
        say("Under CI=true nothing may be skipped. Missing: " + ", ".join(need.title for need in missing))
        return 1
    if missing:
        say("The tests that need these will be skipped: " + ", ".join(need.title for need in missing))
    if not arguments:
        return 0
    environment = {**os.environ, **{need.variable: path for need, path in here.items()}}
    # A test run must never find its way to a real database.
    for name in ("URL", "KEY", "KEY_FILE"):
        environment.pop(f"CHM_DATABASE_{name}", None)
    root = str(Path(__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
    try:
        return subprocess.call([sys.executable, *arguments], env=environment)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
