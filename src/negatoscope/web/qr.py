"""A QR code as a drawing that stands in the page itself."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.main import QRCode

QUIET = 2
"""Width of the empty border, in modules."""


def drawn(text: str, label: str) -> SafeString:
    """Draw what a telephone reads; ``label`` says it to those who do not see it."""
    code = QRCode(border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return format_html(
        '<svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges"><path d="{2}"/></svg>',
        len(rows), label, dark,
    )  # fmt: skip
