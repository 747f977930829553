"""First tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=200), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_record"), "audit", ["record"], unique=False)
    op.create_index(op.f("ix_audit_user"), "audit", ["user"], unique=False)
    op.create_table(
        "framework_used",
        sa.Column("framework", sa.String(length=200), nullable=False),
        sa.Column("framework_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("framework", "framework_version", name=op.f("pk_framework_used")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
    )
    op.create_table(
        "young_person",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("home_borough", sa.String(length=200), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("age_on", sa.Date(), nullable=True),
        sa.Column("looked_after", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_young_person")),
    )
    op.create_index(op.f("ix_young_person_name_key"), "young_person", ["name_key"], unique=False)
    op.create_table(
        "action",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("pillar", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_agency", sa.String(length=200), nullable=False),
        sa.Column("owner_person", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("domain", sa.String(length=200), nullable=True),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_action_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_owner_agency"), "action", ["owner_agency"], unique=False)
    op.create_index(op.f("ix_action_young_person"), "action", ["young_person"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("framework", sa.String(length=200), nullable=False),
        sa.Column("framework_version", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("score", sa.JSON(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("judged_level", sa.String(length=200), nullable=False),
        sa.Column("judged_reason", sa.Text(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_assessment_recorded_by")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_assessment_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_recorded_by"), "assessment", ["recorded_by"], unique=False)
    op.create_index(op.f("ix_assessment_young_person"), "assessment", ["young_person"], unique=False)
    op.create_table(
        "caseload",
        sa.Column("user", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_caseload_user")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_caseload_young_person")),
        sa.PrimaryKeyConstraint("user", "young_person", "since", name=op.f("pk_caseload")),
    )
    op.create_index(op.f("ix_caseload_young_person"), "caseload", ["young_person"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("framework", sa.String(length=200), nullable=False),
        sa.Column("framework_version", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_draft_opened_by")),
        sa.ForeignKeyConstraint(["updated_by"], ["user_account.id"], name=op.f("fk_draft_updated_by")),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_draft_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("young_person", name=op.f("uq_draft_young_person")),
    )
    op.create_index(op.f("ix_draft_opened_by"), "draft", ["opened_by"], unique=False)
    op.create_index(op.f("ix_draft_updated_by"), "draft", ["updated_by"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("first_hand", sa.Boolean(), nullable=False),
        sa.Column("form_entry", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_incident_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("young_person", "form_entry", name=op.f("uq_incident_young_person")),
    )
    op.create_index(op.f("ix_incident_young_person"), "incident", ["young_person"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("chair", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chair"], ["user_account.id"], name=op.f("fk_meeting_chair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_chair"), "meeting", ["chair"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("to", sa.String(length=40), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["to"], ["user_account.id"], name=op.f("fk_notice_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_to"), "notice", ["to"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_referral_young_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_young_person"), "referral", ["young_person"], unique=False)
    op.create_table(
        "safety_plan",
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column("triggers", sa.Text(), nullable=False),
        sa.Column("code_words", sa.Text(), nullable=False),
        sa.Column("safe_adults", sa.Text(), nullable=False),
        sa.Column("ways_out", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("family_copy", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["young_person"], ["young_person.id"], name=op.f("fk_safety_plan_young_person")),
        sa.PrimaryKeyConstraint("young_person", name=op.f("pk_safety_plan")),
    )
    op.create_table(
        "user_role",
        sa.Column("user", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_user_role_user")),
        sa.PrimaryKeyConstraint("user", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "evidence",
        sa.Column("assessment", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=200), nullable=False),
        sa.Column("indicator", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("first_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessment.id"], name=op.f("fk_evidence_assessment")),
        sa.PrimaryKeyConstraint("assessment", "id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "meeting_partner",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("user", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_partner_meeting")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("fk_meeting_partner_user")),
        sa.PrimaryKeyConstraint("meeting", "user", name=op.f("pk_meeting_partner")),
    )
    op.create_index(op.f("ix_meeting_partner_user"), "meeting_partner", ["user"], unique=False)
    op.create_table(
        "meeting_young_person",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_young_person_meeting")),
        sa.ForeignKeyConstraint(
            ["young_person"], ["young_person.id"], name=op.f("fk_meeting_young_person_young_person")
        ),
        sa.PrimaryKeyConstraint("meeting", "young_person", name=op.f("pk_meeting_young_person")),
    )
    op.create_index(
        op.f("ix_meeting_young_person_young_person"), "meeting_young_person", ["young_person"], unique=False
    )
    op.create_table(
        "rating",
        sa.Column("assessment", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["assessment"], ["assessment.id"], name=op.f("fk_rating_assessment")),
        sa.PrimaryKeyConstraint("assessment", "domain", name=op.f("pk_rating")),
    )
    op.create_table(
        "ticked_indicator",
        sa.Column("assessment", sa.String(length=40), nullable=False),
        sa.Column("indicator", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=True),
        sa.ForeignKeyConstraint(["assessment"], ["assessment.id"], name=op.f("fk_ticked_indicator_assessment")),
        sa.PrimaryKeyConstraint("assessment", "indicator", name=op.f("pk_ticked_indicator")),
    )
    op.bulk_insert(sa.table("meta", sa.column("key"), sa.column("value")), [{"key": "next_young_person", "value": "1"}])
