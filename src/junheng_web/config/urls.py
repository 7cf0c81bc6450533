"""Every URL of the platform, room by room."""

from __future__ import annotations

from django.urls import include, path

from junheng_web.config import api

urlpatterns = [
    path("api/schema.json", api.schema, name="api_schema"),
    path("api/v1/", include(api.urls)),
    path("api/<path:rest>", api.nothing),
    path("", include("junheng_web.home.urls")),
    path("", include("junheng_web.organisation.urls")),
    path("a/<str:area_code>/", include("junheng_web.areas.urls")),
    path("c/<str:county_code>/", include("junheng_web.assessment.urls")),
    path("c/<str:county_code>/organisation/", include("junheng_web.organisation.page_urls")),
    path("c/<str:county_code>/collection/", include("junheng_web.collection.urls")),
    path("c/<str:county_code>/registers/", include("junheng_web.registers.urls")),
    path("c/<str:county_code>/visits/", include("junheng_web.visits.urls")),
    path("c/<str:county_code>/tasks/", include("junheng_web.supervision.urls")),
    path("c/<str:county_code>/dossier/", include("junheng_web.dossier.urls")),
    path("c/<str:county_code>/duties/", include("junheng_web.duties.urls")),
    path("c/<str:county_code>/scrutiny/", include("junheng_web.scrutiny.urls")),
    path("c/<str:county_code>/rectification/", include("junheng_web.rectification.urls")),
    path("c/<str:county_code>/boards/", include("junheng_web.boards.urls")),
    path("c/<str:county_code>/planning/", include("junheng_web.planning.urls")),
    path("c/<str:county_code>/funding/", include("junheng_web.funding.urls")),
    path("c/<str:county_code>/reports/", include("junheng_web.reports.urls")),
    path("c/<str:county_code>/statistics/", include("junheng_web.statistics.urls")),
    path("c/<str:county_code>/files/", include("junheng_web.evidence.urls")),
    path("c/<str:county_code>/notices/", include("junheng_web.notices.urls")),
]
handler400 = "junheng_web.common.errors.bad_request"
handler403 = "junheng_web.common.errors.forbidden"
handler404 = "junheng_web.common.errors.not_found"
handler500 = "junheng_web.common.errors.broken"
