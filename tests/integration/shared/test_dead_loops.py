"""A worker whose loop does not turn any more ends itself: who starts processes anew may only see that they end."""

import os
import subprocess
import sys
import time

from tests.support.broker import free_port
from tests.support.tokens import AUDIENCE, ISSUER

HANGS = """
import time
from shared import worker
from tests.support.toy import worker as toy
worker.ALIVE_SECONDS, worker.DEAD_SECONDS, worker.DRAIN_SECONDS, worker.WATCH_SECONDS = 1.0, 2.0, 5.0, 0.1
run = worker.run
worker.run = lambda settings, **given: run(settings, **given, timers=[worker.Timer("hangs", 0.1, lambda: time.sleep(600))])
toy.main()
"""


def test_a_worker_with_a_loop_that_hangs_ends_and_says_which(settings, issuer):
    environ = {
        "MONGO_URI": settings.mongo_uri,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "KAFKA_TOPIC_PREFIX": settings.kafka_topic_prefix,
        "OIDC_ISSUER": ISSUER,
        "OIDC_AUDIENCE": AUDIENCE,
        "OIDC_JWKS_URL": issuer.jwks_url,
        "WORKER_PORT": str(free_port()),
    }
    began = time.monotonic()

    ended = subprocess.run(
        [sys.executable, "-c", HANGS], env=os.environ | environ, capture_output=True, text=True, timeout=60
    )

    assert ended.returncode == 1, ended.stderr
    assert '"loops_dead"' in ended.stdout
    assert "timers" in ended.stdout
    assert time.monotonic() - began < 45
