"""PAM: the stacks of a host, walked as libpam walks them, with every answer that a module may give.

What is not recognised for certain raises ``Unclear``: the reader then says that it does not know.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import lines
from negatoscope.observe.linux.upkeep import listed

FOLDERS = ("/etc/pam.d/*", "/usr/lib/pam.d/*")
"""A service is read in the first of them that has it."""
AUTOLOGIN = re.compile(r"(-autologin|-greeter|/gdm-launch-environment)$")
"""Services that ask nothing by design; whether anybody enters through them is the session's question."""
MAX_DEPTH = 16
_LINE = re.compile(r"^-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$", re.IGNORECASE)
_PRESETS: Mapping[str, Mapping[str, str]] = {
    "required": {"success": "ok", "ignore": "ignore", "default": "bad"},
    "requisite": {"success": "ok", "ignore": "ignore", "default": "die"},
    "sufficient": {"success": "done", "ignore": "ignore", "default": "ignore"},
    "optional": {"success": "ok", "ignore": "ignore", "default": "ignore"},
}
ANY = ("success", "fail", "ignore")


class Unclear(Exception):  # noqa: N818 -- not an error: a question left open
    """A stack that is not understood."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a PAM file."""

    control: str
    module: str
    arguments: tuple[str, ...]

    def value(self, name: str) -> str | None:
        """The last ``name=value``."""
        found = [word.partition("=")[2] for word in self.arguments if word.startswith(f"{name}=")]
        return found[-1] if found else None

    def actions(self, answer: str) -> frozenset[str]:
        """What may follow: a module fails in many ways, and each may have its own."""
        said = _PRESETS.get(self.control) or _bracketed(self.control)
        otherwise = said.get("default", "bad")
        if answer != "fail":
            return frozenset({said.get(answer, otherwise)})
        good = {"success", "ignore", "new_authtok_reqd", "default"}
        return frozenset({otherwise, *(action for code, action in said.items() if code not in good)})


def _bracketed(control: str) -> Mapping[str, str]:
    if not control.startswith("["):
        raise Unclear
    return dict(word.partition("=")[::2] for word in control.strip("[]").split())


Stack = tuple["Rule | Stack", ...]
"""A stack within a stack is a ``substack``: what ends it ends only itself."""


class State(NamedTuple):
    """Where a walk stands: libpam's impression and status, and what the caller notes on the way."""

    impression: str = "none"
    succeeds: bool = False
    marks: frozenset[str] = frozenset()

    @property
    def enters(self) -> bool:
        """PAM says yes."""
        return self.impression == "good" and self.succeeds


Answers = Callable[[Rule, State], Iterable[tuple[str, frozenset[str]]]]
"""For a module: each answer that it may give, with the marks to carry on."""


def services(sections: Sections) -> tuple[list[str], list[Section]]:
    """The file of each service; and what of them could not be read."""
    files = listed(sections, *FOLDERS)
    named: dict[str, str] = {}
    for path, section in files:
        if section.ok:
            named.setdefault(path.rpartition("/")[2], path)
    return list(named.values()), [section for _, section in files if not section.looked]


def stack(sections: Sections, path: str, kind: str, depth: int = 0) -> Stack:
    """The rules of one kind, in order, includes in their place."""
    section = sections.file(path)
    if depth > MAX_DEPTH or not section.ok:
        raise Unclear
    found: list[Rule | Stack] = []
    for line in (one.partition("#")[0].strip() for one in lines(section.text)):
        shared = re.match(r"@include\s+(\S+)$", line)
        said = _LINE.match(line)
        if shared:
            found += stack(sections, _path(sections, shared[1]), kind, depth + 1)
        elif not said:
            raise Unclear
        elif said[1].lower() == kind:
            found += _steps(sections, said, kind, depth)
    return tuple(found)


def _steps(sections: Sections, said: re.Match[str], kind: str, depth: int) -> Stack:
    control = said[2].lower()
    if control not in {"include", "substack"}:
        return (Rule(control, said[3].rpartition("/")[2], tuple(said[4].split())),)
    inner = stack(sections, _path(sections, said[3]), kind, depth + 1)
    return (inner,) if control == "substack" else inner


