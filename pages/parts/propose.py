"""Proposing one action for several young people, from whatever links them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chm.casework.desk import Desk
from chm.linkage.ties import Party

if TYPE_CHECKING:
    from chm.targets import TargetAction


def propose(
    desk: Desk, target: Party, target_label: str, young_people: Sequence[str], recommended: Sequence[TargetAction]
) -> None:
    """Open the dialog in which one action on `target` is proposed for some of `young_people` (ids)."""
