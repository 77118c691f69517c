"""Metrics: what every service reports to Prometheus, under the prefix `crm_`."""

import os

from prometheus_client import REGISTRY as _DEFAULT
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
FRESHNESS_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)

http_requests = Counter(
    "crm_http_server_requests_total", "Answered requests.", ["service", "method", "route", "status"]
)
http_seconds = Histogram(
    "crm_http_server_request_duration_seconds",
    "Time to answer a request.",
    ["service", "method", "route"],
    buckets=LATENCY_BUCKETS,
)
outbox_published = Counter("crm_outbox_published_total", "Events acknowledged by the broker.", ["service", "topic"])
outbox_failures = Counter("crm_outbox_failures_total", "Windows that could not be published.", ["service"])
outbox_oldest = Gauge(
    "crm_outbox_oldest_pending_seconds",
    "Age of the oldest event that waits to be published.",
    ["service"],
    multiprocess_mode="mostrecent",
)
relay_leader = Gauge(
    "crm_relay_leader", "1 where this process holds the relay's lease.", ["service"], multiprocess_mode="liveall"
)
consumed = Counter("crm_consumer_events_total", "Events applied.", ["service", "topic"])
consumer_skipped = Counter(
    "crm_consumer_skipped_total", "Records already applied before, by offset.", ["service", "topic"]
)
consumer_retries = Counter(
    "crm_consumer_retries_total", "Batches tried again because a dependency was down.", ["service"]
)
consumer_fenced = Counter(
    "crm_consumer_fenced_total", "Batches given up because another process had applied them.", ["service"]
)
dead_letters = Counter(
    "crm_consumer_dead_letters_total", "Events diverted to the dead-letter topic.", ["service", "topic"]
)
consumer_lag = Gauge(
    "crm_consumer_lag_events",
    "Records of the topic that are not applied yet.",
    ["service", "topic"],
    multiprocess_mode="mostrecent",
)
freshness = Histogram(
    "crm_event_to_view_seconds",
    "From the event's time to the commit of its effect.",
    ["service", "topic"],
    buckets=FRESHNESS_BUCKETS,
)
batch_seconds = Histogram(
    "crm_consumer_batch_duration_seconds", "Time to apply one batch.", ["service"], buckets=LATENCY_BUCKETS
)
push_clients = Gauge("crm_push_clients", "Connected browsers.", ["service"], multiprocess_mode="livesum")


def exposition() -> bytes:
    """All metrics of this process, or of the whole gunicorn group where PROMETHEUS_MULTIPROC_DIR is set."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_DEFAULT)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)
