"""Danger signs: data, detection, and what must be said. Imports no dialogue engine."""

from bot.safety.detector import MAX_CHARACTERS, screen
from bot.safety.findings import Finding, Screening, Status
from bot.safety.urgency import Urgency

__all__ = ["MAX_CHARACTERS", "Finding", "Screening", "Status", "Urgency", "screen"]
