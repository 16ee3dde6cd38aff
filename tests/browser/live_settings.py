"""The example site as the browser walks through it: one address plays every citizen."""

from __future__ import annotations

from example_site.settings import *  # noqa: F403
from wagtail_atencion.conf import RATES

WAGTAIL_ATENCION = {"RATES": dict.fromkeys(RATES, "1000000/m")}
