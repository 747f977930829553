"""What everybody leaves a meeting with: minutes, extracts, each agency's actions, the review for a calendar."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Literal

from chm.access import Permission
from chm.casework import frameworks
from chm.casework.desk import CLOSED, Work, intention
from chm.casework.disguise import who_is_who
from chm.casework.documents import Made
from chm.casework.meetings import enter, meeting_rules, should_come
from chm.casework.minutes import as_read, composed, content, one_version, version_why
from chm.casework.network import around
from chm.casework.sight import Sight
from chm.errors import NotFound
from chm.exchange.actions_word import agency_actions
from chm.exchange.briefing_pack import briefing_pack
from chm.exchange.calendar_file import review_event
from chm.exchange.minutes_pdf import as_pdf, minutes_pdf
from chm.exchange.minutes_word import as_word, minutes_document
from chm.exchange.paper import document_name
from chm.meetings import minutes as domain
from chm.meetings.minutes import Minutes
from chm.meetings.records import MinutesVersion
from chm.privacy import SOMEBODY
from chm.store import meetings, users

Form = Literal["docx", "pdf"]


@intention(Permission.PLAN_MEETING)
def minutes_file(work: Work, meeting: str, number: int, form: Form) -> Made:
    """One version of the minutes as a file, as `content` has it. Raises NotFound where the user does not chair it."""
    kept = one_version(work, enter(work, meeting, chairing=True), number)
    found = content(work, kept)
    work.opened(y.id for y in found.young_people)
    work.why = f"{meeting} minutes {number}"
    return _made(work, found, kept, form, "minutes")


@intention(Permission.PLAN_MEETING)
def extract_file(work: Work, meeting: str, number: int, young_person: str, form: Form) -> Made:
    """What one version says of one young person, everybody else masked. Raises NotFound."""
    kept = one_version(work, enter(work, meeting, chairing=True), number)
    if young_person not in content(work, kept).names:
        raise NotFound(CLOSED)
    found = _extract(work, kept, young_person)
    work.opened([young_person])
    work.why = f"{meeting} extract {number}"
    return _made(work, found, kept, form, f"extract-{young_person}")


@intention(Permission.EXPORT_CHILD, about="young_person")
def own_extract_file(work: Work, young_person: str, meeting: str, form: Form) -> Made:
    """What the newest signed minutes say of a young person of the user's own, everybody else masked.

    Raises NotFound where they were not in that meeting, or none of its minutes are signed.
    """
    signed = [m for m in meetings.minutes(work.session, meeting) if m.signed_at is not None]
    if not signed:
        raise NotFound(CLOSED)
    work.why = f"{meeting} extract {signed[-1].number}"
    return _made(work, _extract(work, signed[-1], young_person), signed[-1], form, f"extract-{young_person}")


@intention(Permission.PLAN_MEETING)
def agency_file(work: Work, meeting: str, number: int, agency: str) -> Made:
    """The actions that one agency leaves with. Raises NotFound where it owns none."""
    kept = one_version(work, enter(work, meeting, chairing=True), number)
    found = content(work, kept)
    own = domain.of_agency(found, agency)
    if not own:
        raise NotFound("This agency owns no action in these minutes")
    work.opened(dict.fromkeys(y for a in own for y in a.young_people))
    work.why = f"{meeting} actions {number}"
    return Made(agency_actions(found, agency, _pillars()), document_name(meeting, number, f"actions-{agency}", "docx"))


@intention(Permission.PLAN_MEETING)
def review_file(work: Work, meeting: str) -> Made:
    """The next review for a calendar; it names nobody. Raises NotFound where no day is decided."""
    kept = enter(work, meeting, chairing=True)
    if kept.next_review is None:
        raise NotFound("No day for the next review is decided")
    work.why = f"{meeting} calendar"
    made = kept.closed_at or work.now
    venue = "" if who_is_who(work, kept).names_somebody(kept.venue) else kept.venue
    event = review_event("Complex strategy meeting: review", kept.next_review, kept.at, kept.id, made, venue)
    return Made(event, document_name(meeting, 1, "review", "ics"))


@intention(Permission.PLAN_MEETING)
def briefing_file(work: Work, meeting: str, form: Form) -> Made:
    """What is known before a meeting, for its chair. Raises NotFound where the user does not chair it."""
    kept = enter(work, meeting, chairing=True)
    found = as_read(work, composed(work, kept), kept)
    wanted = should_come(work, around(work, tuple(y.id for y in found.young_people), Permission.READ_CHILD))
    agenda = [(i.key, i.name, [p.text for p in i.prompts]) for i in meeting_rules().agenda]
    paper = briefing_pack(found, wanted, agenda, _pillars(), work.today)
    work.why = f"{meeting} briefing"
    name = f"{document_name(meeting, 1, 'briefing', form)}".replace("-v1-", "-")
    return Made(as_word(paper) if form == "docx" else as_pdf(paper), name)


def _made(work: Work, found: Minutes, kept: MinutesVersion, form: Form, kind: str) -> Made:
    write = minutes_document if form == "docx" else minutes_pdf
    why = "" if found.left_out else version_why(work, kept)
    data = write(found, number=kept.number, signed=_signed(work, kept), why=why, pillars=_pillars())
    return Made(data, document_name(kept.meeting, kept.number, kind, form))


def _signed(work: Work, kept: MinutesVersion) -> tuple[str, datetime] | None:
    if kept.signed_by is None or kept.signed_at is None:
        return None
    by = users.get(work.session, kept.signed_by)
    return (by.name if by else "the chair", kept.signed_at)


def _pillars() -> dict[str, str]:
    return {str(p["id"]): str(p["name"]) for p in frameworks.current().pillars}


def _extract(work: Work, kept: MinutesVersion, young_person: str) -> Minutes:
    """The extract, without anybody either whose record is younger than the minutes, whether the user may know them."""
    sight, found = Sight(work), domain.of_json(kept.content)
    told = partial(sight.nobody, but={*found.names}, said=SOMEBODY)
    try:
        return domain.extract(
            domain.as_read(found, told, lambda agency, name: name if (agency, name) in sight.accounts else told(name)),
            young_person,
        )
    except KeyError:
        raise NotFound(CLOSED) from None
