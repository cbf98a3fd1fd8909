"""Sends what is in the outbox: in order for each number, many numbers at once, never twice."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from bot.channels.sms.provider import NoAnswerError, Provider, RefusedError
from bot.channels.sms.threads import Threads
from bot.store import sms_consent, sms_outbox, sms_reports
from bot.store.database import session
from bot.store.models import utc_now
from bot.texting.delivery import EXPLAINED, SETTINGS_DELAY, Verdict, delay, verdict
from bot.texting.gsm7 import size
from bot.texting.parts import halves

logger = logging.getLogger("backcoach.sms")

LEASE = timedelta(seconds=60)
MOST_AT_ONCE = 20
"""Texts that are on their way to the provider at the same time."""
EMPTY_EVERY = timedelta(minutes=5)
POLL_SECONDS = 1.0
"""Jobs in other processes put texts into the outbox too."""


class Outbox:
    """Takes texts from the outbox to the provider.

    Args:
        provider: The way out.
        owner: Names this process in claims.
        threads: Where the database is waited for.
    """

    def __init__(self, provider: Provider, owner: str, threads: Threads) -> None:
        self._provider, self._owner, self._threads = provider, owner, threads
        self._wake = asyncio.Event()
        self._stopping = False
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._busy: dict[int, str] = {}
        self._emptied_at: datetime | None = None

    def wake(self) -> None:
        """Says that there is something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Sends until it is cancelled; an error of the database is logged and tried again."""
        while not self._stopping:
            try:
                await self._empty_what_is_old()
                await self._start_what_is_ready()
            except Exception as error:
                logger.error("The SMS outbox could not be read: %s", type(error).__name__)
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            except asyncio.TimeoutError:
                continue
            self._wake.clear()

    async def stop(self) -> None:
        """Lets the texts that are on their way arrive."""
        self._stopping = True
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=3.0)

    async def _empty_what_is_old(self) -> None:
        now = utc_now()
        if self._emptied_at is None or now - self._emptied_at > EMPTY_EVERY:
            self._emptied_at = now
            await self._threads.run(sms_reports.empty_unreported, now)

    async def _start_what_is_ready(self) -> None:
        room = MOST_AT_ONCE - len(self._sending)
        if room <= 0:
            return
        for row, number_hash in await self._threads.run(sms_outbox.ready, utc_now()):
            if row in self._sending or number_hash in self._busy.values():
                continue
            task = asyncio.create_task(self._send(row))
            self._sending[row], self._busy[row] = task, number_hash
            task.add_done_callback(partial(self._done, row))
            room -= 1
            if room == 0:
                return

    def _done(self, row: int, _task: object) -> None:
        self._sending.pop(row, None)
        self._busy.pop(row, None)
        self._wake.set()

    async def _send(self, row: int) -> None:
        try:
            claimed = await self._threads.run(
                sms_outbox.claim, row, self._owner, utc_now(), LEASE
            )  # fmt: skip
            if claimed is not None:
                await self._deliver(claimed)
        except Exception as error:
            logger.error("A text could not be sent now: %s", type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def _deliver(self, text: sms_outbox.Outgoing) -> None:
        try:
            sid = None
            if text.uncertain:
                sid = await self._provider.find(text.number, text.body, text.since)
            if sid is None:
                sid = await self._provider.send(text.number, text.body, text.media, text.key)
        except RefusedError as error:
            # What is refused a second time may still have been taken the first time.
            await self._refused(text, error)
        except NoAnswerError as error:
            unknown = error.maybe_sent or text.uncertain
            reason = sms_outbox.UNKNOWN if unknown else "provider"
            await self._later(text, delay(text.attempts), reason)
        else:
            await self._threads.run(sms_outbox.mark_sent, text.id, self._owner, sid)

    async def _later(self, text: sms_outbox.Outgoing, pause: timedelta, reason: str) -> None:
        due = utc_now() + pause
        await self._threads.run(sms_outbox.try_later, text.id, self._owner, due, reason)

    async def _refused(self, text: sms_outbox.Outgoing, error: RefusedError) -> None:
        what = verdict(error.http_status, error.code)
        if what is Verdict.RETRY:
            reason = sms_outbox.UNKNOWN if text.uncertain else "provider"
            await self._later(text, delay(text.attempts), reason)
        elif what is Verdict.SETTINGS:
            logger.error(
                "The SMS provider refuses our settings (code %s). %s Texts wait.",
                error.code, EXPLAINED.get(error.code or 0, "Run `bot sms status`."),
            )  # fmt: skip
            await self._later(text, SETTINGS_DELAY, f"code {error.code}")
        elif what is Verdict.SPLIT:
            pieces = [
                sms_outbox.Text(piece, size(piece).segments, sms_consent.REPLY)
                for piece in halves(text.body)
            ]
            await self._threads.run(sms_outbox.replace_by, text.id, self._owner, pieces)
        elif what is Verdict.OPTED_OUT:
            await self._threads.run(self._note_opt_out, text.id)
            await self._end(text, sms_outbox.DROPPED, "opted_out", error.code)
        else:
            logger.warning("A text was refused by the SMS provider: code %s.", error.code)
            await self._end(text, sms_outbox.FAILED, "refused", error.code)

    async def _end(
        self, text: sms_outbox.Outgoing, status: str, reason: str, code: int | None
    ) -> None:
        await self._threads.run(
            sms_outbox.give_up, text.id, self._owner, status, reason, code
        )  # fmt: skip

    @staticmethod
    def _note_opt_out(row: int) -> None:
        """Records an opt-out that only the provider knew of, and takes back what waits."""
        number_hash = sms_outbox.number_hash_of(row)
        if number_hash is None:
            return
        with session() as opened:
            sms_consent.record(opened, number_hash, sms_consent.OPT_OUT, "provider")
            sms_outbox.take_back(opened, number_hash, "opted_out")
