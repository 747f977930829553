"""How parts of the minutes are said in a document: when, about what and whom, what is to be done and by when."""

from __future__ import annotations

from collections.abc import Sequence

from chm.exchange.word import day_short, day_text
from chm.meetings.mentions import SOMETHING
from chm.meetings.minutes import CHILD, UNNAMED, MinutedAction, Minutes
from chm.privacy import SOMEBODY

MEETING = "Complex strategy meeting"
NOTHING = "Nothing was recorded."
FEW = 3
UNNAMING = (*UNNAMED.values(), "a home", SOMEBODY, SOMETHING)


def when(minutes: Minutes) -> str:
    """Day and time of the meeting."""
    time = f"{minutes.at:%H:%M}" if minutes.at else "time not recorded"
    return f"{minutes.on:%A} {day_text(minutes.on)}, {time}"


def about(minutes: Minutes, target: str, young_people: Sequence[str], *, each: bool = False) -> str:
    """What something is about, then which young people (see `who`), a line each."""
    kind, _, id = target.partition(":")
    what = "" if not target or (kind == CHILD and id in young_people) else called(minutes, target)
    return "\n".join(filter(None, (what, who(minutes, young_people, each=each)))) or "In general"


def who(minutes: Minutes, ids: Sequence[str], *, each: bool = False) -> str:
    """The young people by name, a line each where they are few; all of a larger meeting's by their number.

    Args:
        each: every one by name, where nothing else in the document says who they are.
    """
    if len(ids) <= FEW:
        return "\n".join(dict.fromkeys(minutes.who((id,)) for id in ids))
    return f"All {len(ids)} young people" if set(ids) == set(minutes.names) and not each else minutes.who(tuple(ids))


def called(minutes: Minutes, target: str) -> str:
    """What `target` is called, to open a sentence; a name stays as it is spelt."""
    return _sentence(minutes.what(target))


def told(minutes: Minutes, text: str) -> str:
    """What somebody wrote, as this copy's reader may know it; where it opens with whom it does not name, a capital."""
    return _sentence(minutes.words(text))


def action_text(minutes: Minutes, action: MinutedAction, *, person: bool = False) -> str:
    """What is to be done, what came of it and which meeting decided it, a line each.

    Args:
        person: also who does it, where their agency is said elsewhere.
    """
    lines = [told(minutes, action.text)]
    if person and action.owner_person:
        lines.append(f"Who: {minutes.words(action.owner_person)}")
    if action.outcome:
        lines.append(f"Outcome: {minutes.words(action.outcome)}")
    if action.meeting_on and action.meeting_on != minutes.on:
        lines.append(f"Decided on {day_text(action.meeting_on)}")
    return "\n".join(lines)


def due(action: MinutedAction) -> str:
    """The day it is due, short."""
    return day_short(action.due) if action.due else "No date"


def opening(text: str) -> str:
    """`text` with a capital."""
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return opening(text) if text.startswith(UNNAMING) else text


def counted(number: int, one: str, many: str) -> str:
    """`number` and the noun that goes with it."""
    return f"{number} {one if number == 1 else many}"
