"""Settings of processes that do slow work on the database of a test, and whose mails are files.

``ATENCION_SERVED_DATABASE`` names the database and ``ATENCION_MAILS`` the folder; with
``ATENCION_WORKERS`` the site has a backend of tasks with workers.
"""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

DATABASES["default"]["NAME"] = os.environ["ATENCION_SERVED_DATABASE"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["ATENCION_MAILS"]
if os.environ.get("ATENCION_WORKERS"):
    INSTALLED_APPS.append("django_tasks_db")
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
