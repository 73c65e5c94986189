"""One attempt by SSH; whatever comes back, it ends."""

import asyncio
from typing import NoReturn

import asyncssh

from negatoscope.observe.defaults.pairs import Pair


class _Client(asyncssh.SSHClient):
    """Notices that a log-in is let in but for its password, which it is told to change."""

    expired = False

    def password_change_requested(self, prompt: str, lang: str) -> NoReturn:  # noqa: ARG002 -- as asyncssh asks
        self.expired = True
        raise asyncssh.PermissionDenied("expired")


def ssh(address: str, port: int, seconds: float, pair: Pair) -> str:
    """``works``, ``refused``, ``unclear``. One attempt: what was refused as a password is not sent in another way."""
    client = _Client()

    async def enter() -> None:
        async with asyncssh.connect(
            address, port, username=pair.username, password=pair.password, known_hosts=None, client_keys=None,
            config=None, agent_path=None, preferred_auth=("password", "keyboard-interactive"), connect_timeout=seconds,
            client_factory=lambda: client,
        ):  # fmt: skip
            pass

    try:
        asyncio.run(asyncio.wait_for(enter(), seconds))
    except asyncssh.PermissionDenied:
        return "works" if client.expired else "refused"
    except (OSError, asyncssh.Error, TimeoutError):
        return "works" if client.expired else "unclear"
    return "works"
