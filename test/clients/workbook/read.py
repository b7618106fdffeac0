"""Reads a workbook with openpyxl and tells what it found, as JSON."""
import json
import sys
from datetime import date, datetime

from openpyxl import load_workbook


def told(value):
    if isinstance(value, datetime):
        return {"moment": value.isoformat(timespec="seconds")}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


book = load_workbook(sys.argv[1])
sheets = {}
for sheet in book.worksheets:
    sheets[sheet.title] = {
        "hidden": sheet.sheet_state != "visible",
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "rows": [[told(cell.value) for cell in row] for row in sheet.iter_rows()],
        "types": [[cell.data_type for cell in row] for row in sheet.iter_rows()],
        "formats": [[cell.number_format for cell in row] for row in sheet.iter_rows()],
        "choices": {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation},
        "rules": {str(found.sqref): [rule.type for rule in found.rules] for found in sheet.conditional_formatting},
    }
print(
    json.dumps(
        {
            "title": book.properties.title,
            "creator": book.properties.creator,
            "names": {name: defined.attr_text for name, defined in book.defined_names.items()},
            "sheets": sheets,
        }
    )
)
