"""Every write of marketing: the steps of a campaign, its cost ledger, and counting what it brought in."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from services.marketing import events
from services.marketing.domain import campaign as campaigns_domain
from services.marketing.domain import contribution as counting
from services.marketing.domain.campaign import Campaign, CostLine
from services.marketing.domain.contribution import Contribution
from services.marketing.repositories import campaign_results, campaigns, contributions
from shared import clock, http, ids
from shared.aggregates import Duplicate
from shared.events import Announcement
from shared.problems import Conflict
from shared.text.money import Money


def plan_campaign(fields: dict[str, Any]) -> Campaign:
    """Raises Conflict when the code is taken, Invalid for the dates."""
    campaign = campaigns_domain.plan(id=ids.new_id(), at=clock.now(), **fields)
    try:
        return campaigns.insert(campaign, announce=[events.campaign_planned(campaign)])
    except Duplicate as taken:
        if taken.index != "code":
            raise
        raise Conflict(
            f"The code {campaign.code} belongs to another campaign. Choose another code.", code="campaign-code-taken"
        ) from taken


def change_campaign(campaign_id: str, changes: dict[str, Any], *, expected: int | None) -> Campaign:
    changed = _load(campaign_id, expected).change(changes, at=clock.now())
    return campaigns.save(changed, announce=[events.campaign_changed(changed)])


def start_campaign(campaign_id: str, *, expected: int | None) -> Campaign:
    return _step(campaign_id, expected, Campaign.start, events.campaign_started)


def pause_campaign(campaign_id: str, *, expected: int | None) -> Campaign:
    return _step(campaign_id, expected, Campaign.pause, events.campaign_paused)


def finish_campaign(campaign_id: str, *, expected: int | None) -> Campaign:
    return _step(campaign_id, expected, Campaign.finish, events.campaign_finished)


def add_cost(
    campaign_id: str,
    *,
    expected: int | None,
    by: str,
    description: str,
    amount: Money,
    incurred_on: date,
    category: str,
) -> Campaign:
    line = CostLine(ids.new_id(), description, amount, incurred_on, category, added_by=by, added_at=clock.now())
    campaign = _load(campaign_id, expected).add_cost(line)
    return campaigns.save(campaign, announce=[events.campaign_cost_added(campaign)])


def reverse_cost(campaign_id: str, cost_id: str, *, expected: int | None, by: str) -> Campaign:
    campaign = _load(campaign_id, expected).reverse_cost(cost_id, by=by, at=clock.now())
    return campaigns.save(campaign, announce=[events.campaign_cost_reversed(campaign)])


def count(seen: Iterable[Contribution]) -> None:
    """Bring the results up to these states; older and repeated ones change nothing. Runs inside the batch's transaction."""
    newest = counting.newest(seen)
    stored = contributions.find_all(newest)
    changed = [
        (stored.get(id), contribution)
        for id, contribution in newest.items()
        if id not in stored or stored[id].version < contribution.version
    ]
    contributions.replace_all(contribution for _, contribution in changed)
    campaign_results.add(counting.differences(changed))


def _load(campaign_id: str, expected: int | None) -> Campaign:
    campaign = campaigns.get(campaign_id)
    http.check_version(campaign, expected)
    return campaign


def _step(
    campaign_id: str,
    expected: int | None,
    step: Callable[..., Campaign],
    announce: Callable[[Campaign], Announcement],
) -> Campaign:
    at: datetime = clock.now()
    campaign = step(_load(campaign_id, expected), at=at)
    return campaigns.save(campaign, announce=[announce(campaign)])
