"""A borough drawn from postcodes: an invented one exactly, and Merton from the package."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from chm.errors import NotFound
from chm.geography import outlines
from chm.geography.coordinates import shapes_to_national_grid
from chm.geography.postcodes import Directory, of_authority, release
from chm.geography.rules import Geography, Outlines, load

RULES = load()
OWN, NEXT = b"E09999999", b"E09999998"


def laid_out(*rows: tuple[str, bytes, float, float]) -> Directory:
    codes, authorities, east, north = zip(*rows, strict=True)
    return Directory(np.array(codes, "S7"), np.array(authorities, "S9"), np.column_stack((east, north)))


def numbers(**changed: float) -> Outlines:
    return RULES.outlines.model_copy(update={"smooth_metres": 0, "least_points": 1, **changed})


# Points 100 m apart: two sectors side by side, the neighbours' postcodes all round.
SQUARE = laid_out(
    *(
        (
            f"ZZ{1 if 1 <= x <= 4 and 1 <= y <= 2 else 9}{1 if x <= 2 else 2}{chr(65 + x)}{chr(65 + y)}",
            OWN if 1 <= x <= 4 and 1 <= y <= 2 else NEXT,
            100.0 * x,
            100.0 * y,
        )
        for x in range(6)
        for y in range(4)
    )
)


def test_edges_run_halfway_to_the_neighbours_postcodes() -> None:
    codes, shapes = outlines.drawn(SQUARE, "E09999999", numbers())
    assert codes == ("ZZ1 1", "ZZ1 2")
    assert [shape.bounds for shape in shapes] == [(50, 50, 250, 250), (250, 50, 450, 250)]
    assert [shape.area for shape in shapes] == [40_000, 40_000]


def test_postcodes_on_one_point_go_to_the_larger_sector() -> None:
    both = Directory(
        np.append(SQUARE.postcodes, np.array([b"ZZ13AA"], "S7")),
        np.append(SQUARE.authorities, np.array([OWN], "S9")),
        np.vstack((SQUARE.points, [100.0, 100.0])),
    )
    codes, shapes = outlines.drawn(both, "E09999999", numbers())
    assert codes == ("ZZ1 1", "ZZ1 2")
    assert sum(shape.area for shape in shapes) == 80_000


def test_a_sector_of_too_few_points_counts_under_those_around_it() -> None:
    postcodes = SQUARE.postcodes.copy()
    postcodes[SQUARE.postcodes.tolist().index(b"ZZ11BB")] = b"ZZ17BB"
    codes, shapes = outlines.drawn(
        Directory(postcodes, SQUARE.authorities, SQUARE.points), "E09999999", numbers(least_points=2)
    )
    assert codes == ("ZZ1 1", "ZZ1 2")
    # The point's own square is shared out among its neighbours, one of which lies in the other borough.
    assert shapes[1].area == 40_000
    assert 30_000 < shapes[0].area < 40_000


def coast() -> Directory:
    """Five by five postcodes 500 m apart in one sector, one more on an island, and no neighbours."""
    rows = [(f"ZZ11{chr(65 + x)}{chr(65 + y)}", OWN, 500.0 * x, 500.0 * y) for x in range(5) for y in range(5)]
    return laid_out(*rows, ("ZZ11ZZ", OWN, 12_000.0, 1_000.0))


def test_land_ends_a_little_beyond_the_last_postcodes() -> None:
    _, (shape,) = outlines.drawn(coast(), "E09999999", numbers())
    mainland, island = sorted(shapely.get_parts(shape).tolist(), key=lambda part: -part.area)
    assert mainland.bounds == (-300, -300, 2300, 2300)
    assert island.bounds == (11_700, 700, 12_300, 1_300)


def test_inland_nothing_is_cut_away() -> None:
    _, whole = outlines.drawn(SQUARE, "E09999999", numbers())
    _, small_reach = outlines.drawn(SQUARE, "E09999999", numbers(reach_metres=51))
    assert [shape.area for shape in whole] == [shape.area for shape in small_reach]


@pytest.fixture(scope="module")
def merton() -> outlines.Borough:
    return outlines.draw(RULES)


def test_merton_is_drawn_with_its_sectors_and_no_gaps(merton: outlines.Borough) -> None:
    assert (merton.code, merton.name, len(merton.sectors.codes)) == ("E09000024", "Merton", 29)
    assert merton.sectors.codes[:3] == ("CR4 1", "CR4 2", "CR4 3")
    assert shapely.coverage_is_valid(merton.sectors.shapes)
    assert shapely.is_valid(merton.sectors.shapes).all()
    assert merton.outline.geom_type == "Polygon"
    # The council's own area is 37.6 square kilometres.
    assert shapes_to_national_grid(merton.outline).area / 1e6 == pytest.approx(37.6, rel=0.03)


def test_its_own_postcodes_lie_inside(merton: outlines.Borough) -> None:
    own = of_authority("E09000024")
    inside = shapely.contains_xy(shapes_to_national_grid(merton.outline), own.points[:, 0], own.points[:, 1])
    assert inside.mean() > 0.99


def test_the_attribution_names_the_year_of_the_data(merton: outlines.Borough) -> None:
    assert f"Crown copyright and database right {release()[:4]}" in merton.attribution
    assert "Open Government Licence v3.0" in merton.attribution


def test_a_code_that_no_postcode_has(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = RULES.borough.model_copy(update={"code": "E09999999"})
    rules: Geography = RULES.model_copy(update={"borough": nowhere})
    with pytest.raises(NotFound) as found:
        outlines.draw(rules)
    assert str(found.value) == (
        f"geography.yaml: borough.code: the postcode directory ({release()}) has no postcode under it; give "
        f"the ONS code of a local authority"
    )
