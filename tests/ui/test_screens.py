"""Every screen for every role: open to those it serves and to nobody else; and plain words where nothing can start."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from chm import role_table, settings, store
from chm.casework import frameworks, guarded, people
from chm.casework.desk import Desk
from chm.errors import Conflict, Faults
from chm.records import Role, SafetyPlan
from chm.settings import today
from chm.store import drafts, plans
from chm.store import people as kept_people
from pages.parts.navigation import SCREENS, Screen
from tests.ui.conftest import drawn

ROOT = Path(__file__).resolve().parents[2]
REFUSAL = "This page is not open to your role."
USERS = {
    Role.PRACTITIONER: "U-jo",
    Role.CHAIR: "U-pat",
    Role.LOCATION_ANALYST: "U-kit",
    Role.PARTNER: "U-drew",
    Role.ADMINISTRATOR: "U-lee",
    Role.AUDITOR: "U-max",
    Role.SAFEGUARDING_LEAD: "U-chris",
}
# Written here a second time on purpose: whoever opens a screen to a role decides it twice.
SERVES = {
    "My work": {Role.PRACTITIONER, Role.CHAIR, Role.SAFEGUARDING_LEAD},
    "Score": {Role.PRACTITIONER, Role.SAFEGUARDING_LEAD},
    "Young people": {Role.PRACTITIONER, Role.CHAIR, Role.SAFEGUARDING_LEAD},
    "Network": {Role.PRACTITIONER, Role.CHAIR, Role.SAFEGUARDING_LEAD},
    "Missing together": {Role.PRACTITIONER, Role.CHAIR, Role.SAFEGUARDING_LEAD},
    "Group or school": {Role.PRACTITIONER, Role.CHAIR, Role.SAFEGUARDING_LEAD},
    "Places": {Role.PRACTITIONER, Role.CHAIR, Role.SAFEGUARDING_LEAD, Role.LOCATION_ANALYST},
    "Actions": {Role.PRACTITIONER, Role.CHAIR, Role.PARTNER, Role.SAFEGUARDING_LEAD},
    "Meetings": {Role.PRACTITIONER, Role.CHAIR, Role.PARTNER, Role.SAFEGUARDING_LEAD},
    "Meeting room": {Role.PRACTITIONER, Role.CHAIR, Role.PARTNER, Role.SAFEGUARDING_LEAD},
    "Import": {Role.SAFEGUARDING_LEAD},
    "Audit": {Role.AUDITOR, Role.SAFEGUARDING_LEAD},
    "Users": {Role.ADMINISTRATOR, Role.AUDITOR},
    "Guidance": set(Role),
}
HEADS = {
    "My work": "My work",
    "Score": "Score a young person",
    "Young people": "Young people",
    "Network": "What links young people",
    "Missing together": "Missing at the same time?",
    "Group or school": "Groups and schools",
    "Places": "Which places first, and why",
    "Actions": "Who does what, by when",
    "Meetings": "Meetings",
    "Meeting room": "The meeting room",
    "Import": "Import young people",
    "Audit": "Audit",
    "Users": "Users",
    "Guidance": "Guidance",
}


def test_the_table_names_every_screen_and_every_role() -> None:
    assert {s.title for s in SCREENS} == set(SERVES) == set(HEADS)
    assert set(USERS) == set(Role)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("screen", SCREENS, ids=lambda s: s.address)
def test_a_page_file_opens_only_to_its_roles(screen: Screen, role: Role, demo: Path, lead: Desk, visit: Any) -> None:
    """The file is run directly, past the navigation, as a wrong link or a stray route would."""
    page = AppTest.from_file(str(ROOT / "pages" / screen.file), default_timeout=60)
    page.session_state["user"] = USERS[role]
    page.session_state["young_person"] = "YP-0001"
    page.run()
    assert not page.exception
    refusals = [e.value for e in page.error if e.value == REFUSAL]
    whole = repr(page._tree) + "".join([h.proto.body for h in page.get("html")] + drawn(page))
    if role in SERVES[screen.title]:
        assert refusals == []
        assert any(f"<h1>{head}</h1>" in whole for head in (HEADS[screen.title], "Kestrel Madeup"))
    else:
        assert refusals == [REFUSAL]
        assert len(page.main.children) == 1  # The refusal itself, and nothing else.
        names = [row.young_person.name for row in people.mine(lead)]
        assert len(names) == 40
        assert [name for name in [*names, "YP-0"] if name in whole] == []


@pytest.mark.parametrize("role", list(Role))
def test_navigation_holds_only_what_serves_the_role(role: Role, visit: Any) -> None:
    here = visit(USERS[role])
    titles = [page["page_name"] for page in here.at._registered_pages.values() if page["url_pathname"]]
    assert titles == [s.title for s in SCREENS if role in SERVES[s.title]]
    assert [s.title for s in SCREENS if not s.listed] == ["Meeting room"]
    assert REFUSAL not in here.errors


def test_a_chair_meets_only_the_children_of_own_meetings(visit: Any) -> None:
    here = visit("U-pat").to(next(s for s in SCREENS if s.title == "Young people"))
    chosen = {b.key for b in here.at.button if str(b.key).startswith("choose-")}
    meeting = {"YP-0001", "YP-0002", "YP-0004", "YP-0005", "YP-0008", "YP-0011", "YP-0028", "YP-0029"}
    assert chosen == {f"choose-{id}" for id in meeting}
    here.at.session_state["young_person"] = "YP-0003"
    here.at.run()
    assert here.errors == ["**This record cannot be opened**\n\n- No such record, or none that you may open"]
    assert "Wren" not in here.everything
    here.young_person("YP-0001")
    assert "<h1>Kestrel Madeup</h1>" in here.everything
    assert {"Word document", "Score again", "Add referral", "Save action"}.isdisjoint(b.label for b in here.at.button)


@pytest.mark.parametrize(("role", "named"), [(Role.PRACTITIONER, 0), (Role.CHAIR, 0), (Role.SAFEGUARDING_LEAD, 2)])
def test_a_restricted_and_a_closed_record_are_on_no_screen_but_a_leads(
    role: Role, named: int, lead: Desk, visit: Any
) -> None:
    """Both are of Jo's caseload, and of a meeting that Pat chairs."""
    both = ("Kestrel Madeup", people.record_of(lead, "YP-0002").young_person.name)
    guarded.restrict(lead, "YP-0001", "A worker's own family")
    guarded.close(lead, "YP-0002", "Nothing more to do")
    here = visit(USERS[role])
    said = ""
    for screen in (s for s in SCREENS if s.listed and role in SERVES[s.title]):
        here.to(screen)
        assert not here.at.exception, screen.title
        said += here.everything
    assert [name for name in both if name in said] == list(both[:named])
    here.to(next(s for s in SCREENS if s.title == "Young people"))
    here.at.session_state["young_person"] = "YP-0001"
    here.at.run()
    assert ("<h1>Kestrel Madeup</h1>" in here.everything) == bool(named)


