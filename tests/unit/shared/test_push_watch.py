"""A push process that cannot watch any more ends itself, so that another takes its place and browsers come back to it."""

import subprocess
import sys

DIES = """
import gevent, gevent.queue
from pymongo import MongoClient
from shared import logs, push
logs.configure("toy", "INFO")
collection = MongoClient("mongodb://127.0.0.1:1", connect=False)["toy"]
hub = push.Hub("toy", collection, "notes", lambda *_: None)
hub._collection = type("Broken", (), {"watch": lambda *_, **__: {}["a change that nobody foresaw"]})()
hub.join(push.Client(principal=None, arguments={}, messages=gevent.queue.Queue()))
gevent.sleep(10)
"""


def test_a_push_process_whose_watch_ends_by_an_unforeseen_error_ends():
    ended = subprocess.run([sys.executable, "-c", DIES], capture_output=True, text=True, timeout=30)

    assert ended.returncode == 1, ended.stderr
    assert '"watch_ended"' in ended.stdout
