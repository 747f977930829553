"""The tables. `version` counts edits of a row; SQLAlchemy refuses an edit of a version that is no longer there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
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
    type_annotation_map = {str: Text, datetime: Utc, dict[str, Any]: JSON, list[str]: JSON}


def _child() -> Mapped[str]:
    return mapped_column(ID, ForeignKey("young_person.id"), index=True)


def _user() -> Mapped[str]:
    return mapped_column(ID, ForeignKey("user_account.id"), index=True)


def _child_or_not() -> Mapped[str | None]:
    return mapped_column(ID, ForeignKey("young_person.id"), index=True)


def _entity() -> Mapped[str]:
    return mapped_column(ID, ForeignKey("entity.id"), index=True)


def _entity_or_not() -> Mapped[str | None]:
    return mapped_column(ID, ForeignKey("entity.id"), index=True)


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
    issuer: Mapped[str | None] = mapped_column(LINE)
    subject: Mapped[str | None] = mapped_column(LINE)
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}
    # An index: SQLite cannot add a constraint to a table that others refer to.
    __table_args__ = (Index("uq_user_account_issuer", "issuer", "subject", unique=True),)


class UserSession(Table):
    """One sign-in. `id` is a digest of what the provider said of it, so that the cookie it came in opens no second one.

    `place` is where its user was, to come back to after the next sign-in.
    """

    __tablename__ = "user_session"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = _user()
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(20))
    place: Mapped[dict[str, Any]]


class UserRole(Table):
    __tablename__ = "user_role"
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(ID, primary_key=True)


class RoleRequest(Table):
    """Roles, or another name, agency or sign-in, that an administrator asks for somebody, until a lead agrees."""

    __tablename__ = "role_request"
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True)
    roles: Mapped[list[str]]
    asked_by: Mapped[str] = _user()
    asked_at: Mapped[datetime]
    issuer: Mapped[str | None] = mapped_column(LINE)
    subject: Mapped[str | None] = mapped_column(LINE)
    name: Mapped[str | None] = mapped_column(LINE)
    agency: Mapped[str | None] = mapped_column(LINE)


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
    ever_looked_after: Mapped[bool | None]
    died_on: Mapped[date | None]
    restricted_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_on: Mapped[date | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class ProtectedAddressRow(Table):
    """Read by `chm.store.addresses` alone."""

    __tablename__ = "protected_address"
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True)
    text: Mapped[str]
    danger: Mapped[str]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class RecordGrant(Table):
    """Who may open a restricted record, up to and including a day; given by name, and why."""

    __tablename__ = "record_grant"
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True)
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True, index=True)
    until: Mapped[date]
    why: Mapped[str]
    given_by: Mapped[str] = _user()
    given_at: Mapped[datetime]


class BreakGlassRow(Table):
    """One record opened for a few hours by somebody without a link to it, and what its review found."""

    __tablename__ = "break_glass"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    user: Mapped[str] = _user()
    why: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]
    reviewed_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    reviewed_at: Mapped[datetime | None]
    found: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class StatedReasonRow(Table):
    """Why a user did something with a record that asks for a reason."""

    __tablename__ = "stated_reason"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    operation: Mapped[str] = mapped_column(String(80))
    user: Mapped[str] = _user()
    at: Mapped[datetime]
    reason: Mapped[str]


class LegalHold(Table):
    """Why a record must not be deleted, whatever its day; it stands until somebody lifts it."""

    __tablename__ = "legal_hold"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    why: Mapped[str]
    placed_by: Mapped[str] = _user()
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class DeletionProposal(Table):
    """A record that one safeguarding lead proposes to delete, until another approves or refuses."""

    __tablename__ = "deletion_proposal"
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True)
    id: Mapped[str] = mapped_column(ID, unique=True)
    why: Mapped[str]
    proposed_by: Mapped[str] = _user()
    proposed_at: Mapped[datetime]


class Tombstone(Table):
    """That a young person's record was deleted, and on what day: an id and nothing else, to delete it again after a
    restore of an older backup."""

    __tablename__ = "tombstone"
    young_person: Mapped[str] = mapped_column(ID, primary_key=True)
    on: Mapped[date]


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
    """`version` counts edits of the plan and the closing alone; what is said in the room moves `MeetingPulse`."""

    __tablename__ = "meeting"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(LINE)
    purpose: Mapped[str]
    on: Mapped[date]
    at: Mapped[time | None]
    venue: Mapped[str] = mapped_column(LINE)
    chair: Mapped[str] = _user()
    review_of: Mapped[str | None] = mapped_column(ID, ForeignKey("meeting.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    next_review: Mapped[date | None]
    closed_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class MeetingYoungPerson(Table):
    __tablename__ = "meeting_young_person"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True, index=True)
    why: Mapped[str]
    added_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    added_at: Mapped[datetime | None]


class MeetingPartner(Table):
    __tablename__ = "meeting_partner"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True, index=True)


class MeetingPulse(Table):
    """How many changes the room has seen, so that another screen need read no more than this to know of a new one."""

    __tablename__ = "meeting_pulse"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    changes: Mapped[int]


class MeetingAlias(Table):
    """What somebody is called in one meeting: drawn at random there, so that it tells nothing in another.

    `party` is kind:id, `slot` what the browser is told in its place.
    """

    __tablename__ = "meeting_alias"
    __table_args__ = (UniqueConstraint("meeting", "slot"),)
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    party: Mapped[str] = mapped_column(LINE, primary_key=True)
    alias: Mapped[str] = mapped_column(LINE)
    slot: Mapped[str] = mapped_column(String(16))


class AttendanceRow(Table):
    __tablename__ = "meeting_attendance"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(LINE, primary_key=True)
    name: Mapped[str] = mapped_column(LINE)
    status: Mapped[str] = mapped_column(String(20))
    user: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class MeetingEntryRow(Table):
    """What was said in the room; an edit keeps the text before it as a `CorrectionRow`."""

    __tablename__ = "meeting_entry"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(LINE)
    young_people: Mapped[list[str]]
    target: Mapped[str] = mapped_column(LINE)
    text: Mapped[str]
    agency: Mapped[str] = mapped_column(LINE)
    confidence: Mapped[str] = mapped_column(String(20))
    first_hand: Mapped[bool | None]
    reason: Mapped[str]
    record: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = _user()
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class MeetingActionRow(Table):
    __tablename__ = "meeting_action"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), index=True)
    target: Mapped[str] = mapped_column(LINE)
    pillar: Mapped[str] = mapped_column(LINE)
    text: Mapped[str]
    owner_agency: Mapped[str] = mapped_column(LINE, index=True)
    owner_person: Mapped[str] = mapped_column(LINE)
    due: Mapped[date | None]
    domain: Mapped[str | None] = mapped_column(LINE)
    step: Mapped[str | None] = mapped_column(LINE)
    asked: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str]
    closed_on: Mapped[date | None]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class MeetingActionYoungPerson(Table):
    """Whom an action concerns, in the order named."""

    __tablename__ = "meeting_action_young_person"
    action: Mapped[str] = mapped_column(ID, ForeignKey("meeting_action.id"), primary_key=True)
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True, index=True)
    place: Mapped[int]


class MinutesRow(Table):
    """One version of the minutes; once signed it is never written again."""

    __tablename__ = "minutes"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]]
    why: Mapped[str]
    made_by: Mapped[str] = _user()
    made_at: Mapped[datetime]
    signed_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    signed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class MeetingNote(Table):
    """What somebody was still typing in a meeting, kept so that a closed browser loses nothing."""

    __tablename__ = "meeting_note"
    meeting: Mapped[str] = mapped_column(ID, ForeignKey("meeting.id"), primary_key=True)
    user: Mapped[str] = mapped_column(ID, ForeignKey("user_account.id"), primary_key=True)
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]


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


class EntityRow(Table):
    """All kinds in one table; what a kind does not have is NULL. `merged_into` stands where a person decided so."""

    __tablename__ = "entity"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(LINE)
    name_key: Mapped[str] = mapped_column(index=True)
    description: Mapped[str]
    other_names: Mapped[list[str]]
    under_18: Mapped[bool | None]
    place_kind: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(LINE)
    postcode: Mapped[str | None] = mapped_column(LINE)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    plate: Mapped[str | None] = mapped_column(LINE)
    account_kind: Mapped[str | None] = mapped_column(String(20))
    platform: Mapped[str | None] = mapped_column(LINE)
    merged_into: Mapped[str | None] = _entity_or_not()
    added_by: Mapped[str] = _user()
    added_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class EventRow(Table):
    """`withdrawn_at` stands where it was reported in error: kept, and no longer counted."""

    __tablename__ = "event"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(LINE)
    start: Mapped[date | None]
    end: Mapped[date | None]
    at: Mapped[time | None]
    influence: Mapped[str] = mapped_column(String(20))
    what: Mapped[str]
    agency: Mapped[str] = mapped_column(LINE)
    reference: Mapped[str] = mapped_column(LINE)
    first_hand: Mapped[bool | None]
    confidence: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(LINE)
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class EventParticipant(Table):
    """A young person or an entity on an event, in the order named."""

    __tablename__ = "event_participant"
    event: Mapped[str] = mapped_column(ID, ForeignKey("event.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    young_person: Mapped[str | None] = _child_or_not()
    entity: Mapped[str | None] = _entity_or_not()
    role: Mapped[str] = mapped_column(String(20))


class RelationshipRow(Table):
    """Each end is a young person or an entity; `withdrawn_at` as for an event."""

    __tablename__ = "relationship"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    one_young_person: Mapped[str | None] = _child_or_not()
    one_entity: Mapped[str | None] = _entity_or_not()
    other_young_person: Mapped[str | None] = _child_or_not()
    other_entity: Mapped[str | None] = _entity_or_not()
    kind: Mapped[str] = mapped_column(LINE)
    start: Mapped[date | None]
    end: Mapped[date | None]
    influence: Mapped[str] = mapped_column(String(20))
    note: Mapped[str]
    agency: Mapped[str] = mapped_column(LINE)
    reference: Mapped[str] = mapped_column(LINE)
    first_hand: Mapped[bool | None]
    confidence: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(LINE)
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class CorrectionRow(Table):
    """An event, relationship or entity as it was before an edit; `version` is the one replaced."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("record", "version"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    record: Mapped[str] = mapped_column(ID)
    version: Mapped[int]
    before: Mapped[dict[str, Any]]
    why: Mapped[str]
    by: Mapped[str] = _user()
    at: Mapped[datetime]


