"""Reasons that users state for what they do with a record: kept for review, for the audit holds no text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chm import unusual as use
from chm.access import Permission
from chm.casework.desk import Work, intention, new_id
from chm.casework.sight import Sight
from chm.records import StatedReason
from chm.store import guarded, users

MOST = 200
OF_AN_ADDRESS = "addresses.read"
WITHHELD = "Not shown: it may tell a protected address"


@dataclass(frozen=True)
class Stated:
    """A reason, who stated it (a name), and what they did in plain words."""

    reason: StatedReason
    name: str
    did: str


def keep(work: Work, reason: str) -> None:
    """Keeps why the user does this piece of work, in its transaction; `reason` is checked already."""
    stated = StatedReason(
        id=new_id("RSN"), young_person=work.record, operation=work.operation, user=work.user.id, at=work.now,
        reason=reason,
    )  # fmt: skip
    guarded.state_reason(work.session, stated)


@intention(Permission.REVIEW_BREAK_GLASS)
def stated(work: Work) -> list[Stated]:
    """The newest reasons, newest first; who sees records by id alone sees no young person's name and no address."""
    sight, names, words = Sight(work), {u.id: u.name for u in users.every(work.session)}, use.rules().words
    return [
        Stated(_as_known(sight, kept), names.get(kept.user, ""), words(kept.operation, ""))
        for kept in guarded.stated(work.session, MOST)
    ]


def _as_known(sight: Sight, kept: StatedReason) -> StatedReason:
    if kept.operation == OF_AN_ADDRESS and not sight.everything:
        return replace(kept, reason=WITHHELD)
    return replace(kept, reason=sight.hide(kept.reason, [kept.young_person]))
