"""The demonstration's content: each module loads one kind of thing, once, and never undoes edits.

A kind of which something is there already is left as it is, so whatever a person added, changed or
removed stays so. Only what depends on today is refreshed: the exceptional opening of the chat and
the dates of the forums.
"""

from pathlib import Path

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
