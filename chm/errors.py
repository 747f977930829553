"""Faults a person can put right. Messages carry no names, dates of birth or free text of a child."""


class ChmError(Exception):
    """Base of every fault this product raises on purpose; `str()` is fit to show a user."""


class Faults(ChmError):
    """Several faults found in one look, all reported together.

    Args:
        faults: one message each, naming the place (file and path, or row and column) and the fix.
    """

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


class NotPermitted(ChmError):
    """The user's role and links do not open this record or this operation."""


class AlreadyKnown(ChmError):
    """Somebody who may be the same young person has a record; nobody was added.

    Args:
        contacts: the team to contact for each, "(closed)" after it where the record is closed; no more is said.
        reopens: whether a new referral opens the one closed record that has the very name and birth date given.
        ids: theirs, for the answer that this is somebody else; never shown.
    """

    def __init__(self, contacts: tuple[str, ...], reopens: bool, ids: tuple[str, ...]):
        super().__init__(f"Known already: {'; '.join(f'contact {c}' for c in contacts)}")
        self.contacts, self.reopens, self.ids = contacts, reopens, ids


class SignedOut(ChmError):
    """The sign-in has ended: by idleness, by age, by leaving, or because somebody ended it."""


class NotFound(ChmError):
    """No such record, or none this user may know of."""


class Conflict(ChmError):
    """Somebody else changed the record since it was read; nothing was written."""


class StorageUnavailable(ChmError):
    """The database is locked, read-only, missing or of another version; nothing was written."""
