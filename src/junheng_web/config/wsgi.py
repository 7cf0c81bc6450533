"""What a server serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from junheng_web.config.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng_web.config.settings")
application = get_wsgi_application()
settle()
