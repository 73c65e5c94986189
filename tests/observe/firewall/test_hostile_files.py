"""Files that somebody prepared: none holds the console up, and none leaves a secret in it."""

import time

import pytest

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.model.gateways import FilterRule, RemoteAccess, RuleBase
from negatoscope.observe.collector import Sort, Unreadable
from negatoscope.observe.firewall.lines import Members
from tests.observe.firewall.test_readers import BY_NAME, SECRETS, data_of, read


def lines(name: str, data: bytes) -> tuple[FilterRule, ...]:
    base = next(item for item in read(name, data) if isinstance(item, RuleBase))
    return (base.chains or ())[0].rules


SORTS = {sort.name: sort for one in COLLECTORS.values() for sort in one.sorts}
SIZE = 60_000
SECONDS = 1.5
"""Of our own work: what grows with the square of a file takes far longer at this size."""
PATTERNS = (
    b"\n", b" \n", b"\t", b"a", b'"', b'"\n', b"{", b"[", b"<", b"<!", b"/*", b"#", b": ", b"a=b\n", b"<ca>\n",
    b"<key>a",
    b"config system snmp community\n", b'set key "\\"\n', b"-----BEGIN PRIVATE KEY-----\n", b"conn a\n", b"secret\n",
    b"<system>", b"[Interface]\n[Peer]\n", b"redirect ", b"a,b\rc", b"lease 1.2.3.4 {\n", b"\\",
)  # fmt: skip
SPELLED = (
    "<authserver><ldap_bindpw>{0}</ldap_bindpw></authserver>",
    "<hasync><password><![CDATA[{0}]]></password></hasync>",
    "<openvpn><openvpn-server><tls><![CDATA[{0}]]></tls><auth_pass >{0}</auth_pass ></openvpn-server></openvpn>",
    "<openvpn><openvpn-server><custom_options>secret {0}</custom_options></openvpn-server></openvpn>",
    "<snmpd><trapstring>{0}</trapstring></snmpd>",
    "<sshdata><sshkeyfile><xmldata>{0}</xmldata></sshkeyfile></sshdata>",
    "<notifications><telegram><api>{0}</api></telegram></notifications>",
    "<ipsec><phase1><pkcs11pin>{0}</pkcs11pin><pre-shared-key kind='a'>{0}</pre-shared-key></phase1></ipsec>",
    "<pppoes><pppoe><username>anna:{0}:</username></pppoe></pppoes>",
    "<installedpackages><acme><item><dns_ovhovh_as>{0}</dns_ovhovh_as></item></acme></installedpackages>",
    "<system><user><bcrypt-hash>{0}</bcrypt-hash></user><!-- {0} --></system>",
    "<filter><rule note='{0}'/></filter>",
)


@pytest.mark.parametrize("name", ["pfsense", "opnsense"])
@pytest.mark.parametrize("spelled", SPELLED)
def test_a_secret_is_taken_out_wherever_a_package_writes_it(name: str, spelled: str) -> None:
    data = data_of(name).replace(f"</{name}>".encode(), f"{spelled.format('s3cr3t')}</{name}>".encode())
    kept = BY_NAME[name].scrub(data)
    assert b"s3cr3t" not in kept
    assert list(BY_NAME[name].read(kept, "host/fw"))
    assert not [secret for secret in SECRETS if secret in kept]


def test_a_file_that_is_no_xml_is_not_kept() -> None:
    assert BY_NAME["pfsense"].scrub(b"<pfsense><system><password>s3cr3t</password>") == b""


def test_keys_of_openvpn_that_are_indented_are_taken_out() -> None:
    data = (
        b"server 10.0.0.0 255.0.0.0\nport 1194\n  <tls-auth>\n  s3cr3t\n  </tls-auth>\n<http-proxy-user-pass>\ns3cr3t\n"
    )
    assert b"s3cr3t" not in BY_NAME["openvpn"].scrub(data)
    assert list(BY_NAME["openvpn"].read(BY_NAME["openvpn"].scrub(data), "host/fw"))


