"""People whose names are alike: in another form, a short form, a slip of the pen, an initial, an other name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chm.connections import Person
from chm.duplicates import words
from chm.duplicates.buckets import Sign, across, by_key, within
from chm.duplicates.rules import Reason, Rules
from chm.duplicates.spelling import OneWordApart, one_word_apart, slips
from chm.duplicates.words import Words

Signs = Iterator[tuple[int, int, Reason]]


def alike(people: Sequence[Person], rules: Rules) -> Signs:
    """Pairs by their places in `people`. A child and an adult are two people, whatever they are called."""
    names = {n: found for n, p in enumerate(people) if (found := words.name(p.name, rules))}
    for one, other, reason in _signs(people, names, rules):
        ages = {people[one].under_18, people[other].under_18}
        if one != other and not ages >= {True, False}:
            yield one, other, reason


def _signs(people: Sequence[Person], names: dict[int, Words], rules: Rules) -> Signs:
    most = rules.most_alike
    same = by_key((name, n) for n, name in names.items())
    for name, numbers in same.items():
        for one, other in within(numbers, most):
            as_written = people[one].name.split() == people[other].name.split()
            form: Reason = "same_name" if as_written else "same_but_for_form"
            yield one, other, form if len(name) > 1 else "same_single_name"
    for numbers in by_key((tuple(sorted(name)), n) for n, name in names.items() if len(name) > 1).values():
        for one, other in within(numbers, most):
            if names[one] != names[other]:
                yield one, other, "another_order"
    yield from _middle_names(names, same, most)
    for group in one_word_apart({n: name for n, name in names.items() if len(name) > 1}):
        if any(len(word) > 1 for word in group.rest):
            yield from _one_word(group, rules)
    yield from _other_names(people, same, rules)
    described = ((words.telling(p.description, rules), n) for n, p in enumerate(people) if n not in names)
    for numbers in by_key(described).values():
        yield from ((*pair, "same_description") for pair in within(numbers, most))


def _middle_names(names: dict[int, Words], same: dict[Words, list[int]], most: int) -> Signs:
    for ends, numbers in by_key(((name[0], name[-1]), n) for n, name in names.items() if len(name) > 2).items():
        yield from ((*pair, "middle_name") for pair in across(numbers, same.get(ends, ()), most) if ends in same)


def _one_word(group: OneWordApart, rules: Rules) -> Signs:
    def pairs(word: str, other: str) -> Iterator[Sign]:
        return across(group.by_word[word], group.by_word[other], rules.most_alike)

    names = rules.nicknames
    if group.position == 0:
        for word in group.by_word:
            for other in names.alike.get(word, ()):
                if word < other and other in group.by_word:
                    yield from ((*pair, "short_form") for pair in pairs(word, other))
    for word, other in slips(group.by_word, rules.spelling):
        two_names = group.position == 0 and {word, other} <= names.known
        if not two_names:
            yield from ((*pair, "spelling") for pair in pairs(word, other))
    if group.position == 0 or group.last:
        by_letter = by_key((word[0], n) for n, word in enumerate(group.by_word) if len(word) > 1)
        full = list(group.by_word)
        for initial in (word for word in group.by_word if len(word) == 1):
            for n in by_letter.get(initial, ())[: rules.most_alike]:
                yield from ((*pair, "initial") for pair in pairs(initial, full[n]))


def _other_names(people: Sequence[Person], same: dict[Words, list[int]], rules: Rules) -> Signs:
    most = rules.most_alike
    known_as = by_key((words.name(name, rules), n) for n, p in enumerate(people) for name in p.other_names)
    for name, numbers in known_as.items():
        yield from ((*pair, "shared_other_name") for pair in within(numbers, most))
        if name in same:
            yield from ((*pair, "other_name") for pair in across(numbers, same[name], most))
