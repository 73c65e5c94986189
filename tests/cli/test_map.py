"""``negatoscope map``: the map goes to a file in each form; sealed, only for keys that somebody entered."""

from pathlib import Path

from tests.journeys.conftest import Run


def test_the_map_goes_to_a_file_by_its_name(negatoscope: Run, data: Path, tmp_path: Path) -> None:
    drawn, other = tmp_path / "carte.svg", tmp_path / "carte.txt"
    assert negatoscope("map", "export", str(drawn)).returncode == 0
    assert drawn.read_bytes().startswith(b"<svg")
    refused = negatoscope("map", "export", str(other))
    assert (refused.returncode, other.exists()) == (1, False)
    assert "--sealed" in refused.stderr
    sealed = negatoscope("map", "export", str(other), "--sealed")
    assert (sealed.returncode, other.exists()) == (1, False)
    assert sealed.stderr.strip()
    assert "Traceback" not in sealed.stderr
