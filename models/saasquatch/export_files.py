"""Writing a report to a file row by row, so that its size never matters to the memory."""

import csv
import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.clock import SECOND_MS

Cell = str | int | float | bool | None
Row = Sequence[Cell]

SHEET_ROWS_MAX = 1_048_576
"""What one sheet of a workbook holds, the header among them."""
SHEET_COLUMNS_MAX = 16_384
EXACT_NUMBER_MAX = 2**53
ZIP64_BYTES = 1 << 31
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
"""All that Python's splitlines takes for the end of a line: readers of reports split lines before they parse them."""


class TooWide(ValueError):
    """The report has more columns than its format can hold: to try again would not help."""


def clean(text: str) -> str:
    """The text on one line: a space for each line break. Nothing else is altered."""
    return text if text.isprintable() else _LINE_BREAK.sub(" ", text)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return repr(cell)


def write_csv(file: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Comma-separated values (RFC 4180) in UTF-8 with a header line; how many rows were written."""
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([clean(column) for column in columns])
        for row in rows:
            writer.writerow([_text(cell) for cell in row])
            count += 1
    return count


def write_zipped_xlsx(file: Path, columns: Sequence[str], rows: Iterable[Row], now_ms: int) -> int:
    """A zip archive with one workbook; how many rows were written. The same input gives the same bytes.

    The workbook's parts lie beside the file until it is packed. Raises TooWide.
    """
    workbook = file.with_suffix(".xlsx")
    count = _write_workbook(workbook, columns, rows, now_ms)
    member = zipfile.ZipInfo(workbook.name, ZIP_TIME)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.file_size = workbook.stat().st_size
    with zipfile.ZipFile(file, "w") as archive, workbook.open("rb") as source:
        large = member.file_size >= ZIP64_BYTES
        with archive.open(member, "w", force_zip64=large) as out:
            shutil.copyfileobj(source, out)
    workbook.unlink()
    return count


def _write_workbook(file: Path, columns: Sequence[str], rows: Iterable[Row], now_ms: int) -> int:
    if len(columns) > SHEET_COLUMNS_MAX:
        raise TooWide(f"{len(columns)} columns do not fit on a sheet, which holds {SHEET_COLUMNS_MAX}")
    import xlsxwriter

    options = {"constant_memory": True, "tmpdir": str(file.parent), "use_zip64": True}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties({"created": datetime.fromtimestamp(now_ms // SECOND_MS, UTC)})
        count = 0
        sheet: Any = None
        for count, row in enumerate(rows, 1):
            line = (count - 1) % (SHEET_ROWS_MAX - 1)
            if line == 0:
                sheet = _new_sheet(book, columns)
            for column, cell in enumerate(row):
                _write_cell(sheet, line + 1, column, cell)
        if sheet is None:
            _new_sheet(book, columns)
    return count


def _new_sheet(book: Any, columns: Sequence[str]) -> Any:
    sheet = book.add_worksheet()
    for column, name in enumerate(columns):
        sheet.write_string(0, column, clean(name))
    return sheet


def _write_cell(sheet: Any, line: int, column: int, cell: Cell) -> None:
    """Texts stay texts, whatever they look like (no formulas, no links); numbers beyond a double's reach become text."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, float) or (isinstance(cell, int) and abs(cell) <= EXACT_NUMBER_MAX):
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, _text(cell))
