"""Runs the whole suite on one machine without Docker: `python -m stack up`."""
