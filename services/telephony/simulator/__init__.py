"""A switch, its callers and if wanted the agents, played through the public API: `python -m services.telephony.simulator`."""
