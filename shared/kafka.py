"""Kafka clients with the settings that this suite relies on. They are not fork-safe: make them in the process that uses them."""

import zlib

import crc32c  # noqa: F401 - without the C wheel kafka-python falls back to Python: produce at a third, consume at a tenth
import lz4.frame  # noqa: F401 - the compression that the producers use
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.net.compat import KafkaNetClient
from kafka.partitioner import Partitioner

from shared.settings import KafkaSettings, ServiceSettings

REQUEST_TIMEOUT_MS = 30_000
TRANSACTION_TIMEOUT_MS = 30_000
MAX_BLOCK_MS = 10_000
LONGEST_RECONNECT_PAUSE_MS = 2000
SESSION_TIMEOUT_MS = 10_000
HEARTBEAT_MS = 3000
MAX_POLL_INTERVAL_MS = 300_000
BATCH_EVENTS = 500
READ_COMMITTED = "read_committed"


class ByKey(Partitioner):
    """CRC-32 of the key, which is librdkafka's default too. The client's own murmur2 is Python, a quarter of each send.

    Another function would need fresh topics, as another number of partitions would.
    """

    def partition(self, topic, key, serialized_key, value, serialized_value, cluster) -> int:
        return zlib.crc32(serialized_key or b"") % len(cluster.partitions_for_topic(topic))


def producer(settings: ServiceSettings, *, transactional_id: str | None = None) -> KafkaProducer:
    """Idempotent, acknowledged by all replicas. With a transactional id, a later producer of that id fences this one.

    `delivery_timeout_ms` is practically for ever: after a finite one the idempotent producer can hang for good, so
    whoever gives up waiting must discard the producer and make a new one.
    """
    transactional = (
        {"transactional_id": transactional_id, "transaction_timeout_ms": TRANSACTION_TIMEOUT_MS}
        if transactional_id
        else {}
    )
    return _made(
        KafkaProducer,
        **broker(settings),
        client_id=f"crm-{settings.kebab}",
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        partitioner=ByKey(),
        batch_size=512 * 1024,
        linger_ms=5,
        retry_backoff_ms=10,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        bootstrap_timeout_ms=REQUEST_TIMEOUT_MS,
        reconnect_backoff_max_ms=LONGEST_RECONNECT_PAUSE_MS,
        delivery_timeout_ms=10**9,
        max_block_ms=MAX_BLOCK_MS,
        allow_auto_create_topics=False,
        **transactional,
    )


def commit(producer: KafkaProducer, *, within_seconds: float) -> None:
    """Commit the transaction. Raises KafkaTimeoutError when it is not known to be done; then discard the producer.

    `commit_transaction()` waits for ever for a broker that refuses connections.
    """
    done = producer._transaction_manager.begin_commit()
    producer._sender.wakeup()
    if not done.wait(timeout_ms=within_seconds * 1000):
        raise KafkaTimeoutError(f"The transaction was not committed within {within_seconds:.0f} s")


def discard(producer: KafkaProducer) -> None:
    """Close a producer that may be stuck."""
    try:
        producer.close(timeout=2)
    except KafkaError:
        producer._sender.force_close()  # close() can give up before it stops its thread.


def consumer(settings: ServiceSettings, *, group: str, instance: str = "") -> KafkaConsumer:
    """Classic group protocol; the range assignor gives one member the same partition of every topic.

    `instance` makes the member static: a process that restarts under the same name takes its partitions back at once.
    """
    static = {"group_instance_id": instance} if instance else {}
    return _made(
        KafkaConsumer,
        **broker(settings),
        client_id=f"crm-{settings.kebab}",
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=READ_COMMITTED,
        partition_assignment_strategy=[RangePartitionAssignor],
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=HEARTBEAT_MS,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        bootstrap_timeout_ms=REQUEST_TIMEOUT_MS,
        reconnect_backoff_max_ms=LONGEST_RECONNECT_PAUSE_MS,
        max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        max_poll_records=BATCH_EVENTS,
        fetch_max_wait_ms=500,
        max_partition_fetch_bytes=1024 * 1024,
        allow_auto_create_topics=False,
        **static,
    )


def admin(settings: ServiceSettings) -> KafkaAdminClient:
    return KafkaAdminClient(
        **broker(settings),
        client_id=f"crm-{settings.kebab}-admin",
        request_timeout_ms=15_000,
    )


def broker(settings: KafkaSettings) -> dict[str, object]:
    """Where the brokers are, and how to sign in there."""
    credentials = {
        "sasl_mechanism": settings.kafka_sasl_mechanism,
        "sasl_plain_username": settings.kafka_username,
        "sasl_plain_password": settings.kafka_password,
    }
    return {
        "bootstrap_servers": settings.kafka_bootstrap.split(","),
        "security_protocol": settings.kafka_security_protocol,
        **(credentials if settings.kafka_security_protocol.startswith("SASL_") else {}),
    }


def _made(kind: type, **settings):
    """A new client. One that finds no broker leaves nothing behind: by itself it would keep its sockets and its thread."""
    nets: list[KafkaNetClient] = []

    def net(**given) -> KafkaNetClient:
        nets.append(KafkaNetClient(**given))
        return nets[-1]

    try:
        return kind(kafka_client=net, **settings)
    except KafkaError:
        for made in nets:
            made.close()
        raise
