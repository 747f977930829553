"""Real Chromium against a real server on this machine, with an ear for any request that leaves it."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HERE = {"127.0.0.1", "localhost", "::1"}
START_SECONDS = 60
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request to elsewhere is still heard, and goes nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop in this thread, where others call asyncio.run."""
    folder = Path(__file__).parent
    items.sort(key=lambda item: folder in item.path.parents)


@contextmanager
def serving(folder: Path, prepared: Callable[[Path], None] = lambda file: None, **environment: str) -> Iterator[str]:
    """The product on a free port with a new database in `folder`; yields its address, such as http://127.0.0.1:40123.

    `prepared` may change the database's file before the server starts.

    Raises:
        AssertionError: it ended or did not answer in time; carries what it printed.
    """
    database = {"CHM_DATABASE_URL": f"sqlite:///{(folder / 'chm.sqlite3').as_posix()}"}
    env = {**os.environ, **database, **environment}
    made = subprocess.run([sys.executable, "-m", "chm", "prepare"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert made.returncode == 0, f"python -m chm prepare failed:\n{made.stdout}{made.stderr}"
    prepared(folder / "chm.sqlite3")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    printed = folder / "server.log"
    with printed.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_up(process, address, printed)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(process: subprocess.Popen[bytes], address: str, printed: Path) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            pass
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"The server did not start (exit code {process.poll()}):\n{printed.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of one server with the demo cohort, shared by the tests of this run."""
    with serving(tmp_path_factory.mktemp("server"), worked_by_two) as address:
        yield address


def worked_by_two(file: Path) -> None:
    """The lead works with one young person beside Jo: who leads scores their own caseload alone."""
    with sqlite3.connect(file) as base:
        base.execute(
            "INSERT INTO caseload (user, young_person, since, version) VALUES ('U-chris', 'YP-0014', '2026-01-01', 1)"
        )
    base.close()


def executable() -> str:
    named = os.environ.get("CHM_TEST_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("google-chrome")
    if found and Path(found).exists():
        return found
    reason = "no Chromium: run the tests by `make test`, or name one in CHM_TEST_CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = executable()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


def leaves(url: str) -> bool:
    """Whether asking for this address would leave this machine; data:, blob: and about: never do."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in HERE


@contextmanager
def listening(context: BrowserContext) -> Iterator[list[str]]:
    """Collect each address outside this machine that any page of the context asks for, sockets too."""
    heard: list[str] = []

    def hear(url: str) -> None:
        if leaves(url):
            heard.append(url)

    context.on("request", lambda request: hear(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: hear(socket.url)))
    yield heard


# On a direct visit Streamlit's own client looks for its server under the page's address first, then at the root.
NO_PAGE = "The page that you have requested does not seem to exist."
LOOKING = re.compile(r"/[a-z-]+/_stcore/(health|host-config)$")


@contextmanager
def watching(context: BrowserContext, closed: bool = False) -> Iterator[list[str]]:
    """Collect each error on the console, error of a script and dialog box of any page of the context.

    `closed` is for who asks for pages that are not theirs: Streamlit's client notes on the console that there is none.
    """
    faults: list[str] = []

    def tell(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        expected = LOOKING.search(where) or (closed and message.text.startswith(NO_PAGE))
        if message.type == "error" and not expected:
            faults.append(f"console: {message.text} ({where})")

    def box(shown: Dialog) -> None:
        faults.append(f"dialog box: {shown.message}")
        shown.dismiss()

    context.on("console", tell)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    context.on("dialog", box)
    yield faults


@contextmanager
def visiting(browser: Browser) -> Iterator[Callable[..., Page]]:
    """What `visitor` gives, for as long as the block lasts."""
    heard: list[str] = []
    faults: list[str] = []
    with ExitStack() as stack:

        def come(closed: bool = False, **more: Any) -> Page:
            options = {
                "viewport": {"width": 1366, "height": 768}, "locale": "en-GB", "timezone_id": "Europe/London",
                "accept_downloads": True, **more,
            }  # fmt: skip
            context = browser.new_context(**options)
            context.set_default_timeout(30_000)
            asked = stack.enter_context(listening(context))
            wrong = stack.enter_context(watching(context, closed))
            stack.callback(lambda: (context.close(), heard.extend(asked), faults.extend(wrong)))
            return context.new_page()

        yield come
    if heard:
        pytest.fail("Asked another host: " + ", ".join(sorted(set(heard))))
    if faults:
        pytest.fail("Errors: " + "; ".join(dict.fromkeys(faults)))


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visitor()` gives a fresh page of 1366x768 in a context of its own; it takes what `new_context` takes.

    The test fails at its end when anything asked another host, wrote an error to the console or opened a dialog box.
    """
    with visiting(browser) as come:
        yield come


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """A fresh page of 1366x768."""
    return visitor()


def axe(page: Page) -> list[dict[str, Any]]:
    """Violations axe-core finds on the page as it stands: id, impact, help, and where (CSS path and markup)."""
    found = Axe().run(page).response["violations"]
    return [
        {
            "id": violation["id"],
            "impact": violation["impact"],
            "help": violation["help"],
            "where": [(node["target"], node["html"][:300]) for node in violation["nodes"]],
        }
        for violation in found
    ]


@pytest.fixture(name="axe")
def axe_on_page() -> Any:
    """`axe` itself, for tests that would rather ask for it than import it."""
    return axe
