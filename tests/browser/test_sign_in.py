"""Sign-in in real Chromium against a provider on this machine: who comes in, who sees what, when nothing is shown."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import InvalidStatus

from chm import store
from chm.casework import accounts, guarded, live_record
from chm.casework.desk import Desk
from chm.casework.live_record import NewAction, NewEntry
from chm.meetings.records import EntryKind
from chm.records import AuditEntry, Role, SignIn, User, YoungPerson
from chm.settings import today
from chm.store import audit, meetings, people, sign_ins, users
from tests.browser import signing, steps
from tests.browser.signing import COOKIE, Caller, Site, cookie
from tests.browser.test_room import MEETING

WELCOME = "Sign in with your council account. Whoever opens a record here is noted."
STRANGER = "This account is not on the list of those who may come in. Ask your administrator to add it."
BLANK = 30_000
ADMINISTRATOR = User("U-lee", "Lee Nobody", "Other", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo with sign-in, shared by the tests of this file."""
    folder = tmp_path_factory.mktemp("signing")
    with signing.providing(folder) as provider, signing.serving(folder, provider) as served:
        yield served


@pytest.fixture(scope="module")
def engine(site: Site) -> Iterator[store.Engine]:
    """The site's database, as another program sees it."""
    engine = site.engine()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def names(engine: store.Engine) -> set[str]:
    """The names of everybody in the demo, users too; none is part of what anybody unsigned is shown."""
    with engine.connect() as connection:
        young = connection.exec_driver_sql("SELECT name FROM young_person").scalars().all()
        known = connection.exec_driver_sql("SELECT name FROM user_account").scalars().all()
    assert len(young) >= 40
    return {*young, *known}


