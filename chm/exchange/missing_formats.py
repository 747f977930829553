"""The three formats of missing episodes that are read, told apart by their headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chm.episodes.records import Kind
from chm.exchange import moments


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        columns: what it reads, each as our own column, or "" where it is only looked at. needed: without these nothing
            can be read. strict: whether a column that is not known is a fault; statutory files are often extended.
        read: how a day or time is written. earlier: names of former releases.
    """

    name: str
    columns: dict[str, str]
    needed: tuple[str, ...]
    read: moments.Reader
    strict: bool = False
    earlier: dict[str, str] = field(default_factory=dict)

    @property
    def header(self) -> str:
        """The first row of such a file."""
        return ",".join(c.upper() if self is SSDA903 else c for c in self.columns)


OWN = (
    "young_person", "start", "end", "found_at", "with", "returned_how", "reported_by", "travelled", "rhi_offered",
    "rhi_accepted", "rhi_held",
)  # fmt: skip
SSDA903 = Format(
    "SSDA903 missing",
    {"child": "young_person", "dob": "", "missing": "kind", "mis_start": "start", "mis_end": "end"},
    ("child", "missing", "mis_start", "mis_end"),
    moments.slashed_day,
)
# The table ssd_missing: https://github.com/data-to-insight/ssd-data-model
SSD = Format(
    "Standard Safeguarding Dataset, ssd_missing",
    {
        "miss_table_id": "",
        "miss_person_id": "young_person",
        "miss_missing_episode_start_date": "start",
        "miss_missing_episode_type": "kind",
        "miss_missing_episode_end_date": "end",
        "miss_missing_rhi_offered": "rhi_offered",
        "miss_missing_rhi_accepted": "rhi_accepted",
    },
    ("miss_person_id", "miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    moments.either,
    earlier={
        "miss_missing_episode_start": "miss_missing_episode_start_date",
        "miss_missing_episode_end": "miss_missing_episode_end_date",
    },
)
TIMED = Format("timed CSV", {c: c for c in OWN}, OWN[:3], moments.iso, strict=True)
FORMATS = (SSDA903, SSD, TIMED)
KINDS = {
    "m": Kind.MISSING, "missing": Kind.MISSING, "a": Kind.AWAY, "absent": Kind.AWAY, "away": Kind.AWAY,
    "away without authorisation": Kind.AWAY,
}  # fmt: skip
ANSWERS = {
    "yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False,
    "": None, "na": None, "n/a": None, "unknown": None, "not known": None, "not_known": None,
}  # fmt: skip


def format_of(names: Sequence[str]) -> Format | None:
    """The format most of whose columns `names` has; None where there is none."""
    best = max(FORMATS, key=lambda f: len(set(f.columns).intersection(names)))
    return best if set(best.columns).intersection(names) else None
