"""What changed since the last meeting."""

from __future__ import annotations

from datetime import date, timedelta

from chm import settings
from chm.framework import load_all, newest
from chm.meetings.since import Done, Moved, Since, done, moved, new_shared
from chm.records import ActionStatus
from chm.scoring import Score, score

FRAMEWORK = newest(load_all(settings.data()), "merton-2020")
TODAY = date(2026, 11, 23)
EMERGING = dict.fromkeys(FRAMEWORK.domain, "emerging")
NOTHING_DONE = Done(0, 0, 0, 0, 0)


def assessed(**levels: str) -> Score:
    return score(FRAMEWORK, {**EMERGING, **levels}, assessed_on=TODAY)


def test_more_and_less_worry_and_what_was_judged() -> None:
    before, after = assessed(peers="significant"), assessed(places="moderate", family="significant")
    assert moved("YP-1", (before, "moderate"), (after, "significant")) == Moved(
        "YP-1", before.combined.score, after.combined.score, ("places", "family"), ("peers",),
        ("moderate", "significant"),
    )  # fmt: skip


def test_the_same_levels_and_judgement_are_no_change() -> None:
    assert moved("YP-1", (assessed(), "moderate"), (assessed(), "moderate")) is None


def test_another_judgement_alone_is_a_change() -> None:
    same = assessed()
    found = moved("YP-1", (same, "moderate"), (same, "emerging"))
    assert found == Moved("YP-1", same.combined.score, same.combined.score, (), (), ("moderate", "emerging"))


def test_the_first_assessment_has_nothing_before_it() -> None:
    assert moved("YP-1", None, (assessed(), "emerging")) == Moved(
        "YP-1", None, assessed().combined.score, (), (), (None, "emerging")
    )


def test_a_domain_not_answered_then_neither_rose_nor_fell() -> None:
    before = score(FRAMEWORK, {"peers": "none"}, assessed_on=TODAY)
    found = moved("YP-1", (before, "none"), (assessed(), "none"))
    assert found == Moved("YP-1", None, assessed().combined.score, ("peers",), (), ("none", "none"))


def test_how_actions_stand_on_a_day() -> None:
    late = TODAY - timedelta(days=1)
    statuses = [
        (ActionStatus.OPEN, TODAY), (ActionStatus.OPEN, late), (ActionStatus.UNDER_WAY, late),
        (ActionStatus.OPEN, None),
        (ActionStatus.DONE, late), (ActionStatus.DROPPED, late),
    ]  # fmt: skip
    assert done(statuses, TODAY) == Done(done=1, under_way=1, open=3, dropped=1, overdue=2)
    assert done([], TODAY) == NOTHING_DONE


def test_what_two_share_now_and_did_not_then() -> None:
    before = {"place:a": ["1", "2"], "place:b": ["1"]}
    after = {"place:a": ["1", "2", "3"], "place:b": ["1", "2"], "place:c": ["2", "3"], "place:d": ["1"]}
    assert new_shared(before, after) == ("place:b", "place:c")


def test_whether_anything_changed() -> None:
    def since(**more: object) -> Since:
        given = {
            "on": TODAY, "moved": (), "assessed": 0, "new_pairs": 0, "gone_pairs": 0, "new_things": (),
            "actions": NOTHING_DONE, **more,
        }  # fmt: skip
        return Since(**given)  # type: ignore[arg-type]

    assert since().nothing
    assert since(actions=Done(0, 1, 1, 0, 0)).nothing
    changes = (
        {"assessed": 1}, {"new_pairs": 1}, {"gone_pairs": 1}, {"new_things": ("place:a",)},
        {"actions": Done(1, 0, 0, 0, 0)}, {"actions": Done(0, 0, 0, 1, 0)}, {"actions": Done(0, 0, 1, 0, 1)},
    )  # fmt: skip
    assert [since(**c).nothing for c in changes] == [False] * 7
