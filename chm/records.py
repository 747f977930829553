"""The things the product keeps a record of, apart from assessments (`chm.assessments`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a user is here for; roles open nothing by themselves, see `chm.access`."""

    PRACTITIONER = "practitioner"
    CHAIR = "chair"
    LOCATION_ANALYST = "location_analyst"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SAFEGUARDING_LEAD = "safeguarding_lead"


@dataclass(frozen=True)
class User:
    """Somebody who uses the product."""

    id: str
    name: str
    agency: str
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user as they sign in: whom the identity provider `issuer` knows as `subject`. Disabled since `disabled_at`."""

    id: str
    name: str
    agency: str
    issuer: str | None = None
    subject: str | None = None
    disabled_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True)
class AccessAsked:
    """What an administrator asked for a user, until a safeguarding lead agrees or not.

    `roles` are in place of those they have, none where they stay; each of the others is None where it stays.
    """

    user: str
    roles: frozenset[Role]
    asked_by: str
    asked_at: datetime
    issuer: str | None = None
    subject: str | None = None
    name: str | None = None
    agency: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One sign-in of a user. `ended_why` says how it ended; `place` is where they were."""

    id: str
    user: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    ended_why: str = ""
    place: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class YoungPerson:
    """A young person and the least that is needed to score and find them.

    Either `born` or `age` (in whole years, as known on `age_on`) is set. `version` rises with each edit.
    `ever_looked_after` is True once they are, and stays so; None is not known.
    """

    id: str
    name: str
    home_borough: str
    born: date | None = None
    age: int | None = None
    age_on: date | None = None
    looked_after: bool | None = None
    ever_looked_after: bool | None = None
    died_on: date | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if self.looked_after:
            object.__setattr__(self, "ever_looked_after", True)

    def age_at(self, day: date) -> int | None:
        """Age in whole years on `day`, or when they died; None where neither birth date nor age is known."""
        day = min(day, self.died_on or day)
        if self.born is not None:
            return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))
        if self.age is not None and self.age_on is not None:
            return self.age + max(0, (day - self.age_on).days // 365)
        return None


@dataclass(frozen=True)
class Referral:
    """A referral about a young person, from any agency."""

    id: str
    young_person: str
    on: date
    agency: str
    reason: str
    outcome: str = ""


@dataclass(frozen=True)
class Incident:
    """Something dated that happened to or around a young person, with where it is known from."""

    id: str
    young_person: str
    on: date
    kind: str
    what: str
    agency: str
    first_hand: bool = True
    ended_on: date | None = None


class ActionStatus(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Action:
    """Something somebody will do, by a date; `target` is `kind:id`, `step` the framework's step it came from."""

    id: str
    young_person: str
    target: str
    pillar: str
    text: str
    owner_agency: str
    owner_person: str
    due: date | None
    status: ActionStatus = ActionStatus.OPEN
    domain: str | None = None
    step: str | None = None
    why: str = ""
    closed_on: date | None = None
    version: int = 1


@dataclass(frozen=True)
class SafetyPlan:
    """A safety plan in the young person's own words. `family_copy` is False where family may be a source of harm."""

    young_person: str
    triggers: str = ""
    code_words: str = ""
    safe_adults: str = ""
    ways_out: str = ""
    numbers: str = ""
    family_copy: bool = False
    version: int = 0


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to which record, when and why. Never what the record says."""

    id: int
    at: datetime
    user: str
    operation: str
    record: str
    why: str = ""


@dataclass(frozen=True)
class Notice:
    """Word for a user that something needs their look, pointing at a record."""

    id: str
    to: str
    record: str
    text: str
    at: datetime
    seen_at: datetime | None = field(default=None)


@dataclass(frozen=True)
class NewYoungPerson:
    """A young person before they have an id; `born` or `age` (whole years, today) must be there."""

    name: str
    home_borough: str
    born: date | None = None
    age: int | None = None
    looked_after: bool | None = None
    ever_looked_after: bool | None = None


class Decision(StrEnum):
    """What a young person's worker said to a shared action."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True)
class Reply:
    """A reply to a question: the id of the answer chosen, where there is one to choose, and a note in words."""

    answer: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SharedAction:
    """One action proposed for several young people; it names none of them.

    Attributes:
        target: what it acts on, as kind:id. step: the step of the framework or of the data that it came from.
        asked: replies to the questions asked before a disruption, by the question's id. proposed_by: a user's id.
    """

    id: str
    target: str
    pillar: str
    text: str
    owner_agency: str
    owner_person: str
    due: date | None
    step: str | None
    why: str
    asked: dict[str, Reply]
    proposed_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ActionPart:
    """One young person's part of a shared action: who decided what, and the action it became in their plan."""

    shared_action: str
    young_person: str
    status: Decision = Decision.WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    action: str | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class SettingAssessment:
    """An assessment of a group, a school or a place: what was answered, and the level a person decided.

    Attributes:
        kind: the form it follows. subject: the entity's id. answers: replies by the question's id.
        level, summary: the level decided, and why. young_people: who was there then, those the reader may know of.
    """

    id: str
    kind: str
    subject: str
    answers: dict[str, Reply]
    level: str
    summary: str
    assessed_on: date
    young_people: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProtectedAddress:
    """Where a young person lives, where that must not be known; `danger` says from whom, and what to watch for."""

    young_person: str = ""
    text: str
    danger: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Leave for one user, by name, to open one restricted record up to and including a day."""

    young_person: str
    user: str
    until: date
    why: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class BrokenGlass:
    """One record that somebody without a link to it opened for a few hours, why, and what the review found."""

    id: str
    young_person: str
    user: str
    why: str
    at: datetime
    until: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    found: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class StatedReason:
    """Why a user did something with a record that asks for a reason; the audit, which holds no text, has the rest."""

    id: str
    young_person: str
    operation: str
    user: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why a record must not be deleted, until somebody lifts it."""

    id: str
    young_person: str
    why: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_why: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """That a record be deleted, from one safeguarding lead to another; a new proposal has a new id."""

    id: str
    young_person: str
    why: str
    proposed_by: str
    proposed_at: datetime


@dataclass(frozen=True)
class Tombstone:
    """The id of a young person whose record was deleted, and the day. No more is kept of them."""

    young_person: str
    on: date
