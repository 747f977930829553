"""Young people who may be one with somebody who is added: the same words in their names, or a day and a word alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

from chm import settings
from chm.duplicates.rules import Spelling, load
from chm.duplicates.spelling import slip
from chm.duplicates.words import Words


class Children:
    """Young people by the words of their names and by their birth dates.

    Args:
        kept: id, name and birth date of each; names in lower case without accents and marks.

    Raises:
        Faults: the data have faults.
    """

    def __init__(self, kept: Iterable[tuple[str, str, date | None]]):
        self._spelling = _spelling(settings.data())
        self._by_words: defaultdict[Words, list[tuple[str, date | None]]] = defaultdict(list)
        self._by_day: defaultdict[date, list[tuple[str, Words]]] = defaultdict(list)
        for id, name, born in kept:
            words = tuple(sorted(name.split()))
            self._by_words[words].append((id, born))
            if born is not None:
                self._by_day[born].append((id, _whole(words)))

    def alike(self, name: str, born: date | None) -> list[str]:
        """Ids, in order, of whom this may be, the name in the form of those kept.

        The same words in any order, whatever the birth date; of initials alone, which many share, only where it may be
        the same. Else an equal birth date and a word in common or but for a slip of the pen; initials are no such word.
        """
        words = tuple(sorted(name.split()))
        whole = _whole(words)
        found = {id for id, day in self._by_words.get(words, ()) if whole or None in (born, day) or born == day}
        if born is not None:
            found |= {id for id, other in self._by_day.get(born, ()) if self._share(whole, other)}
        return sorted(found)

    def _share(self, words: Words, others: Words) -> bool:
        return any(slip(one, other, self._spelling) for one, other in product(words, others))


def _whole(words: Words) -> Words:
    return tuple(word for word in words if len(word) > 1)


@cache
def _spelling(folder: Path) -> Spelling:
    return load(folder).spelling
