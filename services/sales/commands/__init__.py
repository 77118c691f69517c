"""Every write of sales: load, decide, save and announce in one atomic update."""
