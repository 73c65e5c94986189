"""The SMTP server of the tests of mails."""

from tests.flows.letters import box, certificate, server

__all__ = ["box", "certificate", "server"]
