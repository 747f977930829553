"""The draft on the screen: what is in hand, what is stored, and settling it with what somebody else stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import streamlit as st
from pydantic import BaseModel, ConfigDict, ValidationError

from chm.assessments import Answers, Assessment
from chm.casework import drafts, frameworks, merging, people
from chm.casework.desk import Desk
from chm.casework.drafts import Difference, Draft
from chm.errors import ChmError, Conflict, NotFound, NotPermitted
from chm.framework import Framework
from chm.records import YoungPerson
from chm.scoring import Score, score
from pages.parts import faults, gate

KEY = "matrix_open"
DAY = "assessed_on"
_FAULTS = {"string_too_long": "at most {max_length:,} characters fit; shorten it"}


class Said(BaseModel):
    """What the rows in the browser say: a running number, the draft it is about, all answers, the open row."""

    model_config = ConfigDict(strict=True)

    sequence: int
    draft: str
    merged: int
    opened: str | None = None
    levels: dict[str, str]
    ticks: list[str]
    reasons: dict[str, str]
    directions: dict[str, str]


@dataclass
class OpenDraft:
    """One draft on one screen. `stored` is as last read or written; `last` the assessment recorded
    before it, `before` what was in hand before each time answers came together."""

    person: YoungPerson
    stored: Draft
    answers: Answers
    assessed_on: date
    referrals: tuple[date, ...]
    review_due: date | None
    last: Assessment | None = None
    sequence: int = 0
    saved_at: datetime | None = None
    trouble: str = ""
    news: list[str] = field(default_factory=list)
    changed_by: str = ""
    theirs: Draft | None = None
    gone: bool = False
    differences: list[Difference] = field(default_factory=list)
    merged: int = 0
    before: dict[int, Answers] = field(default_factory=dict)
    opened: str | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def framework(self) -> Framework:
        """The framework and version the draft was begun with."""
        return frameworks.known(self.stored.framework, self.stored.framework_version)

    @property
    def age(self) -> int | None:
        """The young person's age on the day of the assessment."""
        return self.person.age_at(self.assessed_on)

    def score(self) -> Score:
        """The score of what is in hand."""
        return score(
            self.framework,
            self.answers.levels,
            assessed_on=self.assessed_on,
            age=self.age,
            referrals=self.referrals,
            review_due=self.review_due,
        )

    def take(self, raw: object) -> None:
        """Put what the browser said in hand; what is not an answer of this framework, or comes late, is refused."""
        try:
            said = Said.model_validate(raw)
        except ValidationError:
            return
        if said.draft != self.stored.id or said.sequence <= self.sequence:
            return
        framework = self.framework
        ticks = tuple(i for i in dict.fromkeys(said.ticks) if i in framework.tickable)
        parts: dict[str, Any] = {
            "levels": {d: v for d, v in said.levels.items() if v in framework.points.get(d, {})},
            "ticks": ticks,
            "reasons": {d: text for d, text in said.reasons.items() if d in framework.domain and text.strip()},
            "directions": {i: way for i, way in said.directions.items() if i in ticks and way},
        }
        if said.merged in self.before:
            # Said before the browser saw what came together: only what is new in it counts.
            base = self.before[said.merged]
            mine = self.before[said.merged] = base.model_copy(update=parts)
            both = drafts.merge(base, mine, self.answers).answers
            parts = {part: getattr(both, part) for part in parts}
        self.change(**parts)
        self.sequence = said.sequence
        self.opened = said.opened if said.opened in framework.domain else None
        self.faults = []

    def change(self, **parts: Any) -> None:
        """Put changed parts of the answers in hand, checked; a fault is shown and the rest stays."""
        if self.theirs:
            self.trouble = "Choose first whose answers stand; until then nothing else changes."
            return
        try:
            self.answers = Answers.model_validate({**self.answers.model_dump(), **parts})
            self.trouble = ""
        except ValidationError as error:
            self.trouble = "Not saved yet: " + "; ".join(
                f"{str(f['loc'][-1]).replace('_', ' ')}: {_FAULTS.get(f['type'], f['msg']).format(**f.get('ctx', {}))}"
                for f in error.errors()
            )

    def _in_hand(self) -> Draft:
        return self.stored.model_copy(update={"answers": self.answers, "assessed_on": self.assessed_on})

    def save(self, desk: Desk) -> None:
        """Store what is in hand; where somebody else stored first, bring both together or ask."""
        if self.theirs or self.gone or self._in_hand() == self.stored:
            return
        try:
            self.stored = drafts.save(desk, self._in_hand())
            self.saved_at, self.trouble = self.stored.updated_at, ""
        except Conflict:
            self.settle(desk)
        except ChmError as error:
            self.trouble = f"Not saved yet: {error}. Your answers stay on this screen and are saved at the next change."

    def settle(self, desk: Desk) -> None:
        """Bring what is in hand together with what somebody else stored, or ask; their draft may be another by now."""
        try:
            theirs = drafts.latest(desk, self.person.id)
        except ChmError as error:
            self.gone, self.trouble = True, f"{error}. Your answers stay on this screen."
            return
        if theirs.id != self.stored.id:
            self.gone = True
            self.trouble = "This draft was recorded or discarded, and another begun. Your answers stay on this screen."
            return
        self._bring_together(desk, self.stored, theirs)

    def _bring_together(self, desk: Desk, base: Draft, theirs: Draft) -> None:
        merged = drafts.merge(base.answers, self.answers, theirs.answers)
        was, now = merging.leaves(base.answers), merging.leaves(theirs.answers)
        self._next_merge()
        self.news = [path for path in merged.settled if was.get(path) != now.get(path)]
        self.changed_by, self.answers, self.differences = theirs.updated_by, merged.answers, merged.conflicts
        days = base.assessed_on, self.assessed_on, theirs.assessed_on
        if days[0] == days[1]:
            self.assessed_on = days[2]
        elif days[2] not in days[:2]:
            self.differences = [*merged.conflicts, Difference(DAY, days[1].isoformat(), days[2].isoformat())]
        self.theirs = theirs if self.differences else None
        if not self.differences:
            self.stored = theirs
            self.save(desk)

    def _next_merge(self) -> None:
        self.before[self.merged] = self.answers
        self.merged += 1

    def settled(self, desk: Desk, mine: set[str]) -> None:
        """Every difference was decided: store the answers with my side at the paths in `mine`."""
        assert self.theirs is not None
        self._next_merge()
        if DAY not in mine and any(d.path == DAY for d in self.differences):
            self.assessed_on = self.theirs.assessed_on
        leaves = [d for d in self.differences if d.path != DAY]
        self.answers = drafts.Merge(self.answers, [], leaves).settle(mine)
        self.stored, self.theirs, self.differences, self.trouble = self.theirs, None, [], ""
        self.save(desk)

    def begin_again(self, desk: Desk) -> None:
        """Put what is in hand into a new draft, where the one it came from is no longer there."""
        draft = drafts.open(desk, self.person.id, self.stored.framework, self.stored.framework_version)
        self.gone, self.trouble = False, ""
        self._bring_together(desk, draft.model_copy(update={"answers": Answers()}), draft)


