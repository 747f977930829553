"""What a person says in an assessment: levels, ticks, evidence, the form's own words, the judgement."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chm.scoring import Score
from chm.unseen import IGNORABLE, seen

NOTE_LENGTH = 20_000
LINE_LENGTH = 200
# Control characters, half characters and what nobody sees.
CONTROL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{IGNORABLE}]")


def plain_text(text: str) -> str:
    """`text` without what cannot be seen or spaces at its ends; nothing where only that would be left.

    Tab, new line, joiners (U+200C, U+200D) and marks of direction (U+200E, U+200F) stay.
    """
    kept = CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    return kept if seen(kept).strip() else ""


Line = Annotated[str, Field(max_length=LINE_LENGTH), AfterValidator(plain_text)]
Note = Annotated[str, Field(max_length=NOTE_LENGTH), AfterValidator(plain_text)]
Answer = Literal["yes", "no", "not_known"]


class Spoken(BaseModel):
    """Base of what people say: immutable, and nothing unknown slips in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Spoken):
    """One piece of information behind a domain or one of its indicators."""

    id: Line
    domain: Line
    indicator: Line | None = None
    text: Note
    on: date
    agency: Line
    first_hand: bool


class Nrm(Spoken):
    """A referral to the National Referral Mechanism (guidance, Initial areas of the form)."""

    status: Literal["not_known", "not_referred", "referred"] = "not_known"
    referred_by: Line = ""
    referred_on: date | None = None
    outcome: Line = ""


class HistoricIncident(Spoken):
    """A dated entry of the form's list of historical incidents."""

    id: Line
    on: date
    what: Note
    agency: Line = ""


class Form(Spoken):
    """The full form beside the matrix; every part may be left blank.

    `judged_level` and `judged_reason` hold a judgement in a draft until it is recorded as a `Judgement`.
    """

    summary: Note = ""
    incidents: tuple[HistoricIncident, ...] = ()
    services: Note = ""
    nrm: Nrm = Nrm()
    trusted_professional: Line = ""
    influential_contexts: tuple[Line, ...] = ()
    influence_why: Note = ""
    young_person_says: Note = ""
    family_says: Note = ""
    childrens_services: Answer = "not_known"
    social_worker: Line = ""
    youth_justice: Answer = "not_known"
    parents_act: Answer = "not_known"
    checklist: tuple[Line, ...] = ()
    judged_level: Line = ""
    judged_reason: Note = ""


class Answers(Spoken):
    """Everything said so far in a draft, or in a recorded assessment.

    `levels` maps domain id to level id; a domain that is absent is unanswered, never none.
    `reasons` maps domain id to why its level differs from what the ticks suggest.
    `directions` maps an indicator id to whom the harm was done: to, by or both.
    """

    levels: dict[str, str] = {}
    ticks: tuple[str, ...] = ()
    reasons: dict[str, Note] = {}
    directions: dict[str, Literal["to", "by", "both"]] = {}
    evidence: tuple[Evidence, ...] = ()
    form: Form = Form()


class Judgement(Spoken):
    """The overall level a person decides, with the reason; it stands above the computed band."""

    level: Line
    reason: Annotated[Note, Field(min_length=1)]


class Assessment(Spoken):
    """One recorded assessment: what was said, what was computed then, what was judged."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    young_person: str
    framework: str
    framework_version: int
    assessed_on: date
    answers: Answers
    score: Score
    judgement: Judgement
    review_by: date | None
    recorded_by: str
    recorded_at: datetime


class Draft(Spoken):
    """An assessment being filled in. `opened_by` and `updated_by` are people's names; `version` rises by saving."""

    id: str
    young_person: str
    framework: str
    framework_version: int
    assessed_on: date
    answers: Answers
    version: int
    opened_by: str
    updated_by: str
    updated_at: datetime
