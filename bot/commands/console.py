"""``bot console``: the clinic's page for staff, and its accounts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import click

from bot.settings import SettingsError


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5006, show_default=True, help="Port of the console.")
@click.option(
    "--name", "names", multiple=True, metavar="NAME",
    help="Host name under which staff open it, behind a server that does TLS; may be repeated.",
)  # fmt: skip
@click.option(
    "--idle-minutes", default=30, show_default=True, type=click.IntRange(5, 12 * 60),
    help="Minutes without a page opened after which staff are signed out.",
)  # fmt: skip
@click.pass_context
def console(
    context: click.Context, host: str, port: int, names: tuple[str, ...], idle_minutes: int
) -> None:
    """Run the clinic console; `bot console user add NAME` makes an account first."""
    from bot.keys import check_keys
    from bot.store.database import migrate

    check_keys()
    try:
        migrate()
    except Exception as error:
        raise SettingsError(
            f"The database could not be set up ({type(error).__name__}): "
            "check BACKCOACH_DATABASE_URL and that its place can be written."
        ) from None
    if context.invoked_subcommand is None:
        _serve(host, port, names, idle_minutes)


def _serve(host: str, port: int, names: Sequence[str], idle_minutes: int) -> None:
    import uvicorn

    from bot.clinic import load_clinic
    from bot.console.app import create_app
    from bot.console.pages import LOOPBACK
    from bot.console.sessions import Timing
    from bot.engine.logs import set_up_logging
    from bot.engine.processes import PortInUseError, check_port
    from bot.store.console_users import all_users

    load_clinic()
    if host not in LOOPBACK and not names:
        raise SettingsError(
            f"On {host} others can reach the console: put a server with TLS before it and give the "
            "name that staff open, as in --name console.example.org."
        )
    try:
        check_port(port)
    except PortInUseError:
        raise SettingsError(
            f"Port {port} is in use: stop the other program, or `bot console --port {port + 1}`."
        ) from None
    set_up_logging()
    if not any(user.disabled_at is None for user in all_users()):
        click.echo("Nobody can sign in yet: run `bot console user add NAME` first.")
    app = create_app([name.lower() for name in names], Timing(idle=timedelta(minutes=idle_minutes)))
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False,
        # Only a server on this machine is believed who the visitor is, and only if there is one.
        proxy_headers=bool(names), forwarded_allow_ips="127.0.0.1", lifespan="off", ws="none",
    )  # fmt: skip

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            click.echo(f"Clinic console: http://localhost:{port}/  (Ctrl-C stops it)")

    # The server raises the signal again that ended it.
    with suppress(KeyboardInterrupt):
        Server(config).run()


@console.group()
def user() -> None:
    """Accounts of the console: add, list, disable."""


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@user.command()
@click.argument("name")
@_from_stdin
def add(name: str, password_stdin: bool) -> None:
    """Make an account; asks for its password twice."""
    from bot.console.passwords import AccountError, check_name, hash_password
    from bot.store import audit
    from bot.store.console_users import NameTakenError, add_user

    try:
        account = check_name(name)
        add_user(account, hash_password(account, _password(password_stdin)))
    except AccountError as error:
        raise click.ClickException(str(error)) from None
    except NameTakenError:
        raise click.ClickException(
            f"There is an account {account} already: `bot console user password {account}` "
            "gives it another password."
        ) from None
    audit.record(audit.TERMINAL, "add account", detail=account)
    click.echo(f"{account} can sign in now.")


@user.command()
@click.argument("name")
@_from_stdin
def password(name: str, password_stdin: bool) -> None:
    """Give an account another password; ends its sessions."""
    from bot.console.keys import account_digest
    from bot.console.passwords import AccountError, hash_password, tidy_name
    from bot.store.console_users import forget_attempts

    account = tidy_name(name)
    try:
        hashed = hash_password(account, _password(password_stdin))
    except AccountError as error:
        raise click.ClickException(str(error)) from None
    _change(account, "change password", password_hash=hashed)
    forget_attempts(account_digest(account))
    click.echo("The new password holds now.")


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let an account sign in no more; ends its sessions."""
    from bot.console.passwords import tidy_name
    from bot.store.models import utc_now

    account = tidy_name(name)
    _change(account, "disable account", disabled_at=utc_now())
    click.echo(f"{account} is signed out and cannot sign in any more.")


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let a disabled account sign in again."""
    from bot.console.passwords import tidy_name

    account = tidy_name(name)
    _change(account, "enable account", disabled_at=None)
    click.echo(f"{account} can sign in again.")


def _change(account: str, action: str, **values: object) -> None:
    from bot.store import audit
    from bot.store.console_users import change_user

    if not change_user(account, **values):
        raise click.ClickException(
            f"There is no account {account}: `bot console user list` shows them."
        )
    audit.record(audit.TERMINAL, action, detail=account)


@user.command("list")
def list_users() -> None:
    """List the accounts."""
    from bot.commands.table import print_table
    from bot.console.words import stamp
    from bot.store.console_users import all_users

    rows = [
        {
            "name": one.name,
            "made": stamp(one.created_at),
            "disabled": stamp(one.disabled_at) or "no",
        }
        for one in all_users()
    ]
    if rows:
        print_table("Accounts of the console", rows)
    else:
        click.echo("No accounts yet: run `bot console user add NAME`.")
