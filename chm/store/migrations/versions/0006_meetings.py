"""Meetings: plan, attendance, what was said, actions, minutes"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID, LINE = sa.String(length=40), sa.String(length=200)


def upgrade() -> None:
    for table, column in (
        ("meeting", sa.Column("purpose", sa.Text(), nullable=False, server_default="")),
        ("meeting", sa.Column("at", sa.Time(), nullable=True)),
        ("meeting", sa.Column("venue", LINE, nullable=False, server_default="")),
        ("meeting", sa.Column("status", sa.String(length=20), nullable=False, server_default="planned")),
        ("meeting", sa.Column("next_review", sa.Date(), nullable=True)),
        ("meeting", sa.Column("closed_at", sa.DateTime(), nullable=True)),
        ("meeting_young_person", sa.Column("why", sa.Text(), nullable=False, server_default="")),
        ("meeting_young_person", sa.Column("added_at", sa.DateTime(), nullable=True)),
    ):
        op.add_column(table, column)
    for table, name, of in (
        ("meeting", "review_of", "meeting"),
        ("meeting", "closed_by", "user_account"),
        ("meeting_young_person", "added_by", "user_account"),
        ("place_action", "meeting", "meeting"),
    ):
        # SQLite adds a column with its reference in one statement only, and rebuilding the table would break others.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} VARCHAR(40) CONSTRAINT fk_{table}_{name} REFERENCES {of} (id)"
        )
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)
    op.create_table(
        "meeting_pulse",
        sa.Column("meeting", ID, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_pulse_meeting")),
        sa.PrimaryKeyConstraint("meeting", name=op.f("pk_meeting_pulse")),
    )
    op.create_table(
        "meeting_alias",
        sa.Column("meeting", ID, nullable=False),
        sa.Column("party", LINE, nullable=False),
        sa.Column("alias", LINE, nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_alias_meeting")),
        sa.PrimaryKeyConstraint("meeting", "party", name=op.f("pk_meeting_alias")),
        sa.UniqueConstraint("meeting", "slot", name=op.f("uq_meeting_alias_meeting")),
    )
    op.create_table(
        "meeting_attendance",
        sa.Column("meeting", ID, nullable=False),
        sa.Column("agency", LINE, nullable=False),
        sa.Column("name", LINE, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("user", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_attendance_meeting")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_meeting_attendance_user")),
        sa.PrimaryKeyConstraint("meeting", "agency", name=op.f("pk_meeting_attendance")),
    )
    op.create_index(op.f("ix_meeting_attendance_user"), "meeting_attendance", ["user"], unique=False)
    op.create_table(
        "meeting_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item", LINE, nullable=False),
        sa.Column("young_people", sa.JSON(), nullable=False),
        sa.Column("target", LINE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agency", LINE, nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("first_hand", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_meeting_entry_by")),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_entry_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_entry")),
    )
    op.create_index(op.f("ix_meeting_entry_by"), "meeting_entry", ["by"], unique=False)
    op.create_index(op.f("ix_meeting_entry_meeting"), "meeting_entry", ["meeting"], unique=False)
    op.create_table(
        "meeting_action",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting", ID, nullable=False),
        sa.Column("target", LINE, nullable=False),
        sa.Column("pillar", LINE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_agency", LINE, nullable=False),
        sa.Column("owner_person", LINE, nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("domain", LINE, nullable=True),
        sa.Column("step", LINE, nullable=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_action_meeting")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_meeting_action_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_action")),
    )
    for of in ("meeting", "owner_agency", "recorded_by"):
        op.create_index(op.f(f"ix_meeting_action_{of}"), "meeting_action", [of], unique=False)
    op.create_table(
        "meeting_action_young_person",
        sa.Column("action", ID, nullable=False),
        sa.Column("young_person", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action"], ["meeting_action.id"], name=op.f("fk_meeting_action_young_person_action")),
        sa.ForeignKeyConstraint(
            ["young_person"], ["young_person.id"], name=op.f("fk_meeting_action_young_person_young_person")
        ),
        sa.PrimaryKeyConstraint("action", "young_person", name=op.f("pk_meeting_action_young_person")),
    )
    op.create_index(
        op.f("ix_meeting_action_young_person_young_person"), "meeting_action_young_person", ["young_person"]
    )
    op.create_table(
        "minutes",
        sa.Column("meeting", ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("signed_by", ID, nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_minutes_made_by")),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_minutes_meeting")),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_minutes_signed_by")),
        sa.PrimaryKeyConstraint("meeting", "number", name=op.f("pk_minutes")),
    )
    for of in ("made_by", "signed_by"):
        op.create_index(op.f(f"ix_minutes_{of}"), "minutes", [of], unique=False)
    op.create_table(
        "meeting_note",
        sa.Column("meeting", ID, nullable=False),
        sa.Column("user", ID, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_note_meeting")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_meeting_note_user")),
        sa.PrimaryKeyConstraint("meeting", "user", name=op.f("pk_meeting_note")),
    )
