"""The least that could do the work: bare Flask and pymongo, no checks, no events, no gateway. Only to compare with."""

import os
import uuid

import orjson
from flask import Flask, Response, request
from pymongo import MongoClient


def create_app() -> Flask:
    app = Flask(__name__)
    database = MongoClient(os.environ["MONGO_URI"], w="majority")["load_baseline"]

    @app.post("/leads")
    def insert() -> Response:
        document = orjson.loads(request.get_data()) | {"_id": str(uuid.uuid4())}
        database.leads.insert_one(document)
        return Response(orjson.dumps(document), 201, content_type="application/json")

    @app.post("/leads/batch")
    def insert_many() -> Response:
        documents = [lead | {"_id": str(uuid.uuid4())} for lead in orjson.loads(request.get_data())["leads"]]
        database.leads.insert_many(documents, ordered=False)
        return Response(orjson.dumps({"created": len(documents)}), content_type="application/json")

    @app.get("/views/<id>")
    def read(id: str) -> Response:
        return Response(
            orjson.dumps(database.views.find_one({"_id": id}), default=str), content_type="application/json"
        )

    return app
