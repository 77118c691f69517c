"""The telephony service's push process: each agent's own state and call, as they change."""

from collections.abc import Collection, Mapping

from flask import Flask

from services.telephony.api import views
from services.telephony.api.roles import CALL_TAKERS
from services.telephony.config import TelephonySettings
from services.telephony.repositories import agents
from shared import mongo, push
from shared.auth import Principal


def create_push_app(settings: TelephonySettings | None = None) -> Flask:
    settings = settings or TelephonySettings.from_environment()

    def own_desk(document: dict, _: Collection[str] | None, caller: Principal, __: Mapping[str, str]) -> dict | None:
        if document["_id"] != caller.id:
            return None
        with mongo.bind(mongo.connect(settings)):
            return views.desk(agents.from_document(document))

    return push.create_push_app(settings, collection=agents.COLLECTION, roles=CALL_TAKERS, match=own_desk)
