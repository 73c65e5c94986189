"""Users of before roles keep what they could do: administrators stay, the others could sign."""

from typing import Any

from django.db import migrations


def give(apps: Any, schema_editor: Any) -> None:
    User, GrantRow = apps.get_model("store", "User"), apps.get_model("store", "GrantRow")
    for user in User.objects.exclude(practice=None):
        role = "administrator" if user.is_superuser else "approver"
        GrantRow.objects.get_or_create(user=user, practice_id=user.practice_id, site=None, defaults={"role": role})
    User.objects.filter(is_superuser=True).update(is_superuser=False)


def take(apps: Any, schema_editor: Any) -> None:
    User, GrantRow = apps.get_model("store", "User"), apps.get_model("store", "GrantRow")
    holders = GrantRow.objects.filter(role="administrator", site=None).values("user_id")
    User.objects.filter(pk__in=holders).update(is_superuser=True)
    GrantRow.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("store", "0002_access_notices_grants")]
    operations = [migrations.RunPython(give, take)]
