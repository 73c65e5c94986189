"""What is run on a Linux host: files read, names listed, commands run; for ``local`` and for ``ssh``.

No secret enters a capture: no shadow file, private key, environment, process argument or cloud-init data is on this
list, and ``scrub`` takes out what other files may hold in passing.
"""

import re
from dataclasses import dataclass

from negatoscope.observe.mail import sieve, tables
from negatoscope.observe.wifi import hostapd

MAX_SECTION_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """Read one file. ``keep``: only lines that match are kept. ``pattern``: may hold ``*``; each match is a section."""

    pattern: str
    keep: str | None = None
    root: bool = False

    @property
    def section(self) -> str:
        """The section that lists the matches, or the file's own."""
        return f"glob:{self.pattern}" if "*" in self.pattern else f"file:{self.pattern}"


@dataclass(frozen=True, slots=True)
class Names:
    """List the paths that match, without opening them. ``root``: means nothing when run without root."""

    pattern: str
    root: bool = False

    @property
    def section(self) -> str:
        """Its name in the capture."""
        return f"glob:{self.pattern}"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a symbolic link points."""

    path: str

    @property
    def section(self) -> str:
        """Its name in the capture."""
        return f"link:{self.path}"


@dataclass(frozen=True, slots=True)
class Command:
    """Run a programme, without a shell. ``succeeds``: exit codes that mean a complete answer."""

    argv: tuple[str, ...]
    seconds: float = 20
    root: bool = False
    keep: str | None = None
    succeeds: tuple[int, ...] = (0,)

    @property
    def section(self) -> str:
        """Its name in the capture."""
        return "cmd:" + " ".join(self.argv)


Probe = File | Names | Link | Command


def _command(line: str, *, seconds: float = 20, root: bool = False, succeeds: tuple[int, ...] = (0,)) -> Command:
    return Command(tuple(line.split(" ")), seconds, root, None, succeeds)


ADDRESSES = _command("ip -j -d address show")
MACHINE_ID = _command("sha256sum /etc/machine-id")
DPKG = _command(r"dpkg-query -W -f=${Package}\t${Version}\t${Maintainer}\t${db:Status-Abbrev}\n")
RPM = _command(r"rpm -qa --qf %{NAME}\t%{VERSION}-%{RELEASE}\t%{VENDOR}\n", seconds=60)
SNAP = _command("snap list --unicode=never --color=never")
FLATPAK = _command("flatpak list --system --columns=application,version,origin")
APT_UPGRADE = _command("apt-get -s -q -o Debug::NoLocking=true dist-upgrade", seconds=90)
APT_CONFIG = Command(
    ("apt-config", "dump"), keep=r"(?i)^(APT::Periodic|Unattended-Upgrade|Acquire::Allow|APT::Get::Allow)"
)
APT_STAMPS = _command("stat -c %Y:%n /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp", succeeds=(0, 1))
APT_LISTS = _command(r"find /var/lib/apt/lists -maxdepth 1 -name *Release -printf %Ts:%p\n")
DNF_UPDATES = _command("dnf -q -C check-update", seconds=90, succeeds=(0, 100))
DNF_SECURITY = _command("dnf -q -C check-update --security", seconds=90, succeeds=(0, 100))
DNF_STAMPS = _command("stat -c %Y:%n /var/cache/dnf/last_makecache /var/cache/libdnf5", succeeds=(0, 1))
UNIT_FILES = _command("systemctl list-unit-files --no-legend --no-pager --type=service,timer,socket")
PASSWORD_STATES = _command("passwd -S -a", root=True)
LAST_LOGONS = _command("lastlog")
SSHD = _command("sshd -T", root=True)
BLOCKS = _command("lsblk -J -o NAME,TYPE,FSTYPE,MOUNTPOINTS,RM,HOTPLUG,TRAN")
BLOCKS_OLD = _command("lsblk -J -o NAME,TYPE,FSTYPE,MOUNTPOINT,RM,HOTPLUG,TRAN")
NFT = _command("nft -j list ruleset", root=True)
IPTABLES = _command("iptables-save", root=True)
IP6TABLES = _command("ip6tables-save", root=True)
IPTABLES_LEGACY = _command("iptables-legacy-save", root=True)
TIMEDATECTL = _command("timedatectl show")
CHRONY = _command("chronyc -n tracking")
NTPQ = _command("ntpq -pn")
ROUTES = _command("ip -j route show")
ROUTES6 = _command("ip -j -6 route show")
WAYS_OUT = {"0.0.0.0/0": ROUTES, "::/0": ROUTES6}
"""By what *default* means in each."""
PROCESSES = _command("ps -e -o pid=,comm=")
SOCKETS = _command("ss -H -tulpn", root=True)
NEIGHBOURS = _command("ip -j neigh show")
DNSMASQ_LEASES = ("/var/lib/misc/dnsmasq.leases", "/var/lib/dnsmasq/dnsmasq.leases")
DHCPD_LEASES = ("/var/lib/dhcp/dhcpd.leases", "/var/lib/dhcpd/dhcpd.leases")
HOSTAPD_FILES = "/etc/hostapd/*.conf"
MAIL_SERVERS = ("/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/sbin/exim4", "/usr/sbin/exim")
MAIL_TABLES = ("/etc/aliases", "/etc/postfix/aliases", "/etc/postfix/virtual")
MAIL_PEOPLE = (
    "/root/.forward", "/home/*/.forward", "/home/*/.dovecot.sieve", "/home/*/sieve/*.sieve",
    "/var/vmail/*/*/.dovecot.sieve", "/var/vmail/*/*/sieve/*.sieve", "/var/mail/vhosts/*/*/sieve/*.sieve",
)  # fmt: skip
POSTCONF = _command(
    "postconf mydestination virtual_alias_domains virtual_mailbox_domains mydomain myhostname alias_maps"
    " virtual_alias_maps"
)
KEA_LEASES = ("/var/lib/kea/kea-leases4.csv", "/var/lib/kea/dhcp4.leases")

VPN_SETTINGS = (
    r"^\s*(?:#|\[|\}|conn\s|connections\b|[\w%.-]+\s*\{|"
    r"(?:mode|server|tls-server|port|proto|dev|verify-client-cert|client-cert-not-required|duplicate-cn|plugin|cipher|auth"
    r"|auth-user-pass-verify|data-ciphers|data-ciphers-fallback|ncp-ciphers|tls-cipher|tls-version-min)(?:\s|$)"
    r"|secret\s+[\w./-]+$"
    r"|(?:ListenPort|AllowedIPs|Endpoint|PublicKey|left\w*|right\w*|ike|esp|authby|keyexchange|auto|remote_addrs|auth"
    r"|proposals|esp_proposals|version)\s*=)"
)
"""Lines of VPN servers' files that say how people come in; keys and secrets are on others."""
DISPLAYS = (
    "/usr/bin/Xorg", "/usr/bin/X*", "/usr/lib/xorg/Xorg", "/usr/libexec/Xorg", "/usr/bin/weston", "/usr/bin/cage",
    "/usr/bin/sway", "/usr/bin/gamescope", "/usr/bin/labwc", "/usr/bin/wayfire", "/usr/bin/kwin_wayland",
    "/usr/bin/gnome-shell", "/usr/bin/mutter",
)  # fmt: skip
"""Display servers: where one is, somebody may sit."""

