"""A new version of a framework: made whole and audited, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from chm import settings
from chm.assessments import Answers, Draft, Judgement
from chm.casework import assessments, audit_log, frameworks, versions
from chm.errors import ChmError, Conflict, Faults, NotPermitted, StorageUnavailable
from chm.framework import Change, load_all
from chm.scoring import score

from .conftest import TODAY, Office

WHY = "The publisher told us that the printed number is 10"
POSITION = ("family", "significant")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the product's data that a test may change."""
    folder = tmp_path / "data"
    for part in ("frameworks", "local"):
        shutil.copytree(settings.data() / part, folder / part)
    shutil.copy(settings.data() / "meetings.yaml", folder)
    monkeypatch.setenv("CHM_DATA", str(folder))
    frameworks.read_again()
    yield folder
    frameworks.read_again()


def folders(data: Path) -> list[str]:
    return sorted(p.name for p in (data / "frameworks").iterdir())


def test_the_number_is_changed_in_a_new_version_with_who_when_and_why(office: Office, data: Path) -> None:
    made = versions.change_score(office["admin"], *POSITION, 10, WHY, of=1)
    assert (made.id, made.version) == ("merton-2020", 2)
    assert made.changed == Change(by="administrator", on=TODAY, what="family.significant: 8 to 10", why=WHY)
    assert (made.points["family"]["significant"].score, made.points["family"]["significant"].inferred) == (10, False)
    assert (made.scores["family"].inferred, made.scores["family"].why) == ((), None)
    assert (made.maximum("context"), made.maximum("combined")) == (56, 114)
    assert folders(data) == ["merton-2020", "merton-2020-v2"]
    assert frameworks.current() == made
    assert load_all(data).keys() == {("merton-2020", 1), ("merton-2020", 2)}


def test_all_but_the_one_number_stays_and_the_first_version_is_as_it_was(office: Office, data: Path) -> None:
    first = frameworks.known("merton-2020", 1)
    made = versions.change_score(office["admin"], *POSITION, 10, WHY)
    frameworks.read_again()
    assert frameworks.known("merton-2020", 1) == first
    assert {"version", "fingerprint", "scores", "changed"} == {
        part for part in type(first).model_fields if getattr(first, part) != getattr(made, part)
    }
    changed = {d for d in first.scores if first.scores[d] != made.scores[d]}
    assert changed == {"family"}
    assert made.fingerprint != first.fingerprint


def test_a_number_that_stays_a_reading_says_how_it_is_read(office: Office, data: Path) -> None:
    made = versions.change_score(office["admin"], *POSITION, 12, "Read as 12: as heavy as places", inferred=True)
    assert made.scores["family"].inferred == ("significant",)
    assert made.scores["family"].why == "Read as 12: as heavy as places"
    assert made.changed is not None
    assert made.changed.what == "family.significant: 8 to 12, inferred"


def test_the_reading_can_be_confirmed_without_another_number(office: Office, data: Path) -> None:
    made = versions.change_score(office["admin"], *POSITION, 8, WHY)
    assert (made.version, made.scores["family"].significant, made.scores["family"].inferred) == (2, 8, ())


def test_another_reading_in_the_same_domain_keeps_its_why(office: Office, data: Path) -> None:
    first = frameworks.known("merton-2020", 1)
    made = versions.change_score(office["admin"], "family", "moderate", 5, WHY)
    assert (made.scores["family"].inferred, made.scores["family"].why) == (("significant",), first.scores["family"].why)


def test_versions_follow_each_other(office: Office, data: Path) -> None:
    versions.change_score(office["admin"], *POSITION, 10, WHY)
    made = versions.change_score(office["admin"], *POSITION, 12, "Told otherwise", of=2)
    assert (made.version, folders(data)[-1]) == (3, "merton-2020-v3")
    assert made.changed == Change(
        by="administrator", on=TODAY, what="family.significant: 10 to 12", why="Told otherwise"
    )


def test_an_assessment_keeps_the_version_it_was_made_with(
    office: Office, data: Path, draft: Draft, whole: Answers
) -> None:
    answered = draft.model_copy(
        update={"answers": whole.model_copy(update={"levels": {**whole.levels, "family": "significant"}})}
    )
    versions.change_score(office["admin"], *POSITION, 10, WHY)
    kept = assessments.record(office["jo"], "YP-0001", answered, Judgement(level="moderate", reason="Support holds"))
    assert (kept.framework_version, kept.score.context.score) == (1, 22)
    newest = score(frameworks.current(), answered.answers.levels, assessed_on=TODAY)
    assert newest.context.score == 24


def test_it_is_audited_without_the_reason(office: Office, data: Path) -> None:
    versions.change_score(office["admin"], *POSITION, 10, WHY)
    entry = audit_log.read(office["auditor"])[0]
    assert (entry.user, entry.operation, entry.record) == ("u-admin", "versions.change_score", "")
    assert entry.why == "merton-2020 version 2: family.significant: 8 to 10"


