"""``bot run``: the whole product."""

from __future__ import annotations

import sys

import click

from bot.engine import training
from bot.settings import MODEL_FILE, SettingsError, web_limits


def prepare() -> None:
    """Checks the profile, trains what is stale, migrates the database; says what it does."""
    from bot.clinic import load_clinic
    from bot.engine.preparation import prepare_encoder
    from bot.keys import check_keys
    from bot.store.database import migrate

    check_keys()
    profile = load_clinic()
    web_limits()
    click.echo(f"[1/4] Clinic profile: {profile.name}, {profile.phone}")
    prepare_encoder(click.echo)
    if MODEL_FILE.exists():
        training.check_model()
    if training.is_stale():
        click.echo("[2/4] Training the model (about a minute; only when its data changed) ...")
        training.train_in_own_process()
    else:
        click.echo("[2/4] The model is up to date.")
    try:
        migrate()
    except Exception as error:
        raise SettingsError(
            f"The database could not be set up ({type(error).__name__}): "
            "check BACKCOACH_DATABASE_URL and that its place can be written."
        ) from None
    click.echo("[3/4] The database is ready.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5005, show_default=True, help="Port of the website and the chat.")
def run(host: str, port: int) -> None:
    """Run the bot, its action server and the website demo; Ctrl-C stops everything."""
    from bot.engine.processes import Product, check_port

    check_port(port)
    prepare()
    click.echo("[4/4] Starting the bot and its action server (about 20 seconds) ...")

    def ready(seconds: float) -> None:
        click.echo(f"Ready after {seconds:.0f} s: http://localhost:{port}/  (Ctrl-C stops it)")

    sys.exit(Product(host, port, click.echo).run(ready))
