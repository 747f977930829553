"""Phone numbers and online names that are one, however they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chm.connections import Account
from chm.duplicates import words
from chm.duplicates.buckets import across, by_key, within
from chm.duplicates.rules import Reason, Rules


def alike(accounts: Sequence[Account], rules: Rules) -> Iterator[tuple[int, int, Reason]]:
    """Pairs by their places in `accounts`; the same online name on two platforms is two accounts."""
    most = rules.most_alike
    phones = {n: number for n, a in enumerate(accounts) if (number := words.phone(a.name))}
    for numbers in by_key((number, n) for n, number in phones.items()).values():
        for one, other in within(numbers, most):
            same = accounts[one].name.split() == accounts[other].name.split()
            yield one, other, "same_phone" if same else "phone_format"
    names = by_key((words.online(a.name), n) for n, a in enumerate(accounts) if n not in phones)
    for numbers in names.values():
        platforms = {n: " ".join(words.words(accounts[n].platform)) for n in numbers}
        for used in by_key((platform, n) for n, platform in platforms.items()).values():
            for one, other in within(used, most):
                same = accounts[one].name.strip() == accounts[other].name.strip()
                yield one, other, "same_online_name" if same else "online_name_form"
        not_known = [n for n in numbers if not platforms[n]]
        yield from ((*pair, "platform_not_known") for pair in within(not_known, most))
        if not_known:
            known = [n for n in numbers if platforms[n]]
            if known:
                yield from ((*pair, "platform_not_known") for pair in across(not_known, known, most))
