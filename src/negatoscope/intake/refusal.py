"""What a receiver does not take, said by a code that the sender's own log will show."""

TOO_LARGE = 413


class Refused(Exception):  # noqa: N818 -- the house's word: an answer, not a crash
    """Nothing of this post is kept. ``code`` names why; ``status`` is the HTTP answer."""

    def __init__(self, code: str, status: int = 400) -> None:
        """Keep the code and the HTTP status."""
        super().__init__(code)
        self.code = code
        self.status = status
