"""Young people's names in what people wrote: found, so that a text can be refused, or hidden from who may not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

SOMEBODY = "another young person"
APOSTROPHES = str.maketrans("’‘`", "'''")


def names_any(text: str, young_people: Mapping[str, str], *, whole: bool = False) -> bool:
    """Whether `text` names one of `young_people` (names by id): see `hidden`.

    Args:
        whole: only by an id or a whole name, as where another's name stands, who may share a first name.
    """
    return next(_mentions(text, young_people, whole), None) is not None


def hidden(
    text: str, young_people: Mapping[str, str], called: Mapping[str, str] | None = None, *, whole: bool = False
) -> str:
    """`text` with each mention of `young_people` (names by id) replaced by `SOMEBODY`.

    A mention is an id or a whole name, in any case, or one word of a name as it is spelt or in capitals; accents and
    the kind of apostrophe make no difference. A single letter is no name.

    Args:
        called: what stands in place of each id instead; a word that several share stays `SOMEBODY`.
        whole: only an id or a whole name is a mention.
    """
    kept, at = [], 0
    for start, end in _mentions(text, young_people, whole):
        kept += [text[at:start], _called(text[start:end], young_people, called) if called else SOMEBODY]
        at = end
    return "".join([*kept, text[at:]])


def replaced_run_together(text: str, name: str, said: str) -> str:
    """`text` with `said` for the letters of `name` in their order or last word first, whatever stands between them."""
    bare, origin = _bare(text)
    words = name.split()
    ways = {r"[\W_]*".join(map(re.escape, closed("".join(w)))) for w in (words, words[::-1])} - {""}
    kept, at = [], 0
    for found in re.finditer("|".join(sorted(ways)), bare, re.IGNORECASE) if ways else ():
        kept += [text[at : origin[found.start()]], said]
        at = origin[found.end()]
    return "".join([*kept, text[at:]])


def name_words(text: str) -> set[str]:
    """The words of `text`, folded, by which names that may stand in it are found: `Zoë's` gives zoe and s."""
    return set(re.findall(r"[^\W_]+", _bare(text)[0].casefold()))


def closed(text: str) -> str:
    """The letters and digits of `text` alone, folded, as where a name is run together."""
    return "".join(c for c in _bare(text)[0].casefold() if c.isalnum())


def _called(said: str, young_people: Mapping[str, str], called: Mapping[str, str]) -> str:
    bare = " ".join(_bare(said)[0].casefold().split())
    whole = {id for id, name in young_people.items() if bare in (id.casefold(), _folded(name))}
    who = whole or {id for id, name in young_people.items() if bare in _folded(name).split()}
    return called.get(who.pop(), SOMEBODY) if len(who) == 1 else SOMEBODY


def _folded(name: str) -> str:
    return " ".join(_bare(name)[0].casefold().split())


def _mentions(text: str, young_people: Mapping[str, str], whole: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each mention, first to last."""
    bare, origin = _bare(text)
    wholes = {way for id, name in young_people.items() for way in (re.escape(id), _spaced(name)) if way}
    words = {word for name in young_people.values() for w in _bare(name)[0].split() for word in (w, w.upper())}
    alone = {re.escape(w) for w in words if sum(c.isalnum() for c in w) > 1} if not whole else set()
    ways = sorted((*(f"(?i:{way})" for way in wholes), *(f"(?:{way})" for way in alone)), key=_longest)
    for found in re.finditer(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", bare) if ways else ():
        yield origin[found.start()], origin[found.end()]


def _longest(way: str) -> tuple[int, str]:
    return (-len(way), way)


def _spaced(name: str) -> str:
    words = _bare(name)[0].split()
    marks = "".join(words)
    letters = sum(c.isalnum() for c in marks)
    return r"\s+".join(map(re.escape, words)) if letters > 1 or (not letters and len(marks) > 1) else ""


def _bare(text: str) -> tuple[str, list[int]]:
    """`text` without accents, and where in it each character left, and its end, stands."""
    found = [
        (part, n)
        for n, char in enumerate(text.translate(APOSTROPHES))
        for part in unicodedata.normalize("NFKD", char)
        if not unicodedata.combining(part)
    ]
    return "".join(part for part, _ in found), [*(n for _, n in found), len(text)]
