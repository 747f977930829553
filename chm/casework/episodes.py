"""Missing episodes of young people: recorded, corrected, and read together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.sight import Sight
from chm.episodes.records import Episode, earliest, latest, local_day
from chm.errors import NotFound
from chm.store import episodes, people
from chm.store.episodes import WORDS, Kept

__all__ = ["Kept"]


@intention(Permission.READ_NETWORK, about="young_people")
def of(work: Work, young_people: tuple[str, ...]) -> list[Kept]:
    """The missing episodes of `young_people`, all in the user's reach, earliest first, as the user may know them."""
    sight = Sight(work)
    return [replace(k, episode=_told(k.episode, sight)) for k in episodes.of(work.session, work.scope, young_people)]


@intention(Permission.RECORD_CONNECTION, about="young_person")
def record(work: Work, young_person: str, episode: Episode) -> Episode:
    """Records an episode, given without an id. Raises Faults, all at once."""
    made = replace(_checked(work, young_person, episode), id=new_id("MIS"))
    episodes.add(work.session, [made], work.user.id, work.now)
    work.why = made.id
    return made


@intention(Permission.RECORD_CONNECTION, about="young_person")
def correct(work: Work, young_person: str, episode: Episode, version: int, shown: Episode | None = None) -> Episode:
    """Writes an episode over the version it was read as, as when a young person is back.

    Args:
        shown: as `of` gave it out, with names perhaps withheld; a text left as shown stays as it is stored.

    Raises:
        Faults: as `record`.
        NotFound: the young person has no such episode.
        Conflict: somebody else changed it since.
    """
    before = episodes.get(work.session, episode.id)
    if before.young_person != young_person:
        raise NotFound(CLOSED)
    left = [w for w in WORDS if shown and getattr(episode, w) == getattr(shown, w)]
    stored: dict[str, Any] = {w: getattr(before, w) for w in left}
    made = _checked(work, young_person, replace(episode, **stored))
    episodes.edit(work.session, made, version)
    work.why = made.id
    return _told(made, Sight(work))


def _told(episode: Episode, sight: Sight) -> Episode:
    words: dict[str, Any] = {word: sight.hide(getattr(episode, word)) for word in WORDS}
    return replace(episode, **words)


def _checked(work: Work, young_person: str, episode: Episode) -> Episode:
    checks, said = Checks(work.today), episode.interview
    checks.past("missing from", local_day(episode.start), people.get(work.session, young_person))
    checks.need(
        not isinstance(episode.start, datetime) or episode.start <= work.now,
        "missing from: the time lies in the future",
    )
    if episode.end is not None:
        checks.past("back", local_day(episode.end))
        ends = latest(episode.end) > earliest(episode.start)
        checks.need(ends, "back: before they went missing; give a later day or time")
    if said.held_at is not None:
        checks.past("interview held", local_day(said.held_at))
        after = latest(said.held_at) >= earliest(episode.start)
        checks.need(after, "interview held: before they went missing; give a later day")
    checks.need(said.held is True or said.held_at is None, "interview held: has a day but was not held; choose one")
    checks.need(not (said.held and said.offered is False), "interview: held but not offered; put one right")
    words: dict[str, Any] = {name: checks.line(name.replace("_", " "), getattr(episode, name)) for name in WORDS}
    checks.done()
    return replace(episode, young_person=young_person, **words)
