"""Published events as JSON, checked as they come back."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import orjson
from pydantic import BaseModel, Field, FiniteFloat

from chm.exchange.police_uk import FileRows, NearPoint, Part
from chm.geography.areas import OUTSIDE
from chm.places.public_events import PublicEvents

Index = Annotated[int, Field(ge=0, lt=2**31)]
Month = Annotated[int, Field(ge=0, lt=12 * 1000)]


class _Events(BaseModel):
    kinds: tuple[str, ...]
    kind: list[Index]
    forces: tuple[str, ...]
    force: list[Index]
    month: list[Month]
    longitude: list[FiniteFloat]
    latitude: list[FiniteFloat]

    def events(self) -> PublicEvents:
        """Raises ValueError where columns differ in length or an index leads nowhere."""
        columns = (self.kind, self.force, self.month, self.longitude, self.latitude)
        if len({len(column) for column in columns}) > 1:
            raise ValueError("columns differ in length")
        if max(self.kind, default=-1) >= len(self.kinds) or max(self.force, default=-1) >= len(self.forces):
            raise ValueError("an index leads nowhere")
        return PublicEvents(
            self.kinds,
            np.array(self.kind, np.intp),
            self.forces,
            np.array(self.force, np.intp),
            np.array(self.month, np.int64).astype("datetime64[M]"),
            np.array(self.longitude, np.float64),
            np.array(self.latitude, np.float64),
            np.full(len(self.kind), OUTSIDE, np.intp),
        )


class _Part(BaseModel):
    street: _Events
    searches: _Events
    files: tuple[FileRows, ...]
    left_out: tuple[tuple[str, str], ...]
    near: tuple[NearPoint, ...]
    faults: tuple[str, ...]
    months: tuple[tuple[tuple[str, str, str, str], tuple[str, ...]], ...]


class PoliceForm:
    """The form of `chm.exchange.police_uk.Part`; events come back on no area, for `whole` to place."""

    def encode(self, part: Part) -> bytes:
        """`part` as JSON."""
        said = {
            "street": _columns(part.street),
            "searches": _columns(part.searches),
            "files": part.files,
            "left_out": part.left_out,
            "near": part.near,
            "faults": part.faults,
            "months": part.months,
        }
        return orjson.dumps(said, option=orjson.OPT_SERIALIZE_NUMPY)

    def decode(self, text: bytes) -> Part:
        """What `encode` was given. Raises ValueError."""
        said = _Part.model_validate_json(text)
        return Part(
            said.street.events(), said.searches.events(), said.files, said.left_out, said.near, said.faults, said.months
        )


def _columns(events: PublicEvents) -> dict[str, object]:
    return {
        "kinds": events.kinds,
        "kind": events.kind,
        "forces": events.forces,
        "force": events.force,
        "month": events.month.astype(np.int64),
        "longitude": events.longitude,
        "latitude": events.latitude,
    }
