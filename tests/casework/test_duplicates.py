"""Likely duplicates at the desk: offered, merged, kept apart, undone; whom they are shown to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chm import store
from chm.access import Reach, Scope
from chm.casework import connections as connection_records
from chm.casework import duplicates
from chm.casework.connections import GROWN, edit_entity
from chm.casework.desk import Desk
from chm.casework.duplicates import AGES, HOMES, ITSELF, KINDS, Offer
from chm.connections import Entity, Event, Participant, Party, Person, Place, PlaceKind, Source, Vehicle
from chm.errors import ChmError, Conflict, Faults, NotFound
from chm.store import audit, connections, entities, network
from chm.store.duplicates import Verdict

from .conftest import NOW, TODAY, Office

DAN = Person(id="PER-1", name="Dan Placeholder")
DANNY = Person(id="PER-2", name="Danny Placeholder", other_names=("Danno",))
DANIEL = Person(id="PER-3", name="Daniel Placeholder")
GOLF, SAME_GOLF = Vehicle(id="VEH-1", plate="AB12 CDE"), Vehicle(id="VEH-2", plate="AB12CDE")
SHORT = "The surname is the same, and one given name is a short form or spelling of the other"


def write(office: Office, *new: Entity, of: str = "YP-0001", event: str = "EV-1") -> None:
    """Entities, all on one event with a young person."""
    with store.transaction(office.engine) as session:
        entities.add(session, new, "u-lead", NOW)
        parties = [Party("young_person", of), *(Party(entities.KIND[type(e)], e.id) for e in new)]
        said = Event(event, "sighting", tuple(map(Participant, parties)), Source("Police"), TODAY, TODAY,
                     recorded_by="u-lead", recorded_at=NOW)  # fmt: skip
        connections.add_events(session, [said])


def ids(offers: list[Offer]) -> list[tuple[str, str]]:
    return [(o.one.id, o.other.id) for o in offers]


def log(office: Office) -> list[tuple[str, str, str, str]]:
    with store.transaction(office.engine, writing=False) as session:
        return [(e.user, e.operation, e.record, e.why) for e in reversed(audit.read(session, None, 100))]


def on_event(office: Office) -> list[str]:
    """Ids of the entities that the picture of Heron draws."""
    scope = Scope("u-lead", frozenset({Reach.ALL}), TODAY)
    with store.transaction(office.engine, writing=False) as session:
        return sorted(party.id for party in network.around(session, scope, {"YP-0001"}).entities)


def test_pairs_are_offered_with_reasons_the_likeliest_first(office: Office) -> None:
    write(office, DAN, DANNY, GOLF, SAME_GOLF)
    assert duplicates.offered(office["jo"]) == [
        Offer("vehicle", GOLF, SAME_GOLF, 0.97, ("The plate is the same but for spaces",)),
        Offer("person", DAN, DANNY, 0.8, (SHORT,)),
    ]
    assert log(office)[-1] == ("u-jo", "duplicates.offered", "", "2 offered")


def test_only_what_is_tied_to_the_users_young_people_is_offered(office: Office) -> None:
    write(office, DAN, DANNY, of="YP-0002")
    assert ids(duplicates.offered(office["sam"])) == [("PER-1", "PER-2")]
    assert ids(duplicates.offered(office["lead"])) == [("PER-1", "PER-2")]
    assert ids(duplicates.offered(office["chair"])) == [("PER-1", "PER-2")]
    assert duplicates.offered(office["jo"]) == []
    for ask in (duplicates.merge, duplicates.keep_apart):
        with pytest.raises(NotFound):
            ask(office["jo"], "PER-1", "PER-2")
    made = duplicates.merge(office["sam"], "PER-1", "PER-2")
    assert duplicates.decisions(office["jo"]) == []
    with pytest.raises(NotFound):
        duplicates.undo(office["jo"], made.id)
    assert [d.id for d in duplicates.decisions(office["sam"])] == [made.id]


def test_one_of_a_pair_out_of_sight_is_never_offered(office: Office) -> None:
    write(office, DAN)
    write(office, DANNY, of="YP-0002", event="EV-2")
    assert duplicates.offered(office["jo"]) == duplicates.offered(office["sam"]) == []
    assert ids(duplicates.offered(office["lead"])) == [("PER-1", "PER-2")]


def test_a_merge_counts_for_both_and_its_undo_brings_back_what_was(office: Office) -> None:
    write(office, DAN, DANNY, GOLF)
    before = on_event(office)
    made = duplicates.merge(office["jo"], "PER-2", "PER-1", [SHORT])
    assert (made.one.id, made.other.merged_into, made.verdict, made.reasons) == ("PER-2", "PER-2", "merged", (SHORT,))
    assert (made.by, made.at) == ("Jo Placeholder", NOW)
    assert before == ["PER-1", "PER-2", "VEH-1"]
    assert on_event(office) == ["PER-2", "VEH-1"]
    assert duplicates.offered(office["jo"]) == []
    assert duplicates.decisions(office["jo"]) == [made]
    assert log(office)[0] == ("u-jo", "duplicates.merge", made.id, "merged: PER-2, PER-1")

    duplicates.undo(office["lead"], made.id)
    assert on_event(office) == before
    assert ids(duplicates.offered(office["jo"])) == [("PER-1", "PER-2")]
    (kept,) = duplicates.decisions(office["jo"])
    assert (kept.undone_by, kept.undone_at, kept.other.merged_into) == ("Lee Invented", NOW, None)
    with store.transaction(office.engine, writing=False) as session:
        assert entities.named(session, ["PER-2"])["PER-2"] == DANNY
        again = entities.named(session, ["PER-1"])["PER-1"]
        assert (again.name, again.merged_into) == (DAN.name, None)
        assert [p.party.id for p in connections.events(session, ["EV-1"])[0].participants] == [
            "YP-0001", "PER-1", "PER-2", "VEH-1",
        ]  # fmt: skip
    assert ("u-lead", "duplicates.undo", made.id, "") in log(office)


def test_kept_apart_is_not_offered_again_until_undone(office: Office) -> None:
    write(office, DAN, DANNY)
    made = duplicates.keep_apart(office["jo"], "PER-1", "PER-2", [SHORT])
    assert made.verdict is Verdict.APART
    assert duplicates.offered(office["jo"]) == []
    assert on_event(office) == ["PER-1", "PER-2"]
    with pytest.raises(Conflict):
        duplicates.merge(office["lead"], "PER-1", "PER-2")
    duplicates.undo(office["jo"], made.id)
    assert ids(duplicates.offered(office["jo"])) == [("PER-1", "PER-2")]
    with pytest.raises(Conflict) as said:
        duplicates.undo(office["jo"], made.id)
    assert str(said.value) == "This decision was undone already; nothing was changed"


def test_merges_chain_and_come_apart_in_any_order(office: Office) -> None:
    write(office, DAN, DANNY, DANIEL)
    first = duplicates.merge(office["jo"], "PER-2", "PER-1")
    second = duplicates.merge(office["jo"], "PER-3", "PER-2")
    assert on_event(office) == ["PER-3"]
    duplicates.undo(office["jo"], first.id)
    assert on_event(office) == ["PER-1", "PER-3"]
    duplicates.undo(office["jo"], second.id)
    assert on_event(office) == ["PER-1", "PER-2", "PER-3"]
    assert [d.undone_by for d in duplicates.decisions(office["jo"])] == ["Jo Placeholder"] * 2


def test_two_kept_apart_stay_so_when_one_becomes_a_third(office: Office) -> None:
    write(office, DAN, DANNY, DANIEL)
    duplicates.keep_apart(office["jo"], "PER-1", "PER-2")
    duplicates.merge(office["jo"], "PER-3", "PER-1")
    assert duplicates.offered(office["jo"]) == []
    with pytest.raises(Conflict):
        duplicates.merge(office["jo"], "PER-3", "PER-2")


@pytest.mark.parametrize("ask", [duplicates.merge, duplicates.keep_apart])
def test_one_entry_two_kinds_and_a_merged_one_are_refused_plainly(office: Office, ask: Callable[..., object]) -> None:
    write(office, DAN, DANNY, DANIEL, GOLF)
    for one, other, fault in (("PER-1", "PER-1", ITSELF), ("PER-1", "VEH-1", KINDS)):
        with pytest.raises(Faults) as found:
            ask(office["jo"], one, other)
        assert found.value.faults == [fault]
    with pytest.raises(NotFound):
        ask(office["jo"], "PER-1", "PER-9")
    duplicates.merge(office["jo"], "PER-1", "PER-2")
    for one, other in (("PER-1", "PER-2"), ("PER-2", "PER-1"), ("PER-2", "PER-3"), ("PER-3", "PER-2")):
        with pytest.raises(Conflict):
            ask(office["jo"], one, other)
    assert on_event(office) == ["PER-1", "PER-3", "VEH-1"]


def test_a_child_and_an_adult_and_a_home_and_another_place_are_never_merged(office: Office) -> None:
    child, adult = Person(id="PER-4", name="Kit Madeup", under_18=True), Person(id="PER-5", name="Kit", under_18=False)
    home = Place(id="PLA-1", name="1 Example Road", place_kind=PlaceKind.HOME)
    shop = Place(id="PLA-2", name="1 Example Road")
    write(office, child, adult, home, shop)
    for one, other, fault in (("PER-4", "PER-5", AGES), ("PLA-1", "PLA-2", HOMES), ("PLA-2", "PLA-1", HOMES)):
        with pytest.raises(Faults) as found:
            duplicates.merge(office["jo"], one, other)
        assert found.value.faults == [fault]
    assert duplicates.decisions(office["jo"]) == []


def test_a_child_behind_somebody_of_unknown_age_never_becomes_an_adult(office: Office) -> None:
    child, adult = Person(id="PER-4", name="Kit Madeup", under_18=True), Person(id="PER-5", name="Kit", under_18=False)
    write(office, DAN, child, adult)
    made = duplicates.merge(office["jo"], "PER-1", "PER-4")
    for keep, other in (("PER-5", "PER-1"), ("PER-1", "PER-5")):
        with pytest.raises(Faults) as found:
            duplicates.merge(office["jo"], keep, other)
        assert found.value.faults == [AGES]
    with pytest.raises(Faults) as found:
        edit_entity(office["jo"], replace(DAN, under_18=False))
    assert found.value.faults == [GROWN]
    assert duplicates.decisions(office["jo"]) == [made]
    assert on_event(office) == ["PER-1", "PER-5"]
    duplicates.undo(office["jo"], made.id)
    assert edit_entity(office["jo"], replace(DAN, under_18=False)).under_18 is False  # type: ignore[union-attr]


def test_of_two_who_decide_at_once_one_is_told_so(office: Office) -> None:
    write(office, DAN, DANNY)
    together = Barrier(2)

    def decide(desk: Desk, one: str, other: str) -> str:
        together.wait()
        try:
            return duplicates.merge(desk, one, other).one.id
        except ChmError as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as two:
        asked = [
            two.submit(decide, office["jo"], "PER-1", "PER-2"),
            two.submit(decide, office["lead"], "PER-2", "PER-1"),
        ]
        ended = sorted(done.result() for done in asked)
    assert ended[0] == "Conflict"
    assert on_event(office) == [ended[1]]
    assert len(duplicates.decisions(office["lead"])) == 1


def test_what_is_written_of_somebody_names_no_young_person_whom_the_reader_does_not_reach(office: Office) -> None:
    said = "Boyfriend of Zoë Heron"
    write(
        office,
        replace(DAN, description=said, other_names=("zoe heron's Dan",)),
        replace(DANNY, description=said),
        of="YP-0002",
    )
    sam = office["sam"]
    (offer,) = duplicates.offered(sam)
    duplicates.keep_apart(sam, offer.one.id, offer.other.id)
    (decision,) = duplicates.decisions(sam)
    named = [
        *connection_records.find_entities(sam, "Dan"),
        connection_records.history(sam, "PER-1").record,
        offer.one, offer.other, decision.one, decision.other,
    ]  # fmt: skip
    assert {e.description for e in named} == {"Boyfriend of another young person"}  # type: ignore[union-attr]
    assert {t for t in ("Zoë", "zoe", "Heron", "heron") if t in repr(named)} == set()
    assert duplicates.decisions(office["lead"])[0].one.description == said  # type: ignore[union-attr]
