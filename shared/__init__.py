"""Plumbing that two or more services use; it knows nothing of customers, leads or tickets."""
