"""Likely duplicates as a part of a page: reasons, merge, keep apart, undo, and what somebody else did meanwhile."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from chm.casework import connections_import, duplicates
from chm.casework.desk import Desk
from chm.connections import Vehicle

MARKS = "<b>Notreal</b> ![x](http://192.0.2.1/x)"
FILE = f"""from_kind,from,to_kind,to
young_person,YP-0001,vehicle,QX12 QXZ
young_person,YP-0001,vehicle,QX12QXZ
young_person,YP-0001,place,"Madeup {MARKS} Depot"
young_person,YP-0001,place,"The Madeup {MARKS} Depot"
"""


def part() -> None:
    """A page of this part alone, at the lead's desk."""
    from chm.casework import database
    from chm.casework.desk import Desk
    from chm.records import Role, User
    from pages.parts import duplicates_view

    lead = User("U-chris", "Chris Sample", "Children's Social Care", frozenset({Role.SAFEGUARDING_LEAD}))
    duplicates_view.offers(Desk(database.open(), lead))


@pytest.fixture
def desk(lead: Desk) -> Desk:
    """The lead's desk, with two cars and two places that are each likely to be one; the demo's own are decided."""
    for offer in duplicates.offered(lead):
        duplicates.keep_apart(lead, offer.one.id, offer.other.id)
    connections_import.import_connections(lead, FILE.encode())
    return lead


@pytest.fixture
def page(desk: Desk) -> Iterator[AppTest]:
    shown = AppTest.from_function(part, default_timeout=60).run()
    assert not shown.exception
    yield shown


def said(page: AppTest) -> str:
    bodies = " ".join(re.sub(r"<[^>]*>", " ", h.proto.body) for h in page.get("html"))
    return " ".join(html.unescape(bodies).split())


def press(page: AppTest, label: str, nth: int = 0) -> None:
    [b for b in page.button if b.label == label][nth].click().run()
    assert not page.exception


def test_pairs_stand_with_their_reasons_and_names_are_plain_text(page: AppTest) -> None:
    assert "Vehicle QX12" in said(page)
    assert "The plate is the same but for spaces" in said(page)
    assert f"The Madeup {MARKS} Depot" in said(page)
    assert [b.label for b in page.button][:4] == ["Merge", "Keep apart"] * 2
    assert all("<b>Notreal" not in h.proto.body for h in page.get("html"))
    assert r"\<b\>" in page.radio[1].options[0]


def test_merge_and_undo(page: AppTest, desk: Desk) -> None:
    vehicle = duplicates.offered(desk)[0]
    assert isinstance(vehicle.one, Vehicle)
    other = next(option for option in page.radio[0].options if option != page.radio[0].options[page.radio[0].index])
    page.radio[0].set_value(page.radio[0].options.index(other) == 0)
    press(page, "Merge")
    assert page.success[0].value == r"Merged\. Undo stands under Decided\."
    made = duplicates.decisions(desk)[0]
    assert (made.verdict, made.one.name, made.reasons) == ("merged", other, vehicle.reasons)
    assert f"{made.one.name} is also {made.other.name} merged by Chris Sample" in said(page)
    assert "The plate is the same but for spaces" not in said(page)
    press(page, "Undo")
    assert duplicates.decisions(desk)[0].undone_by == "Chris Sample"
    assert "The plate is the same but for spaces" in said(page)


def test_keep_apart_and_what_somebody_else_decided_meanwhile(page: AppTest, desk: Desk) -> None:
    first, second = duplicates.offered(desk)
    press(page, "Keep apart")
    assert duplicates.decisions(desk)[0].verdict == "apart"
    duplicates.merge(desk, second.one.id, second.other.id)
    press(page, "Merge")
    assert "Somebody decided about these two meanwhile" in page.error[0].value
    assert "No two entries look alike, save those that were decided." in said(page)
