"""The places in a canned reply that the desk fills in: ``{nombre}`` becomes the citizen's name."""

from __future__ import annotations

import re

# Spanish whatever the language of the text: one spelling that editors learn once.
NAMES = ("nombre", "agente", "referencia", "entidad", "pqrd")

_PLACE = re.compile(r"\{([^{}]*)\}")


def unknown_places(text: str) -> list[str]:
    """What stands in braces in ``text`` and means nothing, in order and without repetition."""
    return [name for name in dict.fromkeys(_PLACE.findall(text)) if name not in NAMES]
