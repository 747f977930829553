"""Documents that leave with somebody: each made at one moment, for one reader, and audited."""

from __future__ import annotations

from typing import NamedTuple

from chm.access import Permission
from chm.casework import frameworks
from chm.casework.desk import CLOSED, Work, intention
from chm.errors import NotFound
from chm.exchange import document
from chm.store import assessments, people, plans, users


class Made(NamedTuple):
    """A file's content and a name with nothing personal in it."""

    data: bytes
    name: str


@intention(Permission.EXPORT_CHILD, about="young_person")
def assessment(work: Work, young_person: str, assessment_id: str) -> Made:
    """The Word document of one assessment, fit to attach to a referral.

    Raises:
        NotFound: the young person has no such assessment.
    """
    made = assessments.of(work.session, young_person)
    place = next((n for n, a in enumerate(made) if a.id == assessment_id), None)
    if place is None:
        raise NotFound(CLOSED)
    chosen = made[place]
    work.why = chosen.id
    recorder = users.get(work.session, chosen.recorded_by)
    data = document.assessment_document(
        frameworks.known(chosen.framework, chosen.framework_version),
        people.get(work.session, young_person),
        chosen,
        made[place - 1] if place else None,
        people.referrals(work.session, young_person),
        plans.actions(work.session, young_person),
        work.today,
        recorded_by=recorder.name if recorder else chosen.recorded_by,
    )
    return Made(data, document.document_name(young_person, chosen.assessed_on))


@intention(Permission.EXPORT_CHILD, about="young_person")
def safety_plan(work: Work, young_person: str, *, for_family: bool) -> Made:
    """A copy of the safety plan to take away.

    Raises:
        NotFound: there is no safety plan.
        NotPermitted: a family's copy is asked for where family may be a source of harm.
    """
    plan = plans.safety_plan(work.session, young_person)
    if plan is None:
        raise NotFound(CLOSED)
    work.why = "for the family" if for_family else "for the young person"
    data = document.safety_plan_document(people.get(work.session, young_person), plan, for_family=for_family)
    return Made(data, document.safety_plan_name(young_person))
