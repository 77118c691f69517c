"""What marketing publishes on crm.campaign: facts about campaigns, without names, notes and descriptions."""

from services.marketing.domain.campaign import Campaign
from shared import events
from shared.events import Announcement
from shared.text.money import Money

TOPIC = "crm.campaign"


def campaign_planned(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.planned", campaign)


def campaign_changed(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.changed", campaign)


def campaign_started(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.started", campaign)


def campaign_paused(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.paused", campaign)


def campaign_finished(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.finished", campaign)


def campaign_cost_added(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.cost-added", campaign)


def campaign_cost_reversed(campaign: Campaign) -> Announcement:
    return _announce("marketing.campaign.cost-reversed", campaign)


def _announce(type: str, campaign: Campaign) -> Announcement:
    return events.announce(type, topic=TOPIC, subject=campaign.id, customer_id=None, data=_state(campaign))


def _state(campaign: Campaign) -> dict:
    """The ledger goes out as totals, so that an event stays small however long the ledger is."""
    return {
        "campaign_id": campaign.id,
        "code": campaign.code,
        "status": campaign.status,
        "channels": campaign.channels,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "budget": _money(campaign.budget),
        "owner": campaign.owner,
        "cost": _money(campaign.cost),
        "cost_by_category": campaign.cost_by_category(),
        "cost_lines": sum(line.counts for line in campaign.costs),
        "created_at": campaign.created_at,
        "started_at": campaign.started_at,
        "finished_at": campaign.finished_at,
    }


def _money(money: Money) -> dict:
    return {"amount": money.amount, "currency": money.currency}
