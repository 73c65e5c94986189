"""Judge 500 and 5,000 hosts, facts loaded from the store within the timing: seconds, peak memory, growth."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (500, 5000)


def measure(hosts: int) -> dict[str, float]:
    """One size, in a process of its own: peak memory is that of the judgement, not of the filling."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NEGATOSCOPE_DATA": folder}
        for act in ("fill", "judge"):
            command = [sys.executable, __file__, act, str(hosts)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))


def act(what: str, hosts: int) -> None:
    """Inside the child: open the console, then fill or judge."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    import django

    django.setup()
    from django.conf import settings
    from practice import NOW, fill

    from negatoscope.flows.opening import lay_out
    from negatoscope.flows.registering import StoredRegister
    from negatoscope.judge.catalogue import RULES
    from negatoscope.judge.judge import judge

    console = lay_out(settings.CONFIG, lambda: NOW)
    if what == "fill":
        fill(console.practice, console.site, hosts)
        return
    start = time.perf_counter()
    told = judge(StoredRegister(console.practice), RULES, NOW)
    seconds = time.perf_counter() - start
    findings = sum(len(control.findings) for result in told.rules for control in result.controls)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "findings": findings}))


def main() -> None:
    """Print a row a size, then the growth."""
    print("hosts  software  services  accounts   seconds   peak MiB   findings")
    rows = {}
    for hosts in SIZES:
        rows[hosts] = row = measure(hosts)
        print(
            f"{hosts:5d} {hosts * 200:9d} {hosts * 30:9d} {hosts * 10:9d} {row['seconds']:9.2f} {row['peak_mib']:10.0f}"
            f" {row['findings']:10.0f}"
        )
    small, large = (rows[size]["seconds"] for size in SIZES)
    print(f"growth: {large / small:.1f} times the time for {SIZES[1] // SIZES[0]} times the hosts")
    print("no peer measured: no program known judges these rules from a register")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    act(sys.argv[1], int(sys.argv[2])) if len(sys.argv) > 1 else main()