@pytest.fixture
def come(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`come()`: a browser of its own that has never been here; `come(cookie)` brings that cookie along."""
    contexts = []

    def visit(brought: str = "", width: int = 1366, height: int = 768) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        context.set_default_timeout(30_000)
        signing.ready(context)
        if brought:
            context.add_cookies([{"name": COOKIE, "value": brought, "url": site.address}])
        contexts.append(context)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()


def entries(engine: store.Engine) -> list[AuditEntry]:
    with store.transaction(engine, writing=False) as session:
        return list(reversed(audit.read(session, None, 5000)))


def newest(engine: store.Engine, user: str) -> SignIn:
    """The last sign-in of a user."""
    with store.transaction(engine, writing=False) as session:
        return sign_ins.of(session, user, 1)[0]


def age(engine: store.Engine, user: str, minutes: int) -> None:
    """Let that many minutes pass in which a user does nothing."""
    with store.transaction(engine) as session:
        found = sign_ins.of(session, user, 1)[0]
        sign_ins.seen(session, found.id, found.seen_at - minutes * signing.MINUTE)


def refused(page: Page, site: Site, names: set[str], said: str) -> None:
    """Open the site and see nothing but the way in, in answers and frames too."""
    heard = signing.listen(page, site)
    for address in ("", "my-work", "young-people", "room"):
        page.goto(f"{site.address}/{address}")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        steps.still(page)
    expect(page.locator(".chm-sign-in p")).to_have_text(said)
    expect(page.locator(".chm-who")).to_have_count(0)
    assert heard.parts
    assert heard.tells(names) == set()


def test_by_the_list_and_out_again(come: Any, site: Site, engine: store.Engine, names: set[str]) -> None:
    page = come()
    heard = signing.listen(page, site)
    page.goto(site.address)
    expect(page.locator(".chm-sign-in p")).to_have_text(WELCOME)
    assert heard.tells(names) == set()
    before = len(entries(engine))
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    steps.still(page)
    page.keyboard.press("Enter")
    signing.authorize(page, site, "U-jo")
    expect(page.locator(".chm-who summary")).to_have_text("Jo Placeholder")
    steps.still(page)
    assert heard.tells(["Jo Placeholder", "Heron Example"]) == {"Jo Placeholder", "Heron Example"}
    assert [(e.user, e.operation, e.why) for e in entries(engine)[before : before + 1]] == [
        ("U-jo", "sign_in.admit", "signed in")
    ]
    old = signing.cookies(page, site)[COOKIE]

    page.locator(".chm-who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site.provider}/**", wait_until="commit")
    assert COOKIE not in signing.cookies(page, site)
    assert newest(engine, "U-jo").ended_why == "left"
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{site.address}/**", wait_until="commit")
    expect(page.locator(".chm-sign-in p")).to_have_text(WELCOME)

    for _ in range(4):  # Back through all that was open, as whoever sits down next may.
        page.go_back()
        page.wait_for_load_state()
        if page.url.startswith(site.address):
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            assert not {n for n in names if n in page.content()}
    refused(come(old), site, names, "You have signed out.")


def test_a_stranger_is_told_so(come: Any, site: Site, engine: store.Engine, names: set[str]) -> None:
    page = come()
    heard = signing.listen(page, site)
    signing.sign_in(page, site, "somebody@elsewhere.example")
    expect(page.locator(".chm-sign-in p")).to_have_text(STRANGER)
    steps.still(page)
    assert heard.tells(names) == set()
    # What the administrator needs to put them on the list.
    assert page.locator(".chm-sign-in dd").all_inner_texts() == [site.provider, "somebody@elsewhere.example"]
    last = entries(engine)[-1]
    assert (last.user, last.operation, last.why) == ("", "sign_in.admit", "refused")


def test_who_has_no_role_yet_is_told_so(come: Any, site: Site, engine: store.Engine, names: set[str]) -> None:
    with store.transaction(engine) as session:
        users.add(session, User("U-new", "Newly Invented", "Housing", frozenset()))
        users.edit(session, replace(users.account(session, "U-new"), issuer=site.provider, subject="U-new"))
    said = "You are on the list, and have no role yet: a safeguarding lead has to agree to it first."
    refused(come(cookie(site, "U-new")), site, names, said)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda s: cookie(s, "U-jo", "another secret, long enough to be one"), WELCOME),
        (lambda s: cookie(s, "U-jo")[:-4] + "AAAA", WELCOME),
        (lambda s: "A" + cookie(s, "U-jo")[1:], WELCOME),
        (lambda s: cookie(s, "U-jo", origin="https://other.example"), WELCOME),
        (lambda s: cookie(s, "U-jo", is_logged_in=False), WELCOME),
        (lambda s: cookie(s, "U-jo", iss="https://other.example"), STRANGER),
        (lambda s: cookie(s, "U-nobody"), STRANGER),
        (lambda s: cookie(s, "U-jo", iat=int(time.time()) - 3600), "Sign in again: this sign-in has ended."),
    ],
    ids=["another secret", "signature", "content", "another site", "out", "issuer", "stranger", "stale"],
)
def test_a_cookie_that_is_not_right_shows_nothing(
    come: Any, site: Site, names: set[str], make: Callable[[Site], str], said: str
) -> None:
    refused(come(make(site)), site, names, said)


def test_the_same_cookie_that_is_right_does(come: Any, site: Site, names: set[str]) -> None:
    page = come(cookie(site, "U-jo"))
    heard = signing.listen(page, site)
    steps.visit(page, site.address)
    assert "Heron Example" in heard.tells(names)


def test_an_ended_sign_in_opens_nothing_from_anywhere(
    come: Any, site: Site, engine: store.Engine, names: set[str]
) -> None:
    brought = cookie(site, "U-sam")
    page = come(brought)
    steps.visit(page, site.address)
    accounts.sign_out(Desk(engine, ADMINISTRATOR), "U-sam")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=BLANK)
    steps.still(page)
    assert not {n for n in names if n in page.content()}
    refused(come(brought), site, names, "Your sign-in was ended by an administrator.")


class TestWithoutABrowser:
    """What a program sends that no page would."""

    def test_headers_stand_on_every_kind_of_answer(self, site: Site) -> None:
        jo = {"Cookie": f"{COOKIE}={cookie(site, 'U-jo')}"}
        with httpx.Client(base_url=site.address, timeout=60) as client:
            script = re.search(r'src="\./(static/[^"]+\.js)"', client.get("/").text)
            assert script
            kinds = {
                "page": client.get("/my-work"),
                "static": client.get(f"/{script[1]}"),
                "health": client.get("/_stcore/health"),
                "refused media": client.get("/media/none.png"),
                "no such media": client.get("/media/none.png", headers=jo),
                "no such file": client.get("/static/none.js"),
                "no such component": client.get("/_stcore/bidi-components/none/none.js"),
                "refused upload": client.put("/_stcore/upload_file/a/b"),
                "used download": client.get("/download/none", headers=jo),
                "refused download": client.get("/download/none"),
                "forged host": client.get("/", headers={"Host": "evil.example"}),
                "another site's": client.get("/", headers={"Origin": "http://evil.example"}),
                "path": client.get("/static/..%2f..%2fetc/passwd"),
                "way in": client.get("/auth/login"),
                "way out": client.get("/auth/logout"),
            }  # fmt: skip
            codes = {name: said.status_code for name, said in kinds.items()}
            headers = {name: dict(said.headers) for name, said in kinds.items()}
        assert codes == {
            "page": 200, "static": 200, "health": 200, "refused media": 403, "no such media": 404, "no such file": 200,
            "no such component": 404, "refused upload": 403, "used download": 410, "refused download": 403,
            "forged host": 400, "another site's": 403, "path": 400, "way in": 302, "way out": 302,
        }  # fmt: skip
        with Caller(site) as caller:
            assert caller.socket.response
            headers["socket"] = {name.lower(): value for name, value in caller.socket.response.headers.raw_items()}
        for name, told in headers.items():
            scripts = told["content-security-policy"].partition("script-src ")[2].partition(";")[0]
            assert "unsafe" not in scripts, name
            assert "frame-ancestors 'none'" in told["content-security-policy"], name
            assert told["x-content-type-options"] == "nosniff", name
            if name not in ("static", "no such file"):  # Streamlit answers that with its page, which holds nothing.
                assert told["cache-control"] == "no-store", name

    def test_a_socket_without_its_token_is_nobodys(self, site: Site, names: set[str]) -> None:
        jo = cookie(site, "U-jo")
        for xsrf, seen in ((True, True), (False, False)):
            with Caller(site, jo, xsrf=xsrf) as caller:
                assert ("Sign in with your council account" in caller.rerun("my-work")) != seen
                assert ("Heron Example" in caller.heard.tells(names)) == seen
                assert bool(caller.heard.tells(names)) == seen

    @pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null"])
    def test_a_socket_for_another_sites_page_is_refused(self, site: Site, origin: str) -> None:
        with pytest.raises(InvalidStatus) as said:
            Caller(site, cookie(site, "U-jo"), origin=origin)
        assert said.value.response.status_code == 403

    def test_what_a_proxy_might_say_makes_nobody_anybody(self, site: Site, names: set[str]) -> None:
        forged = {
            "X-Forwarded-User": "U-jo", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "127.0.0.1", "X-Remote-User": "U-jo", "X-Auth-Request-User": "U-jo",
            "X-Streamlit-User": "U-jo", "Authorization": "Bearer U-jo",
        }  # fmt: skip
        with Caller(site, **forged) as caller:
            assert "Sign in with your council account" in caller.rerun("my-work")
            assert caller.heard.tells(names) == set()

    def test_an_upload_without_its_token_is_refused(self, site: Site) -> None:
        address = f"{site.address}/_stcore/upload_file/none/none"
        given = {"files": {"file": ("a.csv", b"a,b\n1,2\n")}}
        with httpx.Client(cookies={COOKIE: cookie(site, "U-chris")}, timeout=60) as client:
            assert client.put(address, **given).status_code == 403
            client.get(f"{site.address}/_stcore/health")
            token = client.cookies["_streamlit_xsrf"]
            assert client.put(address, **given).status_code == 403
            assert client.put(address, headers={"X-Xsrftoken": "2|0|0|0"}, **given).status_code == 403
            # With it Streamlit looks for the page that asked, and there is none.
            assert client.put(address, headers={"X-Xsrftoken": token}, **given).status_code == 400

    def test_another_persons_place_in_memory_is_not_taken_over(self, site: Site, names: set[str]) -> None:
        """Somebody who knows the id of an open page's socket comes to a page of their own."""
        with Caller(site, cookie(site, "U-jo")) as jo:
            assert "Heron Example" in jo.rerun("young-people")
        with Caller(site, cookie(site, "U-drew")) as drew:
            drew.rerun("my-work")
            assert "Heron Example" not in drew.heard.tells(names)


def test_a_document_leaves_once_audited_first(come: Any, site: Site, engine: store.Engine, tmp_path: Path) -> None:
    page = come()
    signing.come_in(page, site, "U-jo")
    steps.go(page, "Young people")
    steps.choose(page, "YP-0001")
    asked: list[tuple[str, int]] = []

    def hear(url: str) -> None:
        if "/download/" in url:
            asked.append((url, sum(e.operation == "documents.assessment" for e in entries(engine))))

    page.on("request", lambda request: hear(request.url))
    before = sum(e.operation == "documents.assessment" for e in entries(engine))
    page.get_by_role("button", name="Word document").click()
    steps.dialog(page).get_by_role("button", name="Make the document").click()
    link = steps.dialog(page).get_by_role("link", name="Save the document")
    href = link.get_attribute("href")
    assert href
    assert re.fullmatch(r"/download/[\w-]{43}", href)
    with page.expect_download() as started:
        link.click()
    started.value.save_as(tmp_path / "document.docx")
    assert "YP-0001" in "".join(c.text for t in Document(str(tmp_path / "document.docx")).tables for c in t._cells)
    expect(steps.dialog(page).get_by_text("Saved")).to_be_visible()
    made = [e for e in entries(engine) if e.operation == "documents.assessment"][before:]
    assert [(e.user, e.record) for e in made] == [("U-jo", "YP-0001")] * 2  # When it was made, and when it left.
    assert page.context.request.get(f"{site.address}{href}").status == 410
    assert "YP" not in href


def test_disabling_blanks_an_open_page(come: Any, site: Site, engine: store.Engine, names: set[str]) -> None:
    page = come()
    signing.come_in(page, site, "U-val")
    steps.go(page, "Young people")
    with store.transaction(engine, writing=False) as session:
        account = users.account(session, "U-val")
    kept = accounts.disable(Desk(engine, ADMINISTRATOR), account)
    began = time.monotonic()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=BLANK)
    assert time.monotonic() - began < 30
    steps.still(page)
    assert not {n for n in names if n in page.content()}
    accounts.enable(Desk(engine, ADMINISTRATOR), kept)
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_an_idle_screen_blanks_and_comes_back_by_signing_in(
    come: Any, site: Site, engine: store.Engine, names: set[str]
) -> None:
    page = come()
    signing.come_in(page, site, "U-sam")
    age(engine, "U-sam", 16)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=BLANK)
    expect(page.locator(".chm-sign-in p")).to_contain_text("nothing was done for a while")
    steps.still(page)
    assert not {n for n in names if n in page.content()}
    assert newest(engine, "U-sam").ended_why == "idle"
    page.keyboard.press("Enter")
    signing.authorize(page, site, "U-sam")
    expect(page.locator(".chm-who summary")).to_have_text("Sam Invented")