class DuplicateDecision(Table):
    """Two entities that a person merged or keeps apart; undone or not."""

    __tablename__ = "duplicate_decision"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    one: Mapped[str] = _entity()
    other: Mapped[str] = _entity()
    decision: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[str]]
    by: Mapped[str] = _user()
    at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class ImportedRow(Table):
    """A row of a connections file that is in: `fingerprint` (SHA-256, hex) of what it said, and the record it made."""

    __tablename__ = "imported_row"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[str] = mapped_column(ID, index=True)
    at: Mapped[datetime]


class SharedActionRow(Table):
    """One action for several young people; `asked` has the answers to the questions put before a disruption."""

    __tablename__ = "shared_action"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    target: Mapped[str] = mapped_column(LINE)
    pillar: Mapped[str] = mapped_column(LINE)
    text: Mapped[str]
    owner_agency: Mapped[str] = mapped_column(LINE)
    owner_person: Mapped[str] = mapped_column(LINE)
    due: Mapped[date | None]
    step: Mapped[str | None] = mapped_column(LINE)
    why: Mapped[str]
    asked: Mapped[dict[str, Any]]
    proposed_by: Mapped[str] = _user()
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class SharedActionPart(Table):
    """What one young person's worker decided; `action` is the one it became in their plan."""

    __tablename__ = "shared_action_part"
    shared_action: Mapped[str] = mapped_column(ID, ForeignKey("shared_action.id"), primary_key=True)
    young_person: Mapped[str] = mapped_column(ID, ForeignKey("young_person.id"), primary_key=True, index=True)
    status: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(ID, ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str]
    action: Mapped[str | None] = mapped_column(ID, ForeignKey("action.id"), index=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class SettingAssessmentRow(Table):
    """An assessment of a group, a school or a place; there is no way to change one."""

    __tablename__ = "setting_assessment"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = _entity()
    young_people: Mapped[list[str]]
    answers: Mapped[dict[str, Any]]
    level: Mapped[str | None] = mapped_column(LINE)
    summary: Mapped[str]
    assessed_on: Mapped[date]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]


