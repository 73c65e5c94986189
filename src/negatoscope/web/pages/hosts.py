"""One equipment: what is known of it, what rules find, its class, its software, the consent to probe a modality."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.naming import called
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Consent
from negatoscope.model.people import Person
from negatoscope.observe.cards import card
from negatoscope.register.merge import combine
from negatoscope.store.queries import differences, register, users
from negatoscope.store.queries.register import Package, Told
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs, require
from negatoscope.web.desk import Visit
from negatoscope.web.forms.register import AccountForm, ConsentForm, HostForm, NewHostForm
from negatoscope.web.history import moments, recognised
from negatoscope.web.pages.register import Fused
from negatoscope.web.sentences import about
from negatoscope.web.tables import Column, Empty, Table, answer
from negatoscope.web.templatetags.room import subject_name

SHOWN = 12
"""Facts of a kind that the page lists before it says how many more there are."""
FINDINGS_SHOWN = 20
OPEN = frozenset({"Account", "Service", "Privilege"})
"""Kinds that the page shows unfolded."""


@needs(Role.READER)
@require_GET
def host(request: Visit, name: str) -> HttpResponse:
    """Show one equipment."""
    practice, ref, lang = desk.practice(request), f"host/{name}", desk.language()
    told = _host(practice, ref)
    fact: Host = combine([one.fact for one in told])
    consents = register.about(practice, f"consent/{name}")
    places = [f"{kind}/{name}" for kind in ("account", "service", "volume", "privilege", "interface", "software")]
    found, held = about(practice, ref, *places), register.on_host(practice, ref)
    everything = request.GET.get("tout") == "1"
    context = {
        "name": name,
        "called": called(replace(fact, ref=ref), lang),
        "ref": ref,
        "fact": fact,
        "fused": Fused(Host.__name__, fact, told),
        "modality": fact.host_class is HostClass.MODALITY,
        "spoken": max((one.at for one in (*told, *held) if one.collector == "nmap"), default=None),
        "consent": consents[0].fact if consents else None,
        "consent_stands": bool(consents) and consents[0].fact.until > utc_now(),
        "form": HostForm(initial=_initial(fact, _declared(told).addresses)),
        "groups": _groups(held, ref, everything=everything),
        "software": register.software_count(practice, ref),
        "walls": any(one.kind == "RuleBase" for one in held),
        "ports": sum(one.kind == "SwitchPort" for one in held),
        "looked": register.looked(practice, ref),
        "gaps": [
            (texts.kind(what, lang), texts.gap(why, values, lang), sequence, why == "identity_conflict")
            for what, why, values, sequence in register.blind(practice, ref)
        ],
        "recognised": recognised(told),
        "joined": differences.joined(practice, ref),
        "moments": moments(practice, ref, users.names(practice), held=True),
        "findings": found[:FINDINGS_SHOWN],
        "findings_count": len(found),
    }
    return render(request, "register/host.html", context)


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def host_add(request: Visit) -> HttpResponse:
    """Declare an equipment by its address, before any look: a modality above all. One known already has its page."""
    practice = desk.practice(request)
    asked = {"address": request.GET.get("adresse", ""), "host_class": request.GET.get("classe", "")}
    form = NewHostForm(request.POST or None, initial=asked)
    known = _at(practice, asked["address"])
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "address" and value}
        address = form.cleaned_data["address"]
        known = _at(practice, address)
        if known is None:
            _say(request, Host(f"host/{address}", addresses=(address,), macs=_card(request), **told))
            known = _at(practice, address)
        else:
            _say_more(request, practice, known, told)
    if known is not None:
        return redirect("host", known.removeprefix("host/"))
    return render(request, "register/host_form.html", {"form": form}, status=422 if form.errors else 200)


def _card(request: Visit) -> tuple[str, ...] | None:
    """The network card that the list of devices sighted leads here with."""
    mac = card(request.GET.get("carte", ""))
    return (mac,) if mac else None


def _at(practice: int, address: str) -> str | None:
    """The equipment at an address, if one is known there."""
    hosts = register.of_kind(practice, Host.__name__) if address else []
    return next((one.fact.ref for one in hosts if address in (one.fact.addresses or ())), None)


@needs(Role.OPERATOR)
@require_POST
def host_declare(request: Visit, name: str) -> HttpResponse:
    """Keep what a person says of an equipment, beside what instruments measured."""
    practice, ref = desk.practice(request), f"host/{name}"
    _host(practice, ref)
    form = HostForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ces indications n’ont pas pu être lues."))
        return redirect("host", name)
    said: dict[str, Any] = {name: value or None for name, value in form.cleaned_data.items() if name in request.POST}
    said.setdefault("host_class", None)
    if said["host_class"]:
        said["host_class"] = HostClass(said["host_class"])
    _say_more(request, practice, ref, said)
    return redirect("host", name)


def _say_more(request: Visit, practice: int, ref: str, said: Mapping[str, Any]) -> None:
    """Add to what people say of a known equipment; only an administrator says that a modality is none."""
    told = _host(practice, ref)
    if combine([one.fact for one in told]).host_class is HostClass.MODALITY is not said["host_class"]:
        require(request, Role.ADMINISTRATOR)
    _say(request, replace(_declared(told), ref=ref, **said))


def _say(request: Visit, host: Host) -> None:
    declare(desk.console(request), Said(desk.operator(request)), (host,))
    desk.judge_again(request)
    messages.success(request, _("C’est noté ; les règles sont jugées de nouveau."))


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def host_consent(request: Visit, name: str) -> HttpResponse:
    """Take the consent to look at a modality, after saying what will happen."""
    practice, ref = desk.practice(request), f"host/{name}"
    fact: Host = combine([one.fact for one in _host(practice, ref)])
    form = ConsentForm(request.POST or None, today=localtime(utc_now()).date())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        consent = Consent(ref, told["given_by"], told["until"], told["reason"] or None)
        declare(desk.console(request), Said(desk.operator(request), "configuration"), (consent,))
        messages.success(request, _("L’accord est enregistré. Vous pouvez le retirer à tout moment."))
        return redirect("host", name)
    return render(
        request, "register/consent.html", {"name": name, "fact": fact, "form": form}, status=422 if form.errors else 200
    )


@needs(Role.APPROVER)
@require_POST
def withdraw_consent(request: Visit, name: str) -> HttpResponse:
    """Take the consent back: the modality is spared again."""
    said = Said(desk.operator(request), "configuration")
    declare(desk.console(request), said, (), (Retraction(Consent.__name__, f"consent/{name}"),))
    messages.success(request, _("L’accord est retiré : cette modalité ne sera plus interrogée."))
    return redirect("host", name)


@needs(Role.READER)
@require_GET
def host_software(request: Visit, name: str) -> HttpResponse:
    """List an equipment's software."""
    practice, ref = desk.practice(request), f"host/{name}"
    _host(practice, ref)
    columns: tuple[Column[Package], ...] = (
        Column("name", gettext_lazy("Logiciel"), lambda row: row.name),
        Column("version", gettext_lazy("Version"), lambda row: row.version, "code"),
        Column("publisher", gettext_lazy("Éditeur"), lambda row: row.publisher),
        Column("at", gettext_lazy("Vu"), lambda row: row.at, "instant"),
    )
    empty = Empty(_("Aucun logiciel relevé sur cet équipement."), reverse("collectors"), _("Lancer un relevé"))
    caption = _("Logiciels de %(host)s") % {"host": subject_name(ref)}
    table = Table("logiciels", caption, columns, lambda ask: register.software(practice, ref, ask), empty)
    return answer(request, "register/software.html", table, {"name": name})


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def account_declare(request: Visit, ref: str) -> HttpResponse:
    """Say who answers for an account, or what it is for."""
    practice = desk.practice(request)
    kinds = (Account.__name__, DirectoryAccount.__name__)
    told = [one for one in register.about(practice, ref) if one.kind in kinds]
    if not told:
        desk.missing()
    told = [one for one in told if one.kind == told[0].kind]
    fact: Account | DirectoryAccount = combine([one.fact for one in told])
    people = [one.fact for one in register.of_kind(practice, Person.__name__)]
    initial = {"kind": fact.kind or "", "holder": fact.holder or "", "purpose": fact.purpose or ""}
    form = AccountForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {field: value or None for field, value in form.cleaned_data.items()}
        earlier = next((one.fact for one in told if one.declared), _bare(fact))
        declare(desk.console(request), Said(desk.operator(request)), (replace(earlier, **said),))
        desk.judge_again(request)
        messages.success(request, _("C’est noté ; les règles sont jugées de nouveau."))
        return redirect("subject", ref)
    context = {"ref": ref, "name": subject_name(ref), "form": form, "people": people}
    return render(request, "register/account_form.html", context, status=422 if form.errors else 200)


