"""The one table of parts: every process of the suite with its command, environment, port and readiness address."""

import hashlib
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stack.environments import FETCHED, ROOT, Environment
from stack.secrets import Secrets

VENV = ROOT / ".venv" if (ROOT / ".venv").exists() else Path(sys.prefix)
BIN = VENV / "bin"
MONGOD = Path(sysconfig.get_path("purelib", vars={"base": str(VENV)})) / "fiftyone" / "db" / "bin" / "mongod"
KAFKA_LIBRARIES = FETCHED / "kafka"
WORKER_NICENESS = "19"
"""What comes in goes first: when everything shares two cores, taking a request matters more than passing its event on."""

QUIET = ["--component-log-level", "oauth2:critical"]
"""The login filter would log whole cookies that it cannot read, and every call without one."""

STORES, SERVICES, GATEWAY = range(3)
"""The stages of a start. The gateway comes last, so that its port opens when everything behind it is ready."""


@dataclass(frozen=True, kw_only=True)
class Service:
    name: str
    port: int
    web_workers: int = 1
    pushes: bool = False
    urgent: bool = False
    """Somebody waits for what the worker does: a caller for the next agent."""
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the suite."""

    name: str
    group: str
    """What `make logs SERVICE=…` and `--only` accept besides the name: the service that the process belongs to."""
    command: list[str]
    port: int
    ready: str = ""
    """The address that answers 200 when the part is ready. Empty: an open port is enough."""
    stage: int = SERVICES
    environment: dict[str, str] = field(default_factory=dict)
    watches: tuple[Path, ...] = ()
    """Files and folders whose change means that the part must be restarted."""

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in _files(self.watches):
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


def services(secrets: Secrets) -> list[Service]:
    """The six services: base port (worker +1, push +2), gunicorn workers, and settings that only they have."""
    return [
        Service(name="customer", port=8110),
        Service(name="sales", port=8120, web_workers=2),
        Service(name="marketing", port=8130),
        Service(name="service_desk", port=8140),
        Service(
            name="telephony", port=8150, pushes=True, urgent=True, settings={"SWITCH_SECRET": secrets.switch_secret}
        ),
        Service(name="reporting", port=8160, web_workers=2, pushes=True),
    ]


def parts(environment: Environment, secrets: Secrets) -> list[Part]:
    table = [_mongod(environment), _kafka(environment), _oidc(environment, secrets), _web(environment)]
    for service in services(secrets):
        table.extend(_service(environment, service))
    return [*table, _gateway(environment, secrets)]


def addresses(environment: Environment) -> dict[str, int]:
    """The local port of every address in gateway/envoy.yaml: parts by name, the gateway's own two by what they bind."""
    ports = {"0.0.0.0": 8080, "127.0.0.1": 8103, "web": 8101, "oidc": 8102}
    for service in services(Secrets()):
        host = service.name.replace("_", "-")
        ports |= {f"{host}-web": service.port, f"{host}-worker": service.port + 1, f"{host}-push": service.port + 2}
    return {host: environment.port(port) for host, port in ports.items()}


def _mongod(environment: Environment) -> Part:
    port = environment.port(8105)
    options = {
        "--dbpath": environment.data / "mongod",
        "--port": port,
        "--bind_ip": "127.0.0.1",
        "--replSet": "rs0",
        "--wiredTigerCacheSizeGB": 3,
    }
    # A client that dies inside a transaction would block its documents for a minute. Nobody reads the past, whose
    # versions every search for waiting events would have to skip for five minutes. And a single node has nobody to hand
    # over to, so waiting 15 s at a stop is pointless.
    parameters = {
        "transactionLifetimeLimitSeconds": 5,
        "minSnapshotHistoryWindowInSeconds": 5,
        "shutdownTimeoutMillisForSignaledShutdown": 100,
    }
    command = [str(MONGOD), "--nounixsocket"]
    command += [str(word) for option in options.items() for word in option]
    command += [word for name, value in parameters.items() for word in ("--setParameter", f"{name}={value}")]
    return Part(name="mongod", group="mongod", command=command, port=port, stage=STORES)


def _kafka(environment: Environment) -> Part:
    properties = environment.directory / "kafka.properties"
    command = [
        shutil.which("java") or "java",
        "-Xms256m",
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1",  # The optimising compiler would take a fifth of a core for the first minutes.
        f"-Dlog4j2.configurationFile={ROOT / 'stack' / 'kafka' / 'log4j2.properties'}",
        "-cp",
        f"{KAFKA_LIBRARIES}/*",
        "kafka.Kafka",
        str(properties),
    ]
    return Part(
        name="kafka",
        group="kafka",
        command=command,
        port=environment.port(8106),
        stage=STORES,
        watches=(properties, ROOT / "stack" / "kafka"),
    )


