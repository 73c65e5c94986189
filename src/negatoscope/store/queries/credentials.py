"""Log-ins of collectors as pages show them: never the secret, not even sealed."""

from dataclasses import dataclass
from datetime import datetime

from negatoscope.store.models import CredentialRow


@dataclass(frozen=True, slots=True)
class Credential:
    """A log-in that collectors use by its name."""

    name: str
    kind: str
    username: str
    created_at: datetime
    created_by: str
    used_at: datetime | None


def credentials(practice: int) -> list[Credential]:
    """The log-ins of the practice, by name."""
    rows = CredentialRow.objects.filter(practice_id=practice).order_by("name").defer("sealed")
    return [Credential(**{name: getattr(row, name) for name in Credential.__dataclass_fields__}) for row in rows]
