"""Backups and their restoring, for whoever keeps the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from chm import settings, store
from chm.access import Permission
from chm.casework import deletion
from chm.casework.desk import Desk, Work, intention
from chm.casework.documents import Made
from chm.errors import StorageUnavailable
from chm.records import Tombstone
from chm.store import audit, backups

WHO = "command line"
NO_KEY = "No key is set; set CHM_BACKUP_KEY_FILE, or CHM_DATABASE_KEY_FILE, to a file with 32 characters or more"


def back_up(target: Path) -> tuple[store.Backup, list[str]]:
    """Writes an encrypted backup of the database to `target`; names too what stopped backups to it left behind.

    Raises:
        StorageUnavailable: no key is set, `target` is there already, or the database cannot be read.
    """
    key, now = _key(), datetime.now(UTC)
    engine = store.open_engine(make=False)
    with store.transaction(engine) as session:
        audit.add(session, now, WHO, "backups.back_up", "", "")
    engine.dispose()
    made = store.back_up(settings.database_url(), target, key, now)
    return made, [left.name for left in backups.left_over(target)]


def take_away(desk: Desk) -> Made:
    """An encrypted backup of the database as a file to be kept elsewhere; it opens under the server's backup key alone.

    Raises:
        NotPermitted: the user's roles do not make backups.
        StorageUnavailable: no key is set, or the database cannot be read.
    """
    key, now = begin_backup(desk)
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"backup-{now:%Y-%m-%d-%H%M}.chm"
        store.back_up(desk.engine.url.render_as_string(hide_password=False), file, key, now)
        return Made(file.read_bytes(), file.name)


@intention(Permission.BACK_UP)
def begin_backup(work: Work) -> tuple[str, datetime]:
    """Notes that the user takes an encrypted backup away; its key, and the moment. Raises StorageUnavailable."""
    work.why = "everything, encrypted"
    return _key(), work.now


class Restored(NamedTuple):
    """A backup in place: what the database that was there is called now, None where there was none.

    `again` counts the deletions made again; `known` says whether there was a database that could tell of its own.
    """

    backup: store.Backup
    kept: str | None
    again: int
    known: bool


def restore(file: Path, replace: bool, deleted: str = "") -> Restored:
    """Puts the backup `file` in the database's place, without whoever was deleted since it was made.

    Args:
        deleted: deletions as `deletion.lines` gave them, beside those of the database that is there.

    Raises:
        StorageUnavailable: it is no whole backup under the key, or there is a database and `replace` is False.
        Faults: `deleted` is not what it should be.
    """
    told = _told()
    stones = [*(told or ()), *deletion.read_lines(deleted)]
    again: list[int] = []
    made, kept = store.restore(
        settings.database_url(), file, _key(), datetime.now(UTC), replace=replace,
        then=lambda engine: again.append(deletion.delete_again(engine, stones, WHO)),
    )  # fmt: skip
    return Restored(made, kept, sum(again), told is not None)


def _told() -> list[Tombstone] | None:
    """The deletions that the database that is there tells of; None where it cannot, as one that is damaged."""
    file = store.embedded_file()
    try:
        if file and not (file.is_file() and file.stat().st_size):
            return None
        engine = store.open_engine()
    except (OSError, StorageUnavailable):
        return None
    try:
        return deletion.deleted_since(engine)
    except StorageUnavailable:
        return None
    finally:
        engine.dispose()


def _key() -> str:
    key = settings.backup_key()
    if key is None:
        raise StorageUnavailable(NO_KEY)
    return key
