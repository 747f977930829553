"""Everything held about one young person in one file, and nobody else in it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import docx
import pytest

from chm import store
from chm.access import Permission
from chm.casework import addresses, people, subject_access
from chm.casework.documents import Made
from chm.errors import AlreadyKnown, Faults, NotFound, NotPermitted
from chm.store import audit, users
from chm.store.held import referring
from chm.store.tables import YoungPersonRow

from .conftest import HERON, TODAY, Office
from .hall import TOLD
from .test_deletion import SECOND, ZOE, fill

OWN = {"zoë", "zoe", "heron", "4/3/2012", "04-03-12", "2012-03-04", "march 2012"}


def opened(made: Made) -> tuple[dict[str, Any], str, dict[str, str]]:
    """The JSON, the text of the document, and those of the other documents by name."""
    with zipfile.ZipFile(io.BytesIO(made.data)) as file:
        names = file.namelist()
        found = {n: text_of(file.read(n)) for n in names if n.endswith(".docx")}
        said = json.loads(file.read("everything-held.json"))
    return said, found.pop("everything-held.docx"), found


def text_of(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.fixture
def filled(hall: Office) -> Office:
    """The hall, with something about Zoë in every table."""
    with store.transaction(hall.engine) as session:
        users.add(session, SECOND)
    fill(hall)
    return hall


def section(said: dict[str, Any], title: str) -> list[dict[str, str]]:
    (found,) = (s["entries"] for s in said["sections"] if s["title"] == title)
    return list(found)


def test_everything_is_in_it_and_nobody_else(filled: Office) -> None:
    made = subject_access.export(filled["lead"], ZOE, "Zoë asked for it")
    assert made.name == "YP-0001-everything-held-2026-11-23.zip"
    said, text, others = opened(made)
    assert (said["young_person"], said["name"], said["on"]) == (ZOE, "Zoë Heron", "2026-11-23")
    assert said["before"][0] == "Made because: Zoë asked for it"
    filled_in = {s["title"] for s in said["sections"] if s["entries"]}
    assert {s["title"] for s in said["sections"]} - filled_in == set()
    assert section(said, "Who they are") == [
        {"Name": "Zoë Heron", "Home borough": "Merton", "Born": "4 March 2012", "Closed on": "23 November 2026"}
    ]
    whole = "\n".join([json.dumps(said, ensure_ascii=False), text, *others.values()]).casefold()
    assert [t for t in TOLD if t in whole and t not in OWN and t not in ("yp-0", "why-text", "secretword")] == []
    assert "yp-0002" not in whole and "yp-02" not in whole
    for mine in ("Zoë Heron", "Made because", "Assessments: evidence", "another young person", "somebody else"):
        assert mine in text


def test_every_table_that_refers_to_a_young_person_has_a_title() -> None:
    """Whoever adds one: its rows are in the file all the same, under the table's own name until it has a title."""
    tables = {c.table.name for c in referring(YoungPersonRow.__table__)}  # type: ignore[arg-type]
    assert tables - {*subject_access.TITLES} - subject_access.INSIDE == set()


def test_in_words(filled: Office) -> None:
    said, _, others = opened(subject_access.export(filled["lead"], ZOE, "Asked"))
    assert "Practitioner, Early Help" in {w["User"] for w in section(said, "Who works or worked with them")}
    assert section(said, "Actions proposed for several young people") == [
        {
            "What": "Staff look out", "By": "Police", "Status": "Accepted", "Decided by": "Practitioner, Early Help",
            "Decided at": "23 November 2026, 12:00",
        }
    ]  # fmt: skip
    (totals,) = {t["Totals"] for t in section(said, "Assessments")}
    assert totals == (
        "Harm 16, Emerging; Context 17, Moderate; Combined 33, Moderate; "
        "The context band is Moderate, above the level of every context domain"
    )
    (ticked,) = section(said, "Assessments: what was ticked")
    assert ticked == {"Assessment": "Of 23 November 2026", "Indicator": "Is regularly late home"}
    ties = {(t["With"], t["Kind"], t["End"]) for t in section(said, "Ties to others")}
    assert ties == {("a home", "Lives at", "it goes on"), ("another young person", "Peer", "it goes on")}
    entries = [e["Text"] for e in section(said, "What was said of them in meetings")]
    assert "Zoë Heron says: ask me first, not a member of staff" in entries
    assert "another young person and Zoë Heron are told apart from each other" in entries
    assert list(others) == ["M-3-v1-extract.docx"]
    assert "ask me first, not a member of staff" in others["M-3-v1-extract.docx"]
    assert "signed by the chair on 23 November 2026" in others["M-3-v1-extract.docx"]
    looks = section(said, "Who opened or changed it")
    who = {e["Who"] for e in looks}
    assert who == {
        "Practitioner, Early Help", "Practitioner, Youth Justice", "Chair, Police",
        "Safeguarding lead, Children's Social Care",
    }  # fmt: skip
    assert {
        "When": "23 November 2026, 12:00",
        "Who": "Practitioner, Early Help",
        "What": "recorded a referral",
    } in looks


