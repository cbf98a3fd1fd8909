"""The provider's REST API, off the event loop's way: nothing here blocks it."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Any
from urllib.parse import quote

from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from bot.channels.sms.settings import STATUS_PATH, SmsSettings

TIMEOUT_SECONDS = 15.0
_LOOKED_THROUGH = 20

# The library logs numbers and texts.
logging.getLogger("twilio").setLevel(logging.CRITICAL)


class RefusedError(Exception):
    """The provider answered with an error: the text surely did not go out.

    Args:
        http_status: Its HTTP status.
        code: Its error code, or None.
    """

    def __init__(self, http_status: int, code: int | None) -> None:
        super().__init__(f"HTTP {http_status}, code {code}")
        self.http_status, self.code = http_status, code


class NoAnswerError(Exception):
    """The provider did not answer: the text may have gone out, or surely not.

    Args:
        maybe_sent: Whether the provider may have taken it.
    """

    def __init__(self, maybe_sent: bool) -> None:
        super().__init__("no answer")
        self.maybe_sent = maybe_sent


class Provider:
    """Sends texts through a Messaging Service; to be made on the running event loop.

    Args:
        settings: The channel's settings.
    """

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        self._http = AsyncTwilioHttpClient()
        self._client = Client(settings.account_sid, settings.auth_token, http_client=self._http)
        if settings.api_url:
            self._client.api.base_url = settings.api_url

    async def send(self, number: str, body: str, media: str | None, key: str) -> str:
        """Sends a text and returns the provider's id of it.

        Args:
            number: Where it goes, in E.164 form.
            body: What is said.
            media: The public address of a picture, or None.
            key: Our own name of the text, which comes back in the provider's reports.

        Raises:
            RefusedError: The provider refused it.
            NoAnswerError: It did not answer.
        """
        report = f"{self._settings.public_url}{STATUS_PATH}?text={quote(key, safe='')}"
        more: dict[str, Any] = {"media_url": [media]} if media else {}
        creating = self._client.messages.create_async(
            to=number, body=body, status_callback=report,
            messaging_service_sid=self._settings.messaging_service_sid, **more,
        )  # fmt: skip
        message = await self._answer(creating)
        return str(message.sid)

    async def find(self, number: str, body: str, since: datetime) -> str | None:
        """Returns the id of a text that the provider took since a moment, or None.

        Raises:
            RefusedError: The provider refused to tell.
            NoAnswerError: It did not answer.
        """
        listing = self._client.messages.list_async(to=number, limit=_LOOKED_THROUGH)
        for message in await self._answer(listing):
            made = message.date_created
            # The provider counts whole seconds.
            fresh = made is not None and made >= since.replace(microsecond=0)
            if fresh and message.body == body and (message.direction or "").startswith("outbound"):
                return str(message.sid)
        return None

    async def _answer(self, request: Any) -> Any:
        try:
            return await asyncio.wait_for(request, TIMEOUT_SECONDS)
        except TwilioRestException as error:
            raise RefusedError(int(error.status), error.code) from None
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # Where not even a connection came about, nothing was sent.
            maybe = type(error).__name__ not in ("ClientConnectorError", "ClientConnectorDNSError")
            raise NoAnswerError(maybe) from None

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.close()
