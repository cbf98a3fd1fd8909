"""Speed and quality, each printed as a table; nothing here is asserted."""
