"""``bot train``."""

from __future__ import annotations

import time

import click

from bot.engine import training
from bot.engine.preparation import prepare_encoder


@click.command()
@click.option("--if-stale", is_flag=True, help="Train only if the data has changed.")
@click.option("--force", is_flag=True, help="Train every part anew.")
def train(if_stale: bool, force: bool) -> None:
    """Train the model from data/, domain.yml and config.yml."""
    prepare_encoder(click.echo)
    if if_stale and not force and not training.is_stale():
        click.echo("The model is up to date.")
        return
    started = time.monotonic()
    click.echo("Training the model (about a minute) ...")
    path = training.train(force=force)
    click.echo(f"Trained in {time.monotonic() - started:.0f} s: {path.name}")
