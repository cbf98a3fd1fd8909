"""Text messages through Twilio: webhooks in, the REST API out, rows in between."""
