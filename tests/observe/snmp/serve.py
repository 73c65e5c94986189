"""Run by snmpd (``pass_persist``, snmpd.conf(5)): answers for a tree of variables kept in a file of JSON."""

import json
import sys
from bisect import bisect_left, bisect_right
from pathlib import Path

KINDS = {2: "integer", 4: "octet", 6: "objectid", 64: "ipaddress", 66: "gauge"}


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text())
    rows = sorted((tuple(map(int, oid.split("."))), kind, value) for oid, (kind, value) in told.items())
    names = [row[0] for row in rows]
    while line := sys.stdin.readline().strip():
        if line == "PING":
            answer = "PONG"
        else:
            place = tuple(map(int, sys.stdin.readline().strip().strip(".").split(".")))
            at = bisect_left(names, place) if line == "get" else bisect_right(names, place)
            there = at < len(rows) and (line != "get" or names[at] == place)
            answer = (
                ".{}\n{}\n{}".format(".".join(map(str, names[at])), KINDS[rows[at][1]], rows[at][2])
                if there
                else "NONE"
            )
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


main()
