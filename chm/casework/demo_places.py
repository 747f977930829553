"""What is known and done about the invented cohort's places, `data/demo/places.yaml`: read, checked and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from chm import store
from chm.assessments import Line, Note
from chm.casework import questions
from chm.casework.checks import Checks
from chm.casework.demo_files import CLOCK, Before, Day, Given, Name, Past, Said, moment, parsed, reply
from chm.connections import Entity, Place
from chm.framework import Framework, LevelId, PillarId
from chm.places.records import PlaceAction, PlaceWords
from chm.records import ActionStatus, SettingAssessment
from chm.store import places, setting_assessments

FILE = "places.yaml"
FIRST_ID = 0xDE4000000000
ENDED = (ActionStatus.DONE, ActionStatus.DROPPED)


class GivenAssessment(Given):
    """In `answers` a question holds its answer, then its note after a bar, either of which may be missing."""

    place: Name
    day: Before
    level: LevelId
    because: Said
    answers: dict[str, Line]


class GivenAction(Given):
    """`due` and `closed` are days; a closed one has both `closed` and `result`."""

    place: Name
    day: Before
    pillar: PillarId
    step: Name | None = None
    text: Said
    agency: Name
    person: Line = ""
    due: Day
    status: ActionStatus = ActionStatus.OPEN
    closed: Past | None = None
    result: Note = ""
    why: Note = ""


class GivenWords(Given):
    """What a young person said, on a day."""

    place: Name
    day: Before
    safe: bool
    for_partners: bool = False
    text: Said


class GivenPlaces(Given):
    """The whole file."""

    assessments: tuple[GivenAssessment, ...] = ()
    actions: tuple[GivenAction, ...] = ()
    words: tuple[GivenWords, ...] = ()


@dataclass(frozen=True)
class PlaceRecords:
    """All that the file holds, as records."""

    assessments: tuple[SettingAssessment, ...] = ()
    actions: tuple[PlaceAction, ...] = ()
    words: tuple[PlaceWords, ...] = ()


def read(
    folder: Path,
    known: Mapping[str, Entity],
    analyst: str,
    lead: str,
    framework: Framework,
    today: date,
    faults: list[str],
) -> PlaceRecords:
    """The file of the cohort in `folder`; every fault goes to `faults`.

    Args:
        known: entities by key. analyst, lead: ids of the users who record places, and what young people say.
    """
    given = parsed(folder / FILE, GivenPlaces, faults)
    if given is None:
        return PlaceRecords()
    reader = _Reader(known, analyst, lead, framework, today)
    found = PlaceRecords(
        tuple(reader.assessment(n, a) for n, a in enumerate(given.assessments, 1)),
        tuple(reader.action(n, a) for n, a in enumerate(given.actions, 1)),
        tuple(reader.words(n, w) for n, w in enumerate(given.words, 1)),
    )
    faults += reader.faults
    return found


def write(session: store.Session, found: PlaceRecords) -> None:
    """Writes them; their places are there already."""
    for assessment in found.assessments:
        setting_assessments.add(session, assessment)
    for action in found.actions:
        places.add_action(session, action)
    for words in found.words:
        places.add_words(session, words)


class _Reader:
    """Turns the file into records and notes what is wrong with it."""

    def __init__(self, known: Mapping[str, Entity], analyst: str, lead: str, framework: Framework, today: date):
        self.known, self.analyst, self.lead, self.framework, self.today = known, analyst, lead, framework, today
        self.faults: list[str] = []

    def assessment(self, n: int, given: GivenAssessment) -> SettingAssessment:
        where = f"assessments {n}"
        checks = Checks(self.today)
        said = {id: reply(text) for id, text in given.answers.items()}
        answers = questions.replies(checks, questions.of_setting("place").question.values(), said)
        self._note(where, checks.faults)
        return SettingAssessment(
            id=f"SET-{FIRST_ID + n:x}",
            kind="place",
            subject=self._place(where, given.place),
            answers=answers,
            level=given.level,
            summary=given.because,
            assessed_on=self._day(given.day),
            young_people=(),
            recorded_by=self.analyst,
            recorded_at=moment(self._day(given.day), CLOCK),
        )

    def action(self, n: int, given: GivenAction) -> PlaceAction:
        where = f"actions {n}"
        ended = given.status in ENDED
        self._need(given.agency in self.framework.local["agencies"], where, "unknown agency; take one of the council's")
        whole = ended == (given.closed is not None) and ended == bool(given.result)
        self._need(whole, where, "closed and result go together, with done and dropped")
        steps = {r.key for r in questions.target_actions().targets["place"]}
        self._need(given.step is None or given.step in steps, where, "unknown step; take one of targets.yaml")
        return PlaceAction(
            id=f"PAC-{FIRST_ID + n:x}",
            place=self._place(where, given.place),
            pillar=given.pillar,
            text=given.text,
            owner_agency=given.agency,
            owner_person=given.person,
            due=self._day(given.due),
            status=given.status,
            step=given.step,
            why=given.why,
            result=given.result,
            closed_on=None if given.closed is None else self._day(given.closed),
            recorded_by=self.analyst,
            recorded_at=moment(self._day(given.day), time(16, 30)),
        )

    def words(self, n: int, given: GivenWords) -> PlaceWords:
        return PlaceWords(
            id=f"PW-{FIRST_ID + n:x}",
            place=self._place(f"words {n}", given.place),
            safe=given.safe,
            text=given.text,
            said_on=self._day(given.day).replace(day=1),
            for_partners=given.for_partners,
            recorded_by=self.lead,
            recorded_at=moment(self._day(given.day), CLOCK),
        )

    def _place(self, where: str, key: str) -> str:
        found = self.known.get(key)
        self._need(isinstance(found, Place), where, f"no place has the key {key}; correct it")
        return found.id if found else ""

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _need(self, holds: bool, where: str, fault: str) -> None:
        if not holds:
            self._note(where, [fault])

    def _note(self, where: str, faults: Iterable[str]) -> None:
        self.faults += [f"{FILE}: {where}: {fault}" for fault in faults]
