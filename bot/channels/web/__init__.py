"""The website's channel: pages, HTTP, and the socket of the chat widget."""
