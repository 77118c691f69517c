"""Settings: one frozen dataclass per service, read once from the environment."""

import dataclasses
import os
import sys
from collections.abc import Mapping
from typing import ClassVar, Self


class MissingSetting(Exception):
    """A setting without a default is not in the environment, or a value cannot be read as its type."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class KafkaSettings:
    """What every Kafka client needs. Name and password are for brokers that ask for them (`SASL_PLAINTEXT`, `SASL_SSL`)."""

    kafka_bootstrap: str
    kafka_topic_prefix: str = ""
    kafka_security_protocol: str = "PLAINTEXT"
    kafka_sasl_mechanism: str = "PLAIN"
    kafka_username: str = ""
    kafka_password: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ServiceSettings(KafkaSettings):
    """What every service needs. A service adds its own fields in its `config.py`.

    The name of a setting in the environment is the field's name in capitals: `mongo_uri` is `MONGO_URI`.
    """

    service: ClassVar[str]
    mongo_uri: str = dataclasses.field(repr=False)
    mongo_database: str
    oidc_issuer: str
    oidc_audience: str
    oidc_jwks_url: str
    log_level: str = "INFO"
    worker_host: str = "127.0.0.1"
    worker_port: int = 0
    consumer_instance: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read all fields. Prints every missing or unreadable name and stops the process with status 78 (EX_CONFIG)."""
        try:
            return cls(**read(cls, environ))
        except MissingSetting as problem:
            print(f"{cls.service}: {problem}", file=sys.stderr)
            raise SystemExit(78) from problem

    def topic(self, name: str) -> str:
        """The topic's name on this broker: several environments may share one broker under different prefixes."""
        return self.kafka_topic_prefix + name

    @property
    def kebab(self) -> str:
        return self.service.replace("_", "-")


def read(cls: type, environ: Mapping[str, str]) -> dict[str, object]:
    """The dataclass fields of `cls` from the environment, each converted to its type (str, int, float, bool or ZoneInfo)."""
    values: dict[str, object] = {}
    wrong: list[str] = []
    for field in dataclasses.fields(cls):
        name = field.name.upper()
        text = environ.get(name)
        if text is None:
            if field.default is dataclasses.MISSING:
                wrong.append(f"{name} is not set")
            continue
        try:
            values[field.name] = _convert(text, field.type)
        except (ValueError, LookupError, OSError):  # ZoneInfo raises each of them for a wrong name
            wrong.append(f"{name}={text!r} is not of type {field.type.__name__}")
    if wrong:
        raise MissingSetting("cannot start: " + "; ".join(wrong) + ".")
    return values


def _convert(text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(text)
        return text.lower() == "true"
    return kind(text)
