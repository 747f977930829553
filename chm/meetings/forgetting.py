"""What texts and kept JSON say once somebody in them is deleted: the rest as it was, and nothing of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.masking import LEAST_RUN_TOGETHER, NUMBER, further_names, numbered, written
from chm.meetings.mentions import MENTION
from chm.privacy import closed, hidden, replaced_run_together
from chm.unseen import replaced

GONE = "a young person whose record was deleted"


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """A young person who is deleted, as texts may name them.

    Attributes:
        name: empty where another young person has the same: then a text may mean that one, and only ids count.
        words: parts of the name that mean nobody else where they were, see `own_words`. born: their birth date.
        parties: kind:id of them and of all that is deleted with them. things: what these are called or where they are.
    """

    id: str
    name: str = ""
    words: frozenset[str] = frozenset()
    born: date | None = None
    parties: frozenset[str] = frozenset()
    things: tuple[str, ...] = ()

    def text(self, text: str, near: bool = False) -> str:
        """`text` without them: ids, mentions and the whole name, however run together.

        Args:
            near: it was written where they were known: single words of the name and the birth date go as well.
        """
        parts, at = [], 0
        for found in MENTION.finditer(text):
            mention = GONE if found[1] == f"{YOUNG_PERSON}:{self.id}" else found[0]
            parts += [self._part(text[at : found.start()], near), mention]
            at = found.end()
        return "".join([*parts, self._part(text[at:], near)])

    def _part(self, text: str, near: bool) -> str:
        text = replaced(NUMBER, lambda said: GONE if numbered(said) == self.id else said, text)
        text = hidden(text, {self.id: self.name}, {self.id: GONE}, whole=True)
        if len(closed(self.name)) >= LEAST_RUN_TOGETHER:
            text = replaced_run_together(text, self.name, GONE)
        if near:
            # Said twice, they are no whole name, which would count in small letters too.
            text = hidden(text, {self.id: " ".join(sorted(self.words) * 2)}, {self.id: GONE})
            if self.born:
                ways = re.compile(rf"(?<!\d)(?:{'|'.join(written(self.born))})(?!\d)", re.IGNORECASE)
                text = replaced(ways, lambda _: "a date", text)
        return text

    def json(self, value: Any, near: bool = False) -> Any:
        """`value` without them: texts as `text`, and no entry of a list or of an object that is theirs alone."""
        if isinstance(value, str):
            return self.text(value, near)
        if isinstance(value, list):
            return [self.json(part, near) for part in value if not self._theirs(part)]
        if isinstance(value, dict):
            return {key: self.json(part, near) for key, part in value.items() if not self._keyed(key)}
        return value

    def told(self, kept: dict[str, str]) -> dict[str, str]:
        """What minutes keep of homes, accounts and plates by their texts, without those that are deleted."""
        texts = [thing.casefold() for thing in self.things]
        return {said: alias for said, alias in kept.items() if not any(said.casefold() in text for text in texts)}

    def is_in(self, value: Any) -> bool:
        """Whether JSON refers to them, or to what is deleted with them, by an id of its own."""
        if isinstance(value, dict):
            return self._is(value) or any(self._keyed(key) or self.is_in(part) for key, part in value.items())
        return self._is(value) or (isinstance(value, list) and any(map(self.is_in, value)))

    def _theirs(self, part: Any) -> bool:
        if isinstance(part, dict):
            return self._is(part) or any(map(self._is, part.values())) or part.get("young_people") == [self.id]
        return self._is(part)

    def _is(self, value: Any) -> bool:
        """Whether `value` is the id or the party of one who is deleted, in any of the ways that JSON keeps one."""
        if isinstance(value, dict):
            return f"{value.get('kind')}:{value.get('id')}" in self.parties
        if isinstance(value, list):
            return len(value) == 2 and f"{value[0]}:{value[1]}" in self.parties
        return value == self.id or value in self.parties

    def _keyed(self, key: str) -> bool:
        return key == self.id or key.partition("#")[0] in self.parties


def own_words(id: str, name: str, others: Iterable[str], ordinary: Collection[str]) -> frozenset[str]:
    """The words of `name`, of three letters or more, that none of `others` (names) has and that are not `ordinary`."""
    shared = {closed(word) for other in others for word in other.replace("-", " ").split()}
    words = (word for word in further_names(id, name, ordinary).values() if " " not in word)
    return frozenset(word for word in words if closed(word) not in shared)
