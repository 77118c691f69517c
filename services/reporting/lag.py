"""The lag: how many events of the log are not in the views yet, counted from the offsets that lie beside the views."""

from kafka import KafkaConsumer, TopicPartition

from services.reporting.consumers import TOPICS
from services.reporting.repositories import freshness, offsets
from shared import clock, kafka
from shared.settings import ServiceSettings

CLOSE = 10
POLLS, POLL_MS = 5, 200


class Gauge:
    """Keeps its connection to the broker from one measurement to the next; a broken one is made anew."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._client: KafkaConsumer | None = None

    def measure(self) -> None:
        """Raises KafkaError; the measurement before then stays."""
        if self._client is None:
            self._client = kafka.consumer(self._settings, group=self._settings.topic("reporting.lag"))
        try:
            waiting = self._waiting(self._client)
        except Exception:
            self._client.close(autocommit=False, timeout_ms=1000)
            self._client = None
            raise
        freshness.set_lag(waiting, measured_at=clock.now())

    def _waiting(self, client: KafkaConsumer) -> dict[str, int]:
        applied, partitions = offsets.find_all(), partitions_of(client, self._settings)
        # What the broker has deleted since does not wait.
        positions = {p: max(applied.get(p, 0), first) for p, first in client.beginning_offsets(partitions).items()}
        ends = client.end_offsets(partitions)
        behind = {p: end - positions[p] for p, end in ends.items() if end > positions[p]}
        close = {p: positions[p] for p, distance in behind.items() if distance <= CLOSE}
        lag = dict.fromkeys(TOPICS, 0)
        for partition, waiting in (behind | _events_after(client, close, ends)).items():
            lag[partition.topic.removeprefix(self._settings.kafka_topic_prefix)] += waiting
        return lag


def partitions_of(client: KafkaConsumer, settings: ServiceSettings) -> list[TopicPartition]:
    """All partitions of the topics that views are made of."""
    return [
        TopicPartition(name, number)
        for name in map(settings.topic, TOPICS)
        for number in sorted(client.partitions_for_topic(name) or ())
    ]


def _events_after(
    client: KafkaConsumer, positions: dict[TopicPartition, int], ends: dict[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """How many events there are from these positions on. The last offset is often no event but the end of a transaction."""
    client.assign(list(positions))
    for partition, position in positions.items():
        client.seek(partition, position)
    found = dict.fromkeys(positions, 0)
    for _ in range(POLLS):
        if all(client.position(partition) >= ends[partition] for partition in positions):
            break
        for partition, messages in client.poll(timeout_ms=POLL_MS).items():
            found[partition] += len(messages)
    return found
