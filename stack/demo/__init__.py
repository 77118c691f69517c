"""Demo data: seeded, bilingual and lifelike, sent through the public API like any other data."""
