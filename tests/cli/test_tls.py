"""``negatoscope tls``: a console of its own certificate, that its agents can check."""

import ssl
from pathlib import Path

import pytest

from negatoscope.config import Config, Tls, load
from negatoscope.flows.encrypting import NotEncrypted, authority, encrypt
from negatoscope.kit.authority import certify
from negatoscope.kit.clock import utc_now

NOW = utc_now()


def test_the_settings_that_it_writes_are_read_and_its_authority_opens_it(tmp_path: Path) -> None:
    (tmp_path / "negatoscope.toml").write_text("port = 8443\n")
    _, made = encrypt(load(tmp_path), ("console.cabinet.lan", "192.168.1.20"), NOW)
    config = load(tmp_path)
    assert (config.host, config.port, config.names) == ("0.0.0.0", 8443, ("console.cabinet.lan", "192.168.1.20"))
    assert config.tls is not None
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    server.load_cert_chain(config.tls.certificate, config.tls.key)
    client.load_verify_locations(cadata=authority(config))
    assert config.tls.key.stat().st_mode & 0o077 == 0
    for name in config.names:
        assert _meet(server, client, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        _meet(server, client, "ailleurs.lan")
    assert len(made.fingerprint) == 32 * 3 - 1


def _meet(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bool:
    """Shake hands in memory."""
    down, up = ssl.MemoryBIO(), ssl.MemoryBIO()
    end = client.wrap_bio(down, up, server_hostname=name)
    there = server.wrap_bio(up, down, server_side=True)
    for _ in range(5):
        for one in (end, there):
            try:
                one.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return end.version() is not None


@pytest.mark.parametrize("name", ["", "deux mots", "a/b", "-tiret"])
def test_what_is_no_name_is_refused_and_changes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotEncrypted, match="not_a_name"):
        encrypt(Config(data=tmp_path), (name,), NOW)
    assert not list(tmp_path.iterdir())


def test_a_console_that_is_set_already_is_left_alone(tmp_path: Path) -> None:
    own = Config(data=tmp_path, tls=Tls(tmp_path / "c.pem", tmp_path / "k.pem"))
    with pytest.raises(NotEncrypted, match="tls_set"):
        encrypt(own, ("console",), NOW)
    assert authority(own) is None
    (tmp_path / "negatoscope.toml").write_text('names = ["x"]\n')
    with pytest.raises(NotEncrypted, match="listens"):
        encrypt(Config(data=tmp_path), ("console",), NOW)


def test_two_certificates_share_nothing() -> None:
    assert certify(("a",), NOW).key != certify(("a",), NOW).key
