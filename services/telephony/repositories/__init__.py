"""Every collection of this service with its indexes."""

from services.telephony.repositories import agents, calls, customers

INDEXES = {module.COLLECTION: module.INDEXES for module in (agents, calls, customers)}
