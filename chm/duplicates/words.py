"""Names, plates, phone numbers and online names in one form, so that what is written two ways compares equal."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from chm.duplicates.rules import Rules
from chm.unseen import seen

Words = tuple[str, ...]
REGION = "GB"
LOOKS_LIKE_PHONE = re.compile(r"\+?[\d\s().\-/]{7,}")
FEWEST_ONLINE = 3
LONGEST_PLATE = 8


def words(text: str) -> Words:
    """The words of `text` without case, accents, punctuation or what nobody sees."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", seen(text)).casefold())
    kept = (c if c.isalnum() else "" if c in "'’`" or unicodedata.combining(c) else " " for c in plain)
    return tuple("".join(kept).split())


def name(text: str, rules: Rules) -> Words:
    """A person's name without titles, given names first; empty where it names nobody in particular."""
    last, comma, first = text.partition(",")
    found = words(f"{first} {last}" if comma else text)
    found = tuple(w for w in found if w not in rules.titles) or found
    return () if rules.generic.issuperset(found) else found


def place(text: str, rules: Rules) -> Words:
    """The name of a place or group without a leading "the", each short word in one form."""
    found = words(text.replace("&", " and "))
    found = found[1:] if found[:1] == ("the",) else found
    return () if rules.generic.issuperset(found) else tuple(rules.short_words.get(w, w) for w in found)


def marks(found: Words) -> Words:
    """What tells neighbours apart, such as 1 and 11 or A and B: words with a digit, and single letters."""
    return tuple(w for w in found if len(w) == 1 or any(c.isdigit() for c in w))


def telling(text: str, rules: Rules) -> Words:
    """The words of a description in order, or none where too few of them tell people apart."""
    found = words(text)
    return found if len(set(found) - rules.generic) >= rules.telling_words_from else ()


def plate(text: str) -> str:
    """A plate in capitals without spaces; `?` for a character and `*` for any number that were not read."""
    return "".join(c for c in unicodedata.normalize("NFKC", seen(text)).upper() if c.isalnum() or c in "?*")


def reads_as_plate(text: str) -> bool:
    """Whether a vehicle's name is a plate: letters and figures, eight at most."""
    found = plate(text)
    known = found.replace("?", "").replace("*", "")
    return len(found) <= LONGEST_PLATE and any(map(str.isdigit, known)) and any(map(str.isalpha, known))


def phone(text: str) -> str | None:
    """A phone number as E.164, read as British where it names no country; None where it is none."""
    text = seen(text)
    if not LOOKS_LIKE_PHONE.fullmatch(text.strip()):
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def online(text: str) -> str:
    """An online name without case, @, dots, underscores or hyphens; empty where too little is left to tell."""
    found = "".join(c for c in unicodedata.normalize("NFKC", seen(text)).casefold() if c not in "@._- ")
    return found if len(found) >= FEWEST_ONLINE else ""
