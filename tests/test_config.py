"""``negatoscope.toml``: what it may say of the database, and the password that it may not."""

from pathlib import Path

import pytest

from negatoscope.config import ConfigError, load

SECRET = "tilleul-37"


@pytest.mark.parametrize(
    "database",
    [
        "postgresql://negatoscope@db.example:5432/negatoscope?sslmode=verify-full&passfile=/etc/negatoscope/pgpass",
        "postgresql://negatoscope@db-1.example,db-2.example:5433/negatoscope",
        "postgresql:///negatoscope?host=/run/postgresql",
        "postgresql://?service=negatoscope",
    ],
)
def test_a_postgresql_database_is_named_by_its_address(tmp_path: Path, database: str) -> None:
    (tmp_path / "negatoscope.toml").write_text(f'database = "{database}"\n')
    assert load(tmp_path).database == database


@pytest.mark.parametrize(
    "database",
    [
        f"postgresql://negatoscope:{SECRET}@db.example/negatoscope",
        f"postgresql://negatoscope@db.example/negatoscope?password={SECRET}",
        f"postgresql://negatoscope@db.example/negatoscope?sslpassword={SECRET}",
        f"mysql://{SECRET}@db.example/negatoscope",
        f"postgresql://[{SECRET}/negatoscope",
        f"host=db.example password={SECRET}",
    ],
)
def test_a_password_or_another_kind_of_database_is_refused_and_not_repeated(tmp_path: Path, database: str) -> None:
    (tmp_path / "negatoscope.toml").write_text(f'database = "{database}"\n')
    with pytest.raises(ConfigError) as refused:
        load(tmp_path)
    assert "negatoscope.toml" in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('syslog = "ici:5514"', "syslog must be an address and a port"),
        ('bulk = "0.0.0.0:9200"', "beyond 127.0.0.1 it needs [tls]"),
        ('syslog_tls = "0.0.0.0:6514"', "syslog_tls needs [tls]"),
        ('syslog_clients = "ca.pem"', "syslog_tls, which is not set"),
    ],
)
def test_doors_for_logs_that_promise_what_is_not_there_are_refused(tmp_path: Path, settings: str, said: str) -> None:
    (tmp_path / "negatoscope.toml").write_text(settings)
    with pytest.raises(ConfigError) as refused:
        load(tmp_path)
    assert said in str(refused.value)


def test_doors_for_logs_are_named_and_shut_by_default(tmp_path: Path) -> None:
    assert not load(tmp_path).hears
    (tmp_path / "negatoscope.toml").write_text(
        'syslog = "[::]:5514"\nsyslog_tls = "10.0.0.2:6514"\nsyslog_clients = "ca.pem"\nbulk = "10.0.0.2:9200"\n'
        '[tls]\ncertificate = "a.pem"\nkey = "a.pem"\n'
    )
    told = load(tmp_path)
    assert told.hears
    assert (told.syslog_door, told.syslog_tls_door, told.bulk_door) == (
        ("::", 5514), ("10.0.0.2", 6514), ("10.0.0.2", 9200),
    )  # fmt: skip
    assert told.syslog_clients == tmp_path / "ca.pem"
