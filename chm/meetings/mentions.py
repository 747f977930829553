"""Who is picked while a text is typed: kept by id, and called as whoever reads it may know them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from chm.privacy import hidden

MENTION = re.compile(r"@\{([a-z_]+:[^{}]{1,80})\}")
SOMETHING = "something else"


def mentioned(text: str) -> tuple[str, ...]:
    """Each party (kind:id) that `text` mentions, once, in the order they stand."""
    return tuple(dict.fromkeys(MENTION.findall(text)))


def called(text: str, names: Mapping[str, str], otherwise: str = SOMETHING) -> str:
    """`text` with each mention as `names` (by kind:id) has it, `otherwise` where it has none."""
    return MENTION.sub(lambda found: names.get(found[1], otherwise), text)


def renamed(text: str, become: Callable[[str], str | None]) -> str:
    """`text` with each mentioned party become another (kind:id); one that becomes None stays as it is."""
    return MENTION.sub(lambda found: f"@{{{become(found[1]) or found[1]}}}", text)


def mentioned_again(text: str, names: Mapping[str, str]) -> str:
    """`text` with each whole name of `names` (by kind:id) become a mention again, longer names first."""
    by_name = {name: party for party, name in names.items() if name}
    ways = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{ways})(?!\w)", lambda found: f"@{{{by_name[found[0]]}}}", text) if ways else text


def masked(text: str, names: Mapping[str, str], aliases: Mapping[str, str]) -> str:
    """`text` where nobody of `names` (by kind:id) is named: mentions and typed names become their `aliases`."""
    said = MENTION.sub(lambda found: f"@{{{found[1]}}}" if found[1] in aliases else SOMETHING, text)
    parts, at = [], 0
    for found in MENTION.finditer(said):
        parts += [hidden(said[at : found.start()], names, aliases), aliases[found[1]]]
        at = found.end()
    return "".join([*parts, hidden(said[at:], names, aliases)])
