"""Files and uploads, and the route that downloads take: who gets past, on a small app behind the product's doors."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from chm import store
from chm.casework import accounts, documents, people, sign_in
from chm.casework.desk import Desk
from chm.casework.documents import Made
from chm.errors import StorageUnavailable
from chm.records import AuditEntry, Role, User
from chm.settings import Provider
from chm.store import audit, users
from pages.parts import downloads, gate
from pages.parts.start import middleware

ISSUER, HOST = "https://login.example", "chm.example"
PROVIDER = Provider(f"{ISSUER}/m", "chm", "secret", "c" * 32, f"https://{HOST}")
NEAR, FAR = ("127.0.0.1", 50000), ("192.0.2.7", 50000)
COOKIE = "_streamlit_user"
ADMINISTRATOR = User("U-lee", "Lee Nobody", "Other", frozenset({Role.ADMINISTRATOR}))
FILES = ("/media/abc.png", "/_stcore/upload_file/session/file", "/_stcore/metrics", "/download/abc")


@pytest.fixture
def engine(demo: Path) -> store.Engine:
    """The demo that the pages work on, with Jo and Sam known to the provider."""
    engine: store.Engine = gate.engine()
    with store.transaction(engine) as session:
        for id in ("U-jo", "U-sam"):
            users.edit(session, replace(users.account(session, id), issuer=ISSUER, subject=id))
    return engine


def served(provider: Provider | None = PROVIDER, near: tuple[str, int] = NEAR, host: str = HOST) -> TestClient:
    def said(request: Request) -> Response:
        return PlainTextResponse(f"{request.method} {request.url.path}")

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    every = Route("/{path:path}", said, methods=["GET", "PUT", "DELETE"])
    app = Starlette(
        routes=[downloads.route, WebSocketRoute("/_stcore/stream", socket), every], middleware=middleware(provider)
    )
    return TestClient(app, base_url=f"http://{host}", client=near)


def claims(who: str = "U-jo", **more: Any) -> dict[str, Any]:
    """What Streamlit puts into its cookie after the provider let `who` in."""
    told = {"iss": ISSUER, "sub": who, "iat": int(time.time()), "nonce": f"n-{who}"}
    return told | {"origin": PROVIDER.public_url, "is_logged_in": True, "provider": "default"} | more


def signed(said: dict[str, Any], secret: str | None = None) -> dict[str, str]:
    """The header with the cookie that says so."""
    value = create_signed_value(secret or get_cookie_secret(), COOKIE, json.dumps(said)).decode()
    return {"Cookie": f"{COOKIE}={value}"}


def entries(engine: store.Engine) -> list[tuple[str, str, str]]:
    with store.transaction(engine, writing=False) as session:
        found: list[AuditEntry] = audit.read(session, None, 1000)
    return [(e.user, e.operation, e.why) for e in reversed(found)]


class TestFiles:
    @pytest.mark.parametrize("path", FILES)
    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_nobody_unsigned_gets_past(self, engine: store.Engine, path: str, method: str) -> None:
        said = served().request(method, path)
        assert (said.status_code, said.text) == (403, "Sign in first.")
        assert said.headers["strict-transport-security"]

    @pytest.mark.parametrize("path", FILES[:-1])
    def test_who_is_signed_in_does(self, engine: store.Engine, path: str) -> None:
        said = served().put(path, headers=signed(claims()))
        assert (said.status_code, said.text) == (200, f"PUT {path}")

    @pytest.mark.parametrize("path", ["/", "/my-work", "/static/app.js", "/_stcore/health"])
    def test_what_holds_nothing_of_anybody_is_open(self, engine: store.Engine, path: str) -> None:
        assert served().get(path).text == f"GET {path}"

    @pytest.mark.parametrize(
        "cookie",
        [
            signed(claims(), "another secret, long enough to be one"),
            signed(claims("U-nobody")),
            signed(claims(iss="https://other.example")),
            signed(claims(iss=[ISSUER])),
            signed(claims(iat=int(time.time()) - 3600)),
            signed(claims(iat=10**400)),
            signed(claims(is_logged_in=False)),
            signed(claims(is_logged_in="true")),
            {"Cookie": f"{COOKIE}=" + json.dumps(claims()).replace('"', "'")},
            {"Cookie": f"{COOKIE}=chunks-2"},
            {"Cookie": f"{COOKIE}="},
            {"Cookie": f"{COOKIE}=\xff\xfe"},
        ],
        ids=["secret", "stranger", "issuer", "types", "old", "huge", "out", "word", "bare", "chunks", "empty", "bytes"],
    )
    def test_a_cookie_that_is_not_ours_opens_nothing(self, engine: store.Engine, cookie: dict[str, str]) -> None:
        raw = [(k.encode(), v.encode("latin-1")) for k, v in cookie.items()]
        assert served().get(FILES[0], headers=raw).status_code == 403

    def test_no_letter_of_the_cookie_can_be_changed(self, engine: store.Engine) -> None:
        good = signed(claims())["Cookie"]
        client = served()
        assert client.get(FILES[0], headers={"Cookie": good}).status_code == 200
        start = len(COOKIE) + 1
        for place in range(start, len(good), 7):
            other = "A" if good[place] != "A" else "B"
            changed = f"{good[:place]}{other}{good[place + 1 :]}"
            assert client.get(FILES[0], headers={"Cookie": changed}).status_code == 403, place

    def test_fetching_keeps_nobody_in(self, engine: store.Engine) -> None:
        headers = signed(claims())
        client = served()
        assert client.get(FILES[0], headers=headers).status_code == 200
        with engine.begin() as connection:
            connection.execute(text("UPDATE user_session SET seen_at = datetime(seen_at, '-16 minutes')"))
        assert client.get(FILES[0], headers=headers).status_code == 403
        with engine.connect() as connection:
            assert connection.execute(text("SELECT ended_why FROM user_session")).scalars().all() == ["idle"]

    def test_going_out_by_the_address_alone_ends_it(self, engine: store.Engine) -> None:
        headers = signed(claims())
        client = served()
        assert client.get(FILES[0], headers=headers).status_code == 200
        assert client.get("/auth/logout", headers=headers).status_code == 200
        assert client.get(FILES[0], headers=headers).status_code == 403
        assert entries(engine)[-1] == ("U-jo", "sign_in.leave", "")

    def test_a_database_that_cannot_be_asked_lets_nobody_in(self, demo: Path, engine: store.Engine) -> None:
        engine.dispose()
        demo.unlink()
        assert served().get(FILES[0], headers=signed(claims())).status_code == 403


class TestHosts:
    @pytest.mark.parametrize("host", ["evil.example", "chm.example.evil.example", "xchm.example", "192.0.2.7"])
    def test_a_forged_host_is_refused(self, engine: store.Engine, host: str) -> None:
        client = served()
        said = client.get("/", headers={"Host": host} | signed(claims()))
        assert (said.status_code, said.text) == (400, "Invalid host header")
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            client.websocket_connect("/_stcore/stream", headers={"Host": host}),
        ):
            pass
        assert refused.value.status_code == 400

    @pytest.mark.parametrize("host", [HOST, f"{HOST}:443", "CHM.example", "127.0.0.1:8501", "[::1]:8501"])
    def test_the_councils_own_and_this_machine_are_answered(self, engine: store.Engine, host: str) -> None:
        assert served().get("/", headers={"Host": host}).status_code == 200

    def test_a_forwarded_host_or_scheme_changes_nothing(self, engine: store.Engine) -> None:
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "127.0.0.1"}
        said = served().get(FILES[0], headers=forged)
        assert (said.status_code, said.headers["strict-transport-security"][:7]) == (403, "max-age")
        for name in ("X-Forwarded-User", "X-Remote-User", "X-Auth-Request-Email", "Remote-User", "Authorization"):
            assert served().get(FILES[0], headers={name: "U-jo"}).status_code == 403


class TestOtherSites:
    @pytest.mark.parametrize(
        "origin",
        ["http://evil.example", "http://localhost:9999", "http://chm.example.evil.example", "null", "", f"//{HOST}"],
    )
    @pytest.mark.parametrize("provider", [PROVIDER, None], ids=["signed", "demo"])
    def test_their_pages_are_refused(self, engine: store.Engine, provider: Provider | None, origin: str) -> None:
        host = HOST if provider else "127.0.0.1:8501"
        client = served(provider, host=host)
        for method in ("GET", "PUT", "DELETE"):
            said = client.request(method, "/_stcore/health", headers={"Origin": origin} | signed(claims()))
            assert (said.status_code, said.text) == (403, "Another site's page may not ask this.")
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            client.websocket_connect("/_stcore/stream", headers={"Host": host, "Origin": origin}),
        ):
            pass
        assert refused.value.status_code == 403

    def test_our_own_are_not(self, engine: store.Engine) -> None:
        client = served()
        own = {"Origin": f"https://{HOST}"}
        assert client.get("/_stcore/health", headers=own).status_code == 200
        with client.websocket_connect("/_stcore/stream", headers={"Host": HOST} | own):
            pass


class TestDemo:
    def test_without_a_provider_this_machine_alone_is_answered(self, demo: Path) -> None:
        for near in (NEAR, ("::1", 50000), ("::ffff:127.0.0.1", 50000)):
            assert served(None, near, "127.0.0.1:8501").get("/media/abc.png").status_code == 200
        far = served(None, FAR, "127.0.0.1:8501")
        said = far.get("/")
        assert (said.status_code, said.text) == (403, "This demo answers on its own machine alone.")
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            far.websocket_connect("/_stcore/stream", headers={"Host": "127.0.0.1"}),
        ):
            pass
        assert refused.value.status_code == 403

    def test_nor_under_another_name(self, demo: Path) -> None:
        assert served(None, host="evil.example").get("/").status_code == 400


class TestDownloads:
    @pytest.fixture
    def offered(self, engine: store.Engine) -> Callable[..., tuple[str, dict[str, str]]]:
        """`offered()`: a link to a document of the young person that Jo works with, and Jo's cookie."""

        def offer(make: Callable[[Desk], Made] | None = None) -> tuple[str, dict[str, str]]:
            said = claims()
            desk = sign_in.admit(engine, said)
            latest = people.record_of(desk, "YP-0001").assessments[-1].id
            token = downloads._offer(desk, make or (lambda d: documents.assessment(d, "YP-0001", latest)))
            return f"/download/{token}", signed(said)

        return offer

    def test_once_and_with_its_audit_entry(self, engine: store.Engine, offered: Any) -> None:
        path, jo = offered()
        before = len(entries(engine))
        client = served()
        said = client.get(path, headers=jo)
        assert said.status_code == 200
        assert said.headers["content-type"] == downloads.KINDS[".docx"]
        assert said.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert said.headers["content-disposition"].endswith(".docx")
        assert (said.headers["cache-control"], said.headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert Document(io.BytesIO(said.content)).tables
        assert [e[:2] for e in entries(engine)[before:]] == [("U-jo", "documents.assessment")]
        again = client.get(path, headers=jo)
        assert (again.status_code, again.text) == (410, downloads.GONE)
        assert len(entries(engine)) == before + 1

    def test_looking_at_the_head_does_not_use_it_up(self, offered: Any) -> None:
        path, jo = offered()
        client = served()
        assert client.head(path, headers=jo).status_code == 405
        assert client.get(path, headers=jo).status_code == 200

    def test_not_unsigned_which_leaves_it_to_its_owner(self, offered: Any) -> None:
        path, jo = offered()
        client = served()
        assert client.get(path).status_code == 403
        assert client.get(path, headers=jo).status_code == 200

    def test_not_by_somebody_else(self, engine: store.Engine, offered: Any) -> None:
        path, jo = offered()
        before = entries(engine)
        client = served()
        said = client.get(path, headers=signed(claims("U-sam")))
        assert (said.status_code, said.text) == (403, downloads.REFUSED)
        assert [e for e in entries(engine)[len(before) :] if e[1] != "sign_in.admit"] == []
        assert client.get(path, headers=jo).status_code == 410

    def test_not_by_another_sign_in_of_the_same_user(self, offered: Any) -> None:
        path, _ = offered()
        assert served().get(path, headers=signed(claims(nonce="another"))).status_code == 403

    def test_not_after_its_user_was_disabled(self, engine: store.Engine, offered: Any) -> None:
        path, jo = offered()
        with store.transaction(engine, writing=False) as session:
            account = users.account(session, "U-jo")
        accounts.disable(Desk(engine, ADMINISTRATOR), account)
        before = entries(engine)
        assert served().get(path, headers=jo).status_code == 403
        assert [e for e in entries(engine)[len(before) :] if e[1].startswith("documents")] == []

    def test_not_after_signing_out(self, engine: store.Engine, offered: Any) -> None:
        path, jo = offered()
        assert served().get("/auth/logout", headers=jo).status_code == 200
        assert served().get(path, headers=jo).status_code == 403

    def test_permission_is_asked_anew(self, engine: store.Engine, offered: Any) -> None:
        path, jo = offered()
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM caseload WHERE user = 'U-jo'"))
        said = served().get(path, headers=jo)
        assert (said.status_code, said.text) == (403, downloads.REFUSED)
        assert entries(engine)[-1] == ("U-jo", "documents.assessment", "refused")

    def test_not_when_it_is_too_old(self, offered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        now = time.monotonic()
        path, jo = offered()
        monkeypatch.setattr(downloads, "monotonic", lambda: now + downloads.LASTS + 60)
        said = served().get(path, headers=jo)
        assert (said.status_code, said.text) == (410, downloads.GONE)

    def test_a_link_that_nobody_was_given(self, engine: store.Engine) -> None:
        said = served().get("/download/abc", headers=signed(claims()))
        assert (said.status_code, said.text) == (410, downloads.GONE)

    def test_a_busy_database_is_said_and_not_called_a_refusal(self, offered: Any) -> None:
        def busy(desk: Desk) -> Made:
            raise StorageUnavailable("The database is in use")

        path, jo = offered(busy)
        said = served().get(path, headers=jo)
        assert (said.status_code, said.text) == (503, "The database is in use. Make the file again.")

    def test_a_name_cannot_break_out_of_its_header(self, offered: Any) -> None:
        path, jo = offered(lambda d: Made(b"a", 'a"\r\nSet-Cookie: x=1; é.csv'))
        said = served().get(path, headers=jo)
        name = "a%22%0D%0ASet-Cookie%3A%20x%3D1%3B%20%C3%A9.csv"
        assert said.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
        assert "set-cookie" not in said.headers

    def test_old_offers_are_forgotten_and_their_number_is_bounded(
        self, engine: store.Engine, offered: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, jo = offered()
        desk = sign_in.admit(engine, claims())
        for _ in range(downloads.MOST):
            downloads._offer(desk, lambda d: Made(b"a", "a.csv"))
        assert len(downloads._pending) == downloads.MOST
        assert served().get(path, headers=jo).status_code == 410
        now = time.monotonic()
        monkeypatch.setattr(downloads, "monotonic", lambda: now + downloads.LASTS + 60)
        downloads._offer(desk, lambda d: Made(b"a", "a.csv"))
        assert len(downloads._pending) == 1
