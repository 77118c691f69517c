"""Every write of telephony."""
