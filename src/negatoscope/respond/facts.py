"""What is known of an incident, and what each part of it says of a field of a dossier. Pure; texts are in French."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import (
    Answered,
    Asked,
    Attached,
    Clue,
    Decided,
    Entry,
    Followed,
    Gesture,
    Hit,
    How,
    Incident,
    Marked,
    Moment,
    Noted,
    Opened,
    Part,
    Sent,
    State,
    Stated,
    Touched,
    What,
)
from negatoscope.respond.dossier import LONG, Given, Values, written
from negatoscope.respond.duty import Answer, duties
from negatoscope.respond.reflex import step_of

BANDS = ((5, "5"), (50, "50"), (300, "300"), (5000, "5000"))
ORIGIN = {"lost": "lost_device", "insider": "other"}
NATURE = {
    "ransomware": ("availability",),
    "denial": ("availability",),
    "mailbox": ("confidentiality",),
    "lost": ("confidentiality",),
    "insider": ("confidentiality",),
    "defacement": ("integrity",),
}
HITS = {Hit.COMPROMISED: "touché", Hit.SUSPECTED: "peut-être touché"}
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")  # fmt: skip
CLUES = {
    Clue.ADDRESS: "adresse IP",
    Clue.DOMAIN: "domaine ou lien",
    Clue.HASH: "empreinte d’un fichier",
    Clue.FILE: "fichier",
    Clue.ACCOUNT: "compte",
}
TOLD = {"PLAINTE", "CNIL", "OSE", "ASSUR"}
SYSTEMS = {"mailbox": "mail", "edge": "network", "defacement": "website", "denial": "network"}


@dataclass(frozen=True)
class Facts:
    """What is known when a dossier is read. ``register``: what it gives, by the name of a source."""

    one: Incident
    log: Sequence[Entry]
    now: datetime
    called: Callable[[Ref], str] = str
    register: Mapping[str, Given] = field(default_factory=dict)
    lasting: Mapping[str, Values] = field(default_factory=dict)
    """What the last dossier of an earlier incident said of fields that stay the same."""


Known = Mapping[str, Values]
"""What the fields before hold."""
Source = Callable[[Facts, Known], Given | None]


def _moment(which: Moment) -> Source:
    def source(facts: Facts, _known: Known) -> Given | None:
        at = facts.one.moment(which)
        return None if at is None else Given((written(at.astimezone(PARIS)),), "incident")

    return source


def _answer(facts: Facts, question: str) -> Answer | None:
    entry = facts.one.answers.get(question)
    return Answer(entry.word.answer) if entry is not None and isinstance(entry.word, Answered) else None


def _text(lines: Iterable[str], where: str, *, doubt: bool = False) -> Given | None:
    told = "\n".join(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return Given((told if len(told) <= LONG else f"{told[: LONG - 1]}…",), where, doubt) if told else None


def _surety(facts: Facts, _known: Known) -> Given:
    sure = facts.one.state.rank >= State.QUALIFIED.rank
    return Given(("established" if sure else "supposed",), "incident", not sure)


def _ongoing(facts: Facts, _known: Known) -> Given | None:
    answer = _answer(facts, "ongoing")
    return None if answer is None else Given((answer.value,), "answers", answer is Answer.UNKNOWN)


def _seen(facts: Facts, _known: Known) -> Given | None:
    first, sign = facts.one.opened, facts.one.moments.get(Moment.DETECTED)
    return _text([first.text, sign.text if sign else ""], "log")


def _story(facts: Facts, _known: Known) -> Given | None:
    one = facts.one
    stated = [_stated(one, part) for part in (Part.ENTRY, Part.SPREAD, Part.DATA)]
    return _text([one.title, one.opened.text, *(text for text, _sure in stated)], "log", doubt=True)


def _stated(one: Incident, part: Part) -> tuple[str, bool]:
    entry = one.statements.get((part, ""))
    sure = entry is not None and isinstance(entry.word, Stated) and entry.word.how is How.SAID
    return (entry.text if entry else ""), sure


def _entry(facts: Facts, _known: Known) -> Given | None:
    text, sure = _stated(facts.one, Part.ENTRY)
    return _text([text], "incident", doubt=not sure)


def _touched(facts: Facts, *whats: What) -> list[Touched]:
    found = [each.word for each in facts.one.touched.values() if isinstance(each.word, Touched)]
    return [word for word in found if word.what in whats and word.hit is not Hit.CLEARED]


def _systems(facts: Facts, _known: Known) -> Given | None:
    words = _touched(facts, What.HOST, What.ACCOUNT)
    lines = [f"{facts.called(word.name)} ({HITS[word.hit]})" for word in words]
    return _text(lines, "touched", doubt=any(word.hit is Hit.SUSPECTED for word in words))


def _data(facts: Facts, _known: Known) -> Given | None:
    words = _touched(facts, What.DATA)
    text, sure = _stated(facts.one, Part.DATA)
    lines = [f"{facts.called(word.name)} ({HITS[word.hit]})" for word in words]
    doubt = any(word.hit is Hit.SUSPECTED for word in words) or (bool(text) and not sure)
    return _text([*lines, text], "touched", doubt=doubt)


def _followed(facts: Facts) -> list[str]:
    """The reflex sheets that were begun, in order."""
    return list(dict.fromkeys(step.partition(".")[0] for step in facts.one.followed))


def _nature(facts: Facts, _known: Known) -> Given:
    found = {code for sheet in _followed(facts) for code in NATURE.get(sheet, ())}
    told = tuple(code for code in ("confidentiality", "integrity", "availability") if code in found)
    return Given(told, "reflex", doubt=True)


def _origin(facts: Facts, _known: Known) -> Given | None:
    sheets = _followed(facts)
    return Given((ORIGIN.get(sheets[0], "hacking"),), "reflex", doubt=True) if sheets else None


def _cause(facts: Facts, _known: Known) -> Given | None:
    if "insider" in _followed(facts):
        return Given(("internal_malicious",), "reflex", doubt=True)
    code = {Answer.YES: "external_malicious", Answer.UNKNOWN: "unknown"}.get(_answer(facts, "malicious") or Answer.NO)
    return Given((code,), "answers", doubt=True) if code else None


def _malicious(facts: Facts, _known: Known) -> Given | None:
    answer = _answer(facts, "malicious")
    code = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "suspected"}
    return None if answer is None else Given((code[answer],), "answers", answer is not Answer.NO)


def _kinds(facts: Facts, _known: Known) -> Given | None:
    """The five kinds of the decree, as far as the triage tells them."""
    care, service = _answer(facts, "patient_risk"), _answer(facts, "service_or_health_data")
    maybe = {Answer.YES, Answer.UNKNOWN}
    told = (*(("a",) if care in maybe else ()), *(("b", "c") if service in maybe else ()))
    return Given(told, "answers", doubt=True) if told else None


def _patients(facts: Facts, _known: Known) -> Given | None:
    answer = _answer(facts, "patient_risk")
    code = {Answer.YES: "potential", Answer.NO: "none", Answer.UNKNOWN: "potential"}
    return None if answer is None else Given((code[answer],), "answers", answer is not Answer.NO)


def _on_health(values: Values) -> Source:
    """What follows where health data may be concerned."""

    def source(facts: Facts, _known: Known) -> Given | None:
        answer = _answer(facts, "service_or_health_data")
        return Given(values, "answers", doubt=True) if answer in {Answer.YES, Answer.UNKNOWN} else None

    return source


def _systems_kinds(facts: Facts, _known: Known) -> Given | None:
    found = dict.fromkeys(SYSTEMS[sheet] for sheet in _followed(facts) if sheet in SYSTEMS)
    return Given(tuple(found), "reflex", doubt=True) if found else None


def _handling(facts: Facts, _known: Known) -> Given:
    rank = facts.one.state.rank
    code = "resolved" if rank >= State.RECOVERED.rank else "contained" if rank >= State.CONTAINED.rank else "ongoing"
    return Given((code,), "incident")


def _done(facts: Facts, _known: Known) -> Given | None:
    """Decisions, and steps of reflex sheets that were done, so far as the last word on each."""
    one = facts.one
    last = {entry.place for entry in one.followed.values()}
    stands = (e for e in facts.log if e.place not in one.struck and (e.place in last or isinstance(e.word, Decided)))
    return _text((_act(entry) for entry in stands), "log")


def _act(entry: Entry) -> str:
    match entry.word:
        case Decided(what):
            return what
        case Followed(step, Gesture.DONE) if found := step_of(step):
            return f"Fait\N{NO-BREAK SPACE}: {found.fr}"
        case _:
            return ""


def _tasks(*, lesson: bool) -> Source:
    def source(facts: Facts, _known: Known) -> Given | None:
        return _text(
            [task.text for task in facts.one.tasks if isinstance(task.word, Asked) and task.word.lesson is lesson],
            "tasks",
        )

    return source


def _informed(facts: Facts, _known: Known) -> Given | None:
    if _sent(facts, "ART34"):
        return Given(("yes",), "sent_others")
    code = {Answer.YES: "later", Answer.NO: "never", Answer.UNKNOWN: "unknown"}
    answer = _answer(facts, "high_risk")
    return None if answer is None else Given((code[answer],), "answers", doubt=True)


def _informed_at(facts: Facts, _known: Known) -> Given | None:
    sent = _sent(facts, "ART34")
    return Given((written(sent[0].at.astimezone(PARIS)),), "sent_others") if sent else None


def _sent(facts: Facts, duty: str) -> list[Sent]:
    return [each.word for each in facts.one.sent if isinstance(each.word, Sent) and each.word.duty == duty]


def _others_told(facts: Facts, _known: Known) -> Given | None:
    found = {each.word.duty for each in facts.one.sent if isinstance(each.word, Sent)} & TOLD
    return Given(tuple(sorted(found)) or ("none",), "sent_others")


def _band(_facts: Facts, known: Known) -> Given | None:
    (count,) = known.get("people_count") or ("",)
    code = next((code for most, code in BANDS if count and int(count) <= most), "more")
    return Given((code,), "reckoned") if count else None


def _documents(facts: Facts, _known: Known) -> Given | None:
    """What was attached, but for copies of notifications."""
    copies = {entry.word.copy for entry in facts.one.sent if isinstance(entry.word, Sent)}
    words = (entry.word for entry in facts.log if entry.place not in {*facts.one.struck, *copies})
    return _text([f"{word.name} (SHA-256 {word.digest})" for word in words if isinstance(word, Attached)], "log")


def _day(facts: Facts, _known: Known) -> Given | None:
    at = facts.one.moment(Moment.AWARE)
    on = at.astimezone(PARIS) if at else None
    return Given((f"le {on.day} {MONTHS[on.month - 1]} {on.year}",), "incident") if on else None


def _chronology(facts: Facts, _known: Known) -> Given | None:
    """What people noted and decided, a line each."""
    return _text([f"{_clock(e.at)} – {said}" for e in facts.log for said in _told(e, facts.one)], "log")


def _told(entry: Entry, one: Incident) -> list[str]:
    if entry.place in one.struck:
        return []
    match entry.word:
        case Opened(title):
            return [" – ".join(filter(None, (title, entry.text)))]
        case Noted():
            return [entry.text]
        case Decided(what):
            return [f"Décision\N{NO-BREAK SPACE}: {what}"]
        case _:
            return []


def _clock(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M}"


def _clues(facts: Facts, _known: Known) -> Given | None:
    words = [entry.word for entry in facts.one.clues if isinstance(entry.word, Marked)]
    return _text([f"{CLUES[word.clue]}\N{NO-BREAK SPACE}: {word.value}" for word in words], "touched")


def _receipts(facts: Facts, _known: Known) -> Given | None:
    words = [entry.word for entry in facts.one.sent if isinstance(entry.word, Sent)]
    names = {duty.id: duty.to.fr for duty in duties()}
    lines = [f"{names.get(word.duty, word.duty)} – {_clock(word.at)} {word.receipt}" for word in words]
    return _text(lines, "sent_others")


SOURCES: Mapping[str, Source] = {
    "sector": lambda _facts, _known: Given(("Santé : cabinet d’imagerie médicale",), "usual", doubt=True),
    "occurred": _moment(Moment.OCCURRED),
    "detected": _moment(Moment.DETECTED),
    "aware": _moment(Moment.AWARE),
    "surety": _surety,
    "ongoing": _ongoing,
    "seen": _seen,
    "story": _story,
    "entry": _entry,
    "systems": _systems,
    "data": _data,
    "nature": _nature,
    "origin": _origin,
    "cause": _cause,
    "malicious": _malicious,
    "kinds": _kinds,
    "patients": _patients,
    "sensitive": _on_health(("health",)),
    "people": _on_health(("patients",)),
    "data_kinds": _on_health(("identity", "contact")),
    "data_impact": _nature,
    "systems_kinds": _systems_kinds,
    "handling": _handling,
    "done": _done,
    "tasks": _tasks(lesson=False),
    "lessons": _tasks(lesson=True),
    "informed": _informed,
    "informed_at": _informed_at,
    "others_told": _others_told,
    "band": _band,
    "documents": _documents,
    "day": _day,
    "chronology": _chronology,
    "clues": _clues,
    "receipts": _receipts,
}
"""What fills a field beforehand. Names that are not here are what the register gives."""
REGISTER = ("practice", "staff", "declarant", "declarant_role", "declarant_phone", "declarant_email", "dpo", "insurer",
            "contracts", "providers", "technical", "supports", "in_place")  # fmt: skip
