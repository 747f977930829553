"""What people wrote, without what tells who somebody is: names however typed, ids, birth dates, homes, postcodes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import MENTION, SOMETHING
from chm.privacy import DASHES, SOMEBODY, closed, hidden, name_words, names_any
from chm.unseen import replaced, spans

LEAST_RUN_TOGETHER, LEAST_WORD = 8, 3
NUMBER = re.compile(rf"\bYP[-{DASHES}\s]?0*(\d{{1,9}})\b", re.IGNORECASE)
POSTCODE = re.compile(rf"\b[A-Z]{{1,2}}\d[A-Z\d]?[-{DASHES}\s]*\d[A-Z]{{2}}\b", re.IGNORECASE)
# Of what people call somebody or where they live, such as "the old man": no names.
NO_NAMES = frozenset({
    "the", "old", "big", "tall", "young", "man", "boy", "girl", "mum", "dad", "uncle", "aunt", "mr", "ms", "home",
    "house", "flat", "address", "placement", "hostel",
})  # fmt: skip
NUMBERS = re.compile(rf"[-{DASHES}\d\s+()]+")


@dataclass(frozen=True)
class Mask:
    """What texts may not hold, and what stands for it.

    Attributes:
        names: of people by kind:id; a further name of one has `#` and a number after it.
        called: what stands for each party (kind:id), mentioned or named; `SOMEBODY` for one who has nothing here.
        things: what stands for each other text, in any case: a home's address, an account, a plate.
        born: birth dates. here: those of `names` who must not be told even where a name is run together.
        withheld: what stands for the whole of a text that does.
    """

    names: Mapping[str, str]
    called: Mapping[str, str]
    things: Mapping[str, str] = field(default_factory=dict)
    born: Collection[date] = frozenset()
    here: Collection[str] = frozenset()
    withheld: str = ""

    def __call__(self, text: str) -> str:
        """`text` with all of it replaced."""
        if not text:
            return text
        near = self.near(text)
        become = {p: self.called.get(p.partition("#")[0], SOMEBODY) for p in near}
        parts, typed, at = [], [], 0
        for found in (*MENTION.finditer(text), None):
            shown = hidden(self._placed(text[at : found.start() if found else None]), near, become)
            typed.append(MENTION.sub(" ", shown))
            parts += [shown, self.called.get(found[1], SOMETHING) if found else ""]
            at = found.end() if found else at
        return self.withheld if self._tells(closed(" ".join(typed))) else "".join(parts)

    def names_somebody(self, text: str) -> bool:
        """Whether `text` has a name or an id of one of `names`, or the name of one who is here run together."""
        return names_any(_as_written(text), self.near(text)) or self._tells(closed(text))

    def near(self, text: str) -> dict[str, str]:
        """Those of `names` who may be named in `text`, by a word or an id of theirs."""
        found = {p: self.names[p] for word in ("", *name_words(text)) for p in self._by_word.get(word, ())}
        ids = (numbered(text[start:end]) for start, end in spans(NUMBER, text))
        return found | {f"{p}#id": id for id in ids if (p := f"{YOUNG_PERSON}:{id}") in self.names}

    def _placed(self, text: str) -> str:
        """`text` without things, birth dates and postcodes, and with ids as they are written."""
        for said, alias in self._things:
            text = replaced(said, lambda _, alias=alias: alias, text)  # type: ignore[misc]
        if self._births:
            text = replaced(self._births, lambda _: "a date", text)
        return _as_written(replaced(POSTCODE, lambda _: "a postcode", text))

    def _tells(self, closed_text: str) -> bool:
        return any(name in closed_text for name in self._run_together)

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for party, name in self.names.items():
            words = name_words(name)
            for word in {w for w in words if len(w) > 1} or words or {""}:
                found[word].append(party)
        return found

    @cached_property
    def _things(self) -> list[tuple[re.Pattern[str], str]]:
        """Longest first, so that an address goes before what is a part of it."""
        longest = sorted(self.things.items(), key=lambda thing: -len(thing[0]))
        return [(re.compile(rf"(?<!\w){_pattern(said)}(?!\w)", re.IGNORECASE), alias) for said, alias in longest]

    @cached_property
    def _births(self) -> re.Pattern[str] | None:
        ways = (way for day in self.born for way in written(day))
        return re.compile(rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)", re.IGNORECASE) if self.born else None

    @cached_property
    def _run_together(self) -> set[str]:
        whole = (self.names[p] for p in self.here if "#" not in p or " " in self.names[p])
        return {c for name in whole for c in _both_ways(name) if len(c) >= LEAST_RUN_TOGETHER}


def further_names(party: str, name: str, ordinary: Collection[str]) -> dict[str, str]:
    """What somebody may be called beside their whole `name`, by `party` with `#` and a number after it.

    Each word of three letters or more, which then counts however it is spelt, unless it is one of `ordinary`, such as
    will; and a name with a hyphen in parts.
    """
    parts = name.replace("-", " ").split()
    found = [w for w in parts if sum(c.isalnum() for c in w) >= LEAST_WORD and closed(w) not in ordinary]
    whole = [" ".join(parts)] if "-" in name else []
    return {f"{party}#{n}": said for n, said in enumerate(dict.fromkeys((*whole, *found)), 1)}


def typed_names(party: str, names: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What people type for somebody of `names`: names by `party` with `#` and a number, and what only describes.

    Of "the tall man" or "Big Kip" the words that are no names count as a part of the whole alone.
    """
    found: dict[str, str] = {}
    described = []
    for name in names:
        words = name.split()
        proper = [w for w in words if w[:1].isupper() and closed(w) not in NO_NAMES]
        if proper != words:
            described.append(name)
        kept = [name] if proper == words else [w for w in proper if sum(c.isalnum() for c in w) >= LEAST_WORD]
        found |= {f"{party}#{n}": said for n, said in enumerate(kept, len(found) + 1)}
    return found, tuple(described)


def written(day: date) -> Iterator[str]:
    """Patterns of how a date is written: 4/3/2012, 04-03-12, 2012-03-04, 04032012, 4th of Mar 2012, March 4, 2012."""
    d, m, y = f"0?{day.day}", f"0?{day.month}", f"(?:{day.year}|['’]?{day:%y})"
    month = f"(?:{day:%B}|{day:%b}{'|Sept' if day.month == 9 else ''})"
    nth, apart = f"0?{day.day}(?:st|nd|rd|th)?", rf"[-{DASHES}\s/.,]"
    yield rf"{d}{apart}+{m}{apart}+{y}"
    yield rf"{day.year}{apart}+{m}{apart}+{d}"
    yield f"{day:%d%m%Y}|{day:%Y%m%d}|{day:%d%m%y}"
    yield rf"{nth}{apart}*(?:of{apart}+)?{month}{apart}*{y}"
    yield rf"{month}{apart}*{nth}{apart}+{y}"


def _as_written(text: str) -> str:
    """`text` with young people's ids as they are written."""
    return replaced(NUMBER, numbered, text)


def numbered(said: str) -> str:
    """The id that `said`, which `NUMBER` found, is: YP-0007 of `yp 7`."""
    number = re.sub(r"\D", "", said)
    return f"YP-{int(number):04d}"


def _pattern(said: str) -> str:
    """A text in any spacing; a number with or without gaps in it."""
    if NUMBERS.fullmatch(said):
        return rf"[-{DASHES}\s()]*".join(re.escape(c) for c in said if c.isdigit() or c == "+")
    return r"\s+".join(map(re.escape, said.split()))


def _both_ways(name: str) -> tuple[str, str]:
    return closed(name), closed("".join(name.split()[::-1]))
