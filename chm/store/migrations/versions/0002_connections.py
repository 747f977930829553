"""Connections: entities, events, relationships, and what is decided and done about them"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_row",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_imported_row")),
    )
    op.create_index(op.f("ix_imported_row_record"), "imported_row", ["record"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_correction_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("record", "version", name=op.f("uq_correction_record")),
    )
    op.create_index(op.f("ix_correction_by"), "correction", ["by"], unique=False)
    op.create_table(
        "entity",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("under_18", sa.Boolean(), nullable=True),
        sa.Column("place_kind", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=200), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("plate", sa.String(length=200), nullable=True),
        sa.Column("account_kind", sa.String(length=20), nullable=True),
        sa.Column("platform", sa.String(length=200), nullable=True),
        sa.Column("merged_into", sa.String(length=40), nullable=True),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_entity_added_by")),
        sa.ForeignKeyConstraint(["merged_into"], ["entity.id"], name=op.f("fk_entity_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
    )
    op.create_index(op.f("ix_entity_added_by"), "entity", ["added_by"], unique=False)
    op.create_index(op.f("ix_entity_kind"), "entity", ["kind"], unique=False)
    op.create_index(op.f("ix_entity_merged_into"), "entity", ["merged_into"], unique=False)
    op.create_index(op.f("ix_entity_name_key"), "entity", ["name_key"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("influence", sa.String(length=20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("first_hand", sa.Boolean(), nullable=True),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_event_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_recorded_by"), "event", ["recorded_by"], unique=False)
    op.create_table(
        "shared_action",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("pillar", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_agency", sa.String(length=200), nullable=False),
        sa.Column("owner_person", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"], name=op.f("fk_shared_action_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_action")),
    )
    op.create_index(op.f("ix_shared_action_proposed_by"), "shared_action", ["proposed_by"], unique=False)
    op.create_table(
        "duplicate_decision",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("one", sa.String(length=40), nullable=False),
        sa.Column("other", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.String(length=40), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_duplicate_decision_by")),
        sa.ForeignKeyConstraint(["one"], ["entity.id"], name=op.f("fk_duplicate_decision_one")),
        sa.ForeignKeyConstraint(["other"], ["entity.id"], name=op.f("fk_duplicate_decision_other")),
        sa.ForeignKeyConstraint(["undone_by"], ["user_account.id"], name=op.f("fk_duplicate_decision_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decision")),
    )
    op.create_index(op.f("ix_duplicate_decision_by"), "duplicate_decision", ["by"], unique=False)
    op.create_index(op.f("ix_duplicate_decision_one"), "duplicate_decision", ["one"], unique=False)
    op.create_index(op.f("ix_duplicate_decision_other"), "duplicate_decision", ["other"], unique=False)
    op.create_index(op.f("ix_duplicate_decision_undone_by"), "duplicate_decision", ["undone_by"], unique=False)
    op.create_table(
        "event_participant",
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=True),
        sa.Column("entity", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entity.id"], name=op.f("fk_event_participant_entity")),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_event_participant_event")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_event_participant_young_person")),
        sa.PrimaryKeyConstraint("event", "place", name=op.f("pk_event_participant")),
    )
    op.create_index(op.f("ix_event_participant_entity"), "event_participant", ["entity"], unique=False)
    op.create_index(op.f("ix_event_participant_young_person"), "event_participant", ["young_person"], unique=False)
    op.create_table(
        "relationship",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("one_young_person", sa.String(length=40), nullable=True),
        sa.Column("one_entity", sa.String(length=40), nullable=True),
        sa.Column("other_young_person", sa.String(length=40), nullable=True),
        sa.Column("other_entity", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("influence", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("first_hand", sa.Boolean(), nullable=True),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["one_entity"], ["entity.id"], name=op.f("fk_relationship_one_entity")),
        sa.ForeignKeyConstraint(
            ["one_young_person"], ["young_person.id"], name=op.f("fk_relationship_one_young_person")
        ),
        sa.ForeignKeyConstraint(["other_entity"], ["entity.id"], name=op.f("fk_relationship_other_entity")),
        sa.ForeignKeyConstraint(
            ["other_young_person"], ["young_person.id"], name=op.f("fk_relationship_other_young_person")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_relationship_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship")),
    )
    op.create_index(op.f("ix_relationship_one_entity"), "relationship", ["one_entity"], unique=False)
    op.create_index(op.f("ix_relationship_one_young_person"), "relationship", ["one_young_person"], unique=False)
    op.create_index(op.f("ix_relationship_other_entity"), "relationship", ["other_entity"], unique=False)
    op.create_index(op.f("ix_relationship_other_young_person"), "relationship", ["other_young_person"], unique=False)
    op.create_index(op.f("ix_relationship_recorded_by"), "relationship", ["recorded_by"], unique=False)
    op.create_table(
        "setting_assessment",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("young_people", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_setting_assessment_recorded_by")),
        sa.ForeignKeyConstraint(["subject"], ["entity.id"], name=op.f("fk_setting_assessment_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_assessment")),
    )
    op.create_index(op.f("ix_setting_assessment_recorded_by"), "setting_assessment", ["recorded_by"], unique=False)
    op.create_index(op.f("ix_setting_assessment_subject"), "setting_assessment", ["subject"], unique=False)
    op.create_table(
        "shared_action_part",
        sa.Column("shared_action", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action"], ["action.id"], name=op.f("fk_shared_action_part_action")),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_shared_action_part_decided_by")),
        sa.ForeignKeyConstraint(
            ["shared_action"], ["shared_action.id"], name=op.f("fk_shared_action_part_shared_action")
        ),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_shared_action_part_young_person")),
        sa.PrimaryKeyConstraint("shared_action", "young_person", name=op.f("pk_shared_action_part")),
    )
    op.create_index(op.f("ix_shared_action_part_action"), "shared_action_part", ["action"], unique=False)
    op.create_index(op.f("ix_shared_action_part_decided_by"), "shared_action_part", ["decided_by"], unique=False)
    op.create_index(op.f("ix_shared_action_part_young_person"), "shared_action_part", ["young_person"], unique=False)
