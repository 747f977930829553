"""Whether a sign-in still holds: asked at each piece of work, in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from chm import settings, store
from chm.errors import SignedOut
from chm.records import SignIn
from chm.store import sign_ins

TOUCH = timedelta(seconds=20)
AGAIN = "Sign in again: this sign-in has ended"
OVER = {
    "idle": "You were signed out because nothing was done for a while. Sign in again to go on where you were",
    "age": "You were signed out at the end of the time that one sign-in lasts. Sign in again to go on",
    "left": "You have signed out",
    "ended": "Your sign-in was ended by an administrator",
}


def over(kept: SignIn | None, at: datetime) -> str:
    """Why a sign-in is over; empty while it is not."""
    if kept is None:
        return "unknown"
    if kept.ended_at is not None:
        return kept.ended_why
    if at - kept.seen_at > timedelta(minutes=settings.idle_minutes()):
        return "idle"
    return "age" if at - kept.began_at > timedelta(hours=settings.session_hours()) else ""


def due(kept: SignIn, now: datetime) -> bool:
    """Whether it is long enough since its user was last seen to write it down anew."""
    return now - kept.seen_at > TOUCH


def still_here(session: store.Session, id: str, now: datetime, *, touch: bool) -> None:
    """Raises SignedOut where the sign-in `id` is over; with `touch` this counts as doing something."""
    kept = sign_ins.get(session, id)
    if why := over(kept, now):
        raise SignedOut(OVER.get(why, AGAIN))
    if touch and kept and due(kept, now):
        sign_ins.seen(session, id, now)
