"""Flaws of Wi-Fi, and of mail that is sent on to private mailboxes."""

from typing import ClassVar, Literal

import msgspec
from msgspec import Struct

from negatoscope.model.zones import ZoneKind
from tests.lab.description import Wifi, Wrong
from tests.lab.mailing import DOMAIN
from tests.lab.plan import ANY, Plan, Truth


class _OfRadio(Struct, frozen=True, forbid_unknown_fields=True):
    """A flaw of one radio network of the description."""

    ssid: str

    def network(self, plan: Plan) -> Wifi:
        found = [plan.radio.get(one.ssid, one) for one in plan.lab.wifi if one.ssid == self.ssid]
        if not found:
            raise Wrong(f"no Wi-Fi '{self.ssid}' ({', '.join(one.ssid for one in plan.lab.wifi)})")
        return found[0]


class WeakWifi(_OfRadio, frozen=True, forbid_unknown_fields=True):
    """A radio network that is open, or whose encryption is broken."""

    CONTROLS: ClassVar = ("R22.3",)

    security: Literal["open", "wep", "wpa"]

    def plant(self, plan: Plan) -> None:
        plan.radio[self.ssid] = msgspec.structs.replace(self.network(plan), security=self.security)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R22.3", self.network(plan).ref, "weak")})


class WifiAmongWired(_OfRadio, frozen=True, forbid_unknown_fields=True):
    """A radio network leads into a segment where computers stand by wire."""

    CONTROLS: ClassVar = ("R22.2",)

    segment: str

    def plant(self, plan: Plan) -> None:
        plan.lab.named_segment(self.segment)
        wired = [one for one in plan.lab.hosts if one.segment == self.segment]
        if not wired or plan.lab.segment(self.segment).kind in {ZoneKind.GUEST, ZoneKind.PUBLIC, ZoneKind.INTERNET}:
            raise Wrong(f"'{self.segment}' is for visitors, or nobody stands there by wire")
        plan.radio[self.ssid] = msgspec.structs.replace(self.network(plan), segment=self.segment)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R22.2", self.network(plan).ref)})


class UnlistedPoint(Struct, frozen=True, forbid_unknown_fields=True):
    """An access point that no list names."""

    CONTROLS: ClassVar = ("R22.1",)

    point: str

    def plant(self, plan: Plan) -> None:
        if not any(one.point == self.point for one in plan.lab.wifi):
            raise Wrong(f"no Wi-Fi of '{self.point}'")
        plan.unlisted.add(self.point)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R22.1", ANY, "point_unlisted", frozenset({("host", f"host/{self.point}")}))})


def _add(files: dict[str, str], name: str, line: str) -> None:
    files[name] = files.get(name, "") + line


class MailSentOn(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mail server, or the mailbox's own settings, send it on to a private provider."""

    CONTROLS: ClassVar = ("R5.3",)

    host: str
    mailbox: str
    domain: Literal["gmail.com", "orange.fr", "free.fr", "hotmail.fr", "laposte.net"]
    by: Literal["aliases", "virtual", "forward", "sieve"] = "aliases"

    def plant(self, plan: Plan) -> None:
        plan.listening(self.host, "ssh")
        linux, to = plan.linux[self.host], f"quelquun@{self.domain}"
        match self.by:
            case "aliases":
                _add(linux.files, "aliases", f"{self.mailbox}: {to}\n")
            case "virtual":
                _add(linux.files, "postfix/virtual", f"{self.mailbox}@{DOMAIN} {to}\n")
            case "forward":
                _add(linux.homes, f"{self.mailbox}/.forward", f"{to}\n")
            case "sieve":
                _add(linux.homes, f"{self.mailbox}/.dovecot.sieve", f'redirect "{to}";\n')

    def truth(self, plan: Plan) -> frozenset[Truth]:
        mailbox = f"{self.mailbox}@{DOMAIN}" if self.by == "virtual" else self.mailbox
        means = "forward_file" if self.by == "forward" else self.by
        values = {"mailbox": mailbox, "domain": self.domain, "means": means}
        return frozenset({Truth("R5.3", ANY, "sent_on", frozenset(values.items()))})


KINDS = (WeakWifi, WifiAmongWired, UnlistedPoint, MailSentOn)
