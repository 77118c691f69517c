"""How campaigns and results look in an answer: stored documents in, JSON objects out."""

from services.marketing.domain import result
from services.marketing.domain.contribution import LEADS, OPPORTUNITIES, ORDERS
from shared.text.money import Money

ROW_FIELDS = (
    "version",
    "code",
    "name",
    "status",
    "channels",
    "starts_on",
    "ends_on",
    "budget",
    "owner",
    "cost",
    "created_at",
    "updated_at",
)
CAMPAIGN_FIELDS = (*ROW_FIELDS, "target_notes", "costs", "started_at", "finished_at")


def campaign(document: dict) -> dict:
    return _view(document, CAMPAIGN_FIELDS)


def campaign_row(document: dict, counted: dict) -> dict:
    """`counted` is the campaign_results document of the code, empty when nothing named it."""
    return _view(document, ROW_FIELDS) | {"leads": _total(counted, LEADS), "revenue": _revenue(counted)}


def campaign_results(campaign_id: str, code: str, cost: Money, counted: dict) -> dict:
    leads = _total(counted, LEADS)
    revenue = _revenue(counted)
    per_lead = result.cost_per_lead(cost, leads)
    return {
        "campaign_id": campaign_id,
        "code": code,
        "leads": {"total": leads, "by_status": _counts(counted, LEADS)},
        "opportunities": {"total": _total(counted, OPPORTUNITIES), "by_stage": _counts(counted, OPPORTUNITIES)},
        "orders": {"total": _total(counted, ORDERS), "by_status": _counts(counted, ORDERS)},
        "revenue": revenue,
        "cost": _money(cost),
        "cost_per_lead": _money(per_lead) if per_lead else None,
        "return_on_cost": result.return_on_cost(cost, [Money(**amount) for amount in revenue]),
        "counted_until": counted.get("counted_until"),
    }


def unknown_code(counted: dict) -> dict:
    return {
        "code": counted["_id"],
        "leads": _total(counted, LEADS),
        "opportunities": _total(counted, OPPORTUNITIES),
        "orders": _total(counted, ORDERS),
        "revenue": _revenue(counted),
        "counted_until": counted["counted_until"],
    }


def _view(document: dict, fields: tuple[str, ...]) -> dict:
    # Campaigns that were stored before it was kept who changed them do not say it.
    by = document.get("updated_by")
    return {"id": document["_id"]} | {name: document[name] for name in fields} | {"updated_by": by}


def _counts(counted: dict, kind: str) -> dict[str, int]:
    return {status: count for status, count in sorted(counted.get(kind, {}).items()) if count}


def _total(counted: dict, kind: str) -> int:
    return sum(counted.get(kind, {}).values())


def _revenue(counted: dict) -> list[dict]:
    by_currency = sorted(counted.get("revenue", {}).items())
    return [{"amount": amount, "currency": currency} for currency, amount in by_currency if amount]


def _money(money: Money) -> dict:
    return {"amount": money.amount, "currency": money.currency}
