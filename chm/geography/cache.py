"""Outlines kept as GeoJSON files in one folder: the borough's once drawn, and those an administrator supplied."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from chm import settings
from chm.geography import outlines, postcodes
from chm.geography.areas import AreaKind, Areas, Borough
from chm.geography.rules import Geography, load

LAYOUT = 1


def borough(rules: Geography | None = None, folder: Path | None = None) -> Borough:
    """The borough of `rules` (the product's own unless given), drawn once and then read from `folder`.

    Drawn anew after a change of rules, a new postcode directory or damage to the file; where the folder cannot be
    written it is drawn each time.

    Raises:
        Faults: the rules have faults. NotFound: the directory has no postcode under the borough's code.
    """
    rules = rules or load()
    path = (folder or settings.geography()) / f"{rules.borough.code}.geojson"
    made_from = _made_from(rules)
    kept = _read(path)
    if kept is not None and kept.get("made_from") == made_from:
        with contextlib.suppress(KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
            sectors = _areas(kept)
            return Borough(rules.borough.code, rules.borough.name, sectors.outline, sectors)
    drawn = outlines.draw(rules)
    with contextlib.suppress(OSError):
        _write(path, drawn.sectors, made_from=made_from)
    return drawn


def keep(areas: Areas, borough_code: str, folder: Path | None = None) -> None:
    """Keep what an administrator supplied for a borough, in place of any of that kind.

    Raises:
        OSError: the folder cannot be written; what was there still is.
    """
    _write(_supplied(areas.kind, borough_code, folder), areas)


def kept(kind: AreaKind, borough_code: str, folder: Path | None = None) -> Areas | None:
    """What an administrator supplied of `kind` for a borough; None where nothing was, or it cannot be read."""
    content = _read(_supplied(kind, borough_code, folder))
    if content is None:
        return None
    with contextlib.suppress(KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        return _areas(content)
    return None


def forget(kind: AreaKind, borough_code: str, folder: Path | None = None) -> None:
    """Remove what an administrator supplied of `kind`."""
    _supplied(kind, borough_code, folder).unlink(missing_ok=True)


def _supplied(kind: AreaKind, borough_code: str, folder: Path | None) -> Path:
    return (folder or settings.geography()) / f"{borough_code}-{kind.value}.geojson"


def _made_from(rules: Geography) -> str:
    said = f"{LAYOUT} {postcodes.release()} {shapely.geos_version_string} {rules.model_dump_json()}"
    return hashlib.sha256(said.encode()).hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return content if isinstance(content, dict) else None


def _areas(content: dict[str, Any]) -> Areas:
    features = content["features"]
    shapes = [shapely.from_geojson(orjson.dumps(f["geometry"])) for f in features]
    return Areas(
        kind=AreaKind(content["kind"]),
        codes=tuple(f["id"] for f in features),
        names=tuple(f["properties"]["name"] for f in features),
        shapes=np.array(shapes, dtype=object),
        attribution=content["attribution"],
    )


def _write(path: Path, areas: Areas, **own: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"kind": areas.kind.value, "attribution": areas.attribution, **own}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps({**areas.features, **said}))
        # Readers see the whole old file or the whole new one.
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