def current() -> OpenDraft | None:
    """The draft on this screen, if one is open."""
    return st.session_state.get(KEY)


def opened(desk: Desk) -> OpenDraft | None:
    """The draft on this screen; None, with a plain word, where it is open to this user no more."""
    draft = current()
    if draft is None:
        return None
    person = draft.person.id

    def read() -> OpenDraft:
        drafts.still_open(desk, person)
        return draft

    try:
        return gate.opened(desk, read, lambda _: drafts.still_open(desk, person), lambda kept: kept is draft)
    except (NotFound, NotPermitted) as error:
        faults.show(error, "This draft is not open to you any more")
        leave()
        return None


def begin(desk: Desk, young_person: str) -> None:
    """Open the draft of `young_person`, a new one where there is none, and put it on this screen."""
    framework = frameworks.current()
    draft = drafts.open(desk, young_person, framework.id, framework.version)
    record = people.record_of(desk, young_person)
    st.session_state[KEY] = OpenDraft(
        person=record.young_person,
        stored=draft,
        answers=draft.answers,
        assessed_on=draft.assessed_on,
        referrals=tuple(r.on for r in record.referrals),
        review_due=record.assessments[-1].review_by if record.assessments else None,
        last=record.assessments[-1] if record.assessments else None,
        saved_at=draft.updated_at,
    )


def leave() -> None:
    """Put the draft away; what was answered is stored."""
    for key in (KEY, gate.RECORD):
        st.session_state.pop(key, None)
