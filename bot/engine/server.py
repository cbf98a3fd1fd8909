"""The bot's server process: the dialogue engine on its thread, the channels on the web server."""

from __future__ import annotations

import logging
import sys

from bot.engine.logs import set_up_logging, silence_warnings
from bot.settings import MODEL_FILE, ROOT, one_thread_each, quiet_environment

quiet_environment()
one_thread_each()
silence_warnings()

from bot.channels.gateway import Gateway  # noqa: E402  the environment must be quiet first
from bot.channels.linking import PhoneLinks  # noqa: E402
from bot.channels.sms.channel import add_sms  # noqa: E402
from bot.channels.waiting import waiting_replies  # noqa: E402
from bot.channels.web.app import create_app  # noqa: E402
from bot.engine.ahead import reader_ahead  # noqa: E402
from bot.engine.thread import EngineThread  # noqa: E402
from bot.keys import refuse_wrong_keys  # noqa: E402
from bot.safety import detector  # noqa: E402

logger = logging.getLogger("backcoach.server")


def serve(host: str, port: int) -> None:
    """Loads the model and serves until it is stopped.

    Without a usable model the server still answers: emergencies by the detector, the rest with an
    apology and the clinic's phone.
    """
    refuse_wrong_keys()
    set_up_logging()
    engine = EngineThread()
    if not engine.load(MODEL_FILE, ROOT / "endpoints.yml"):
        logger.error("Serving without a model: run `bot train` and start again.")
    detector.prepare()  # the model does so too, but there may be none
    links = PhoneLinks(asked_sign=engine.asked_sign)
    gateway = Gateway(engine.process, engine.recall, waiting_replies, engine.leave, links)
    gateway.ahead = reader_ahead()
    app = create_app(gateway, engine)
    add_sms(app)
    app.run(host=host, port=port, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
