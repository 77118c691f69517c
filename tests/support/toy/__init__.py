"""A toy service of notes, to try the plumbing of `shared/` without any of the suite's own words."""

import dataclasses
from pathlib import Path
from typing import ClassVar

from flask import Blueprint, Response
from marshmallow import Schema, fields, validate

from shared import aggregates, auth, events, http, ids
from shared.problems import Conflict
from shared.settings import ServiceSettings

SCHEMAS = Path(__file__).parent / "events"
TOPIC = "crm.lead"
AGGREGATES = ["notes"]
INDEXES = {"notes": aggregates.OUTBOX_INDEXES, "seen": []}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ToySettings(ServiceSettings):
    service: ClassVar[str] = "toy"


@dataclasses.dataclass(frozen=True)
class Note:
    id: str
    version: int
    text: str
    closed: bool = False


def written(note: Note) -> events.Announcement:
    data = {"note_id": note.id, "text": note.text, "closed": note.closed}
    return events.announce("toy.note.written", topic=TOPIC, subject=note.id, customer_id=None, data=data)


def write(text: str) -> Note:
    note = Note(ids.new_id(), 1, text)
    return aggregates.insert("notes", note, announce=[written(note)])


def close(note: Note) -> Note:
    if note.closed:
        raise Conflict("The note is closed already.", code="note-closed")
    note = dataclasses.replace(note, closed=True)
    return aggregates.save("notes", note, announce=[written(note)])


class WriteNote(Schema):
    text = fields.String(required=True, validate=validate.Length(1, 100))


blueprint = Blueprint("notes", __name__)


def _created(document: dict) -> Response:
    return _answer(document, status=201)


def _answer(document: dict, *, status: int = 200) -> Response:
    body = {"id": document["_id"], "text": document["text"], "closed": document["closed"]}
    return http.answer(body, status, version=document["version"])


@blueprint.post("/v1/notes")
@auth.requires({"rep": "own"})
@http.idempotent("notes", _created)
def post_note() -> Response:
    note = write(http.json_body(WriteNote())["text"])
    return _created(aggregates.to_document(note))


@blueprint.get("/v1/notes/<note_id>")
@auth.requires({"rep": "own", "sales-manager": "all"})
def get_note(note_id: str) -> Response:
    return _answer(aggregates.to_document(aggregates.get("notes", Note, note_id)))


@blueprint.post("/v1/notes/<note_id>/close")
@auth.requires({"rep": "own"})
@http.idempotent("notes", _answer)
def close_note(note_id: str) -> Response:
    note = aggregates.get("notes", Note, note_id)
    http.check_version(note, http.if_match())
    return _answer(aggregates.to_document(close(note)))


def create_app(settings: ToySettings | None = None):
    if settings is None:
        events.SCHEMAS = SCHEMAS  # In a test's own process a fixture does this.
        settings = ToySettings.from_environment()
    return http.create_app(settings, blueprints=[blueprint], indexes=INDEXES)