IDENTITY: tuple[Probe, ...] = (
    File("/etc/os-release"),
    File("/usr/lib/os-release"),
    MACHINE_ID,
    ADDRESSES,
    Names("/sys/class/net/*/wireless"),
    Names("/sys/class/dmi/id"),
    *(File(f"/sys/class/dmi/id/{name}") for name in ("sys_vendor", "product_name", "chassis_type")),
    File("/sys/class/dmi/id/product_serial", root=True),
    Names("/sys/class/power_supply"),
    File("/sys/class/power_supply/*/type"),
    File("/sys/class/power_supply/*/scope"),
    Names("/usr/share/xsessions/*.desktop"),
    Names("/usr/share/wayland-sessions/*.desktop"),
    *(Names(path) for path in DISPLAYS),
    Link("/etc/systemd/system/display-manager.service"),
    File("/etc/X11/default-display-manager"),
)
PACKAGES: tuple[Probe, ...] = (
    DPKG, RPM, SNAP, FLATPAK, APT_UPGRADE, APT_CONFIG, APT_STAMPS, APT_LISTS, DNF_UPDATES, DNF_SECURITY, DNF_STAMPS,
    File("/etc/apt/sources.list"),
    File("/etc/apt/sources.list.d/*.list"),
    File("/etc/apt/sources.list.d/*.sources"),
    File("/etc/dnf/dnf.conf"),
    File("/etc/yum.conf"),
    File("/etc/yum.repos.d/*.repo"),
    File("/etc/dnf/automatic.conf"),
    UNIT_FILES,
)  # fmt: skip
ACCOUNTS: tuple[Probe, ...] = (
    File("/etc/passwd"),
    File("/etc/group"),
    File("/etc/nsswitch.conf", keep=r"^[ \t]*(passwd|group|sudoers)\s*:"),
    File("/etc/login.defs", keep=r"^[ \t]*[A-Z]"),
    PASSWORD_STATES,
    LAST_LOGONS,
    Names("/root/.ssh/authorized_keys*", root=True),
    Names("/home/*/.ssh/authorized_keys*", root=True),
    Names("/var/lib/*/.ssh/authorized_keys*", root=True),
    File("/etc/sudoers", root=True),
    File("/etc/sudoers.d/*", root=True),
    File("/etc/doas.conf", root=True),
    File("/etc/pam.d/*"),
    File("/usr/lib/pam.d/*"),
    File("/etc/security/pwquality.conf"),
    File("/etc/security/pwquality.conf.d/*.conf"),
    File("/etc/security/faillock.conf"),
    Names("/var/cache/cracklib/cracklib_dict.pwd*"),
    Names("/usr/share/cracklib/pw_dict.pwd*"),
)
SESSIONS: tuple[Probe, ...] = (
    File("/etc/gdm3/daemon.conf"),
    File("/etc/gdm3/custom.conf"),
    File("/etc/gdm/custom.conf"),
    File("/usr/share/lightdm/lightdm.conf.d/*.conf"),
    File("/etc/xdg/lightdm/lightdm.conf.d/*.conf"),
    File("/etc/lightdm/lightdm.conf.d/*.conf"),
    File("/etc/lightdm/lightdm.conf"),
    File("/usr/lib/sddm/sddm.conf.d/*.conf"),
    File("/etc/sddm.conf.d/*.conf"),
    File("/etc/sddm.conf"),
    File("/etc/lxdm/lxdm.conf"),
    File("/etc/greetd/config.toml"),
    File("/etc/systemd/system/*getty*.service.d/*.conf"),
    File("/etc/systemd/system/*getty*.service"),
    File("/etc/inittab"),
    File("/boot/grub/grub.cfg", keep=r"superusers|password", root=True),
    File("/boot/grub2/grub.cfg", keep=r"superusers|password", root=True),
    File("/boot/grub2/user.cfg", keep=r"PASSWORD", root=True),
    File("/boot/efi/EFI/*/grub.cfg", keep=r"superusers|password|configfile", root=True),
    File("/boot/loader/loader.conf"),
    File("/boot/efi/loader/loader.conf", root=True),
    File("/etc/dconf/profile/user"),
    File("/etc/dconf/db/*.d/*"),
    File("/etc/dconf/db/*.d/locks/*"),
    File("/etc/xdg/kscreenlockerrc"),
)
SSH: tuple[Probe, ...] = (
    Names("/usr/sbin/sshd"),
    Names("/usr/bin/sshd"),
    Names("/usr/sbin/dropbear"),
    SSHD,
    File("/etc/ssh/sshd_config"),
    File("/etc/ssh/sshd_config.d/*.conf"),
)
HARDENING: tuple[Probe, ...] = (
    BLOCKS, BLOCKS_OLD,
    File("/proc/mounts"),
    File("/proc/sys/kernel/osrelease"),
    File("/proc/modules", keep=r"^(usb_storage|uas|nf_tables|ip_tables|ip6_tables) "),
    Names("/lib/modules/*"),
    Names("/lib/modules/*/kernel/drivers/usb/storage/*"),
    File("/lib/modules/*/modules.builtin", keep=r"usb/storage/"),
    File("/lib/modprobe.d/*.conf", keep="usb[-_]storage|uas|ums[-_]"),
    File("/usr/lib/modprobe.d/*.conf", keep="usb[-_]storage|uas|ums[-_]"),
    File("/run/modprobe.d/*.conf", keep="usb[-_]storage|uas|ums[-_]"),
    File("/etc/modprobe.d/*.conf", keep="usb[-_]storage|uas|ums[-_]"),
    Names("/sys/bus/usb/drivers/*"),
    File("/sys/bus/usb/devices/usb*/authorized_default"),
    File("/etc/udev/rules.d/*.rules"),
    File("/etc/usbguard/usbguard-daemon.conf", keep=r"^[ \t]*(ImplicitPolicyTarget|RuleFile|RuleFolder)", root=True),
    File("/etc/usbguard/rules.conf", root=True),
    File("/etc/usbguard/rules.d/*.conf", root=True),
    NFT, IPTABLES, IP6TABLES, IPTABLES_LEGACY, ROUTES, ROUTES6,
    File("/etc/openvpn/*.conf", keep=VPN_SETTINGS, root=True),
    File("/etc/openvpn/server/*.conf", keep=VPN_SETTINGS, root=True),
    File("/etc/wireguard/*.conf", keep=VPN_SETTINGS, root=True),
    File("/etc/ipsec.conf", keep=VPN_SETTINGS, root=True),
    File("/etc/swanctl/swanctl.conf", keep=VPN_SETTINGS, root=True),
    File("/etc/swanctl/conf.d/*.conf", keep=VPN_SETTINGS, root=True),
    File("/proc/sys/net/ipv4/ip_forward"),
    File("/proc/sys/net/ipv6/conf/all/forwarding"),
    File("/proc/net/if_inet6"),
    File("/proc/net/ip_tables_names", root=True),
    TIMEDATECTL, CHRONY, NTPQ, PROCESSES,
    File("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
    File("/run/systemd/container"),
    Names("/.dockerenv"),
    Names("/run/.containerenv"),
)  # fmt: skip
LOGS: tuple[Probe, ...] = (
    File("/usr/lib/systemd/journald.conf.d/*.conf"),
    File("/run/systemd/journald.conf.d/*.conf"),
    File("/etc/systemd/journald.conf"),
    File("/etc/systemd/journald.conf.d/*.conf"),
    Names("/var/log/journal"),
    File("/etc/rsyslog.conf"),
    File("/etc/rsyslog.d/*.conf"),
    File("/etc/syslog-ng/syslog-ng.conf"),
    File("/etc/syslog-ng/conf.d/*.conf"),
    File("/etc/systemd/journal-upload.conf", keep=r"^[ \t]*URL"),
    File("/etc/logrotate.conf"),
    File("/etc/logrotate.d/rsyslog"),
    File("/etc/logrotate.d/syslog"),
)
SERVICES: tuple[Probe, ...] = (SOCKETS, *(File(f"/proc/net/{name}") for name in ("tcp", "tcp6", "udp", "udp6")))
NETWORK: tuple[Probe, ...] = (
    NEIGHBOURS,
    *(File(path) for path in (*DNSMASQ_LEASES, *DHCPD_LEASES)),
    *(File(path, root=True) for path in KEA_LEASES),
    File(HOSTAPD_FILES, root=True),
)  # fmt: skip
MAIL: tuple[Probe, ...] = (
    *(Names(path) for path in MAIL_SERVERS), POSTCONF,
    *(File(path, root=path.startswith("/root/")) for path in (*MAIL_TABLES, *MAIL_PEOPLE)),
)  # fmt: skip

PROBES: tuple[Probe, ...] = (
    IDENTITY + PACKAGES + ACCOUNTS + SESSIONS + SSH + HARDENING + LOGS + SERVICES + NETWORK + MAIL
)  # fmt: skip

_URL_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s\"']+@", re.IGNORECASE)
_GRUB_HASH = re.compile(r"grub\.pbkdf2\.[\w.]+")
_GRUB_CLEAR = re.compile(r"^([ \t]*password[ \t]+\S+[ \t]+)\S.*$", re.MULTILINE)
_KEYED = re.compile(
    r"((?:pass(?:word|wd|phrase)?|pwd|secret|token|psk|api_?key)\d*)(\s*(?:=|\()\s*)(\"[^\"]*\"|'[^']*'|[^\s\",;)]+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(Bearer|Basic)(\s+)[^\s\"',;]+")
