"""One published log-in typed into a page's own form, after a made-up one was seen refused; success is never guessed.

A log-in ``works`` where three things hold: the answer is not the one that the made-up log-in got; with what the answer
gave, the page of the log-in asks for none any more, while a stranger is still asked; and a session shows (a way out,
a new password asked for, a cookie that the refusal did not give). It is ``refused`` where the answer is the same, and
what was typed is what was sent: a program in the page might have sent something else. All between is ``unclear``.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from string import ascii_lowercase

from negatoscope.observe.defaults.page import Form, Shown, Visitor, forms, log_in, passwords_asked
from negatoscope.observe.defaults.pairs import Pair
from negatoscope.observe.defaults.web import LOCK, LOCKED, OK, REDIRECT, Web

RESTS = 3
"""Pauses after the made-up log-in: some pages refuse everything for a moment after a wrong one."""
SAYS_NO = frozenset({200, 401})
"""Another status may be about the form itself, not about the log-in."""
_WAY_OUT = re.compile(r"log[-_ ]?out|log[-_ ]?off|sign[-_ ]?out|d[ée]connex|abmelden", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]{0,500}?\bhref\s*=\s*[\"']?([^\s\"'<>]{1,500})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a page refuses, and the name that was made up for it."""

    shown: Shown
    name: str


@dataclass
class Forms:
    """The log-in forms of one server. ``rest`` is called between two log-ins; ``take`` asks for leave to send one."""

    web: Web
    rest: Callable[[], None]
    take: Callable[[str], bool]
    """Given the name of the account; it says no where one more could lock it."""
    _refusals: dict[str, "Refusal | str"] = field(default_factory=dict)

    def attempt(self, pair: Pair) -> str:
        """``works``, ``refused``, ``locked``, ``unclear``, ``postponed`` (nothing was sent). At most two are sent."""
        visitor = Visitor(self.web)
        found = self._form(visitor, pair)
        if found is None:
            return "unclear"
        refusal = self._refusal(pair, found[1])
        if isinstance(refusal, str):
            return refusal
        if not self.take(pair.username):
            return "postponed"
        for _ in range(RESTS):
            self.rest()
        visitor = Visitor(self.web)
        again = self._form(visitor, pair)
        if again is None:
            return "unclear"
        page, form = again
        answer = visitor.send(form, pair.username, pair.password)
        return self._weighed(pair, visitor, (page, form, answer), refusal)

    def _form(self, visitor: Visitor, pair: Pair) -> tuple[Shown, Form] | None:
        """The page and its form; ``None``: none that this log-in fits."""
        page = visitor.open(pair.path)
        form = log_in(visitor, page) if page else None
        return (page, form) if page and form and (pair.username or not form.username) else None

    def _refusal(self, pair: Pair, form: Form) -> Refusal | str:
        """How this page refuses a log-in that nobody has; or why it is not known."""
        if pair.path not in self._refusals:
            self._refusals[pair.path] = self._refused(pair, form)
        return self._refusals[pair.path]

    def _refused(self, pair: Pair, form: Form) -> Refusal | str:
        made_up = "nobody" + "".join(secrets.choice(ascii_lowercase) for _ in range(6))
        if not self.take(made_up if form.username else pair.username):
            return "postponed"
        visitor = Visitor(self.web)
        found = self._form(visitor, pair)
        if found is None:
            return "unclear"
        page, form = found
        answer = visitor.send(form, made_up, secrets.token_hex(6))
        if answer is None or self._asks(visitor, pair) is not True:
            return "locked" if answer and _locked(answer, page) else "unclear"
        return "locked" if _locked(answer, page) else Refusal(answer, made_up)

    def _weighed(self, pair: Pair, visitor: Visitor, tried: tuple[Shown, Form, Shown | None], refusal: Refusal) -> str:
        page, form, answer = tried
        if answer is None:
            return "unclear"
        same = _alike(answer, refusal, pair.username)
        inside = None if same else visitor.open(pair.path)
        works = inside is not None and self._proves(pair, visitor, (answer, inside), refusal.shown)
        if inside is not None:
            _leave(visitor, inside if _WAY_OUT.search(inside.body) else answer)
        if works:
            return "works"
        if _locked(answer, page):
            return "locked"
        understood = (form.plain or pair.plain) and not visitor.lost and answer.status in SAYS_NO
        return "refused" if same and understood and self._asks(visitor, pair) else "unclear"

    def _proves(self, pair: Pair, visitor: Visitor, seen: tuple[Shown, Shown], refusal: Shown) -> bool:
        """A session shows that a stranger has not."""
        answer, inside = seen
        if not OK <= inside.status < REDIRECT or log_in(visitor, inside) is not None:
            return False
        way_out = _WAY_OUT.search(inside.body + answer.body) and not _WAY_OUT.search(refusal.body)
        renewed = passwords_asked(inside) > 1 or passwords_asked(answer) > 1
        given = bool(answer.gave - refusal.gave) and not LOCK.search(answer.words + inside.words)
        return bool(way_out or renewed or given) and self._asks(Visitor(self.web), pair) is True

    @staticmethod
    def _asks(visitor: Visitor, pair: Pair) -> bool | None:
        """Whether the page asks this visitor for a log-in; ``None``: it says nothing."""
        page = visitor.open(pair.path)
        return None if page is None else log_in(visitor, page) is not None


def _alike(answer: Shown, refusal: Refusal, username: str) -> bool:
    """The same answer, whatever its numbers, dates, tokens, and the names typed."""
    one, other = answer, refusal.shown
    names = re.compile("|".join(re.escape(name.casefold()) for name in (refusal.name, username) if name))
    place = one.path.partition("?")[0] == other.path.partition("?")[0]
    return place and one.status == other.status and names.sub("", one.words) == names.sub("", other.words)


def _locked(answer: Shown, before: Shown) -> bool:
    return answer.status in LOCKED or bool(LOCK.search(answer.words) and not LOCK.search(before.words))


def _leave(visitor: Visitor, page: Shown) -> None:
    """Close the session that was opened: many devices have room for one."""
    for form in forms(page.body):
        to = visitor.within(page.path, form.says.get("action", ""))
        if to and _WAY_OUT.search(to):
            hidden = tuple((says.get("name", ""), says.get("value", "")) for _, says in form.inputs)
            visitor.send(Form(to, hidden, "", "leave", plain=True), "", "1")
            return
    for link in _LINK.findall(page.body):
        to = visitor.within(page.path, link)
        if to and _WAY_OUT.search(to):
            visitor.open(to)
            return
