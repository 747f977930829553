"""Why records were restricted, closed or opened for their address is kept, to be reviewed"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "stated_reason",
        sa.Column("id", ID, nullable=False),
        sa.Column("young_person", ID, nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("user", ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_stated_reason_user")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_stated_reason_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_reason")),
    )
    for of in ("young_person", "user"):
        op.create_index(op.f(f"ix_stated_reason_{of}"), "stated_reason", [of], unique=False)
