"""Roles that wait for a safeguarding lead"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "role_request",
        sa.Column("user", ID, nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_role_request_asked_by")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_role_request_user")),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_role_request")),
    )
    op.create_index(op.f("ix_role_request_asked_by"), "role_request", ["asked_by"], unique=False)
