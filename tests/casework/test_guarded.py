"""Records kept closer, closed, or opened in an emergency; and what is said of one that is known already."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from chm import store
from chm.access import Permission
from chm.casework import guarded, network, notices, people, plans
from chm.casework.desk import CLOSED, Desk
from chm.casework.guarded import BROKEN, NOT_ONE
from chm.errors import AlreadyKnown, Conflict, Faults, NotFound, NotPermitted
from chm.records import NewYoungPerson
from chm.store import audit
from chm.store import people as kept

from .conftest import HERON, NOW, TODAY, WREN, Office
from .waiting import waiting

REASON = "Seen at the station with bags, and nobody answers the phone"


def log(office: Office) -> list[tuple[str, str, str, str]]:
    with store.transaction(office.engine, writing=False) as session:
        return [(e.user, e.operation, e.record, e.why) for e in reversed(audit.read(session, None, 1000))]


def refer(desk: Desk, name: str, born: date | None) -> str:
    return guarded.refer_again(desk, name, born, "Police", "Found at a station at night")


def later(desk: Desk, **more: int) -> Desk:
    return replace(desk, clock=lambda: NOW + timedelta(**more))


@pytest.mark.parametrize(
    ("name", "born", "teams", "known"),
    [
        ("ZOE HERON", None, ["Police"], "YP-0001"),
        ("Zoë  Heron", date(2012, 3, 4), ["Police"], "YP-0001"),
        ("Zoë Heron", date(2012, 4, 3), ["Police"], "YP-0001"),  # Day and month swapped.
        ("Heron, Zoe", date(2012, 3, 5), ["Police"], "YP-0001"),
        ("Zoe Herron", date(2012, 3, 4), ["Police"], "YP-0001"),
        ("Zoe Marie Heron", date(2012, 3, 4), ["Police"], "YP-0001"),
        ("Ella Heron", date(2012, 3, 4), ["Police"], "YP-0001"),  # A twin.
        ("Ella Heron", date(2013, 5, 6), [], ""),  # A sibling.
        ("Zoe Herron", None, [], ""),
        ("Finch Placeholder", date(2012, 3, 4), [], ""),
        ("teal madeup", date(2011, 1, 1), ["Youth Justice"], "YP-0002"),
        ("Wren O'Madeup", date(2010, 1, 31), ["Youth Justice"], "YP-0003"),
        ("Zoë", None, [], ""),
    ],
)
def test_of_who_is_known_only_the_team_is_said(
    office: Office, name: str, born: date | None, teams: list[str], known: str
) -> None:
    add = partial(people.add, office["sam"], name, born=born, age=None if born else 14, home_borough="Merton")
    if not teams:
        assert add().id == "YP-0004"
        return
    with pytest.raises(AlreadyKnown) as said:
        add()
    assert (said.value.contacts, said.value.reopens) == (tuple(teams), False)
    assert str(said.value) == f"Known already: contact {teams[0]}"
    assert log(office)[-1] == ("u-sam", "people.add", known, "known")
    assert people.find(office["lead"], "YP-0004") == []
    assert said.value.ids == (known,)
    assert add(others=said.value.ids).id == "YP-0004"
    assert log(office)[-1] == ("u-sam", "people.add", "YP-0004", "")


def test_somebody_else_than_who_was_shown_is_asked_about_anew(office: Office) -> None:
    add = partial(people.add, name="Zoë Heron", born=date(2012, 3, 4), age=None, home_borough="Merton")
    assert add(office["sam"], others=("YP-0001",)).id == "YP-0004"
    with pytest.raises(AlreadyKnown) as said:
        add(office["jo"], others=("YP-0001",))
    assert (said.value.ids, said.value.contacts) == (("YP-0001", "YP-0004"), ("Police", "Youth Justice"))
    assert log(office)[-2:] == [("u-jo", "people.add", id, "known") for id in ("YP-0001", "YP-0004")]
    assert add(office["jo"], others=said.value.ids).id == "YP-0005"


def test_a_restricted_one_sends_to_the_safeguarding_lead_and_a_closed_one_says_so(office: Office) -> None:
    guarded.restrict(office["lead"], "YP-0001", "A relative works here")
    guarded.close(office["sam"], "YP-0002", "Nothing more to do")
    guarded.close(office["lead"], "YP-0003", "Nothing more to do")
    for who, name, born, contact, reopens in (
        ("sam", "Zoë Heron", None, "the safeguarding lead", False),
        ("sam", "Zoë Heron", date(2012, 3, 4), "the safeguarding lead", False),
        ("jo", "Wren O'Madeup", date(2010, 1, 31), "Youth Justice (closed)", True),
        ("jo", "Wren O'Madeup", None, "Youth Justice (closed)", False),
        ("jo", "Teal Madeup", date(2011, 6, 1), "Youth Justice (closed)", False),
        ("jo", "Teal Madeup", None, "Youth Justice (closed)", False),
        ("sam", "Zoe Herron", date(2012, 3, 4), "the safeguarding lead", False),
        ("sam", "Heron Zoe", date(2012, 3, 4), "the safeguarding lead", False),
        ("sam", "Zoe Marie Heron", date(2012, 3, 4), "the safeguarding lead", False),
        ("sam", "Zoe Heron", date(2012, 4, 3), "the safeguarding lead", False),
        ("jo", "O'Madeup Wren", date(2010, 1, 31), "Youth Justice (closed)", False),
        ("jo", "Wren Jay O'Madeup", date(2010, 1, 31), "Youth Justice (closed)", False),
        ("jo", "Wren O'Madeup", date(2010, 1, 30), "Youth Justice (closed)", False),
    ):
        with pytest.raises(AlreadyKnown) as said:
            people.add(office[who], name, born=born, age=None if born else 14, home_borough="Merton")
        assert (said.value.contacts, said.value.reopens) == ((contact,), reopens)
        assert log(office)[-1] == (f"u-{who}", "people.add", said.value.ids[0], "known")


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Heron Zoe", HERON.born),
        ("Zoe Herron", HERON.born),
        ("Zoe Marie Heron", HERON.born),
        ("Zoe Heron", date(2012, 4, 3)),
    ],
)
def test_whose_name_or_birth_date_differs_opens_no_closed_record(office: Office, name: str, born: date) -> None:
    guarded.close(office["jo"], "YP-0001", "Nothing more to do")
    with pytest.raises(NotFound, match=NOT_ONE):
        refer(office["sam"], name, born)
    assert log(office)[-1] == ("u-sam", "guarded.refer_again", "YP-0001", "refused")
    assert guarded.state(office["lead"], "YP-0001").closed_on == TODAY


def test_a_closed_twin_keeps_nobody_from_being_referred_again(office: Office) -> None:
    people.import_rows(office["lead"], [NewYoungPerson("Ella Heron", "Merton", HERON.born)], {1: ["YP-0001"]})
    for id in ("YP-0001", "YP-0004"):
        guarded.close(office["lead"], id, "Nothing more to do")
    with pytest.raises(AlreadyKnown) as said:
        people.add(office["sam"], "Zoe Heron", born=HERON.born, age=None, home_borough="Merton")
    assert (said.value.ids, said.value.reopens) == (("YP-0001", "YP-0004"), True)
    assert refer(office["sam"], "Zoe Heron", HERON.born) == "YP-0001"
    assert guarded.state(office["lead"], "YP-0004").closed_on == TODAY


def test_a_new_referral_opens_the_history_to_who_takes_it(office: Office) -> None:
    guarded.close(office["jo"], "YP-0001", "Nothing more to do")
    with pytest.raises(NotFound):
        people.record_of(office["sam"], "YP-0001")
    assert refer(office["sam"], "zoe heron", HERON.born) == "YP-0001"
    assert log(office)[-1] == ("u-sam", "guarded.refer_again", "YP-0001", "reopened by a new referral")
    found = people.record_of(office["sam"], "YP-0001")
    assert [(r.agency, r.reason, r.on) for r in found.referrals] == [("Police", "Found at a station at night", TODAY)]
    with pytest.raises(NotFound):
        people.record_of(office["jo"], "YP-0001")
    assert [n.record for n in notices.mine(office["lead"])] == ["YP-0001"]


def test_closed_and_referred_again_on_one_day_the_link_is_taken_up_again(office: Office) -> None:
    guarded.close(office["jo"], "YP-0001", "Nothing more to do")
    for _ in range(2):
        assert refer(office["sam"], "Zoë Heron", HERON.born) == "YP-0001"
        guarded.close(office["sam"], "YP-0001", "Nothing more to do")
    assert refer(office["sam"], "Zoë Heron", HERON.born) == "YP-0001"
    tomorrow = later(office["sam"], days=1)
    assert len(people.record_of(tomorrow, "YP-0001").referrals) == 3
    assert [row.young_person.id for row in people.mine(tomorrow)] == ["YP-0001"]


@pytest.mark.parametrize(
    ("name", "born", "known"),
    [
        ("Zoë Heron", HERON.born, ["YP-0001"]),  # Open.
        ("Wren O'Madeup", WREN.born, ["YP-0003"]),  # Closed and restricted.
        ("Teal Madeup", None, ["YP-0002"]),  # Closed, as those that follow; no birth date is known.
        ("Teal Madeup", date(2011, 6, 1), ["YP-0002"]),
        ("Robin Invented", None, ["YP-0004"]),
        ("Robin Invented", date(2011, 5, 7), ["YP-0004"]),
        ("Swift Invented", date(2011, 5, 6), ["YP-0004", "YP-0005", "YP-0006"]),
        ("Nobody Atall", date(2011, 5, 6), [""]),
    ],
)
def test_a_referral_opens_one_closed_record_of_that_birth_date_alone(
    office: Office, name: str, born: date | None, known: list[str]
) -> None:
    rows = [NewYoungPerson(name, "Merton", date(2011, 5, 6)) for name in ("Robin Invented", *["Swift Invented"] * 2)]
    people.import_rows(office["lead"], rows)
    closed = ("YP-0002", "YP-0003", "YP-0004", "YP-0005", "YP-0006")
    for id in closed:
        guarded.close(office["lead"], id, "Nothing more to do")
    guarded.restrict(office["lead"], "YP-0003", "A relative works here")
    with pytest.raises(NotFound) as said:
        refer(office["sam"], name, born)
    assert str(said.value) == NOT_ONE
    refused = [("u-sam", "guarded.refer_again", id, "refused") for id in known]
    assert [entry for entry in log(office) if entry[1] == "guarded.refer_again"] == refused
    assert [id for id in closed if guarded.state(office["lead"], id).closed_on] == list(closed)


def test_an_empty_referral_asks_about_nobody(office: Office) -> None:
    for name in ("Zoë Heron", "Nobody Atall"):
        with pytest.raises(Faults) as said:
            guarded.refer_again(office["sam"], name, HERON.born, "", "")
        assert said.value.faults == ["agency: empty; write something", "reason: empty; write something"]
    assert log(office) == []


def test_of_two_referrals_at_once_the_later_is_refused_and_audited(office: Office) -> None:
    guarded.close(office["jo"], "YP-0001", "Nothing more to do")
    with ThreadPoolExecutor(1) as pool:
        with store.transaction(office.engine) as session:
            kept.set_state(session, "YP-0001")
            with waiting(office.engine) as waits:
                asked = pool.submit(refer, office["sam"], "Zoë Heron", HERON.born)
                assert waits.wait(60)
        with pytest.raises(NotFound, match=NOT_ONE):
            asked.result()
    assert log(office)[-1] == ("u-sam", "guarded.refer_again", "YP-0001", "refused")


def test_a_restricted_record_needs_a_grant_by_name_beside_the_link(office: Office) -> None:
    assert people.record_of(office["jo"], "YP-0001").young_person.name == "Zoë Heron"
    guarded.restrict(office["lead"], "YP-0001", "A relative works here")
    for ask in (people.record_of, plans.add_action):
        with pytest.raises(NotFound) as said:
            ask(office["jo"], "YP-0001")  # type: ignore[operator]
        assert str(said.value) == CLOSED
    assert people.find(office["jo"], "heron") == []
    assert [row.young_person.id for row in people.mine(office["jo"])] == []
    guarded.give_grant(office["lead"], "YP-0001", "u-jo", TODAY, "The worker knows the family")
    assert people.record_of(office["jo"], "YP-0001").young_person.name == "Zoë Heron"
    assert [(g.user, name) for g, name in guarded.state(office["lead"], "YP-0001").grants] == [
        ("u-jo", "Jo Placeholder")
    ]
    with pytest.raises(NotFound):
        people.record_of(later(office["jo"], days=1), "YP-0001")
    with pytest.raises(NotFound):
        people.record_of(office["sam"], "YP-0001")
    guarded.revoke_grant(office["lead"], "YP-0001", "u-jo")
    with pytest.raises(NotFound):
        people.record_of(office["jo"], "YP-0001")
    guarded.lift(office["lead"], "YP-0001", "The relative has left")
    assert people.record_of(office["jo"], "YP-0001").young_person.id == "YP-0001"
    assert not guarded.state(office["lead"], "YP-0001").restricted


def test_a_grant_opens_nothing_without_a_link(office: Office) -> None:
    guarded.restrict(office["lead"], "YP-0001", "A relative works here")
    guarded.give_grant(office["lead"], "YP-0001", "u-sam", TODAY, "Asked to help")
    with pytest.raises(NotFound):
        people.record_of(office["sam"], "YP-0001")


def test_a_chair_without_a_grant_does_not_see_a_restricted_young_person(office: Office) -> None:
    assert len(network.read(office["chair"], ("YP-0002",)).young_people) == 1
    guarded.restrict(office["lead"], "YP-0002", "A relative works here")
    with pytest.raises(NotFound):
        network.read(office["chair"], ("YP-0002",))


def test_grants_are_given_for_a_reason_a_year_at_most_and_to_somebody(office: Office) -> None:
    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=367)):
        with pytest.raises(Faults) as said:
            guarded.give_grant(office["lead"], "YP-0001", "u-jo", until, "Asked")
        assert said.value.faults == ["until: must be a day from today to 366 days ahead"]
    with pytest.raises(Faults):
        guarded.give_grant(office["lead"], "YP-0001", "u-jo", TODAY, " ")
    with pytest.raises(NotFound):
        guarded.give_grant(office["lead"], "YP-0001", "u-none", TODAY, "Asked")


def test_closing_ends_the_links_of_today(office: Office) -> None:
    guarded.close(office["sam"], "YP-0002", "Nothing more to do")
    for who in ("sam", "chair", "both"):
        with pytest.raises(NotFound):
            people.record_of(office[who], "YP-0002")
    assert people.record_of(office["lead"], "YP-0002").young_person.id == "YP-0002"
    assert guarded.state(office["lead"], "YP-0002").closed_on == TODAY


def test_breaking_glass_opens_one_record_to_be_read_for_three_hours(office: Office) -> None:
    with pytest.raises(NotFound):
        people.record_of(office["jo"], "YP-0002")
    broken = guarded.break_glass(office["jo"], "YP-0002", REASON)
    assert (broken.until - broken.at) == timedelta(hours=3)
    assert people.record_of(office["jo"], "YP-0002").young_person.id == "YP-0002"
    assert [b.young_person for b in guarded.open_to_me(office["jo"])] == ["YP-0002"]
    with pytest.raises(NotFound):
        plans.add_action(
            office["jo"], "YP-0002", target="young_person:YP-0002", pillar="support", text="x", owner_agency="y"
        )
    with pytest.raises(NotFound):
        people.record_of(office["jo"], "YP-0003")
    assert people.record_of(later(office["jo"], hours=2, minutes=59), "YP-0002").young_person.id == "YP-0002"
    with pytest.raises(NotFound):
        people.record_of(later(office["jo"], hours=3), "YP-0002")
    assert guarded.open_to_me(later(office["jo"], hours=3)) == []
    assert [(n.record, n.text) for n in notices.mine(office["lead"])] == [("YP-0002", BROKEN)]
    assert ("u-jo", "guarded.break_glass", "YP-0002", broken.id) in log(office)


def test_glass_is_not_broken_for_a_short_reason_nor_on_a_closed_or_restricted_record(office: Office) -> None:
    with pytest.raises(Faults) as said:
        guarded.break_glass(office["jo"], "YP-0002", "urgent")
    assert said.value.faults == ["why: at least 20 characters; say what cannot wait"]
    for short in (f"a{chr(10) * 30}b", f"Nobody {' ' * 9} answers now"):
        with pytest.raises(Faults):
            guarded.break_glass(office["jo"], "YP-0002", short)
    guarded.close(office["sam"], "YP-0002", "Nothing more to do")
    guarded.restrict(office["lead"], "YP-0001", "A relative works here")
    for who, id in (("jo", "YP-0002"), ("sam", "YP-0001"), ("jo", "YP-9999")):
        with pytest.raises(NotFound) as refused:
            guarded.break_glass(office[who], id, REASON)
        assert str(refused.value) == CLOSED
    for who in ("analyst", "partner", "admin", "auditor", "lead"):
        assert not office[who].may(Permission.BREAK_GLASS)
        with pytest.raises(NotPermitted):
            guarded.break_glass(office[who], "YP-0002", REASON)


def test_broken_glass_does_not_outlive_the_record(office: Office) -> None:
    for id in ("YP-0002", "YP-0003"):
        guarded.break_glass(office["jo"], id, REASON)
    assert {b.young_person for b in guarded.open_to_me(office["jo"])} == {"YP-0002", "YP-0003"}
    guarded.close(office["sam"], "YP-0002", "Nothing more to do")
    assert [b.young_person for b in guarded.open_to_me(office["jo"])] == ["YP-0003"]
    guarded.restrict(office["lead"], "YP-0003", "A relative works here")
    assert guarded.open_to_me(office["jo"]) == []
    for id in ("YP-0002", "YP-0003"):
        with pytest.raises(NotFound):
            people.record_of(office["jo"], id)


def test_every_breaking_is_reviewed_once(office: Office) -> None:
    broken = guarded.break_glass(office["jo"], "YP-0002", REASON)
    (found,) = guarded.to_review(office["auditor"])
    assert (found[0].id, found[1], found[0].why) == (broken.id, "Jo Placeholder", REASON)
    done = guarded.review(office["lead"], broken.id, found[0].version, "Right to look; the worker was told")
    assert (done.reviewed_by, done.found) == ("u-lead", "Right to look; the worker was told")
    with pytest.raises(Conflict):
        guarded.review(office["auditor"], broken.id, found[0].version, "Seen")
    with pytest.raises(NotPermitted):
        guarded.to_review(office["jo"])


def test_an_auditor_reads_no_young_persons_name_in_why_and_what_was_found(office: Office) -> None:
    why, found = "Teal is at the station with Zoë Heron, says Sam", "Right to look; Teal Madeup is safe"
    hidden = "a young person is at the station with a young person, says Sam"
    broken = guarded.break_glass(office["jo"], "YP-0002", why)
    assert [b.why for b, _ in guarded.to_review(office["auditor"])] == [hidden]
    done = guarded.review(office["auditor"], broken.id, broken.version, found)
    safe = "Right to look; a young person is safe"
    assert (done.why, done.found) == (hidden, safe)
    assert [(b.why, b.found) for b, _ in guarded.to_review(office["auditor"])] == [(hidden, safe)]
    assert [(b.why, b.found) for b, _ in guarded.to_review(office["lead"])] == [(why, found)]
