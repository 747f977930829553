"""Sign-ins as they are kept: an ended one stays as it ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chm import store
from chm.errors import Conflict
from chm.records import SignIn, User
from chm.store import sign_ins, users

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def new(n: int = 1, user: str = "U-1", at: datetime = NOW) -> SignIn:
    return SignIn(id=f"{n:064d}", user=user, began_at=at, seen_at=at)


@pytest.fixture
def kept(engine: store.Engine) -> store.Engine:
    """Two users, the first of them signed in twice and the second once."""
    with store.transaction(engine) as session:
        for id in ("U-1", "U-2"):
            users.add(session, User(id, "Jo Placeholder", "Early Help", frozenset()))
        for sign_in in (new(1), new(2, at=NOW + MINUTE), new(3, "U-2")):
            sign_ins.begin(session, sign_in)
    return engine


def get(engine: store.Engine, n: int) -> SignIn | None:
    with store.transaction(engine, writing=False) as session:
        return sign_ins.get(session, f"{n:064d}")


def test_it_is_read_as_it_was_written(kept: store.Engine) -> None:
    assert get(kept, 1) == new(1)
    assert get(kept, 9) is None


def test_the_same_one_is_not_begun_twice(kept: store.Engine) -> None:
    with pytest.raises(Conflict), store.transaction(kept) as session:
        sign_ins.begin(session, new(1, "U-2"))
    assert get(kept, 1) == new(1)


def test_ending_is_once_and_seeing_does_not_undo_it(kept: store.Engine) -> None:
    with store.transaction(kept) as session:
        sign_ins.seen(session, new(1).id, NOW + MINUTE)
        sign_ins.end(session, new(1).id, NOW + 2 * MINUTE, "left")
        sign_ins.end(session, new(1).id, NOW + 3 * MINUTE, "idle")
        sign_ins.seen(session, new(1).id, NOW + 4 * MINUTE)
    found = get(kept, 1)
    assert found
    assert (found.seen_at, found.ended_at, found.ended_why) == (NOW + MINUTE, NOW + 2 * MINUTE, "left")
    assert get(kept, 2) == new(2, at=NOW + MINUTE)


def test_all_of_one_user_and_nobody_elses(kept: store.Engine) -> None:
    with store.transaction(kept) as session:
        sign_ins.end(session, new(1).id, NOW, "left")
        assert sign_ins.end_all(session, "U-1", NOW + MINUTE, "ended") == 1
        assert sign_ins.end_all(session, "U-1", NOW + MINUTE, "ended") == 0
    assert [(s.ended_why, s.ended_at) for n in (1, 2, 3) if (s := get(kept, n))] == [
        ("left", NOW), ("ended", NOW + MINUTE), ("", None)
    ]  # fmt: skip


def test_the_newest_first_and_no_more_than_asked(kept: store.Engine) -> None:
    with store.transaction(kept, writing=False) as session:
        assert [s.id for s in sign_ins.of(session, "U-1", 9)] == [new(2).id, new(1).id]
        assert [s.id for s in sign_ins.of(session, "U-1", 1)] == [new(2).id]
        assert sign_ins.of(session, "U-0", 9) == []


class TestPlace:
    def take(self, engine: store.Engine, since: datetime = NOW, user: str = "U-1") -> dict[str, object]:
        with store.transaction(engine) as session:
            return sign_ins.take_place(session, user, since)

    def leave(self, engine: store.Engine, n: int, place: dict[str, object]) -> None:
        with store.transaction(engine) as session:
            sign_ins.keep_place(session, f"{n:064d}", place)
            sign_ins.end(session, f"{n:064d}", NOW + 9 * MINUTE, "idle")

    def test_the_last_that_ended_once(self, kept: store.Engine) -> None:
        self.leave(kept, 1, {"room": "M-1"})
        assert self.take(kept, user="U-2") == {}
        assert self.take(kept, since=NOW + MINUTE) == {}
        self.leave(kept, 2, {"room": "M-2", "step": 3})
        assert self.take(kept) == {"room": "M-2", "step": 3}
        assert self.take(kept) == {}

    def test_not_of_one_that_goes_on(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            sign_ins.keep_place(session, new(1).id, {"room": "M-1"})
        assert self.take(kept) == {}
        found = get(kept, 1)
        assert found
        assert found.place == {"room": "M-1"}

    def test_who_was_nowhere_last_comes_back_to_nowhere(self, kept: store.Engine) -> None:
        self.leave(kept, 1, {"room": "M-1"})
        self.leave(kept, 2, {})
        assert self.take(kept) == {}
