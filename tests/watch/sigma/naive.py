"""Sigma taken at its word, slowly: rules as written, records as they stand, no tree and no anchor. For comparison."""

import re
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

TOKEN = re.compile(r"[()]|[^\s()]+")


def matches(rule: dict[str, Any], record: dict[str, Any]) -> bool:
    """Whether a record is as the rule's condition asks."""
    detection = rule["detection"]
    names = [name for name in detection if name != "condition"]
    words = []
    tokens = TOKEN.findall(detection["condition"])
    while tokens:
        token = tokens.pop(0)
        if token in ("1", "all") and tokens and tokens[0] == "of":
            tokens.pop(0)
            pattern = tokens.pop(0).replace("them", "*").replace("*", ".*")
            chosen = [str(asked(detection[name], record)) for name in names if re.fullmatch(pattern, name)]
            words.append(f"({(' or ' if token == '1' else ' and ').join(chosen)})")
        elif token in names:
            words.append(str(asked(detection[token], record)))
        else:
            words.append(token)
    return bool(eval(" ".join(words)))  # words of True, False, and, or, not


def asked(what: object, record: dict[str, Any]) -> bool:
    """Whether a record is as one detection asks."""
    if isinstance(what, dict):
        return all(field_asked(key, value, record) for key, value in what.items())
    if isinstance(what, list):
        return any(asked(one, record) if isinstance(one, dict) else keyword(one, record) for one in what)
    return keyword(what, record)


def keyword(wanted: object, record: dict[str, Any]) -> bool:
    return any(
        like(texts(wanted)[0], text, cased=False, before=True, after=True)
        for value in record.values()
        for text in texts(value)
    )


def texts(value: object) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in several if one is not None]


def like(pattern: str, text: str, *, cased: bool, before: bool = False, after: bool = False) -> bool:
    """Wildcards, and backslashes before them; ``before`` and ``after`` open the ends."""
    if not cased:
        pattern, text = pattern.casefold(), text.casefold()
    words = {"*": ".*", "?": ".", "\\*": r"\*", "\\?": r"\?", "\\\\": r"\\"}
    parts = re.findall(r"\\[\\*?]|[*?]|.", pattern, re.DOTALL)
    inner = "".join(words.get(part, re.escape(part)) for part in parts)
    return bool(re.fullmatch(f"{'.*' * before}{inner}{'.*' * after}", text, re.DOTALL))


def field_asked(key: str, wanted: object, record: dict[str, Any]) -> bool:
    name, *modifiers = key.split("|")
    found = values(name, record)
    several = wanted if isinstance(wanted, list) else [wanted]
    answers = [one_asked(one, modifiers, found, record) for one in several]
    answer = all(answers) if "all" in modifiers else any(answers)
    return not answer if "neq" in modifiers else answer


def values(name: str, record: dict[str, Any]) -> list[str]:
    return [text for own, value in record.items() if own.lower() == name.lower() for text in texts(value)]


def one_asked(wanted: object, modifiers: list[str], found: list[str], record: dict[str, Any]) -> bool:
    if "exists" in modifiers:
        return any(found) is wanted
    if wanted is None:
        return not any(found)
    return any(value_asked(wanted, modifiers, value, record) for value in found)


def value_asked(wanted: object, modifiers: list[str], value: str, record: dict[str, Any]) -> bool:
    if "re" in modifiers:
        return bool(re.search(str(wanted), value, re.IGNORECASE if "i" in modifiers else 0))
    if "cidr" in modifiers:
        return inside(str(wanted), value)
    if "fieldref" in modifiers:
        return any(compared(like_literal(other), modifiers, value) for other in values(str(wanted), record))
    for name, order in (("lt", "__lt__"), ("lte", "__le__"), ("gt", "__gt__"), ("gte", "__ge__")):
        if name in modifiers:
            return number(value) is not None and getattr(number(value), order)(float(str(wanted)))
    text = texts(wanted)[0]
    if set(text) <= {"*"} and (text or {"contains", "startswith", "endswith"} & set(modifiers)):
        return value != ""
    return any(compared(one, modifiers, value) for one in dashes(text, modifiers))


def like_literal(text: str) -> str:
    return re.sub(r"([\\*?])", r"\\\1", text)


def compared(text: str, modifiers: list[str], value: str) -> bool:
    before, after = bool({"contains", "endswith"} & set(modifiers)), bool({"contains", "startswith"} & set(modifiers))
    return like(text, value, cased="cased" in modifiers, before=before, after=after)


def dashes(text: str, modifiers: list[str]) -> Iterable[str]:
    if "windash" not in modifiers:
        return (text,)
    return {re.sub(r"(?<!\w)[-/](?=\w)", dash, text) for dash in "-/–—―"} | {text}


def inside(network: str, value: str) -> bool:
    try:
        return ip_address(value) in ip_network(network)
    except ValueError:
        return False


def number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
