"""My work: what is due, what to go on with, and whose it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chm.casework import notices, people, plans, tracker
from chm.casework.desk import Desk
from chm.records import ActionStatus, Role, User
from pages.parts.navigation import HOME

JO = ("YP-0001", "YP-0002", "YP-0003", "YP-0004", "YP-0005", "YP-0006", "YP-0007", "YP-0008", "YP-0009", "YP-0010",
      "YP-0011", "YP-0012", "YP-0013", "YP-0014")  # fmt: skip
SIX_WEEKS = timedelta(days=42)


def test_a_practitioner_sees_own_lists_in_order(visit: Any, lead: Desk) -> None:
    here = visit()
    mine = [r for r in people.mine(lead) if r.young_person.id in JO]
    assert len(mine) == 14
    due = sorted(
        (r.latest.review_by, r.young_person.name)
        for r in mine
        if r.latest and r.latest.review_by and r.latest.review_by <= date.today() + SIX_WEEKS
    )
    assert len(due) >= 8
    assert "Proposed for my young people · 4" in here.said
    reviews, _, rest = here.said[here.said.index("Reviews due ·") :].partition("My actions · ")
    assert f"Reviews due · {len(due)}" in reviews
    places = [reviews.index(name) for _, name in due]
    assert places == sorted(places)
    late = (date.today() - due[0][0]).days
    assert late == 6
    assert "Osprey Notreal YP-0008 Late by 6 days Significant Total 75 · 7 Significant" in reviews
    assert "Drafts · 3" in rest
    drafts = rest[rest.index("Drafts · 3") :]
    for words in (
        "Heron Example YP-0002 10 of 13",
        "Siskin Placeholder YP-0013 4 of 13",
        "Teal Pretend YP-0004 12 of 13",
    ):
        assert words in drafts
    assert "My young people · 14 by judged level Significant 8 Moderate 4 Emerging 1 Not assessed yet 1" in drafts
    others = [r.young_person.name for r in people.mine(lead) if r.young_person.id not in JO]
    assert len(others) == 26
    assert [name for name in others if name in here.everything] == []


def test_each_row_leads_to_what_it_is_about(visit: Any, lead: Desk) -> None:
    here = visit()
    here.at.button(key="open-YP-0008").click().run()
    assert "<h1>Osprey Notreal</h1>" in here.everything
    here.to(HOME)
    here.at.button(key="who-YP-0003").click().run()
    assert "<h1>Wren Example</h1>" in here.everything
    here.to(HOME)
    here.at.button(key="go-YP-0002").click().run()
    assert "<h1>Score Heron Example</h1>" in here.everything
    assert len(here.draft.answers.levels) == 10
    here.to(HOME)
    here.at.button(key="review-YP-0001").click().run()
    assert "<h1>Score Kestrel Madeup</h1>" in here.everything
    assert here.draft.answers.levels == {}
    assert people.record_of(lead, "YP-0001").draft.id == here.draft.stored.id
    here.to(HOME)
    assert "Drafts · 4" in here.said
    here.press("Score a young person")
    assert "<h1>Score Kestrel Madeup</h1>" in here.everything  # Still open: nothing is put away unasked.


def test_done_ends_the_action_for_everybody(visit: Any, lead: Desk) -> None:
    here = visit()
    jo = Desk(lead.engine, _jo())
    before = plans.actions_of_mine(jo)
    first = min(before, key=lambda a: a.due or date.max)
    live = {a.id for a in before} | {t.id for t in tracker.read(jo) if t.mine and t.live}
    assert f"My actions · {len(live)}" in here.said
    here.at.button(key=f"done-{first.id}").click().run()
    assert [t.value for t in here.at.toast] == ["Action done\\."]
    assert f"My actions · {len(live) - 1}" in here.said
    assert first.text not in here.said
    kept = next(a for a in people.record_of(lead, first.young_person).actions if a.id == first.id)
    assert (kept.status, kept.closed_on) == (ActionStatus.DONE, date.today())


def test_done_twice_from_two_screens_says_so_and_keeps_the_first(visit: Any, lead: Desk) -> None:
    one, two = visit(), visit()
    first = min(plans.actions_of_mine(Desk(lead.engine, _jo())), key=lambda a: a.due or date.max)
    one.at.button(key=f"done-{first.id}").click().run()
    two.at.button(key=f"done-{first.id}").click().run()
    assert not two.at.exception
    (said,) = two.errors
    assert said.startswith("**Nothing was changed**") and "Somebody else changed this meanwhile" in said
    assert _now(lead, first).version == 2


def test_a_notice_goes_once_it_is_seen(visit: Any, lead: Desk) -> None:
    here = visit("U-chris")
    unseen = [n for n in notices.mine(lead) if n.seen_at is None]
    assert unseen
    assert f"Notices · {len(unseen)}" in here.said
    for notice in unseen:
        here.at.button(key=f"seen-{notice.id}").click().run()
    assert "Notices ·" not in here.said
    assert [n for n in notices.mine(lead) if n.seen_at is None] == []


def test_my_own_actions_elsewhere_stand_there_without_a_name(visit: Any, lead: Desk) -> None:
    sam = Desk(lead.engine, User("U-sam", "Sam Invented", "Early Help", frozenset({Role.PRACTITIONER})))
    mine = {r.young_person.name for r in people.mine(sam)}
    known = {a.id for a in plans.actions_of_mine(sam)}
    elsewhere = [t for t in tracker.read(sam) if t.mine and t.live and t.id not in known]
    assert elsewhere
    here = visit("U-sam")
    for row in elsewhere:
        assert row.what in here.said
    others = {r.young_person.name for r in people.mine(lead)} - mine
    assert [name for name in others if name in here.everything] == []
    here.at.button(key=f"track-{elsewhere[0].key}").click().run()
    assert "<h1>Who does what, by when</h1>" in here.everything


def test_the_lead_sees_all_forty_and_the_partner_nobodys_name(visit: Any, lead: Desk) -> None:
    assert "My young people · 40" in visit("U-chris").said
    partner = visit("U-drew")
    assert "<h1>Who does what, by when</h1>" in partner.everything
    assert "Score a young person" not in [b.label for b in partner.at.button]
    assert [r.young_person.name for r in people.mine(lead) if r.young_person.name in partner.everything] == []
    chair = visit("U-pat")
    assert "My young people · 8" in chair.said
    assert {"Review", "Go on", "Score a young person"}.isdisjoint(b.label for b in chair.at.button)


def _jo() -> User:
    return User("U-jo", "Jo Placeholder", "Children's Social Care", frozenset({Role.PRACTITIONER}))


def _now(lead: Desk, action: Any) -> Any:
    return next(a for a in people.record_of(lead, action.young_person).actions if a.id == action.id)