def test_a_community_after_a_block_of_its_own_is_taken_out() -> None:
    told = (
        b'config system snmp community\n edit 1\n  set name "s3cr3t"\n'
        b"  config hosts\n   edit 1\n   next\n  end\n next\n"
        b' edit 2\n  set name "s3cr3t"\n next\nend\nconfig firewall policy\n edit 1\n  set name "scanner"\n next\nend\n'
    )
    kept = BY_NAME["fortigate"].scrub(told)
    assert b"s3cr3t" not in kept
    assert b"scanner" in kept


def test_a_broken_digest_of_ipsec_is_not_taken_for_a_secret() -> None:
    """Emptied with the secrets, MD5 would never be seen (R31)."""
    phase = (
        b"<ipsec><phase1><mobile/><descr>nomades</descr><authentication_method>cert</authentication_method><encryption>"
        b"<item><encryption-algorithm><name>aes</name><keylen>256</keylen></encryption-algorithm>"
        b"<hash-algorithm>md5</hash-algorithm><dhgroup>14</dhgroup></item></encryption></phase1></ipsec></pfsense>"
    )
    data = data_of("pfsense").replace(b"</pfsense>", phase)
    (found,) = [one for one in read("pfsense", data) if isinstance(one, RemoteAccess) and one.name == "nomades"]
    assert found.weak


def worked(sort: Sort, data: bytes) -> None:
    """All that an import does with a file."""
    try:
        if sort.recognises(data):
            list(sort.read(sort.scrub(data), "host/a"))
        sort.scrub(data)
    except Unreadable:
        return


@pytest.mark.parametrize("name", sorted(SORTS))
def test_no_reader_takes_longer_than_its_file_is_long(name: str) -> None:
    for pattern in PATTERNS:
        data = pattern * (SIZE // len(pattern))
        began = time.process_time()
        worked(SORTS[name], data)
        assert time.process_time() - began < SECONDS, pattern


POLICY = (
    "config firewall policy\nedit 1\nset srcaddr g8\nset dstaddr all\nset service s8\nset action accept\nnext\nend\n"
)


def test_groups_within_groups_are_taken_apart_once() -> None:
    """Eight levels that each name the one below sixty times: a few lines, and more addresses than any memory holds."""
    levels = {kind: "".join(f"edit {kind}{n}\nset member {f'{kind}{n - 1} ' * 60}\nnext\n" for n in range(1, 9))
              for kind in "gs"}  # fmt: skip
    told = (
        "#config-version=FGT-1\nconfig firewall address\nedit g0\nset subnet 10.0.0.1 255.255.255.255\nnext\nend\n"
        "config firewall service custom\nedit s0\nset tcp-portrange 443\nnext\nend\n"
        f"config firewall addrgrp\n{levels['g']}end\nconfig firewall service group\n{levels['s']}end\n{POLICY}"
    )
    told_ports = [one.match.target_ports for one in lines("fortigate", told.encode())]
    assert told_ports == [((443, 443),), None]
    rule = "<filter><rule><type>pass</type><source><address>g7</address></source></rule></filter>"
    aliases = "".join(
        f"<alias><name>g{n}</name><type>host</type><address>{f'g{n - 1} ' * 60 if n else '10.0.0.1'}</address></alias>"
        for n in range(8)
    )
    assert lines("pfsense", f"<pfsense><aliases>{aliases}</aliases>{rule}</pfsense>".encode())[0].match.unread is None


def test_more_than_any_device_holds_is_not_read() -> None:
    with pytest.raises(Unreadable, match="too_many_members"):
        Members(left=99).of("g", lambda one: list(map(str, range(100))) if one == "g" else None, lambda one: [one])
    with pytest.raises(Unreadable, match="too_many_rules"):
        read("pfsense", f"<pfsense><filter>{'<rule/>' * 50_001}</filter></pfsense>".encode())
