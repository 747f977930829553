"""What links some young people as a file that other programs open; who is masked on the screen is masked in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chm.access import Permission
from chm.casework.desk import Work, intention
from chm.casework.documents import Made
from chm.casework.linked import Linked, Look, linked
from chm.casework.network import around
from chm.errors import Faults
from chm.exchange.connections_out import write_connections
from chm.linkage import files, rules

FORMS: Mapping[str, Callable[[Linked], bytes]] = {
    "graphml": lambda seen: files.graphml(seen.picture),
    "gexf": lambda seen: files.gexf(seen.picture),
    "csv": lambda seen: write_connections(seen.ties, files.ids(seen.picture)),
    "json": lambda seen: files.node_link(seen.picture),
}


@intention(Permission.EXPORT_NETWORK, about="young_people")
def export(work: Work, young_people: tuple[str, ...], form: str, look: Look = Look()) -> Made:  # noqa: B008
    """The picture, or as `csv` the connections, of `young_people` seen by `look`; the file's name names nobody.

    Raises:
        Faults: there is no such form.
        NotFound: one of the young people is not there, or outside what the user may open.
    """
    if form not in FORMS:
        raise Faults([f"form: must be one of {', '.join(FORMS)}"])
    seen = linked(around(work, young_people), look, rules.load(), work.today)
    work.opened(id for id, person in seen.people.items() if not person.masked)
    work.why = form
    return Made(FORMS[form](seen), f"network-{work.today.isoformat()}.{form}")
