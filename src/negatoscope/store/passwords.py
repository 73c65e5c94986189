"""How long a password of the console is: longer for those who decide over others (ANSSI's guidance: 12, and 16)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from negatoscope.store.models import User
from negatoscope.store.roles import Role, grants

LEAST = 12
LEAST_OF_ADMINISTRATORS = 16


def least(role: Role | None) -> int:
    """How many signs a password of this role has at least."""
    return LEAST_OF_ADMINISTRATORS if role is Role.ADMINISTRATOR else LEAST


def check_length(password: str, role: Role | None) -> None:
    """Raise django's ValidationError for a password too short for this role."""
    wanted = least(role)
    if len(password) < wanted:
        raise ValidationError(
            _("Ce mot de passe est trop court : il faut au moins %(n)d signes."), "password_too_short", {"n": wanted}
        )


class LongEnough:
    """Django's validator: as long as the role that the user holds asks; a user without a role yet, as a reader."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for one too short."""
        held = grants(user.pk, user.practice_id).whole if isinstance(user, User) and user.pk else None
        check_length(password, held)

    def get_help_text(self) -> str:
        """What is asked, before one is typed."""
        told = {"n": LEAST, "many": LEAST_OF_ADMINISTRATORS}
        return _("Au moins %(n)d signes ; %(many)d pour un administrateur.") % told
