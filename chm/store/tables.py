"""The tables. `version` counts edits of a row; SQLAlchemy refuses an edit of a version that is no longer there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Utc(TypeDecorator[datetime]):
    """A moment, kept as UTC without its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


ID = String(40)
LINE = String(200)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, datetime: Utc, dict[str, Any]: JSON}


def _child() -> Mapped[str]:
    return mapped_column(ID, ForeignKey("young_person.id"), index=True)


def _user() -> Mapped[str]:
    return mapped_column(ID, ForeignKey("user_account.id"), index=True)


class Meta(Table):
    """Facts about the database itself: `demo`, `next_young_person`."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(ID, primary_key=True)
    value: Mapped[str]


class UserAccount(Table):
    __tablename__ = "user_account"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(LINE)
    agency: Mapped[str] = mapped_column(LINE)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class UserRole(Table):
    __tablename__ = "user_role"
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(ID, primary_key=True)


class YoungPersonRow(Table):
    """`name_key` is the name as it is searched: no case, accents or punctuation."""

    __tablename__ = "young_person"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(LINE)
    name_key: Mapped[str] = mapped_column(index=True)
    home_borough: Mapped[str] = mapped_column(LINE)
    born: Mapped[date | None]
    age: Mapped[int | None]
    age_on: Mapped[date | None]
    looked_after: Mapped[bool | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class Caseload(Table):
    """Who works with whom, from `since` to and including `until`."""

    __tablename__ = "caseload"
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True)
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True, index=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class Meeting(Table):
    __tablename__ = "meeting"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(LINE)
    on: Mapped[date]
    chair: Mapped[str] = _user()
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class MeetingYoungPerson(Table):
    __tablename__ = "meeting_young_person"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True, index=True)


class MeetingPartner(Table):
    __tablename__ = "meeting_partner"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True, index=True)


class ReferralRow(Table):
    __tablename__ = "referral"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    on: Mapped[date]
    agency: Mapped[str] = mapped_column(LINE)
    reason: Mapped[str]
    outcome: Mapped[str]


class IncidentRow(Table):
    """`form_entry` is the id of the form's entry it was copied from, so that it is copied once."""

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("young_person", "form_entry"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    on: Mapped[date]
    ended_on: Mapped[date | None]
    kind: Mapped[str] = mapped_column(LINE)
    what: Mapped[str]
    agency: Mapped[str] = mapped_column(LINE)
    first_hand: Mapped[bool]
    form_entry: Mapped[str | None] = mapped_column(LINE)


class DraftRow(Table):
    """`answered` counts the answered domains of `answers`."""

    __tablename__ = "draft"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), unique=True)
    framework: Mapped[str] = mapped_column(LINE)
    framework_version: Mapped[int]
    assessed_on: Mapped[date]
    answers: Mapped[dict[str, Any]]
    answered: Mapped[int]
    opened_by: Mapped[str] = _user()
    updated_by: Mapped[str] = _user()
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class AssessmentRow(Table):
    __tablename__ = "assessment"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    framework: Mapped[str] = mapped_column(LINE)
    framework_version: Mapped[int]
    assessed_on: Mapped[date]
    score: Mapped[dict[str, Any]]
    form: Mapped[dict[str, Any]]
    judged_level: Mapped[str] = mapped_column(LINE)
    judged_reason: Mapped[str]
    review_by: Mapped[date | None]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]


class RatingRow(Table):
    __tablename__ = "rating"
    assessment: Mapped[str] = mapped_column(ID, ForeignKey("assessment.id"), primary_key=True)
    domain: Mapped[str] = mapped_column(LINE, primary_key=True)
    place: Mapped[int]
    level: Mapped[str] = mapped_column(LINE)
    reason: Mapped[str | None]


class TickedIndicator(Table):
    __tablename__ = "ticked_indicator"
    assessment: Mapped[str] = mapped_column(ID, ForeignKey("assessment.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(LINE, primary_key=True)
    place: Mapped[int]
    direction: Mapped[str | None] = mapped_column(String(4))


class EvidenceRow(Table):
    __tablename__ = "evidence"
    assessment: Mapped[str] = mapped_column(ID, ForeignKey("assessment.id"), primary_key=True)
    id: Mapped[str] = mapped_column(LINE, primary_key=True)
    place: Mapped[int]
    domain: Mapped[str] = mapped_column(LINE)
    indicator: Mapped[str | None] = mapped_column(LINE)
    text: Mapped[str]
    on: Mapped[date]
    agency: Mapped[str] = mapped_column(LINE)
    first_hand: Mapped[bool]


class ActionRow(Table):
    __tablename__ = "action"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    target: Mapped[str] = mapped_column(LINE)
    pillar: Mapped[str] = mapped_column(LINE)
    text: Mapped[str]
    owner_agency: Mapped[str] = mapped_column(LINE, index=True)
    owner_person: Mapped[str] = mapped_column(LINE)
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20))
    domain: Mapped[str | None] = mapped_column(LINE)
    step: Mapped[str | None] = mapped_column(LINE)
    why: Mapped[str]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class SafetyPlanRow(Table):
    __tablename__ = "safety_plan"
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True)
    triggers: Mapped[str]
    code_words: Mapped[str]
    safe_adults: Mapped[str]
    ways_out: Mapped[str]
    numbers: Mapped[str]
    family_copy: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class NoticeRow(Table):
    __tablename__ = "notice"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    to: Mapped[str] = _user()
    record: Mapped[str] = mapped_column(ID)
    text: Mapped[str]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class AuditRow(Table):
    """`id` counts 1, 2, 3 without a gap; `digest` chains each entry to the one before it (`chm.audit`)."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    user: Mapped[str] = mapped_column(ID, index=True)
    operation: Mapped[str] = mapped_column(LINE)
    record: Mapped[str] = mapped_column(ID, index=True)
    why: Mapped[str] = mapped_column(LINE)
    digest: Mapped[str] = mapped_column(String(64))


class FrameworkUsed(Table):
    """The first use of a framework's version fixes its fingerprint (SHA-256, hex)."""

    __tablename__ = "framework_used"
    framework: Mapped[str] = mapped_column(LINE, primary_key=True)
    framework_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(64))
