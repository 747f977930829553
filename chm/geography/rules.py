"""`data/geography.yaml`: which borough is mapped, how its outlines are drawn, and whom to thank for the data."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from chm import data_file, settings

FILE = "geography.yaml"


class Part(BaseModel):
    """Base of the file's parts: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BoroughName(Part):
    """The ONS code of a local authority, as in E09000024, and its name."""

    code: str = Field(pattern=r"^[ENSW]\d{8}$")
    name: str = Field(min_length=1)


class Outlines(Part):
    """How outlines are drawn from postcodes; distances in metres."""

    name: str
    rule: str
    neighbours_metres: float = Field(gt=0, le=20_000)
    smooth_metres: float = Field(ge=0, le=500)
    reach_metres: float = Field(gt=0, le=50_000)
    shore_metres: float = Field(gt=0, le=5_000)
    least_points: int = Field(ge=1)
    source: str = Field(min_length=1)


class Attribution(Part):
    """What the licences ask to be shown; `{year}` is that of the data."""

    postcodes: str
    supplied: str
    police: str

    @field_validator("*")
    @classmethod
    def _names_the_licence(cls, text: str) -> str:
        if "Open Government Licence" not in text:
            raise ValueError("must name the Open Government Licence")
        return text


class Geography(Part):
    """The whole of `data/geography.yaml`."""

    borough: BoroughName
    outlines: Outlines
    attribution: Attribution


def load(data: Path | None = None) -> Geography:
    """Read `geography.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `geography.yaml: path: what is wrong; fix`.
    """
    return data_file.read((data or settings.data()) / FILE, Geography)
