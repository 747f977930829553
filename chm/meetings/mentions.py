"""Who is picked while a text is typed: kept by id, and called as whoever reads it may know them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from chm.privacy import hidden
from chm.unseen import replaced, seen

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


def mentioned_again(text: str, names: Mapping[str, str], before: str = "") -> str:
    """`text` with each whole name of `names` (by kind:id) become a mention again, longer names first.

    A name that several share, or that is a single letter, becomes those that `before` mentions by it, in their order;
    where there is none it stays as it is typed.
    """
    of: defaultdict[str, list[str]] = defaultdict(list)
    for party, name in names.items():
        of[seen(name)].append(party)
    was = {name: [p for p in MENTION.findall(before) if p in parties] for name, parties in of.items()}
    ways = "|".join(re.escape(name) for name in sorted(filter(None, of), key=len, reverse=True))

    def again(said: str) -> str:
        name = seen(said)
        if name not in was:  # Two names that overlap.
            return said
        sure = len(of[name]) == 1 and sum(c.isalnum() for c in name) > 1
        party = of[name][0] if sure else was[name][0] if was[name] else ""
        if len(was[name]) > 1:
            was[name].pop(0)
        return f"@{{{party}}}" if party else said

    return replaced(re.compile(rf"(?<!\w)(?:{ways})(?!\w)"), again, text) if ways else text


def masked(
    text: str,
    names: Mapping[str, str],
    aliases: Mapping[str, str],
    *,
    whole: bool = False,
    kept: Collection[str] = (),
) -> str:
    """`text` where nobody of `names` (by kind:id) is named: mentions and typed names become their `aliases`.

    Args:
        whole, kept: as for `hidden`.
    """

    def plain(part: str) -> str:
        return hidden(part, names, aliases, whole=whole, kept=kept)

    parts, at = [], 0
    for found in MENTION.finditer(text):
        parts += [plain(text[at : found.start()]), aliases.get(found[1], SOMETHING)]
        at = found.end()
    return "".join([*parts, plain(text[at:])])
