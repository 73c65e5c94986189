"""Files as people make them: workbooks and CSV, in bytes."""

import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from negatoscope.observe.collector import Item
from negatoscope.observe.spreadsheet.collector import Header, capture, read

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def xlsx(*rows: Iterable[Any], title: str = "Feuil1") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def rezip(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The same workbook with some of its parts replaced or added."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
        for name in changed.keys() - set(old.namelist()):
            new.writestr(name, changed[name])
    return file.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def as_excel(data: bytes) -> bytes:
    """The same workbook with its texts in one shared table, as Excel itself writes them."""
    shared: list[bytes] = []

    def share(found: re.Match[bytes]) -> bytes:
        shared.append(found.group(1))
        return b't="s"><v>%d</v>' % (len(shared) - 1)

    sheet = re.sub(rb't="inlineStr"><is><t>([^<]*)</t></is>', share, part(data, SHEET))
    strings = b"".join(b"<si><t>%s</t></si>" % one for one in shared)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="/{STRINGS}"/></Relationships>'.encode()
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/{STRINGS}" ContentType="{mime}"/></Types>'.encode()
    relations, types = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return rezip(
        data,
        {
            SHEET: sheet,
            STRINGS: b"<sst %s>%s</sst>" % (main, strings),
            relations: part(data, relations).replace(b"</Relationships>", relation),
            types: part(data, types).replace(b"</Types>", override),
        },
    )


def items(data: bytes, family: str = "persons", complete_on: date | None = None, **said: Any) -> list[Item]:  # noqa: ANN401 -- the header's own
    header = Header(family=family, filename="liste", complete_on=complete_on, **said)
    return list(read(BytesIO(capture(header, data))))


def facts(found: Iterable[Item], kind: type[Any]) -> list[Any]:
    return [item for item in found if isinstance(item, kind)]
