"""The map in tables: hosts, networks, lines, exits, critical points; for a workbook and for paper."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from io import BytesIO

import msgspec
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from negatoscope.kit.clock import PARIS
from negatoscope.model.drawing import ADRIFT, Drawing, Layer, Node, Sort
from negatoscope.model.evidence import Ref
from negatoscope.model.family import Words
from negatoscope.model.hosts import Host
from negatoscope.prove.report.pdf import laid_out

DAY = {"fr": "%d/%m/%Y", "en": "%Y-%m-%d"}
MAX_ROWS = 50_000
PRINTED = 1500
"""Rows of one table on paper; the workbook holds all."""
SAID = {
    "hosts": Words("Équipements", "Hosts"),
    "networks": Words("Réseaux et zones", "Networks and zones"),
    "lines": Words("Liens", "Links"),
    "beyond": Words("Sorties et partenaires", "Exits and partners"),
    "critical": Words("Points critiques", "Critical points"),
    "name": Words("Nom", "Name"),
    "model": Words("Modèle", "Model"),
    "serial": Words("N° de série", "Serial number"),
    "system": Words("Système", "System"),
    "addresses": Words("Adresses", "Addresses"),
    "network": Words("Réseau", "Network"),
    "zone": Words("Zone", "Zone"),
    "from": Words("De", "From"),
    "to": Words("Vers", "To"),
    "layer": Words("Genre", "Kind"),
    "what": Words("Détail", "Detail"),
    "word": Words("Connu par", "Known by"),
    "seen": Words("Vu le", "Seen on"),
    "cut": Words("Équipements coupés sans lui", "Hosts cut off without it"),
    "reason": Words("Raison", "Reason"),
    "measured": Words("mesure", "measurement"),
    "declared": Words("déclaration", "declaration"),
    "network_layer": Words("réseau", "network"),
    "dicom_layer": Words("DICOM", "DICOM"),
    "clear_layer": Words("en clair", "in clear"),
    "talk_layer": Words("échange", "exchange"),
    "reach_layer": Words("accès", "access"),
    "title": Words("Carte du réseau", "Network map"),
    "solid": Words(
        "Trait plein : mesuré. Tirets : seulement déclaré.",
        "Solid line: measured. Dashes: declared only.",
    ),
    "more": Words("La suite est dans le classeur.", "The rest is in the workbook."),
    "none": Words("Rien à montrer.", "Nothing to show."),
}


class Annex(msgspec.Struct, frozen=True):
    """One table."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def annexes(drawing: Drawing, hosts: Mapping[Ref, Host], lang: str) -> list[Annex]:
    """Every table, in the order of a reader's questions."""
    nodes = {node.ref: node for node in drawing.nodes}
    return [
        _annex("hosts", ("name", "model", "serial", "system", "addresses", "network", "word"), lang, (
            (node.name, *_label(hosts.get(node.ref)), *_stands(node, nodes), _word(node, lang))
            for node in drawing.nodes if node.sort is Sort.HOST
        )),
        _annex("networks", ("network", "name", "zone", "word"), lang, (
            (*_stands(node, nodes)[:1], _name(node), *_stands(node, nodes)[1:], _word(node, lang))
            for node in drawing.nodes if node.sort is Sort.NETWORK
        )),
        _annex("beyond", ("name", "word"), lang, (
            (node.name, _word(node, lang)) for node in drawing.nodes if node.sort in {Sort.EXIT, Sort.PARTNER}
        )),
        _annex("critical", ("name", "cut", "reason"), lang, _critical(drawing)),
        _annex("lines", ("from", "to", "layer", "what", "word", "seen"), lang, _lines(drawing, nodes, lang)),
    ]  # fmt: skip


def _critical(drawing: Drawing) -> Iterable[tuple[str, ...]]:
    for node in drawing.nodes:
        weight = drawing.weights.get(node.ref)
        if weight or node.listed is not None:
            yield node.name, str(weight.cut) if weight else "", node.listed or ""


def _lines(drawing: Drawing, nodes: Mapping[Ref, Node], lang: str) -> Iterable[tuple[str, ...]]:
    for link in sorted(drawing.links, key=lambda link: (list(Layer).index(link.layer), link.ref)):
        word = SAID["measured" if link.measured else "declared"].say(lang)
        seen = f"{link.at.astimezone(PARIS):{DAY[lang]} %H:%M}" if link.at else ""
        layer = SAID[f"{link.layer.value}_layer"].say(lang)
        yield _name(nodes[link.source]), _name(nodes[link.target]), layer, link.said, word, seen


def _annex(name: str, columns: tuple[str, ...], lang: str, rows: Iterable[tuple[str, ...]]) -> Annex:
    return Annex(SAID[name].say(lang), tuple(SAID[column].say(lang) for column in columns), tuple(rows))


def _label(host: Host | None) -> tuple[str, str, str]:
    told = host or Host("")
    joined = (" ".join(filter(None, pair)) for pair in ((told.vendor, told.model), (told.os_name, told.os_version)))
    model, system = joined
    return model, told.serial or "", system


def _stands(node: Node, nodes: Mapping[Ref, Node]) -> tuple[str, str]:
    """Its addresses, and what holds it."""
    parent = nodes.get(node.parent or "")
    return ", ".join(node.addresses), _name(parent) if parent else ""


def _name(node: Node) -> str:
    return "?" if node.ref == ADRIFT else node.name


def _word(node: Node, lang: str) -> str:
    told = [name for name, said in (("measured", node.measured), ("declared", node.declared)) if said]
    return " + ".join(SAID[name].say(lang) for name in told)


def workbook(tables: Iterable[Annex]) -> bytes:
    """A sheet a table; every text is text, whatever sign it begins with."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title[:31])
        sheet.freeze_panes = "A2"
        for number in range(1, len(table.headings) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = 28
        for place, row in enumerate((table.headings, *table.rows[:MAX_ROWS])):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value="".join(sign for sign in text if sign.isprintable()))
                cell.data_type = "s"
                if not place:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def paper(picture: str, tables: Iterable[Annex], practice: str, lang: str, made: datetime) -> bytes:
    """The picture on one sheet, the tables after it: PDF/A, tagged."""
    shown = [
        {
            "title": table.title,
            "headings": table.headings,
            "rows": table.rows[:PRINTED],
            "cut": len(table.rows) > PRINTED,
        }
        for table in tables
    ]
    words = {name: SAID[name].say(lang) for name in ("title", "solid", "more", "none")}
    day = f"{made.astimezone(PARIS):{DAY[lang]}}"
    told = {"lang": lang, "practice": practice, "made": day, "tables": shown, "words": words}
    template = files(__package__).joinpath("map.typ").read_bytes()
    return laid_out(template, told, made, {"picture": picture})
