"""Settings: defaults < workbench.toml < WORKBENCH_* variables < flags. Read in assembly only."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from workbench.domain.memory import PenaltyKind
from workbench.errors import DataError, SettingsError


class Endpoint(BaseModel):
    """An OpenAI-compatible endpoint used as an engine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    model: str
    api_key: str = ""
    style: Literal["generic", "hy-mt"] = "generic"
    timeout: float = Field(default=60.0, gt=0)
    retries: int = Field(default=2, ge=0)
    temperature: float = Field(default=0.0, ge=0)


class ModelSource(BaseModel):
    """A hub name or folder of a transformers model used as an engine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    backend: Literal["ctranslate2", "transformers"] = "ctranslate2"


class Settings(BaseSettings):
    """Everything that can be set. Nested keys: ``WORKBENCH_ENDPOINTS__QWEN__URL``."""

    model_config = SettingsConfigDict(
        env_prefix="WORKBENCH_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
    )

    state: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("workbench")))
    data_dir: Path | None = None
    corpora_dir: Path | None = None
    metric_models: Path | None = None
    database: str = ""
    language: Literal["zh", "ru", "en"] = "zh"
    engine: str = "shipped"
    models: dict[str, ModelSource] = {}
    endpoints: dict[str, Endpoint] = {}
    threads: int = Field(default=0, ge=0)
    beam: int = Field(default=0, ge=0)
    memory_minimum: int = Field(default=60, ge=30, le=100)
    memory_penalties: dict[PenaltyKind, Annotated[int, Field(ge=0, le=100)]] = {}
    memory_domain: str = ""
    effort: bool = True
    effort_people: int = Field(default=3, ge=1)
    effort_names: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    secure_cookies: bool = False

    @property
    def database_url(self) -> str:
        """The database's address; SQLite in the state folder unless set."""
        return self.database or f"sqlite:///{self.state / 'workbench.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic calls it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then variables, then the file named by WORKBENCH_CONFIG or ./workbench.toml."""
        path = config_path()
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path))


def config_path() -> Path:
    """Return the settings file that is read when it exists."""
    return Path(os.environ.get("WORKBENCH_CONFIG", "workbench.toml"))


def load_settings(**flags: Any) -> Settings:
    """Read the settings; *flags* that are None do not count. Raises SettingsError."""
    # The name of the settings file is itself a variable, not a setting.
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("house.bad_toml", path=config_path(), reason=error) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        variable = "WORKBENCH_" + "__".join(str(part).upper() for part in first["loc"])
        raise SettingsError(
            "house.bad_setting", name=name, reason=first["msg"], variable=variable
        ) from error


def unknown_variables() -> list[str]:
    """Return WORKBENCH_* variables that name no setting (pydantic ignores them silently)."""
    known = {f"WORKBENCH_{name.upper()}" for name in Settings.model_fields} | {"WORKBENCH_CONFIG"}
    return sorted(
        name
        for name in os.environ
        if name.startswith("WORKBENCH_") and name.split("__")[0] not in known
    )


def find_data(settings: Settings) -> Path:
    """Return the folder with models/, glossary/ and corpora/. Raises DataError."""
    package = Path(__file__).parent
    given = [settings.data_dir] if settings.data_dir else []
    for root in (*given, package / "_data", package.parent):
        if (root / "models").is_dir() and (root / "glossary").is_dir():
            return root
    raise DataError("house.no_data")
