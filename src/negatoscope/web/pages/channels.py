"""Channels of alerts: by which ways somebody hears of them; each added, tried, changed and removed here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import channels as flow
from negatoscope.flows import lettering, listing
from negatoscope.flows.channels import ChannelRefused
from negatoscope.flows.console import KeyLost
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.channel import Channel, For
from negatoscope.respond.channels.ways import MAIL, SERVICES, WayRefused
from negatoscope.store import notices
from negatoscope.store.queries import channels as held
from negatoscope.store.queries.channels import Delivery
from negatoscope.store.roles import Role
from negatoscope.web import alert_labels, channel_labels, desk, labels
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.forms.channels import AddressForm, WishForm, initial
from negatoscope.web.tables import Column, Empty, Table, answer, listed

SHOWN = 30


@dataclass(frozen=True)
class Told:
    """A delivery as the page shows it."""

    delivery: Delivery
    step: str
    state: str
    why: str


@needs(Role.ADMINISTRATOR)
@require_GET
def channels(request: Visit) -> HttpResponse:
    """List the channels, and offer the ways to add one."""
    practice, people = desk.practice(request), _people(request)
    rows = held.channels(practice)
    columns: tuple[Column[Channel], ...] = (
        Column("name", gettext_lazy("Nom"), lambda row: row.name, link=_page),
        Column("service", gettext_lazy("Moyen"), lambda row: labels.label(channel_labels.SERVICES, row.service)),
        Column("where", gettext_lazy("Vers"), lambda row: row.where, "code"),
        Column("whom", gettext_lazy("Pour qui"), lambda row: _whom(row, people)),
        Column("priorities", gettext_lazy("Priorités"), _priorities),
        Column("active", gettext_lazy("Sert"), lambda row: row.active),
    )
    empty = Empty(_("Aucun canal. Choisissez ci-dessous par quel moyen quelqu’un est prévenu."))
    table = Table("canaux", _("Canaux d’alerte"), columns, listed(rows, columns), empty)
    ways = [(code, title, channel_labels.SERVICE_HELP[code]) for code, title in channel_labels.SERVICES.items()]
    context = {"ways": ways, "failing": held.failing(practice)}
    return answer(request, "alerts/channels.html", table, context)


def _page(row: Channel) -> str:
    return reverse("channel", args=[row.number])


def _people(request: Visit) -> dict[str, str]:
    return listing.named(StoredRegister(desk.practice(request)), ("Person",))


def _whom(row: Channel, people: Mapping[str, str]) -> str:
    if row.for_whom is For.PERSON:
        return people.get(row.whom, row.whom)
    return labels.label(channel_labels.STEPS, row.whom) if row.for_whom is For.STEP else _("tout le monde")


def _priorities(row: Channel) -> str:
    ranked = sorted(row.priorities, key=lambda one: one.rank)
    return ", ".join(labels.label(alert_labels.PRIORITIES, one) for one in ranked)


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@confirm_first
def channel_add(request: Visit, service: str) -> HttpResponse:
    """Ask for an address and for whom it is, service by service."""
    if service not in SERVICES:
        raise Http404
    address, wish = AddressForm(request.POST or None, service=service), _wished(request)
    made: list[int] = []

    def add() -> None:
        made.append(flow.add(desk.console(request), desk.operator(request), service, address.told, wish.wish))

    if request.method == "POST" and address.is_valid() and wish.is_valid() and _done(add, address, wish):
        messages.success(
            request, _("Le canal est enregistré, et son adresse ne sera plus montrée. Essayez-le maintenant.")
        )
        return redirect("channel", made[0])
    context = {
        "title": channel_labels.SERVICES[service],
        "help": channel_labels.SERVICE_HELP[service],
        "address": address,
        "wish": wish,
        "mute": service == MAIL and notices.mail(desk.practice(request)) is None,
    }
    return render(request, "alerts/channel_form.html", context, status=422 if address.errors or wish.errors else 200)


def _wished(request: Visit, one: Channel | None = None, *, bound: bool = True) -> WishForm:
    people = sorted(_people(request).items(), key=lambda item: item[1])
    data = request.POST if request.method == "POST" and bound else None
    return WishForm(data, people=people, initial=initial(one) if one else {"language": desk.language()})


def _done(act: Callable[[], None], address: AddressForm | None, wish: WishForm | None) -> bool:
    """Do it, or say in the forms why not."""
    try:
        act()
    except WayRefused as error:
        if address is not None:
            address.add_error(error.field, str(channel_labels.REFUSED[error.code]))
    except (ChannelRefused, OSError) as error:
        code = error.code if isinstance(error, ChannelRefused) else "key_lost" if isinstance(error, KeyLost) else "busy"
        form = wish if wish is not None and (code == "name_taken" or address is None) else address
        if form is not None:
            form.add_error("name" if code == "name_taken" else None, str(channel_labels.REFUSED[code]))
    else:
        return True
    return False


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@confirm_first
def channel(request: Visit, number: int) -> HttpResponse:
    """Show one channel without its address: try, change, replace, remove it; and what it told."""
    practice, act = desk.practice(request), request.POST.get("act", "")
    one = desk.found(next((row for row in held.channels(practice) if row.number == number), None))
    console, who = desk.console(request), desk.operator(request)
    wish = _wished(request, one, bound=act == "change")
    address = AddressForm(request.POST if act == "replace" else None, service=one.service)
    if act == "remove":
        flow.remove(console, who, number)
        messages.success(request, _("Le canal est retiré."))
        return redirect("channels")
    if act == "try":
        return _tried(request, one)
    if act == "change" and wish.is_valid() and _done(
        lambda: flow.change(console, who, number, wish.wish), None, wish
    ):  # fmt: skip
        messages.success(request, _("C’est noté."))
        return redirect("channel", number)
    if act == "replace" and address.is_valid() and _done(
        lambda: flow.replace(console, who, number, address.told), address, None
    ):  # fmt: skip
        messages.success(request, _("L’adresse est remplacée. Essayez-la maintenant."))
        return redirect("channel", number)
    context = {
        "one": one,
        "service": labels.label(channel_labels.SERVICES, one.service),
        "wish": wish,
        "address": address,
        "told": [_told(each) for each in held.newest(number, SHOWN)],
    }
    return render(request, "alerts/channel.html", context, status=422 if wish.errors or address.errors else 200)


def _tried(request: Visit, one: Channel) -> HttpResponse:
    console = desk.console(request)
    text = lettering.call((), 0, one.language, console.config.address)
    try:
        outcome = flow.trial(console, desk.operator(request), one.number, text)
    except OSError:
        messages.error(request, _("Le message d’essai n’a pas pu être préparé. Recommencez dans un instant."))
        return redirect("channel", one.number)
    if outcome.why:
        messages.error(
            request, _("Rien n’est arrivé. %(why)s") % {"why": lettering.undelivered(outcome.why, desk.language())}
        )
    else:
        messages.success(request, _("Le message d’essai est parti, et le serveur l’a pris. Vérifiez qu’il est arrivé."))
    return redirect("channel", one.number)


def _told(delivery: Delivery) -> Told:
    return Told(
        delivery,
        labels.label(channel_labels.TOLD, delivery.step),
        labels.label(channel_labels.STATES, delivery.state),
        lettering.undelivered(delivery.error, desk.language()) if delivery.error else "",
    )