class PlaceActionRow(Table):
    __tablename__ = "place_action"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    place: Mapped[str] = _entity()
    meeting: Mapped[str | None] = mapped_column(ID, ForeignKey("meeting.id"), index=True)
    pillar: Mapped[str] = mapped_column(LINE)
    text: Mapped[str]
    owner_agency: Mapped[str] = mapped_column(LINE)
    owner_person: Mapped[str] = mapped_column(LINE)
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20))
    step: Mapped[str | None] = mapped_column(LINE)
    why: Mapped[str]
    result: Mapped[str]
    closed_on: Mapped[date | None]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class PlaceWordsRow(Table):
    """What a young person said of a place; there is no column for who said it."""

    __tablename__ = "place_words"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    place: Mapped[str] = _entity()
    safe: Mapped[bool]
    text: Mapped[str]
    said_on: Mapped[date]
    for_partners: Mapped[bool]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class PublicCountRow(Table):
    """Published events of one kind at one street point in one month; of no person, and never evidence."""

    __tablename__ = "public_count"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    searches: Mapped[bool]
    force: Mapped[str] = mapped_column(LINE)
    month: Mapped[str] = mapped_column(String(7), index=True)
    kind: Mapped[str] = mapped_column(LINE)
    longitude: Mapped[float]
    latitude: Mapped[float]
    count: Mapped[int]


class EpisodeRow(Table):
    """A time a young person was missing; a day always, and its time where it is known. Open while it has no end."""

    __tablename__ = "missing_episode"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    young_person: Mapped[str] = _child()
    start_day: Mapped[date]
    start_at: Mapped[datetime | None]
    end_day: Mapped[date | None]
    end_at: Mapped[datetime | None]
    kind: Mapped[str | None] = mapped_column(String(40))
    found_at: Mapped[str] = mapped_column(LINE)
    companions: Mapped[str] = mapped_column(LINE)
    returned_how: Mapped[str] = mapped_column(LINE)
    reported_by: Mapped[str] = mapped_column(LINE)
    travelled: Mapped[str] = mapped_column(LINE)
    offered: Mapped[bool | None]
    accepted: Mapped[bool | None]
    held: Mapped[bool | None]
    held_day: Mapped[date | None]
    held_at: Mapped[datetime | None]
    recorded_by: Mapped[str] = _user()
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}
