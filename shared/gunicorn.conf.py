"""gunicorn's settings for all web and push processes; addresses and sizes come from the environment."""

import os
import shutil

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "1"))
# A request mostly waits for MongoDB. Greenlets wait without contending for the interpreter's lock, as threads do.
worker_class = "gevent"
worker_connections = 1000
keepalive = 75
timeout = 60
graceful_timeout = 25
backlog = 512
# The gateway limits addresses and headers to 60 KiB and 100, and says so in words that programs read; it adds a few.
limit_request_line = 0
limit_request_field_size = 65536
limit_request_fields = 150


def on_starting(server):
    """Begin with empty metrics: files of an earlier run would be counted again."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)


def child_exit(server, worker):
    """Forget the gauges of a worker that is gone."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
