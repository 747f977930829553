"""The schema's version: bringing a database up to ours, and refusing one that is ahead of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from chm.errors import StorageUnavailable
from chm.store.tables import Meta, UserAccount, YoungPersonRow
from chm.store.transactions import plainly, transaction

MIGRATIONS = Path(__file__).parent / "migrations"
NEWER = "The database was made by a newer version of this product; nothing was changed. Install that version"


def upgrade(engine: Engine) -> None:
    """Brings the database to this version's schema, all steps or none.

    Raises:
        StorageUnavailable: it cannot be written, or is of a newer version.
    """
    refuse_newer(engine)
    with plainly(), engine.execution_options(chm_begin="BEGIN IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def refuse_newer(engine: Engine) -> None:
    """Raises StorageUnavailable where the database's schema is unknown to this version."""
    with plainly(), engine.connect() as connection:
        found = revision(connection)
    if found is not None and found not in known():
        raise StorageUnavailable(NEWER)


def revision(connection: Connection) -> str | None:
    """The schema's version, None where there is none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def is_empty(engine: Engine) -> bool:
    """Whether the database holds no user and no young person."""
    with transaction(engine, writing=False) as session:
        return session.scalar(select(UserAccount.id).limit(1)) is None and (
            session.scalar(select(YoungPersonRow.id).limit(1)) is None
        )


def mark_demo(session: Session) -> None:
    """Says for good that this database holds invented people only."""
    session.merge(Meta(key="demo", value="true"))


def is_demo(engine: Engine) -> bool:
    """Whether `mark_demo` was ever called on this database."""
    with transaction(engine, writing=False) as session:
        return session.scalar(select(Meta.value).where(Meta.key == "demo")) == "true"


@cache
def known() -> frozenset[str]:
    """Versions of the schema that this version of the product knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