def test_an_open_page_alone_keeps_nobody_in_and_working_does(come: Any, site: Site, engine: store.Engine) -> None:
    page = come()
    signing.come_in(page, site, "U-sam")
    age(engine, "U-sam", 10)
    seen = newest(engine, "U-sam").seen_at
    page.wait_for_timeout(17_000)  # The page asks every fifteen seconds.
    assert newest(engine, "U-sam").seen_at == seen
    steps.go(page, "Young people")
    assert newest(engine, "U-sam").seen_at > seen


def test_working_in_a_part_of_a_page_keeps_in_too(come: Any, site: Site, engine: store.Engine) -> None:
    page = come()
    signing.come_in(page, site, "U-jo")
    steps.network(page)
    age(engine, "U-jo", 10)
    seen = newest(engine, "U-jo").seen_at
    page.locator("[data-say^='select:']").first.click()
    expect(page.get_by_text("All of them together")).to_have_count(0)
    assert newest(engine, "U-jo").seen_at > seen


def test_a_record_that_is_restricted_leaves_an_untouched_screen(
    come: Any, site: Site, engine: store.Engine, lead: Desk
) -> None:
    page = come()
    signing.come_in(page, site, "U-sam")
    steps.go(page, "Young people")
    page.get_by_role("button", name="Open", exact=True).first.click()
    head = page.get_by_role("heading", level=1)
    expect(head).not_to_have_text("Young people")
    steps.still(page)
    name = head.inner_text()
    with engine.connect() as connection:
        (id,) = connection.exec_driver_sql("SELECT id FROM young_person WHERE name = ?", (name,)).one()
    age(engine, "U-sam", 10)
    seen = newest(engine, "U-sam").seen_at
    with engine.connect() as connection:
        (other,) = connection.exec_driver_sql(
            "SELECT young_person FROM caseload WHERE user = 'U-sam' AND young_person != ? LIMIT 1", (id,)
        ).one()

    def read() -> int:
        return [e.operation for e in entries(engine) if e.user == "U-sam"].count("people.record_of")

    before = read()
    guarded.restrict(lead, other, "A worker's own family")  # So the page is read anew by itself, and stays.
    try:
        for _ in range(300):
            if read() > before:
                break
            page.wait_for_timeout(100)
        steps.still(page)
        expect(head).to_have_text(name)
        assert (read(), newest(engine, "U-sam").seen_at) == (before + 1, seen)
        guarded.restrict(lead, id, "A worker's own family")
        expect(page.get_by_text("This record cannot be opened")).to_be_visible(timeout=BLANK)
        steps.still(page)
        assert name not in page.content()
        assert newest(engine, "U-sam").seen_at == seen
    finally:
        for each in (other, id):
            guarded.lift(lead, each, "They work elsewhere now")


