"""The product with sign-in: a provider of identities and a server on this machine, and what visitors do with them."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext, Error, Page, Response, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from chm import store
from chm.casework import bootstrap
from tests.browser import steps
from tests.browser.conftest import ROOT, wait_until_up

SECRET = "a-secret-of-the-tests-that-signs-cookies-0123"
COOKIE = "_streamlit_user"
MINUTE = timedelta(minutes=1)
USERS = ("U-jo", "U-sam", "U-val", "U-pat", "U-drew", "U-lee", "U-max", "U-chris")


@dataclass(frozen=True)
class Site:
    """A server with sign-in: its address, its provider's, and where its database is."""

    address: str
    provider: str
    database: str

    def engine(self) -> store.Engine:
        """The database, as another program sees it."""
        return store.open_engine(self.database)


def free_port() -> int:
    """A port of this machine that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def providing(folder: Path) -> Iterator[str]:
    """A provider of identities on a free port, who is whoever they type; yields its address."""
    port = free_port()
    log = (folder / "provider.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--host", "127.0.0.1"],
        stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)
        log.close()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until `address` answers; AssertionError where the program ends first, or 60 seconds pass."""
    for _ in range(600):
        try:
            httpx.get(address, timeout=5)
            return
        except httpx.HTTPError:
            assert process.poll() is None, f"It ended with exit code {process.returncode}"
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(f"{address} did not answer")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program that a test started."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def serving(folder: Path, provider: str, *, users: tuple[str, ...] = USERS, **environment: str) -> Iterator[Site]:
    """The product with the demo cohort and sign-in, on a free port; `users` sign in under their own ids."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    database = f"sqlite:///{(folder / 'chm.sqlite3').as_posix()}"
    env = {
        **os.environ,
        "CHM_DATABASE_URL": database,
        "CHM_OIDC_METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "CHM_OIDC_CLIENT_ID": "chm",
        "CHM_OIDC_CLIENT_SECRET": "a-secret-of-the-client",
        "CHM_COOKIE_SECRET": SECRET,
        "CHM_PUBLIC_URL": address,
        **environment,
    }
    made = subprocess.run([sys.executable, "-m", "chm", "prepare"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert made.returncode == 0, f"python -m chm prepare failed:\n{made.stdout}{made.stderr}"
    engine = store.open_engine(database)
    for user in users:
        bootstrap.change(engine, "add", user, None, "", provider, user, ())
    engine.dispose()
    printed = folder / "server.log"
    with printed.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_up(process, address, printed)
        yield Site(address, provider, database)
    finally:
        stop(process)


def ready(context: BrowserContext, host: str = "127.0.0.1") -> None:
    """Keep the provider's page from asking elsewhere than this machine and `host`: it wants a style sheet."""
    context.route(re.compile(rf"^https?://(?!127\.0\.0\.1[:/]|{re.escape(host)}[:/])"), lambda route: route.abort())


def sign_in(page: Page, site: Site, who: str) -> None:
    """Press Sign in and be `who` at the provider."""
    page.goto(site.address)
    page.get_by_role("button", name="Sign in").click()
    authorize(page, site, who)


def authorize(page: Page, site: Site, who: str) -> None:
    """Be `who` at the provider, and come back."""
    page.wait_for_url(f"{site.provider}/**", wait_until="commit")
    page.locator("input[name=sub]").fill(who)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{site.address}/**", wait_until="commit")


def come_in(page: Page, site: Site, who: str) -> None:
    """Sign in as somebody on the list, and wait until the first page is drawn."""
    sign_in(page, site, who)
    expect(page.locator(".chm-who summary")).to_be_visible()
    steps.still(page)


def cookies(page: Page, site: Site) -> dict[str, str]:
    """The cookies that this browser would send to the site."""
    return {str(c["name"]): str(c["value"]) for c in page.context.cookies(site.address)}


def cookie(site: Site, who: str, secret: str = SECRET, **more: object) -> str:
    """The cookie of who has signed in as `who` at the site's provider; `more` stands in place of what it says."""
    said = {"iss": site.provider, "sub": who, "iat": int(time.time()), "nonce": uuid4().hex}
    said |= {"origin": site.address, "is_logged_in": True, "provider": "default"} | more
    return create_signed_value(secret, COOKIE, json.dumps(said)).decode()


@dataclass
class Heard:
    """All that a server sends to a page: bodies of answers and frames of sockets."""

    parts: list[bytes] = field(default_factory=list)

    def tells(self, words: Iterable[str]) -> set[str]:
        """Which of `words` are in it."""
        return {w for w in words if any(w.encode() in part for part in self.parts)}


def listen(page: Page, site: Site) -> Heard:
    """Hear what the site sends to `page` from now on, its own program aside."""
    heard = Heard()

    def answer(response: Response) -> None:
        if urlsplit(response.url).netloc == urlsplit(site.address).netloc and "/static/" not in response.url:
            with suppress(Error):  # What leads on has no body.
                heard.parts.append(response.body())

    def frame(said: str | bytes) -> None:
        heard.parts.append(said if isinstance(said, bytes) else said.encode())

    page.on("requestfinished", lambda request: answer(found) if (found := request.response()) else None)
    page.on("websocket", lambda socket: socket.on("framereceived", frame))
    return heard


class Caller:
    """A program that speaks to the site's socket as its page does, with the headers that it is given."""

    def __init__(self, site: Site, cookie: str = "", *, xsrf: bool = True, origin: str | None = None, **headers: str):
        token = generate_xsrf_token_string()
        held = [f"{COOKIE}={cookie}"] if cookie else []
        self.heard = Heard()
        self.socket = connect(
            site.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=Origin(site.address if origin is None else origin),
            subprotocols=[Subprotocol("streamlit"), *([Subprotocol(token)] if xsrf else [])],
            additional_headers={"Cookie": "; ".join([*held, f"_streamlit_xsrf={token}"]), **headers},
            max_size=None,
            open_timeout=60,
            ping_interval=None,
            legacy=True,
        )

    def rerun(self, page: str) -> str:
        """Run the page at this address and hear it to its end; what was sent, as text."""
        ask = BackMsg()
        ask.rerun_script.page_name = page
        ask.rerun_script.query_string = ""
        self.socket.send(ask.SerializeToString())
        parts: list[bytes] = []
        while True:
            part = self.socket.recv(timeout=60)
            assert isinstance(part, bytes)
            parts.append(part)
            told = ForwardMsg.FromString(part)
            if (
                told.WhichOneof("type") == "script_finished"
                and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                self.heard.parts += parts
                return b"".join(parts).decode("utf-8", "replace")

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
