"""Recording an assessment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chm.assessments import Answers, Draft, Evidence, Form, HistoricIncident, Judgement, Nrm
from chm.casework import assessments, drafts, frameworks, notices, people
from chm.errors import Conflict, Faults, NotFound
from chm.framework import Framework
from chm.scoring import score, suggest

from .conftest import NOW, TODAY, Office

JUDGED = Judgement(level="moderate", reason="Support holds for now")
FUTURE = TODAY + timedelta(days=1)


def saying(draft: Draft, answers: Answers, **more: Any) -> Draft:
    return draft.model_copy(update={"answers": answers, **more})


def evidence(**update: Any) -> Evidence:
    said = {
        "id": "e1",
        "domain": "missing",
        "text": "Out overnight",
        "on": date(2026, 11, 2),
        "agency": "Police",
        "first_hand": True,
    }
    return Evidence.model_construct(**{"indicator": None, **said, **update})


def test_all_that_was_said_comes_back(office: Office, framework: Framework, draft: Draft, whole: Answers) -> None:
    missing = framework.domain["missing"]
    ticks = tuple(i.id for i in missing.levels["emerging"])[:2]
    said = whole.model_copy(
        update={
            "ticks": ticks,
            "reasons": {"peers": "Two friends moved away"},
            "directions": {ticks[0]: "both"},
            "evidence": (evidence(indicator=ticks[0]), evidence(id="e2", first_hand=False, text="🦉 =cmd()")),
            "form": Form(
                summary="Löst",
                incidents=(HistoricIncident(id="h1", on=date(2025, 1, 2), what="Assault", agency="Police"),),
                nrm=Nrm(status="referred", referred_by="Police", referred_on=date(2026, 5, 1)),
                influential_contexts=("peers", "places"),
                youth_justice="yes",
                checklist=("check.a",),
            ),
        }
    )
    recorded = assessments.record(office["jo"], "YP-0001", saying(draft, said), JUDGED)
    assert recorded.answers == said
    assert (recorded.recorded_by, recorded.recorded_at, recorded.assessed_on) == ("u-jo", NOW, TODAY)
    assert recorded.score == score(framework, said.levels, assessed_on=TODAY, age=14)
    assert recorded.review_by == date(2027, 2, 23)
    assert people.record_of(office["jo"], "YP-0001").assessments == (recorded,)


def test_recording_closes_the_draft_once(office: Office, draft: Draft, whole: Answers) -> None:
    assessments.record(office["jo"], "YP-0001", saying(draft, whole), JUDGED)
    with pytest.raises(Conflict):
        assessments.record(office["jo"], "YP-0001", saying(draft, whole), JUDGED)
    record = people.record_of(office["jo"], "YP-0001")
    assert (len(record.assessments), record.draft) == (1, None)


def test_an_older_copy_of_the_draft_is_a_conflict(office: Office, draft: Draft, whole: Answers) -> None:
    drafts.save(office["both"], saying(draft, Answers(levels={"missing": "significant"})))
    with pytest.raises(Conflict, match="Somebody else saved"):
        assessments.record(office["jo"], "YP-0001", saying(draft, whole), JUDGED)
    assert people.record_of(office["jo"], "YP-0001").assessments == ()


def test_a_draft_of_another_child_is_not_taken(office: Office, framework: Framework, whole: Answers) -> None:
    teal = drafts.open(office["sam"], "YP-0002", framework.id, framework.version)
    for stolen in (teal, teal.model_copy(update={"young_person": "YP-0001"})):
        with pytest.raises((NotFound, Conflict)):
            assessments.record(office["jo"], "YP-0001", saying(stolen, whole), JUDGED)
    assert drafts.latest(office["sam"], "YP-0002") == teal


@pytest.mark.parametrize(
    ("update", "faults"),
    [
        ({"levels": {"missing": "none"}}, 12),
        ({"levels+": {"missing": "grave"}}, "levels.missing: unknown level; take one of the framework's"),
        ({"levels+": {"luck": "none"}}, "levels.luck: unknown domain; take one of the framework's"),
        ({"ticks": ("no.such",)}, "ticks.no.such: unknown indicator; take one of the framework's"),
        (
            {"evidence": (evidence(on=FUTURE),)},
            f"evidence for Running away or missing, {FUTURE:%d/%m/%Y}: "
            "the date lies in the future; give a day up to today",
        ),
        (
            {"evidence": (evidence(on=date(2012, 3, 3)),)},
            "evidence for Running away or missing, 03/03/2012: the date lies before birth; give a later day",
        ),
        ({"evidence": (evidence(text=" \x00 "),)}, "evidence 1: empty; write what is known, or take it out"),
        ({"evidence": (evidence(domain="luck"),)}, "evidence 1: unknown domain; take one of the framework's"),
        ({"evidence": (evidence(indicator="x"),)}, "evidence 1: unknown indicator; take one of the framework's"),
        (
            {"evidence": (evidence(), evidence())},
            "evidence: two pieces share an id; take one out and add it again",
        ),
        (
            {"form": Form(incidents=(HistoricIncident(id="h", on=FUTURE, what="x"),))},
            "historical incident 1: the date lies in the future; give a day up to today",
        ),
        (
            {"form": Form(nrm=Nrm(referred_on=FUTURE))},
            "NRM referral: the date lies in the future; give a day up to today",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_the_draft_stays(
    office: Office, draft: Draft, whole: Answers, update: dict[str, Any], faults: int | str
) -> None:
    if more := update.get("levels+"):
        update = {"levels": {**whole.levels, **more}}
    with pytest.raises(Faults) as said:
        assessments.record(office["jo"], "YP-0001", saying(draft, whole.model_copy(update=update)), JUDGED)
    if isinstance(faults, int):
        assert len(said.value.faults) == faults
        assert all(f.endswith("is still open; choose a level") for f in said.value.faults)
    else:
        assert said.value.faults == [faults]
    record = people.record_of(office["jo"], "YP-0001")
    assert (record.assessments, record.draft) == ((), draft)


@pytest.mark.parametrize(
    ("judgement", "fault"),
    [
        (Judgement(level="grave", reason="x"), "judgement: unknown level; take one of the framework's"),
        (Judgement.model_construct(level="moderate", reason="  "), "reason: empty; write something"),
    ],
)
def test_a_judgement_has_a_known_level_and_a_reason(
    office: Office, draft: Draft, whole: Answers, judgement: Judgement, fault: str
) -> None:
    with pytest.raises(Faults) as said:
        assessments.record(office["jo"], "YP-0001", saying(draft, whole), judgement)
    assert said.value.faults == [fault]


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (FUTURE, "assessed on: the date lies in the future; give a day up to today"),
        (date(2012, 3, 3), "assessed on: the date lies before birth; give a later day"),
    ],
)
def test_the_day_of_the_assessment_is_possible(
    office: Office, draft: Draft, whole: Answers, day: date, fault: str
) -> None:
    with pytest.raises(Faults) as said:
        assessments.record(office["jo"], "YP-0001", saying(draft, whole, assessed_on=day), JUDGED)
    assert said.value.faults == [fault]


def test_a_level_other_than_the_ticks_suggest_needs_a_reason(
    office: Office, framework: Framework, draft: Draft, whole: Answers
) -> None:
    missing = framework.domain["missing"]
    tick = next(i.id for i in missing.levels["significant"] if suggest(framework, "missing", [i.id]).level)
    said = whole.model_copy(update={"ticks": (tick,)})
    with pytest.raises(Faults) as refused:
        assessments.record(office["jo"], "YP-0001", saying(draft, said), JUDGED)
    assert refused.value.faults == [
        f"reasons.missing: the ticks suggest Significant for {missing.name}; write why you chose otherwise"
    ]
    said = said.model_copy(update={"reasons": {"missing": "Two years ago"}})
    assert assessments.record(office["jo"], "YP-0001", saying(draft, said), JUDGED).answers == said


def test_referrals_and_the_last_review_raise_their_flags(office: Office, draft: Draft, whole: Answers) -> None:
    jo = office["jo"]
    early = saying(draft, whole, assessed_on=date(2026, 6, 1))
    assert assessments.record(jo, "YP-0001", early, JUDGED).review_by == date(2026, 9, 1)
    for day in (date(2026, 6, 1), date(2026, 11, 1)):
        people.add_referral(jo, "YP-0001", on=day, agency="Police", reason="x")
    again = drafts.open(jo, "YP-0001", draft.framework, draft.framework_version)
    codes = {f.code for f in assessments.record(jo, "YP-0001", saying(again, whole), JUDGED).score.flags}
    assert {"repeat_referrals", "review_overdue"} <= codes


def test_a_judgement_below_the_band_tells_every_lead(office: Office, framework: Framework, draft: Draft) -> None:
    said = Answers(levels={d.id: "moderate" for d in framework.domains})
    low = Judgement(level="emerging", reason="All of it is past")
    recorded = assessments.record(office["jo"], "YP-0001", saying(draft, said), low)
    assert recorded.review_by == TODAY + timedelta(days=42)
    (notice,) = notices.mine(office["lead"])
    assert (notice.to, notice.record, notice.at, notice.seen_at) == ("u-lead", "YP-0001", NOW, None)
    assert notice.text == "Judged Emerging, below the computed band Significant: look at the reason"
    assert notices.mine(office["jo"]) == []


def test_a_judgement_at_the_band_tells_nobody(office: Office, draft: Draft, whole: Answers) -> None:
    assessments.record(office["jo"], "YP-0001", saying(draft, whole), JUDGED)
    assert notices.mine(office["lead"]) == []


def test_the_forms_incidents_become_incidents_once(office: Office, draft: Draft, whole: Answers) -> None:
    jo = office["jo"]
    form = Form(incidents=(HistoricIncident(id="h1", on=date(2025, 1, 2), what="Assault", agency="Police"),))
    said = whole.model_copy(update={"form": form})
    for _ in range(2):
        current = drafts.open(jo, "YP-0001", draft.framework, draft.framework_version)
        assessments.record(jo, "YP-0001", saying(current, said), JUDGED)
    (incident,) = people.record_of(jo, "YP-0001").incidents
    assert (incident.on, incident.what, incident.agency, incident.kind) == (
        date(2025, 1, 2),
        "Assault",
        "Police",
        "historical",
    )


def test_a_framework_edited_after_use_is_refused(
    office: Office, framework: Framework, draft: Draft, whole: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo = office["jo"]
    assessments.record(jo, "YP-0001", saying(draft, whole), JUDGED)
    again = drafts.open(jo, "YP-0001", framework.id, framework.version)
    edited = framework.model_copy(update={"fingerprint": "0" * 64})
    monkeypatch.setattr(frameworks, "every", lambda: {(framework.id, framework.version): edited})
    fault = (
        f"framework {framework.id} version {framework.version} was used by 1 assessments and has since been edited: "
        "make a new version"
    )
    for attempt in (
        lambda: assessments.record(jo, "YP-0001", saying(again, whole), JUDGED),
        lambda: drafts.open(office["sam"], "YP-0002", framework.id, framework.version),
    ):
        with pytest.raises(Faults) as said:
            attempt()
        assert said.value.faults == [fault]


def test_opening_a_draft_does_not_yet_fix_the_framework(
    office: Office, framework: Framework, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = framework.model_copy(update={"fingerprint": "0" * 64})
    monkeypatch.setattr(frameworks, "every", lambda: {(framework.id, framework.version): edited})
    assert drafts.open(office["sam"], "YP-0002", framework.id, framework.version).version == 1
