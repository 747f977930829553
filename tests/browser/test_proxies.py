"""The recipes of deploy/ as they stand, but for ports and places: sign-in over TLS through nginx and Caddy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from docx import Document
from playwright.sync_api import BrowserType, Page, expect

from tests.browser import signing, steps
from tests.browser.conftest import CHROMIUM_ARGUMENTS, ROOT, executable
from tests.browser.signing import Site, cookie, free_port

HOST = "chm.example.gov.uk"
PROGRAMS = ("nginx", "caddy")


def certificate(folder: Path) -> None:
    """A certificate of its own for the host of the recipes."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    command += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def nginx(folder: Path, product: str, plain: int, tls: int) -> list[str]:
    recipe = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for was, now in {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "http://127.0.0.1:8501": product,
        "/etc/chm/tls": str(folder),
    }.items():
        assert was in recipe
        recipe = recipe.replace(was, now)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\n{temporary}{recipe}}}\n"
    )
    return ["-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def caddy(folder: Path, product: str, plain: int, tls: int) -> list[str]:
    recipe = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    for was, now in {"127.0.0.1:8501": product.removeprefix("http://"), "/etc/caddy/tls": str(folder)}.items():
        assert was in recipe
        recipe = recipe.replace(was, now)
    here = f"{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port {plain}\n\thttps_port {tls}\n}}\n"
    (folder / "Caddyfile").write_text(here + recipe)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


class Through:
    """The site behind a proxy: where to ask it from this machine, and what it is called."""

    def __init__(self, site: Site, plain: int, tls: int):
        self.site, self.plain, self.tls = site, plain, tls

    def client(self) -> httpx.Client:
        """A client that finds the host at this machine."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.tls}", headers={"Host": f"{HOST}:{self.tls}"}, verify=False, timeout=60
        )

    def ask(self, client: httpx.Client, method: str, path: str, **more: object) -> httpx.Response:
        return client.request(method, path, extensions={"sni_hostname": HOST}, **more)  # type: ignore[arg-type]


@contextmanager
def before(program: str, found: str, folder: Path, product: str, plain: int, tls: int) -> Iterator[None]:
    certificate(folder)
    arguments = {"nginx": nginx, "caddy": caddy}[program](folder, product, plain, tls)
    environment = {"PATH": "/usr/sbin:/usr/bin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / f"{program}.log").open("w") as log:
        process = subprocess.Popen(
            [found, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            signing.wait_for(f"http://127.0.0.1:{plain}/", process)
            yield
        finally:
            signing.stop(process)


@pytest.fixture(scope="module", params=PROGRAMS)
def through(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Through]:
    """The demo with sign-in behind each proxy in turn, where it is installed."""
    named = os.environ.get(f"CHM_TEST_{request.param.upper()}")
    found = named or shutil.which(request.param, path="/usr/sbin:/usr/bin:/usr/local/bin")
    if found is None or shutil.which("openssl") is None:
        pytest.skip(f"no {request.param}, or no openssl: run the tests by `make test`")
    folder = tmp_path_factory.mktemp(request.param)
    plain, tls = free_port(), free_port()
    public = f"https://{HOST}:{tls}"
    with (
        signing.providing(folder) as provider,
        signing.serving(folder, provider, CHM_PUBLIC_URL=public) as site,
        before(request.param, found, folder, site.address, plain, tls),
    ):
        yield Through(replace(site, address=public), plain, tls)


@pytest.fixture
def page(through: Through, browser_type: BrowserType) -> Iterator[Page]:
    rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    arguments = [a for a in CHROMIUM_ARGUMENTS if not a.startswith("--host-resolver-rules")] + [rules]
    chromium = browser_type.launch(executable_path=executable(), args=arguments)
    context = chromium.new_context(ignore_https_errors=True, accept_downloads=True)
    context.set_default_timeout(30_000)
    signing.ready(context, HOST)
    yield context.new_page()
    chromium.close()


@pytest.fixture(scope="module")
def browser_type(browser: object) -> BrowserType:
    """The kind of browser that the other tests use."""
    return browser.browser_type  # type: ignore[attr-defined,no-any-return]


def test_a_person_signs_in_works_and_takes_a_document_along(through: Through, page: Page, tmp_path: Path) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    signing.come_in(page, through.site, "U-jo")
    assert [u.partition("://")[0] for u in sockets] == ["wss"] * len(sockets) != []
    held = page.context.cookies(through.site.address)
    assert {c["name"] for c in held} >= {"_streamlit_user", "_streamlit_user_tokens", "_streamlit_xsrf"}
    assert all(c["secure"] for c in held)
    assert all(c["httpOnly"] for c in held if c["name"] != "_streamlit_xsrf")

    steps.go(page, "Young people")
    steps.choose(page, "YP-0001")
    page.get_by_role("button", name="Word document").click()
    steps.dialog(page).get_by_role("button", name="Make the document").click()
    with page.expect_download() as started:
        steps.dialog(page).get_by_role("link", name="Save the document").click()
    started.value.save_as(tmp_path / "document.docx")
    assert Document(str(tmp_path / "document.docx")).tables

    steps.close(page)
    page.locator(".chm-who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{through.site.provider}/**")
    assert "_streamlit_user" not in signing.cookies(page, through.site)


def test_a_file_is_taken_in_through_it(through: Through, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "connections.csv"
    file.write_text("young_person,kind\n" + "YP-0001,went missing with somebody invented\n" * 50_000)
    assert file.stat().st_size > 1_048_576  # More than nginx takes by itself.
    signing.come_in(page, through.site, "U-chris")
    page.get_by_role("navigation").get_by_role("link", name="Import", exact=True).click()
    page.get_by_role("radio", name="Connections").or_(page.get_by_role("button", name="Connections")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import connections")
    steps.still(page)
    with page.expect_response(re.compile("/_stcore/upload_file/")) as said:
        page.locator("input[type=file]").first.set_input_files(file)
    assert said.value.status == 204


def test_in_the_clear_there_is_only_the_way_to_tls(through: Through) -> None:
    said = httpx.get(f"http://127.0.0.1:{through.plain}/my-work", headers={"Host": HOST}, timeout=60)
    assert said.status_code in (301, 308)
    assert re.match(rf"https://{re.escape(HOST)}(:\d+)?/my-work$", said.headers["location"])


def test_headers_come_once_and_whole(through: Through) -> None:
    with through.client() as client:
        for path in ("/", "/media/none", "/_stcore/health"):
            said = through.ask(client, "GET", path)
            assert said.headers.get_list("strict-transport-security") == ["max-age=31536000; includeSubDomains"]
            assert len(said.headers.get_list("content-security-policy")) == 1
            assert said.headers.get_list("cache-control") == ["no-store"]
        assert all("Secure" in c for c in said.headers.get_list("set-cookie"))
        assert said.headers.get_list("set-cookie")


def test_what_a_visitor_forges_the_proxy_does_not_make_true(through: Through) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-User": "U-jo"}
    with through.client() as client:
        assert through.ask(client, "GET", "/media/none", headers=forged).status_code == 403
        said = through.ask(client, "GET", "/", headers={"Host": "evil.example"})
        assert said.status_code == 400 or said.content == b""


def test_how_large_a_file_may_be(through: Through) -> None:
    cookies = {signing.COOKIE: cookie(through.site, "U-chris")}
    with through.client() as client:
        client.cookies.update(cookies)
        through.ask(client, "GET", "/_stcore/health")
        head = {"X-Xsrftoken": client.cookies["_streamlit_xsrf"]}
        path = "/_stcore/upload_file/none/none"
        # 400: the product says that no page waits for it; Caddy reads no more than the product does.
        for megabytes, codes in ((20, {400}), (30, {413, 400})):
            given = {"files": {"file": ("a.csv", b"a" * 1_000_000 * megabytes)}}
            assert through.ask(client, "PUT", path, headers=head, **given).status_code in codes
