"""Twelve people at once, a hundred reruns each: nobody hears of anybody else's young people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import signing
from tests.browser.signing import Site
from tests.browser.test_sign_in import crowd

pytestmark = pytest.mark.soak


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo with sign-in, of the test's own."""
    folder = tmp_path_factory.mktemp("crowd")
    with signing.providing(folder) as provider, signing.serving(folder, provider) as served:
        yield served


def test_twelve_people_at_once_a_hundred_reruns_each(site: Site) -> None:
    engine = site.engine()
    crowd(site, engine, 100)
    engine.dispose()
