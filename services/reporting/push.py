"""The reporting service's push process: tells a browser that the view of a customer it shows has changed."""

from collections.abc import Collection, Mapping

from flask import Flask

from services.reporting.api import roles, sight
from services.reporting.api.shapes import version_of
from services.reporting.config import ReportingSettings
from services.reporting.repositories import views
from shared import push
from shared.auth import Principal


def create_push_app(settings: ReportingSettings | None = None) -> Flask:
    settings = settings or ReportingSettings.from_environment()
    return push.create_push_app(
        settings, collection=views.COLLECTION, roles=roles.EVERYONE, match=_change_for, query=("customer_id",)
    )


def _change_for(
    view: dict, paths: Collection[str] | None, caller: Principal, arguments: Mapping[str, str]
) -> dict | None:
    """The id of the customer and the version of the view, for those who look at this customer or at all of them, and who
    see what has changed."""
    if arguments.get("customer_id", view["_id"]) != view["_id"] or not sight.of(caller).notices(view, paths):
        return None
    return {"customer_id": view["_id"], "version": version_of(view)}
