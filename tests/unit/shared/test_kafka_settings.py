"""How clients sign in at brokers that ask who they are."""

import pytest

from shared import kafka
from shared.topics import TopicSettings


def settings(**given: str) -> TopicSettings:
    return TopicSettings(kafka_bootstrap="one:9092,two:9092", **given)


def test_a_broker_that_asks_nothing_is_told_nothing():
    assert kafka.broker(settings(kafka_username="sales", kafka_password="of-no-use")) == {
        "bootstrap_servers": ["one:9092", "two:9092"],
        "security_protocol": "PLAINTEXT",
    }


@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_a_broker_that_asks_is_told_name_and_password(protocol):
    asked = settings(
        kafka_security_protocol=protocol,
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_username="sales",
        kafka_password="correct",
    )

    assert kafka.broker(asked) == {
        "bootstrap_servers": ["one:9092", "two:9092"],
        "security_protocol": protocol,
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "sales",
        "sasl_plain_password": "correct",
    }


def test_settings_that_are_printed_keep_the_password():
    assert "correct" not in repr(settings(kafka_password="correct"))