def test_a_busy_database_does_not_take_away_what_is_typed(come: Any, site: Site) -> None:
    page = come()
    signing.come_in(page, site, "U-jo")
    page.goto(f"{site.address}/score")
    steps.choose(page, "YP-0003")
    page.get_by_role("button", name="Running away or missing", exact=True).click()
    expect(steps.row(page, "Coercion or control")).to_be_visible()
    with sqlite3.connect(site.database.removeprefix("sqlite:///"), isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        steps.level(page, "Coercion or control", "Moderate").click()
        expect(page.get_by_text("The database is in use and did not come free").first).to_be_visible(timeout=40_000)
        expect(steps.level(page, "Coercion or control", "Moderate")).to_be_checked()
        connection.execute("ROLLBACK")
    connection.close()
    steps.level(page, "Running away or missing", "Emerging").click()
    steps.still(page)
    expect(steps.level(page, "Coercion or control", "Moderate")).to_be_checked()
    expect(page.locator(".chm-who summary")).to_have_text("Jo Placeholder")


def test_the_room_locks_when_idle_and_comes_back_as_it_was(
    come: Any, site: Site, engine: store.Engine, names: set[str]
) -> None:
    page = come(width=1920, height=1080)
    signing.come_in(page, site, "U-pat")
    steps.go(page, "Meetings")
    page.get_by_role("button", name=re.compile("^Run|^Open the room|^Enter")).first.click()
    agenda = page.get_by_role("navigation", name="Agenda")
    expect(agenda).to_be_visible()
    steps.still(page)
    agenda.get_by_role("button", name=re.compile("People and|People")).first.click()
    current = agenda.locator("[aria-current=step] span")
    expect(current).to_contain_text("People")
    steps.still(page)
    before = current.inner_text()
    page.keyboard.press("ArrowRight")
    expect(current).not_to_have_text(before, use_inner_text=True)
    steps.still(page)
    where = current.inner_text()
    head = page.locator(".chm-room-head").first.inner_text()
    page.keyboard.press("n")
    expect(page.locator(".chm-record-box textarea")).to_be_focused()
    page.keyboard.type("Half a sentence about the lift ")
    expect(page.get_by_text(re.compile("^Kept")).first).to_be_visible()
    steps.noted(page, Path(site.database.removeprefix("sqlite:///")), "Half a sentence about the lift")
    steps.still(page)
    place = newest(engine, "U-pat").place
    assert place["step"] == 1

    age(engine, "U-pat", 16)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=BLANK)
    steps.still(page)
    assert not {n for n in names if n in page.content()}
    expect(page.get_by_text("Half a sentence")).to_have_count(0)
    page.keyboard.press("Enter")
    signing.authorize(page, site, "U-pat")
    expect(agenda).to_be_visible()
    steps.still(page)
    expect(current).to_have_text(where, use_inner_text=True)
    expect(page.locator(".chm-room-head").first).to_have_text(head, use_inner_text=True)
    assert newest(engine, "U-pat").id
    page.keyboard.press("n")
    expect(page.locator(".chm-record-box").get_by_role("textbox").first).to_have_value(re.compile("^Half a sentence"))