def _bare(fact: Account | DirectoryAccount) -> Account | DirectoryAccount:
    """The account, and nothing said of it yet."""
    if isinstance(fact, DirectoryAccount):
        return DirectoryAccount(fact.directory, fact.name)
    return Account(fact.host, fact.name, fact.realm)


def _host(practice: int, ref: str) -> list[Told]:
    told = [one for one in register.about(practice, ref) if one.kind == Host.__name__]
    return told or desk.missing()


def _declared(told: list[Told]) -> Host:
    """What people said of the host; nothing if only instruments speak of it."""
    said: Host = next((one.fact for one in told if one.declared), Host(told[0].ref))
    return said


def _initial(fact: Host, declared: tuple[str, ...] | None) -> dict[str, Any]:
    names = ("host_class", "hostname", "vendor", "model", "serial", "os_version")
    known = {name: getattr(fact, name) or "" for name in names}
    return known | {"addresses": ", ".join(declared or ())}


def _groups(held: list[Told], ref: str, *, everything: bool) -> list[dict[str, Any]]:
    """What the host holds, by kind, each subject's statements made one."""
    subjects: dict[tuple[str, str], list[Told]] = {}
    for told in held:
        subjects.setdefault((told.kind, told.ref), []).append(told)
    kinds: dict[str, list[Fused]] = {}
    for (kind, _ref), voices in subjects.items():
        kinds.setdefault(kind, []).append(Fused(kind, combine([one.fact for one in voices]), voices))
    groups = []
    for kind, facts in kinds.items():
        shown = facts if everything else facts[:SHOWN]
        alone = len(facts) == 1 and facts[0].fact.ref == ref
        groups.append(
            {
                "kind": kind,
                "facts": shown,
                "count": len(facts),
                "alone": alone,
                "grid": _grid(shown),
                "open": kind in OPEN,
            }
        )
    return groups


def _grid(facts: list[Fused]) -> dict[str, Any]:
    """Several facts of a kind as columns: the fields that at least one of them has, the host apart."""
    names = [
        field.name
        for field in fields(facts[0].fact)
        if field.name != "host" and any(getattr(one.fact, field.name) is not None for one in facts)
    ]
    rows = [
        (one.fact.ref, [labels.value_label(getattr(one.fact, name)) for name in names])
        for one in facts
    ]  # fmt: skip
    return {"titles": [labels.field_label(name) for name in names], "rows": rows}
