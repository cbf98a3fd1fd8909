"""What the signs and facts of a message add up to: pure functions over findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.safety.findings import Finding, Screening, Status
from bot.safety.signs import Sign
from bot.safety.urgency import Urgency

# "Two or more risk factors with new pain raise one level": not into the emergency levels, which
# take a sign and not a sum of circumstances.
RISKS_THAT_RAISE = 2
HIGHEST_BY_RISK = Urgency.SAME_DAY


@dataclass(frozen=True)
class Stated:
    """A sign with how the message states it."""

    sign: Sign
    finding: Finding


def level_of(sign: Sign, facts: Collection[str]) -> Urgency:
    """Returns a sign's level, raised by the facts of the message; facts never lower it."""
    return max([sign.level, *(level for fact, level in sign.raised if fact in facts)])


def raised_by_risks(level: Urgency, facts: Collection[str], risks: Collection[str]) -> Urgency:
    """Returns the level raised by one where risk factors meet new pain.

    Args:
        level: The level of the signs.
        facts: The facts of the message.
        risks: Those of them that are risk factors.

    Returns:
        The same level, or the next up to ``HIGHEST_BY_RISK``.
    """
    if "new_pain" not in facts or len(risks) < RISKS_THAT_RAISE:
        return level
    if Urgency.PT_EVALUATION <= level < HIGHEST_BY_RISK:
        return Urgency(level + 1)
    return level


def combine(
    stated: Iterable[Stated], facts: Collection[str], risks: Collection[str], acute: bool = True
) -> Screening:
    """Adds the signs of a message up.

    Args:
        stated: Every sign that the message names, whatever its status.
        facts: The facts of the message.
        risks: Those of them that are risk factors.
        acute: Whether the message speaks of something new, sudden or worse.

    Returns:
        The level of the worst sign that is present, and the direct question of the worst sign
        that is unclear where a yes would be more urgent than what is known.
    """
    findings: list[Finding] = []
    best: Finding | None = None
    settles: str | None = None
    asked: tuple[Urgency, str] | None = None
    for item in stated:
        level = level_of(item.sign, facts)
        finding = item.finding
        if finding.status is Status.PRESENT:
            finding = replace(finding, level=raised_by_risks(level, facts, risks))
            if best is None or finding.level > best.level:
                best, settles = finding, item.sign.question
        elif finding.status is Status.UNCLEAR and (asked is None or level > asked[0]):
            asked = (level, item.sign.question)
        findings.append(finding)
    level = best.level if best else Urgency.NONE
    more = asked if asked and asked[0] > level else (Urgency.NONE, None)
    return Screening(
        level,
        best.pathology if best else None,
        ask=more[1],
        ask_level=more[0],
        settles=settles,
        findings=tuple(findings),
        acute=acute,
    )
