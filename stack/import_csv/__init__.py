"""Imports sales data from CSV files through the public API; README.md says how."""
