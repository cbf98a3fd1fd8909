"""Writes all encrypted values anew under the current key, a batch at a time.

Nothing remembers how far it got but the values themselves: each says which key wrote it. So a run
that was killed is simply started again, and a product that runs beside it does no harm: a value
that changed between reading and writing is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, func, literal, or_, select, text, type_coerce, update
from sqlalchemy.exc import OperationalError

from bot.store.crypto import DecryptionError, Encrypted, decrypt, encrypt, key_id_of, written_now
from bot.store.database import session
from bot.store.models import Base

BATCH = 200
_TRIES = 5

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rotation:
    """What a run did.

    Attributes:
        rewritten: Rows that were written anew, by table.
        left: Values that other keys wrote and that are still there, by key id.
        unreadable: Rows that no key here opens.
    """

    rewritten: dict[str, int]
    left: dict[str, int]
    unreadable: int

    @property
    def is_complete(self) -> bool:
        """Whether the old keys are of no use any more."""
        return not self.left


def encrypted_tables() -> dict[Any, list[Any]]:
    """Returns every table that has encrypted columns, with these."""
    found = {
        table: [column for column in table.columns if isinstance(column.type, Encrypted)]
        for table in Base.metadata.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}


def _raw(column: Any) -> Any:
    """Returns a column as it is stored."""
    return type_coerce(column, Text)


def _stale(columns: list[Any]) -> Any:
    now = written_now()
    return or_(*(and_(column.is_not(None), _raw(column).not_like(f"{now}%")) for column in columns))


def values_by_key(stale_only: bool = False) -> dict[str, int]:
    """Counts the stored values by the ids of the keys that wrote them.

    Args:
        stale_only: Leave out what needs no rotation.
    """
    counted: Counter[str] = Counter()
    with session() as opened:
        for columns in encrypted_tables().values():
            for column in columns:
                front = func.substr(_raw(column), 1, len(written_now()))
                wanted = _stale([column]) if stale_only else column.is_not(None)
                # By number: PostgreSQL would take the same expression for another one.
                query = select(front, func.count()).where(wanted).group_by(text("1"))
                for start, number in opened.execute(query).all():
                    counted[key_id_of(start)] += number
    return dict(counted)


def rotate(progress: Progress, batch: int = BATCH) -> Rotation:
    """Writes everything anew that another key wrote.

    Args:
        progress: Told after each batch: the table, rows that were looked at, rows in all.
        batch: Rows in one transaction.
    """
    rewritten: dict[str, int] = {}
    unreadable = 0
    for table, columns in encrypted_tables().items():
        with session() as opened:
            query = select(func.count()).select_from(table).where(_stale(columns))
            total = int(opened.execute(query).scalar_one())
        done = 0
        last: Any = None
        while rows := _read(table, columns, last, batch):
            changed, refused = _write_again(table, columns, rows)
            rewritten[table.name] = rewritten.get(table.name, 0) + changed
            unreadable += refused
            done, last = done + len(rows), rows[-1][0]
            progress(table.name, done, max(total, done))
    return Rotation(rewritten, values_by_key(stale_only=True), unreadable)


def _read(table: Any, columns: list[Any], after: Any, batch: int) -> list[Any]:
    (key,) = table.primary_key.columns
    query = select(key, *(_raw(column) for column in columns)).where(_stale(columns))
    if after is not None:
        query = query.where(key > after)
    with session() as opened:
        return list(opened.execute(query.order_by(key).limit(batch)).all())


def _write_again(table: Any, columns: list[Any], rows: list[Any]) -> tuple[int, int]:
    """Writes a batch in one transaction; again where another writer was in the way."""
    for _ in range(_TRIES - 1):
        try:
            return _write(table, columns, rows)
        except OperationalError:
            continue
    return _write(table, columns, rows)


def _write(table: Any, columns: list[Any], rows: list[Any]) -> tuple[int, int]:
    (key,) = table.primary_key.columns
    changed = refused = 0
    # The moment of a row's last change stays: retention goes by it.
    as_before = {column.name: column for column in table.columns if column.onupdate is not None}
    with session() as opened:
        for number, *stored in rows:
            kept = [(c, was) for c, was in zip(columns, stored, strict=True) if was is not None]
            try:
                new = {
                    column.name: literal(_anew(was, column.type.place), Text)
                    for column, was in kept
                }
            except DecryptionError:
                refused += 1
                continue
            unchanged = [_raw(column) == literal(was, Text) for column, was in kept]
            statement = update(table).where(key == number, *unchanged).values({**as_before, **new})
            changed += opened.execute(statement).rowcount
    return changed, refused


def _anew(stored: str, place: str) -> str:
    return encrypt(decrypt(stored, place), place)
