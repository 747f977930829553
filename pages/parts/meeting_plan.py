"""A meeting's plan: what it is for, who it is about, who should be there, and what was carried over."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from chm.casework import frameworks, meetings, papers
from chm.casework.desk import Desk
from chm.casework.meetings import Plan
from chm.errors import ChmError
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings import in_words
from chm.meetings.mentions import called
from chm.meetings.records import Attendance, Attending, MeetingStatus
from pages.parts import (
    faults,
    markup,
    meeting_form,
    meeting_papers,
    navigation,
    opened_meeting,
    opened_record,
    opened_room,
    pressable,
)
from pages.parts.text import borough, plain

SAYS = {
    Attending.NOT_ASKED: "Not asked",
    Attending.ASKED: "Asked",
    Attending.CONFIRMED: "Comes",
    Attending.ABSENT: "Cannot come",
    Attending.REPORT: "Sends a report",
}


def facts(plan: Plan) -> str:
    """When and where, for the title row."""
    m = plan.meeting
    when = f"{m.on:%A} {markup.day(m.on)}" + (f", {m.at:%H:%M}" if m.at else "")
    return " · ".join(f for f in (when, m.venue, f"chair {plan.chair}") if f)


def buttons(desk: Desk, plan: Plan) -> None:
    """What can be done with the meeting as a whole."""
    if plan.meeting.status == MeetingStatus.CLOSED:
        return
    if st.button("Briefing pack", icon=":material/description:"):
        _briefing(desk, plan)
    if st.button("Change", icon=":material/edit:"):
        meeting_form.edit(desk, plan)
    if st.button("Run it", type="primary", icon=":material/present_to_all:", disabled=not plan.young_people) and (
        opened_room.enter(desk, plan.meeting.id)
    ):
        navigation.go(navigation.ROOM)


def purpose(plan: Plan) -> None:
    """What the meeting is for."""
    markup.show("meeting_purpose", purpose=plan.meeting.purpose, reviewed=plan.reviewed)


def young_people(desk: Desk, plan: Plan) -> None:
    """Who it is about, why, and where they stand; the worst first."""
    framework = frameworks.current()
    known = {p.id: p for p in plan.records.young_people}
    why = {y.young_person: y.why for y in plan.young_people}
    rows = [
        {
            "id": id,
            "name": known[id].name if id in known else id,
            "facts": " · ".join(
                (id, "age not known" if (age := known[id].age) is None else str(age), borough(known[id].borough))
            ),
            "score": latest.score.combined.score if (latest := known[id].latest) else None,
            "judged": (latest.judged, framework.level[latest.judged].name) if latest else None,
            "significant": len(latest.score.significant) if latest else 0,
            "review": latest.review_by if latest else None,
            "why": why[id] if why[id] != plan.meeting.purpose else "",
        }
        for id in why
        if id in known
    ]
    rows.sort(key=lambda r: (r["score"] is None, -(r["score"] or 0), r["name"]))
    with st.container(horizontal=True, vertical_alignment="center"):
        markup.show("heading", text=f"Young people · {len(rows)}")
        if plan.meeting.status != MeetingStatus.CLOSED and st.button("Add", icon=":material/person_add:"):
            meeting_form.include(desk, plan)
    what, which = pressable.show(
        "meeting_young", key="meeting-young", pressed=lambda what, which: None, rows=rows,
        may=plan.meeting.status != MeetingStatus.CLOSED,
    )  # fmt: skip
    if what == "out" and which in why:
        _leave_out(desk, plan, which, known[which].name)


def earlier(plan: Plan) -> None:
    """What changed since the meeting that it reviews, and what was agreed there and is open."""
    names = {f"{YOUNG_PERSON}:{p.id}": p.name for p in plan.records.young_people}
    names |= {f"{p.kind}:{p.id}": e.label for p, e in plan.records.entities.items()}
    since = plan.since
    markup.show(
        "meeting_earlier",
        since=since.on if since else None,
        changes=in_words.changed(
            since, frameworks.current(), lambda id: names.get(f"{YOUNG_PERSON}:{id}", ""), lambda t: names.get(t, "")
        )
        if since
        else (),
        carried=[
            {
                "text": called(c.action.text, names),
                "owner": c.action.owner_agency,
                "due": c.action.due,
                "on": c.meeting.on,
                "pillar": c.action.pillar.capitalize(),
            }
            for c in plan.carried
        ],
    )


def who(desk: Desk, plan: Plan) -> None:
    """Who should be in the room, and why; who is let into it with an account."""
    kept = {a.agency: a for a in plan.attendance}
    rows, used = [], set()
    for wanted in plan.expected:
        held = next((a for a in plan.attendance if wanted.is_(a.agency)), None)
        used.add(held.agency if held else "")
        rows.append((wanted.agency, held, wanted.why, wanted.instead_of))
    rows += [(a.agency, a, (), "") for a in plan.attendance if a.agency not in used]
    short = [e.agency for e in plan.missing]
    markup.show("heading", text=f"Who should be in the room · {len(rows)}")
    markup.show("meeting_short", missing=short)
    closed = plan.meeting.status == MeetingStatus.CLOSED
    what, which = pressable.show(
        "meeting_who",
        key="meeting-who",
        pressed=partial(_said, desk, plan, [(agency, held) for agency, held, _, _ in rows]),
        rows=[_who(n, *row) for n, row in enumerate(rows)],
        says=[(s.value, word) for s, word in SAYS.items()],
        may=not closed,
    )
    if what == "name" and which.isdigit() and int(which) < len(rows):
        _name(desk, plan, rows[int(which)][0], rows[int(which)][1])
    if closed:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        agency = st.text_input("Another agency", max_chars=200, key=f"meeting-agency-{len(kept)}")
        if st.button("Ask them too", disabled=not agency.strip()):
            _attend(desk, Attendance(meeting=plan.meeting.id, agency=agency, version=0))
    _accounts(desk, plan)


def _who(n: int, agency: str, held: Attendance | None, why: Any, instead: str) -> dict[str, Any]:
    return {
        "n": n,
        "agency": agency,
        "name": held.name if held else "",
        "status": (held.status if held else Attending.NOT_ASKED).value,
        "why": [(text, source) for text, source in why],
        "instead": instead,
    }


def _said(desk: Desk, plan: Plan, rows: list[tuple[str, Attendance | None]], what: str, which: str) -> None:
    number, _, status = which.partition(".")
    if what != "come" or not number.isdigit() or int(number) >= len(rows) or status not in list(Attending):
        return
    agency, held = rows[int(number)]
    kept = held or Attendance(meeting=plan.meeting.id, agency=agency, version=0)
    _attend(desk, replace(kept, status=Attending(status)))


def _attend(desk: Desk, said: Attendance) -> None:
    try:
        meetings.attend(desk, said)
    except ChmError as error:
        opened_record.failed(error)
    opened_meeting.anew()


@st.dialog("Who comes")
@faults.plainly
def _name(desk: Desk, plan: Plan, agency: str, held: Attendance | None) -> None:
    st.markdown(f"**{plain(agency)}**")
    kept = held or Attendance(meeting=plan.meeting.id, agency=agency, version=0)
    name = st.text_input("Name", kept.name, max_chars=200, key=f"meeting-name-{agency}")
    if st.button("Save", type="primary"):
        _attend(desk, replace(kept, name=name))
        st.rerun()


def _accounts(desk: Desk, plan: Plan) -> None:
    """Users who may come into the room and take notes."""
    able = {u.id: u for u in meetings.who_may_come(desk) if u.id != plan.meeting.chair}
    here = [u.id for u in plan.invited]

    def changed() -> None:
        now = set(st.session_state[key])
        try:
            for id in now - set(here):
                meetings.invite(desk, plan.meeting.id, id)
            for id in set(here) - now:
                meetings.uninvite(desk, plan.meeting.id, id)
        except ChmError as error:
            opened_record.failed(error)
        opened_meeting.anew()

    key = f"meeting-accounts-{plan.meeting.id}-{len(here)}"
    st.multiselect(
        "Let into the room", list(able), default=[h for h in here if h in able],
        format_func=lambda id: f"{able[id].name}, {able[id].agency}", key=key, on_change=changed,
        help="They see pseudonyms only and can take notes; partners until 24 hours after it began",
    )  # fmt: skip


@st.dialog("Leave out of this meeting")
@faults.plainly
def _leave_out(desk: Desk, plan: Plan, id: str, name: str) -> None:
    st.markdown(f"{plain(name)} is no longer looked at in this meeting. Their own record stays as it is.")
    if st.button("Leave out", type="primary"):
        try:
            meetings.leave_out(desk, plan.meeting.id, id)
        except ChmError as error:
            faults.show(error, "Nothing was changed")
            return
        opened_meeting.anew()
        st.rerun()


@st.dialog("Briefing pack")
@faults.plainly
def _briefing(desk: Desk, plan: Plan) -> None:
    st.caption("With names, for the chair: who comes and why, each young person, what links them, what is open.")
    id = plan.meeting.id
    meeting_papers.offer(
        desk,
        "Briefing pack",
        lambda d, form: papers.briefing_file(d, id, form),
        f"briefing-{id}",  # type: ignore[arg-type]
    )
