"""IPsec of strongSwan: ``ipsec.conf`` and ``swanctl.conf``; connections that anybody may begin are remote accesses."""

import re
from collections.abc import Iterator, Mapping

from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import RemoteAccess, Tunnel
from negatoscope.observe.firewall.ciphers import weak

_CONN = re.compile(r"^conn[ \t]+(\S+)", re.MULTILINE)
_ANY = frozenset({"%any", "%any4", "%any6", "0.0.0.0/0", "any", ""})
SECRET = re.compile(
    r"(?im)((?:^|[\s{;])(?:secret|psk|pin|password)\s*=\s*|^[^\n#]*:\s*(?:PSK|XAUTH|EAP|RSA|PIN)\s+)"
    r"(?:\"[^\"\n]*\"|[^\s}]+)"
)


def recognises(text: str) -> bool:
    """Connections in either of its languages."""
    old = _CONN.search(text) and re.search(r"(?m)^[ \t]+(?:left|right|keyexchange|ike|auto)\w*[ \t]*=", text)
    return bool(old or re.search(r"(?m)^[ \t]*connections\s*\{", text))


def accesses(text: str, host: Ref) -> Iterator[RemoteAccess]:
    """One for each connection open to anybody."""
    for name, told in (*_old(text), *_new(text)):
        if told.get("from", "") in _ANY:
            yield _access(host, name, told)


def _access(host: Ref, name: str, told: Mapping[str, str]) -> RemoteAccess:
    asked = told.get("auth", "")
    keyed = asked in {"pubkey", "eap-tls", "eap-ttls", "rsasig", "ecdsasig"} or asked.startswith(("rsa", "ecdsa"))
    known = bool(asked)
    proposals = [part for part in told.get("proposals", "").replace("!", "").split(",") if part.strip() != "default"]
    return RemoteAccess(
        host, name, Tunnel.IPSEC,
        certificates=keyed if known else None,
        second_factor=bool(told.get("auth2")) if known else None,
        shared_secret=asked in {"psk", "secret"} if known else None,
        known_devices=keyed if known else None,
        weak=weak(proposals) if told.get("proposals") else None,
    )  # fmt: skip


def _old(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    marks = list(_CONN.finditer(text))
    default: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        body = text[mark.end() : following.start() if following else len(text)]
        said = re.findall(r"(?m)^[ \t]+(\w+)[ \t]*=([^#\n]*)", body)
        settings = default | {name: value.strip() for name, value in said}
        if mark[1] == "%default":
            default = settings
            continue
        yield (
            mark[1],
            {
                "from": settings.get("right", "%any"),
                "auth": settings.get("rightauth") or settings.get("authby", "pubkey"),
                "auth2": settings.get("rightauth2", ""),
                "proposals": ",".join(filter(None, (settings.get("ike"), settings.get("esp")))),
            },
        )


_TOKEN = re.compile(r"#[^\n]*|(?<![\w.%-])([\w.%-]++)\s*+\{|(\})|(?<![\w.-])([\w.-]++)[ \t]*+=[ \t]*([^#\n}]*)")


def _new(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Paths of settings by connection: ``connections.NAME.remote.auth``."""
    path: list[str] = []
    told: dict[str, dict[str, str]] = {}
    for opened, closed, key, value in _TOKEN.findall(text):
        if opened:
            path.append(opened)
        elif closed and path:
            path.pop()
        elif key and path[:1] == ["connections"] and len(path) > 1:
            told.setdefault(path[1], {})[".".join([*path[2:], key])] = value.strip()
    for name, settings in told.items():
        remotes = sorted(where for where in settings if re.match(r"remote[\w-]*\.auth$", where))
        esp = [value for where, value in settings.items() if where.endswith("esp_proposals")]
        yield (
            name,
            {
                "from": settings.get("remote_addrs", "%any"),
                "auth": settings[remotes[0]] if remotes else "pubkey",
                "auth2": settings[remotes[1]] if len(remotes) > 1 else "",
                "proposals": ",".join([settings.get("proposals", ""), *esp]).strip(","),
            },
        )
