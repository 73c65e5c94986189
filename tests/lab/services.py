"""What listens on a host in good health, by kind; what is wrong is never written here, but planted by a flaw."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from tests.lab.afar import TunnelName

POSTS_TO = 8443
"""Where the console hears inventory agents."""
Port = Annotated[int, Meta(ge=1, le=65534)]
Title = Annotated[str, Meta(min_length=1, max_length=16, pattern=r"\A[A-Z0-9_-]+\Z")]


class Https(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="https"):
    """A web application (nginx): TLS 1.2 and 1.3, a valid certificate."""

    port: Port = 443


class Dicom(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="dicom"):
    """A DICOM node in TLS, which answers the console alone, by its name. ``server``: ``orthanc`` or ``pynetdicom``."""

    port: Port = 2762
    title: Title = "NODE"
    server: Annotated[str, Meta(pattern=r"\A(orthanc|pynetdicom)\Z")] = "pynetdicom"


class Ssh(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ssh"):
    """A Linux server with its own accounts, settings and packet filter, which the console reads over sshd."""

    port: Port = 22


class Ldaps(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ldaps"):
    """OpenLDAP in TLS."""

    port: Port = 636


class Imaps(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="imaps"):
    """Dovecot in TLS."""

    port: Port = 993


class Domain(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="domain"):
    """The directory: Samba as an Active Directory controller, with fifty people; LDAPS alone leaves the host."""

    port: Annotated[int, Meta(ge=636, le=636)] = 636


class Smtps(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="smtps"):
    """Postfix in TLS, on a Linux server: the tables that sshd shows are those that it obeys; it relays for nobody."""

    port: Port = 465


class Smb(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="smb"):
    """A file server (Samba): SMB 3, signed and encrypted; every folder for one account, none for guests."""

    port: Port = 445
    shares: tuple[Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9-]{0,11}\Z")], ...] = ("echange",)


class Ipps(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ipps"):
    """A print server (CUPS) in TLS: its queue holds each job for its person, the console alone administers it."""

    port: Annotated[int, Meta(ge=631, le=631)] = 631


class Sql(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sql"):
    """The database of a RIS (PostgreSQL): TLS alone, one account from its own segment, by SCRAM."""

    port: Port = 5432


class Backups(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="backups"):
    """Encrypted repositories of restic and borg below ``/srv/backups`` of a Linux server, and who fills them."""

    tools: tuple[Literal["restic", "borg"], ...] = ("restic", "borg")


class Switch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="switch"):
    """A managed switch: an SNMP agent (version 3, signed and encrypted) with the sockets of the description."""

    port: Annotated[int, Meta(ge=161, le=161)] = 161


class Agent(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="agent"):
    """The inventory agent (FusionInventory), which posts to the console over HTTPS, with a token."""


class Vpn(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="vpn"):
    """People come in from afar: the settings of a VPN server, certificates and strong ciphers. Nothing listens."""

    tunnel: TunnelName = "openvpn"


Listening = Switch | Domain | Https | Dicom | Ssh | Ldaps | Imaps | Smtps | Smb | Ipps | Sql
Quiet = Backups | Agent | Vpn
"""What listens nowhere."""
Service = Listening | Quiet
SERVICES = tuple(str(one.__struct_config__.tag) for one in (*get_args(Listening), *get_args(Quiet)))
