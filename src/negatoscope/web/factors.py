"""Second factors: allauth's, with seeds sealed, our words, and none taken from those whose role asks for one."""

from base64 import b64decode, b64encode
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from negatoscope.flows import securing
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.store.queries import practice as practices
from negatoscope.web import qr

BOUND = b"second factor"


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's adapter, in this house."""

    def get_totp_issuer(self) -> str:
        """What the application shows above its codes."""
        return "Négatoscope"

    def build_totp_svg(self, url: str) -> str:
        """The QR code as a drawing that stands in the page itself."""
        return qr.drawn(url, _("Code à viser avec votre application"))

    def encrypt(self, text: str) -> str:
        """Seal a seed with a key file kept outside the database."""
        return b64encode(securing.seals(_console()).seal(text.encode(), BOUND)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed seed. Raises KeyLost, Unsealable."""
        return securing.seals(_console()).unseal(b64decode(encrypted_text), BOUND).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one, where the role asks for one."""
        return securing.may_go(authenticator.user_id, authenticator.pk)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002, ANN401 -- allauth's signature
        """A name to begin with."""
        many = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Clé %(n)d") % {"n": many + 1}


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class _RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """allauth's, that asks first whether this key may go."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Take the key away, or say why it stays."""
        if not securing.may_go(self.request.user.pk, self.get_object().pk):
            messages.error(self.request, _("Votre rôle demande un second facteur : ajoutez-en d’abord un autre."))
            return redirect("mfa_list_webauthn")
        answer: HttpResponse = super().form_valid(form)
        return answer


remove_passkey = _RemovePasskey.as_view()


def _console() -> Console:
    practice = practices.first()
    return Console(settings.CONFIG, practice, practices.site(practice), utc_now)
