"""The reporting service's web process."""

from flask import Flask

from services.reporting.api import customers, dashboards, freshness
from services.reporting.config import ReportingSettings
from services.reporting.repositories import INDEXES
from shared import http


def create_app(settings: ReportingSettings | None = None) -> Flask:
    settings = settings or ReportingSettings.from_environment()
    return http.create_app(
        settings,
        blueprints=[customers.blueprint, dashboards.blueprint, freshness.blueprint],
        indexes=INDEXES,
    )
