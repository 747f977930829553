"""Missing episodes"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missing_episode",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("start_at", sa.DateTime(), nullable=True),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("end_at", sa.DateTime(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("found_at", sa.String(length=200), nullable=False),
        sa.Column("companions", sa.String(length=200), nullable=False),
        sa.Column("returned_how", sa.String(length=200), nullable=False),
        sa.Column("reported_by", sa.String(length=200), nullable=False),
        sa.Column("travelled", sa.String(length=200), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("held_day", sa.Date(), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_missing_episode_recorded_by")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_missing_episode_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_episode")),
    )
    op.create_index(op.f("ix_missing_episode_recorded_by"), "missing_episode", ["recorded_by"], unique=False)
    op.create_index(op.f("ix_missing_episode_young_person"), "missing_episode", ["young_person"], unique=False)