@pytest.fixture
def lead(engine: store.Engine) -> Desk:
    """The desk of somebody else in the room."""
    return Desk(engine, User("U-chris", "Chris Sample", "Children's Social Care", frozenset({Role.SAFEGUARDING_LEAD})))


def in_the_room(come: Any, site: Site) -> Page:
    """Pat, at the first item of the meeting."""
    page: Page = come(width=1920, height=1080)
    signing.come_in(page, site, "U-pat")
    steps.go(page, "Meetings")
    page.get_by_role("button", name=re.compile("^Run")).first.click()
    expect(page.get_by_role("navigation", name="Agenda")).to_be_visible()
    steps.still(page)
    return page


def slot(engine: store.Engine, kind: str) -> str:
    """The first party of a kind that has a slot in the meeting."""
    with store.transaction(engine, writing=False) as session:
        return next(f"{kind}:{s}" for p, (_, s) in meetings.aliases(session, MEETING).items() if p.startswith(kind))


def test_what_others_write_keeps_no_room_open(come: Any, site: Site, engine: store.Engine, lead: Desk) -> None:
    page = in_the_room(come, site)
    age(engine, "U-pat", 10)
    seen = newest(engine, "U-pat").seen_at
    about = f"@{{{slot(engine, 'young_person')}}} was at @{{{slot(engine, 'place')}}}"
    for n, kind in enumerate((EntryKind.INFORMATION, EntryKind.VIEW, EntryKind.INFORMATION), 1):
        live_record.say(lead, MEETING, NewEntry(kind=kind, item="people", text=f"{about} at {n}", agency="Police"))
        expect(page.locator(".chm-record-box .said")).to_contain_text(f"at {n}")
        page.wait_for_timeout(2_000)
    steps.still(page)
    assert newest(engine, "U-pat").seen_at == seen
    opened = {e.operation for e in entries(engine) if e.user == "U-pat" and e.operation.startswith("room.")}
    assert opened == {"room.open", "room.again"}


