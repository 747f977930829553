"""Published crimes, disorder and searches, counted by street point and month"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_count",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("searches", sa.Boolean(), nullable=False),
        sa.Column("force", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_count")),
    )
    op.create_index(op.f("ix_public_count_month"), "public_count", ["month"], unique=False)
