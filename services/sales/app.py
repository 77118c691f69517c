"""The sales service's web process."""

from flask import Flask

from services.sales.api import leads, opportunities, orders, partner_keys, partner_leads, partners, pipeline, products
from services.sales.api.partner_access import Lately, Strangers
from services.sales.api.partner_pace import Pace
from services.sales.config import SalesSettings
from services.sales.repositories import INDEXES
from shared import http


def create_app(settings: SalesSettings | None = None) -> Flask:
    settings = settings or SalesSettings.from_environment()
    modules = [leads, opportunities, orders, partner_keys, partner_leads, partners, pipeline, products]
    app = http.create_app(settings, blueprints=[module.blueprint for module in modules], indexes=INDEXES)
    app.extensions["partner_keys"] = Lately()
    app.extensions["partners"] = Lately()
    app.extensions["partner_pace"] = Pace()
    app.extensions["strangers"] = Strangers()
    return app