def _path(sections: Sections, name: str) -> str:
    if name.startswith("/"):
        return name
    places = [f"{folder.removesuffix('*')}{name}" for folder in FOLDERS]
    return next((path for path in places if sections.file(path).ok), places[0])


def rules(steps: Stack) -> Iterator[Rule]:
    """Every rule, substacks included."""
    for step in steps:
        if isinstance(step, Rule):
            yield step
        else:
            yield from rules(step)


def has(steps: Stack, module: str) -> bool:
    """Whether a module is called at all."""
    return any(rule.module == module for rule in rules(steps))


def ends(steps: Stack, answers: Answers, start: Iterable[State] = (State(),)) -> set[State]:
    """Every state in which the stack may end."""
    waiting: defaultdict[int, set[State]] = defaultdict(set, {0: set(start)})
    ended: set[State] = set()
    for place, step in enumerate(steps):
        for state in waiting.pop(place, ()):
            if not isinstance(step, Rule):
                waiting[place + 1] |= ends(step, answers, (state,))
                continue
            for skipped, after in _steps_on(step, state, answers):
                (ended if skipped is None else waiting[place + 1 + skipped]).add(after)
    if any(place > len(steps) for place in waiting):
        raise Unclear
    return ended | waiting[len(steps)]


def _steps_on(rule: Rule, state: State, answers: Answers) -> Iterator[tuple[int | None, State]]:
    """How many rules are skipped (``None``: all that follow), and the state then."""
    for answer, marks in answers(rule, state):
        for action in rule.actions(answer):
            yield _after(state._replace(marks=marks), action, answer)


def _after(state: State, action: str, answer: str) -> tuple[int | None, State]:
    if action.isdecimal():
        return int(action), state
    if action in {"bad", "die"}:
        return None if action == "die" else 0, State("bad", succeeds=False, marks=state.marks)
    if action in {"ok", "done"}:
        after = _agreed(state, answer)
        return None if action == "done" and after.impression == "good" else 0, after
    if action == "reset":
        return 0, State(marks=state.marks)
    if action == "ignore":
        return 0, state
    raise Unclear


def _agreed(state: State, answer: str) -> State:
    if answer == "ignore" or state.impression == "bad" or (state.impression == "good" and not state.succeeds):
        return state
    good = state.impression == "good" or answer == "success"
    return State("good" if good else "none", answer == "success", state.marks)


_ASKS = frozenset({
    "pam_sss.so", "pam_sss_gss.so", "pam_winbind.so", "pam_krb5.so", "pam_ldap.so", "pam_fprintd.so", "pam_u2f.so",
    "pam_systemd_home.so", "pam_pkcs11.so", "pam_google_authenticator.so", "pam_oath.so",
})  # fmt: skip
"""Modules that ask for a password, or for another proof of who is there."""
REFUSE = frozenset({"pam_unix.so", "pam_deny.so", "pam_rootok.so", "pam_timestamp.so"})
"""Modules that refuse somebody who is not root and gives no valid password of this host."""


def nothing_given(rule: Rule, state: State) -> Iterator[tuple[str, frozenset[str]]]:
    """Somebody stands there and proves nothing."""
    refuses = rule.module in REFUSE | _ASKS or "authfail" in rule.arguments
    yield from ((answer, state.marks) for answer in (("fail",) if refuses else ANY))


def no_local_password(rule: Rule, state: State) -> Iterator[tuple[str, frozenset[str]]]:
    """Somebody whose local password is locked, and who may have any other proof."""
    refuses = rule.module in REFUSE or "authfail" in rule.arguments
    yield from ((answer, state.marks) for answer in (("fail",) if refuses else ANY))


def lets_in(sections: Sections, answers: Answers) -> bool | None:
    """Whether any service may say yes; ``None`` where one is not understood."""
    paths, unread = services(sections)
    if unread or not paths:
        return None
    try:
        found = [stack(sections, path, "auth") for path in paths if not AUTOLOGIN.search(path)]
        return any(state.enters for steps in found for state in ends(steps, answers))
    except Unclear:
        return None
