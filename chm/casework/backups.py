"""Backups and their restoring, for whoever keeps the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from chm import settings, store
from chm.errors import StorageUnavailable
from chm.store import audit, backups

WHO = "command line"
NO_KEY = "No key is set; set CHM_BACKUP_KEY_FILE, or CHM_DATABASE_KEY_FILE, to a file with 32 characters or more"


def back_up(target: Path) -> tuple[store.Backup, list[str]]:
    """Writes an encrypted backup of the database to `target`; names too what stopped backups to it left behind.

    Raises:
        StorageUnavailable: no key is set, `target` is there already, or the database cannot be read.
    """
    key, now = _key(), datetime.now(UTC)
    engine = store.open_engine()
    with store.transaction(engine) as session:
        audit.add(session, now, WHO, "backups.back_up", "", "")
    engine.dispose()
    made = store.back_up(settings.database_url(), target, key, now)
    return made, [left.name for left in backups.left_over(target)]


def restore(file: Path, replace: bool) -> tuple[store.Backup, str | None]:
    """Puts the backup `file` in the database's place; what the one that was there is called now, where there was one.

    Raises:
        StorageUnavailable: it is no whole backup under the key, or there is a database and `replace` is False.
    """
    return store.restore(settings.database_url(), file, _key(), datetime.now(UTC), replace=replace, then=lambda e: None)


def _key() -> str:
    key = settings.backup_key()
    if key is None:
        raise StorageUnavailable(NO_KEY)
    return key