def test_a_protected_address_only_where_it_is_asked_for(filled: Office) -> None:
    without = subject_access.export(filled["lead"], ZOE, "Asked")
    assert "Planted Lane" not in "".join((json.dumps(opened(without)[0]), opened(without)[1]))
    assert opened(without)[0]["left_out"][-1] == "A protected address, if one is kept: it was not asked for."
    said, text, _ = opened(subject_access.export(filled["lead"], ZOE, "Asked", with_address=True))
    assert section(said, "Protected address") == [{"Address": "2 Planted Lane", "From whom it is kept": ""}]
    assert "2 Planted Lane" in text
    with store.transaction(filled.engine, writing=False) as session:
        entries = [(e.user, e.record, e.why) for e in audit.read(session, ZOE, 2)]
    assert entries == [
        ("u-lead", ZOE, "everything held, with the protected address"),
        ("u-lead", ZOE, "everything held"),
    ]


def test_reasons_are_in_it_and_why_an_address_was_read_with_the_address_alone(filled: Office) -> None:
    addresses.read(filled["lead"], ZOE, "A letter for Zoë and Teal Madeup to 2 Planted Lane")
    lead = {"User": "Safeguarding lead, Children's Social Care", "At": "23 November 2026, 12:00"}
    jo = {**lead, "User": "Practitioner, Early Help"}
    closed = {"Operation": "closed the record", **jo, "Reason": "Nothing more to do"}
    read = {"Operation": "read a protected address", **lead, "Reason": "Not shown: it may tell a protected address"}
    title = "Reasons that were given for what was done"
    for with_address, why in (
        (False, read["Reason"]),
        (True, "A letter for Zoë and another young person to 2 Planted Lane"),
    ):
        said, _, _ = opened(subject_access.export(filled["lead"], ZOE, "Asked", with_address=with_address))
        shown = sorted(section(said, title), key=lambda r: r["Operation"])
        assert shown[:1] + shown[-1:] == [closed, {**read, "Reason": why}]
    assert shown[1:-1] == [{"Operation": "made a file of everything held about them", **lead, "Reason": "Asked"}]


def test_only_a_safeguarding_lead_for_a_reason(office: Office) -> None:
    assert {name for name, desk in office.items() if desk.may(Permission.SUBJECT_ACCESS)} == {"lead"}
    with pytest.raises(NotPermitted):
        subject_access.export(office["jo"], ZOE, "Asked")
    with pytest.raises(NotFound):
        subject_access.export(office["lead"], "YP-9999", "Asked")
    with pytest.raises(Faults) as said:
        subject_access.export(office["lead"], ZOE, "  ")
    assert said.value.faults == ["why: empty; write something"]


def test_of_one_of_whom_little_is_held(office: Office) -> None:
    said, text, others = opened(subject_access.export(office["lead"], "YP-0003", "Asked"))
    assert section(said, "Who they are")[0]["Name"] == "Wren O'Madeup"
    assert section(said, "Referrals") == []
    assert "Nothing is held." in text
    assert others == {}


def test_who_asked_whether_they_are_known_added_nobody(office: Office) -> None:
    with pytest.raises(AlreadyKnown):
        people.add(office["sam"], "Zoë Heron", born=None, age=14, home_borough="Merton")
    said, _, _ = opened(subject_access.export(office["lead"], ZOE, "Asked"))
    assert section(said, "Who opened or changed it") == [
        {
            "When": "23 November 2026, 12:00", "Who": "Practitioner, Youth Justice",
            "What": "asked whether they are known",
        }
    ]  # fmt: skip


def test_a_day_of_death_is_in_it(office: Office) -> None:
    people.correct(office["lead"], ZOE, HERON, born=HERON.born, looked_after=True, died_on=TODAY)
    said, _, _ = opened(subject_access.export(office["lead"], ZOE, "Their mother asked for it"))
    assert section(said, "Who they are") == [
        {
            "Name": "Zoë Heron", "Home borough": "Merton", "Born": "4 March 2012", "Looked after": "Yes",
            "Ever looked after": "Yes", "Died on": "23 November 2026",
        }
    ]  # fmt: skip
