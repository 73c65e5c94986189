"""Mail sent on: found in every format, and of whom it goes to only the domain is ever kept."""

import json
from io import BytesIO

import pytest

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.mail import MailForward, MailSystem, Means
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.linux.probes import scrub
from negatoscope.observe.linux.read import read
from negatoscope.observe.mail import sieve, tables
from negatoscope.observe.mail.collector import SORTS
from tests.observe.captures import HEALTHY

MAILBOXES = (
    b"#TYPE Microsoft.Exchange.Data.Directory.Management.Mailbox\r\n"
    b'"PrimarySmtpAddress","ForwardingAddress","ForwardingSmtpAddress","DeliverToMailboxAndForward"\r\n'
    b'"c.martin@cabinet.example","","smtp:claire.secret@gmail.com","True"\r\n'
    b'"j.petit@cabinet.example","Secr\xc3\xa9tariat","","False"\r\n'
    b'"accueil@cabinet.example","","",""\r\n'
)
RULES = (
    '"MailboxOwnerId";"Name";"Enabled";"ForwardTo";"RedirectTo";"Description"\r\n'
    '"j.petit@cabinet.example";"Dossier de Mme Durand";"True";"{""Jean"" [SMTP:jean.secret@orange.fr]}";"";"x"\r\n'
    '"c.martin@cabinet.example";"r";"False";"";"""C"" [SMTP:c.secret@free.fr]";"y"\r\n'
    '"accueil@cabinet.example";"Tri";"True";"";"";"Mme Durand"\r\n'
).encode("utf-8-sig")
FILES = {"exchange-mailboxes": MAILBOXES, "exchange-inbox-rules": RULES}
SIEVE = """require ["copy", "fileinto"];
# redirect "nobody@example.org";
if header :contains "subject" "Mme Durand" { redirect :copy "c.secret@laposte.net"; }
"""


def sort(name: str) -> Sort:
    return next(one for one in SORTS if one.name == name)


def told(name: str, data: bytes) -> list[Item]:
    return list(sort(name).read(sort(name).scrub(data), "host/@"))


def forwards(items: list[Item]) -> set[tuple[object, ...]]:
    return {
        (one.mailbox, one.means, one.domain, one.keeps_copy, one.enabled)
        for one in items
        if isinstance(one, MailForward)
    }


def test_mailboxes_of_exchange_tell_where_they_are_sent_on() -> None:
    items = told("exchange-mailboxes", MAILBOXES)
    assert forwards(items) == {("c.martin@cabinet.example", Means.MAILBOX, "gmail.com", True, True)}
    (system,) = [one for one in items if isinstance(one, MailSystem)]
    assert (system.system, system.domains, system.mailboxes) == ("exchange", ("cabinet.example",), 3)
    assert (system.settings_read, system.rules_read) == (True, None)


def test_rules_of_people_tell_whether_they_run() -> None:
    items = told("exchange-inbox-rules", RULES)
    assert forwards(items) == {
        ("j.petit@cabinet.example", Means.INBOX_RULE, "orange.fr", True, True),
        ("c.martin@cabinet.example", Means.INBOX_RULE, "free.fr", False, False),
    }
    assert MailSystem("exchange", "Exchange", rules_read=True) in items


@pytest.mark.parametrize("name", FILES)
def test_no_word_of_a_message_and_nobody_outside_is_kept(name: str) -> None:
    known = [one.name for collector in COLLECTORS.values() for one in collector.sorts if one.recognises(FILES[name])]
    assert known == [name]
    kept = sort(name).scrub(FILES[name])
    for word in (b"secret", b"Durand", b"Claire", b"Jean"):
        assert word not in kept


@pytest.mark.parametrize("name", [one.name for one in SORTS])
def test_what_is_not_such_a_file_is_unreadable(name: str) -> None:
    assert not sort(name).recognises(b"Nom;Adresse\n")
    with pytest.raises(Unreadable):
        list(sort(name).read(b"Nom;Adresse\na;b\n", "host/@"))


