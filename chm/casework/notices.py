"""Notices to the user."""

from __future__ import annotations

from chm.access import Permission
from chm.casework.desk import Work, intention
from chm.errors import NotFound
from chm.records import Notice
from chm.store import notices


@intention(Permission.READ_OWN_WORK, audited=False)
def mine(work: Work) -> list[Notice]:
    """The user's notices: unseen first, then newest first."""
    return notices.to(work.session, work.user.id)


@intention(Permission.READ_OWN_WORK)
def seen(work: Work, notice_id: str) -> None:
    """Marks one of the user's notices as seen. Raises NotFound where the user has no such notice."""
    if not notices.see(work.session, notice_id, work.user.id, work.now):
        raise NotFound("No such notice, or none that you may open")
    work.why = notice_id
