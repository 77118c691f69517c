"""The telephony service's web process."""

from flask import Flask

from services.telephony.api import agents, calls, queues, switch
from services.telephony.config import TelephonySettings
from services.telephony.repositories import INDEXES
from shared import http


def create_app(settings: TelephonySettings | None = None) -> Flask:
    settings = settings or TelephonySettings.from_environment()
    return http.create_app(
        settings,
        blueprints=[switch.blueprint, calls.blueprint, agents.blueprint, queues.blueprint],
        indexes=INDEXES,
    )
