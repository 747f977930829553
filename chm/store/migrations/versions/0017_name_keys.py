"""Names as they are searched, without what nobody sees in them, which parted them before"""

import sqlalchemy as sa
from alembic import op

from chm.store.people import key
from chm.unseen import has_unseen

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for name in ("young_person", "entity"):
        table = sa.table(name, sa.column("id"), sa.column("name"), sa.column("name_key"))
        for row in connection.execute(sa.select(table.c.id, table.c.name)).all():
            if has_unseen(row.name):
                kept = table.c.id == row.id
                connection.execute(sa.update(table).where(kept).values(name_key=key(row.name)))
