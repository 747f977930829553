"""Drafts that save themselves."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from chm import store
from chm.assessments import Answers, Draft, Evidence, Form, Judgement
from chm.casework import assessments, drafts, frameworks, people
from chm.errors import Conflict, Faults
from chm.framework import Framework
from chm.store import people as allocated

from .conftest import NOW, TODAY, Office

MISSING = Answers(levels={"missing": "moderate"}, form=Form(summary="Löst 🦉 =cmd()"))
PEERS = Answers(levels={"peers": "emerging"})


@pytest.fixture(autouse=True)
def the_leads_too(office: Office) -> None:
    """A safeguarding lead scores whoever is on their own caseload alone."""
    with store.transaction(office.engine) as session:
        allocated.allocate(session, "u-lead", "YP-0001", date(2026, 1, 1))


def saying(draft: Draft, answers: Answers) -> Draft:
    return draft.model_copy(update={"answers": answers})


def test_a_new_draft_is_empty_and_of_today(office: Office, framework: Framework, draft: Draft) -> None:
    assert draft.answers == Answers()
    assert (draft.young_person, draft.assessed_on, draft.version) == ("YP-0001", TODAY, 1)
    assert (draft.framework, draft.framework_version) == (framework.id, framework.version)
    assert (draft.opened_by, draft.updated_by, draft.updated_at) == ("Jo Placeholder", "Jo Placeholder", NOW)


def test_opening_again_gives_the_same_draft_whoever_opens(office: Office, framework: Framework, draft: Draft) -> None:
    saved = drafts.save(office["jo"], saying(draft, MISSING))
    for who in ("jo", "both", "lead"):
        assert drafts.open(office[who], "YP-0001", framework.id, framework.version) == saved
        assert drafts.open(office[who], "YP-0001", "gone", 9) == saved


def test_what_was_saved_is_there_after_a_reload(office: Office, draft: Draft) -> None:
    saved = drafts.save(office["jo"], saying(draft, MISSING).model_copy(update={"assessed_on": date(2026, 11, 20)}))
    assert (saved.version, saved.assessed_on) == (2, date(2026, 11, 20))
    assert drafts.latest(office["jo"], "YP-0001") == saved
    assert people.record_of(office["jo"], "YP-0001").draft == saved


def test_saving_the_same_again_writes_nothing(office: Office, draft: Draft) -> None:
    saved = drafts.save(office["jo"], saying(draft, MISSING))
    assert drafts.save(office["lead"], saved) == saved


def test_a_second_writer_meets_a_conflict_and_can_merge(office: Office, draft: Draft) -> None:
    theirs = drafts.save(office["lead"], saying(draft, PEERS))
    assert (theirs.opened_by, theirs.updated_by) == ("Jo Placeholder", "Lee Invented")
    with pytest.raises(Conflict, match="Somebody else saved"):
        drafts.save(office["jo"], saying(draft, MISSING))
    now = drafts.latest(office["jo"], "YP-0001")
    assert now == theirs
    merged = drafts.merge(draft.answers, MISSING, now.answers)
    assert merged.conflicts == []
    settled = drafts.save(office["jo"], saying(now, merged.answers))
    assert settled.answers.levels == {"missing": "moderate", "peers": "emerging"}
    assert (settled.version, settled.updated_by) == (3, "Jo Placeholder")


def test_of_forty_saves_at_once_none_is_lost_silently(office: Office, draft: Draft) -> None:
    kept: list[int] = []
    refused: list[int] = []

    def save(who: str) -> None:
        for n in range(10):
            current = drafts.latest(office[who], "YP-0001")
            try:
                summary = f"{current.answers.form.summary}{who[0]}{n}."
                drafts.save(office[who], saying(current, Answers(form=Form(summary=summary))))
                kept.append(n)
            except Conflict:
                refused.append(n)

    threads = [threading.Thread(target=save, args=(who,)) for who in ("jo", "both", "lead", "jo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = drafts.latest(office["jo"], "YP-0001")
    assert len(kept) + len(refused) == 40
    assert last.version == 1 + len(kept)
    assert last.answers.form.summary.count(".") == len(kept)


def test_opening_at_once_makes_one_draft(office: Office, framework: Framework) -> None:
    found: list[str] = []

    def open(who: str) -> None:
        found.append(drafts.open(office[who], "YP-0001", framework.id, framework.version).id)

    threads = [threading.Thread(target=open, args=(who,)) for who in ("jo", "both", "lead", "jo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1


def test_a_recorded_or_discarded_draft_cannot_be_saved(office: Office, draft: Draft, whole: Answers) -> None:
    drafts.discard(office["jo"], "YP-0001")
    for attempt in (
        lambda: drafts.save(office["jo"], saying(draft, MISSING)),
        lambda: drafts.latest(office["jo"], "YP-0001"),
        lambda: assessments.record(
            office["jo"], "YP-0001", saying(draft, whole), Judgement(level="emerging", reason="x")
        ),
    ):
        with pytest.raises(Conflict, match="recorded or discarded"):
            attempt()
    again = drafts.open(office["jo"], "YP-0001", draft.framework, draft.framework_version)
    assert again.id != draft.id
    with pytest.raises(Conflict):
        drafts.save(office["jo"], saying(draft, MISSING))
    drafts.discard(office["jo"], "YP-0001")
    drafts.discard(office["jo"], "YP-0001")


def test_a_copy_made_without_checks_is_checked(office: Office, draft: Draft) -> None:
    long = Form().model_copy(update={"summary": "x" * 40_000, "social_worker": "y" * 201})
    with pytest.raises(Faults) as said:
        drafts.save(office["jo"], saying(draft, Answers().model_copy(update={"form": long})))
    assert said.value.faults == [
        "form.summary: at most 20,000 characters fit; shorten it",
        "form.social_worker: at most 200 characters fit; shorten it",
    ]
    assert drafts.latest(office["jo"], "YP-0001").answers == Answers()


def test_control_characters_do_not_reach_the_database(office: Office, draft: Draft) -> None:
    odd = Form().model_copy(update={"summary": "a\x00b\x1b[31mc\nd"})
    saved = drafts.save(office["jo"], saying(draft, Answers().model_copy(update={"form": odd})))
    half = Form().model_copy(update={"summary": "\ud800"})
    with pytest.raises(Faults, match="form.summary: holds half a character; type it again"):
        drafts.save(office["jo"], saying(saved, Answers().model_copy(update={"form": half})))
    assert drafts.latest(office["jo"], "YP-0001").answers.form.summary == "ab[31mc\nd" == saved.answers.form.summary


def test_a_draft_keeps_half_typed_things(office: Office, draft: Draft) -> None:
    half = Answers(
        ticks=("no.such",),
        evidence=(Evidence(id="e", domain="", text="", on=date(2027, 1, 1), agency="", first_hand=True),),
    )
    drafts.save(office["jo"], saying(draft, half))
    assert drafts.latest(office["jo"], "YP-0001").answers == half


def test_an_unknown_framework_is_said(office: Office) -> None:
    with pytest.raises(Faults, match="elsewhere version 3 is not in data/frameworks"):
        drafts.open(office["jo"], "YP-0001", "elsewhere", 3)


def test_a_broken_framework_folder_is_said(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHM_DATA", str(tmp_path))
    with pytest.raises(Faults, match="meetings.yaml: the file cannot be read"):
        drafts.open(office["jo"], "YP-0001", "merton-2020", 1)
    with pytest.raises(Faults, match="no framework folder"):
        frameworks.current()
