"""The whole name of a young person whom the reader may not know, wherever texts that others wrote are given out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from chm import store
from chm.access import Permission
from chm.casework import (
    connections,
    duplicates,
    episodes,
    guarded,
    meetings,
    minutes,
    network,
    network_export,
    papers,
    place_actions,
    place_records,
    places,
    plans,
    questions,
    room,
    setting_assessments,
    shared_actions,
    tracker,
)
from chm.casework import people as casework_people
from chm.casework.desk import Desk, Work
from chm.casework.documents import Made
from chm.casework.place_records import NewPlaceAssessment
from chm.casework.room import Shown
from chm.casework.setting_assessments import NewSettingAssessment
from chm.casework.shared_actions import NewSharedAction
from chm.casework.sight import Sight
from chm.connections import Influence, NamedGroup, Participant, Party, Person, Relationship
from chm.episodes.records import Episode, Kind
from chm.errors import Conflict
from chm.meetings.records import Attendance, Attending, EntryKind, InMeeting
from chm.places.records import PlaceAction
from chm.privacy import SOMEBODY
from chm.records import Reply, YoungPerson
from chm.store import connections as kept_connections
from chm.store import entities, people
from chm.store import meetings as kept
from chm.store import places as kept_places

from .conftest import NOW, TODAY, Office
from .hall import at, write
from .test_minutes import DUE, ZOE, Held
from .town import ARCADE, event, tie, young

FAR = YoungPerson("YP-0309", "Quill Notthere", "Sutton", age=15, age_on=TODAY)
SAID = "Ask Quill Notthere first"
HIDDEN = f"Ask {SOMEBODY} first"
UNCLE = Person(
    id="PER-e1", name="Quill Notthere's uncle", other_names=("Quill Notthere's lift",), under_18=False,
    description=SAID,
)  # fmt: skip
COMING = Attendance(
    meeting="M-3", agency="For Quill Notthere", name="Quill Notthere's mother", status=Attending.CONFIRMED, version=0,
)  # fmt: skip
LIGHT = PlaceAction(
    id="PAC-e1", place=ARCADE.id, pillar="prevent", text=SAID, owner_agency="For Quill Notthere",
    owner_person="Quill Notthere", due=DUE, why=SAID, recorded_by="u-lead", recorded_at=NOW,
)  # fmt: skip
TWIN = replace(UNCLE, id="PER-e2")
GANG = NamedGroup(id="GRP-e3", name="Friends of Quill Notthere", description=SAID)


def fill(session: store.Session) -> None:
    source = replace(event(1, ARCADE, "x").source, agency="For Quill Notthere", reference="As YP-0309")
    along = tuple(Participant(Party("person", e.id)) for e in (UNCLE, TWIN))
    people.add(session, FAR)
    entities.add(session, [UNCLE, TWIN, GANG], "u-lead", NOW)
    together = event(0xE1, ARCADE, "YP-0001", "YP-0002", along=along, what=SAID, source=source)
    kept_connections.add_events(session, [together])
    there = replace(tie(0xE2, young("YP-0001"), ARCADE, "goes_to", Influence.UNCLEAR), note=SAID, source=source)
    member = replace(there, id="REL-e3", other=Party("group", GANG.id), kind="member")
    kept_connections.add_relationships(session, [there, member])


@pytest.fixture
def far(hall: Office) -> Held:
    """M-3, and one young person tied to nobody in it, named in full in what a lead and its chair wrote."""
    with store.transaction(hall.engine) as session:
        fill(session)
        kept.edit(session, replace(kept.get(session, "M-3"), title=SAID, purpose=SAID, venue=SAID))
        kept.attend(session, COMING)
        kept_places.add_action(session, LIGHT)
    lead = hall["lead"]
    gone = Episode(
        id="", young_person="YP-0001", start=TODAY - timedelta(days=3), end=TODAY - timedelta(days=2),
        kind=Kind.MISSING, found_at=SAID, companions=SAID, returned_how=SAID, reported_by=SAID, travelled=SAID,
    )  # fmt: skip
    episodes.record(lead, "YP-0001", gone)
    place_records.assess(
        lead,
        NewPlaceAssessment(
            place=ARCADE.id, level="moderate", summary=SAID, assessed_on=TODAY, answers={"rivalry": Reply("yes", SAID)}
        ),
    )
    setting_assessments.record(
        lead,
        NewSettingAssessment(
            subject=GANG.id,
            level="moderate",
            summary=SAID,
            assessed_on=TODAY,
            young_people=("YP-0001",),
            answers={"balance": Reply("yes", SAID)},
        ),
    )
    proposed = NewSharedAction(
        target=Party("person", UNCLE.id), pillar="disrupt", text=SAID, owner_agency="For Quill Notthere",
        owner_person="Quill Notthere", young_people=("YP-0001",), due=DUE, why=SAID,
        asked={q.id: Reply(q.options[0][0] if q.options else "", SAID) for q in questions.before_disruption()},
    )  # fmt: skip
    shared_actions.propose(lead, proposed)
    shared_actions.propose(lead, proposed)
    shared_actions.decline(lead, shared_actions.waiting(lead)[0].part, SAID)
    return Held(hall)


def held_and_reviewed(far: Held) -> None:
    """M-3 closed with what names them, and put right; M-9 reviews it."""
    uncle = f"person:{UNCLE.id}"
    said = far.say(SAID, EntryKind.INFORMATION, reason=SAID)
    far.agree(f"{far.at(uncle)}: {SAID}", uncle, owner_agency="Police", owner_person="Quill Notthere")
    far.agree(f"{far.at(uncle)}: {SAID}", ZOE, owner_agency="For Quill Notthere", owner_person="Quill Notthere")
    far.close()
    minutes.put_right(at(far.office["lead"], minutes=40), "M-3", said, 1, f"{SAID}, put right", SAID)
    write(far.office, "M-9", ("YP-0001",), title=SAID, purpose=SAID, review_of="M-3", venue=SAID)
    with store.transaction(far.engine) as session:
        kept.include(session, [InMeeting(meeting="M-9", young_person="YP-0002", why=SAID)])


def text(found: object) -> str:
    """All that `found` says; of a file, what is in it."""
    if not isinstance(found, Made):
        return repr(found)
    if not found.name.endswith(".docx"):
        return found.data.decode()
    with zipfile.ZipFile(io.BytesIO(found.data)) as file:
        return "".join(file.read(name).decode(errors="ignore") for name in file.namelist())


JO: Mapping[str, Callable[[Desk], object]] = {
    "network.read": lambda d: network.read(d, ("YP-0001",)),
    "network_export.csv": lambda d: network_export.export(d, ("YP-0001",), "csv"),
    "network_export.json": lambda d: network_export.export(d, ("YP-0001",), "json"),
    "connections.history": lambda d: connections.history(d, "REL-e2"),
    "connections.find_entities": lambda d: connections.find_entities(d, "uncle"),
    "places.of_young_people": lambda d: places.of_young_people(d, ("YP-0001",)),
    "place_records.assessments": lambda d: place_records.assessments(d, ARCADE.id),
    "episodes.of": lambda d: episodes.of(d, ("YP-0001",)),
    "setting_assessments.mine": setting_assessments.mine,
    "setting_assessments.open": lambda d: setting_assessments.open(d, GANG.id),
    "setting_assessments.history": lambda d: setting_assessments.history(d, GANG.id),
    "shared_actions.waiting": shared_actions.waiting,
    "shared_actions.of_target": lambda d: shared_actions.of_target(d, Party("person", UNCLE.id)),
    "shared_actions.accept": lambda d: shared_actions.accept(d, shared_actions.waiting(d)[0].part),
    "place_actions.of_place": lambda d: place_actions.of_place(d, ARCADE.id),
    "place_actions.start": lambda d: place_actions.start(d, place_actions.of_place(d, ARCADE.id)[-1]),
    "place_actions.complete": lambda d: place_actions.complete(d, place_actions.of_place(d, ARCADE.id)[-1], "Lit"),
    "place_actions.drop": lambda d: place_actions.drop(d, place_actions.of_place(d, ARCADE.id)[-1], "Not needed"),
    "duplicates.offered": duplicates.offered,
    "duplicates.merge": lambda d: duplicates.merge(d, UNCLE.id, TWIN.id),
    "duplicates.keep_apart": lambda d: duplicates.keep_apart(d, UNCLE.id, TWIN.id),
}
CHAIR: Mapping[str, Callable[[Desk], object]] = {
    "network.meetings": network.meetings,
    "meetings.mine": meetings.mine,
    "meetings.plan": lambda d: meetings.plan(d, "M-3"),
    "room.named": lambda d: room.named(d, "M-3", "people", Shown.NAMES),
    "papers.briefing_file": lambda d: papers.briefing_file(d, "M-3", "docx"),
    "meetings.attend": lambda d: meetings.attend(d, replace(COMING, status=Attending.ABSENT, version=1)),
}
MINUTES: Mapping[str, Callable[[Desk], object]] = {
    "minutes.read": lambda d: minutes.read(d, "M-3", 1),
    "minutes.versions": lambda d: minutes.versions(d, "M-3"),
    "minutes.draft": lambda d: minutes.draft(d, "M-3", SAID),
    "minutes.strike": lambda d: minutes.strike(d, "M-3", minutes.said(d, "M-3")[0].id, 1, SAID),
    "meetings.plan": lambda d: meetings.plan(d, "M-9"),
    "papers.briefing_file": lambda d: papers.briefing_file(d, "M-9", "docx"),
    "tracker.read": tracker.read,
    "papers.minutes_file": lambda d: papers.minutes_file(d, "M-3", 1, "docx"),
    "papers.agency_file": lambda d: papers.agency_file(d, "M-3", 1, "Police"),
}


def hidden_in(found: object) -> None:
    said = text(found)
    assert SOMEBODY in said
    assert [t for t in ("Quill", "Notthere", "YP-0309") if t in said] == []


class TestGivenOut:
    @pytest.mark.parametrize("surface", JO)
    def test_a_worker_is_told_nobody_far(self, far: Held, surface: str) -> None:
        hidden_in(JO[surface](far.office["jo"]))

    @pytest.mark.parametrize("surface", CHAIR)
    def test_nor_a_chair(self, far: Held, surface: str) -> None:
        hidden_in(CHAIR[surface](far.office["chair"]))

    @pytest.mark.parametrize("surface", MINUTES)
    def test_nor_a_chair_in_the_minutes_which_keep_it(self, far: Held, surface: str) -> None:
        far.say("Agreed", minute=1)
        held_and_reviewed(far)
        assert [s.text for s in far.stored().said] == [f"{SAID}, put right", "Agreed"]
        hidden_in(MINUTES[surface](at(far.office["chair"], minutes=50)))

    def test_nor_a_worker_of_what_was_agreed_there(self, far: Held) -> None:
        held_and_reviewed(far)
        agreed = casework_people.record_of(far.office["jo"], "YP-0001").agreed
        assert [(a.action.text, a.action.owner_agency, a.action.owner_person) for a in agreed] == [
            (f"{SOMEBODY}'s uncle: {HIDDEN}", f"For {SOMEBODY}", SOMEBODY),
        ]  # fmt: skip

    @pytest.mark.parametrize("who", ["jo", "partner"])
    def test_nor_who_is_invited_or_works_with_one_of_them(self, far: Held, who: str) -> None:
        (found,) = (m for m in meetings.mine(far.office[who]) if m.meeting.id == "M-3")
        assert found.meeting.venue in (HIDDEN, "Ask a young person first")

    @pytest.mark.parametrize("surface", [*JO, "meetings.mine", "meetings.plan", "papers.briefing_file"])
    def test_a_lead_is_told(self, far: Held, surface: str) -> None:
        said = text({**JO, **CHAIR}[surface](far.office["lead"]))
        assert "Quill Notthere" in said
        assert HIDDEN not in said

    def test_but_not_where_others_look_on(self, far: Held) -> None:
        hidden_in(CHAIR["room.named"](far.office["lead"]))


class TestHide:
    """Whole names alone, in either order; nobody else loses a word of theirs."""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Take Zoë Heron to see Officer Quill Jones", "Take Zoë Heron to see Officer Quill Jones"),
            ("Quill Jones and Ali Notthere", "Quill Jones and Ali Notthere"),
            ("QUILL  notthere's mum", f"{SOMEBODY}'s mum"),
            ("Notthere, Quill came", f"{SOMEBODY} came"),
            ("NOTTHERE,Quill and notthere , quill", f"{SOMEBODY} and {SOMEBODY}"),
            ("Sam Van Dyke, Van Dyke, Sam and Dyke Sam Van", f"{SOMEBODY}, {SOMEBODY} and {SOMEBODY}"),
            ("Seen with Zoë Heron, Quill Jones", "Seen with Zoë Heron, Quill Jones"),
            ("Seen with Zoë Heron, Ali Jones", "Seen with Zoë Heron, Ali Jones"),
            ("Zoë Heron Jones saw Zoë Mark", f"Zoë Heron Jones saw {SOMEBODY}"),
            ("Ali Heron with ZOË HERON", f"{SOMEBODY} with ZOË HERON"),
            ("notthere quill came", f"{SOMEBODY} came"),
            ("As yp-0309 and Quill", f"As {SOMEBODY} and Quill"),
            ("@{young_person:YP-0309} with Quill Notthere", f"@{{young_person:YP-0309}} with {SOMEBODY}"),
            ("Quill-Notthere", "Quill-Notthere"),
            ("Qui\u00adll Not\u200dthere, Y\u200bP-0309", f"{SOMEBODY}, {SOMEBODY}"),
            ("Quill Notthere\u200cs", f"{SOMEBODY}\u200cs"),
            ("Zoë Heron", "Zoë Heron"),
        ],
    )
    def test_what_a_worker_reads(self, far: Held, text: str, shown: str) -> None:
        with store.transaction(far.engine) as session:
            for n, name in enumerate(("Ali Heron", "Heron Jones", "Zoë Mark", "Sam Van Dyke")):
                people.add(session, replace(FAR, id=f"YP-032{n}", name=name))
        assert self.sight(far, "jo").hide(text) == shown
        assert self.sight(far, "lead").hide(text) == text

    def test_one_of_the_same_name_as_somebody_known_cannot_be_told_from_them(self, far: Held) -> None:
        with store.transaction(far.engine) as session:
            people.add(session, replace(FAR, id="YP-0310", name="Heron ZOE"))
        assert self.sight(far, "jo").hide("Zoë Heron, not YP-0310") == f"Zoë Heron, not {SOMEBODY}"

    def test_each_word_of_whom_a_text_is_about(self, far: Held) -> None:
        sight = self.sight(far, "jo")
        assert sight.hide("Quill, and a quill", ["YP-0309"]) == f"{SOMEBODY}, and a quill"
        assert sight.hide("Qu\u00adill, Ze\u200bal", ["YP-0309"]) == f"{SOMEBODY}, Ze\u200bal"
        assert sight.hide("Teal Heron, Teal, Zoë Heron", ["YP-0002"]) == f"{SOMEBODY} Heron, {SOMEBODY}, Zoë Heron"

    def test_whole_names_go_before_words_of_another(self, far: Held) -> None:
        with store.transaction(far.engine) as session:
            people.add(session, replace(FAR, id="YP-0330", name="Teal Laterborn"))
            kept.edit(session, replace(kept.get(session, "M-3"), purpose="Teal Laterborn and Teal came"))
        guarded.restrict(far.office["lead"], "YP-0002", "At risk")
        assert meetings.plan(far.office["chair"], "M-3").meeting.purpose == f"{SOMEBODY} and {SOMEBODY} came"

    def test_an_extract_is_for_one_alone(self, far: Held) -> None:
        far.say(f"{far.at(ZOE)} with Ember Laterborn", EntryKind.INFORMATION)
        far.close()
        far.sign()
        with store.transaction(far.engine) as session:
            people.add(session, replace(FAR, id="YP-0330", name="Ember Laterborn"))
            people.allocate(session, "u-jo", "YP-0330", TODAY)
        said = text(papers.own_extract_file(far.office["jo"], "YP-0001", "M-3", "docx"))
        assert f"Zoë Heron with {SOMEBODY}" in said
        assert "Laterborn" not in said

    def sight(self, far: Held, who: str) -> Sight:
        with store.transaction(far.engine) as session:
            return Sight(Work(session, far.office[who].user, NOW, Permission.READ_NETWORK))


class TestSaid:
    def test_what_names_somebody_far_is_for_a_lead_to_put_right(self, far: Held) -> None:
        far.say(f"Agreed with {far.at(f'person:{UNCLE.id}')}")
        far.say(SAID, minute=1)
        far.say("Agreed too", minute=2, kind=EntryKind.DISAGREEMENT, reason=SAID)
        far.close()
        assert [s.text for s in minutes.said(far.office["chair"], "M-3")] == [f"Agreed with {SOMEBODY}'s uncle"]
        assert [s.text for s in minutes.said(far.office["lead"], "M-3")] == [
            f"Agreed with {UNCLE.name}", SAID, "Agreed too",
        ]  # fmt: skip


class TestLeftAsShown:
    """What comes back as it was shown stays as it is stored."""

    def test_an_episode(self, far: Held) -> None:
        (read,) = episodes.of(far.office["jo"], ("YP-0001",))
        said = replace(read.episode, travelled="By bus", end=None)
        made = episodes.correct(far.office["jo"], "YP-0001", said, read.version, read.episode)
        assert (made.found_at, made.travelled) == (HIDDEN, "By bus")
        (kept_,) = episodes.of(far.office["lead"], ("YP-0001",))
        assert (kept_.episode.found_at, kept_.episode.companions, kept_.episode.travelled) == (SAID, SAID, "By bus")

    def test_an_entity(self, far: Held) -> None:
        (shown,) = (e for e in connections.find_entities(far.office["jo"], "lift") if e.id == UNCLE.id)
        made = connections.edit_entity(far.office["jo"], replace(shown, description="Tall"), "seen", shown)
        assert (made.name, made.description) == (f"{SOMEBODY}'s uncle", "Tall")
        found = connections.history(far.office["lead"], UNCLE.id).record
        assert found == replace(UNCLE, description="Tall", version=2)

    def test_a_relationship(self, far: Held) -> None:
        shown = connections.history(far.office["jo"], "REL-e2").record
        assert isinstance(shown, Relationship)
        said = replace(shown, influence=Influence.HARMFUL)
        made = connections.correct_relationship(far.office["jo"], said, "asked again", shown)
        assert (made.note, made.source.agency, made.version) == (HIDDEN, f"For {SOMEBODY}", 2)
        found = connections.history(far.office["lead"], "REL-e2").record
        assert isinstance(found, Relationship)
        assert (found.note, found.source.agency, found.influence) == (SAID, "For Quill Notthere", Influence.HARMFUL)

    def test_who_comes(self, far: Held) -> None:
        (shown,) = (a for a in meetings.plan(far.office["chair"], "M-3").attendance if a.agency.startswith("For"))
        assert (shown.agency, shown.name) == (f"For {SOMEBODY}", f"{SOMEBODY}'s mother")
        meetings.attend(far.office["chair"], replace(shown, status=Attending.ABSENT))
        with store.transaction(far.engine) as session:
            found = [a for a in kept.attendance(session, ["M-3"])["M-3"] if a.agency.startswith("For")]
        assert found == [replace(COMING, status=Attending.ABSENT, version=2)]

    def test_who_comes_of_two_that_are_shown_alike(self, far: Held) -> None:
        ember = replace(COMING, agency="For Ember Faraway", name="Ember Faraway's aunt")
        with store.transaction(far.engine) as session:
            people.add(session, replace(FAR, id="YP-0330", name="Ember Faraway"))
            kept.attend(session, ember)
        for row in (a for a in meetings.plan(far.office["chair"], "M-3").attendance if a.agency.startswith("For")):
            with pytest.raises(Conflict, match="called alike"):
                meetings.attend(far.office["chair"], replace(row, status=Attending.ABSENT))
        with store.transaction(far.engine) as session:
            there = {a.agency: a.name for a in kept.attendance(session, ["M-3"])["M-3"]}
        assert (there[ember.agency], there[COMING.agency]) == (ember.name, COMING.name)

    def test_an_owner_of_whom_one_part_alone_is_changed(self, far: Held) -> None:
        far.agree("Call", ZOE, owner_agency="For Quill Notthere", owner_person="Quill Notthere's aunt")
        (row,) = (t for t in tracker.read(far.office["chair"]) if t.what == "Call")
        given = (row.kind, row.id, row.version, row.owner_agency, "Ana", row.due)
        tracker.reassign(far.office["chair"], *given)  # type: ignore[arg-type]
        (row,) = (t for t in tracker.read(far.office["lead"]) if t.what == "Call")
        assert (row.owner_agency, row.owner_person) == ("For Quill Notthere", "Ana")

    def test_a_plan_of_a_meeting_that_reviews_another(self, far: Held) -> None:
        write(far.office, "M-9", ("YP-0001",), purpose="What Teal told", review_of="M-3")
        guarded.restrict(far.office["lead"], "YP-0002", "At risk")
        shown = meetings.plan(far.office["chair"], "M-9").meeting
        assert shown.purpose == f"What {SOMEBODY} told"
        made = meetings.edit(far.office["chair"], replace(shown, venue="Civic Centre"), shown)
        assert (made.purpose, made.venue) == (shown.purpose, "Civic Centre")
        assert far.meeting("M-9").purpose == "What Teal told"

    def test_a_meetings_plan(self, far: Held) -> None:
        shown = meetings.plan(far.office["chair"], "M-3").meeting
        assert (shown.title, shown.purpose, shown.venue) == (HIDDEN, HIDDEN, HIDDEN)
        made = meetings.edit(far.office["chair"], replace(shown, venue="Civic Centre"), shown)
        assert (made.title, made.venue) == (HIDDEN, "Civic Centre")
        assert (far.meeting().title, far.meeting().purpose, far.meeting().venue) == (SAID, SAID, "Civic Centre")


def test_an_accepted_action_says_what_was_shown(far: Held) -> None:
    (shown,) = shared_actions.waiting(far.office["jo"])
    made = shared_actions.accept(far.office["jo"], shown.part)
    assert (made.text, made.why, made.owner_agency, made.owner_person) == (
        HIDDEN, HIDDEN, f"For {SOMEBODY}", SOMEBODY,
    )  # fmt: skip
    assert plans.actions_of_mine(far.office["lead"])[0].text == HIDDEN