def test_what_is_put_right_or_answered_comes_back_to_a_locked_room(
    come: Any, site: Site, engine: store.Engine, lead: Desk
) -> None:
    page = in_the_room(come, site)
    file = Path(site.database.removeprefix("sqlite:///"))
    about = slot(engine, "vehicle")
    live_record.say(
        lead, MEETING, NewEntry(kind=EntryKind.VIEW, item="people", text="The lift is out", agency="Police")
    )
    action = NewAction(pillar="disrupt", text="Close the back door", owner_agency="Housing", due=today(), target=about)
    live_record.agree(lead, MEETING, action)
    box, text = page.locator(".chm-record-box"), page.locator(".chm-record-box textarea")
    box.get_by_role("radio", name="View").click()
    box.get_by_label("Whose").select_option("Health")
    text.fill("Half a new one")
    box.get_by_role("button", name=re.compile("^Edit: The lift is out")).click()
    expect(text).to_have_value("The lift is out")
    box.get_by_role("button", name=re.compile("^Edit: Close the back door")).click()
    expect(box.get_by_role("status")).to_have_text("First finish this one")
    text.press_sequentially(" since May")
    box.get_by_label("Whose").select_option("Housing")
    steps.noted(page, file, "since May")
    page.get_by_role("navigation", name="Agenda").get_by_role("button", name=re.compile("Plan")).click()
    head = page.locator(".chm-room-head").first
    expect(head).to_contain_text("Where is nobody acting?")
    steps.still(page)
    page.keyboard.press("ArrowRight")
    expect(head).to_contain_text("Not covered yet")
    page.get_by_role("button", name="Answer", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio").first.click()
    dialog.get_by_role("textbox").first.press_sequentially("The caretaker knows")
    steps.noted(page, file, "The caretaker knows")
    live_record.say(lead, MEETING, NewEntry(kind=EntryKind.VIEW, item="people", text="One more", agency="Police"))
    expect(page.locator(".chm-record-box .said")).to_contain_text("One more")
    steps.still(page)
    expect(dialog.get_by_role("textbox").first).to_have_value("The caretaker knows")

    age(engine, "U-pat", 16)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=BLANK)
    page.keyboard.press("Enter")
    signing.authorize(page, site, "U-pat")
    expect(dialog.get_by_role("textbox").first).to_have_value("The caretaker knows")
    expect(dialog.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    steps.still(page)
    expect(text).to_have_value("The lift is out since May")
    expect(box.get_by_label("Whose")).to_have_value("Housing")
    box.get_by_role("button", name="Put right").click()
    expect(box.locator(".said")).to_contain_text("The lift is out since May")
    expect(text).to_have_value("Half a new one")
    expect(box.get_by_label("Whose")).to_have_value("Health")
    text.press("End")
    text.press_sequentially(" to add")
    text.press("Enter")
    box.get_by_role("button", name=re.compile("^Edit: The lift is out")).click()
    expect(box.locator(".said")).to_contain_text("Half a new one to add")
    steps.still(page)
    expect(text).not_to_have_value(re.compile("Half a new one"))
    assert box.locator(".said").inner_text().count("Half a new one to add") == 1


def test_two_people_in_two_browsers_see_their_own_alone(come: Any, site: Site, engine: store.Engine) -> None:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT c.user, y.name FROM caseload c JOIN young_person y ON y.id = c.young_person"
        ).all()
    of = {who: {name for user, name in found if user == who} for who in ("U-jo", "U-sam")}
    pages = {who: come() for who in of}
    heard = {who: signing.listen(page, site) for who, page in pages.items()}
    for who, page in pages.items():
        signing.come_in(page, site, who)
    for title in ("Young people", "Score", "My work"):
        for page in pages.values():
            page.get_by_role("navigation").get_by_role("link", name=title, exact=True).click()
        for page in pages.values():
            expect(page.get_by_role("heading", level=1, name=re.compile(f"^{title}"))).to_be_visible()
            steps.still(page)
    for who, other in (("U-jo", "U-sam"), ("U-sam", "U-jo")):
        assert heard[who].tells(of[who]) == of[who]
        assert heard[who].tells(of[other] - of[who]) == set()


