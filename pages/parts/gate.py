"""Who is here, and whether this page is theirs. `open_page` is the first call of every page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from chm import settings
from chm.casework import database, frameworks, people, sign_in, users
from chm.casework.desk import Desk
from chm.errors import ChmError, NotFound, NotPermitted, SignedOut, StorageUnavailable
from chm.records import Role, User
from pages.parts import markup
from pages.parts.navigation import Screen
from pages.parts.text import plain

EVERYONE, SCREEN, LEAVING, BY_ITSELF, UNTOUCHED = "everyone", "screen", "leaving", "by_itself", "untouched"
# What a page has read, which its audit entry stands for; the second is what stands on a page beside the first.
RECORD, BESIDE = "record", "beside"
HERE, ASKED = "here", "asked"
T = TypeVar("T")
EVERY = 15.0
WAITING = "You are on the list, and have no role yet: a safeguarding lead has to agree to it first"


@dataclass(frozen=True)
class _Read:
    """What a page has read, and whom its texts may name (ids); `allowed` raises where it may be shown no more."""

    what: Any
    allowed: Callable[[Any], None]
    in_reach: frozenset[str]


@st.cache_resource(show_spinner=False)
def engine() -> database.Engine:
    """The database, opened once for all visitors."""
    return database.open()


@st.cache_resource(show_spinner=False)
def invented() -> bool:
    """Whether all people and records here are invented."""
    return database.is_demo(engine())


def switching() -> bool:
    """Whether visitors choose who they are: in the demo without a provider, and nowhere else."""
    return settings.provider() is None


def _everyone() -> list[User]:
    try:
        st.session_state[EVERYONE] = users.all_users(engine())
    except StorageUnavailable:
        # A busy database must not take away the page and what is typed on it; each read or store asks the role anew.
        if EVERYONE not in st.session_state:
            raise
    return list(st.session_state[EVERYONE])


def user() -> User:
    """Who is here. Stops the page where nobody is signed in, or the data or the database cannot be used."""
    return desk().user


def desk() -> Desk:
    """The desk of whoever is here. Stops the page where nobody is, or the data or the database cannot be used."""
    try:
        frameworks.current()
        return _chosen() if switching() else _signed_in()
    except ChmError as error:
        if isinstance(error, SignedOut | NotPermitted) and not switching():
            signed_out(error)
            st.stop()
        st.error(f"The product cannot start. {plain(str(error))}", icon=":material/error:")
        st.stop()


def _chosen() -> Desk:
    everyone = _everyone()
    if not everyone:
        st.error("There are no users yet. Load the demo with `python -m chm prepare`.")
        st.stop()
    known = {u.id: u for u in everyone}
    first = next((u for u in everyone if Role.PRACTITIONER in u.roles), everyone[0])
    return Desk(engine(), known.get(st.session_state.get("user", ""), first))


def _signed_in() -> Desk:
    """The desk of whoever the provider says is here; what another left on this screen is gone."""
    if not st.user.is_logged_in:
        raise SignedOut("")
    claims = st.user.to_dict()
    if st.session_state.get(LEAVING, False):
        with suppress(StorageUnavailable):  # The address that Streamlit leads to ends it too.
            sign_in.leave(engine(), claims)
        _forget()
        st.logout()
        st.stop()
    before = st.session_state.get(HERE)
    try:
        admitted = sign_in.admit(engine(), claims)
    except StorageUnavailable:
        # As in the demo: what is typed stays on the page, and each read or store asks anew.
        if not isinstance(before, Desk) or before.session != sign_in.session_id(claims) or not _asked_lately():
            raise
        return before
    if not admitted.user.roles:
        raise NotPermitted(WAITING)
    if isinstance(before, Desk) and before.session != admitted.session:
        _forget()
    st.session_state[HERE], st.session_state[ASKED] = admitted, monotonic()
    return admitted


def _asked_lately() -> bool:
    """Whether the database said, within the time that a screen may stand idle, that this sign-in holds."""
    return monotonic() - float(st.session_state.get(ASKED, "-inf")) < 60 * settings.idle_minutes()


def signed_out(error: ChmError) -> None:
    """Say that nobody is signed in here, and offer to; nothing of what was open stays on the screen."""
    _forget()
    stranger = isinstance(error, NotPermitted) and st.user.is_logged_in
    # Some providers tell nobody but the product whom they mean, and the list needs to say it.
    known_as = [str(st.user.to_dict().get(name, "")) for name in ("iss", "sub")] if stranger else []
    markup.show("sign_in", said=str(error), known_as=known_as)
    if st.button("Sign in", type="primary", icon=":material/login:", shortcut="Enter"):
        st.login()


def _forget() -> None:
    for key in list(st.session_state):
        del st.session_state[key]


def open_page(screen: Screen) -> Desk:
    """The desk of whoever is here; stops the page where `screen` is not theirs."""
    here = desk()
    if not screen.roles & here.user.roles:
        st.error("This page is not open to your role.", icon=":material/lock:")
        st.stop()
    if st.session_state.get(SCREEN) != screen.address:
        st.session_state[SCREEN] = screen.address
        put_away()  # A record is read, and the read audited, each time its page is entered.
    if here.session:
        st.session_state[UNTOUCHED] = st.session_state.pop(BY_ITSELF, False)
        here = replace(here, by_itself=st.session_state[UNTOUCHED])
        _watch(here)
        touched(here)
    return here


def touched(desk: Desk) -> None:
    """The user did something, unless the page is being drawn anew by itself. Raises SignedOut."""
    ask = sign_in.still_in if st.session_state.get(UNTOUCHED, False) else sign_in.active
    with suppress(StorageUnavailable):
        ask(desk)


def drawn() -> None:
    """The page is drawn: what is drawn of it from here on, a user has asked for."""
    st.session_state[UNTOUCHED] = False


def again_by_itself() -> None:
    """Draw the whole page anew, though its user did nothing."""
    st.session_state[BY_ITSELF] = True
    st.rerun()


def opened(
    desk: Desk, read: Callable[[], T], allowed: Callable[[T], None], same: Callable[[Any], bool], key: str = RECORD
) -> T:
    """What this page has read before; read now, and audited, where it was not or may be shown no more as it was.

    Args:
        allowed: raises where what was read may be shown no more. same: whether what stands there is what is asked for.

    Raises whatever `read` raises.
    """
    kept = st.session_state.get(key)
    if not isinstance(kept, _Read) or not same(kept.what) or not _allowed(desk, kept):
        st.session_state.pop(key, None)
        in_reach = people.in_reach(desk)
        kept = _Read(read(), allowed, in_reach)
    # What is asked for may have another desk by now, of another sign-in.
    kept = st.session_state[key] = replace(kept, allowed=allowed)
    what: T = kept.what
    return what


def keep(desk: Desk, what: T, allowed: Callable[[T], None]) -> None:
    """Keep beside the rest what was read on a press, for as long as it may be shown."""
    st.session_state[BESIDE] = _Read(what, allowed, people.in_reach(desk))


def beside(desk: Desk) -> Any:
    """What `keep` kept; None where that is nothing, or may be shown no more."""
    kept = st.session_state.get(BESIDE)
    if not isinstance(kept, _Read) or not _allowed(desk, kept):
        st.session_state.pop(BESIDE, None)
        return None
    return kept.what


def _allowed(desk: Desk, kept: _Read) -> bool:
    """Whether it may be shown still as it was read; a busy database must not take it away."""
    with suppress(StorageUnavailable):
        try:
            kept.allowed(kept.what)
            return kept.in_reach <= people.in_reach(desk)
        except (NotFound, NotPermitted):
            return False
    return True


def put_away() -> None:
    """Whatever this page has read is read anew when it is next drawn."""
    for key in (RECORD, BESIDE):
        st.session_state.pop(key, None)


@st.fragment(run_every=EVERY)
def _watch(desk: Desk) -> None:
    """Takes off the screen what may be shown no more, though nobody touches it: all, where the sign-in is over."""
    try:
        sign_in.still_in(desk)
        st.session_state[ASKED] = monotonic()
        there = (st.session_state.get(key) for key in (RECORD, BESIDE))
        if not all(_allowed(desk, kept) for kept in there if isinstance(kept, _Read)):
            put_away()
            again_by_itself()
    except SignedOut:
        st.rerun()
    except StorageUnavailable:
        if not _asked_lately():
            st.rerun()


def everyone() -> list[tuple[str, str]]:
    """Ids and names, with roles, of those whom a visitor may choose to be in the demo; empty with sign-in."""
    known: list[User] = st.session_state.get(EVERYONE, []) if switching() else []
    return [(u.id, f"{u.name}, {', '.join(r.replace('_', ' ') for r in sorted(u.roles))}") for u in known]


def become(id: str) -> None:
    """Be somebody else in the demo, with nothing left of what was open."""
    _forget()
    st.session_state["user"] = id


def leave() -> None:
    """Sign out when the page is next drawn."""
    st.session_state[LEAVING] = True
