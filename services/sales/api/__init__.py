"""The HTTP edge of sales: parse, call one command or query, format."""
