"""Users, for the demo's switcher."""

from __future__ import annotations

from chm import store
from chm.errors import NotPermitted
from chm.records import User
from chm.store import users


def all_users(engine: store.Engine) -> list[User]:
    """Every user, by name. Raises NotPermitted unless the database holds the demo."""
    if not store.is_demo(engine):
        raise NotPermitted("Choosing a user works on a demo database only")
    with store.transaction(engine, writing=False) as session:
        return users.every(session)
