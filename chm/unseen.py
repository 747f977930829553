"""Characters that nobody sees, such as soft hyphens and joiners, which may stand within a name: read over, or cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

# What writing in some scripts and emoji need: joiners, and marks of direction.
NEEDED = "\u200c-\u200f"
# What else Unicode lets go unseen by default, variation selectors among it.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The rest of its category Cf: signs of few scripts, which many typefaces lack.
SIGNS = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U00013440"
UNSEEN = re.compile(f"[{NEEDED}{IGNORABLE}{SIGNS}]")


def has_unseen(text: str) -> bool:
    return not text.isascii() and UNSEEN.search(text) is not None


def seen(text: str) -> str:
    """`text` without what nobody sees."""
    return text if text.isascii() else UNSEEN.sub("", text)


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Start and end of all that `pattern` finds in `text`, whatever nobody sees within it or beside it."""
    found = [match.span() for match in pattern.finditer(text)]
    if has_unseen(text) and (over := [match.span() for match in pattern.finditer(seen(text))]):
        at = [n for n, char in enumerate(text) if not UNSEEN.match(char)]
        found += [(at[start], at[end - 1] + 1) for start, end in over]
    return as_one(found)


def replaced(pattern: re.Pattern[str], say: Callable[[str], str], text: str) -> str:
    """`text` with all that `spans` finds become what `say` makes of it."""
    if not has_unseen(text):
        return pattern.sub(lambda found: say(found[0]), text)
    parts, at = [], 0
    for start, end in spans(pattern, text):
        parts += [text[at:start], say(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def as_one(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Starts and ends in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
