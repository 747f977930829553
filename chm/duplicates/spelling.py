"""Names that differ in one word, and words that differ by a slip of the pen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from chm.duplicates.rules import Spelling
from chm.duplicates.words import Words

AT_ONCE = 512


@dataclass(frozen=True)
class OneWordApart:
    """Names that are alike but for the word at `position`: which of them has which word there."""

    rest: Words
    position: int
    by_word: Mapping[str, list[int]]

    @property
    def last(self) -> bool:
        """Whether the differing word is the last."""
        return self.position == len(self.rest)


def one_word_apart(names: Mapping[int, Words]) -> Iterator[OneWordApart]:
    """Every set of names that differ in one word at the same place. Linear in the number of words."""
    found: defaultdict[tuple[int, Words], defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, name in names.items():
        for position, word in enumerate(name):
            found[position, name[:position] + name[position + 1 :]][word].append(number)
    for (position, rest), by_word in found.items():
        if len(by_word) > 1:
            yield OneWordApart(rest, position, by_word)


def slips(words: Collection[str], spelling: Spelling) -> Iterator[tuple[str, str]]:
    """Pairs of words that begin alike and are one letter apart, or two where both are long (a swap counts as one)."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        if _told(word, spelling):
            by_letter[word[0]].append(word)
    for alike in by_letter.values():
        for start in range(0, len(alike) - 1, AT_ONCE):
            some, later = alike[start : start + AT_ONCE], alike[start:]
            apart = cdist(some, later, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8, workers=1)
            for i, j in np.argwhere(apart <= 2):
                one, other = some[i], later[j]
                if i < j and _near(one, other, apart[i, j], spelling):
                    yield one, other


def slip(one: str, other: str, spelling: Spelling) -> bool:
    """Whether `slips` gives these two words, or they are one."""
    if one == other:
        return True
    if one[0] != other[0] or not (_told(one, spelling) and _told(other, spelling)):
        return False
    return _near(one, other, OSA.distance(one, other, score_cutoff=2), spelling)


def _told(word: str, spelling: Spelling) -> bool:
    return len(word) >= spelling.one_letter_from and word.isalpha()


def _near(one: str, other: str, apart: int, spelling: Spelling) -> bool:
    return apart <= (2 if min(len(one), len(other)) >= spelling.two_letters_from else 1)
