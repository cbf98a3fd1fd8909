"""A stand-in for the SMS provider on this machine: its API, its webhooks, and a phone."""
