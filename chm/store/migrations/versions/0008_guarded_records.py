"""Restricted and closed records, grants by name, broken glass"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(length=40)


def upgrade() -> None:
    op.add_column("young_person", sa.Column("restricted_at", sa.DateTime(), nullable=True))
    op.add_column("young_person", sa.Column("closed_on", sa.Date(), nullable=True))
    for of in ("restricted_at", "closed_on"):
        op.create_index(op.f(f"ix_young_person_{of}"), "young_person", [of], unique=False)
    op.create_table(
        "record_grant",
        sa.Column("young_person", ID, nullable=False),
        sa.Column("user", ID, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_record_grant_given_by")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_record_grant_user")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_record_grant_young_person")),
        sa.PrimaryKeyConstraint("young_person", "user", name=op.f("pk_record_grant")),
    )
    for of in ("user", "given_by"):
        op.create_index(op.f(f"ix_record_grant_{of}"), "record_grant", [of], unique=False)
    op.create_table(
        "break_glass",
        sa.Column("id", ID, nullable=False),
        sa.Column("young_person", ID, nullable=False),
        sa.Column("user", ID, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("reviewed_by", ID, nullable=True),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reviewed_by"], ["user_account.id"], name=op.f("fk_break_glass_reviewed_by")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_break_glass_user")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_break_glass_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    for of in ("young_person", "user", "reviewed_by"):
        op.create_index(op.f(f"ix_break_glass_{of}"), "break_glass", [of], unique=False)
