"""The bot's server process: the channels on the web server, the safety layer under them."""

from __future__ import annotations

import sys
from typing import Any

from bot.engine.logs import set_up_logging, silence_warnings
from bot.settings import one_thread_each, quiet_environment

quiet_environment()
one_thread_each()
silence_warnings()

from sanic import Sanic  # noqa: E402  the environment must be quiet first

from bot.channels.gateway import Gateway  # noqa: E402
from bot.channels.linking import PhoneLinks  # noqa: E402
from bot.channels.sms.channel import add_sms  # noqa: E402
from bot.channels.waiting import waiting_replies  # noqa: E402
from bot.channels.web.app import create_app  # noqa: E402
from bot.engine.client import EngineProcess  # noqa: E402
from bot.engine.memory import keep_what_is_loaded  # noqa: E402
from bot.keys import refuse_wrong_keys  # noqa: E402
from bot.safety import detector  # noqa: E402


def serve(host: str, port: int, engine: EngineProcess | None = None) -> None:
    """Serves until it is stopped.

    While the engine loads, or without a usable model, emergencies are answered by the detector, the
    rest with an apology and the clinic's phone.

    Args:
        host: The address to listen on.
        port: The port.
        engine: The dialogue engine; by default with the trained model.
    """
    refuse_wrong_keys()
    set_up_logging()
    engine = engine or EngineProcess()
    detector.prepare()
    links = PhoneLinks(asked_sign=engine.asked_sign)
    gateway = Gateway(engine.process, engine.recall, waiting_replies, engine.leave, links)
    gateway.ahead = engine.ahead
    app = create_app(gateway, engine)
    add_sms(app)

    async def start(_app: Sanic, _loop: Any) -> None:
        await engine.start()

    async def stop(_app: Sanic, _loop: Any) -> None:
        await engine.stop()

    keep_what_is_loaded()
    app.before_server_start(start)
    app.after_server_stop(stop)
    app.run(host=host, port=port, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
