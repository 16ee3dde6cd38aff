"""Attention to citizens for Wagtail sites: FAQ, live chat with staff, and scheduled forums."""
