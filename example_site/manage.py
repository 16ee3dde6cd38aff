#!/usr/bin/env python
"""Run Django's commands for the example site from any directory."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put the repository's root first on the path, so that this checkout's app is the one used."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
