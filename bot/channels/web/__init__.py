"""The website's channel: pages, HTTP, and the socket of the chat widget."""

from bot.channels.web.app import WebChannel, create_app

__all__ = ["WebChannel", "create_app"]
