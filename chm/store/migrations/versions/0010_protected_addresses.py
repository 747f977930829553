"""Protected addresses, apart from everything else"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "protected_address",
        sa.Column("young_person", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("danger", sa.Text(), nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_protected_address_recorded_by")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_protected_address_young_person")),
        sa.PrimaryKeyConstraint("young_person", name=op.f("pk_protected_address")),
    )
    op.create_index(op.f("ix_protected_address_recorded_by"), "protected_address", ["recorded_by"], unique=False)
