"""The ways in: website and terminal; each goes through the gateway."""
