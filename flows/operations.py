"""How the work runs by itself: the inbox, who is told, and by which mail server. Nothing here changes a result.

The tables `[inbox]`, `[alerts]`, `[mail]` and `[letters]` of the settings; each key can also be said by the environment,
as ASC_INBOX__FOLDER.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from flows.settings import OPERATIONS, settings_of
from pipeline.errors import ADDRESS, InputRefused
from pipeline.record.home import Home


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InboxSettings(_Table):
    """Where exports are dropped, and from which working day after a close on it is told that they have not come."""

    folder: Path | None = None
    alert_after_working_days: int = Field(default=3, ge=1, le=15)

    @field_validator("folder")
    @classmethod
    def _whole(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_absolute():
            raise ValueError("a whole path is allowed, as /srv/asc/inbox")
        return value


class AlertSettings(_Table):
    """Who is told: operators of what goes wrong, approvers of batches that wait; and from when on an entry is old."""

    to: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    due_within_working_days: int = Field(default=5, ge=0, le=60)
    held_old_after_days: int = Field(default=30, ge=1, le=3650)

    @field_validator("to", "approvers")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(ADDRESS.fullmatch(address) and address.isascii() for address in value):
            raise ValueError('e-mail addresses are allowed, as ["name@example.org"]')
        return value


class MailSettings(_Table):
    """The mail server; without a host nothing is mailed, and alerts stand in alerts.jsonl alone."""

    host: str = ""
    port: int = Field(default=25, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "starttls"
    sender: str = ""
    user: str = ""
    password_file: Path | None = None


class LetterSettings(_Table):
    """On what the letters of a batch are made: threads of this machine, or a Dask cluster."""

    dask: str = ""


class Operations(BaseSettings):
    """The settings by which the work runs by itself."""

    model_config = SettingsConfigDict(env_prefix="ASC_", env_nested_delimiter="__", extra="forbid", frozen=True)

    inbox: InboxSettings = InboxSettings()
    alerts: AlertSettings = AlertSettings()
    mail: MailSettings = MailSettings()
    letters: LetterSettings = LetterSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment speaks before the file."""
        return env_settings, init_settings


def operations_of(home: Home) -> Operations:
    """Return how the work runs in a home; raises InputRefused that names the first key that cannot be read."""
    settings = settings_of(home)
    try:
        found = Operations(**{name: settings[name] for name in OPERATIONS if name in settings})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise InputRefused("settings.toml", f"{key}: {first['msg']}.", "Correct that key of the settings.") from None
    except SettingsError:
        raise InputRefused(
            "the environment",
            "a variable ASC_..__.. cannot be read.",
            """Write lists as JSON: ASC_ALERTS__TO='["name@example.org"]'.""",
        ) from None
    if found.mail.host and not (ADDRESS.fullmatch(found.mail.sender) and found.mail.sender.isascii()):
        raise InputRefused(
            "settings.toml", "mail.sender is no e-mail address.", "Say from which address alerts are mailed."
        )
    return found
