"""Outlines as JSON, checked as they come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from pydantic import BaseModel

from chm.exchange.geojson import SuppliedAreas
from chm.geography.areas import AreaKind, Areas


class _Areas(BaseModel):
    kind: AreaKind
    codes: tuple[str, ...]
    names: tuple[str, ...]
    outlines: tuple[str, ...]
    attribution: str
    notes: tuple[str, ...]


class AreasForm:
    """The form of `chm.exchange.geojson.SuppliedAreas`; outlines as well-known binary in hexadecimal."""

    def encode(self, supplied: SuppliedAreas) -> bytes:
        """`supplied` as JSON."""
        areas = supplied.areas
        return orjson.dumps(
            {
                "kind": areas.kind,
                "codes": areas.codes,
                "names": areas.names,
                "outlines": shapely.to_wkb(areas.shapes, hex=True).tolist(),
                "attribution": areas.attribution,
                "notes": supplied.notes,
            }
        )

    def decode(self, text: bytes) -> SuppliedAreas:
        """What `encode` was given. Raises ValueError."""
        said = _Areas.model_validate_json(text)
        shapes = _outlines(said.outlines)
        if not len(shapes) == len(said.codes) == len(said.names):
            raise ValueError("columns differ in length")
        return SuppliedAreas(Areas(said.kind, said.codes, said.names, shapes, said.attribution), said.notes)


def _outlines(texts: Sequence[str]) -> NDArray[Any]:
    try:
        shapes: NDArray[Any] = shapely.from_wkb(np.array(texts, dtype=object))
    except shapely.errors.ShapelyError as error:
        raise ValueError("an outline cannot be read") from error
    if not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
        raise ValueError("an outline is not a polygon")
    return shapes
