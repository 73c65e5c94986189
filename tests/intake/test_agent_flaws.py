"""The real, unmodified agent on two machines: each planted flaw is told by its post, and none is invented."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Sweep
from negatoscope.observe.inventory.read import read
from tests.flaws import doubted, found, listed, settle
from tests.intake.agents import Machine, posted
from tests.judge.memory import World, of
from tests.observe.lab import Lab, lab, sh

pytestmark = [pytest.mark.root, pytest.mark.server]
FLAWS = Path(__file__).with_name("agent.toml")
AGENT = "fusioninventory-agent"
CONTROL = (
    "Package: {name}\nVersion: 6.3.2\nArchitecture: all\nMaintainer: Essai <essai@example.org>\nDescription: essai\n"
)


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    with lab() as made:
        yield made


def known(post: bytes) -> World:
    return of([*read(io.BytesIO(post)), Sweep("Host"), Sweep("Person")], utc_now())


def package(folder: Path, name: str) -> Path:
    """A package of this name, with nothing in it."""
    (folder / name / "DEBIAN").mkdir(parents=True)
    (folder / name / "DEBIAN/control").write_text(CONTROL.format(name=name))
    sh("dpkg-deb", "--build", str(folder / name), str(folder / f"{name}.deb"))
    return folder / f"{name}.deb"


def test_each_planted_flaw_is_found_and_none_is_invented(
    network: Lab, tmp_path_factory: pytest.TempPathFactory, record_property: Callable[[str, object], None]
) -> None:
    sound, flawed = tmp_path_factory.mktemp("sound"), tmp_path_factory.mktemp("flawed")
    script = (
        "useradd -M -s /bin/sh radio1; useradd -M -s /bin/sh invite; usermod -aG sudo radio1; "
        f"useradd -M -o -u 0 -s /bin/sh depannage; dpkg -i {package(flawed, 'anydesk')}"
    )
    before, after = (
        known(posted(network, Machine("10.77.0.10"), sound)),
        known(posted(network, Machine("10.77.0.11"), flawed, script)),
    )
    now = utc_now()
    settle(f"{AGENT}: found", listed(FLAWS), found(after, now) - found(before, now), record_property)
    unsettled = listed(FLAWS, "doubted")
    asked = {flaw.control for flaw in unsettled}
    new = {flaw for flaw in doubted(after, now) - doubted(before, now) if flaw.control in asked}
    settle(f"{AGENT}: doubted, for it cannot tell", unsettled, new, record_property)
