"""Legal holds, deletions that wait for a second person, and what was deleted"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", ID, nullable=False),
        sa.Column("young_person", ID, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("placed_by", ID, nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_by", ID, nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lifted_by"], ["user_account.id"], name=op.f("fk_legal_hold_lifted_by")),
        sa.ForeignKeyConstraint(["placed_by"], ["user_account.id"], name=op.f("fk_legal_hold_placed_by")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_legal_hold_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_young_person"), "legal_hold", ["young_person"], unique=False)
    op.create_index(op.f("ix_legal_hold_placed_by"), "legal_hold", ["placed_by"], unique=False)
    op.create_index(op.f("ix_legal_hold_lifted_by"), "legal_hold", ["lifted_by"], unique=False)
    op.create_table(
        "deletion_proposal",
        sa.Column("young_person", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"], name=op.f("fk_deletion_proposal_proposed_by")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_deletion_proposal_young_person")),
        sa.PrimaryKeyConstraint("young_person", name=op.f("pk_deletion_proposal")),
        sa.UniqueConstraint("id", name=op.f("uq_deletion_proposal_id")),
    )
    op.create_index(op.f("ix_deletion_proposal_proposed_by"), "deletion_proposal", ["proposed_by"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("young_person", ID, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("young_person", name=op.f("pk_tombstone")),
    )
