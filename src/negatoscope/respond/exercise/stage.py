"""The clock of an exercise, what comes by it, and what may be said in one. Pure."""

from datetime import UTC, datetime, timedelta

from negatoscope.model.exercise import Chosen, Finished, Injected, Kept, Paced, Staged
from negatoscope.model.incident import Chained, Incident, Word
from negatoscope.respond.exercise.scenario import RATES, Inject, Scenario, scenarios


def scenario(one: Incident) -> Scenario | None:
    """What an exercise plays; ``None``: it is none, or its scenario is no longer shipped."""
    return scenarios().get(one.exercise)


def pace(one: Incident) -> Paced | None:
    """How the clock was last set."""
    word = one.paces[-1].word if one.paces else None
    return word if isinstance(word, Paced) else None


def showing(one: Incident, real: datetime) -> datetime:
    """What time it is in an incident: by the clock of an exercise, which stops at its end; else the world's."""
    last, played = pace(one), scenario(one)
    if last is None:
        return real
    if one.finished is not None:
        return one.finished.at
    at = last.at.astimezone(UTC) + max(real - last.real, timedelta()) * last.rate
    return at if played is None else min(at, ends(one, played))


def ends(one: Incident, played: Scenario) -> datetime:
    """When the clock of an exercise stops by itself."""
    return one.opened.at.astimezone(UTC) + played.length


def comes(one: Incident, inject: Inject) -> datetime:
    """When something comes, by the exercise's clock."""
    return one.opened.at.astimezone(UTC) + timedelta(minutes=inject.minutes)


def waiting(one: Incident) -> tuple[Inject, ...]:
    """What has not come yet, the next first."""
    played = scenario(one)
    left = [inject for inject in played.inject if inject.id not in one.came] if played is not None else []
    return () if one.finished is not None else tuple(sorted(left, key=lambda inject: inject.minutes))


def whole(one: Incident) -> bool:
    """Everything of the scenario came."""
    played = scenario(one)
    return played is not None and all(inject.id in one.came for inject in played.inject)


def due(one: Incident, real: datetime) -> tuple[Inject, ...]:
    """What comes now or should have come, in order."""
    return tuple(inject for inject in waiting(one) if comes(one, inject) <= showing(one, real))


def refusal(one: Incident, word: Word) -> str | None:
    """Why something cannot be said: an exercise's words belong to exercises, and nothing to one that is over."""
    if not one.exercise:
        return "no_exercise" if isinstance(word, Staged) else None
    if isinstance(word, Kept):
        return None if one.finished is not None and one.kept is None else "finished"
    if one.finished is not None:
        return None if isinstance(word, Chained) else "finished"
    return _staged(one, word) if isinstance(word, Staged) else None


def _staged(one: Incident, word: Paced | Injected | Chosen | Finished) -> str | None:
    played = scenario(one)
    match word:
        case Paced(rate=rate) if rate not in {0, *RATES}:
            return "rate"
        case Injected(inject) if inject in one.came or played is None or played.named(inject) is None:
            return "inject"
        case Chosen(inject) if inject in one.chosen:
            return "chosen"
        case Chosen(inject, choice):
            asked = played.named(inject) if played is not None and inject in one.came else None
            return None if asked and choice in {each.id for each in asked.choice} else "choice"
    return None