_OPTION = re.compile(r"(\s(?:-p|--pass(?:word)?[= ]))(?=\S)\S+")
"""How commands granted by sudo or doas are told a password."""
_OUTPUT_LOGIN = re.compile(r"(:om\w+:[^,\s]*),\S+")
_PASSWD_HASH = re.compile(r"^([^:\n]+):(?![x*!]*:)[^:\n]+:", re.MULTILINE)
_PASSWD_GECOS = re.compile(r"^((?:[^:\n]*:){4})[^:\n]*(?=:[^:\n]*:[^:\n]*$)", re.MULTILINE)
"""Names, birth dates, telephone numbers: nothing that a rule reads."""
TAKEN_OUT = "***"


def scrub(section: str, text: str) -> str:
    """Take out credentials: in URLs, boot loader files, keyed settings, and hashes in ``passwd``; whom mail goes to."""
    if section.startswith("file:/etc/hostapd/"):
        return hostapd.scrub(text.encode()).decode()
    path = section.removeprefix("file:")
    if path.endswith(".sieve"):
        return sieve.scrub(text)
    if path in MAIL_TABLES or path.endswith("/.forward"):
        return tables.scrub(text)
    if section == "file:/etc/passwd":
        return _PASSWD_GECOS.sub(r"\1", _PASSWD_HASH.sub(rf"\1:{TAKEN_OUT}:", text))
    text = _URL_LOGIN.sub(r"\1", text)
    text = _OUTPUT_LOGIN.sub(rf"\1,{TAKEN_OUT}", text)
    text = _BEARER.sub(rf"\1\2{TAKEN_OUT}", _KEYED.sub(rf"\1\2{TAKEN_OUT}", text))
    if section.startswith(("file:/etc/sudoers", "file:/etc/doas")):
        text = _OPTION.sub(rf"\1{TAKEN_OUT}", text)
    if section.startswith("file:/boot/"):
        text = _GRUB_CLEAR.sub(rf"\1{TAKEN_OUT}", _GRUB_HASH.sub(TAKEN_OUT, text))
    return text


