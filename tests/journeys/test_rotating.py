"""Keys in the hands of several processes at once, and a key that is gone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.journeys.conftest import Run


def test_rotations_at_the_same_time_follow_one_another(negatoscope: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "export.jsonl")
    assert negatoscope("ledger", "export", file).returncode == 0
    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(lambda _: negatoscope("ledger", "rotate"), range(4)))
    assert [done.returncode for done in ran] == [0] * 4, [done.stderr for done in ran]
    assert negatoscope("ledger", "export", file).returncode == 0
    for done in ran:
        for key in done.stdout.split()[::2]:
            verified = negatoscope("ledger", "verify", file, "--key", key)
            assert verified.returncode == 0, verified.stdout


def test_a_lost_key_is_named_with_its_remedy(negatoscope: Run, data: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "export.jsonl")
    assert negatoscope("ledger", "export", file).returncode == 0
    (key,) = data.rglob("ledger.pem")
    key.unlink()
    refused = negatoscope("ledger", "export", file)
    assert refused.returncode == 1
    assert str(key) in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not key.exists()
