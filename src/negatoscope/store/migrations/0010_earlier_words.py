"""Holders, first and last days that people told before, kept apart from other changes."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

REVISED = {"Account": ("holder",), "DirectoryAccount": ("holder",), "Person": ("arrived_on", "left_on")}
BATCH = 2000


def fill(apps: Any, _schema: Any) -> None:
    """Take them from the changes already kept."""
    revisions = apps.get_model("store", "RevisionRow")
    for kind, names in REVISED.items():
        found = []
        changes = apps.get_model("store", "ChangeRow").objects.filter(kind=kind).order_by("pk")
        for row in changes.iterator(chunk_size=BATCH):
            found += [
                revisions(
                    practice_id=row.practice_id,
                    kind=kind,
                    ref=row.ref,
                    field=name,
                    before=row.values[name][0],
                    observation_id=row.observation_id,
                )
                for name in names
                if row.values.get(name, [None])[0]
            ]
        revisions.objects.bulk_create(found, batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0009_sealed_codes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RevisionRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('ref', models.CharField(max_length=400)),
                ('field', models.CharField(max_length=40)),
                ('before', models.CharField(max_length=400)),
                ('observation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.observationrow')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.practicerow')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'kind'], name='revisions_by_kind')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
