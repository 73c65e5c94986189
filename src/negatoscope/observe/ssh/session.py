"""One SSH session, in small steps: each is bounded in time and size, and asks whether it is to stop while it waits."""

import asyncio
import shlex
import stat
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar, cast

import asyncssh

from negatoscope.observe.child import MAX_ERROR_BYTES, PATH
from negatoscope.observe.collector import Login, Unreachable

T = TypeVar("T")
CONNECT_SECONDS = 15.0
STEP_SECONDS = 20.0
POLL_SECONDS = 0.2
FOREVER = float("inf")
CHUNK = 32 * 1024
PATIENCE = 20
TIMED_OUT = 124
"""The exit code of ``timeout``."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where to knock, as whom, and the one host key that is accepted (OpenSSH line; ``None``: none yet)."""

    address: str
    port: int
    login: Login
    host_key: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """How a remote command ended."""

    code: int
    out: bytes
    error: str
    whole: bool = True


class TooLarge(Exception):  # noqa: N818 -- what it is
    """A file or an answer beyond the size allowed."""


class Session:
    """A connection, used one channel at a time: some servers allow no more."""

    def __init__(self, runner: asyncio.Runner, tick: Callable[[], None]) -> None:
        """Use ``opened``."""
        self._runner, self.tick = runner, tick
        self._chain: list[asyncssh.SSHClientConnection] = []
        self._files: asyncssh.SFTPClient | None = None

    def dial(self, door: Door) -> Self:
        """Go through one door, from behind the one before. Raises Unreachable."""
        tunnel = self._chain[-1] if self._chain else None
        self._chain.append(self._step(_connected(door, tunnel), CONNECT_SECONDS * 2))
        return self

    def run(self, argv: tuple[str, ...], seconds: float, max_bytes: int) -> Said:
        """Run one command, its words quoted, in an environment of its own. Raises Unreachable when the line is cut."""
        self._close_files()
        words = ("env", "-i", f"PATH={PATH}", "LC_ALL=C", "timeout", "-k", "2", f"{seconds:g}", *argv)
        return self._step(self._ran(shlex.join(words), max_bytes), seconds + STEP_SECONDS)

    async def _ran(self, line: str, max_bytes: int) -> Said:
        connection = self._chain[-1]
        async with await _patiently(
            lambda: connection.create_process(line, encoding=None, stdin=asyncssh.DEVNULL)
        ) as process:
            reading = asyncio.gather(
                _some(process.stdout, max_bytes), _some(process.stderr, MAX_ERROR_BYTES, drain=True)
            )
            try:
                out, error = await reading
            except TooLarge:
                reading.cancel()
                process.kill()
                return Said(0, b"", "", whole=False)
            await process.wait()
        code = -1 if process.exit_status is None else process.exit_status
        return Said(code, out, error.decode("utf-8", "replace"))

    def pour(self, argv: tuple[str, ...], take: Callable[[bytes], None]) -> Said:
        """Run one command for as long as it goes on telling, and hand over what it says as it comes.

        Raises Unreachable: the line is cut, or nothing came for ``STEP_SECONDS``; and what ``take`` raises.
        """
        self._close_files()
        line = shlex.join(("env", "-i", f"PATH={PATH}", "LC_ALL=C", *argv))
        return self._step(self._poured(line, take), FOREVER)

    async def _poured(self, line: str, take: Callable[[bytes], None]) -> Said:
        connection = self._chain[-1]
        async with await _patiently(
            lambda: connection.create_process(line, encoding=None, stdin=asyncssh.DEVNULL)
        ) as process:
            try:
                while chunk := await asyncio.wait_for(process.stdout.read(CHUNK), STEP_SECONDS):
                    take(chunk)
                error = await asyncio.wait_for(process.stderr.read(MAX_ERROR_BYTES), STEP_SECONDS)
                await asyncio.wait_for(process.wait(), STEP_SECONDS)
            except BaseException:
                connection.abort()  # a server that says nothing would not end the channel either
                raise
        code = -1 if process.exit_status is None else process.exit_status
        return Said(code, b"", error.decode("utf-8", "replace"))

    def is_file(self, path: str) -> bool:
        """Whether a regular file is there. Raises OSError, as the file system would."""
        mode = self._asked(lambda files: files.stat(_raw(path))).permissions
        return mode is not None and stat.S_ISREG(mode)

    def read(self, path: str, max_bytes: int) -> bytes:
        """A file's content. Raises OSError, TooLarge."""
        return self._asked(lambda files: _content(files, path, max_bytes))

    def listed(self, path: str) -> list[str]:
        """The names in a folder. Raises OSError."""
        found = self._asked(lambda files: files.listdir(_raw(path)))
        return sorted(name for one in found if (name := _text(one)) not in {".", ".."})

    def exists(self, path: str) -> None:
        """Raise OSError where a path is not there, or may not be looked at."""
        self._asked(lambda files: files.lstat(_raw(path)))

    def link(self, path: str) -> bytes:
        """Where a symbolic link points. Raises OSError."""
        return self._asked(lambda files: files.readlink(_raw(path)))

    def _asked(self, question: Callable[[asyncssh.SFTPClient], Coroutine[Any, Any, T]]) -> T:
        if self._files is None:
            self._files = self._step(_files_of(self._chain[-1]), STEP_SECONDS)
        try:
            return self._step(question(self._files), STEP_SECONDS)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
            raise FileNotFoundError from error
        except asyncssh.SFTPPermissionDenied as error:
            raise PermissionError from error
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
            raise Unreachable("ssh_cut") from error
        except asyncssh.SFTPError as error:
            raise OSError(error.code, error.reason) from error

    def _close_files(self) -> None:
        if self._files is not None:
            files, self._files = self._files, None
            files.exit()
            self._step(files.wait_closed(), STEP_SECONDS)

    def close(self) -> None:
        """Hang up, the last door first."""
        for connection in reversed(self._chain):
            connection.abort()
            with suppress(Exception):  # the line may be cut already: nothing is left to say
                self._runner.run(asyncio.wait_for(connection.wait_closed(), 2))

    def _step(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        try:
            return self._waited(work, seconds)
        except TimeoutError as error:
            raise Unreachable("timed_out") from error
        except (asyncssh.ConnectionLost, ConnectionError, BrokenPipeError) as error:
            raise Unreachable("ssh_cut") from error
        except (asyncssh.ChannelOpenError, asyncssh.DisconnectError) as error:
            raise Unreachable("ssh_cut", code=error.code) from error

    def _waited(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Wait, asking now and then whether to stop: between two turns of the event loop, never from inside it.

        What is told of the progress may end in a database that refuses to be spoken to from there.
        """
        clock = self._runner.get_loop().time
        task, end = self._runner.get_loop().create_task(work), clock() + seconds
        try:
            while not self._runner.run(_done(task, POLL_SECONDS)):
                self.tick()
                if clock() > end:
                    raise TimeoutError
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                self._runner.run(_done(task, 1))


async def _done(task: "asyncio.Task[Any]", seconds: float) -> bool:
    """Give a task some time; returns whether it has ended."""
    return bool((await asyncio.wait({task}, timeout=seconds))[0])


@contextmanager
def opened(doors: tuple[Door, ...], tick: Callable[[], None]) -> Iterator[Session]:
    """A session through these doors, the last one the host to look at. Raises Unreachable."""
    with asyncio.Runner() as runner:
        session = Session(runner, tick)
        try:
            for door in doors:
                session.dial(door)
            yield session
        finally:
            session.close()


def host_key_of(address: str, port: int) -> str:
    """The key that a host shows, as an OpenSSH line; nobody logs in. Raises Unreachable."""
    try:
        key = asyncio.run(asyncio.wait_for(asyncssh.get_server_host_key(address, port, config=None), CONNECT_SECONDS))
    except (OSError, TimeoutError, asyncssh.Error) as error:
        raise Unreachable("unreachable") from error
    if key is None:
        raise Unreachable("unreachable")
    return line_of(key)


def line_of(key: asyncssh.SSHKey) -> str:
    """Algorithm and key, without a comment."""
    return " ".join(key.export_public_key().decode().split()[:2])


def fingerprint(line: str) -> str:
    """``SHA256:…`` as ``ssh-keygen -l`` prints it. Raises ValueError for what is no key."""
    try:
        return asyncssh.import_public_key(line).get_fingerprint()
    except asyncssh.KeyImportError as error:
        raise ValueError(line) from error


class _Watch(asyncssh.SSHClient):
    """Accepts one key and no other, and remembers which one was shown."""

    def __init__(self, expected: str | None) -> None:
        self.expected, self.shown = expected, ""

    def validate_host_public_key(self, _host: str, _addr: str, _port: int, key: asyncssh.SSHKey) -> bool:
        """Whether this is the key that a person accepted."""
        self.shown = line_of(key)
        return self.shown == self.expected


async def _connected(door: Door, tunnel: asyncssh.SSHClientConnection | None) -> asyncssh.SSHClientConnection:
    watch = _Watch(door.host_key)
    try:
        connection, _ = await asyncssh.create_connection(
            lambda: watch,
            door.address,
            door.port,
            tunnel=tunnel or (),
            config=None,
            known_hosts=([], [], []),
            server_host_key_algs=_algorithms(door.host_key),
            username=door.login.username,
            agent_path=None,
            gss_host=None,
            connect_timeout=CONNECT_SECONDS,
            login_timeout=CONNECT_SECONDS,
            **_secret(door.login),
        )
    except asyncssh.PermissionDenied as error:
        raise Unreachable("login_refused") from error
    except asyncssh.HostKeyNotVerifiable as error:
        raise _stranger(door, watch.shown) from error
    except asyncssh.KeyExchangeFailed as error:
        raise Unreachable("ssh_no_common_way") from error
    except (OSError, asyncssh.Error) as error:
        raise Unreachable("unreachable") from error
    return connection


def _algorithms(line: str | None) -> Any:  # noqa: ANN401 -- asyncssh's default is a private object
    """Ask for the kind of key that was accepted, so that a host with several shows the same one again."""
    kind = line.partition(" ")[0] if line else ""
    return ["rsa-sha2-512", "rsa-sha2-256"] if kind == "ssh-rsa" else [kind] if kind else ()


def _secret(login: Login) -> dict[str, Any]:
    if login.private_key is None:
        return {"password": login.password, "client_keys": None, "preferred_auth": "password,keyboard-interactive"}
    try:
        key = asyncssh.import_private_key(login.private_key, login.password)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Unreachable("login_refused") from error
    return {"client_keys": [key], "preferred_auth": "publickey"}


def _stranger(door: Door, shown: str) -> Unreachable:
    if door.host_key is None:
        return Unreachable("host_key_unknown", found=fingerprint(shown))
    return Unreachable("host_key_changed", found=fingerprint(shown), expected=fingerprint(door.host_key))


async def _some(stream: "asyncssh.SSHReader[bytes]", max_bytes: int, *, drain: bool = False) -> bytes:
    """At most so many bytes, the rest poured away if ``drain``. Raises TooLarge if not."""
    taken = b""
    while chunk := await stream.read(CHUNK):
        taken += chunk
        if len(taken) > max_bytes and not drain:
            raise TooLarge
        taken = taken[: max_bytes + 1]
    return taken[:max_bytes]


async def _files_of(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    try:
        return await _patiently(connection.start_sftp_client)
    except (asyncssh.ChannelOpenError, asyncssh.SFTPError) as error:
        raise Unreachable("sftp_refused") from error


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Open a channel; a server that allows one at a time may need a moment to forget the last one."""
    for _ in range(PATIENCE):
        with suppress(asyncssh.ChannelOpenError):
            return await ask()
        await asyncio.sleep(POLL_SECONDS / 4)
    return await ask()


async def _content(files: asyncssh.SFTPClient, path: str, max_bytes: int) -> bytes:
    """Read to the end whatever size the file claims: those of the kernel claim none."""
    async with files.open(_raw(path), "rb", block_size=0) as file:
        taken = b""
        while chunk := cast("bytes", await file.read(CHUNK, len(taken))):
            taken += chunk
            if len(taken) > max_bytes:
                raise TooLarge
        return taken


def _raw(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _text(name: bytes | str) -> str:
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
