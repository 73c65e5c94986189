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
