"""Tells Spanish messages from English ones."""

from __future__ import annotations

import re

# Common words of Spanish that are no words of English.
_SPANISH = frozenset(
    """
    puedo puede siento siente duele duelen tengo tiene desde espalda piernas pierna orine orina
    orinar quiero quiere morir matarme pecho respirar fiebre esta estoy mucho dolor las los que por
    para cuando ayer hoy con entre encima bano baño esposo mama mamá papa papá cita ejercicio hace
    una muy pero porque cuanto cuánto como cómo donde dónde hago dias días noche mi su se le del al
    """.split()
)
# Each says by itself that a short message is Spanish.
_CLEAR = frozenset(
    """
    puedo puede siento siente duele tengo orine oriné orinar quiero morirme matarme matar pecho
    pastillas popo popó calentura fiebre vivir caminar sí sé espalda piernas pierna embarazada
    sangrando medico médico vio hicieron dijeron equivoqué mentira
    desmayé desmaye ayúdame ayudame auxilio chueca falta bebé vejiga dormida dormidas
    """.split()
)
_SHORT = 6
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
_SHARE = 0.3


def is_spanish(text: str) -> bool:
    """Tells whether most of a message is Spanish."""
    words = _WORD.findall(text[:2000].lower())
    if len(words) <= _SHORT and not _CLEAR.isdisjoint(words):
        return True
    known = sum(word in _SPANISH for word in words)
    return known >= _LEAST and known >= _SHARE * len(words)