def kept(text: str, keep: str | None) -> str:
    """Only the lines that a probe wants."""
    if keep is None:
        return text
    wanted = re.compile(keep)
    return "".join(line for line in text.splitlines(keepends=True) if wanted.search(line))


_INCLUDES = (
    ("file:/etc/sudoers", re.compile(r"^[ \t]*[@#]include(dir)?\s+\"?([^\"\s]+)", re.MULTILINE), "/etc"),
    ("file:/etc/ssh/sshd_config", re.compile(r"(?im)^[ \t]*include(dir)?[ \t=]+\"?([^\"\n]+)"), "/etc/ssh"),
)
_NEVER = re.compile(r"shadow|private|ssh_host|\.key$|\.pem$|/\.\.?/")


def followed(section: str, text: str) -> list[File]:
    """The files that a captured file includes, where it is safe to read them: under /etc and /usr, never a key."""
    found: list[File] = []
    for prefix, include, base in _INCLUDES:
        if not section.startswith(prefix):
            continue
        for directory, named in include.findall(text):
            paths = [path if path.startswith("/") else f"{base}/{path}" for path in named.split()]
            found += [File(f"{path.rstrip('/')}/*" if directory else path, root="sudoers" in prefix) for path in paths]
    return [one for one in found if one.pattern.startswith(("/etc/", "/usr/")) and not _NEVER.search(one.pattern)]
