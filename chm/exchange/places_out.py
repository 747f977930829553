"""The ranking of places as CSV and GeoJSON, with counts as they are shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import orjson

from chm.exchange.connections import guarded
from chm.places.rules import PARTS
from chm.places.shown import PlaceRow, SafeRow

COLUMNS = (
    "rank", "place", "kind", "area", "band", "points", *PARTS, "trend", "last_month", "assessed_level", "actions_open",
    "why", "latitude", "longitude",
)  # fmt: skip


def places_csv(rows: Iterable[PlaceRow]) -> bytes:
    """A row for each place in rank order, in UTF-8 with a BOM, which tells spreadsheets so."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for row in rows:
        said = _said(row)
        point = ("", "") if row.place.latitude is None else (row.place.latitude, row.place.longitude)
        out.writerow([guarded(str(v)) if isinstance(v, str) else v for v in (*said.values(), *point)])
    return text.getvalue().encode("utf-8-sig")


def places_geojson(rows: Iterable[PlaceRow], safe: Iterable[SafeRow] = ()) -> bytes:
    """The places as GeoJSON (RFC 7946), safe ones after; a place without a point has no geometry, and its area."""
    features = [_feature(row.place.latitude, row.place.longitude, row.place.id, _said(row)) for row in rows]
    for s in safe:
        said = {
            "place": s.place.name,
            "kind": s.place.kind.value,
            "area": s.place.sector,
            "keeps_safe": s.safe.young_people.text,
            "guardians": s.safe.guardians.text,
        }
        features.append(_feature(s.place.latitude, s.place.longitude, s.place.id, said))
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _said(row: PlaceRow) -> dict[str, Any]:
    risk = row.risk
    return {
        "rank": risk.rank,
        "place": row.place.name,
        "kind": row.place.kind.value,
        "area": row.place.sector,
        "band": risk.band,
        "points": risk.points,
        **{p.id: p.counted.text for p in risk.parts},
        "trend": risk.trend.value,
        "last_month": f"{risk.last:%Y-%m}" if risk.last else "",
        "assessed_level": row.level or "",
        "actions_open": row.actions,
        "why": row.why,
    }


def _feature(latitude: float | None, longitude: float | None, id: str, said: dict[str, Any]) -> dict[str, Any]:
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": id, "geometry": point, "properties": said}
