"""Writing a report to a file a page of rows at a time, so that its size never matters to the memory."""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from models.kernel.clock import SECOND_MS
from models.kernel.json_text import dumps
from models.outbox.long_jobs import Next, Steps

Cell = str | int | float | bool | None
Row = Sequence[Cell]

SHEET_ROWS_MAX = 1_048_576
"""What one sheet of a workbook holds, the header among them."""
SHEET_COLUMNS_MAX = 16_384
STEP_LINES = 2_000
"""Lines of the database's own CSV that are written in one step: about 10 ms."""
EXACT_NUMBER_MAX = 2**53
ZIP64_BYTES = 1 << 31
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
FORMULA_STARTS = frozenset("=+-@\t\r")
LINE_END = "\r\n"
LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""All that Python's splitlines takes for the end of a line: readers of reports split lines before they parse them."""
_RARE_BREAKS = LINE_BREAKS.replace("\n", "").replace("\r", "")
_FORMULA_FIRST = re.compile('"?[=+@\\t-]')
# Patterns begin with a known character: a search for other ones takes ten times as long.
_FORMULA_BEHIND = (re.compile(',"?[=+@\\t-]'), re.compile('\n"?[=+@\\t-]'))
_QUOTED = re.compile('"[^"]*"(?:"[^"]*")*')
_LINE_BREAK = re.compile(f"\r\n|[{LINE_BREAKS}]")


class Written(str):
    """What is no text, as JSON has it: a number, true, an array. It is never a formula."""

    __slots__ = ()


def written(cell: object) -> "Cell":
    """A value of JSON as a cell of a CSV file, such as 1e22."""
    return cell if cell is None or isinstance(cell, str) else Written(clean(dumps(cell)))


class TooWide(ValueError):
    """The report has more columns than its format can hold: to try again would not help."""


def clean(text: str) -> str:
    """The text on one line: a space for each line break. Nothing else is altered."""
    return text if text.isprintable() else _LINE_BREAK.sub(" ", text)


def _text(cell: Cell) -> str:
    """A text on one line; a number as JSON has it."""
    if cell is None:
        return ""
    return clean(cell if isinstance(cell, str) else dumps(cell))


def _safe_text(cell: Cell) -> str:
    """As `_text`, with an apostrophe before a text that a spreadsheet would take for a formula (OWASP, CSV
    injection).
    """
    text = _text(cell)
    return f"'{text}" if text[:1] in FORMULA_STARTS and type(cell) is str else text


def text_of(*, raw: bool) -> Callable[[Cell], str]:
    """What renders a cell of a CSV file.

    Texts that spreadsheets would take for formulas are escaped, unless `raw` is asked for. Numbers are never texts.
    """
    return _text if raw else _safe_text


def write_csv(file: Path, columns: Sequence[str], pages: Iterable[Sequence[Row]], *, raw: bool = False) -> Steps:
    """Comma-separated values (RFC 4180) in UTF-8 with a header line, a page of rows in each step; results in how many
    rows there are.

    Most pages have no cell that must be escaped. So a page is first rendered as it is and searched as a whole; only of
    one that may have such cells each line is. Cells are texts, integers, None and what is `written`.
    """
    shown = text_of(raw=raw)
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(_line([*map(shown, columns)]))
        for page in pages:
            lines = [*map(_line, page)]
            text = "".join(lines)
            if needs_escaping(text, len(lines)):
                rows = zip(lines, page, strict=True)
                text = "".join(_line([*map(shown, row)]) if needs_escaping(line, 1) else line for line, row in rows)
            out.write(text)
            count += len(page)
            yield Next.DATABASE
    return count


def _line(cells: Row) -> str:
    """A line of CSV. One look at the whole line finds those with cells that need quotes; of line breaks there are none
    left in the end.
    """
    texts = ["" if cell is None else str(cell) for cell in cells]
    line = ",".join(texts)
    if '"' in line or line.count(",") >= len(texts):
        line = ",".join([_quoted(text) if '"' in text or "," in text else text for text in texts])
    return line + LINE_END


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def needs_escaping(text: str, rows: int) -> bool:
    """Whether lines of CSV may need escaping: a line break in a cell, or a cell that begins as a formula does."""
    if text.count("\n") != rows or text.count("\r") != rows or any(character in text for character in _RARE_BREAKS):
        return True
    return _FORMULA_FIRST.match(text) is not None or any(inside.search(text) for inside in _FORMULA_BEHIND)


class CopiedRows(NamedTuple):
    """Rows as the database has rendered them (`csv_sql.py`)."""

    lines: Iterator[str]
    """Each with its line feed, and with a last cell that is not shown: empty, or the line is to be taken apart."""
    cells: Callable[[str], Sequence[str]]
    """Takes a line apart, into cells as they are shown."""


def write_copied_csv(file: Path, columns: Sequence[str], rows: CopiedRows, *, raw: bool = False) -> Steps:
    """As `write_csv`, of lines that the database has rendered."""
    shown = text_of(raw=raw)
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(_line([*map(shown, columns)]))
        while copied := list(islice(rows.lines, STEP_LINES)):
            text = _ended("".join(copied))
            if _is_irregular(text, len(copied)):
                lines = ((line, _ended(line)) for line in copied)
                text = "".join(_line(rows.cells(line)) if _is_irregular(ended, 1) else ended for line, ended in lines)
            out.write(text)
            count += len(copied)
            yield Next.DATABASE
    return count


def _ended(copied: str) -> str:
    """Copied lines without their last cell where it is empty, and without the quotes that COPY writes for empty
    texts.
    """
    text = copied.replace(",\n", LINE_END)
    return _QUOTED.sub(_without_quotes_if_empty, text) if '"' in text else text


def _is_irregular(ended: str, rows: int) -> bool:
    """Whether copied lines are irregular: they may need escaping, or one has a last cell, which is always quoted."""
    return ('"' in ended and '"\n' in ended) or needs_escaping(ended, rows)


def _without_quotes_if_empty(cell: re.Match[str]) -> str:
    return "" if cell[0] == '""' else cell[0]


def write_zipped_xlsx(file: Path, columns: Sequence[str], pages: Iterable[Sequence[Row]], now_ms: int) -> Steps:
    """A zip archive with one workbook, a page of rows in each step; results in how many rows there are.

    The same input gives the same bytes. The workbook's parts lie beside the file until it is packed, in the last step,
    which takes long and needs no database. Raises TooWide.
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
    """Texts stay texts, whatever they look like (no formulas, no links);
    numbers beyond a double's reach become text.
    """
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, float) or (isinstance(cell, int) and abs(cell) <= EXACT_NUMBER_MAX):
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, _text(cell))
