"""Sign-in: whom an identity provider knows a user as, and sessions"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("issuer", sa.String(length=200), nullable=True))
    op.add_column("user_account", sa.Column("subject", sa.String(length=200), nullable=True))
    op.add_column("user_account", sa.Column("disabled_at", sa.DateTime(), nullable=True))
    op.create_index(op.f("uq_user_account_issuer"), "user_account", ["issuer", "subject"], unique=True)
    op.create_table(
        "user_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_user_session_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
    )
    for of in ("user", "seen_at"):
        op.create_index(op.f(f"ix_user_session_{of}"), "user_session", [of], unique=False)
