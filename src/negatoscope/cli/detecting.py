"""``negatoscope detect``: Sigma rules against files of logs. Needs no console, no database and no Django."""

import argparse
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from negatoscope.cli.helping import helped
from negatoscope.kit.terminal import language
from negatoscope.watch.sigma.detect import Match, Scan, Wanted
from negatoscope.watch.sigma.keep import ruleset_of
from negatoscope.watch.sigma.tree import Refused, Ruleset, Source

USAGE = 2
FAILED = 1


def main(arguments: Sequence[str]) -> int:
    """Match; 0 whether or not anything did, 1 if a file is not there, 2 if the command line is wrong."""
    asked = parser().parse_args(arguments)
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())[language()]
    try:
        ruleset = ruleset_of([asked.rules, *asked.more_rules], None if asked.no_cache else _cache())
        scan = Scan(ruleset, Wanted(asked.source, max(1, asked.jobs)))
        if asked.refused:
            _write_refused(asked.refused, ruleset.refused)
        _tell(scan.matches(asked.logs), as_json=asked.json)
    except FileNotFoundError as error:
        sys.stderr.write(words["absent"].format(error.filename or error) + "\n")
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    _count(ruleset, scan.counts, words)
    return 0


def parser() -> argparse.ArgumentParser:
    """What the verb takes."""
    said = helped("detect")
    words = argparse.ArgumentParser(prog="negatoscope detect", description=said("does"))
    words.add_argument("rules", type=Path, metavar="RULES", help=said("rules"))
    words.add_argument("logs", type=Path, nargs="+", metavar="LOGS", help=said("logs"))
    words.add_argument("--more-rules", type=Path, action="append", default=[], metavar="RULES", help=said("more"))
    words.add_argument("--json", action="store_true", help=said("json"))
    words.add_argument("--source", type=_source, metavar="PRODUCT/SERVICE/CATEGORY", help=said("source"))
    words.add_argument("--refused", type=Path, metavar="FILE", help=said("refused"))
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help=said("jobs"))
    words.add_argument("--no-cache", action="store_true", help=said("anew"))
    return words


def _source(text: str) -> Source:
    parts = [part or None for part in text.split("/")]
    if len(parts) > 3:  # noqa: PLR2004 -- product, service, category
        raise argparse.ArgumentTypeError(text)
    return Source(*parts)


def _cache() -> Path:
    """Where compiled rules are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "negatoscope" / "sigma"


def _tell(matches: Iterable[Match], *, as_json: bool) -> None:
    """One line a match."""
    out = sys.stdout.buffer
    for match in matches:
        rule = match.rule
        if as_json:
            told = {
                "rule": rule.id, "title": rule.title, "level": rule.level,
                "file": match.file, "record": match.record, "time": match.time,
            }  # fmt: skip
            out.write(orjson.dumps(told) + b"\n")
        else:
            line = (
                f"{rule.level:<13} {match.time or '–':<32} {_clean(rule.title)}  {_clean(match.file)}:{match.record}\n"
            )
            out.write(line.encode(errors="replace"))
    out.flush()


def _clean(text: str) -> str:
    """Text without the controls that would move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _count(ruleset: Ruleset, counts: Counter[str], words: dict[str, str]) -> None:
    """What was done, on standard error."""
    lines = [words["rules"].format(len(ruleset.rules) + len(ruleset.counted), len(ruleset.refused))]
    lines += [
        words["refused"].format(number, words.get(code, code))
        for code, number in Counter(one.code for one in ruleset.refused).most_common()
    ]
    lines.append(words["read"].format(counts["records"], counts["files"], counts["matches"]))
    lines += [words["left"].format(counts[code], words[code]) for code in LEFT if counts[code]]
    sys.stderr.write("\n".join(lines) + "\n")


LEFT = (
    "no_log", "unreadable_files", "too_large", "unreadable", "too_long", "damaged", "undated", "not_correlated",
)  # fmt: skip


def _write_refused(path: Path, refused: Iterable[Refused]) -> None:
    """Which rules cannot run: one object a rule."""
    path.write_bytes(
        b"".join(
            orjson.dumps(
                {"rule": one.rule, "title": one.title, "path": one.path, "code": one.code, "values": one.values}
            )
            + b"\n"
            for one in refused
        )
    )
