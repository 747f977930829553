"""Drafts save themselves; two people on one draft meet a conflict, never a silent overwrite."""

from __future__ import annotations

from chm.access import Permission
from chm.assessments import Answers, Draft
from chm.casework import frameworks
from chm.casework.checks import spoken
from chm.casework.desk import Work, intention, new_id
from chm.casework.merging import Difference, Merge, merge
from chm.errors import Conflict
from chm.store import assessments, drafts

__all__ = ["Difference", "Draft", "Merge", "discard", "latest", "merge", "open", "save", "still_open"]


@intention(Permission.SCORE, about="young_person")
def open(work: Work, young_person: str, framework_id: str, framework_version: int) -> Draft:
    """The open draft, else a new one with no answers.

    Raises:
        Faults: there is no such framework, or it was edited after it had been used.
    """
    draft = drafts.get(work.session, young_person)
    if draft is None:
        assessments.fix_framework(work.session, frameworks.known(framework_id, framework_version), using=False)
        new = Draft(
            id=new_id("D"),
            young_person=young_person,
            framework=framework_id,
            framework_version=framework_version,
            assessed_on=work.today,
            answers=Answers(),
            version=0,
            opened_by=work.user.name,
            updated_by=work.user.name,
            updated_at=work.now,
        )
        draft = drafts.open(work.session, new, work.user)
    work.why = draft.id
    return draft


@intention(Permission.SCORE, about="young_person", audited=False, passive=True)
def still_open(work: Work, young_person: str) -> None:
    """Raises NotFound where a draft that was opened may be shown no more."""


@intention(Permission.SCORE, about="draft", audited=False, writes=True)
def save(work: Work, draft: Draft) -> Draft:
    """Saves the draft over the version it was read as, and gives the new one.

    Raises:
        Conflict: somebody else saved, recorded or discarded it since.
        Faults: a text is too long.
    """
    checked = draft.model_copy(update={"answers": spoken(draft.answers)})
    return drafts.save(work.session, checked, work.user, work.now)


@intention(Permission.SCORE, about="young_person")
def latest(work: Work, young_person: str) -> Draft:
    """The draft as it stands, with whoever saved it last. Raises Conflict where there is none any more."""
    draft = drafts.get(work.session, young_person)
    if draft is None:
        raise Conflict(drafts.GONE)
    work.why = draft.id
    return draft


@intention(Permission.SCORE, about="young_person")
def discard(work: Work, young_person: str) -> None:
    """Throws the open draft away, if there is one."""
    work.why = "discarded" if drafts.close(work.session, young_person) else "no draft"
