"""The look of ``ssh``: through a bastion or straight, every probe, and who answered."""

from ipaddress import ip_address

from negatoscope.observe.collector import Look, Unreachable
from negatoscope.observe.linux.probes import PROBES
from negatoscope.observe.linux.sections import FORMAT, Header
from negatoscope.observe.linux.walk import walk
from negatoscope.observe.scan.arguments import Refused, declares
from negatoscope.observe.ssh.collector import Settings, place
from negatoscope.observe.ssh.eyes import Eyes
from negatoscope.observe.ssh.session import Door, opened


def capture(settings: Settings, target: str, look: Look) -> None:
    """Run every probe on the host at this address. Raises Unreachable."""
    doors = []
    if settings.bastion:
        name = settings.bastion_credential or settings.credential
        doors.append(_door(settings, settings.bastion, settings.bastion_port, look, name))
    doors.append(_door(settings, target, settings.port, look, settings.credential))

    def tick() -> None:
        look.step(0, len(PROBES))

    with opened(tuple(doors), tick) as session:
        eyes = Eyes(session)
        if not eyes.same_place():
            raise Unreachable("sftp_elsewhere")
        clock = eyes.first_line(("date", "+%s"))
        name = eyes.first_line(("hostname",))
        header = Header(FORMAT, eyes.root, name, int(clock) if clock.isdigit() else None)
        if not eyes.root:
            look.gap("Privilege", "sudo_missing")
        walk(look, header, eyes)


def _door(settings: Settings, address: str, port: int, look: Look, credential: str) -> Door:
    """A door inside the bounds, and what opens it. Raises Unreachable."""
    try:
        plain = str(ip_address(address.strip()))
        if not declares(settings.declared, plain):
            raise Unreachable("outside_declared_networks", target=plain)
    except (ValueError, Refused) as error:
        raise Unreachable("not_an_address", target=address) from error
    if plain in settings.spared:
        raise Unreachable("modality_without_consent", target=plain)
    return Door(plain, port, look.login(credential), dict(settings.host_keys).get(place(plain, port)))
