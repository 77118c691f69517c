"""The marketing service's web process."""

from flask import Flask

from services.marketing.api import campaigns, costs, results
from services.marketing.config import MarketingSettings
from services.marketing.repositories import INDEXES
from shared import http


def create_app(settings: MarketingSettings | None = None) -> Flask:
    settings = settings or MarketingSettings.from_environment()
    return http.create_app(
        settings,
        blueprints=[campaigns.blueprint, costs.blueprint, results.blueprint],
        indexes=INDEXES,
    )
