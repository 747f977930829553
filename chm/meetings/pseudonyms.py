"""What people and things are called on a shared screen: drawn at random for one meeting, telling nothing in another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from random import Random

from chm.privacy import closed

CODED = {k: k.capitalize() for k in ("person", "account", "home", "place", "vehicle", "group")}


def draw(
    young_people: Sequence[str], names: Mapping[str, str], trees: Sequence[str], taken: Collection[str], random: Random
) -> dict[str, str]:
    """A pseudonym for each of `young_people` (ids), of `trees` not `taken`, in an order of its own at each call.

    A tree that stands anywhere in the name of one of `names` (all of the meeting, by id), as Oak in Oakley, is left
    out; once trees are used up, numbers go on.
    """
    known = [closed(name) for name in names.values()]
    free = [t for t in trees if t not in taken and not any(closed(t) in name for name in known)]
    random.shuffle(free)
    order = list(young_people)
    random.shuffle(order)
    numbered = (name for n in count(1) if (name := f"Young person {n}") not in taken)
    return {id: free.pop() if free else next(numbered) for id in order}


def code(parties: Iterable[tuple[str, str]], taken: Collection[str], random: Random) -> dict[str, str]:
    """A code such as `Person C` for each party of (id, kind of `CODED`), in no order, after those `taken`."""
    order = list(parties)
    random.shuffle(order)
    used, found = set(taken), {}
    for id, kind in order:
        found[id] = next(name for letters in _letters() if (name := f"{CODED[kind]} {letters}") not in used)
        used.add(found[id])
    return found


def initials(name: str) -> str:
    """The first letter of each word of a name, such as `Z. H.`."""
    return " ".join(f"{word[0].upper()}." for word in name.replace("-", " ").split() if word[0].isalnum())


def _letters() -> Iterator[str]:
    """A to Z, then AA to ZZ, and so on."""
    for n in count(1):
        text = ""
        while n:
            n, left = divmod(n - 1, 26)
            text = chr(65 + left) + text
        yield text
