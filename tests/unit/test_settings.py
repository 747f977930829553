"""What a council sets from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chm import settings
from chm.errors import Faults


def test_outlines_are_kept_beside_the_embedded_database_or_where_a_council_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHM_GEOGRAPHY", raising=False)
    assert settings.geography() == settings.ROOT / "var" / "geography"
    monkeypatch.setenv("CHM_GEOGRAPHY", str(tmp_path))
    assert settings.geography() == tmp_path


PROVIDER = {
    "CHM_OIDC_METADATA_URL": "https://login.example/.well-known/openid-configuration",
    "CHM_OIDC_CLIENT_ID": "chm",
    "CHM_OIDC_CLIENT_SECRET": "of-the-client",
    "CHM_COOKIE_SECRET": "c" * 32,
    "CHM_PUBLIC_URL": "https://chm.example",
}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`given(NAME=value)` sets a whole provider but for what is named; None takes away."""

    def give(**more: str | None) -> None:
        for name in (*PROVIDER, "CHM_OIDC_CLIENT_SECRET_FILE", "CHM_COOKIE_SECRET_FILE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in (PROVIDER | more).items():
            if value is not None:
                monkeypatch.setenv(name, value)

    return give


class TestProvider:
    def test_none_where_nothing_is_set(self, given: Callable[..., None]) -> None:
        given(**dict.fromkeys(PROVIDER))
        assert settings.provider() is None
        given(**dict.fromkeys(PROVIDER, " "))
        assert settings.provider() is None

    def test_all_of_it(self, given: Callable[..., None]) -> None:
        given()
        assert settings.provider() == settings.Provider(*PROVIDER.values())

    @pytest.mark.parametrize("name", PROVIDER)
    @pytest.mark.parametrize("value", [None, "", "  "])
    def test_part_of_it_is_a_fault(self, given: Callable[..., None], name: str, value: str | None) -> None:
        given(**{name: value})
        with pytest.raises(Faults) as said:
            settings.provider()
        assert said.value.faults == [f"{name}: not set; sign-in needs it"]

    def test_all_that_is_missing_is_said_at_once(self, given: Callable[..., None]) -> None:
        given(**dict.fromkeys(PROVIDER) | {"CHM_OIDC_CLIENT_ID": "chm"})
        with pytest.raises(Faults) as said:
            settings.provider()
        assert [f.partition(":")[0] for f in said.value.faults] == [n for n in PROVIDER if n != "CHM_OIDC_CLIENT_ID"]

    @pytest.mark.parametrize(
        "url",
        [
            "http://chm.example", "ftp://chm.example", "chm.example", "https://", "https://[::1", "https://chm.example:x",
            "http://127.0.0.1.chm.example", "http://chm.example#127.0.0.1", "javascript:alert(1)", "ftp://localhost",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("name", ["CHM_PUBLIC_URL", "CHM_OIDC_METADATA_URL"])
    def test_an_address_in_the_clear_or_none_at_all(self, given: Callable[..., None], name: str, url: str) -> None:
        given(**{name: url})
        with pytest.raises(Faults) as said:
            settings.provider()
        assert said.value.faults == [f"{name}: must begin with https://, or be on this machine"]

    @pytest.mark.parametrize("url", ["http://127.0.0.1:8501", "http://localhost:8501", "http://[::1]:8501"])
    def test_this_machine_needs_no_tls(self, given: Callable[..., None], url: str) -> None:
        given(CHM_PUBLIC_URL=url, CHM_OIDC_METADATA_URL=f"{url}/metadata")
        assert (found := settings.provider()) and (found.public_url, found.metadata_url) == (url, f"{url}/metadata")

    @pytest.mark.parametrize(
        "url", ["https://chm.example/", "https://CHM.Example", "https://chm.example:443", "https://chm.example:443/"]
    )
    def test_the_public_address_is_as_a_browser_says_it(self, given: Callable[..., None], url: str) -> None:
        given(CHM_PUBLIC_URL=url)
        assert (found := settings.provider()) and found.public_url == "https://chm.example"

    @pytest.mark.parametrize("url", ["https://chm.example/chm", "https://chm.example?x=1", "https://chm.example#x"])
    def test_a_public_address_with_a_path(self, given: Callable[..., None], url: str) -> None:
        given(CHM_PUBLIC_URL=url)
        with pytest.raises(Faults) as said:
            settings.provider()
        assert said.value.faults == [
            "CHM_PUBLIC_URL: give the host alone, such as https://chm.example.gov.uk, with no path"
        ]

    def test_a_short_cookie_secret(self, given: Callable[..., None]) -> None:
        given(CHM_COOKIE_SECRET="s" * 31)
        with pytest.raises(Faults) as said:
            settings.provider()
        assert said.value.faults == ["CHM_COOKIE_SECRET: shorter than 32 characters; make a long random one"]

    def test_a_secret_from_a_file(self, given: Callable[..., None], tmp_path: Path) -> None:
        for name in settings.SECRETS:
            (tmp_path / name).write_text(f"{name}-{'x' * 32}\n", encoding="utf-8")
        given(**dict.fromkeys(settings.SECRETS), **{f"{n}_FILE": str(tmp_path / n) for n in settings.SECRETS})
        assert (found := settings.provider())
        assert found.client_secret == f"CHM_OIDC_CLIENT_SECRET-{'x' * 32}"
        assert found.cookie_secret == f"CHM_COOKIE_SECRET-{'x' * 32}"

    def test_a_file_that_cannot_be_read(self, given: Callable[..., None], tmp_path: Path) -> None:
        (tmp_path / "binary").write_bytes(b"\xff\xfe")
        for file in ("none", "binary", "."):
            given(CHM_COOKIE_SECRET=None, CHM_COOKIE_SECRET_FILE=str(tmp_path / file))
            with pytest.raises(Faults) as said:
                settings.provider()
            assert said.value.faults == [
                "CHM_COOKIE_SECRET_FILE: the file cannot be read; check its place and who may read it"
            ]


class TestHowLong:
    def test_what_holds_unless_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for said in (None, "", " "):
            for name in ("CHM_IDLE_MINUTES", "CHM_SESSION_HOURS"):
                monkeypatch.delenv(name, raising=False) if said is None else monkeypatch.setenv(name, said)
            assert (settings.idle_minutes(), settings.session_hours()) == (15, 8)

    @pytest.mark.parametrize(("said", "minutes"), [("1", 1), (" 20 ", 20), ("240", 240)])
    def test_minutes(self, monkeypatch: pytest.MonkeyPatch, said: str, minutes: int) -> None:
        monkeypatch.setenv("CHM_IDLE_MINUTES", said)
        assert settings.idle_minutes() == minutes

    @pytest.mark.parametrize("said", ["0", "241", "-5", "1.5", "fifteen", "²", "٣", "1e2", "9" * 5000])
    def test_what_is_no_such_number(self, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
        monkeypatch.setenv("CHM_IDLE_MINUTES", said)
        with pytest.raises(Faults) as found:
            settings.idle_minutes()
        assert found.value.faults == ["CHM_IDLE_MINUTES: must be a whole number from 1 to 240"]

    def test_hours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHM_SESSION_HOURS", "24")
        assert settings.session_hours() == 24
        monkeypatch.setenv("CHM_SESSION_HOURS", "25")
        with pytest.raises(Faults) as found:
            settings.session_hours()
        assert found.value.faults == ["CHM_SESSION_HOURS: must be a whole number from 1 to 24"]
