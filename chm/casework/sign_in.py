"""Sign-in: who an identity provider says is here, whether the list lets them in, and how long that lasts.

The cookie that Streamlit keeps lives for weeks and cannot be taken back, so it proves only who signed in once. What is
open hangs on a row of our own, which ends by idleness, by age, by leaving, or because somebody ended it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from chm import settings, store
from chm.casework.desk import Desk
from chm.casework.still_here import AGAIN, OVER, due, over, still_here
from chm.errors import Conflict, NotPermitted, SignedOut
from chm.records import SignIn, User
from chm.store import audit, sign_ins, users

FRESH = timedelta(minutes=10)
STRANGER = "This account is not on the list of those who may come in. Ask your administrator to add it"
# What tells one sign-in of a user from another, in whatever of it the provider sends.
MARKS = ("iss", "sub", "sid", "jti", "nonce", "iat", "auth_time", "exp")


def session_id(claims: Mapping[str, Any]) -> str:
    """The id of the sign-in that `claims` of a provider's token came with: a digest that tells nothing of them."""
    marks = [str(claims.get(name, "")) for name in MARKS]
    return hashlib.sha256(json.dumps(marks).encode()).hexdigest()


def admit(engine: store.Engine, claims: Mapping[str, Any], now: datetime | None = None) -> Desk:
    """The desk of whoever signed in with `claims` (checked by Streamlit against its signature).

    A sign-in that is new is taken down, and audited, where its token was made within ten minutes: an old cookie that
    was never seen here, or whose row has ended, opens nothing.

    Raises:
        NotPermitted: the list does not have this issuer and subject, or the user is disabled.
        SignedOut: this sign-in has ended, or is too old to begin.
    """
    at, id = now or datetime.now(UTC), session_id(claims)
    with store.transaction(engine, writing=False) as session:
        user, kept = _known(session, claims), sign_ins.get(session, id)
    if user is None:
        with store.transaction(engine) as session:
            audit.add_each(session, at, "", "sign_in.admit", ("",), "refused")
        raise NotPermitted(STRANGER)
    if kept is None and _fresh(claims, at):
        kept = _begin(engine, SignIn(id=id, user=user.id, began_at=at, seen_at=at))
    if kept and kept.user != user.id:  # The identity has been given to somebody else since.
        raise SignedOut(AGAIN)
    _holds(engine, kept, at)
    return Desk(engine, user, session=id)


def check(engine: store.Engine, id: str, now: datetime | None = None) -> None:
    """Raises SignedOut where a sign-in has ended, or ends now by idleness or age. Does not count as doing something."""
    with store.transaction(engine, writing=False) as session:
        kept = sign_ins.get(session, id)
    _holds(engine, kept, now or datetime.now(UTC))


def active(desk: Desk) -> None:
    """Notes that the user did something. Raises SignedOut as `still_in`."""
    kept, at = still_in(desk), desk.clock()
    if kept and due(kept, at):
        with store.transaction(desk.engine) as session:
            still_here(session, desk.session, at, touch=True)


def still_in(desk: Desk) -> SignIn | None:
    """The sign-in that the desk hangs on; None in the demo, which has none. Keeps nobody in.

    Raises SignedOut where it is over, or its user disabled.
    """
    if not desk.session:
        return None
    with store.transaction(desk.engine, writing=False) as session:
        kept, user = sign_ins.get(session, desk.session), users.get(session, desk.user.id)
    _holds(desk.engine, kept, desk.clock())
    if user is None:
        raise SignedOut(OVER["ended"])
    return kept


def leave(engine: store.Engine, claims: Mapping[str, Any], now: datetime | None = None) -> None:
    """Ends the sign-in that `claims` came with, which is audited."""
    at, id = now or datetime.now(UTC), session_id(claims)
    with store.transaction(engine) as session:
        kept = sign_ins.get(session, id)
        if kept and kept.ended_at is None:
            sign_ins.end(session, id, at, "left")
            audit.add_each(session, at, kept.user, "sign_in.leave", ("",), "")


def keep_place(desk: Desk, place: dict[str, Any]) -> None:
    """Keeps where the user is, to bring them back after the next sign-in: ids and item names alone."""
    if desk.session:
        with store.transaction(desk.engine) as session:
            sign_ins.keep_place(session, desk.session, place)


def last_place(desk: Desk) -> dict[str, Any]:
    """Where the user was when their last sign-in ended; told once, and empty where there is nothing to come back to."""
    if not desk.session:
        return {}
    since = desk.clock() - timedelta(hours=settings.session_hours())
    with store.transaction(desk.engine) as session:
        return sign_ins.take_place(session, desk.user.id, since)


def _begin(engine: store.Engine, new: SignIn) -> SignIn:
    with suppress(Conflict), store.transaction(engine) as session:  # Another tab may begin the same one meanwhile.
        if sign_ins.get(session, new.id) is None:
            sign_ins.begin(session, new)
            audit.add_each(session, new.began_at, new.user, "sign_in.admit", ("",), "signed in")
    return new


def _holds(engine: store.Engine, kept: SignIn | None, at: datetime) -> None:
    why = over(kept, at)
    if kept and why in ("idle", "age"):
        with store.transaction(engine) as session:
            sign_ins.end(session, kept.id, at, why)
    if why:
        raise SignedOut(OVER.get(why, AGAIN))


def _known(session: store.Session, claims: Mapping[str, Any]) -> User | None:
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and subject):
        return None
    id = users.known_as(session, issuer, subject)
    return users.get(session, id) if id else None


def _fresh(claims: Mapping[str, Any], at: datetime) -> bool:
    made = claims.get("iat")
    if not isinstance(made, int | float) or isinstance(made, bool):
        return False
    return abs(int(at.timestamp()) - made) <= FRESH.total_seconds()
