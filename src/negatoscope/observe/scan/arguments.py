"""The argument lists nmap is started with. None may ever start a script: scripts read patients' data, or disturb."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

ALL_PORTS = "1-65535"

PATIENT_SCRIPTS = frozenset(
    {"dicom-brute", "dicom-ping", "dicom-cfind-ls", "dicom-cfind", "dicom-cmove", "dicom-enum"}
    | {"hl7-info", "fhir-enum"}
)
"""Scripts that log on to, query or read imaging and medical-record systems."""
INTRUSIVE_CATEGORIES = frozenset(
    {"auth", "broadcast", "brute", "default", "discovery", "dos", "exploit", "external", "fuzzer"}
    | {"intrusive", "malware", "vuln"}
)
"""Every category of nmap's own with a script that may disturb a device, log on, or send data outside."""
_SCRIPTED = re.compile(r"^--?(?i:sc)|^-s[A-Za-z]*C|^-[46dFfhInqRrVv?]*A|^--?aggr", re.ASCII)
"""``-sC`` in any cluster, ``--script…`` in any abbreviation, ``-A``; ``--scanflags`` falls with them."""
_PORTS = re.compile(r"^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$")


UP_BY_CONNECTING = ("-PS21,22,23,25,80,104,135,139,443,445,515,631,2575,2761,2762,3389,4242,5900,8080,8443,9100,11112",)
"""The ports of which one at least answers, open or closed, on most of what a practice owns."""
UP = (
    *UP_BY_CONNECTING,
    "-PE",
    "-PP",
    "-PA80,443,3389",
    "-PU53,137,161",
)
"""How a host beyond a router is asked whether it is up; on the same link nmap asks by ARP, which none can refuse."""
CLINICAL_PORTS = frozenset({104, 2575, 2761, 4242, 11112})
"""DICOM and HL7 in clear: whatever listens there may be a modality that nobody has classed yet. Seen open, never spoken
to: the second pass leaves them out."""
IMAGING_PORTS = CLINICAL_PORTS | {2762}
"""And DICOM in TLS: a host that opens one of these is taken for a modality until somebody classes it."""
MAX_ADDRESSES = 65_536
MAX_PORT = 65_535


class Refused(ValueError):  # noqa: N818 -- what it is
    """An argument list that could start a script, or harm. The message is the argument."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, and how long at most on one host."""

    packets_per_second: int
    host_minutes: int
    connect: bool
    """Connect scan: all that can be done without root."""


def refuse_scripts(arguments: Iterable[str]) -> None:
    """Raise Refused for any argument that starts a script, by option, by category or by name."""
    for argument in arguments:
        word = argument.strip()
        if _SCRIPTED.match(word):
            raise Refused(argument)
        names = set(re.split(r"[\s,=]+", word.lower()))
        if names & PATIENT_SCRIPTS or names & INTRUSIVE_CATEGORIES or ".nse" in word.lower():
            raise Refused(argument)


def ports(said: str) -> str:
    """TCP ports as nmap takes them. Raises Refused."""
    word = said.replace(" ", "")
    if not _PORTS.match(word):
        raise Refused(said)
    for part in word.split(","):
        low, _, high = part.partition("-")
        if not 1 <= int(low) <= int(high or low) <= MAX_PORT:
            raise Refused(said)
    return word


def discovery(target: str, spared: Sequence[str], wanted: str, pace: Pace) -> list[str]:
    """First pass: which hosts are up, which TCP ports are open."""
    method = "-sT" if pace.connect else "-sS"
    asked = UP_BY_CONNECTING if pace.connect else UP
    return _list([method, *asked, "-p", ports(wanted)], [target], spared, pace)


def versions(hosts: Sequence[str], open_ports: Iterable[int], spared: Sequence[str], pace: Pace) -> list[str]:
    """Second pass: what answers, on the open ports of these hosts only. They are known to be up."""
    method = "-sT" if pace.connect else "-sS"
    wanted = ports(",".join(str(port) for port in sorted(open_ports)))
    return _list([method, "-sV", "--version-light", "-Pn", "-p", wanted], list(hosts), spared, pace)


def _list(what: list[str], targets: list[str], spared: Sequence[str], pace: Pace) -> list[str]:
    rate = max(1, pace.packets_per_second)
    arguments = [
        *what,
        "-n",
        "--min-rate",
        str(max(1, rate // 2)),
        "--max-rate",
        str(rate),
        "--max-retries",
        "2",
        "--host-timeout",
        f"{max(1, pace.host_minutes)}m",
        "--stats-every",
        "5s",
        "-oX",
        "-",
    ]
    if any(network(target).version == 6 for target in targets):  # noqa: PLR2004 -- IPv6
        arguments.append("-6")
    if spared:
        arguments += ["--exclude", ",".join(str(ip_address(address)) for address in spared)]
    arguments += [str(network(target)) for target in targets]
    refuse_scripts(arguments)
    return arguments


def apart(arguments: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """What may stand in the list of processes, then what goes by files: whom to ask, whom to leave alone."""
    plain, spared, targets = list(arguments), list[str](), list[str]()
    while plain and "/" in plain[-1]:
        targets.insert(0, plain.pop())
    if "--exclude" in plain:
        place = plain.index("--exclude")
        spared = plain[place + 1].split(",")
        del plain[place : place + 2]
    return plain, targets, spared


def network(target: str) -> IPv4Network | IPv6Network:
    """An address or CIDR, and nothing else: no name, no range, no option. Raises Refused."""
    try:
        return ip_network(target.strip(), strict=False)
    except ValueError as error:
        raise Refused(target) from error


def inside(inner: str, outer: str) -> bool:
    """Whether an address or network lies wholly inside another. Raises Refused."""
    small, large = network(inner), network(outer)
    return (
        small.version == large.version
        and int(large.network_address) <= int(small.network_address)
        and int(small.broadcast_address) <= int(large.broadcast_address)
    )


def declares(declared: Iterable[str], target: str) -> bool:
    """Whether a target lies wholly inside one declared network. Raises Refused."""
    return any(inside(target, known) for known in declared)
