"""What texts and kept JSON say once somebody in them is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chm.meetings.forgetting import GONE, Forgotten, own_words

ZOE = Forgotten(
    id="YP-0001", name="Zoë Heron", words=frozenset({"Zoë"}), born=date(2012, 3, 4),
    parties=frozenset({"young_person:YP-0001", "place:PLA-1"}), things=("Planted Cottage", "1 Planted Lane, Mitcham"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "far", "near"),
    [
        ("Zoë Heron came", f"{GONE} came", f"{GONE} came"),
        ("zoe  heron’s mum", f"{GONE}’s mum", f"{GONE}’s mum"),
        (
            "seen as xX_zoeheron_Xx and heron.zoe",
            f"seen as xX_{GONE}_Xx and {GONE}",
            f"seen as xX_{GONE}_Xx and {GONE}",
        ),
        ("YP-0001, yp 1, YP-00010", f"{GONE}, {GONE}, YP-00010", f"{GONE}, {GONE}, YP-00010"),
        (
            "@{young_person:YP-0001} and @{person:PER-1}",
            f"{GONE} and @{{person:PER-1}}",
            f"{GONE} and @{{person:PER-1}}",
        ),
        ("Zoë and ZOE, a zoe", "Zoë and ZOE, a zoe", f"{GONE} and {GONE}, a zoe"),
        ("born 4/3/2012 or 4th March 2012", "born 4/3/2012 or 4th March 2012", "born a date or a date"),
        (
            "Zo\u00adë He\u200bron, YP-0\u2060001, zoe\u200dheron1",
            f"{GONE}, {GONE}, {GONE}1",
            f"{GONE}, {GONE}, {GONE}1",
        ),
        ("Zo\u00adë, 4/3/20\u200b12", "Zo\u00adë, 4/3/20\u200b12", f"{GONE}, a date"),
        ("Heron flew over YP-0002", "Heron flew over YP-0002", "Heron flew over YP-0002"),
        ("", "", ""),
    ],
)
def test_texts(text: str, far: str, near: str) -> None:
    assert (ZOE.text(text), ZOE.text(text, near=True)) == (far, near)


def test_where_another_has_the_name_only_ids_count() -> None:
    other = replace(ZOE, name="", words=frozenset(), born=None)
    assert other.text("Zoë Heron, YP-0001, zoeheron", near=True) == f"Zoë Heron, {GONE}, zoeheron"


def test_of_json_only_what_is_theirs_goes() -> None:
    kept = {
        "young_people": [{"id": "YP-0001", "name": "Zoë Heron"}, {"id": "YP-0002", "why": "With Zoë Heron"}],
        "names": {"YP-0001": "Zoë Heron", "YP-0002": "Teal"},
        "others": {"young_person:YP-0001#1": "Zoë", "place:PLA-1": "Planted Cottage", "person:PER-1": "Dan"},
        "said": [
            {"young_people": ["YP-0001"], "text": "Hers"},
            {"young_people": ["YP-0001", "YP-0002"], "text": "Both"},
            {"target": "young_person:YP-0001", "text": "About her"},
        ],
        "participants": [{"party": ["young_person", "YP-0001"]}, {"party": {"kind": "young_person", "id": "YP-0002"}}],
        "count": 2,
        "none": None,
    }
    assert ZOE.json(kept) == {
        "young_people": [{"id": "YP-0002", "why": f"With {GONE}"}],
        "names": {"YP-0002": "Teal"},
        "others": {"person:PER-1": "Dan"},
        "said": [{"young_people": ["YP-0002"], "text": "Both"}],
        "participants": [{"party": {"kind": "young_person", "id": "YP-0002"}}],
        "count": 2,
        "none": None,
    }
    assert ZOE.told({"planted cottage": "a home", "Elsewhere House": "a home"}) == {"Elsewhere House": "a home"}


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (["young_person", "YP-0001"], True),
        ({"kind": "young_person", "id": "YP-0001"}, True),
        ({"one": {"deep": ["x", "place:PLA-1"]}}, True),
        ({"YP-0001": 1}, True),
        ({"kind": "person", "id": "YP-0002"}, False),
        (["young_person", "YP-0002"], False),
        (None, False),
    ],
)
def test_whether_json_refers_to_them(value: object, there: bool) -> None:
    assert ZOE.is_in(value) is there


def test_their_own_words_are_those_that_mean_nobody_else() -> None:
    assert own_words("x", "Sky-Ann Heron Will", ["Teal Heron"], ("will",)) == {"Sky", "Ann"}
    assert own_words("x", "Zoë Heron", ["Zoe Madeup"], ()) == {"Heron"}
    assert own_words("x", "", [], ()) == frozenset()
