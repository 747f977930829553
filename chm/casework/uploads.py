"""A file is read before the transaction of the work it is for, so that nobody waits for the database meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from chm import store
from chm.access import permitted
from chm.casework.desk import INTENTIONS, Desk
from chm.casework.still_here import still_here
from chm.store import users

P = ParamSpec("P")
F = TypeVar("F")
R = TypeVar("R")


def read_first(
    read: Callable[Concatenate[Desk, P], F],
) -> Callable[[Callable[[Desk, F], R]], Callable[Concatenate[Desk, P], R]]:
    """Makes an intention `f(desk, found)` into `f(desk, ...)`, where `read(desk, ...)` gives what is found.

    Nothing is read for those whom the intention refuses.
    """

    def wrap(ask: Callable[[Desk, F], R]) -> Callable[Concatenate[Desk, P], R]:
        permission = INTENTIONS[f"{ask.__module__.rpartition('.')[2]}.{ask.__name__}"].permission

        @wraps(ask)
        def first(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with store.transaction(desk.engine, writing=False) as session:
                if desk.session:
                    still_here(session, desk.session, desk.clock(), touch=False)
                user = users.get(session, desk.user.id)
            if user is None or not permitted(user.roles, permission):
                return ask(desk, cast(F, None))
            return ask(desk, read(desk, *args, **kwargs))

        return first

    return wrap
