"""The customer service's web process."""

from flask import Flask

from services.customer.api import customers, identities, interactions, points
from services.customer.config import CustomerSettings
from services.customer.repositories import INDEXES
from shared import http


def create_app(settings: CustomerSettings | None = None) -> Flask:
    settings = settings or CustomerSettings.from_environment()
    return http.create_app(
        settings,
        blueprints=[customers.blueprint, points.blueprint, identities.blueprint, interactions.blueprint],
        indexes=INDEXES,
    )
