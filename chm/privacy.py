"""Young people's names in what people wrote: found, so that a text can be refused, or hidden from who may not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from chm.unseen import UNSEEN, as_one, has_unseen

SOMEBODY = "another young person"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
MOST_KEPT = 10_000


class _Bare(dict[int, str]):
    """Each character, by its number, without accents; one that nobody sees is nothing where they are read `over`."""

    def __init__(self, over: bool):
        super().__init__(dict.fromkeys(map(ord, "’‘`"), "'") | dict.fromkeys(map(ord, DASHES), "-"))
        self._over = over

    def __missing__(self, number: int) -> str:
        char = chr(number)
        parts = "" if self._over and UNSEEN.match(char) else unicodedata.normalize("NFKD", char)
        bare = "".join(part for part in parts if not unicodedata.combining(part))
        if len(self) < MOST_KEPT:
            self[number] = bare
        return bare

    def origin(self, text: str) -> list[int]:
        """Where in `text` each character that is left of it, and its end, stands."""
        return [*(n for n, char in enumerate(text) for _ in self[ord(char)]), len(text)]


OVER, PARTED = _Bare(True), _Bare(False)


def names_any(text: str, young_people: Mapping[str, str], *, whole: bool = False) -> bool:
    """Whether `text` names one of `young_people` (names by id): see `hidden`.

    Args:
        whole: only by an id or a whole name, as where another's name stands, who may share a first name.
    """
    return next(_mentions(text, young_people, whole), None) is not None


def hidden(
    text: str,
    young_people: Mapping[str, str],
    called: Mapping[str, str] | None = None,
    *,
    whole: bool = False,
    kept: Collection[str] = (),
) -> str:
    """`text` with each mention of `young_people` (names by id) replaced by `SOMEBODY`.

    A mention is an id or a whole name, in any case, or one word of a name as it is spelt or in capitals; accents, the
    kind of apostrophe or dash and what nobody sees make no difference. A single letter is no name.

    Args:
        called: what stands in place of each id instead; a word that several share stays `SOMEBODY`.
        whole: only an id or a whole name is a mention, with its last words first too.
        kept: those of `young_people` (ids) whose mentions stay, so that no part of them is taken for somebody else's.
    """
    parts, at = [], 0
    for start, end in _mentions(text, young_people, whole):
        who = _who(text[start:end], young_people) if called or kept else set()
        if not who or not who <= set(kept):
            said = (called or {}).get(next(iter(who)), SOMEBODY) if len(who) == 1 else SOMEBODY
            parts += [text[at:start], said]
            at = end
    return "".join([*parts, text[at:]])


def replaced_run_together(text: str, name: str, said: str) -> str:
    """`text` with `said` for the letters of `name` in their order or last word first, whatever stands between them."""
    bare, origin = _bare(text), OVER.origin(text)
    words = name.split()
    ways = {r"[\W_]*".join(map(re.escape, closed("".join(w)))) for w in (words, words[::-1])} - {""}
    kept, at = [], 0
    for found in re.finditer("|".join(sorted(ways)), bare, re.IGNORECASE) if ways else ():
        kept += [text[at : origin[found.start()]], said]
        at = origin[found.end()]
    return "".join([*kept, text[at:]])


def name_words(text: str) -> set[str]:
    """The words of `text`, folded, by which names that may stand in it are found: `Zoë's` gives zoe and s."""
    return {word for way in _readings(text) for word in re.findall(r"[^\W_]+", text.translate(way).casefold())}


def closed(text: str) -> str:
    """The letters and digits of `text` alone, folded, as where a name is run together."""
    return "".join(c for c in _bare(text).casefold() if c.isalnum())


def _who(said: str, young_people: Mapping[str, str]) -> set[str]:
    """Ids of those whom a mention means: by id or whole name, else by a word of it."""
    words = _words(said)
    whole = {
        id
        for id, name in young_people.items()
        if words == [id.casefold()] or any(words == last + first for first, last in _splits(_words(name)))
    }
    return whole or {id for id, name in young_people.items() if len(words) == 1 and words[0] in _words(name)}


def _words(name: str) -> list[str]:
    return _bare(name).casefold().replace(",", " ").split()


def _splits(words: list[str]) -> list[tuple[list[str], list[str]]]:
    """The words in two parts in each way, the first part empty at first."""
    return [(words[:n], words[n:]) for n in range(max(len(words), 1))]


def _mentions(text: str, young_people: Mapping[str, str], whole: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each mention, first to last."""
    wholes = {way for id, name in young_people.items() for way in (re.escape(id), *_ways(name, whole))}
    words = {word for name in young_people.values() for w in _bare(name).split() for word in (w, w.upper())}
    alone = {re.escape(w) for w in words if sum(c.isalnum() for c in w) > 1} if not whole else set()
    ways = sorted((*(f"(?i:{way})" for way in wholes), *(f"(?:{way})" for way in alone)), key=_longest)
    if not ways:
        return
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")
    found: list[tuple[int, int]] = []
    for reading in _readings(text):
        if here := [match.span() for match in pattern.finditer(text.translate(reading))]:
            at = reading.origin(text)
            found += [(at[start], at[end]) for start, end in here]
    yield from as_one(found)


def _longest(way: str) -> tuple[int, str]:
    return (-len(way), way)


def _ways(name: str, turned: bool) -> list[str]:
    """Patterns of a whole name: as it is, and where `turned` its last words first, with a comma or not."""
    words = _bare(name).split()
    marks = "".join(words)
    letters = sum(c.isalnum() for c in marks)
    if letters < 2 and (letters or len(marks) < 2):
        return []
    spaced = (
        tuple(r"\s+".join(map(re.escape, part)) for part in split) for split in _splits(words)[: None if turned else 1]
    )
    return [rf"{last}(?:\s*,\s*|\s+){first}" if first else last for first, last in spaced]


def _readings(text: str) -> list[_Bare]:
    """How the letters of `text` may be read: over what nobody sees, and if there is any as parted by it too."""
    return [OVER, PARTED] if has_unseen(text) else [OVER]


def _bare(text: str) -> str:
    return text.translate(OVER)