PLACES = ("my-work", "young-people", "score", "missing", "actions")


def crowd(site: Site, engine: store.Engine, reruns: int) -> None:
    """Twelve people work at once, each with three young people; each hears of these, and of nobody else's."""
    planted: dict[str, set[str]] = {}
    with store.transaction(engine) as session:
        for n in range(12):
            who = f"U-c{n:02d}"
            named = {f"Crowd{n:02d}-{m} Placeholder" for m in range(3)}
            planted[who] = named
            if users.get(session, who) is None:
                users.add(session, User(who, f"Worker{n:02d} Invented", "Early Help", frozenset({Role.PRACTITIONER})))
                account = users.account(session, who)
                users.edit(session, replace(account, issuer=site.provider, subject=who))
                for m, name in enumerate(sorted(named)):
                    id = f"YP-9{n:02d}{m}"
                    people.add(session, YoungPerson(id, name, "Merton"))
                    people.allocate(session, who, id, today())
    every = {name for named in planted.values() for name in named}
    wrong: list[str] = []

    def work(who: str, start: threading.Barrier) -> None:
        try:
            with Caller(site, cookie(site, who)) as caller:
                start.wait(60)
                for n in range(reruns):
                    caller.rerun(PLACES[n % len(PLACES)])
                told = caller.heard.tells(every)
            if told != planted[who]:
                wrong.append(f"{who} heard of {sorted(told)}")
        except Exception as error:
            wrong.append(f"{who}: {error!r}")

    start = threading.Barrier(len(planted))
    threads = [threading.Thread(target=work, args=(who, start)) for who in planted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_twelve_people_at_once_ten_reruns_each(site: Site, engine: store.Engine) -> None:
    crowd(site, engine, 10)
