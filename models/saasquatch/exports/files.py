"""Writing a report to a file a page of rows at a time, so that its size never matters to the memory."""

import csv
import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.kernel.clock import SECOND_MS
from models.outbox.long_jobs import Next, Steps

Cell = str | int | float | bool | None
Row = Sequence[Cell]

SHEET_ROWS_MAX = 1_048_576
"""What one sheet of a workbook holds, the header among them."""
SHEET_COLUMNS_MAX = 16_384
EXACT_NUMBER_MAX = 2**53
ZIP64_BYTES = 1 << 31
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
FORMULA_STARTS = frozenset("=+-@\t\r")
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


def _safe_text(cell: Cell) -> str:
    """As `_text`, with an apostrophe before a text that a spreadsheet would take for a formula (OWASP, CSV injection)."""
    if not isinstance(cell, str):
        return _text(cell)
    text = cell if cell.isprintable() else clean(cell)
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def write_csv(file: Path, columns: Sequence[str], pages: Iterable[Sequence[Row]], *, raw: bool = False) -> Steps:
    """Comma-separated values (RFC 4180) in UTF-8 with a header line, a page of rows in each step; results in how many rows there are.

    Texts that a spreadsheet would take for formulas are escaped, unless `raw` is asked for. Numbers are never texts.
    """
    shown = _text if raw else _safe_text
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([shown(column) for column in columns])
        for page in pages:
            writer.writerows([shown(cell) for cell in row] for row in page)
            count += len(page)
            yield Next.DATABASE
    return count


def write_zipped_xlsx(file: Path, columns: Sequence[str], pages: Iterable[Sequence[Row]], now_ms: int) -> Steps:
    """A zip archive with one workbook, a page of rows in each step; results in how many rows there are.

    The same input gives the same bytes. The workbook's parts lie beside the file until it is packed, in the last step, which
    takes long and needs no database. Raises TooWide.
    """
    workbook = file.with_suffix(".xlsx")
    if len(columns) > SHEET_COLUMNS_MAX:
        raise TooWide(f"{len(columns)} columns do not fit on a sheet, which holds {SHEET_COLUMNS_MAX}")
    import xlsxwriter

    book = xlsxwriter.Workbook(str(workbook), {"constant_memory": True, "tmpdir": str(file.parent), "use_zip64": True})
    book.set_properties({"created": datetime.fromtimestamp(now_ms // SECOND_MS, UTC)})
    sheet, count = _new_sheet(book, columns), 0
    try:
        for page in pages:
            for row in page:
                line = count % (SHEET_ROWS_MAX - 1)
                if count and line == 0:
                    sheet = _new_sheet(book, columns)
                for column, cell in enumerate(row):
                    _write_cell(sheet, line + 1, column, cell)
                count += 1
            yield Next.DATABASE
        yield Next.FILES_ONLY
        book.close()
    finally:
        book.fileclosed = (
            True  # without it, a workbook that is given up would be written when it is collected as garbage
        )
    _pack(workbook, file)
    return count


def _pack(workbook: Path, file: Path) -> None:
    """Put a workbook into an archive, in its place."""
    member = zipfile.ZipInfo(workbook.name, ZIP_TIME)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.file_size = workbook.stat().st_size
    with zipfile.ZipFile(file, "w") as archive, workbook.open("rb") as source:
        large = member.file_size >= ZIP64_BYTES
        with archive.open(member, "w", force_zip64=large) as out:
            shutil.copyfileobj(source, out)
    workbook.unlink()


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
