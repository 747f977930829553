"""Finding, adding and opening young people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chm import store
from chm.assessments import Draft, Judgement
from chm.casework import assessments, drafts, guarded, people, plans
from chm.casework.people import Found
from chm.errors import AlreadyKnown, Conflict, Faults, NotFound, NotPermitted
from chm.records import NewYoungPerson, YoungPerson
from chm.store import audit
from chm.store import people as kept
from chm.store.plans import CHANGED

from .conftest import HERON, TEAL, TODAY, WREN, Office
from .test_desk import log
from .waiting import waiting

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    [
        "zoe", "ZOË", "heron zo", "  Héron ", "YP-0001", "yp-1", "yp 0001", "1", "0001", "zoe\u0308 heron",
        "zo\u200de he\u00adron", "yp\u200d-1",
    ],
)  # fmt: skip
def test_found_by_name_or_id_whatever_case_or_accent(office: Office, text: str) -> None:
    assert people.find(office["jo"], text) == [Found("YP-0001", "Zoë Heron", 14, "Merton")]


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "\\", "teal", "YP-0002", "2", "wren", "=cmd()", "🦉", "x" * 40_000]
)
def test_nothing_outside_the_caseload_is_found(office: Office, text: str) -> None:
    assert people.find(office["jo"], text) == []


@pytest.mark.parametrize("text", ["wren omadeup", "WREN O’MADEUP", "o'mad", "yp3"])
def test_apostrophes_do_not_matter(office: Office, text: str) -> None:
    assert [f.id for f in people.find(office["lead"], text)] == ["YP-0003"]


@pytest.mark.parametrize(
    ("who", "ids"),
    [
        ("jo", ["YP-0001"]),
        ("sam", ["YP-0002"]),
        ("chair", ["YP-0002"]),
        ("both", ["YP-0002", "YP-0001"]),
        ("lead", ["YP-0002", "YP-0003", "YP-0001"]),
    ],
)
def test_mine_keeps_to_ones_reach(office: Office, who: str, ids: list[str]) -> None:
    assert [row.young_person.id for row in people.mine(office[who])] == ids


@pytest.mark.parametrize("who", ["partner", "analyst", "admin", "auditor"])
def test_who_has_no_young_people_has_no_list_of_them(office: Office, who: str) -> None:
    with pytest.raises(NotPermitted):
        people.mine(office[who])


def test_at_most_twenty_are_found(office: Office) -> None:
    people.import_rows(office["lead"], [NewYoungPerson(f"Plover {n}", "Merton", age=14) for n in range(30)])
    assert len(people.find(office["lead"], "plover")) == 20


def test_a_young_person_is_added_with_the_least_needed(office: Office) -> None:
    added = people.add(office["jo"], " R.\x00S.\ud800\n =cmd() 🦉 ", born=None, age=13, home_borough="Merton")
    assert (added.id, added.name, added.age, added.age_on, added.born) == ("YP-0004", "R.S. =cmd() 🦉", 13, TODAY, None)
    assert people.record_of(office["jo"], "YP-0004").young_person == added
    assert people.record_of(office["jo"], "YP-0004").workers == ("Jo Placeholder",)


def test_the_birth_date_replaces_the_age(office: Office) -> None:
    added = people.add(
        office["jo"], "Robin", born=date(2013, 11, 24), age=12, home_borough="Merton", looked_after=False
    )
    assert (added.age, added.age_on, added.age_at(TODAY), added.looked_after) == (None, None, 12, False)


def test_every_fault_is_said_at_once_and_nothing_typed_is_repeated(office: Office) -> None:
    with pytest.raises(Faults) as said:
        people.add(office["jo"], "Robin" * 50, born=TOMORROW, age=None, home_borough=" \x07 ")
    assert said.value.faults == [
        "name: 250 characters; at most 200 fit",
        "home borough: empty; write something",
        "birth date: the date lies in the future; give a day up to today",
    ]
    assert people.find(office["lead"], "robin") == []


@pytest.mark.parametrize(
    ("born", "age", "fault"),
    [
        (None, None, "birth date or age: both are missing; give one of them"),
        (None, -1, "age: must be 0 to 25 years"),
        (None, 26, "age: must be 0 to 25 years"),
        (date(2000, 11, 23), None, "age: must be 0 to 25 years"),
        (date(2012, 11, 23), 13, "age: does not agree with the birth date; give one of them"),
    ],
)
def test_impossible_ages_are_refused(office: Office, born: date | None, age: int | None, fault: str) -> None:
    with pytest.raises(Faults) as said:
        people.add(office["jo"], "Robin", born=born, age=age, home_borough="Merton")
    assert said.value.faults == [fault]


@pytest.mark.parametrize("age", [0, 25])
def test_the_outermost_ages_are_taken(office: Office, age: int) -> None:
    assert people.add(office["jo"], "Robin", born=None, age=age, home_borough="Merton").age == age


def test_an_import_is_all_or_nothing(office: Office) -> None:
    rows = [
        NewYoungPerson("Dipper", "Merton", age=12),
        NewYoungPerson("", "Merton"),
        NewYoungPerson("Swift", "", age=40),
        NewYoungPerson("\u200f\u00ad\u200d", "Merton", age=12),
    ]
    with pytest.raises(Faults) as said:
        people.import_rows(office["lead"], rows)
    assert said.value.faults == [
        "row 2: name: empty; write something",
        "row 2: birth date or age: both are missing; give one of them",
        "row 3: home borough: empty; write something",
        "row 3: age: must be 0 to 25 years",
        "row 4: name: empty; write something",
    ]
    assert people.find(office["lead"], "dipper") == []
    assert people.import_rows(office["lead"], rows[:1]) == 1
    assert [f.id for f in people.find(office["lead"], "dipper")] == ["YP-0004"]
    assert people.import_rows(office["lead"], []) == 0
    assert people.faults_of(rows[1], TODAY) == [f.removeprefix("row 2: ") for f in said.value.faults[:2]]


@pytest.mark.parametrize(
    ("name", "born", "found"),
    [
        ("zoe  HERON", None, ("YP-0001",)),
        ("Zoë Heron", date(2012, 3, 4), ("YP-0001",)),
        ("Zoë Heron", date(2012, 4, 3), ("YP-0001",)),  # Day and month swapped.
        ("Heron Zoë", None, ("YP-0001",)),
        ("Zoe Herron", date(2012, 3, 4), ("YP-0001",)),
        ("Zoe Marie Heron", date(2012, 3, 4), ("YP-0001",)),
        ("Ella Heron", date(2013, 5, 6), ()),
        ("Finch Placeholder", date(2012, 3, 4), ()),
        ("Zoë", None, ()),
        ("teal m’adeup", date(2011, 1, 1), ("YP-0002",)),
    ],
)
def test_an_import_asks_about_who_is_known(office: Office, name: str, born: date | None, found: tuple[str]) -> None:
    rows = [NewYoungPerson("Dipper", "Merton", age=12), NewYoungPerson(name, "Merton", born, None if born else 14)]
    assert people.known_rows(office["lead"], rows) == [(), found]
    known = "1 of 2 known" if found else "0 of 2 known"
    assert log(office.engine)[-1] == ("u-lead", "people.known_rows", *(found or ("",)), known)
    if found:
        with pytest.raises(Faults) as said:
            people.import_rows(office["lead"], rows, {1: found})
        assert said.value.faults == [f"row 2: {people.KNOWN}"]
        assert people.find(office["lead"], "dipper") == []
    assert people.import_rows(office["lead"], rows, {2: found}) == 2
    with pytest.raises(Faults) as said:  # By now there is one more, who was not shown.
        people.import_rows(office["lead"], rows[1:], {1: found})
    assert said.value.faults == [f"row 1: {people.KNOWN}"]


@pytest.mark.parametrize("way", ["add", "import"])
def test_of_two_who_add_one_child_at_once_the_later_finds_them(office: Office, way: str) -> None:
    born = date(2012, 5, 6)

    def add() -> None:
        if way == "add":
            people.add(office["lead"], "Dipper", born=born, age=None, home_borough="Merton")
        else:
            people.import_rows(office["lead"], [NewYoungPerson("Dipper", "Merton", born)])

    with ThreadPoolExecutor(1) as pool:
        with store.transaction(office.engine) as session:
            kept.add_new(session, [NewYoungPerson("Dipper", "Merton", born)], TODAY)
            with waiting(office.engine) as waits:
                asked = pool.submit(add)
                assert waits.wait(60)
        with pytest.raises(AlreadyKnown if way == "add" else Faults):
            asked.result()
    assert [f.id for f in people.find(office["lead"], "dipper")] == ["YP-0004"]


def test_a_record_holds_everything_oldest_first(office: Office, draft: Draft, whole: object) -> None:
    jo = office["jo"]
    later = people.add_referral(jo, "YP-0001", on=TODAY, agency="Police", reason="Seen late", outcome="Visit")
    sooner = people.add_referral(jo, "YP-0001", on=date(2026, 5, 1), agency="Education", reason="Absent")
    incident = people.add_incident(
        jo, "YP-0001", on=date(2026, 10, 1), kind="missing", what="Out for a night", agency="Police", ended_on=TODAY
    )
    done = draft.model_copy(update={"answers": whole})
    first = assessments.record(jo, "YP-0001", done, Judgement(level="moderate", reason="Support holds"))
    second = drafts.open(jo, "YP-0001", draft.framework, draft.framework_version)
    record = people.record_of(jo, "YP-0001")
    assert record.young_person == HERON
    assert record.referrals == (sooner, later)
    assert record.incidents == (incident,)
    assert record.assessments == (first,)
    assert record.draft == second
    assert record.safety_plan is None
    assert record.workers == ("Bo Placeholder", "Jo Placeholder")


def test_the_caseload_says_where_each_stands(office: Office, draft: Draft, whole: object) -> None:
    jo = office["jo"]
    (row,) = people.mine(jo)
    assert (row.latest, row.answered, row.due) == (None, 0, 0)
    drafts.save(jo, draft.model_copy(update={"answers": whole}))
    assert people.mine(jo)[0].answered == 13
    older = draft.model_copy(update={"answers": whole, "version": 2, "assessed_on": date(2026, 3, 1)})
    assessments.record(jo, "YP-0001", older, Judgement(level="significant", reason="x"))
    again = drafts.open(jo, "YP-0001", draft.framework, draft.framework_version)
    newest = assessments.record(
        jo, "YP-0001", again.model_copy(update={"answers": whole}), Judgement(level="moderate", reason="x")
    )
    for due in (TODAY, TOMORROW, None):
        plans.add_action(
            jo, "YP-0001", target="young_person:YP-0001", pillar="support", text="x", owner_agency="Health", due=due
        )
    (row,) = people.mine(jo)
    assert row.latest is not None
    assert (row.latest.id, row.latest.judged, row.latest.assessed_on) == (newest.id, "moderate", TODAY)
    assert (row.latest.score, row.latest.review_by) == (newest.score, newest.review_by)
    assert (row.answered, row.due) == (None, 1)


@pytest.mark.parametrize(
    ("on", "fault"),
    [
        (TOMORROW, "date: the date lies in the future; give a day up to today"),
        (date(2012, 3, 3), "date: the date lies before birth; give a later day"),
    ],
)
def test_referrals_and_incidents_have_possible_dates(office: Office, on: date, fault: str) -> None:
    with pytest.raises(Faults) as said:
        people.add_referral(office["jo"], "YP-0001", on=on, agency="Police", reason="x")
    assert said.value.faults == [fault]
    with pytest.raises(Faults) as said:
        people.add_incident(office["jo"], "YP-0001", on=on, kind="assault", what="x", agency="Police")
    assert said.value.faults == [fault]


def test_an_age_bounds_the_birth_too(office: Office) -> None:
    assert TEAL.age_on is not None
    people.add_referral(office["sam"], "YP-0002", on=date(2010, 6, 1), agency="Police", reason="x")
    with pytest.raises(Faults, match="before birth"):
        people.add_referral(office["sam"], "YP-0002", on=date(2010, 5, 31), agency="Police", reason="x")


def test_an_incident_ends_after_it_began(office: Office) -> None:
    with pytest.raises(Faults) as said:
        people.add_incident(
            office["jo"],
            "YP-0001",
            on=TODAY,
            kind="",
            what="x" * 40_000,
            agency="Police",
            ended_on=TODAY - timedelta(days=1),
        )
    assert said.value.faults == [
        "end: the date lies before the start; give a later day",
        "kind: empty; write something",
        "what happened: 40,000 characters; at most 20,000 fit",
    ]


def whys(office: Office) -> list[tuple[str, str, str]]:
    with store.transaction(office.engine, writing=False) as session:
        found = [e for e in reversed(audit.read(session, None, 1000)) if e.operation == "people.correct"]
    return [(e.user, e.record, e.why) for e in found]


class TestCorrect:
    def test_what_is_corrected_stands_and_the_audit_holds_no_value(self, office: Office) -> None:
        jo = office["jo"]
        first = people.correct(jo, "YP-0001", HERON, born=date(2012, 4, 3), looked_after=True, died_on=None)
        assert first == replace(HERON, born=date(2012, 4, 3), looked_after=True, version=2)
        second = people.correct(jo, "YP-0001", first, born=first.born, looked_after=True, died_on=TODAY)
        assert second == replace(first, died_on=TODAY, version=3)
        third = people.correct(jo, "YP-0001", second, born=first.born, looked_after=None, died_on=None)
        assert third == replace(first, looked_after=None, version=4)
        same = people.correct(jo, "YP-0001", third, born=first.born, looked_after=None, died_on=None)
        assert people.record_of(jo, "YP-0001").young_person == same == third
        assert whys(office) == [
            ("u-jo", "YP-0001", "birth date, looked after"),
            ("u-jo", "YP-0001", "date of death"),
            ("u-jo", "YP-0001", "looked after, date of death"),
            ("u-jo", "YP-0001", "nothing"),
        ]

    def test_that_they_ever_were_looked_after_stays_and_that_they_never_were_does_not(self, office: Office) -> None:
        jo, found = office["jo"], [HERON]

        def now(looked_after: bool | None) -> bool | None:
            seen = found[-1]
            found.append(people.correct(jo, seen.id, seen, born=seen.born, looked_after=looked_after, died_on=None))
            return people.record_of(jo, "YP-0001").young_person.ever_looked_after

        def never() -> None:
            with store.transaction(office.engine) as session:
                found.append(kept.correct(session, replace(found[-1], ever_looked_after=False)))

        assert now(False) is None
        never()
        assert (now(False), now(None)) == (False, None)
        never()
        assert [now(True), now(False), now(None)] == [True] * 3

    def test_a_birth_date_replaces_the_age_and_without_one_the_age_stays(self, office: Office) -> None:
        sam = office["sam"]
        aged = people.correct(sam, "YP-0002", TEAL, born=None, looked_after=False, died_on=None)
        assert aged == replace(TEAL, looked_after=False, version=2)
        born = people.correct(sam, "YP-0002", aged, born=date(2011, 2, 3), looked_after=False, died_on=None)
        assert (born.born, born.age, born.age_on, born.age_at(TODAY)) == (date(2011, 2, 3), None, None, 15)

    def test_a_home_elsewhere(self, office: Office) -> None:
        jo, same = office["jo"], {"born": HERON.born, "looked_after": None, "died_on": None}
        moved = people.correct(jo, "YP-0001", HERON, **same, home_borough=" Sutton ")
        assert moved == replace(HERON, home_borough="Sutton", version=2)
        with pytest.raises(Faults) as said:
            people.correct(jo, "YP-0001", moved, **same, home_borough=" ")
        assert said.value.faults == ["home borough: empty; write something"]
        with pytest.raises(Conflict, match=CHANGED):
            people.correct(jo, "YP-0001", HERON, **same, home_borough="Croydon")
        assert whys(office) == [("u-jo", "YP-0001", "home borough")]

    def test_whoever_has_died_grows_no_older(self, office: Office) -> None:
        people.correct(
            office["sam"], "YP-0002", TEAL, born=date(2000, 2, 3), looked_after=False, died_on=date(2010, 2, 2)
        )
        assert [f.age for f in people.find(office["sam"], "teal")] == [9]

    @pytest.mark.parametrize(
        ("field", "value"), [("born", date(2012, 3, 5)), ("looked_after", True), ("died_on", date(2026, 11, 1))]
    )
    def test_of_two_who_correct_the_second_is_told(self, office: Office, field: str, value: object) -> None:
        was = {"born": HERON.born, "looked_after": None, "died_on": None}
        people.correct(office["both"], "YP-0001", HERON, **{**was, field: value})
        with pytest.raises(Conflict, match=CHANGED):
            people.correct(office["jo"], "YP-0001", HERON, born=HERON.born, looked_after=False, died_on=None)
        assert getattr(people.record_of(office["jo"], "YP-0001").young_person, field) == value
        assert len(whys(office)) == 1

    def test_what_else_becomes_of_the_record_is_no_conflict(self, office: Office) -> None:
        guarded.close(office["lead"], "YP-0003", "Nothing more to do")
        found = people.correct(office["lead"], "YP-0003", WREN, born=WREN.born, looked_after=True, died_on=None)
        assert (found.looked_after, found.version) == (True, 3)

    def test_somebody_else_is_not_written_over(self, office: Office) -> None:
        with pytest.raises(Conflict, match=CHANGED):
            people.correct(
                office["jo"], "YP-0001", replace(HERON, id="YP-0003"), born=HERON.born, looked_after=True, died_on=None
            )

    @pytest.mark.parametrize(
        ("of", "born", "died_on", "faults"),
        [
            (HERON, None, None, ["birth date: empty, and no age is known; give the birth date"]),
            (
                HERON, None, TOMORROW,
                [
                    "birth date: empty, and no age is known; give the birth date",
                    "date of death: the date lies in the future; give a day up to today",
                ],
            ),
            (
                HERON, TOMORROW, TOMORROW + timedelta(days=1),
                [
                    "birth date: the date lies in the future; give a day up to today",
                    "date of death: the date lies in the future; give a day up to today",
                ],
            ),
            (HERON, HERON.born, date(2012, 3, 3), ["date of death: the date lies before birth; give a later day"]),
            (TEAL, None, date(2010, 5, 31), ["date of death: the date lies before birth; give a later day"]),
            (HERON, date(2000, 11, 23), None, ["age: must be 0 to 25 years"]),
            (
                HERON, date(2000, 11, 23), TOMORROW,
                ["date of death: the date lies in the future; give a day up to today", "age: must be 0 to 25 years"],
            ),
        ],
    )  # fmt: skip
    def test_every_fault_is_said_at_once(
        self, office: Office, of: YoungPerson, born: date | None, died_on: date | None, faults: list[str]
    ) -> None:
        with pytest.raises(Faults) as said:
            people.correct(office["lead"], of.id, of, born=born, looked_after=True, died_on=died_on)
        assert said.value.faults == faults
        assert people.record_of(office["lead"], of.id).young_person == of
        assert whys(office) == []

    @pytest.mark.parametrize(
        ("born", "died_on"),
        [(TODAY, TODAY), (date(2000, 11, 24), None), (date(1993, 5, 6), date(2010, 5, 6)), (HERON.born, HERON.born)],
    )
    def test_the_outermost_days_are_taken(self, office: Office, born: date, died_on: date | None) -> None:
        found = people.correct(office["jo"], "YP-0001", HERON, born=born, looked_after=None, died_on=died_on)
        assert (found.born, found.died_on) == (born, died_on)

    def test_long_after_it_was_closed_the_age_at_that_day_counts(self, office: Office) -> None:
        guarded.close(office["sam"], "YP-0002", "Nothing more to do")
        late = replace(office["lead"], clock=lambda: datetime(2061, 1, 1, tzinfo=UTC))
        with pytest.raises(Faults, match="age: must be 0 to 25 years"):
            people.correct(late, "YP-0002", TEAL, born=date(1999, 1, 1), looked_after=True, died_on=None)
        found = people.correct(late, "YP-0002", TEAL, born=date(2011, 2, 3), looked_after=True, died_on=None)
        again = people.correct(late, "YP-0002", found, born=found.born, looked_after=False, died_on=date(2060, 1, 1))
        assert (again.born, again.looked_after, again.died_on) == (date(2011, 2, 3), False, date(2060, 1, 1))

    @pytest.mark.parametrize(
        ("who", "refusal"),
        [
            ("sam", NotFound), ("chair", NotPermitted), ("partner", NotPermitted), ("analyst", NotPermitted),
            ("admin", NotPermitted), ("auditor", NotPermitted), ("jo", None), ("both", None), ("lead", None),
        ],
    )  # fmt: skip
    def test_whoever_works_with_them_and_a_lead(
        self, office: Office, who: str, refusal: type[Exception] | None
    ) -> None:
        def correct() -> YoungPerson:
            return people.correct(office[who], "YP-0001", HERON, born=HERON.born, looked_after=True, died_on=None)

        if refusal is None:
            assert correct().looked_after
            return
        with pytest.raises(refusal):
            correct()
        assert whys(office) == [(f"u-{who}", "YP-0001", "refused")]
