"""Log-ins that collectors borrow: sealed, bound to their name, and written nowhere in clear."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from tests.nowhere import nowhere

from negatoscope.flows import credentials
from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.credentials import CredentialRefused
from negatoscope.flows.observing import Order, observe
from negatoscope.kit.sealing import Unsealable, seal, unseal
from negatoscope.observe import catalogue
from negatoscope.observe.collector import Collector, Login, Look, Unreachable
from negatoscope.store.models import CredentialRow, LedgerRow

WHO = "user:amelie"
SECRET = "Zq-un-secret-jamais-écrit-8731"


@pytest.fixture
def held(console: Console) -> Console:
    credentials.add(console, WHO, "annuaire", Login("lecture@cabinet.lan", SECRET))
    return console


def kinds() -> list[str]:
    return list(LedgerRow.objects.order_by("sequence").values_list("kind", flat=True))


def test_a_log_in_comes_back_as_it_was_kept(held: Console) -> None:
    assert credentials.opened(held, "annuaire") == Login("lecture@cabinet.lan", SECRET)
    row = CredentialRow.objects.get()
    assert (row.kind, row.username, row.created_by, row.used_at) == ("password", "lecture@cabinet.lan", WHO, None)


def test_every_act_on_a_log_in_is_in_the_ledger(held: Console) -> None:
    credentials.replace(held, WHO, "annuaire", Login("lecture", "autre-secret"))
    assert credentials.try_out(held, WHO, "annuaire")
    assert credentials.rotate(held, WHO) == 1
    credentials.remove(held, WHO, "annuaire")
    expected = ["added", "replaced", "tried", "removed"]
    assert [kind for kind in kinds() if kind.startswith("credential_")] == [f"credential_{act}" for act in expected]
    assert "credentials_sealed_anew" in kinds()


def test_what_cannot_be_used_is_refused_with_its_reason(held: Console) -> None:
    bad: dict[str, Login] = {
        "empty": Login("", "x"),
        "too_long": Login("a", "x" * 30_000),
        "not_a_key": Login("a", None, "-----BEGIN OPENSSH PRIVATE KEY-----\nnothing"),
    }
    for code, login in bad.items():
        with pytest.raises(CredentialRefused, match=code):
            credentials.add(held, WHO, "autre", login)
    with pytest.raises(CredentialRefused, match="name_taken"):
        credentials.add(held, WHO, "annuaire", Login("a", "b"))
    for act in (credentials.remove, credentials.try_out):
        with pytest.raises(CredentialRefused, match="unknown"):
            act(held, WHO, "inconnu")
    with pytest.raises(CredentialRefused, match="unknown"):
        credentials.replace(held, WHO, "inconnu", Login("a", "b"))


def test_a_key_made_here_shows_its_public_half_only(console: Console) -> None:
    credentials.add(console, WHO, "serveurs", credentials.made_here("negatoscope"))
    public = credentials.public_line(credentials.opened(console, "serveurs"))
    assert public
    assert public.startswith("ssh-ed25519 ")
    assert CredentialRow.objects.get().kind == "private_key"


def test_a_key_protected_by_a_phrase_is_taken_with_it(console: Console) -> None:
    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"phrase")).decode()
    credentials.add(console, WHO, "serveurs", Login("negatoscope", "phrase", pem))
    with pytest.raises(CredentialRefused, match="not_a_key"):
        credentials.add(console, WHO, "autres", Login("negatoscope", "fausse", pem))


def test_a_sealed_log_in_moved_or_altered_does_not_open(held: Console) -> None:
    row = CredentialRow.objects.get()
    CredentialRow.objects.update(name="autre")
    with pytest.raises(Unsealable):
        credentials.opened(held, "autre")
    assert not credentials.try_out(held, WHO, "autre")
    altered = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
    CredentialRow.objects.update(name="annuaire", sealed=altered)
    with pytest.raises(Unsealable):
        credentials.opened(held, "annuaire")
    with pytest.raises(Unsealable):
        unseal([os.urandom(32)], seal(os.urandom(32), b"x", b""), b"")


def test_a_lost_key_is_said_and_never_replaced_while_anything_is_sealed(held: Console) -> None:
    file = credentials.seals(held).file
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    for act in (lambda: credentials.opened(held, "annuaire"), lambda: credentials.rotate(held, WHO)):
        with pytest.raises(KeyLost, match=r"credentials\.key"):
            act()
    with pytest.raises(KeyLost):
        credentials.add(held, WHO, "autre", Login("a", "b"))
    assert not file.exists()
    assert not credentials.try_out(held, WHO, "annuaire")
    credentials.remove(held, WHO, "annuaire")
    credentials.add(held, WHO, "annuaire", Login("a", "b"))
    assert file.exists()


def test_a_rotation_cut_short_loses_nothing(held: Console) -> None:
    ring = credentials.seals(held)
    before = ring.ring()
    ring.renew()
    assert ring.ring()[1:] == before
    assert credentials.opened(held, "annuaire").password == SECRET
    credentials.add(held, WHO, "autre", Login("a", "b"))
    assert credentials.rotate(held, WHO) == 2
    assert len(ring.ring()) == 1
    assert ring.ring()[0] not in before
    assert credentials.opened(held, "annuaire").password == SECRET
    assert credentials.opened(held, "autre").password == "b"


def _borrow(_settings: object, target: str, look: Look) -> None:
    """A collector that lets slip what it holds, as far as a ``Login`` allows."""
    login = look.login(target)
    assert login.password == SECRET
    look.write(f"{login!r}".encode())
    raise Unreachable("login_refused", credential=target, who=repr(login))


BORROWING = Collector("borrowing", type(catalogue.COLLECTORS[0].settings()), _borrow, lambda _stream: iter(()))


def test_a_look_borrows_a_log_in_and_no_byte_of_the_secret_stays_anywhere(
    held: Console, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    from negatoscope.flows.catalogue import COLLECTORS  # noqa: PLC0415 -- after Django's set-up

    monkeypatch.setitem(COLLECTORS, "borrowing", BORROWING)
    outcome = observe(held, Order("borrowing", "annuaire", WHO))
    assert outcome.blocking
    assert outcome.blocking.why == "login_refused"
    assert CredentialRow.objects.get().used_at is not None
    assert SECRET not in caplog.text
    nowhere(SECRET, tmp_path)


def test_a_look_without_its_log_in_is_a_gap_that_says_which(held: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    from negatoscope.flows.catalogue import COLLECTORS  # noqa: PLC0415 -- after Django's set-up

    monkeypatch.setitem(COLLECTORS, "borrowing", BORROWING)
    gap = observe(held, Order("borrowing", "inconnu", WHO)).blocking
    assert gap
    assert (gap.why, gap.values["credential"]) == ("credential_unknown", "inconnu")
    credentials.seals(held).file.unlink()
    gap = observe(held, Order("borrowing", "annuaire", WHO)).blocking
    assert gap
    assert gap.why == "credential_sealed"
