"""Kafka clients with the settings that this suite relies on. They are not fork-safe: make them in the process that uses them."""

import crc32c  # noqa: F401 - without the C wheel kafka-python falls back to Python: produce at a third, consume at a tenth
import lz4.frame  # noqa: F401 - the compression that the producers use
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.range import RangePartitionAssignor

from shared.settings import ServiceSettings

TRANSACTION_TIMEOUT_MS = 30_000
SESSION_TIMEOUT_MS = 10_000
MAX_POLL_INTERVAL_MS = 300_000
BATCH_EVENTS = 500
READ_COMMITTED = "read_committed"


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
    return KafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        client_id=f"crm-{settings.kebab}",
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        batch_size=512 * 1024,
        linger_ms=5,
        retry_backoff_ms=10,
        request_timeout_ms=30_000,
        delivery_timeout_ms=10**9,
        max_block_ms=10_000,
        allow_auto_create_topics=False,
        **transactional,
    )


def consumer(settings: ServiceSettings, *, group: str, instance: str = "") -> KafkaConsumer:
    """Classic group protocol; the range assignor gives one member the same partition of every topic.

    `instance` makes the member static: a process that restarts under the same name takes its partitions back at once.
    """
    static = {"group_instance_id": instance} if instance else {}
    return KafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        client_id=f"crm-{settings.kebab}",
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=READ_COMMITTED,
        partition_assignment_strategy=[RangePartitionAssignor],
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=3000,
        max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        max_poll_records=BATCH_EVENTS,
        fetch_max_wait_ms=500,
        max_partition_fetch_bytes=1024 * 1024,
        allow_auto_create_topics=False,
        **static,
    )


def admin(settings: ServiceSettings) -> KafkaAdminClient:
    return KafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        client_id=f"crm-{settings.kebab}-admin",
        request_timeout_ms=15_000,
    )
