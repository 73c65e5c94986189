"""Coverage floors (house §6): branch coverage by room, printed, and a failure below the floor."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

FLOORS = {"model": 100.0, "register": 100.0, "judge": 100.0, "respond/duty": 100.0}
"""By room, or by a file of one that stands apart."""
ELSEWHERE = 85.0


def main() -> int:
    """Print a line a room; return 1 if one is below its floor."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)], check=True)
        files = json.loads(report.read_text())["files"]
    rooms: dict[str, list[dict[str, float]]] = {}
    for name, file in files.items():
        parts = Path(name).parts
        inside = parts[parts.index("negatoscope") + 1 :] if "negatoscope" in parts else ("",)
        own = "/".join(inside).removesuffix(".py")
        room = own if own in FLOORS else inside[0].removesuffix(".py")
        rooms.setdefault(room, []).append(file["summary"])
    low = False
    for room, summaries in sorted(rooms.items()):
        total = sum(item["num_statements"] + item["num_branches"] for item in summaries)
        hit = sum(item["covered_lines"] + item["covered_branches"] for item in summaries)
        percent = 100.0 * hit / total if total else 100.0
        floor = FLOORS.get(room, ELSEWHERE)
        below = percent < floor
        low |= below
        sys.stdout.write(f"{room:<12} {percent:6.2f} %  (floor {floor:.0f} %){'  TOO LOW' if below else ''}\n")
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
