from __future__ import annotations

from io import BytesIO

import numpy as np
import shapely
from PIL import Image

from chm.figures.map_style import LIGHT_MAP
from chm.figures.palette import LIGHT
from chm.figures.place_picture import MARGIN, WIDTH, place_picture
from chm.geography.areas import AreaKind, Areas, Borough

SQUARE = shapely.box(-0.2, 51.4, -0.1, 51.45)
AREAS = Areas(AreaKind.SECTOR, ("ZZ9 9",), ("ZZ9 9",), np.array([SQUARE], dtype=object), "Thanks")
BOROUGH = Borough("E09000099", "Nowhere", SQUARE, AREAS)


def picture(*point: float | None) -> Image.Image:
    return Image.open(BytesIO(place_picture(BOROUGH, AREAS, *point))).convert("RGB")


def colour(hexadecimal: str) -> tuple[int, ...]:
    return tuple(int(hexadecimal[n : n + 2], 16) for n in (1, 3, 5))


def test_a_dot_stands_where_the_place_is() -> None:
    made = picture(-0.15, 51.425)
    middle = (made.width // 2, made.height // 2)
    assert made.width == WIDTH
    assert made.getpixel(middle) == colour(LIGHT.significant)
    assert made.getpixel((middle[0], MARGIN + 20)) == colour(LIGHT_MAP.borough)
    assert made.getpixel((3, 3)) == colour(LIGHT_MAP.ground)


def test_a_place_without_a_point_has_no_dot() -> None:
    made = picture(None, None)
    assert colour(LIGHT.significant) not in {rgb for _, rgb in made.getcolors(1 << 20)}


def test_north_is_up() -> None:
    made = picture(-0.15, 51.449)
    red = [y for y in range(made.height) if made.getpixel((made.width // 2, y)) == colour(LIGHT.significant)]
    assert max(red) < made.height // 4
