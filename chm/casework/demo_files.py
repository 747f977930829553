"""Reading the files of the invented cohort: YAML in UTF-8, faults gathered, days counted from the day of loading."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chm import settings
from chm.assessments import Line, Note
from chm.data_file import Loader
from chm.records import Reply

T = TypeVar("T", bound=object)
CLOCK = time(16, 0)
FOLDERS = ("young_people", "connections")


def _filled(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


Day = Annotated[int, Field(strict=True)]
Past = Annotated[Day, Field(le=0)]
Before = Annotated[Day, Field(lt=0)]
Name = Annotated[Line, AfterValidator(_filled)]
Said = Annotated[Note, AfterValidator(_filled)]


class Given(BaseModel):
    """Base of what stands in the files: immutable, and nothing unknown slips in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def parsed(path: Path, kind: type[T], faults: list[str]) -> T | None:
    """The content of `path` as `kind`, None where it has faults; each goes to `faults` with file and place."""
    name = f"{path.parent.name}/{path.name}" if path.parent.name in FOLDERS else path.name
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        return TypeAdapter(kind).validate_python(content)
    except OSError:
        faults.append(f"{name}: cannot be read; restore it from the release")
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        faults.append(f"{name}: {f'line {mark.line + 1}: ' if mark else ''}not valid YAML in UTF-8; check its layout")
    except ValidationError as error:
        for fault in error.errors():
            faults.append(f"{name}: {'.'.join(map(str, fault['loc']))}: {fault['msg'].lower()}; correct it")
    return None


def moment(on: date, at: time) -> datetime:
    """`at` on the council's clock, in UTC."""
    return datetime.combine(on, at, settings.ZONE).astimezone(UTC)


def reply(text: str) -> Reply:
    """An answer, then its note after a bar, either of which may be missing."""
    answer, _, note = text.partition("|")
    return Reply(answer.strip(), note.strip())
