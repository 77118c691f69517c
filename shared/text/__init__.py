"""Texts that people write: characters, names, contact points, money and search, each with one rule for all services.

`contracts/vectors` binds these rules; every service runs the vectors through its own edge.
"""
