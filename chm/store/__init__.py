"""The records' home and the only place for SQLAlchemy. Functions take the session of `transaction`."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from chm.store.backups import Backup, back_up, restore
from chm.store.database import embedded_file, open_engine
from chm.store.deletion import sweep
from chm.store.encryption import encrypt
from chm.store.schema import is_demo, is_empty, mark_demo, upgrade
from chm.store.transactions import transaction

__all__ = [
    "Backup",
    "Engine",
    "Session",
    "back_up",
    "embedded_file",
    "encrypt",
    "is_demo",
    "is_empty",
    "mark_demo",
    "open_engine",
    "restore",
    "sweep",
    "transaction",
    "upgrade",
]