def _oidc(environment: Environment, secrets: Secrets) -> Part:
    port = environment.port(8102)
    folder = ROOT / "stack" / "oidc"
    return Part(
        name="oidc",
        group="oidc",
        command=[shutil.which("node") or "node", str(folder / "provider.js")],
        port=port,
        ready=f"http://127.0.0.1:{port}/oidc/.well-known/openid-configuration",
        environment={
            "NODE_ENV": "production",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "ISSUER": environment.oidc_issuer,
            "AUDIENCE": "crm",
            "PUBLIC_URL": environment.gateway_url,
            "CLIENT_ID": "crm-web",
            "CLIENT_SECRET": secrets.oidc_client_secret,
            "COOKIE_SECRET": secrets.oidc_cookie_secret,
            "SIGNING_KEYS": str(environment.directory / "oidc-keys.json"),
            "PEOPLE": str(folder / "people.json"),
        },
        watches=(
            folder / "provider.js",
            folder / "pages.js",
            folder / "people.json",
            folder / "package-lock.json",
            environment.directory / "oidc-keys.json",
        ),
    )


def _web(environment: Environment) -> Part:
    port = environment.port(8101)
    caddyfile = ROOT / "gateway" / "Caddyfile"
    return Part(
        name="web",
        group="web",
        command=[str(BIN / "caddy"), "run", "--adapter", "caddyfile", "--config", str(caddyfile)],
        port=port,
        ready=f"http://127.0.0.1:{port}/healthz",
        environment={
            "WEB_ADDRESS": f"http://127.0.0.1:{port}",
            "WEB_BIND": "127.0.0.1",
            "WEB_ROOT": str(ROOT / "web" / "dist"),
            "XDG_DATA_HOME": str(environment.directory / "caddy"),
            "XDG_CONFIG_HOME": str(environment.directory / "caddy"),
        },
        watches=(caddyfile,),
    )


def _gateway(environment: Environment, secrets: Secrets) -> Part:
    rendered = environment.directory / "envoy.yaml"
    options = ["--concurrency", "2", "--disable-hot-restart", "--log-level", "warning", *QUIET]
    return Part(
        name="gateway",
        group="gateway",
        command=[str(BIN / "envoy"), "-c", str(rendered), *options],
        port=environment.port(8080),
        stage=GATEWAY,
        ready=f"http://127.0.0.1:{environment.port(8103)}/ready",
        environment={
            "OIDC_CLIENT_SECRET": secrets.oidc_client_secret,
            "LOGIN_COOKIE_SECRET": secrets.login_cookie_secret,
        },
        watches=(rendered,),
    )


def _service(environment: Environment, service: Service) -> Iterator[Part]:
    web, worker, push = (environment.port(service.port + n) for n in range(3))
    gunicorn = [str(BIN / "gunicorn"), "-c", "shared/gunicorn.conf.py"]
    worker_command = [str(BIN / "python"), "-m", f"services.{service.name}.worker"]
    metrics = environment.directory / "metrics" / service.name

    yield _service_part(
        environment,
        service,
        process="web",
        port=web,
        command=[*gunicorn, f"services.{service.name}.app:create_app()"],
        settings={
            "BIND": f"127.0.0.1:{web}",
            "WEB_WORKERS": os.environ.get(f"{service.name.upper()}_WEB_WORKERS", str(service.web_workers)),
            "PROMETHEUS_MULTIPROC_DIR": f"{metrics}-web",
        },
    )
    yield _service_part(
        environment,
        service,
        process="worker",
        port=worker,
        command=[*([] if service.urgent else ["nice", "-n", WORKER_NICENESS]), *worker_command],
        settings={"WORKER_PORT": str(worker)},
    )
    if service.pushes:
        yield _service_part(
            environment,
            service,
            process="push",
            port=push,
            command=[*gunicorn, f"services.{service.name}.push:create_push_app()"],
            settings={
                "BIND": f"127.0.0.1:{push}",
                "WEB_WORKERS": "1",
                "PROMETHEUS_MULTIPROC_DIR": f"{metrics}-push",
            },
        )


def _service_part(
    environment: Environment, service: Service, *, process: str, port: int, command: list[str], settings: dict[str, str]
) -> Part:
    name = f"{service.name.replace('_', '-')}-{process}"
    return Part(
        name=name,
        group=service.name.replace("_", "-"),
        command=command,
        port=port,
        ready=f"http://127.0.0.1:{port}/readyz",
        environment={
            **service_settings(environment, service.name),
            **service.settings,
            **settings,
        },
        watches=(
            ROOT / "shared",
            ROOT / "services" / service.name,
            ROOT / "contracts",
            ROOT / "requirements" / "service.txt",
        ),
    )


def service_settings(environment: Environment, service: str) -> dict[str, str]:
    """The settings that every service has, for this environment."""
    return {
        "MONGO_URI": environment.mongo_uri,
        "MONGO_DATABASE": f"crm_{service}",
        "KAFKA_BOOTSTRAP": environment.kafka_bootstrap,
        "OIDC_ISSUER": environment.oidc_issuer,
        "OIDC_AUDIENCE": "crm",
        "OIDC_JWKS_URL": f"http://127.0.0.1:{environment.port(8102)}/oidc/jwks",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
        "PYTHONUNBUFFERED": "1",
    }


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        elif path.exists():
            yield path
