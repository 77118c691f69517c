"""Sales: leads and partner intake, opportunities and their pipeline, products and orders."""
