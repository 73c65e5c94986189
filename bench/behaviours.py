"""The five situations of rule 26 over a month of 500 persons: processor time, memory, what is kept, and growth.

``behaviours.py 20000000`` for so many events; without a number, half a million and two million.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import timedelta
from itertools import islice, takewhile
from pathlib import Path

SIZES = (500_000, 2_000_000)
PEOPLE, DAYS, BATCH = 500, 30, 20_000
OTHERS, HOURS = 21.0, 7.3
"""What a person makes on a working day, on the whole: events that are no transfers, and hours with transfers."""


def measure(events: int) -> dict[str, float]:
    """One size, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "act", str(events)], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def act(wanted: int) -> None:
    """Inside the child: make the events in parts, and time what looks at them alone."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.watch.generated import FIRST, Practice, at

    from negatoscope.watch.behaviours import five

    days_worked = PEOPLE * DAYS * 5 / 7
    flows = max(round((wanted / days_worked - OTHERS) / HOURS), 1)
    practice = Practice(people=PEOPLE, weeks=DAYS // 7 + 1, flows=flows)
    known, memory, settings = practice.known(), five.Memory(), five.Settings()
    until = at(FIRST + timedelta(days=DAYS), 0)
    stream, seconds, count, cases = takewhile(lambda one: one.came < until, practice.events()), 0.0, 0, set()
    while part := list(islice(stream, BATCH)):
        start = time.process_time()
        cases |= {found.case for found in five.look(part, memory, known, settings)}
        seconds += time.process_time() - start
        count += len(part)
    start = time.process_time()
    kept = len(memory.kept())
    print(json.dumps({
        "events": count, "seconds": seconds, "cases": len(cases), "kept_kib": kept / 1024,
        "keep_ms": 1000 * (time.process_time() - start),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))  # fmt: skip


def main() -> None:
    """Print a row a size, then the growth."""
    sizes = tuple(int(one) for one in sys.argv[1:]) or SIZES
    print(f"{PEOPLE} persons, {DAYS} days; the making of events is not timed, but stands in the memory")
    print("   events     CPU s  µs/event  events/s  peak MiB  kept KiB  to keep ms  cases")
    rows = [measure(one) for one in sizes]
    for row in rows:
        each = row["seconds"] / row["events"]
        print(
            f"{row['events']:9.0f} {row['seconds']:9.1f} {each * 1e6:9.1f} {1 / each:9.0f} {row['peak_mib']:9.0f}"
            f" {row['kept_kib']:9.0f} {row['keep_ms']:11.1f} {row['cases']:6.0f}"
        )
    if len(rows) > 1:
        more, longer = (rows[-1][one] / rows[0][one] for one in ("events", "seconds"))
        print(f"growth: {longer:.1f} times the time for {more:.1f} times the events")
    print("no peer measured: no program known tells these five from a register")


if __name__ == "__main__":
    act(int(sys.argv[2])) if sys.argv[1:2] == ["act"] else main()
