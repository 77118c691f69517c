"""The lag: how many events of the log are not in the views yet, counted from the offsets that lie beside the views."""

from kafka import KafkaConsumer, TopicPartition

from services.reporting.consumers import TOPICS
from services.reporting.repositories import freshness, offsets
from shared import clock, kafka
from shared.settings import ServiceSettings


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
        applied = offsets.find_all()
        lag = dict.fromkeys(TOPICS, 0)
        for partition, end in client.end_offsets(partitions_of(client, self._settings)).items():
            topic = partition.topic.removeprefix(self._settings.kafka_topic_prefix)
            lag[topic] += max(0, end - applied.get(partition, 0))
        return lag


def partitions_of(client: KafkaConsumer, settings: ServiceSettings) -> list[TopicPartition]:
    """All partitions of the topics that views are made of."""
    names = [settings.topic(topic) for topic in TOPICS]
    return [
        TopicPartition(name, number) for name in names for number in sorted(client.partitions_for_topic(name) or ())
    ]