def test_a_sieve_script_is_kept_without_its_conditions() -> None:
    kept = scrub("file:/home/claire/.dovecot.sieve", SIEVE)
    assert kept == 'redirect :copy "***@laposte.net";\n'
    assert list(sieve.redirections(kept)) == [("laposte.net", True)]
    assert list(sieve.redirections('redirect "a@free.fr";')) == [("free.fr", False)]
    assert list(sieve.redirections(sieve.scrub('redirect "a@free.fr"; keep;'))) == [("free.fr", True)]
    assert sieve.scrub('fileinto "Mme Durand";') == ""


def test_tables_are_kept_without_whom_they_lead_to() -> None:
    text = '# c\npostmaster: root\nclaire: c.secret@gmail.com,\n  \\claire\n"jean p": j.secret@orange.fr\n'
    kept = tables.scrub(text)
    assert kept == 'claire: ***@gmail.com, copy\n"jean p": ***@orange.fr\n'
    assert list(tables.forwards(kept)) == [("claire", "gmail.com", True), ("jean p", "orange.fr", False)]
    assert list(tables.forwards("info@cabinet.example  a.b@free.fr")) == [("info@cabinet.example", "free.fr", False)]


def server(*changed: tuple[str, str, str]) -> list[Item]:
    """The recorded host, with a mail server on it."""
    sections = {json.loads(line).get("section", "head"): line for line in HEALTHY.read_text().splitlines()}
    end = sections.pop("end")
    for name, status, text in changed:
        sections[name] = json.dumps({"section": name, "status": status, "text": text})
    return list(read(BytesIO("\n".join([*sections.values(), end]).encode())))


POSTCONF = next(json.loads(line)["section"] for line in HEALTHY.read_text().splitlines() if '"cmd:postconf' in line)
SETTINGS = (
    "mydestination = $myhostname, localhost\nvirtual_alias_domains = cabinet.example\n"
    "virtual_mailbox_domains =\nmydomain = cabinet.example\nmyhostname = mail.cabinet.example\n"
    "alias_maps = hash:/etc/aliases\nvirtual_alias_maps = hash:/etc/postfix/virtual\n"
)
SERVES = (("glob:/usr/sbin/postfix", "ok", "/usr/sbin/postfix"), (POSTCONF, "ok", SETTINGS))


def test_a_host_without_a_mail_server_says_so_by_its_sweeps() -> None:
    items = server()
    assert {Sweep("MailSystem", "host/@"), Sweep("MailForward", "host/@")} <= {
        one for one in items if isinstance(one, Sweep)
    }
    assert not [one for one in items if isinstance(one, MailSystem)]


def test_a_mail_server_is_read_whole() -> None:
    script = "/var/vmail/cabinet.example/claire/.dovecot.sieve"
    items = server(
        *SERVES,
        ("file:/etc/aliases", "ok", "root: ***@gmail.com\n"),
        ("glob:/home/*/.forward", "ok", "/home/jean/.forward"),
        ("file:/home/jean/.forward", "ok", ": ***@orange.fr, copy\n"),
        ("glob:/var/vmail/*/*/.dovecot.sieve", "ok", script),
        (f"file:{script}", "ok", 'redirect "***@free.fr";\n'),
    )
    assert forwards(items) == {
        ("root", Means.ALIASES, "gmail.com", False, True),
        ("jean", Means.FORWARD_FILE, "orange.fr", True, True),
        ("claire@cabinet.example", Means.SIEVE, "free.fr", False, True),
    }
    (system,) = [one for one in items if isinstance(one, MailSystem)]
    assert (system.product, system.rules_read, system.settings_read) == ("postfix", True, True)
    assert system.domains == ("cabinet.example", "mail.cabinet.example")


def test_what_could_not_be_read_of_a_mail_server_is_not_said_to_be_read() -> None:
    items = server(*SERVES, ("glob:/home/*/.forward", "denied", ""))
    (system,) = [one for one in items if isinstance(one, MailSystem)]
    assert (system.rules_read, system.settings_read) == (None, True)
    assert [one.why for one in items if isinstance(one, Gap) and one.what == "MailForward"] == ["unreadable"]
    ldap = (POSTCONF, "ok", SERVES[1][2].replace("hash:/etc/postfix/virtual", "ldap:/etc/postfix/ldap.cf"))
    (system,) = [one for one in server(SERVES[0], ldap) if isinstance(one, MailSystem)]
    assert system.settings_read is None
