"""The toy service on real stores."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest

from shared import events, kafka, mongo
from shared.topics import TopicSettings
from tests.support import toy
from tests.support.tokens import AUDIENCE, ISSUER, Issuer


@pytest.fixture
def suffix(stores) -> Iterator[str]:
    """Topics of its own for every test: only the two that the toy service needs."""
    suffix = uuid.uuid4().hex[:10]
    partitions = {f"test-{suffix}.{toy.TOPIC}": 6, f"test-{suffix}.toy.dlq": 1}
    with closing(kafka.admin(TopicSettings(kafka_bootstrap=stores.kafka_bootstrap))) as client:
        client.create_topics(
            {name: {"num_partitions": count, "replication_factor": 1} for name, count in partitions.items()},
            timeout_ms=30_000,
            wait_for_metadata=True,
        )
    yield suffix
    with closing(kafka.admin(TopicSettings(kafka_bootstrap=stores.kafka_bootstrap))) as client:
        client.delete_topics(list(partitions), timeout_ms=30_000)


@pytest.fixture
def settings(stores, issuer: Issuer, suffix: str) -> toy.ToySettings:
    return toy.ToySettings(
        mongo_uri=stores.mongo_uri,
        mongo_database=f"test_toy_{suffix}",
        kafka_bootstrap=stores.kafka_bootstrap,
        kafka_topic_prefix=f"test-{suffix}.",
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks_url=issuer.jwks_url,
        log_level="WARNING",
    )


@pytest.fixture
def database(settings: toy.ToySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    monkeypatch.setattr(events, "SCHEMAS", toy.SCHEMAS)
    events.validator.cache_clear()
    database = mongo.connect(settings)
    mongo.ensure_indexes(database, toy.INDEXES | {"_offsets": [], "_leases": []})
    with mongo.bind(database):
        yield database
    database.client.drop_database(database.name)
    events.validator.cache_clear()


@pytest.fixture
def api(settings: toy.ToySettings, database, issuer: Issuer) -> SimpleNamespace:
    app = toy.create_app(settings)
    assert app.extensions["prepared"].wait(60)
    client = app.test_client()

    def call(method: str, path: str, *, as_: str | None = "rep.li", headers: dict | None = None, **kwargs):
        bearer = {"Authorization": f"Bearer {issuer.token(as_)}"} if as_ else {}
        return client.open(path, method=method, headers=bearer | (headers or {}), **kwargs)

    return SimpleNamespace(
        get=lambda path, **kwargs: call("GET", path, **kwargs), post=lambda path, **kwargs: call("POST", path, **kwargs)
    )
