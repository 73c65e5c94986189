"""How old a password may become, by the profile that the practice chose."""

from collections.abc import Iterable
from datetime import datetime

from negatoscope.judge.profiles import profiles
from negatoscope.judge.shapes import Said, not_ahead, unread
from negatoscope.model.accounts import Account, PasswordPolicy
from negatoscope.model.directory import DirectoryAccount, DirectoryPolicy
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Finding
from negatoscope.model.passwords import Profile


class Renewals:
    """One profile at one instant."""

    def __init__(self, profile: Profile, now: datetime) -> None:
        """Weigh ages at the instant ``now``."""
        self.profile = profile
        self.terms = profiles()[profile]
        self.now = now

    def of_account(self, account: Account, *, privileged: bool) -> Said:
        """Weigh the age of one computer account's password, and the limit that it has."""
        allowed = self.terms.renewal(privileged=privileged)
        if allowed is None:
            return
        if account.password is None:
            yield unread(account.ref, "password")
            return
        yield from self._within(account.ref, account.password_max_days, allowed.days, "kept_too_long")
        yield from self._aged(account.ref, account.password_set_at, allowed.days)

    def of_directory_account(self, account: DirectoryAccount) -> Said:
        """Weigh one account of a directory; one that must change its password at the next log-on is as good as new."""
        everybody = self.terms.renewal(privileged=False)
        if everybody is None and account.privileged is None:
            yield unread(account.ref, "privileged")
            return
        allowed = self.terms.renewal(privileged=bool(account.privileged))
        if allowed is None or account.password_must_change:
            return
        if account.password_never_expires is None:
            yield unread(account.ref, "password_never_expires")
        elif account.password_never_expires:
            yield self._finding(account.ref, "never_expires", {"wanted": allowed.days})
        yield from self._aged(account.ref, account.password_set_at, allowed.days)

    def limits(self, policies: Iterable[PasswordPolicy | DirectoryPolicy]) -> Said:
        """Weigh the limit that new passwords get from each policy, where the profile asks renewal of everybody."""
        allowed = self.terms.renewal(privileged=False)
        if allowed is None:
            return
        for policy in policies:
            yield from self._within(policy.ref, policy.max_days, allowed.days, "new_accounts")

    def _within(self, subject: Ref, days: int | None, wanted: int, reason: str) -> Said:
        if days is None:
            yield unread(subject, "max_days")
        elif not 0 < days <= wanted:
            yield self._finding(subject, reason, {"days": days, "wanted": wanted})

    def _aged(self, subject: Ref, at: datetime | None, wanted: int) -> Said:
        if at is None:
            yield unread(subject, "password_set_at")
        elif (self.now - at).days >= wanted:
            yield self._finding(subject, "password_old", {"on": f"{at:%Y-%m-%d}", "wanted": wanted})
        else:
            yield from not_ahead(subject, "password_set_at", at, self.now)

    def _finding(self, subject: Ref, reason: str, values: dict[str, str | int]) -> Finding:
        return Finding(subject, reason, {**values, "profile": self.profile})
