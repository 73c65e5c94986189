"""What a dossier holds: what people said of it, what left before, and what the incident and the register know. Pure.

Texts are in French: that is what French authorities read. What comes from facts that are not sure is marked.
"""

from collections.abc import Iterable, Mapping

from negatoscope.model.incident import Entry, Filled, Incident, Sent
from negatoscope.respond import wall
from negatoscope.respond.dossier import Dossier, Field, Form, Given, Held, Values, forms, shared
from negatoscope.respond.facts import SOURCES, Facts, Known

SAID, SENT, OTHER = "said", "sent", "dossier"
"""Where a value is from: somebody said it; it left so before; it stands in another dossier of this incident."""


def fill(form: Form, facts: Facts) -> Dossier:
    """Fill a form with all that is known."""
    one = facts.one
    sent = tuple(entry for entry in one.sent if isinstance(entry.word, Sent) and entry.word.duty == form.duty)
    said, before = _said(one, form.duty), _before(sent)
    elsewhere, late = _elsewhere(one, form), _late(form, facts)
    known: dict[str, Values] = {}
    groups = []
    for group in form.group:
        some = []
        for each in group.field:
            facts_say = _facts(each, facts, known, elsewhere)
            given, entry = _held(each, said, before, facts_say)
            known[each.id] = given.values
            differs = facts_say if facts_say is not None and facts_say.values != given.values else None
            told = None if before is None else before.get(each.id, ())
            some.append(Held(each, given, entry, _asked(each, known, late=late), differs, told))
        groups.append((group, tuple(some)))
    return Dossier(form, tuple(groups), sent, late, bool(one.exercise))


def _held(
    each: Field, said: Mapping[str, Entry], before: Mapping[str, Values] | None, facts: Given | None
) -> tuple[Given, Entry | None]:
    """What somebody said, else what left before (no surer than it was), else what the facts say."""
    entry = said.get(each.id)
    if entry is not None and isinstance(entry.word, Filled):
        return Given(entry.word.values[each.id], SAID), entry
    if before and before.get(each.id):
        unsure = facts is not None and facts.doubt and facts.values == before[each.id]
        return Given(before[each.id], SENT, unsure), None
    return facts or Given((), ""), None


def _said(one: Incident, dossier: str) -> dict[str, Entry]:
    words = [(entry, entry.word) for entry in one.filled]
    told = [(entry, word) for entry, word in words if isinstance(word, Filled) and word.dossier == dossier]
    return {ident: entry for entry, word in told for ident in word.values}


def _before(sent: Iterable[Entry]) -> Mapping[str, Values] | None:
    """The last version that left, if the product knew it."""
    told = [entry.word.told for entry in sent if isinstance(entry.word, Sent) and entry.word.told]
    return told[-1] if told else None


def _elsewhere(one: Incident, form: Form) -> dict[str, Values]:
    """What other dossiers of this incident say of the same fields; the newest word stands."""
    mine, found = shared(form), dict[str, Values]()
    for word in (entry.word for entry in one.filled):
        if isinstance(word, Filled) and word.dossier != form.duty and word.dossier in forms():
            theirs = shared(forms()[word.dossier])
            found |= {name: told for name, told in word.values.items() if name in mine and mine[name] == theirs[name]}
    return found


def _late(form: Form, facts: Facts) -> bool:
    clock = next((each for each in wall.clocks(facts.one) if each.duty.id == form.duty), None)
    return clock is not None and clock.late(facts.now)


def _asked(each: Field, known: Known, *, late: bool) -> bool:
    if each.late and not late:
        return False
    return each.when is None or bool({*each.when.holds} & {*known.get(each.when.field, ())})


def _facts(each: Field, facts: Facts, known: Known, elsewhere: Mapping[str, Values]) -> Given | None:
    if elsewhere.get(each.id):
        return Given(elsewhere[each.id], OTHER)
    if each.lasting and facts.lasting.get(each.id):
        return Given(facts.lasting[each.id], "earlier")
    source = SOURCES.get(each.filled_from)
    given = facts.register.get(each.filled_from) if source is None else source(facts, known)
    return given if given is not None and given.values else None
