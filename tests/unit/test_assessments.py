"""What people say: cleaned of control characters, kept otherwise, refused where it does not fit."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from chm import settings
from chm.assessments import (
    LINE_LENGTH,
    NOTE_LENGTH,
    Answers,
    Assessment,
    Evidence,
    Form,
    HistoricIncident,
    Judgement,
    Nrm,
    plain_text,
)
from chm.framework import load_all, newest
from chm.scoring import score
from chm.unseen import IGNORABLE, NEEDED, SIGNS

DAY = date(2026, 11, 23)
EVIDENCE = {"id": "e1", "domain": "health", "text": "Seen", "on": DAY, "agency": "Police", "first_hand": True}


class TestPlainText:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("", ""),
            ("  two words \n", "two words"),
            ("one\ntwo\tthree", "one\ntwo\tthree"),
            ("one\r\ntwo", "one\ntwo"),
            ("a\x00b\x07c\x1bd\x7fe\x85f", "abcdef"),
            ("\x00 \x01", ""),
            ("half \ud83d of one", "half  of one"),
            ("=cmd()", "=cmd()"),
            ("<b>bold</b> ![x](http://elsewhere)", "<b>bold</b> ![x](http://elsewhere)"),
            ("Zoë \U0001f9d2\U0001f3fd 李", "Zoë \U0001f9d2\U0001f3fd 李"),
            ("\u200fעברית", "\u200fעברית"),
            ("Ke\u00adst\u061cr\u034fe\u180el\ufe0f\ufffa\U000e0041", "Kestrel"),
            ("\U0001f469\u200d\U0001f467 می\u200cخواهم\u200e", "\U0001f469\u200d\U0001f467 می\u200cخواهم\u200e"),
            (" \u200f\u200d \u3164", ""),
        ],
    )
    def test_what_stays(self, typed: str, kept: str) -> None:
        assert plain_text(typed) == kept

    @given(st.text(st.characters()))
    def test_no_control_half_or_unseen_character_is_left_and_nothing_else_goes(self, typed: str) -> None:
        def stays(char: str) -> bool:
            needed = char in "\n\t" or re.match(f"[{NEEDED}]", char)
            return bool(needed) or not (unicodedata.category(char) in ("Cc", "Cs") or re.match(f"[{IGNORABLE}]", char))

        kept = plain_text(typed)
        assert all(map(stays, kept))
        wanted = "".join(filter(stays, typed.replace("\r\n", "\n"))).strip()
        assert kept == (wanted if re.sub(rf"[\s{NEEDED}{SIGNS}]", "", wanted) else "")
        assert plain_text(kept) == kept
        kept.encode()


class TestLengths:
    @pytest.mark.parametrize(("field", "most"), [("text", NOTE_LENGTH), ("agency", LINE_LENGTH)])
    def test_what_fits_and_what_does_not(self, field: str, most: int) -> None:
        assert getattr(Evidence.model_validate({**EVIDENCE, field: "x" * most}), field) == "x" * most
        with pytest.raises(ValidationError, match=f"at most {most} characters"):
            Evidence.model_validate({**EVIDENCE, field: "x" * (most + 1)})

    def test_a_note_of_40_000_characters_is_refused_by_name_not_cut(self) -> None:
        with pytest.raises(ValidationError) as raised:
            Form(summary="x" * 40_000)
        assert [f["loc"] for f in raised.value.errors()] == [("summary",)]
        assert Form(summary="\U0001f9d2" * NOTE_LENGTH).summary == "\U0001f9d2" * NOTE_LENGTH

    @pytest.mark.parametrize("reason", ["", "  ", "\x00"])
    def test_a_judgement_without_reason(self, reason: str) -> None:
        with pytest.raises(ValidationError):
            Judgement(level="moderate", reason=reason)


class TestShapes:
    @pytest.mark.parametrize(
        ("model", "content"),
        [
            (Evidence, {**EVIDENCE, "secret": 1}),
            (Evidence, {**EVIDENCE, "on": "yesterday"}),
            (Evidence, {k: v for k, v in EVIDENCE.items() if k != "domain"}),
            (Nrm, {"status": "maybe"}),
            (Nrm, {"referred_on": "2026-02-30"}),
            (Form, {"youth_justice": "perhaps"}),
            (Form, {"incidents": [{"id": "1", "what": "no day"}]}),
            (Answers, {"levels": {"health": 3}}),
            (Answers, {"directions": {"sexual.moderate.04": "from"}}),
            (Answers, {"unknown": 1}),
        ],
    )
    def test_refused(self, model: type[BaseModel], content: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            model.model_validate(content)

    def test_nothing_said_is_nothing_assumed(self) -> None:
        said = Answers()
        assert said.levels == {}
        assert said.form.nrm.status == "not_known"
        assert {said.form.childrens_services, said.form.youth_justice, said.form.parents_act} == {"not_known"}

    def test_what_was_said_cannot_be_changed(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            Answers().ticks = ("coercion.none.01",)


FULL = Answers(
    levels={"health": "significant", "self": "none"},
    ticks=("health.significant.01",),
    reasons={"self": "Seen twice this week"},
    directions={"sexual.moderate.04": "both"},
    evidence=(Evidence.model_validate({**EVIDENCE, "indicator": "health.significant.01"}),),
    form=Form(
        summary="Why now\nand since when",
        incidents=(HistoricIncident(id="i1", on=date(2025, 2, 28), what="Found elsewhere", agency="Police"),),
        nrm=Nrm(status="referred", referred_by="Council", referred_on=date(2026, 10, 1), outcome="pending"),
        influential_contexts=("peers", "places"),
        parents_act="yes",
        checklist=("check.significant.referral",),
    ),
)


def test_answers_round_trip_through_text() -> None:
    assert Answers.model_validate(json.loads(json.dumps(FULL.model_dump(mode="json")))) == FULL
    assert Answers.model_validate_json(FULL.model_dump_json()) == FULL


def test_an_assessment_keeps_the_score_it_was_given() -> None:
    framework = newest(load_all(settings.data()), "merton-2020")
    found = score(framework, FULL.levels, assessed_on=DAY)
    assessment = Assessment(
        id="a1",
        young_person="y1",
        framework=framework.id,
        framework_version=framework.version,
        assessed_on=DAY,
        answers=FULL,
        score=found,
        judgement=Judgement(level="significant", reason="Risk today"),
        review_by=date(2027, 1, 4),
        recorded_by="u1",
        recorded_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )
    assert assessment.score == found
    with pytest.raises(ValidationError, match="frozen"):
        assessment.review_by = None
