"""`python -m chm network`: exact JSON by hand, and every field against NetworkX on random small files."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chm.__main__ import main
from chm.exchange.connections import COLUMNS, read_connections
from chm.linkage.summary import summary

ROOT = Path(__file__).resolve().parents[3]
Row = dict[str, str]


def row(one: str, other: str, **more: str) -> Row:
    """A row between two parties given as kind:id, a bare id being a young person."""
    (from_kind, left), (to_kind, right) = (p.split(":", 1) if ":" in p else ("young_person", p) for p in (one, other))
    return {"from_kind": from_kind, "from": left, "to_kind": to_kind, "to": right, **more}


def as_csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def shown(rows: Sequence[Row], **options: Any) -> dict[str, Any]:
    found = read_connections(as_csv(rows))
    assert found.faults == []
    return summary(found.ties, **options)


@pytest.fixture
def run(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Any:
    def run(data: bytes, *options: str) -> tuple[int, bytes, str]:
        file = tmp_path / "connections.csv"
        file.write_bytes(data)
        try:
            status = main(["network", str(file), *options])
        except SystemExit as left:
            status = int(left.code or 0)
        out, err = capsysbinary.readouterr()
        return status, out, err.decode()

    return run


# A station that all pass, a flat and a man behind it, a peer, a car that one knows, and who keeps them safe.
ELM = [
    row("Ash", "place:station", start="2026-01-10"),
    row("Birch", "place:station", start="2026-01-10"),
    row("Cedar", "place:station", start="2026-02-01", end="2026-03-01"),
    row("place:flat", "Cedar", start="2026-03-05", end=".."),
    row("place:flat", "Dogwood"),
    row("person:Danno", "Cedar", role="alleged_source", influence="harmful"),
    row("Dogwood", "person:Danno", influence="harmful"),
    row("Elder", "person:Kit", role="peer"),
    row("Dogwood", "person:Kit", role="peer"),
    row("Elder", "vehicle:grey Golf: LX 12"),
    row("person:Danno", "vehicle:grey Golf: LX 12"),
    row("Ash", "person:Nan", influence="protective"),
    row("Birch", "person:Nan", influence="protective"),
    row("Ash", "Fir", relation="conflict"),
    row("Ash", "Birch", relation="friend"),
    row("Birch", "Ash", relation="cousin"),
]


def test_every_field_of_a_small_file_by_hand() -> None:
    assert shown(ELM, what_if=["place:station", "person:Danno"], rank=9) == {
        "young_people": 6,
        "entities": 6,
        # Ash-Birch (station, direct), Ash-Cedar, Birch-Cedar (station), Cedar-Dogwood (flat, Danno), Dogwood-Elder.
        "pairs": 5,
        "pairs_sharing_2plus": 2,
        "groups": [5, 1],
        "entities_ranked": [
            {"kind": "place", "id": "station", "young_people": 3},
            {"kind": "person", "id": "Danno", "young_people": 2},
            {"kind": "person", "id": "Kit", "young_people": 2},
            {"kind": "place", "id": "flat", "young_people": 2},
            {"kind": "vehicle", "id": "grey Golf: LX 12", "young_people": 1},
            {"kind": "person", "id": "Nan", "young_people": 0},
        ],
        "largest_group": 5,
        "protective_ties": 2,
        "conflict_ties": 1,
        "after": {"pairs": 3, "groups": [3, 2, 1], "largest_group": 3},
        # Kit is a peer and Nan only protects: neither is ranked.
        "disruption": [
            {"kind": "place", "id": "station", "pairs_lost": 2, "isolated": 0, "largest_group_after": 3},
            {"kind": "person", "id": "Danno", "pairs_lost": 0, "isolated": 0, "largest_group_after": 5},
            {"kind": "place", "id": "flat", "pairs_lost": 0, "isolated": 0, "largest_group_after": 5},
            {"kind": "vehicle", "id": "grey Golf: LX 12", "pairs_lost": 0, "isolated": 0, "largest_group_after": 5},
        ],
    }


def test_min_shared_changes_only_groups_also_after() -> None:
    plain = shown(ELM, what_if=["place:flat"], rank=9)
    strict = shown(ELM, what_if=["place:flat"], rank=9, min_shared=2)
    assert strict == {
        **plain,
        "groups": [2, 2, 1, 1],
        "largest_group": 2,
        "after": {"pairs": 5, "groups": [2, 1, 1, 1, 1], "largest_group": 2},
    }


def test_a_window_takes_rows_whose_days_meet_it_and_counts_the_undated() -> None:
    undated = sum("start" not in r for r in ELM)
    found = shown(ELM, since=date(2026, 3, 1))
    assert found == {
        "young_people": 6,
        "entities": 2,
        "pairs": 0,
        "pairs_sharing_2plus": 0,
        "groups": [1] * 6,
        "entities_ranked": [
            {"kind": "place", "id": "flat", "young_people": 1},
            {"kind": "place", "id": "station", "young_people": 1},
        ],
        "largest_group": 1,
        "protective_ties": 0,
        "conflict_ties": 0,
        "undated_left_out": undated,
    }


@pytest.mark.parametrize(
    ("rows", "pairs", "twice"),
    [
        # Each young person on an event is tied to each entity on it; the event adds nothing of its own.
        ([row("A", "place:x", event="e"), row("B", "person:p", event="e")], 1, 1),
        ([row("A", "place:x", event="e"), row("B", "place:x", event="e")], 1, 0),
        ([row("A", "place:x", event="e"), row("B", "person:p", event="f")], 0, 0),
        # Two entities on an event tie nobody to each other, but everybody on it to both.
        ([row("person:p", "place:x", event="e"), row("A", "place:y", event="e"), row("B", "place:x")], 1, 0),
        # No entity on it: its young people are linked directly, once for all such events and rows.
        ([row("A", "B", event="e"), row("C", "D", event="e")], 6, 0),
        ([row("A", "B", event="e"), row("B", "A", event="f"), row("A", "B")], 1, 0),
        # With an entity on it the row between two is still a direct link, and one more.
        ([row("A", "B", event="e"), row("C", "place:x", event="e")], 3, 1),
        # Protective and conflict rows join nobody, not even through their event.
        ([row("A", "place:x", event="e"), row("B", "person:n", event="e", influence="protective")], 0, 0),
        ([row("A", "place:x", event="e"), row("B", "C", event="e", relation="conflict")], 0, 0),
        ([row("A", "B", event="e"), row("C", "D", event="e"), row("A", "person:n", event="e", influence="protective")],
         6, 0),
        # Entities between themselves link nobody.
        ([row("A", "person:p"), row("person:p", "place:x"), row("B", "place:x")], 0, 0),
        # The same id under another kind is another party; ids match as written.
        ([row("A", "person:x"), row("B", "place:x"), row("person:A", "place:x")], 0, 0),
        ([row("A", "place:x"), row("a", "place:x"), row("B", "place:X")], 1, 0),
    ],
)  # fmt: skip
def test_how_pairs_are_counted(rows: list[Row], pairs: int, twice: int) -> None:
    found = shown(rows)
    assert (found["pairs"], found["pairs_sharing_2plus"]) == (pairs, twice)


def test_removing_the_only_entity_of_an_event_links_nobody_anew() -> None:
    rows = [row("A", "B", event="e"), row("C", "D", event="e"), row("E", "place:x", event="e")]
    found = shown(rows, what_if=["place:x"], rank=1)
    assert found["pairs"] == 10
    assert found["after"] == {"pairs": 2, "groups": [2, 2, 1], "largest_group": 2}
    assert found["disruption"] == [
        {"kind": "place", "id": "x", "pairs_lost": 8, "isolated": 1, "largest_group_after": 2}
    ]


def test_repeated_and_reversed_rows_change_no_link() -> None:
    harmful = [r for r in ELM if r.get("influence") != "protective" and r.get("relation") != "conflict"]
    turned = [
        {**r, "from_kind": r["to_kind"], "from": r["to"], "to_kind": r["from_kind"], "to": r["from"]} for r in harmful
    ]
    assert shown(harmful + turned + harmful, rank=9) == shown(harmful, rank=9)


def test_children_and_what_protects_are_never_ranked() -> None:
    rows = [
        row("A", "person:peer", role="Peer"), row("B", "person:peer"),
        row("A", "person:young", role="associate, thought under 18"), row("B", "person:young"),
        row("A", "person:kid", relation="friend, aged 16"), row("C", "person:kid"),
        row("A", "person:safe", influence="protective"), row("B", "person:safe", influence="protective"),
        row("A", "group:crew"), row("B", "group:crew"), row("C", "group:crew"),
        row("A", "person:man", role="aged 34"), row("D", "person:man"),
    ]  # fmt: skip
    assert [(d["kind"], d["id"]) for d in shown(rows, rank=99)["disruption"]] == [("person", "man")]


def davis() -> list[Row]:
    graph = nx.davis_southern_women_graph()
    return [row(woman, f"place:{event}") for woman, event in graph.edges]


def test_davis_southern_women() -> None:
    found = shown(davis(), rank=14)
    assert len(davis()) == 89
    assert (found["young_people"], found["entities"]) == (18, 14)
    # Of 153 pairs 14 never met (Davis, Gardner and Gardner 1941: E8 alone drew 14 of the 18).
    assert (found["pairs"], found["groups"], found["largest_group"]) == (139, [18], 18)
    assert [(e["id"], e["young_people"]) for e in found["entities_ranked"][:4]] == [
        ("E8", 14), ("E9", 12), ("E7", 10), ("E5", 8),
    ]  # fmt: skip
    assert sum(e["young_people"] for e in found["entities_ranked"]) == 89


@pytest.mark.parametrize(
    "turn",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b",", b";"),
        lambda data: data.replace(b",", b"\t"),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b"Elder", "Ébène".encode("latin-1")),
    ],
)
def test_the_way_a_file_is_written_does_not_matter(run: Any, turn: Any) -> None:
    status, out, _ = run(turn(as_csv(ELM)), "--rank-disruption", "9")
    assert (status, json.loads(out)) == (0, shown(ELM, rank=9))


def test_the_command_prints_one_object_in_the_order_of_the_issue(run: Any) -> None:
    options = [
        "--since",
        "2026-01-01",
        "--until",
        "2026-12-31",
        "--what-if",
        "place:flat",
        "--what-if",
        "place:station",
    ]
    status, out, err = run(as_csv(ELM), *options, "--rank-disruption", "1", "--min-shared", "1")
    assert (status, out.count(b"\n")) == (0, 1)
    assert err.startswith("note: Rows that repeat or reverse a pair: 1. ")
    assert list(json.loads(out)) == [
        "young_people", "entities", "pairs", "pairs_sharing_2plus", "groups", "entities_ranked", "largest_group",
        "protective_ties", "conflict_ties", "undated_left_out", "after", "disruption",
    ]  # fmt: skip
    assert json.loads(out)["after"] == {"pairs": 0, "groups": [1] * 6, "largest_group": 1}


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--what-if", "place:nowhere"], "--what-if place:nowhere: not in the file"),
        (["--what-if", "place:Station"], "--what-if place:Station: not in the file"),
        (["--what-if", "Place:station"], "--what-if Place:station: not in the file"),
        (["--what-if", "station"], "--what-if station: not in the file"),
        (["--what-if", "young_person:Ash"], "a young person is never removed"),
        (["--what-if", "young_person:nobody"], "a young person is never removed"),
        (["--since", "2026-02-01", "--until", "2026-01-01"], "lies before --since"),
        (["--since", "1/2/2026"], "not a date"),
        (["--until", "2026-02-30"], "not a day of the calendar"),
        (["--min-shared", "0"], "not a whole number from 1"),
        (["--rank-disruption", "-3"], "--rank-disruption"),
    ],
)
def test_a_wrong_option_says_so_and_prints_nothing_else(run: Any, options: list[str], fault: str) -> None:
    status, out, err = run(as_csv(ELM), *options)
    assert (status, out) == (2, b"")
    assert fault in err


def test_ids_split_at_the_first_colon_and_may_hold_markup(run: Any) -> None:
    rows = [row("<b>A</b>", "account:@x:y"), row("**B**", "account:@x:y")]
    status, out, _ = run(as_csv(rows), "--what-if", "account:@x:y")
    assert (status, json.loads(out)["after"]) == (0, {"pairs": 0, "groups": [1, 1], "largest_group": 1})


def test_faults_of_the_file_are_all_named_and_nothing_is_printed(run: Any) -> None:
    rows = [row("A", "alien:x"), row("A", "A"), row("A", "place:x", start="2026-02-02", end="2026-02-01")]
    status, out, err = run(as_csv(rows))
    assert (status, out) == (2, b"")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["row 2, to_kind", "row 3, to", "row 4, end"]
    assert run(b"")[0] == 2


def test_it_reads_standard_input_as_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chm", "network", "-"], cwd=ROOT, input=as_csv(ELM), capture_output=True, check=False
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, shown(ELM))
    missing = subprocess.run(
        [sys.executable, "-m", "chm", "network", "no such file"], cwd=ROOT, capture_output=True, check=False
    )
    assert (missing.returncode, missing.stdout) == (2, b"")


def test_two_thousand_at_one_place_and_three_hundred_on_one_event() -> None:
    found = shown([row(f"Y{n}", "place:station") for n in range(2000)], rank=1)
    assert (found["pairs"], found["groups"]) == (1_999_000, [2000])
    assert found["disruption"] == [
        {"kind": "place", "id": "station", "pairs_lost": 1_999_000, "isolated": 2000, "largest_group_after": 1}
    ]
    chain = [row(f"Y{n}", f"Y{n + 1}", event="party") for n in range(299)]
    assert shown(chain)["pairs"] == 300 * 299 // 2


# Written from the issue alone, with sets and NetworkX: slow, plain, and of another make than chm.linkage.

ENTITIES = ["person:p", "person:q", "place:x", "place:y", "vehicle:v", "account:a", "group:g", "person:peer"]
YOUNG = list("ABCDEF")
party = st.sampled_from(YOUNG + ENTITIES)
day = st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"])


@st.composite
def some_row(draw: st.DrawFn) -> Row:
    one = draw(party)
    other = draw(party.filter(lambda p: p != one))
    start = draw(st.one_of(st.just(""), day))
    end = draw(st.one_of(st.just(""), st.just(".."), day)) if start else ""
    if end not in ("", "..") and end < start:
        start, end = end, start
    return row(
        one,
        other,
        start=start,
        end=end,
        relation=draw(st.sampled_from(["", "", "", "friend", "conflict"])),
        influence=draw(st.sampled_from(["", "harmful", "unclear", "unclear", "protective"])),
        event=draw(st.sampled_from(["", "", "e1", "e2"])),
        role="peer" if {one, other} & {*YOUNG} and "person:peer" in (one, other) else "",
    )


def parties(r: Row) -> list[str]:
    return [r["from"] if r["from_kind"] == "young_person" else f"{r['from_kind']}:{r['from']}",
            r["to"] if r["to_kind"] == "young_person" else f"{r['to_kind']}:{r['to']}"]  # fmt: skip


def graph_of(rows: Sequence[Row], everybody: set[str]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(everybody)
    events: dict[str, list[Row]] = defaultdict(list)
    for r in rows:
        one, other = parties(r)
        if one in YOUNG or other in YOUNG:
            graph.add_edge(one, other)
        else:
            graph.add_nodes_from((one, other))
        if r["event"]:
            events[r["event"]].append(r)
    for on_it in events.values():
        there = {p for r in on_it for p in parties(r)}
        young, entities = there & set(YOUNG), there - set(YOUNG)
        graph.add_edges_from(product(young, entities) if entities else combinations(young, 2))
    return graph


def counts(graph: nx.Graph, everybody: set[str]) -> dict[tuple[str, str], int]:
    found = {}
    for a, b in combinations(sorted(everybody), 2):
        shared = len(set(graph[a]) & set(graph[b]) - set(YOUNG)) + graph.has_edge(a, b)
        if shared:
            found[a, b] = shared
    return found


def groups(pairs: dict[tuple[str, str], int], everybody: set[str], least: int = 1) -> list[int]:
    projection = nx.Graph()
    projection.add_nodes_from(everybody)
    projection.add_edges_from(pair for pair, n in pairs.items() if n >= least)
    return sorted(map(len, nx.connected_components(projection)), reverse=True)


def expected(rows: list[Row], least: int, since: str, until: str, removed: list[str], rank: int) -> dict[str, Any]:
    everybody = {p for r in rows for p in parties(r)} & set(YOUNG)
    seen = [
        r for r in rows
        if not (since or until)
        or r["start"]
        and (not until or r["start"] <= until)
        and (not since or r["end"] == ".." or (r["end"] or r["start"]) >= since)
    ]  # fmt: skip
    harmful = [r for r in seen if r["influence"] != "protective" and r["relation"] != "conflict"]
    graph = graph_of(harmful, everybody)
    entities = {p for r in seen for p in parties(r)} - set(YOUNG)
    pairs = counts(graph, everybody)
    tied = {e: len(graph[e]) if e in graph else 0 for e in entities}
    size = groups(pairs, everybody, least)

    def named(entity: str) -> dict[str, str]:
        return dict(zip(("kind", "id"), entity.split(":", 1), strict=True))

    result: dict[str, Any] = {
        "young_people": len(everybody),
        "entities": len(entities),
        "pairs": len(pairs),
        "pairs_sharing_2plus": sum(n >= 2 for n in pairs.values()),
        "groups": size,
        "entities_ranked": [
            {**named(e), "young_people": tied[e]} for e in sorted(entities, key=lambda e: (-tied[e], e.split(":", 1)))
        ],
        "largest_group": max(size, default=0),
        "protective_ties": sum(r["influence"] == "protective" for r in seen),
        "conflict_ties": sum(r["relation"] == "conflict" for r in seen),
    }
    if since or until:
        result["undated_left_out"] = sum(not r["start"] for r in rows)
    if removed:
        less = graph.copy()
        less.remove_nodes_from(removed)
        left = counts(less, everybody)
        after = groups(left, everybody, least)
        result["after"] = {"pairs": len(left), "groups": after, "largest_group": max(after, default=0)}
    children = {p for r in rows for p in parties(r) if r["role"] == "peer"}
    options = []
    for entity in entities:
        if not tied[entity] or entity.startswith("group:") or entity in children:
            continue
        less = graph.copy()
        less.remove_node(entity)
        left = counts(less, everybody)
        linked, still = ({p for pair in some for p in pair} for some in (pairs, left))
        options.append(
            {
                **named(entity),
                "pairs_lost": len(pairs) - len(left),
                "isolated": len(linked - still),
                "largest_group_after": max(groups(left, everybody)),
            }
        )
    options.sort(key=lambda o: (-o["pairs_lost"], -o["isolated"], o["kind"], o["id"]))
    result["disruption"] = options[:rank]
    return result


@settings(max_examples=300)
@given(
    rows=st.lists(some_row(), min_size=1, max_size=22),
    least=st.integers(1, 3),
    since=st.one_of(st.just(""), day),
    until=st.one_of(st.just(""), day),
    some=st.randoms(use_true_random=False),
    rank=st.integers(1, 9),
)
def test_every_field_agrees_with_removing_and_recomputing(
    rows: list[Row], least: int, since: str, until: str, some: Any, rank: int
) -> None:
    if since and until and since > until:
        since, until = until, since
    entities = sorted({p for r in rows for p in parties(r)} - set(YOUNG))
    removed = some.sample(entities, min(len(entities), some.randint(0, 3)))
    assert shown(
        rows,
        min_shared=least,
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
        what_if=removed,
        rank=rank,
    ) == expected(rows, least, since, until, removed, rank)
