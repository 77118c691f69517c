"""The customer service's web process."""

from flask import Flask

from services.customer.api import changes, customers, identities, interactions, points
from services.customer.config import CustomerSettings
from services.customer.repositories import INDEXES
from shared import http


def create_app(settings: CustomerSettings | None = None) -> Flask:
    settings = settings or CustomerSettings.from_environment()
    return http.create_app(
        settings,
        blueprints=[module.blueprint for module in (customers, changes, points, identities, interactions)],
        indexes=INDEXES,
    )
