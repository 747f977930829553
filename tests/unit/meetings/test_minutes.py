"""The minutes, one young person's extract of them, and what each agency leaves with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from chm.meetings.minutes import (
    Minuted,
    MinutedAction,
    MinutedLink,
    MinutedTotal,
    MinutedYoungPerson,
    Minutes,
    Present,
    agencies,
    extract,
    of_agency,
    of_json,
    to_json,
)

ZOE, TEAL, DAN = "young_person:YP-0001", "young_person:YP-0002", "person:PER-d1"
NAMES = {"YP-0001": "Zoë Heron", "YP-0002": "Teal Heron", "YP-0003": "Wren O'Madeup"}
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DUE = date(2026, 12, 1)
# Whatever of others an extract for Zoë must not hold, in whatever case.
OTHERS = (
    "teal", "wren", "madeup", "YP-0002", "YP-0003", "danno", "big d", "golf", "ZZ99", "snapper", "07700", "nowhere",
    "flat 9", "sky", "example house", "31 January", "CR4", "why-text", "purpose-text", "gap-text", "change-text",
)  # fmt: skip
TYPED = (
    "Zoë Heron was with Teal, teal heron, WREN and O'Madeup’s mum (yp-0002, YP 3), Danno, “Big D”, in ZZ99 ZZZ by the "
    "Grey Golf, at Flat 9, Nowhere Court, flat 9 or Example House, CR4 3ZZ; born 31 January 2010; as snapper99 and on "
    "07700900123; Sky too"
)


def child(id: str, **more: Any) -> MinutedYoungPerson:
    given = {
        "id": id, "name": NAMES[id], "born": "Not known", "why": "why-text", "assessed_on": None, "totals": (),
        "judged": "", "judged_why": "", "flags": (), "significant": (), "review_by": None, **more,
    }  # fmt: skip
    return MinutedYoungPerson(**given)


def said(*who: str, text: str = TYPED, target: str = "", **more: Any) -> Minuted:
    return Minuted(kind="information", text=text, young_people=who, target=target, at=AT, **more)


def action(id: str, *who: str, target: str = "", **more: Any) -> MinutedAction:
    given = {
        "pillar": "protect", "text": TYPED, "owner_agency": "Police", "owner_person": "", "due": DUE,
        "status": "Not begun", **more,
    }  # fmt: skip
    return MinutedAction(id=id, target=target, young_people=who, **given)


MINUTES = Minutes(
    meeting="M-1",
    title="About Teal",
    purpose="purpose-text Teal",
    on=date(2026, 11, 23),
    at=time(10, 30),
    venue="At Teal's school",
    chair="Cass Invented",
    attendance=(
        Present(agency="Police", name="Ana Example", status="Present"),
        Present(agency="Teal Heron's family", name="Teal's mother", status="Present"),
    ),
    young_people=(
        child(
            "YP-0001", born="4 March 2012", judged_why=TYPED, flags=(TYPED,), voice=(TYPED,), parent=(TYPED,),
            tells=(TYPED,),
            totals=(MinutedTotal(title="Combined", score=None, most=112, band=None, band_name="Not known"),),
        ),
        child("YP-0002"),
        child("YP-0003", born="31 January 2010"),
    ),
    links=(
        MinutedLink(
            target="place:PLA-h", kind="Home", young_people=("YP-0001", "YP-0002", "YP-0003"),
            agencies=("Police", "Wren O'Madeup"), confidence="Likely", last=DUE,
        ),
        MinutedLink(
            target="place:PLA-t", kind="Place", young_people=("YP-0002", "YP-0003"), agencies=(), confidence="",
            last=None,
        ),
    ),
    said=(
        said("YP-0001", "YP-0002", target=DAN, reason=TYPED, agency="Teal's aunt"),
        said("YP-0001", target=TEAL, text=f"@{{{TEAL}}} told @{{{ZOE}}} of @{{{DAN}}} and @{{vehicle:VEH-x}}"),
        said("YP-0002", text="Only of Teal"),
        said(text="Of nobody"),
    ),
    actions=(
        action("MAC-1", "YP-0001", "YP-0003", target=DAN, outcome=TYPED, owner_person="Wren's dad"),
        action("MAC-2", "YP-0002"),
        action("MAC-3", "YP-0001", target=TEAL, owner_person="Ana Example", owner_agency="Education"),
        action("MAC-4", target=ZOE),
    ),
    carried=(action("MAC-0", "YP-0001", meeting_on=date(2026, 10, 1), due=None),),
    changes=("change-text",),
    gaps=("gap-text",),
    next_review=DUE,
    next_review_why="Teal's is due",
    names=NAMES,
    things={
        DAN: "Danno", "vehicle:VEH-1": "Grey Golf", "account:ACC-1": "snapper99", "account:ACC-2": "“An old phone”",
        "place:PLA-h": "Example House", "place:PLA-t": "Wren O'Madeup's corner", "place:PLA-a": "The Arcade",
    },
    homes=("place:PLA-h",),
    others={
        "young_person:YP-0009": "Sky Notreal", "young_person:YP-0002#1": "Teal", "young_person:YP-0001#1": "Zoë",
        f"{DAN}#2": "Big D",
    },
    told={
        "Flat 9, Nowhere Court": "a home", "Flat 9": "a home", "07700 900123": "an account", "ZZ99 ZZZ": "a vehicle",
    },
    births={"YP-0001": date(2012, 3, 4), "YP-0003": date(2010, 1, 31)},
)  # fmt: skip
MASKED = (
    "Zoë Heron was with another young person, another young person, another young person and another young person’s "
    "mum (another young person, another young person), somebody else, “somebody else”, in a vehicle by the a vehicle, "
    "at a home, a home or a home, a postcode; born a date; as an account and on an account; another young person too"
)


def test_to_json_and_back_is_the_same() -> None:
    assert of_json(to_json(MINUTES)) == MINUTES


def test_what_was_kept_before_names_were_noted_is_read() -> None:
    kept = {k: v for k, v in to_json(MINUTES).items() if k not in ("others", "told", "births")}
    assert of_json(kept) == replace(MINUTES, others={}, told={}, births={})


class TestExtract:
    own = extract(MINUTES, "YP-0001")

    def test_it_holds_nobody_else_anywhere(self) -> None:
        whole, held = repr(MINUTES).casefold(), repr(self.own).casefold()
        assert [o for o in OTHERS if o.casefold() not in whole] == []
        assert [o for o in OTHERS if o.casefold() in held] == []

    def test_without_what_was_noted_the_meetings_own_names_are_masked_still(self) -> None:
        held = repr(extract(replace(MINUTES, others={}, told={}, births={}), "YP-0001")).casefold()
        assert [
            n for n in ("teal heron", "o'madeup", "danno", "example house", "snapper", "grey golf") if n in held
        ] == []

    def test_what_was_said_about_them_is_whole(self) -> None:
        first, second = self.own.said
        assert (first.text, first.reason, first.young_people, first.target) == (MASKED, MASKED, ("YP-0001",), DAN)
        assert first.agency == "another young person's aunt"
        assert self.own.words(second.text) == (
            "another young person told Zoë Heron of somebody else and something else"
        )
        assert second.target == ""
        (me,) = self.own.young_people
        assert (me.name, me.born, me.why, me.totals) == (
            "Zoë Heron",
            "4 March 2012",
            "",
            MINUTES.young_people[0].totals,
        )
        assert (me.judged_why, me.flags, me.voice, me.parent, me.tells) == (MASKED, *[(MASKED,)] * 4)

    def test_of_what_is_about_all_of_them_nothing_is_kept(self) -> None:
        own = self.own
        assert (own.title, own.purpose, own.changes, own.gaps, own.next_review_why) == (
            "Complex strategy meeting", "", (), (), "",
        )  # fmt: skip
        assert (own.on, own.at, own.next_review, own.chair, own.for_whom) == (
            MINUTES.on, MINUTES.at, DUE, "Cass Invented", "YP-0001",
        )  # fmt: skip
        assert own.venue == "At another young person's school"

    def test_who_came_stays_unless_it_is_one_who_is_masked(self) -> None:
        assert self.own.attendance == (
            Present(agency="Police", name="Ana Example", status="Present"),
            Present(agency="another young person's family", name="", status="Present"),
        )

    def test_links_say_that_there_are_others_and_not_how_many(self) -> None:
        (link,) = self.own.links
        assert (link.young_people, link.agencies) == (("YP-0001", ""), ("Police", "another young person"))
        assert (self.own.what(link.target), self.own.who(link.young_people)) == (
            "a home", "Zoë Heron, another young person",
        )  # fmt: skip

    def test_actions_for_them_and_on_them(self) -> None:
        assert [(a.id, a.target, a.owner_person) for a in self.own.actions] == [
            ("MAC-1", DAN, ""), ("MAC-3", "", "Ana Example"), ("MAC-4", ZOE, ""),
        ]  # fmt: skip
        assert {(a.young_people, a.text) for a in (*self.own.actions, *self.own.carried)} == {(("YP-0001",), MASKED)}
        assert [a.id for a in self.own.carried] == ["MAC-0"]

    def test_only_what_it_speaks_of_is_in_it(self) -> None:
        assert self.own.names == {"YP-0001": "Zoë Heron"}
        assert self.own.things == {DAN: "somebody else", "place:PLA-h": "a home"}
        assert (self.own.others, self.own.told, self.own.births, self.own.homes) == ({}, {}, {}, ("place:PLA-h",))

    def test_a_brother_or_sister_leaves_the_own_name_whole(self) -> None:
        assert self.own.said[0].text.startswith("Zoë Heron was")
        assert "another young person Heron" not in self.own.said[0].text

    def test_a_name_run_together_withholds_the_text(self) -> None:
        told = extract(replace(MINUTES, said=(said("YP-0001", text="As wrenomadeup99, he said"),)), "YP-0001")
        assert told.said[0].text == "Withheld: it names somebody else"

    def test_a_public_place_is_named_but_for_who_stands_in_its_name(self) -> None:
        linked = replace(MINUTES.links[1], young_people=("YP-0001", "YP-0003"))
        arcade = replace(linked, target="place:PLA-a")
        own = extract(replace(MINUTES, links=(linked, arcade)), "YP-0001")
        assert own.things["place:PLA-t"] == "another young person's corner"
        assert own.things["place:PLA-a"] == "The Arcade"

    @pytest.mark.parametrize("who", ["YP-0009", "", "YP-0001'--", "young_person:YP-0001"])
    def test_there_is_none_for_somebody_not_in_the_meeting(self, who: str) -> None:
        with pytest.raises(KeyError):
            extract(MINUTES, who)

    def test_the_chairs_copy_stays_as_it_was(self) -> None:
        assert MINUTES.said[0].text == TYPED
        assert (
            MINUTES.words(f"@{{{TEAL}}} and @{{{DAN}}}, @{{person:x}}") == "Teal Heron and Danno, another young person"
        )


def test_each_agency_leaves_with_its_own_soonest_first() -> None:
    assert agencies(MINUTES) == ("Education", "Police")
    assert [a.id for a in of_agency(MINUTES, "Police")] == ["MAC-1", "MAC-2", "MAC-4", "MAC-0"]
    assert [a.id for a in of_agency(MINUTES, "Education")] == ["MAC-3"]
    assert of_agency(MINUTES, "police") == ()


def test_who_is_masked_is_said_once() -> None:
    assert MINUTES.who(("YP-0001", "x", "y")) == "Zoë Heron, another young person"