# What a record's page offers, and the operation that it leads to.
OFFERS = {
    "Who has seen it": "audit_log.seen_by",
    "Correct details": "people.correct",
    "Access": "guarded.restrict",
    "Address": "addresses.read",
    "Close the case": "guarded.close",
    "How long it is kept": "deletion.standing",
    "Everything held": "subject_access.export",
    "Word document": "documents.assessment",
    "Score again": "drafts.open",
    "Add referral": "people.add_referral",
    "Add incident": "people.add_incident",
    "An action of your own": "plans.add_action",
    "Save safety plan": "plans.save_safety_plan",
    "A copy to take away": "documents.safety_plan",
}
CHILD = {"linked": "YP-0001", "granted": "YP-0002", "restricted": "YP-0004", "closed": "YP-0005", "other": "YP-0040"}


@pytest.fixture
def states(lead: Desk) -> None:
    """A young person in each state of the golden table, all alike but for it: with a score and a safety plan."""
    with store.transaction(lead.engine) as session:
        for id in CHILD.values():
            drafts.close(session, id)
            if plans.safety_plan(session, id) is None:
                plans.save_safety_plan(session, SafetyPlan(id, version=0))
        for id in list(CHILD.values())[:4]:
            for user in ("U-jo", "U-chris"):
                with suppress(Conflict):
                    kept_people.allocate(session, user, id, date(2026, 1, 1))
    for state in ("granted", "restricted"):
        guarded.restrict(lead, CHILD[state], "A worker's own family")
    for user in USERS.values():
        with suppress(Faults):
            guarded.give_grant(lead, CHILD["granted"], user, today() + timedelta(days=9), "They work with them")
    guarded.close(lead, CHILD["closed"], "Nothing more to do")
    with sqlite3.connect(settings.database_url().removeprefix("sqlite:///")) as database:
        database.execute("UPDATE caseload SET until = NULL WHERE young_person = ?", (CHILD["closed"],))
    database.close()


