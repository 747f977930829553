"""Run by Alembic on the connection that `store.upgrade` opened."""

from alembic import context

from chm.store.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
