"""A connections file into the store: previewed, all or nothing, the same file twice, and whatever files hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from chm import store
from chm.casework import connections as recorded
from chm.casework import duplicates, people
from chm.casework.connections_import import Imported, import_connections, preview
from chm.connections import Account, AccountKind, Confidence, Event, EventRole, Influence, Party, Person, Relationship
from chm.errors import Faults, NotPermitted
from chm.exchange.connections import COLUMNS, read_connections
from chm.linkage.from_records import ties_of
from chm.linkage.summary import summary
from chm.linkage.ties import ONGOING
from chm.records import NewYoungPerson
from chm.store import audit, connections, entities
from chm.store.tables import EntityRow, EventRow, ImportedRow, RelationshipRow

from .conftest import NOW, Office

HEADER = ",".join(COLUMNS)
HERON, TEAL, WREN = (Party("young_person", f"YP-000{n}") for n in (1, 2, 3))
FULL = [
    "young_person,YP-0001,person,Danno,said to run it,alleged_source,2026-10-02,,Police,likely,harmful,E1,by the gate",
    "young_person,YP-0002,place,Example Park,sighting,experiencing_harm,2026-10-02,,Police,likely,harmful,E1,",
    "young_person,YP-0001,young_person,YP-0003,friend,,2026-01-01,..,School,confirmed,,,",
    "vehicle,AB12 CDE,person,Danno,uses,driver,,,Police,possible,,,seen twice",
    "young_person,YP-0003,person,Aunt Kit,trusted_adult,,,,Home,confirmed,protective,,",
    "young_person,YP-0001,account,07700 900123,rings,,,,,,,,",
]


def csv(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def stored(office: Office) -> tuple[dict[str, str], list[Event], list[Relationship]]:
    """Names by id, events and relationships."""
    with store.transaction(office.engine, writing=False) as session:
        names = {r.id: r.name for r in session.query(EntityRow)}
        events = connections.events(session, [id for (id,) in session.query(EventRow.id)])
        ties = connections.relationships(session, [id for (id,) in session.query(RelationshipRow.id)])
    return names, events, ties


def counts(office: Office) -> tuple[int, ...]:
    with store.transaction(office.engine, writing=False) as session:
        return tuple(session.query(t).count() for t in (EntityRow, EventRow, RelationshipRow, ImportedRow))


def log(office: Office, operation: str) -> list[tuple[str, str, str]]:
    with store.transaction(office.engine, writing=False) as session:
        entries = reversed(audit.read(session, None, 10_000))
    return [(e.user, e.record, e.why) for e in entries if e.operation == f"connections_import.{operation}"]


def faults(office: Office, *rows: str) -> list[str]:
    found = preview(office["lead"], csv(*rows))
    with pytest.raises(Faults) as raised:
        import_connections(office["lead"], csv(*rows))
    assert raised.value.faults == list(found.faults)
    assert counts(office) == (0, 0, 0, 0)
    return raised.value.faults


def test_a_preview_says_what_would_be_added_and_writes_nothing(office: Office) -> None:
    found = preview(office["lead"], csv(*FULL))
    assert (found.faults, found.notes) == ((), ())
    assert len(found.ties) == 6
    assert found.new == (
        Party("person", "Danno"), Party("place", "Example Park"), Party("vehicle", "AB12 CDE"),
        Party("person", "Aunt Kit"), Party("account", "07700 900123"),
    )  # fmt: skip
    assert (found.known, found.young_people) == ((), ("YP-0001", "YP-0002", "YP-0003"))
    assert (found.events, found.relationships, found.already) == (1, 4, 0)
    assert counts(office) == (0, 0, 0, 0)
    assert log(office, "preview") == [("u-lead", "", "preview: 6 rows, 0 faults")]


def test_rows_become_events_and_relationships_with_all_they_say(office: Office) -> None:
    assert import_connections(office["lead"], csv(*FULL)) == Imported(entities=5, events=1, relationships=4, already=0)
    names, (event,), ties = stored(office)
    told = [(names.get(p.party.id, p.party.id), p.role) for p in event.participants]
    assert told == [
        ("YP-0001", EventRole.UNKNOWN), ("Danno", EventRole.ALLEGED_SOURCE),
        ("YP-0002", EventRole.EXPERIENCING_HARM), ("Example Park", EventRole.UNKNOWN),
    ]  # fmt: skip
    assert (event.kind, event.start, event.end) == ("sighting", date(2026, 10, 2), date(2026, 10, 2))
    assert (event.source.agency, event.source.confidence, event.influence) == ("Police", "likely", "harmful")
    assert event.what == "by the gate\nRelation: said to run it"
    assert (event.recorded_by, event.recorded_at) == ("u-lead", NOW)
    by_kind = {t.kind: t for t in ties}
    friend, uses, aunt, rings = (by_kind[k] for k in ("friend", "uses", "trusted_adult", "other"))
    assert (friend.one, friend.other, friend.start, friend.end) == (HERON, WREN, date(2026, 1, 1), ONGOING)
    assert (friend.source.agency, friend.source.confidence) == ("School", Confidence.CONFIRMED)
    assert (uses.note, uses.source.confidence) == ("seen twice\nRole: driver", Confidence.POSSIBLE)
    assert (aunt.influence, rings.note) == (Influence.PROTECTIVE, "Relation: rings")
    assert (rings.source.agency, rings.source.confidence, rings.influence) == ("Not known", "unverified", "unclear")
    with store.transaction(office.engine, writing=False) as session:
        kept = entities.named(session, names)
    assert {type(e).__name__: e for e in kept.values()}["Vehicle"].plate == "AB12 CDE"  # type: ignore[attr-defined]
    (phone,) = (e for e in kept.values() if isinstance(e, Account))
    assert phone.account_kind is AccountKind.PHONE
    assert {e.name: e.under_18 for e in kept.values() if isinstance(e, Person)} == {"Danno": None, "Aunt Kit": False}
    why = "1 events, 4 relationships, 5 entities"
    assert log(office, "import_connections") == [("u-lead", f"YP-000{n}", why) for n in (1, 2, 3)]


def test_the_same_file_again_adds_nothing_and_more_rows_join_their_event(office: Office) -> None:
    import_connections(office["lead"], csv(*FULL))
    before = counts(office)
    found = preview(office["lead"], csv(*FULL))
    assert (found.new, found.events, found.relationships, found.already) == ((), 0, 0, 6)
    assert import_connections(office["lead"], csv(*FULL)) == Imported(0, 0, 0, 6)
    assert counts(office) == before
    more = "young_person,YP-0003,place,Example Park,sighting,witness,2026-10-02,,Police,likely,harmful,E1,"
    assert import_connections(office["lead"], csv(*FULL, more)) == Imported(0, 1, 0, 6)
    names, (event,), _ = stored(office)
    assert [names.get(p.party.id, p.party.id) for p in event.participants] == [
        "YP-0001", "Danno", "YP-0002", "Example Park", "YP-0003",
    ]  # fmt: skip
    assert (event.participants[-1].role, event.version) == (EventRole.WITNESS, 2)
    assert recorded.history(office["lead"], event.id).earlier[0].record == replace(
        event, participants=event.participants[:4], version=1
    )
    assert log(office, "import_connections")[-1] == ("u-lead", "YP-0003", "1 events, 0 relationships, 0 entities")


def test_repeated_and_reversed_rows_are_one_where_they_say_the_same(office: Office) -> None:
    rows = (
        "young_person,YP-0001,young_person,YP-0002,friend,,,,Police,,,,",
        "young_person,YP-0002,young_person,YP-0001,Friend,,,,police,,,,",
        "young_person,YP-0001,young_person,YP-0002,friend,,,,School,,,,",
        "young_person,YP-0001,young_person,YP-0002,controls,,,,Police,,,,",
        "young_person,YP-0002,young_person,YP-0001,controls,,,,Police,,,,",
    )
    found = preview(office["lead"], csv(*rows))
    assert found.notes == (
        "Rows that repeat or reverse a pair: 4. A pair is linked once; each row is kept as its evidence.",
    )
    assert import_connections(office["lead"], csv(*rows)) == Imported(0, 0, 4, 1)
    _, _, ties = stored(office)
    assert sorted((t.one.id, t.kind, t.source.agency) for t in ties) == [
        ("YP-0001", "controls", "Police"), ("YP-0001", "friend", "Police"), ("YP-0001", "friend", "School"),
        ("YP-0002", "controls", "Police"),
    ]  # fmt: skip
    assert summary(ties_of([], ties))["pairs"] == 1


def test_known_entities_are_found_by_id_by_name_and_by_plate(office: Office) -> None:
    import_connections(office["lead"], csv(*FULL))
    names, _, _ = stored(office)
    danno = next(id for id, name in names.items() if name == "Danno")
    rows = (
        f"young_person,YP-0002,person,{danno},,,,,,,,,",
        "young_person,YP-0002,vehicle,AB12 CDE,,,,,,,,,",
        "young_person,YP-0002,place,example park,,,,,,,,,",
    )
    found = preview(office["lead"], csv(*rows))
    assert found.known == (Party("person", danno), Party("vehicle", "AB12 CDE"))
    assert found.new == (Party("place", "example park"),)
    import_connections(office["lead"], csv(*rows))
    assert counts(office)[0] == 6
    assert [(o.one.name, o.other.name) for o in duplicates.offered(office["lead"])] in (
        [("Example Park", "example park")], [("example park", "Example Park")],
    )  # fmt: skip


def test_a_merged_entitys_name_means_the_one_it_became(office: Office) -> None:
    import_connections(office["lead"], csv(*FULL, "young_person,YP-0001,person,Danny Placeholder,,,,,,,,,"))
    names, _, _ = stored(office)
    by_name = {name: id for id, name in names.items()}
    duplicates.merge(office["lead"], by_name["Danny Placeholder"], by_name["Danno"])
    assert faults_of(office, f"person,Danno,person,{by_name['Danny Placeholder']},,,,,,,,,") == [
        "row 2, to: is the same entry as from; name two different ones, or remove the row"
    ]
    assert preview(office["lead"], csv("young_person,YP-0002,person,Danno,,,,,,,,,")).known == (
        Party("person", "Danno"),
    )


def faults_of(office: Office, *rows: str) -> list[str]:
    return list(preview(office["lead"], csv(*rows)).faults)


def test_every_fault_has_row_column_and_fix_and_nothing_is_written(office: Office) -> None:
    assert faults(
        office,
        "young_person,YP-0001,young_person,YP-0404,,,,,,,,,",
        "young_person,YP-0001,alien,Danno,,,,,,,,,",
        "young_person,yp-0001,place,Example Park,,,2026-11-24,,,,,,",
        "young_person,YP-0001,person,PER-0123456789ab,,,,,,,,,",
        "young_person,YP-0001,place,Example Park,,,1812-01-01,2026-12-01,,,,,",
        "young_person,YP-0001,young_person,YP-0001,,,,,,,,,",
    ) == [
        "row 2, to: no young person with this id is known to you; write the id as in YP-0001, or add them first",
        "row 3, to_kind: is not a kind; use one of young_person, person, place, vehicle, account, group",
        "row 4, from: no young person with this id is known to you; write the id as in YP-0001, or add them first",
        "row 4, start: lies in the future; give a day up to today",
        "row 5, to: has the form of an id and there is no such entry; correct it, or write the name",
        "row 6, start: lies before 1900; correct the year",
        "row 6, end: lies in the future; give a day up to today",
        "row 7, to: is the same as from; name two different parties, or remove the row",
    ]


def test_a_name_that_several_have_is_refused(office: Office) -> None:
    with store.transaction(office.engine) as session:
        entities.add(session, [Person(id=f"PER-{n}", name="Danno") for n in (1, 2)], "u-lead", NOW)
    assert faults_of(office, "young_person,YP-0001,person,Danno,,,,,,,,,") == [
        "row 2, to: several entries have this name; write the id of the one you mean, or merge them first"
    ]
    assert faults_of(office, "young_person,YP-0001,person,PER-2,,,,,,,,,") == []


def test_rows_of_one_event_that_differ_keep_what_each_says(office: Office) -> None:
    rows = (
        "young_person,YP-0001,place,Example Park,,,2026-10-02,,Police,likely,,E1,",
        "young_person,YP-0002,place,Example Park,,,2026-10-03,2026-10-04,School,possible,harmful,E1,",
        "young_person,YP-0003,person,Aunt Kit,,,,,Home,,protective,E1,",
        "young_person,YP-0001,young_person,YP-0002,conflict,,2026-10-02,,,,,E1,",
    )
    found = preview(office["lead"], csv(*rows))
    assert found.notes[0].startswith("Rows of one event differ in days, agency or confidence: the event takes the span")
    import_connections(office["lead"], csv(*rows))
    _, events, (conflict,) = stored(office)
    harmful, protective = sorted(events, key=lambda e: e.influence)
    assert (harmful.start, harmful.end) == (date(2026, 10, 2), date(2026, 10, 4))
    assert (harmful.source.agency, harmful.source.confidence) == ("Police; School", "possible")
    assert harmful.what == (
        "Reported: Police, likely, 2026-10-02\nReported: School, possible, 2026-10-03 to 2026-10-04"
    )
    assert (harmful.influence, protective.influence) == (Influence.HARMFUL, Influence.PROTECTIVE)
    assert (conflict.kind, conflict.note) == ("conflict", "Event: E1")


def test_what_is_stored_links_as_the_file_does(office: Office) -> None:
    rows = [
        *FULL,
        "young_person,YP-0001,place,Example Club,,,2026-09-01,,,,,E2,",
        "young_person,YP-0002,vehicle,AB12 CDE,,,2026-09-01,,,,,E2,",
        "young_person,YP-0002,young_person,YP-0003,,,2026-09-05,,,,,E3,",
        "young_person,YP-0002,young_person,YP-0003,conflict,,,,,,,,",
    ]
    rows = [row.replace("experiencing_harm", "witness") for row in rows]
    of_file = summary(read_connections(csv(*rows)).ties)
    import_connections(office["lead"], csv(*rows))
    _, events, ties = stored(office)
    of_store = summary(ties_of(events, ties))
    for key in ("young_people", "pairs", "pairs_sharing_2plus", "groups", "protective_ties", "conflict_ties"):
        assert of_store[key] == of_file[key], key
    assert (of_file["pairs"], of_file["groups"]) == (3, [3])


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + csv(FULL[2]),
        csv(FULL[2]).replace(b",", b";"),
        csv(FULL[2]).replace(b"\n", b"\r\n"),
        csv(FULL[2]).replace(b"School", b"Sch\xf6ol"),
        csv(FULL[2]).decode().encode("utf-16"),
    ],
)
def test_however_the_file_was_saved(office: Office, data: bytes) -> None:
    assert import_connections(office["lead"], data) == Imported(0, 0, 1, 0)
    _, _, (tie,) = stored(office)
    assert (tie.one, tie.other, tie.source.agency.replace("ö", "")) == (HERON, WREN, tie.source.agency.replace("ö", ""))
    assert tie.source.agency in ("School", "Schöol")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", f"The file is empty; the first row must be {HEADER}."),
        (csv(), "The file has a header and no rows; add one row for each connection."),
        (b"PK\x03\x04", "This is a spreadsheet, not CSV; save it as “CSV UTF-8 (comma delimited)”."),
    ],
)
def test_files_that_hold_nothing(office: Office, data: bytes, fault: str) -> None:
    assert preview(office["lead"], data).faults == (fault,)
    with pytest.raises(Faults):
        import_connections(office["lead"], data)


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "![x](http://example.invalid/x.png)", "=cmd()|'/C calc'!A0"]
)
def test_a_name_is_kept_as_it_is(office: Office, name: str) -> None:
    import_connections(office["lead"], csv(f'young_person,YP-0001,person,"{name}",,,,,,,,,"{name}"'))
    names, _, (tie,) = stored(office)
    assert (list(names.values()), tie.note) == ([name], name)


def test_names_that_differ_by_capitals_are_kept_apart_and_said(office: Office) -> None:
    rows = ("young_person,YP-0001,person,Danno,,,,,,,,,", "young_person,YP-0002,person,DANNO,,,,,,,,,")
    assert preview(office["lead"], csv(*rows)).notes == (
        "row 3, to: differs from row 2 by capitals alone and is kept apart; are they one?",
    )
    import_connections(office["lead"], csv(*rows))
    assert sorted(stored(office)[0].values()) == ["DANNO", "Danno"]


def test_only_the_lead_imports(office: Office) -> None:
    for name in ("jo", "chair", "admin"):
        for ask in (preview, import_connections):
            with pytest.raises(NotPermitted):
                ask(office[name], csv(*FULL))


def test_two_thousand_young_people_at_one_place_and_three_hundred_on_one_event(office: Office) -> None:
    new: Sequence[NewYoungPerson] = [NewYoungPerson(f"Person Madeup {n}", "Merton", None, 14) for n in range(2_000)]
    people.import_rows(office["lead"], new)
    known = [row.young_person.id for row in people.mine(office["lead"])]
    rows = [f"young_person,{id},place,Example Station,,,,,,,,," for id in known]
    rows += [f"young_person,{id},place,Example Park,,,2026-10-02,,Police,,,E1," for id in known[:300]]
    assert import_connections(office["lead"], csv(*rows)) == Imported(2, 1, len(known), 0)
    _, (event,), ties = stored(office)
    assert (len(event.participants), len(ties)) == (301, 2_003)
    assert len(log(office, "import_connections")) == 2_003
    assert import_connections(office["lead"], csv(*rows)) == Imported(0, 0, 0, 2_303)
