"""A lead: somebody who may buy, from the first message until it is an opportunity or given up."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.sales.domain.enquiry import LIMITS, Enquiry
from shared.problems import Conflict
from shared.text import search

NEW, QUALIFIED, DISQUALIFIED, CONVERTED = "new", "qualified", "disqualified", "converted"
STATUSES = (NEW, QUALIFIED, DISQUALIFIED, CONVERTED)
PARTNER = "partner"
STAFF_SOURCES = ("phone", "email", "web", "event", "referral", "visit", "other")
SOURCES = (PARTNER, *STAFF_SOURCES)
REASSIGN_REASONS = ("wrong-person", "shared-contact", "duplicate-customer", "other")
KEPT_MOVES = 20
DISQUALIFY_REASONS = (
    "no-budget",
    "no-need",
    "not-reachable",
    "duplicate",
    "competitor",
    "wrong-contact",
    "spam",
    "other",
)


@dataclass(frozen=True)
class Move:
    """Somebody gave the lead to another customer than it was matched with."""

    from_customer_id: str | None
    to_customer_id: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Lead:
    """`source`, `partner_id`, `external_id` and `campaign_code` say where it came from and never change.

    `words` is what the names can be found by; `moves` are the last twenty, the oldest first.
    """

    id: str
    version: int
    status: str
    source: str
    partner_id: str | None
    external_id: str | None
    campaign_code: str | None
    full_name: str | None
    company_name: str | None
    email: str | None
    phone: str | None
    interest: str | None
    words: list[str]
    owner_id: str | None
    received_at: datetime
    updated_at: datetime
    customer_id: str | None = None
    opportunity_id: str | None = None
    disqualify_reason: str | None = None
    matched_at: datetime | None = None
    qualified_at: datetime | None = None
    closed_at: datetime | None = None
    phone_extension: str | None = None
    moves: list[Move] = field(default_factory=list)
    updated_by: str | None = None

    @property
    def open(self) -> bool:
        return self.status in (NEW, QUALIFIED)

    def match(self, customer_id: str, *, at: datetime) -> "Lead":
        """The customer that this lead belongs to is known."""
        return replace(self, customer_id=customer_id, matched_at=at, updated_at=at)

    def reassign(self, customer_id: str, *, reason: str, by: str, at: datetime) -> "Lead":
        """It is another customer's. Raises Conflict when it is converted: its opportunity is the customer's then."""
        if self.status == CONVERTED:
            raise Conflict(
                "This lead is converted, and its opportunity is the customer's. Choose a lead that is not.",
                code="lead-converted",
            )
        move = Move(self.customer_id, customer_id, reason, by, at)
        return replace(self.match(customer_id, at=at), moves=[*self.moves, move][-KEPT_MOVES:])

    def assign(self, owner_id: str, *, at: datetime) -> "Lead":
        """Raises Conflict when the lead is closed."""
        self.require_open("assigned")
        return replace(self, owner_id=owner_id, updated_at=at)

    def qualify(self, *, at: datetime) -> "Lead":
        """Raises Conflict unless the lead is new."""
        if self.status != NEW:
            raise Conflict(f"This lead is {self.status}. Only a new lead can be qualified.", code="lead-not-new")
        return replace(self, status=QUALIFIED, qualified_at=at, updated_at=at)

    def disqualify(self, reason: str, *, at: datetime) -> "Lead":
        """Raises Conflict when the lead is closed."""
        self.require_open("disqualified")
        return replace(self, status=DISQUALIFIED, disqualify_reason=reason, closed_at=at, updated_at=at)

    def convert(self, opportunity_id: str, *, at: datetime) -> "Lead":
        """Raises Conflict when the lead is closed, or its customer is not known."""
        self.require_open("converted")
        if self.customer_id is None:
            raise Conflict(
                "The customer of this lead is not known yet. Read the lead again in a few seconds and retry when it "
                "has a customer_id, or send the customer_id.",
                code="customer-not-known-yet",
            )
        return replace(self, status=CONVERTED, opportunity_id=opportunity_id, closed_at=at, updated_at=at)

    def require_open(self, step: str) -> None:
        """Raises Conflict when the lead is closed."""
        if not self.open:
            raise Conflict(
                f"This lead is {self.status} and cannot be {step}. Choose an open lead.", code=f"lead-{self.status}"
            )


def receive(
    enquiry: Enquiry,
    *,
    id: str,
    source: str,
    at: datetime,
    partner_id: str | None = None,
    external_id: str | None = None,
    owner_id: str | None = None,
) -> Lead:
    """The new lead of an enquiry."""
    return Lead(
        id=id,
        version=1,
        status=NEW,
        source=source,
        partner_id=partner_id,
        external_id=external_id,
        campaign_code=enquiry.campaign_code,
        full_name=enquiry.full_name,
        company_name=enquiry.company_name,
        email=enquiry.email,
        phone=enquiry.phone,
        interest=enquiry.interest,
        words=search.terms(enquiry.full_name, enquiry.company_name),
        owner_id=owner_id,
        received_at=at,
        updated_at=at,
        phone_extension=enquiry.phone_extension,
    )


def differences(lead: Lead, enquiry: Enquiry) -> list[str]:
    """The fields in which the enquiry says something else than the lead."""
    return [name for name in LIMITS if getattr(lead, name) != getattr(enquiry, name)]
