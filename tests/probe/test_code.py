from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.kit.authority import certify
from negatoscope.probe.code import Code, NotACode, draw, proof, typed, vouched

AT = datetime(2026, 11, 22, tzinfo=UTC)


def authority() -> x509.Certificate:
    return x509.load_pem_x509_certificate(certify(["console"], AT).authority)


OURS, OTHER = authority(), authority()


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_a_code_is_read_as_it_is_shown_and_as_it_is_said(secret: bytes, mark: bytes) -> None:
    code = Code(secret, mark)
    assert len(code.text) == 39
    said = code.text.lower().replace("-", " ").replace("o", "0").replace("i", "1").replace("b", "8")
    assert typed(code.text) == typed(f" {said} ") == code


def test_a_code_names_its_authority_and_no_other() -> None:
    code = draw(OURS)
    assert code.names(OURS)
    assert not code.names(OTHER)
    assert draw(OURS).secret != code.secret


@pytest.mark.parametrize("text", ["", "ABCD", "é" * 32, "A" * 31, "A" * 40, "A" * 31 + "9"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(NotACode):
        typed(text)


def test_a_code_is_not_shown_by_mistake() -> None:
    code = draw(OURS)
    assert repr(code) == "Code()"
    assert code.secret.hex() not in proof(code.secret)


def test_a_request_by_hand_is_vouched_for_by_its_secret() -> None:
    assert vouched(b"one", b"csr") == vouched(b"one", b"csr")
    assert len({vouched(b"one", b"csr"), vouched(b"two", b"csr"), vouched(b"one", b"CSR")}) == 3