@pytest.mark.parametrize("role", [r for r in Role if r in SERVES["Young people"]])
def test_a_record_s_page_offers_what_the_golden_table_opens(role: Role, states: None, visit: Any) -> None:
    table = {row.operation: row.cells[role] for row in role_table.load()}
    here = visit(USERS[role]).to(next(s for s in SCREENS if s.title == "Young people"))
    for state, id in CHILD.items():
        here.at.session_state["young_person"] = id
        here.at.run()
        assert not here.at.exception
        assert bool(here.errors) == (state not in table["people.record_of"]), state
        offered = {b.label for b in here.at.button if not b.disabled}
        assert offered & OFFERS.keys() == {label for label, of in OFFERS.items() if state in table[of]}, state


@pytest.mark.parametrize("user", ["U-nobody", "YP-0001", "", None, 5])
def test_an_unknown_user_is_the_demo_practitioner_and_no_more(user: Any, visit: Any) -> None:
    here = visit(user)
    assert "Jo Placeholder, practitioner" in here.said


def test_becoming_somebody_else_forgets_what_was_open(visit: Any) -> None:
    here = visit().young_person("YP-0001")
    here.title("user", "U-lee")
    assert not here.at.exception
    assert here.at.session_state["user"] == "U-lee"
    assert {"young_person", "record", "matrix_open"}.isdisjoint(here.at.session_state.to_dict())
    assert "Kestrel" not in here.everything


def _start(at_file: Callable[[str], None], url: str) -> list[str]:
    at_file(url)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not page.exception
    assert len(page.get("html")) <= 1  # The style sheet at most.
    return [e.value for e in page.error]


def test_an_unprepared_database_says_what_to_run(tmp_path: Path, at_file: Any) -> None:
    said = _start(at_file, f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert len(said) == 1
    assert said[0].startswith("The product cannot start\\. ") or said[0].startswith("The product cannot start. ")
    assert "python \\-m chm prepare" in said[0]


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path, at_file: Any) -> None:
    file = tmp_path / "chm.sqlite3"
    file.write_bytes(b"not a database at all" * 100)
    (said,) = _start(at_file, f"sqlite:///{file}")
    assert "The file is not a database of this product, or encrypted and no key is set, or damaged" in said
    assert str(file) not in said


def test_a_missing_folder_is_said(tmp_path: Path, at_file: Any) -> None:
    (said,) = _start(at_file, f"sqlite:///{tmp_path / 'none' / 'chm.sqlite3'}")
    assert "The folder for the database" in said and "is missing" in said


def test_a_wrong_address_is_said_without_its_password(at_file: Any) -> None:
    (said,) = _start(at_file, "mysql://me:sekret@example.invalid/chm")
    assert "not the address of an SQLite or PostgreSQL database" in said
    assert "sekret" not in said


def test_a_database_that_is_not_the_demo_lets_nobody_choose_a_user(demo: Path, at_file: Any) -> None:
    with sqlite3.connect(demo) as database:
        assert database.execute("DELETE FROM meta WHERE key = 'demo'").rowcount == 1
    database.close()
    (said,) = _start(at_file, f"sqlite:///{demo}")
    assert "Choosing a user works on a demo database only" in said


@pytest.mark.parametrize("broken", ["missing", "broken"])
def test_a_missing_or_broken_framework_is_said(
    broken: str, demo: Path, tmp_path: Path, at_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("demo"))
    file = tmp_path / "data" / "frameworks" / "merton-2020" / "scores.yaml"
    if broken == "broken":
        file.write_text("family: [", encoding="utf-8")
    else:
        file.unlink()
    monkeypatch.setenv("CHM_DATA", str(tmp_path / "data"))
    frameworks.read_again()
    try:
        said = _start(at_file, f"sqlite:///{demo}")
    finally:
        monkeypatch.delenv("CHM_DATA")
        frameworks.read_again()
    assert len(said) == 1
    assert said[0].startswith("The product cannot start")
    assert "merton\\-2020\\/scores\\.yaml" in said[0]
