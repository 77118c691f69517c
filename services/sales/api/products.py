"""Products over HTTP: list, read, add and change."""

from flask import Blueprint, Response

from services.sales.api import filters, views
from services.sales.api.roles import IMPORTERS, PRODUCT_READERS, PRODUCT_WRITERS
from services.sales.api.schemas import ChangeProduct, CreateProduct
from services.sales.commands import products as commands
from services.sales.domain.product import Product
from services.sales.repositories import products
from shared import aggregates, http, limits
from shared.auth import requires

blueprint = Blueprint("products", __name__)

_CREATE, _CHANGE = CreateProduct(), ChangeProduct()


def created_answer(document: dict) -> Response:
    location = f"/v1/products/{document['_id']}"
    return http.answer(views.product(document), 201, version=document["version"], location=location)


@blueprint.get("/v1/products")
@requires(PRODUCT_READERS)
@limits.query("active", *limits.PAGE)
def list_products() -> Response:
    limit, cursor = http.page_args()
    page = products.page(active=filters.flag("active"), limit=limit, cursor=cursor)
    return http.answer({"items": [views.product(document) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/products")
@requires(PRODUCT_WRITERS | IMPORTERS)
@http.idempotent(products.COLLECTION, created_answer)
def create_product() -> Response:
    return created_answer(aggregates.to_document(commands.create_product(**http.json_body(_CREATE))))


@blueprint.get("/v1/products/<product_id>")
@requires(PRODUCT_READERS)
def get_product(product_id: str) -> Response:
    return _answer(products.get(product_id))


@blueprint.patch("/v1/products/<product_id>")
@requires(PRODUCT_WRITERS)
def change_product(product_id: str) -> Response:
    expected = http.require_if_match()
    return _answer(commands.change_product(product_id, http.json_body(_CHANGE), expected=expected))


def _answer(product: Product) -> Response:
    return http.answer(views.product(aggregates.to_document(product)), version=product.version)
