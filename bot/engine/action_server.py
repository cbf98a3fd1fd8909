"""The action server's process: Rasa's own server for actions, without its start-up noise."""

from __future__ import annotations

import sys

from bot.engine.logs import set_up_logging, silence_warnings
from bot.settings import quiet_environment

quiet_environment()
silence_warnings()

from rasa_sdk.endpoint import create_app  # noqa: E402  the environment must be quiet first
from rasa_sdk.executor import ActionExecutor  # noqa: E402

from bot.keys import refuse_wrong_keys  # noqa: E402

SHUTDOWN_SECONDS = 3.0


def serve(port: int) -> None:
    """Serves the actions on the loopback address."""
    refuse_wrong_keys()
    set_up_logging()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS
    app.run("127.0.0.1", port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
