"""From which day a record may be deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chm import settings
from chm.errors import Faults
from chm.retention import FILE, Kept, anniversary, load, until

CLOSED = Kept(born=date(2010, 5, 4), died_on=None, ever_looked_after=True, closed_on=date(2028, 5, 4))


@pytest.mark.parametrize(
    ("change", "first_day"),
    [
        ({}, date(2085, 5, 5)),
        ({"ever_looked_after": None}, date(2085, 5, 5)),
        ({"ever_looked_after": False}, date(2053, 5, 5)),
        ({"ever_looked_after": False, "born": None}, date(2053, 5, 5)),
        ({"died_on": date(2027, 1, 2)}, date(2042, 1, 3)),
        ({"died_on": date(2028, 5, 3)}, date(2043, 5, 4)),
        ({"died_on": date(2028, 5, 4)}, date(2085, 5, 5)),
        ({"ever_looked_after": False, "died_on": date(2027, 1, 2)}, date(2053, 5, 5)),
        ({"born": date(2012, 2, 29)}, date(2087, 3, 2)),
        ({"closed_on": date(2090, 1, 1)}, date(2090, 1, 2)),
        ({"died_on": date(2011, 1, 2)}, date(2028, 5, 5)),
        ({"born": None}, None),
        ({"closed_on": None}, None),
        ({"ever_looked_after": False, "closed_on": None}, None),
        ({"held": True}, None),
        ({"ever_looked_after": False, "held": True}, None),
    ],
)
def test_from_when_a_record_may_be_deleted(change: dict[str, object], first_day: date | None) -> None:
    found = until(replace(CLOSED, **change), load())  # type: ignore[arg-type]
    assert found.first_day == first_day
    if first_day:
        assert found.passed(first_day)
        assert not found.passed(date.fromordinal(first_day.toordinal() - 1))
    else:
        assert not found.passed(date(2500, 1, 1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {},
            "Looked after: to their birthday at 75 (The Care Planning, Placement and Case Review (England) Regulations",
        ),
        (
            {"died_on": date(2020, 1, 1)},
            "Looked after: 15 years from their death before they were 18 (The Care Planning",
        ),
        (
            {"ever_looked_after": None, "born": None},
            "Not known whether ever looked after, and the birth date is not known",
        ),
        ({"ever_looked_after": False}, "25 years from the day the record was closed (Our own default"),
        ({"closed_on": None}, "The record is open"),
        ({"held": True, "closed_on": None}, "There is a legal hold on the record"),
    ],
)
def test_why(change: dict[str, object], why: str) -> None:
    assert until(replace(CLOSED, **change), load()).why.startswith(why)  # type: ignore[arg-type]


def test_a_leap_days_anniversary_is_never_early() -> None:
    assert anniversary(date(2012, 2, 29), 75) == date(2087, 3, 1)
    assert anniversary(date(2012, 2, 29), 4) == date(2016, 2, 29)


def test_the_laws_numbers_stand_in_the_file_and_faults_name_their_place(tmp_path: Path) -> None:
    rule = load().looked_after
    assert (rule.to_age, rule.died_before_age, rule.years_after_death) == (75, 18, 15)
    text = (settings.data() / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace("years_after_closure: 25", "years_after_closure: 0"), encoding="utf-8")
    with pytest.raises(Faults) as said:
        load(tmp_path)
    assert said.value.faults == [
        "retention.yaml: others.years_after_closure: input should be greater than or equal to 1; correct it"
    ]
