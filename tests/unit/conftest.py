"""An invented borough of four squares, for the tests of maps."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from chm.geography.areas import AreaKind, Areas, Borough


@pytest.fixture(scope="session")
def sectors() -> Areas:
    """Four squares of a hundredth of a degree: A west and B east below, C and D above."""
    corners = np.array([[-0.20, 51.40], [-0.19, 51.40], [-0.20, 51.41], [-0.19, 51.41]])
    shapes = shapely.box(*corners.T.round(2), *(corners + 0.01).T.round(2))
    names = ("ZZ1 1", "ZZ1 2", "ZZ1 3", "ZZ1 4")
    return Areas(AreaKind.SECTOR, names, names, shapes, "Invented under the Open Government Licence")


@pytest.fixture(scope="session")
def borough(sectors: Areas) -> Borough:
    """The four squares as one."""
    return Borough("E09999999", "Madeup", shapely.union_all(sectors.shapes), sectors)
