"""Accounts: whom the provider knows as whom, who is disabled, who is signed in; and never one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chm import store
from chm.access import Permission, permitted
from chm.casework import accounts, bootstrap, people, sign_in
from chm.casework.accounts import ANOTHER_LEAD, ASKED, ASKED_ANEW, OWN, TWICE, TWICE_BY_NOW
from chm.casework.desk import Desk
from chm.errors import Conflict, Faults, NotFound, NotPermitted, SignedOut
from chm.records import AccessAsked, Account, Role, User
from chm.store import notices, sign_ins, users
from chm.store.users import NOBODY, TAKEN

from .conftest import NOW, USERS, Office
from .test_desk import log
from .test_tracker import at_place, keep, plan, seen

ISSUER = "https://login.example/v2.0"
PRACTITIONER = [Role.PRACTITIONER]


def account(office: Office, id: str) -> Account:
    with store.transaction(office.engine, writing=False) as session:
        return users.account(session, id)


def roles(office: Office, id: str) -> frozenset[Role]:
    with store.transaction(office.engine, writing=False) as session:
        return next(u.roles for u in users.every(session) if u.id == id)


def known(office: Office, id: str = "u-jo", subject: str = "jo") -> Account:
    """Gives a user an identity."""
    with store.transaction(office.engine) as session:
        return users.edit(session, replace(users.account(session, id), issuer=ISSUER, subject=subject))


def come(office: Office, subject: str = "jo", nonce: str = "n") -> Desk:
    claims = {"iss": ISSUER, "sub": subject, "iat": int(NOW.timestamp()), "nonce": nonce}
    return replace(sign_in.admit(office.engine, claims, NOW), clock=lambda: NOW)


def asked(office: Office) -> AccessAsked:
    """The one thing that waits for a lead."""
    with store.transaction(office.engine, writing=False) as session:
        (one,) = users.asked(session)
    return one


def and_lead(office: Office) -> Desk:
    """The administrator, who is a safeguarding lead as well."""
    with store.transaction(office.engine) as session:
        users.set_roles(session, "u-admin", {Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD})
    return office["admin"]


def second_administrator(office: Office) -> Desk:
    user = User("u-admin-2", "Ida Placeholder", "ICT", frozenset({Role.ADMINISTRATOR}))
    with store.transaction(office.engine) as session:
        users.add(session, user)
    return Desk(office.engine, user, lambda: NOW)


class TestAdd:
    def test_whom_the_provider_knows(self, office: Office) -> None:
        made = accounts.add(office["admin"], " Robin\u0007 Placeholder ", "Housing", ISSUER, "robin", PRACTITIONER)
        assert made == Account(
            id=made.id, name="Robin Placeholder", agency="Housing", issuer=ISSUER, subject="robin", version=made.version
        )
        assert account(office, made.id) == made
        user, operation, record, _ = log(office.engine)[-1]
        assert (user, operation, record) == ("u-admin", "accounts.add", made.id)

    def test_every_fault_at_once_and_nothing_is_kept(self, office: Office) -> None:
        before = len(accounts.every(office["admin"]))
        with pytest.raises(Faults) as said:
            accounts.add(office["admin"], "", "", " ", "x" * 201, [])
        assert said.value.faults == [
            "name: empty; write something",
            "agency: empty; write something",
            "issuer: empty; write something",
            "subject: 201 characters; at most 200 fit",
            "roles: none; choose at least one",
        ]
        assert len(accounts.every(office["admin"])) == before

    def test_nobody_is_given_the_name_of_another_at_their_agency(self, office: Office) -> None:
        before = account(office, "u-jo")
        with pytest.raises(Faults) as said:
            accounts.add(office["admin"], before.name.upper(), before.agency, ISSUER, "robin", PRACTITIONER)
        assert said.value.faults == [TWICE]
        partner = replace(known(office, "u-partner", "pat"), name=before.name)
        with pytest.raises(Faults) as said:
            accounts.edit(office["admin"], replace(partner, agency=before.agency), PRACTITIONER)
        assert said.value.faults == [TWICE]
        accounts.edit(office["admin"], partner, PRACTITIONER)
        assert asked(office).name == before.name

    def test_nor_the_name_that_is_asked_for_another(self, office: Office) -> None:
        read = known(office)
        kept = accounts.edit(office["admin"], replace(read, name="Dana Invented", agency="Housing"), PRACTITIONER)
        sam = known(office, "u-sam", "sam")
        for change in (
            lambda: accounts.add(office["admin"], "DANA invented", "housing", ISSUER, "dana", PRACTITIONER),
            lambda: accounts.edit(office["admin"], replace(sam, name="Dana INVENTED", agency="Housing"), PRACTITIONER),
            # Jo still has it, until a lead agrees.
            lambda: accounts.edit(office["admin"], replace(sam, name=read.name, agency=read.agency), PRACTITIONER),
        ):
            with pytest.raises(Faults) as said:
                change()
            assert said.value.faults == [TWICE]
        accounts.edit(office["admin"], kept, PRACTITIONER)
        added = accounts.add(office["admin"], "Dana Invented", "Housing", ISSUER, "dana", PRACTITIONER)
        assert (added.name, roles(office, added.id)) == ("Dana Invented", frozenset())

    def test_an_identity_belongs_to_one_user_alone(self, office: Office) -> None:
        known(office)
        with pytest.raises(Conflict) as said:
            accounts.add(office["admin"], "Robin Placeholder", "Housing", ISSUER, "jo", PRACTITIONER)
        assert str(said.value) == TAKEN
        accounts.disable(office["admin"], account(office, "u-jo"))
        with pytest.raises(Conflict):
            accounts.add(office["admin"], "Robin Placeholder", "Housing", ISSUER, "jo", PRACTITIONER)
        accounts.add(office["admin"], "Robin Placeholder", "Housing", "https://other.example", "jo", PRACTITIONER)


class TestEdit:
    def test_over_the_version_that_was_read(self, office: Office) -> None:
        read = known(office)
        kept = accounts.edit(office["admin"], replace(read, name="Jo Madeup"), PRACTITIONER)
        assert kept == replace(read, version=read.version + 1)
        with pytest.raises(Conflict):
            accounts.edit(office["admin"], replace(read, name="Jo Invented"), PRACTITIONER)
        assert (account(office, "u-jo"), asked(office).name) == (kept, "Jo Madeup")

    def test_another_identity_ends_the_sign_ins_and_the_same_does_not(self, office: Office) -> None:
        desk = (known(office), come(office))[1]
        accounts.edit(office["admin"], account(office, "u-jo"), [Role.PRACTITIONER, Role.CHAIR])
        accounts.approve(office["lead"], asked(office), True)
        kept = account(office, "u-jo")
        sign_in.still_in(desk)
        accounts.edit(office["admin"], replace(kept, subject="jo-2"), PRACTITIONER)
        sign_in.still_in(desk)
        with pytest.raises(NotPermitted):
            come(office, "jo-2", "n-2")
        accounts.approve(office["lead"], asked(office), True)
        with pytest.raises(SignedOut):
            sign_in.still_in(desk)
        with pytest.raises(NotPermitted):
            come(office)
        assert come(office, "jo-2", "n-2").user.id == "u-jo"

    def test_it_does_not_enable_who_is_disabled(self, office: Office) -> None:
        kept = accounts.disable(office["admin"], known(office))
        accounts.edit(office["admin"], replace(kept, disabled_at=None), PRACTITIONER)
        assert account(office, "u-jo").disabled_at == NOW

    def test_nobody_of_that_id(self, office: Office) -> None:
        with pytest.raises(NotFound) as said:
            accounts.edit(office["admin"], replace(known(office), id="U-0"), PRACTITIONER)
        assert str(said.value) == NOBODY


class TestAsked:
    """Another name, agency or identity, and more roles, hold once somebody agrees who neither asked nor gains by it."""

    def test_another_identity_waits_and_the_audit_says_so(self, office: Office) -> None:
        before = known(office, "u-lead", "lead")
        kept = accounts.edit(office["admin"], replace(before, subject="ada"), [Role.SAFEGUARDING_LEAD])
        assert kept == replace(before, version=before.version + 1)
        assert log(office.engine)[-1] == (
            "u-admin", "accounts.edit", "u-lead", "asked another identity, roles safeguarding_lead",
        )  # fmt: skip
        assert asked(office) == AccessAsked("u-lead", frozenset(), "u-admin", NOW, ISSUER, "ada")
        with pytest.raises(NotPermitted):
            come(office, "ada")
        assert come(office, "lead").user.id == "u-lead"

    def test_nobody_agrees_to_what_concerns_themselves(self, office: Office) -> None:
        changed = replace(known(office, "u-lead"), name="Lea Madeup", agency="Housing", subject="ada")
        kept = accounts.edit(office["admin"], changed, [Role.SAFEGUARDING_LEAD])
        for agreed in (True, False):
            with pytest.raises(NotPermitted) as said:
                accounts.approve(office["lead"], asked(office), agreed)
            assert str(said.value) == OWN
        assert (account(office, "u-lead"), asked(office).subject) == (kept, "ada")
        assert log(office.engine)[-1] == ("u-lead", "accounts.approve", "", "refused")

    def test_nobody_agrees_to_what_they_asked_for(self, office: Office) -> None:
        both = and_lead(office)
        accounts.edit(both, replace(known(office), name="Jo Madeup"), [Role.PRACTITIONER, Role.CHAIR])
        for agreed in (True, False):
            with pytest.raises(NotPermitted) as said:
                accounts.approve(both, asked(office), agreed)
            assert str(said.value) == ANOTHER_LEAD
        assert (account(office, "u-jo").name, roles(office, "u-jo")) == ("Jo Placeholder", {Role.PRACTITIONER})
        accounts.approve(office["lead"], asked(office), True)
        assert (account(office, "u-jo").name, roles(office, "u-jo")) == (
            "Jo Madeup", {Role.PRACTITIONER, Role.CHAIR},
        )  # fmt: skip
        assert [(e[0], e[3]) for e in log(office.engine) if e[1] == "accounts.approve"] == [
            ("u-admin", "refused"), ("u-admin", "refused"),
            ("u-lead", "agreed another name, roles chair, practitioner"),
        ]  # fmt: skip

    def test_asking_the_same_again_does_not_make_it_anybody_elses(self, office: Office) -> None:
        both, other = and_lead(office), second_administrator(office)
        accounts.edit(both, known(office), [Role.CHAIR])
        kept = accounts.edit(other, account(office, "u-jo"), [Role.CHAIR])
        assert asked(office).asked_by == "u-admin"
        with pytest.raises(NotPermitted):
            accounts.approve(both, asked(office), True)
        kept = accounts.edit(other, kept, [Role.PARTNER])
        assert (asked(office).asked_by, asked(office).roles) == ("u-admin-2", {Role.PARTNER})
        for changed in ({"name": "Jo Madeup"}, {"agency": "Housing"}):
            for by in (both, other):
                kept = accounts.edit(by, replace(kept, **changed), PRACTITIONER)
            assert asked(office).asked_by == "u-admin"

    def test_what_was_seen_is_what_is_agreed_to(self, office: Office) -> None:
        kept = accounts.edit(office["admin"], known(office), [Role.PRACTITIONER, Role.PARTNER])
        seen = asked(office)
        accounts.edit(office["admin"], kept, [Role.PRACTITIONER, Role.AUDITOR])
        with pytest.raises(Conflict) as said:
            accounts.approve(office["lead"], seen, True)
        assert str(said.value) == ASKED_ANEW
        assert (roles(office, "u-jo"), asked(office).roles) == (
            {Role.PRACTITIONER}, {Role.PRACTITIONER, Role.AUDITOR},
        )  # fmt: skip

    def test_refusing_changes_nothing(self, office: Office) -> None:
        before = known(office)
        changed = replace(before, name="Jo Madeup", agency="Housing", subject="ada")
        kept = accounts.edit(office["admin"], changed, [Role.AUDITOR])
        seen = asked(office)
        accounts.approve(office["lead"], seen, False)
        assert (account(office, "u-jo"), roles(office, "u-jo")) == (kept, {Role.PRACTITIONER})
        assert kept == replace(before, version=before.version + 1)
        assert accounts.to_approve(office["lead"]) == []
        decided = [why for _, operation, _, why in log(office.engine) if operation == "accounts.approve"]
        assert decided == ["refused another name, another agency, another identity, roles auditor"]
        with pytest.raises(NotFound):
            accounts.approve(office["lead"], seen, True)

    def test_an_identity_alone_leaves_the_roles_as_they_are_by_then(self, office: Office) -> None:
        accounts.edit(office["admin"], replace(known(office), subject="jo-2"), PRACTITIONER)
        with store.transaction(office.engine) as session:
            users.set_roles(session, "u-jo", {Role.PARTNER})
        accounts.approve(office["lead"], asked(office), True)
        assert (account(office, "u-jo").subject, roles(office, "u-jo")) == ("jo-2", {Role.PARTNER})

    def test_fewer_roles_hold_at_once_while_the_rest_waits(self, office: Office) -> None:
        with store.transaction(office.engine) as session:
            users.set_roles(session, "u-jo", {Role.PRACTITIONER, Role.CHAIR})
        changed = replace(known(office), name="Jo Madeup", agency="Housing", subject="jo-2")
        accounts.edit(office["admin"], changed, PRACTITIONER)
        assert (roles(office, "u-jo"), asked(office).roles) == ({Role.PRACTITIONER}, frozenset())
        assert log(office.engine)[-1][3] == (
            "asked another name, asked another agency, asked another identity, roles practitioner"
        )

    def test_as_it_was_takes_back_what_was_asked(self, office: Office) -> None:
        before = known(office)
        changed = replace(before, name="Jo Madeup", agency="Housing", subject="jo-2")
        kept = accounts.edit(office["admin"], changed, [Role.CHAIR])
        accounts.edit(office["admin"], kept, PRACTITIONER)
        assert accounts.to_approve(office["lead"]) == []

    def test_nobody_asks_over_what_they_did_not_see(self, office: Office) -> None:
        read = known(office)
        accounts.edit(office["admin"], replace(read, subject="jo-2"), PRACTITIONER)
        with pytest.raises(Conflict):
            accounts.edit(second_administrator(office), read, PRACTITIONER)
        assert asked(office).subject == "jo-2"

    def test_a_taken_identity_is_neither_asked_nor_given(self, office: Office) -> None:
        known(office, "u-sam", "sam")
        read = known(office)
        with pytest.raises(Conflict) as said:
            accounts.edit(office["admin"], replace(read, subject="sam"), PRACTITIONER)
        assert str(said.value) == TAKEN
        accounts.edit(office["admin"], replace(read, subject="robin"), PRACTITIONER)
        known(office, "u-sam", "robin")
        with pytest.raises(Conflict):
            accounts.approve(office["lead"], asked(office), True)
        assert (account(office, "u-jo").subject, asked(office).subject) == ("jo", "robin")

    @pytest.mark.parametrize(
        ("change", "opened", "audited"),
        [
            ({"name": "Dana Invented"}, ["ACT-a1", "PAC-c1"], "another name"),
            ({"agency": "Housing"}, ["PAC-c2"], "another agency"),
            ({"name": "Dana Invented", "agency": "Housing"}, ["ACT-a2", "PAC-c2"], "another name, another agency"),
        ],
    )
    def test_another_name_or_agency_opens_actions_once_a_lead_agrees(
        self, town: Office, change: dict[str, str], opened: list[str], audited: str
    ) -> None:
        for made in (
            plan("ACT-a1", owner_agency="Early Help", owner_person="Dana Invented"),
            plan("ACT-a2", owner_agency="Housing", owner_person="Dana Invented"),
            at_place("PAC-c1", owner_agency="Early Help"),
            at_place("PAC-c2", owner_agency="Housing"),
        ):
            keep(town.engine, made)
        desk, before = (known(town), come(town))[1], account(town, "u-jo")
        kept = accounts.edit(town["admin"], replace(before, **change), PRACTITIONER)
        assert kept == replace(before, version=before.version + 1)
        assert asked(town) == AccessAsked("u-jo", frozenset(), "u-admin", NOW, **change)
        assert log(town.engine)[-1][3] == f"asked {audited.replace(', ', ', asked ')}, roles practitioner"
        assert seen(desk) == ["PAC-c1"]
        accounts.approve(town["lead"], asked(town), True)
        assert log(town.engine)[-1] == ("u-lead", "accounts.approve", "u-jo", f"agreed {audited}")
        assert account(town, "u-jo") == replace(kept, **change, version=kept.version + 1)
        assert accounts.to_approve(town["lead"]) == []
        with pytest.raises(SignedOut):
            seen(desk)
        assert sorted(seen(come(town, nonce="n-2"))) == opened

    def test_nor_are_the_first_roles_of_one_called_as_somebody_is_by_then(self, office: Office) -> None:
        new = accounts.add(office["admin"], "Dana Invented", "Housing", ISSUER, "dana", [Role.CHAIR])
        with store.transaction(office.engine) as session:
            users.add(session, User("u-dana", "DANA Invented", "housing", frozenset({Role.PARTNER})))
        with pytest.raises(Conflict) as said:
            accounts.approve(office["lead"], asked(office), True)
        assert (str(said.value), roles(office, new.id)) == (TWICE_BY_NOW, frozenset())

    def test_a_name_that_somebody_has_by_then_is_not_given(self, office: Office) -> None:
        read = known(office)
        accounts.edit(office["admin"], replace(read, name="Dana Invented", agency="Housing"), [Role.CHAIR])
        with store.transaction(office.engine) as session:
            users.add(session, User("u-dana", "DANA Invented", "housing", frozenset()))
        with pytest.raises(Conflict) as said:
            accounts.approve(office["lead"], asked(office), True)
        assert str(said.value) == TWICE_BY_NOW
        assert account(office, "u-jo") == replace(read, version=read.version + 1)
        assert (roles(office, "u-jo"), asked(office).name) == ({Role.PRACTITIONER}, "Dana Invented")
        accounts.approve(office["lead"], asked(office), False)
        assert accounts.to_approve(office["lead"]) == []

    def test_a_name_that_two_have_already_keeps_nothing_else_back(self, office: Office) -> None:
        accounts.edit(office["admin"], replace(known(office), subject="jo-2"), [Role.CHAIR])
        with store.transaction(office.engine) as session:
            users.add(session, User("u-jo-2", "Jo Placeholder", "Early Help", frozenset()))
        accounts.approve(office["lead"], asked(office), True)
        assert (account(office, "u-jo").subject, roles(office, "u-jo")) == ("jo-2", {Role.CHAIR})

    def test_leads_are_told_once_but_not_whoever_asked_or_gains(self, office: Office) -> None:
        both = and_lead(office)
        for user in ("u-jo", "u-sam", "u-lead"):
            accounts.edit(both, known(office, user, user), [Role.CHAIR])
        with store.transaction(office.engine, writing=False) as session:
            told = {u: [(n.record, n.text) for n in notices.to(session, u)] for u in ("u-lead", "u-admin")}
        assert told == {"u-lead": [("u-jo", ASKED)], "u-admin": []}

    @pytest.mark.parametrize("who", [n for n in USERS if n != "lead"])
    def test_only_a_lead_sees_or_decides(self, office: Office, who: str) -> None:
        accounts.edit(office["admin"], known(office, "u-partner"), [Role.CHAIR])
        for decide in (accounts.to_approve, lambda d: accounts.approve(d, asked(office), True)):
            with pytest.raises(NotPermitted):
                decide(office[who])
        assert roles(office, "u-partner") == {Role.PARTNER}


class TestDisable:
    def test_it_ends_the_sign_ins_and_is_audited(self, office: Office) -> None:
        desks = (known(office), come(office), come(office, nonce="m"))[1:]
        kept = accounts.disable(office["admin"], account(office, "u-jo"))
        assert kept.disabled_at == NOW
        assert log(office.engine)[-1] == ("u-admin", "accounts.disable", "u-jo", "disabled, 2 ended")
        for desk in desks:
            with pytest.raises(SignedOut):
                sign_in.still_in(desk)
            with pytest.raises(SignedOut):
                people.record_of(desk, "YP-0001")

    def test_enabling_opens_none_of_them_again(self, office: Office) -> None:
        desk = (known(office), come(office))[1]
        kept = accounts.disable(office["admin"], account(office, "u-jo"))
        accounts.enable(office["admin"], kept)
        with pytest.raises(SignedOut):
            come(office)
        with pytest.raises(SignedOut):
            sign_in.still_in(desk)
        assert come(office, nonce="m").user == USERS["jo"]

    def test_over_the_version_that_was_read(self, office: Office) -> None:
        read = account(office, "u-jo")
        known(office)
        with pytest.raises(Conflict):
            accounts.disable(office["admin"], read)
        assert account(office, "u-jo").disabled_at is None

    def test_their_name_stays_on_what_they_wrote(self, office: Office) -> None:
        accounts.disable(office["admin"], account(office, "u-jo"))
        assert "Jo Placeholder" in {a.account.name for a in accounts.every(office["admin"])}


class TestSignOut:
    def test_every_sign_in_of_the_user_and_of_nobody_else(self, office: Office) -> None:
        known(office)
        known(office, "u-sam", "sam")
        desks = come(office), come(office, nonce="m")
        other = come(office, "sam")
        assert accounts.sign_out(office["admin"], "u-jo") == 2
        assert accounts.sign_out(office["admin"], "u-jo") == 0
        assert [entry[1:] for entry in log(office.engine)[-2:]] == [
            ("accounts.sign_out", "u-jo", "2 ended"),
            ("accounts.sign_out", "u-jo", "0 ended"),
        ]
        for desk in desks:
            with pytest.raises(SignedOut):
                sign_in.still_in(desk)
        sign_in.still_in(other)

    def test_the_list_says_when_and_not_where(self, office: Office) -> None:
        desk = (known(office), come(office))[1]
        sign_in.keep_place(desk, {"room": "M-1"})
        (listed,) = accounts.signed_in(office["admin"], "u-jo")
        assert (listed.id, listed.user, listed.began_at, listed.ended_at) == (desk.session, "u-jo", NOW, None)
        assert listed.place == {}

    def test_the_newest_twenty(self, office: Office) -> None:
        known(office)
        with store.transaction(office.engine) as session:
            for n in range(25):
                at = NOW - timedelta(hours=n)
                sign_ins.begin(session, accounts.SignIn(id=f"{n:064d}", user="u-jo", began_at=at, seen_at=at))
        assert [int(s.id) for s in accounts.signed_in(office["admin"], "u-jo")] == list(range(20))

    def test_nobody_of_that_id(self, office: Office) -> None:
        with pytest.raises(NotFound):
            accounts.sign_out(office["admin"], "U-0")


OWN_CHANGES: dict[str, Callable[[Desk, Account], Any]] = {
    "edit": lambda d, a: accounts.edit(d, a, list(Role)),
    "disable": accounts.disable,
    "enable": accounts.enable,
}


class TestOwn:
    @pytest.mark.parametrize("change", OWN_CHANGES)
    def test_nobody_changes_their_own_account(self, office: Office, change: str) -> None:
        before = account(office, "u-admin"), roles(office, "u-admin")
        with pytest.raises(NotPermitted) as said:
            OWN_CHANGES[change](office["admin"], before[0])
        assert str(said.value) == OWN
        assert (account(office, "u-admin"), roles(office, "u-admin")) == before
        assert log(office.engine)[-1] == ("u-admin", f"accounts.{change}", "", "refused")

    @pytest.mark.parametrize("change", OWN_CHANGES)
    def test_nor_does_anybody_without_the_permission_any(self, office: Office, change: str) -> None:
        before = account(office, "u-sam"), roles(office, "u-sam")
        refused = [n for n, u in USERS.items() if not permitted(u.roles, Permission.ADMINISTER_USERS)]
        assert len(refused) == len(USERS) - 1
        for name in refused:
            with pytest.raises(NotPermitted):
                OWN_CHANGES[change](office[name], before[0])
        assert (account(office, "u-sam"), roles(office, "u-sam")) == before


class TestCommandLine:
    def add(self, office: Office, **more: Any) -> str:
        given: dict[str, Any] = {
            "id": None, "name": "Robin Placeholder", "agency": "ICT", "issuer": ISSUER, "subject": "robin",
            "roles": ["administrator"],
        }  # fmt: skip
        given |= more
        return bootstrap.change(office.engine, "add", **given)

    def test_the_first_administrator(self, office: Office) -> None:
        id, _, what = self.add(office).partition(": ")
        assert what == "add"
        kept = account(office, id)
        assert (kept.name, kept.agency, kept.issuer, kept.subject) == ("Robin Placeholder", "ICT", ISSUER, "robin")
        assert come(office, "robin").user == User(id, "Robin Placeholder", "ICT", frozenset({Role.ADMINISTRATOR}))
        assert log(office.engine)[0] == ("command line", "users.change", id, "add")

    def test_a_known_user_is_given_a_sign_in_and_keeps_name_and_roles(self, office: Office) -> None:
        self.add(office, id="u-jo", name=None, roles=[], agency="")
        assert (account(office, "u-jo").name, account(office, "u-jo").agency) == ("Jo Placeholder", "Early Help")
        assert log(office.engine)[-1] == ("command line", "users.change", "u-jo", "add to a known user")
        assert roles(office, "u-jo") == {Role.PRACTITIONER}
        assert come(office, "robin").user.id == "u-jo"

    def test_another_identity_ends_the_sign_ins(self, office: Office) -> None:
        desk = (known(office), come(office))[1]
        self.add(office, id="u-jo", name=None, roles=[])
        with pytest.raises(SignedOut):
            sign_in.still_in(desk)

    def test_nobody_of_one_agency_is_called_as_another(self, office: Office) -> None:
        with pytest.raises(Faults) as said:
            self.add(office, name="jo PLACEHOLDER", agency="early help")
        assert said.value.faults == [f"--{TWICE}"]
        assert self.add(office, name="Jo Placeholder", agency="ICT").endswith(": add")

    def test_everything_missing_is_said_at_once(self, office: Office) -> None:
        with pytest.raises(Faults) as said:
            self.add(office, name=None, agency="", issuer=" ", subject=None, roles=[])
        assert said.value.faults == [
            "--issuer: empty; write something",
            "--subject: empty; write something",
            "--name: empty; write something",
            "--agency: empty; write something",
            "--role: none; give at least one",
        ]

    def test_a_taken_identity(self, office: Office) -> None:
        known(office)
        with pytest.raises(Conflict) as said:
            self.add(office, subject="jo")
        assert str(said.value) == TAKEN
        assert len(bootstrap.listed(office.engine)) == len(USERS)

    def test_disabling_ends_and_enabling_lets_in(self, office: Office) -> None:
        desk = (known(office), come(office))[1]
        none = {"name": None, "agency": "", "issuer": None, "subject": None, "roles": ()}
        assert bootstrap.change(office.engine, "disable", "u-jo", **none) == "u-jo: disable, 1 ended"
        assert "u-jo  Jo Placeholder, Early Help: practitioner; disabled" in bootstrap.listed(office.engine)
        with pytest.raises(SignedOut):
            sign_in.still_in(desk)
        assert bootstrap.change(office.engine, "enable", "u-jo", **none) == "u-jo: enable"
        assert "u-jo  Jo Placeholder, Early Help: practitioner" in bootstrap.listed(office.engine)
        assert come(office, nonce="m").user.id == "u-jo"
        assert [entry[3] for entry in log(office.engine) if entry[1] == "users.change"] == [
            "disable, 1 ended",
            "enable",
        ]

    def test_nobody_of_that_id(self, office: Office) -> None:
        none = {"name": None, "agency": "", "issuer": None, "subject": None, "roles": ()}
        for what in ("disable", "enable"):
            with pytest.raises(NotFound):
                bootstrap.change(office.engine, what, "U-0", **none)
            with pytest.raises(Faults) as said:
                bootstrap.change(office.engine, what, None, **none)
            assert said.value.faults == ["--id: missing; see `users list`"]
        with pytest.raises(NotFound):
            self.add(office, id="U-0")

    def test_the_list_says_who_cannot_sign_in(self, office: Office) -> None:
        known(office)
        assert bootstrap.listed(office.engine)[:3] == [
            "u-admin  Ada Invented, ICT: administrator; no sign-in",
            "u-analyst  Ana Invented, Community Safety: location_analyst; no sign-in",
            "u-auditor  Aud Placeholder, Audit: auditor; no sign-in",
        ]
        assert "u-jo  Jo Placeholder, Early Help: practitioner" in bootstrap.listed(office.engine)
