"""GeoJSON (RFC 7946): outlines of wards and LSOAs that an administrator supplies, in; areas with counts, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from chm.errors import Faults
from chm.geography import outlines
from chm.geography.areas import AreaKind, Areas, Borough, collection
from chm.geography.coordinates import EAST, NORTH, SOUTH, WEST, shapes_to_national_grid
from chm.geography.rules import Geography

MOST_BYTES = 300_000_000
SHAPEFILE = b"\x00\x00\x27\x0a"
CODES = {AreaKind.WARD: re.compile(r"WD\d\dCD"), AreaKind.LSOA: re.compile(r"LSOA\d\dCD")}
DEGREES = re.compile(r"CRS:?84|EPSG:+4326", re.IGNORECASE)
HALF = 0.5
# The drawn outline and the legal one agree on about this much and more.
COVERED = 0.9
Value = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class SuppliedAreas:
    """Areas of one kind inside the borough, and what to know of the file before they are taken in."""

    areas: Areas
    notes: tuple[str, ...]


def read_areas(data: bytes, borough: Borough, rules: Geography) -> SuppliedAreas:
    """The wards or LSOAs of `borough` in a GeoJSON file as the ONS gives it: `WD24CD` and `WD24NM`, or `LSOA21CD` and
    `LSOA21NM`, of any year, in degrees (WGS 84).

    A file of the whole country will do: areas of which less than half lies in the borough are left out, and counted.
    Outlines that cross themselves are repaired, and named in a note.

    Raises:
        Faults: every fault found, each with the feature's number, the first being 1.
    """
    content = _content(data)
    features = content["features"]
    kind, code_key, name_key = _fields(features)
    faults: list[str] = []
    shapes: list[Any] = []
    for n, feature in enumerate(features, start=1):
        shape, fault = _shape(feature)
        properties = _properties(feature)
        wanting = [key for key in (code_key, name_key) if not str(properties.get(key) or "").strip()]
        faults += [f"feature {n}: {key} is missing or blank; fill it in" for key in wanting]
        faults += [f"feature {n}: {fault}"] if fault else []
        shapes.append(shape)
    outlined = np.array(shapes, dtype=object)
    faults += [] if faults else _where_faults(outlined, str(content.get("crs") or ""))
    codes = [str(_properties(f).get(code_key) or "").strip() for f in features]
    given = [code for code in codes if code]
    faults += [f"{code_key}: two features have one code; leave one out"] if len(set(given)) < len(given) else []
    if faults:
        raise Faults(faults)
    outlined, notes = _repaired(outlined)
    return _inside(
        kind, codes, [str(_properties(f)[name_key]).strip() for f in features], outlined, notes, borough, rules
    )


def _content(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise Faults([f"The file is larger than {MOST_BYTES // 1_000_000} MB; take the generalised outlines instead."])
    if data.startswith((b"PK", SHAPEFILE)):
        raise Faults(["This is a shapefile or a zip, not GeoJSON; choose GeoJSON where the ONS offers the download."])
    try:
        content = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise Faults(["This is not GeoJSON, or it was cut short; download it again as GeoJSON."]) from None
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise Faults(["This JSON is not a GeoJSON FeatureCollection; download the outlines as GeoJSON."])
    if not content["features"]:
        raise Faults(["The file holds no outline; download it again."])
    return content


def _properties(feature: Any) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _fields(features: Sequence[Any]) -> tuple[AreaKind, str, str]:
    keys = {key for feature in features for key in _properties(feature)}
    found = [(kind, key) for kind, form in CODES.items() for key in sorted(keys) if form.fullmatch(key)]
    named = [(kind, key, f"{key[:-2]}NM") for kind, key in found if f"{key[:-2]}NM" in keys]
    # A file of LSOAs may name the ward of each.
    named.sort(key=lambda each: each[0] is not AreaKind.LSOA)
    if not named:
        raise Faults(
            ["The features have neither WD24CD and WD24NM (wards) nor LSOA21CD and LSOA21NM (LSOAs), of this or "
             "another year; take the file from the ONS as it is."]
        )  # fmt: skip
    return named[0]


def _shape(feature: Any) -> tuple[Any, str | None]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return None, "has no outline; download the file again"
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None, "is not a polygon; take the file of boundaries, not of centres or lines"
    try:
        shape = shapely.force_2d(shapely.from_geojson(orjson.dumps(geometry)))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return None, "its outline cannot be read; download the file again"
    if shape.is_empty or not np.isfinite(shape.bounds).all():
        return None, "its outline is empty; download the file again"
    return shape, None


def _where_faults(shapes: NDArray[np.object_], system: str) -> list[str]:
    west, south, east, north = (shapely.bounds(shapes)[:, side] for side in range(4))
    metres = (np.abs(shapely.bounds(shapes)) > 360).any(axis=1)
    right = (west >= WEST) & (east <= EAST) & (south >= SOUTH) & (north <= NORTH)
    swapped = (west >= SOUTH) & (east <= NORTH) & (south >= WEST) & (north <= EAST)
    if metres.any():
        return ["The outlines are in metres of the National Grid; download them in degrees (WGS 84, EPSG:4326)."]
    if swapped.any():
        return ["Latitude and longitude are swapped: GeoJSON gives the longitude first; download the file again."]
    if not right.all():
        return [
            f"feature {n}: lies outside the United Kingdom; leave it out" for n in (np.flatnonzero(~right) + 1).tolist()
        ]
    if system and not DEGREES.search(system):
        return ["The file names another coordinate system than WGS 84 (EPSG:4326); download it in that one."]
    return []


def _repaired(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], list[str]]:
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    shapes = shapes.copy()
    for n in broken.tolist():
        parts = shapely.get_parts(shapely.make_valid(shapes[n], method="structure", keep_collapsed=False))
        shapes[n] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    empty = [n for n in broken.tolist() if shapes[n].is_empty]
    if empty:
        raise Faults([f"feature {n + 1}: its outline encloses nothing; download the file again" for n in empty])
    return shapes, [f"Feature {n + 1}: its outline crossed itself and was repaired." for n in broken.tolist()]


def _inside(
    kind: AreaKind,
    codes: Sequence[str],
    names: Sequence[str],
    shapes: NDArray[np.object_],
    notes: list[str],
    borough: Borough,
    rules: Geography,
) -> SuppliedAreas:
    near = np.sort(shapely.STRtree(shapes).query(borough.outline, predicate="intersects"))
    metres = shapes_to_national_grid(shapes[near])
    outline = shapes_to_national_grid(borough.outline)
    shared = shapely.area(shapely.intersection(metres, outline))
    kept = near[shared >= HALF * shapely.area(metres)]
    if not len(kept):
        raise Faults([f"None of these {kind.plural} lies in {borough.name}; choose the file that holds it."])
    if left := len(codes) - len(kept):
        notes.append(f"{left:,} of {len(codes):,} {kind.plural} lie outside {borough.name} and were left out.")
    covered = float(shared[shared >= HALF * shapely.area(metres)].sum() / outline.area)
    if covered < COVERED:
        notes.append(
            f"These {kind.plural} cover {covered:.0%} of {borough.name}; what happens elsewhere in it is outside."
        )
    order = sorted(kept.tolist(), key=lambda n: codes[n])
    areas = Areas(
        kind,
        tuple(codes[n] for n in order),
        tuple(names[n] for n in order),
        shapes[order],
        outlines.credit(rules.attribution.supplied),
    )
    return SuppliedAreas(areas, tuple(notes))


def areas_out(areas: Areas, properties: Sequence[Mapping[str, Value]]) -> bytes:
    """The outlines of `areas` with `properties` of each, one for each area, its code and name among them."""
    own = [
        {"code": c, "name": n, **p} for c, n, p in zip(areas.codes, areas.names, properties, strict=True)
    ]  # fmt: skip
    return orjson.dumps({**collection(areas.shapes, own, areas.codes), "attribution": areas.attribution})
