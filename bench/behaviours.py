"""The five situations of rule 26 over a month of 500 persons: processor time, memory, what is kept, and growth.

``behaviours.py 20000000`` for so many events; without a number, half a million and two million. One process makes the
events, a day at a time, another looks at them: time and memory told are the other's alone.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

SIZES = (500_000, 2_000_000)
PEOPLE, DAYS, BATCH = 500, 30, 2_000
OTHERS, HOURS = 21.0, 7.3
"""What a person makes on a working day, on the whole: events that are no transfers, and hours with transfers."""
LENGTH = 4
"""Octets that say how long a batch is."""


def measure(events: int) -> dict[str, float]:
    """One size, in two processes of their own."""
    command = [sys.executable, __file__]
    with subprocess.Popen([*command, "make", str(events)], stdout=subprocess.PIPE) as making:
        done = subprocess.run([*command, "look"], check=True, stdin=making.stdout, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def practice(flows: int = 1) -> Any:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.watch.generated import Practice

    return Practice(people=PEOPLE, weeks=DAYS // 7 + 1, flows=flows)


def make(wanted: int) -> None:
    """Inside the first: write the events, batch by batch."""
    import msgspec

    days_worked = PEOPLE * DAYS * 5 / 7
    made = practice(max(round((wanted / days_worked - OTHERS) / HOURS), 1))
    from tests.watch.generated import FIRST, at

    until = at(FIRST + timedelta(days=DAYS), 0)
    stream = takewhile(lambda one: one.came < until, made.events())
    while part := list(islice(stream, BATCH)):
        data = msgspec.msgpack.encode(part)
        sys.stdout.buffer.write(len(data).to_bytes(LENGTH) + data)
    sys.stdout.buffer.flush()


def batches() -> Iterator[list[Any]]:
    import msgspec

    from negatoscope.model.event import Told

    decode = msgspec.msgpack.Decoder(list[Told]).decode
    while length := sys.stdin.buffer.read(LENGTH):
        yield decode(sys.stdin.buffer.read(int.from_bytes(length)))


def look() -> None:
    """Inside the second: take the events as the watch does, and time what looks at them alone."""
    known = practice().known()
    from negatoscope.watch.behaviours import five

    memory, settings = five.Memory(), five.Settings()
    seconds, count, cases, peaks = 0.0, 0, set(), list[int]()
    for part in batches():
        start = time.process_time()
        cases |= {found.case for found in five.look(part, memory, known, settings)}
        seconds += time.process_time() - start
        count += len(part)
        peaks.append(peak())
    start = time.process_time()
    kept = len(memory.kept())
    print(json.dumps({
        "events": count, "seconds": seconds, "cases": len(cases), "kept_kib": kept / 1024,
        "keep_ms": 1000 * (time.process_time() - start), "half_mib": peaks[len(peaks) // 2], "peak_mib": peak(),
    }))  # fmt: skip


def peak() -> int:
    """MiB of this process at its worst."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Print a row a size, then the growth."""
    sizes = tuple(int(one) for one in sys.argv[1:]) or SIZES
    print(f"{PEOPLE} persons, {DAYS} days; events are made elsewhere; memory half-way and at the end")
    print("   events     CPU s  µs/event  events/s  half MiB  peak MiB  kept KiB  to keep ms  cases")
    rows = [measure(one) for one in sizes]
    for row in rows:
        each = row["seconds"] / row["events"]
        print(
            f"{row['events']:9.0f} {row['seconds']:9.1f} {each * 1e6:9.1f} {1 / each:9.0f} {row['half_mib']:9.0f}"
            f" {row['peak_mib']:9.0f} {row['kept_kib']:9.0f} {row['keep_ms']:11.1f} {row['cases']:6.0f}"
        )
    if len(rows) > 1:
        more, longer = (rows[-1][one] / rows[0][one] for one in ("events", "seconds"))
        print(f"growth: {longer:.1f} times the time for {more:.1f} times the events")
    print("no peer measured: no program known tells these five from a register")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", events]:
            make(int(events))
        case ["look"]:
            look()
        case _:
            main()