@pytest.mark.parametrize("who", ["jo", "chair", "analyst", "partner", "auditor", "lead"])
def test_only_an_administrator_may(office: Office, data: Path, who: str) -> None:
    with pytest.raises(NotPermitted):
        versions.change_score(office[who], *POSITION, 10, WHY)
    assert folders(data) == ["merton-2020"]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (("family", "significant", 10, " \x07 "), "reason: empty; write something"),
        (("family", "significant", 10, "x" * 40_000), "reason: 40,000 characters; at most 20,000 fit"),
        (
            ("family", "significant", 10, "As {marac} says"),
            "reason: braces { } stand for local services; use round brackets",
        ),
        (("family", "significant", -1, WHY), "score: must be a whole number from 0 to 99"),
        (("family", "significant", 100, WHY), "score: must be a whole number from 0 to 99"),
        (("family", "significant", 9.5, WHY), "score: must be a whole number from 0 to 99"),
        (("family", "significant", True, WHY), "score: must be a whole number from 0 to 99"),
        (("=cmd()", "significant", 10, WHY), "domain or level: unknown; take one of the framework's"),
        (("family", "🦉", 10, WHY), "domain or level: unknown; take one of the framework's"),
        (("places", "significant", 12, WHY), "score: it is 12 already; nothing would change"),
        (
            ("family", "significant", 6, WHY),
            "scores.yaml: family.significant: 6 does not rise above moderate, 6 (score); raise it",
        ),
        (
            ("family", "none", 1, WHY),
            "scores.yaml: family.none: 1, but the lowest level starts at 0, else totals fall in a gap; set it to 0",
        ),
    ],
)
def test_a_fault_leaves_nothing_behind(
    office: Office, data: Path, asked: tuple[str, str, int, str], fault: str
) -> None:
    with pytest.raises(Faults) as said:
        versions.change_score(office["admin"], *asked)
    assert said.value.faults == [fault]
    assert folders(data) == ["merton-2020"]
    assert frameworks.current().version == 1


def test_several_faults_are_said_at_once(office: Office, data: Path) -> None:
    with pytest.raises(Faults) as said:
        versions.change_score(office["admin"], "x", "y", -1, "")
    assert len(said.value.faults) == 3


def test_what_somebody_else_made_meanwhile_is_looked_at_first(office: Office, data: Path) -> None:
    versions.change_score(office["admin"], *POSITION, 10, WHY, of=1)
    with pytest.raises(Conflict):
        versions.change_score(office["admin"], *POSITION, 12, WHY, of=1)
    assert folders(data) == ["merton-2020", "merton-2020-v2"]


def test_a_folder_of_that_name_is_never_written_over(office: Office, data: Path) -> None:
    shutil.copytree(data / "frameworks" / "merton-2020", data / "frameworks" / "merton-2020-v2")
    head = data / "frameworks" / "merton-2020-v2" / "framework.yaml"
    other = head.read_text(encoding="utf-8").replace("id: merton-2020", "id: other")
    head.write_text(other, encoding="utf-8")
    with pytest.raises(Conflict):
        versions.change_score(office["admin"], *POSITION, 10, WHY)
    assert head.read_text(encoding="utf-8") == other
    assert folders(data) == ["merton-2020", "merton-2020-v2"]


def test_a_folder_that_cannot_be_written_is_said_and_left(
    office: Office, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "copytree", refused)
    with pytest.raises(StorageUnavailable, match="cannot be written"):
        versions.change_score(office["admin"], *POSITION, 10, WHY)
    assert folders(data) == ["merton-2020"]


def test_without_its_audit_entry_there_is_no_version(office: Office, data: Path) -> None:
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO audit_gone"))
    try:
        with pytest.raises(ChmError):
            versions.change_score(office["admin"], *POSITION, 10, WHY)
    finally:
        with office.engine.begin() as connection:
            connection.execute(text("ALTER TABLE audit_gone RENAME TO audit"))
    assert folders(data) == ["merton-2020"]
    assert frameworks.current().version == 1


def test_a_broken_framework_is_said_and_nothing_made(office: Office, data: Path) -> None:
    (data / "frameworks" / "merton-2020" / "bands.yaml").unlink()
    with pytest.raises(Faults, match=r"bands\.yaml"):
        versions.change_score(office["admin"], *POSITION, 10, WHY)
    assert folders(data) == ["merton-2020"]


def test_a_copy_half_made_by_a_crash_is_not_read(office: Office, data: Path) -> None:
    (data / "frameworks" / ".new-half" / "domains").mkdir(parents=True)
    assert load_all(data).keys() == {("merton-2020", 1)}
    assert versions.change_score(office["admin"], *POSITION, 10, WHY).version == 2


def test_the_day_stands_as_a_date_in_the_file(office: Office, data: Path) -> None:
    versions.change_score(office["admin"], *POSITION, 10, "Zoë’s letter: 10 “as printed”\nsecond line # not a comment")
    frameworks.read_again()
    changed = frameworks.current().changed
    assert changed is not None
    assert (changed.on, changed.why) == (
        date(2026, 11, 23),
        "Zoë’s letter: 10 “as printed”\nsecond line # not a comment",
    )
