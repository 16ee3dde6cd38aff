"""The hours in words while an editor writes them, before anything is saved."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from wagtail.contrib.settings.views import get_setting_edit_handler
from wagtail.models import Site

from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.preview import written_preview


@never_cache
def hours_preview(request: HttpRequest, site_id: int) -> HttpResponse:
    """The sentences for the settings form that is sent, as far as it is right. Saves nothing.

    Raises ``PermissionDenied`` for those who may not change the settings of the site.
    """
    site = get_object_or_404(Site, pk=site_id)
    policy = AtencionSettings.get_permission_policy()
    if not policy.user_has_permission_for_instance(request.user, "change", site):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = get_setting_edit_handler(AtencionSettings).get_form_class()(
        request.POST, instance=AtencionSettings.for_site(site), for_user=request.user
    )
    return render(
        request,
        "wagtail_atencion/conditions/admin/preview_words.html",
        {"preview": written_preview(form), "saved": False},
    )
