"""Who comes in, how long that lasts, and that what has ended opens nothing again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from chm import store
from chm.access import permitted
from chm.casework import accounts, drafts, frameworks, people, sign_in, tracker
from chm.casework.desk import INTENTIONS, Desk
from chm.casework.sign_in import STRANGER
from chm.casework.still_here import AGAIN, OVER
from chm.errors import NotPermitted, SignedOut
from chm.records import SignIn
from chm.store import sign_ins, users

from .conftest import NOW, USERS, Office
from .test_desk import ALL, function, log, named

ISSUER, MINUTE, HOUR = "https://login.example/v2.0", timedelta(minutes=1), timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """The times that hold where nobody sets others."""
    monkeypatch.delenv("CHM_IDLE_MINUTES", raising=False)
    monkeypatch.delenv("CHM_SESSION_HOURS", raising=False)


@pytest.fixture
def known(office: Office) -> Office:
    """The office, its users known to the provider by their ids."""
    with store.transaction(office.engine) as session:
        for user in USERS.values():
            users.edit(session, replace(users.account(session, user.id), issuer=ISSUER, subject=user.id))
    return office


def claims(subject: str = "u-jo", at: datetime = NOW, **more: Any) -> dict[str, Any]:
    """What the provider says of who signed in at `at`."""
    return {"iss": ISSUER, "sub": subject, "iat": int(at.timestamp()), "nonce": "n-1", "name": "Nobody", **more}


def row(engine: store.Engine, id: str) -> SignIn | None:
    with store.transaction(engine, writing=False) as session:
        return sign_ins.get(session, id)


def ended(engine: store.Engine, id: str) -> tuple[datetime | None, str]:
    found = row(engine, id)
    assert found
    return found.ended_at, found.ended_why


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def desk_of(office: Office, clock: Clock, subject: str = "u-jo") -> Desk:
    """The desk of whoever signed in at noon, its clock set by the test."""
    return replace(sign_in.admit(office.engine, claims(subject), NOW), clock=clock)


def disable(office: Office, id: str = "u-jo") -> None:
    with store.transaction(office.engine, writing=False) as session:
        account = users.account(session, id)
    accounts.disable(office["admin"], account)


class TestAdmit:
    def test_who_is_on_the_list_comes_in_and_that_is_audited_once(self, known: Office) -> None:
        desk = sign_in.admit(known.engine, claims(), NOW)
        again = sign_in.admit(known.engine, claims(), NOW + MINUTE)
        assert desk.user == USERS["jo"]
        assert desk.session == again.session == sign_in.session_id(claims())
        assert log(known.engine) == [("u-jo", "sign_in.admit", "", "signed in")]
        assert row(known.engine, desk.session) == SignIn(id=desk.session, user="u-jo", began_at=NOW, seen_at=NOW)

    def test_what_is_kept_tells_nothing_of_the_token(self, known: Office) -> None:
        desk = sign_in.admit(known.engine, claims(), NOW)
        assert len(desk.session) == 64
        assert set(desk.session) <= set("0123456789abcdef")

    @pytest.mark.parametrize(
        "said",
        [
            {"iss": "https://other.example/v2.0"},
            {"iss": f"{ISSUER}/"},
            {"sub": "u-nobody"},
            {"sub": "U-JO"},
            {"iss": ""},
            {"sub": ""},
            {"iss": None},
            {"sub": None},
            {"iss": [ISSUER]},
            {"sub": {"sub": "u-jo"}},
            {"sub": 7},
            {"iss": True},
        ],
        ids=str,
    )
    def test_a_stranger_is_refused_and_that_is_audited(self, known: Office, said: dict[str, Any]) -> None:
        with pytest.raises(NotPermitted) as refused:
            sign_in.admit(known.engine, claims() | said, NOW)
        assert str(refused.value) == STRANGER
        assert log(known.engine) == [("", "sign_in.admit", "", "refused")]
        assert row(known.engine, sign_in.session_id(claims() | said)) is None

    def test_no_claims_at_all(self, known: Office) -> None:
        with pytest.raises(NotPermitted):
            sign_in.admit(known.engine, {}, NOW)

    def test_a_user_without_a_sign_in_is_nobody_to_the_provider(self, office: Office) -> None:
        for said in ({"iss": "None", "sub": "None"}, {"iss": "", "sub": ""}, {"iss": None, "sub": None}):
            with pytest.raises(NotPermitted):
                sign_in.admit(office.engine, claims() | said, NOW)

    def test_a_disabled_user_is_refused(self, known: Office) -> None:
        disable(known)
        with pytest.raises(NotPermitted) as refused:
            sign_in.admit(known.engine, claims(), NOW)
        assert str(refused.value) == STRANGER

    @pytest.mark.parametrize("minutes", [-10, 0, 10])
    def test_a_fresh_token_begins_one(self, known: Office, minutes: int) -> None:
        assert sign_in.admit(known.engine, claims(at=NOW - minutes * MINUTE), NOW).session

    @pytest.mark.parametrize(
        "made",
        [
            int((NOW - 10 * MINUTE - SECOND).timestamp()),
            int((NOW + 10 * MINUTE + SECOND).timestamp()),
            int((NOW - timedelta(days=29)).timestamp()),
            0,
            -1,
            10**400,
            math.inf,
            math.nan,
            None,
            True,
            "",
            str(int(NOW.timestamp())),
            [int(NOW.timestamp())],
        ],
        ids=lambda v: str(v)[:20],
    )
    def test_a_token_never_seen_that_is_old_or_undated_begins_none(self, known: Office, made: object) -> None:
        with pytest.raises(SignedOut) as refused:
            sign_in.admit(known.engine, claims(iat=made), NOW)
        assert str(refused.value) == AGAIN
        assert row(known.engine, sign_in.session_id(claims(iat=made))) is None
        assert log(known.engine) == []

    def test_another_token_of_the_same_user_is_another_sign_in(self, known: Office) -> None:
        one = sign_in.admit(known.engine, claims(nonce="n-1"), NOW)
        two = sign_in.admit(known.engine, claims(nonce="n-2"), NOW)
        assert one.session != two.session
        sign_in.leave(known.engine, claims(nonce="n-1"), NOW)
        assert sign_in.admit(known.engine, claims(nonce="n-2"), NOW).user == USERS["jo"]

    def test_two_tabs_at_once_begin_one(self, known: Office) -> None:
        desks: list[Desk] = []
        together = Barrier(4)

        def come() -> None:
            together.wait()
            desks.append(sign_in.admit(known.engine, claims(), NOW))

        threads = [Thread(target=come) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [d.user.id for d in desks] == ["u-jo"] * 4
        assert log(known.engine) == [("u-jo", "sign_in.admit", "", "signed in")]

    def test_an_identity_given_to_another_user_does_not_take_the_sign_in_along(self, known: Office) -> None:
        sign_in.admit(known.engine, claims(), NOW)
        with store.transaction(known.engine) as session:
            users.edit(session, replace(users.account(session, "u-jo"), issuer=None, subject=None))
            users.edit(session, replace(users.account(session, "u-sam"), subject="u-jo"))
        with pytest.raises(SignedOut):
            sign_in.admit(known.engine, claims(), NOW)
        assert sign_in.admit(known.engine, claims(nonce="n-2"), NOW).user == USERS["sam"]


class TestHowLong:
    def test_fifteen_minutes_idle(self, known: Office) -> None:
        id = sign_in.admit(known.engine, claims(), NOW).session
        sign_in.check(known.engine, id, NOW + 15 * MINUTE)
        assert ended(known.engine, id) == (None, "")
        over = NOW + 15 * MINUTE + SECOND
        with pytest.raises(SignedOut) as said:
            sign_in.check(known.engine, id, over)
        assert str(said.value) == OVER["idle"]
        assert ended(known.engine, id) == (over, "idle")

    def test_eight_hours_whatever_is_done(self, known: Office, clock: Clock) -> None:
        desk = desk_of(known, clock)
        while clock.now < NOW + 8 * HOUR:
            clock.now += 10 * MINUTE
            sign_in.active(desk)
        sign_in.check(known.engine, desk.session, NOW + 8 * HOUR)
        clock.now += SECOND
        with pytest.raises(SignedOut) as said:
            sign_in.active(desk)
        assert str(said.value) == OVER["age"]
        assert ended(known.engine, desk.session) == (NOW + 8 * HOUR + SECOND, "age")

    def test_a_council_sets_both(self, known: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHM_IDLE_MINUTES", "5")
        monkeypatch.setenv("CHM_SESSION_HOURS", "1")
        id = sign_in.admit(known.engine, claims(), NOW).session
        sign_in.check(known.engine, id, NOW + 5 * MINUTE)
        with store.transaction(known.engine) as session:
            sign_ins.seen(session, id, NOW + HOUR)
        sign_in.check(known.engine, id, NOW + HOUR)
        with pytest.raises(SignedOut):
            sign_in.check(known.engine, id, NOW + HOUR + SECOND)

    def test_looking_on_keeps_nobody_in(self, known: Office, clock: Clock) -> None:
        desk = desk_of(known, clock)
        for minutes in range(1, 16):
            clock.now = NOW + minutes * MINUTE
            sign_in.still_in(desk)
            sign_in.check(known.engine, desk.session, clock.now)
            sign_in.admit(known.engine, claims(), clock.now)
        clock.now += SECOND
        with pytest.raises(SignedOut):
            sign_in.still_in(desk)

    def test_what_a_person_does_keeps_them_in_and_is_noted_every_twenty_seconds(
        self, known: Office, clock: Clock
    ) -> None:
        desk = desk_of(known, clock)
        seen = []
        for seconds in (20, 21, 41, 42):
            clock.now = NOW + seconds * SECOND
            sign_in.active(desk)
            found = row(known.engine, desk.session)
            assert found
            seen.append(int((found.seen_at - NOW).total_seconds()))
        assert seen == [0, 21, 21, 42]

    @pytest.mark.parametrize(
        ("ask", "counts"),
        [
            (lambda d: people.record_of(d, "YP-0001"), True),
            (lambda d: people.find(d, "heron"), True),
            (lambda d: drafts.open(d, "YP-0001", frameworks.current().id, frameworks.current().version), True),
            (people.mine, False),
            (tracker.read, False),
            (lambda d: people.still_open(d, ("YP-0001",)), False),
        ],
        ids=["audited", "audited list", "writes", "list of one's own", "list of one's own actions", "open already"],
    )
    def test_an_intention_counts_where_somebody_does_something(
        self, known: Office, clock: Clock, ask: Callable[[Desk], object], counts: bool
    ) -> None:
        desk = desk_of(known, clock)
        clock.now += MINUTE
        ask(desk)
        found = row(known.engine, desk.session)
        assert found
        assert found.seen_at == (clock.now if counts else NOW)

    def test_the_demo_has_no_sign_in_to_end(self, office: Office) -> None:
        sign_in.still_in(office["jo"])
        sign_in.active(office["jo"])
        sign_in.keep_place(office["jo"], {"room": "M-1"})
        assert sign_in.last_place(office["jo"]) == {}


class TestEnded:
    @pytest.mark.parametrize("why", ["left", "ended", "idle", "age"])
    def test_an_ended_row_never_opens_again(self, known: Office, why: str) -> None:
        id = sign_in.admit(known.engine, claims(), NOW).session
        with store.transaction(known.engine) as session:
            sign_ins.end(session, id, NOW, why)
            sign_ins.seen(session, id, NOW + MINUTE)
            sign_ins.end(session, id, NOW + MINUTE, "left")
        for _ in range(2):
            with pytest.raises(SignedOut) as said:
                sign_in.admit(known.engine, claims(), NOW + SECOND)
            assert str(said.value) == OVER[why]
        assert row(known.engine, id) == SignIn(
            id=id, user="u-jo", began_at=NOW, seen_at=NOW, ended_at=NOW, ended_why=why
        )

    def test_nor_does_it_when_the_times_are_made_longer(self, known: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        id = sign_in.admit(known.engine, claims(), NOW).session
        with pytest.raises(SignedOut):
            sign_in.check(known.engine, id, NOW + 16 * MINUTE)
        monkeypatch.setenv("CHM_IDLE_MINUTES", "60")
        with pytest.raises(SignedOut):
            sign_in.admit(known.engine, claims(), NOW + 17 * MINUTE)

    def test_leaving_ends_it_and_is_audited_once(self, known: Office) -> None:
        id = sign_in.admit(known.engine, claims(), NOW).session
        sign_in.leave(known.engine, claims(), NOW + MINUTE)
        sign_in.leave(known.engine, claims(), NOW + 2 * MINUTE)
        assert ended(known.engine, id) == (NOW + MINUTE, "left")
        assert log(known.engine)[1:] == [("u-jo", "sign_in.leave", "", "")]

    def test_leaving_without_ever_having_come_does_nothing(self, known: Office) -> None:
        sign_in.leave(known.engine, claims(), NOW)
        assert log(known.engine) == []

    def test_a_sign_in_that_is_not_there(self, known: Office) -> None:
        with pytest.raises(SignedOut) as said:
            sign_in.check(known.engine, "0" * 64, NOW)
        assert str(said.value) == AGAIN

    def test_disabling_ends_what_is_open(self, known: Office, clock: Clock) -> None:
        desk = desk_of(known, clock)
        disable(known)
        with pytest.raises(SignedOut) as said:
            sign_in.still_in(desk)
        assert str(said.value) == OVER["ended"]
        with pytest.raises(SignedOut):
            people.record_of(desk, "YP-0001")

    def test_a_disabled_user_whose_row_stands_is_out_all_the_same(self, known: Office, clock: Clock) -> None:
        desk = desk_of(known, clock)
        with store.transaction(known.engine) as session:
            users.edit(session, replace(users.account(session, "u-jo"), disabled_at=NOW))
        for ask in (sign_in.still_in, sign_in.active):
            with pytest.raises(SignedOut) as said:
                ask(desk)
            assert str(said.value) == OVER["ended"]
        with pytest.raises(NotPermitted):
            people.record_of(desk, "YP-0001")


def test_every_intention_refuses_once_the_sign_in_has_ended(known: Office) -> None:
    desks = {}
    for name, user in USERS.items():
        desks[name] = replace(sign_in.admit(known.engine, claims(user.id), NOW), clock=lambda: NOW)
        sign_in.leave(known.engine, claims(user.id), NOW)
    before = log(known.engine)
    for asked in ALL:
        who = next(name for name, user in USERS.items() if permitted(user.roles, asked.permission))
        with pytest.raises(SignedOut, match=OVER["left"]):
            function(asked)(desks[who], **named(asked, "YP-0001"))
    assert log(known.engine) == before
    assert len(ALL) >= 60
    assert {i.operation for i in ALL} == {n for n in INTENTIONS if not n.startswith("test_")}


class TestPlace:
    def test_it_is_told_once_to_the_same_user_after_the_end(self, known: Office, clock: Clock) -> None:
        desk = desk_of(known, clock)
        sign_in.keep_place(desk, {"room": "M-1", "item": "people", "step": 2})
        later = replace(sign_in.admit(known.engine, claims(nonce="n-2"), NOW), clock=clock)
        other = desk_of(known, clock, "u-sam")
        assert sign_in.last_place(later) == {}  # The first has not ended.
        sign_in.leave(known.engine, claims(), NOW)
        assert sign_in.last_place(other) == {}
        assert sign_in.last_place(later) == {"room": "M-1", "item": "people", "step": 2}
        assert sign_in.last_place(later) == {}

    def test_not_after_as_long_as_a_sign_in_lasts(self, known: Office, clock: Clock) -> None:
        desk = desk_of(known, clock)
        sign_in.keep_place(desk, {"room": "M-1"})
        sign_in.leave(known.engine, claims(), NOW)
        late = NOW + 8 * HOUR + SECOND
        later = replace(sign_in.admit(known.engine, claims(nonce="n-2", at=late), late), clock=lambda: late)
        assert sign_in.last_place(later) == {}

    def test_the_newest_counts(self, known: Office, clock: Clock) -> None:
        for n, place in ((1, {"room": "M-1"}), (2, {})):
            at = NOW + n * MINUTE
            desk = sign_in.admit(known.engine, claims(nonce=f"n-{n}", at=at), at)
            sign_in.keep_place(desk, dict(place))
            sign_in.leave(known.engine, claims(nonce=f"n-{n}", at=at), at)
        later = replace(sign_in.admit(known.engine, claims(nonce="n-3"), NOW), clock=clock)
        assert sign_in.last_place(later) == {}
