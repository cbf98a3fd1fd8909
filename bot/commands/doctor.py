"""``bot doctor``: checks an installation, with the mend for what is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import SettingsError, production


@dataclass(frozen=True)
class Check:
    """The result of one check."""

    name: str
    fine: bool
    detail: str


def _python() -> str:
    if sys.version_info[:2] != (3, 10):
        raise SettingsError("Python 3.10 is needed: remove .venv and run `make setup`.")
    return sys.version.split()[0]


def _profile() -> str:
    from bot.clinic import load_clinic

    profile = load_clinic()
    optional = ("address", "hours", "prices", "first_visit", "telehealth")
    lacking = [name for name in optional if not getattr(profile, name)]
    return f"{profile.name}" + (f"; not filled in: {', '.join(lacking)}" if lacking else "")


def _exercises() -> str:
    import yaml

    from bot.coaching.exercises import file_text, read_exercises
    from bot.coaching.pictures import picture_names
    from bot.coaching.schema import ExerciseDataError
    from bot.settings import ROOT

    sources = yaml.safe_load((ROOT / "data" / "sources.yml").read_text(encoding="utf-8"))
    try:
        found = read_exercises(file_text(), sources, picture_names())
    except ExerciseDataError as error:
        raise SettingsError(str(error)) from None
    return f"{len(found)}, complete"


def _model() -> str:
    from bot.engine.training import check_model, is_stale

    check_model()
    if is_stale():
        raise SettingsError("The data changed since the model was trained: run `bot train`.")
    return "up to date"


def _database() -> str:
    from bot.store.database import is_current

    try:
        current = is_current()
    except Exception as error:
        raise SettingsError(
            f"The database cannot be opened ({type(error).__name__}): check BACKCOACH_DATABASE_URL."
        ) from None
    if not current:
        raise SettingsError("The database is not migrated: `bot run` does it at its start.")
    return "migrated"


def _keys() -> str:
    from bot.keys import check_keys

    check_keys()
    _refuse_lost_keys()
    return "from the environment" if production() else "development keys of this machine"


def _refuse_lost_keys() -> None:
    """Looks whether everything that is stored opens with the keys that are here."""
    from bot.store.crypto import key_ids
    from bot.store.rotation import values_by_key

    try:
        lost = {key: n for key, n in values_by_key().items() if key not in key_ids()}
    except SQLAlchemyError:
        return  # the check of the database says so
    if lost:
        raise SettingsError(
            f"{sum(lost.values())} stored values were written under keys that are not here "
            f"({', '.join(lost)}): put them into BACKCOACH_DATA_KEY_OLD, then `bot keys rotate`."
        )


def _signs() -> str:
    from bot.safety import Urgency, screen
    from bot.safety.second_opinion import second_opinion

    if screen("I can't feel when I wipe and I peed myself").level < Urgency.ER_NOW:
        raise SettingsError("The danger-sign detector does not work: check bot/safety/signs.yml.")
    if second_opinion() is None:
        raise SettingsError(
            "The learned second opinion cannot be loaded, the rules screen alone: "
            "take bot/safety/model from the repository again."
        )
    return "rules and second opinion answer"


_CHECKS: dict[str, Callable[[], str]] = {
    "python": _python,
    "clinic profile": _profile,
    "danger signs": _signs,
    "exercises": _exercises,
    "keys": _keys,
    "database": _database,
    "model": _model,
}


def checks() -> list[Check]:
    """Runs all checks."""
    results = []
    for name, check in _CHECKS.items():
        try:
            results.append(Check(name, True, check()))
        except SettingsError as error:
            results.append(Check(name, False, str(error)))
    return results


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Check this installation; exits with 1 if something needs mending."""
    results = checks()
    if as_json:
        click.echo(json.dumps([asdict(result) for result in results], indent=2))
    else:
        for result in results:
            click.echo(f"{'ok  ' if result.fine else 'MEND'}  {result.name}: {result.detail}")
    if not all(result.fine for result in results):
        sys.exit(1)
