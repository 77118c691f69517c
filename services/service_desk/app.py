"""The service desk's web process."""

from flask import Flask

from services.service_desk.api import sla_policies, steps, tickets
from services.service_desk.config import ServiceDeskSettings
from services.service_desk.repositories import INDEXES
from shared import http


def create_app(settings: ServiceDeskSettings | None = None) -> Flask:
    settings = settings or ServiceDeskSettings.from_environment()
    return http.create_app(
        settings,
        blueprints=[tickets.blueprint, steps.blueprint, sla_policies.blueprint],
        indexes=INDEXES,
    )
