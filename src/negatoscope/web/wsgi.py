"""The console as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from negatoscope.web.patience import patient

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negatoscope.settings")
application = patient(get_wsgi_application())
