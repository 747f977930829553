"""Places, and groups known by a name, that are alike in name, address or postcode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import asin, cos, radians, sin, sqrt

from chm.connections import NamedGroup, Place, PlaceKind
from chm.duplicates import words
from chm.duplicates.buckets import across, by_key, within
from chm.duplicates.rules import Reason, Rules
from chm.duplicates.spelling import one_word_apart, slips
from chm.duplicates.words import Words

Signs = Iterator[tuple[int, int, Reason]]
EARTH = 6_371_000
SHORTEST_POSTCODE = 5


def groups_alike(groups: Sequence[NamedGroup], rules: Rules) -> Signs:
    """Pairs by their places in `groups`."""
    yield from _by_name([g.name for g in groups], rules)


def alike(places: Sequence[Place], rules: Rules) -> Signs:
    """Pairs by their places in `places`. Another flat number, postcode or a point far off is another place."""
    names = [words.place(p.name, rules) for p in places]
    postcodes = [words.plate(p.postcode) for p in places]
    addresses = [_key(words.place(p.address, rules)) for p in places]
    stands = by_key(((postcodes[n], addresses[n]), n) for n in range(len(places)) if postcodes[n] and addresses[n])
    found = set(_by_name([p.name for p in places], rules))
    for numbers in stands.values():
        found.update((*pair, "same_address") for pair in within(numbers, rules.most_alike))
    for one, other, reason in found:
        codes = {postcodes[one], postcodes[other]}
        if len(codes) > 1 and min(map(len, codes)) >= SHORTEST_POSTCODE:
            continue
        if words.marks(names[one]) != words.marks(names[other]) or _two(places[one], places[other], rules):
            continue
        yield one, other, reason
        if postcodes[one] and postcodes[one] == postcodes[other]:
            yield one, other, "same_postcode"
        if addresses[one] and addresses[one] == addresses[other]:
            yield one, other, "same_address"


def _by_name(names: Sequence[str], rules: Rules) -> Signs:
    brought = {n: found for n, name in enumerate(names) if (found := words.place(name, rules))}
    for numbers in by_key((_key(name), n) for n, name in brought.items()).values():
        for one, other in within(numbers, rules.most_alike):
            yield one, other, "same_name" if names[one].split() == names[other].split() else "name_form"
    for group in one_word_apart(brought):
        for word, slip in slips(group.by_word, rules.spelling):
            pairs = across(group.by_word[word], group.by_word[slip], rules.most_alike)
            yield from ((*pair, "spelling") for pair in pairs)


def _key(name: Words) -> tuple[str, Words] | None:
    return ("".join(name), words.marks(name)) if name else None


def _two(one: Place, other: Place, rules: Rules) -> bool:
    if (one.place_kind == PlaceKind.ONLINE) != (other.place_kind == PlaceKind.ONLINE):
        return True
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return False
    a, b = radians(one.latitude), radians(other.latitude)
    across_ = radians(other.longitude - one.longitude)
    chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(across_ / 2) ** 2
    return 2 * EARTH * asin(sqrt(chord)) > rules.apart_metres
