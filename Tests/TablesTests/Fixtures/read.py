"""Reads an SPSS or Stata file with pyreadstat and prints what it found as JSON."""

import json
import math
import sys

import pyreadstat

path = sys.argv[1]
if path.endswith(".sav"):
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
else:
    frame, meta = pyreadstat.read_dta(path, user_missing=True)


def plain(value):
    """A cell as JSON holds it; a letter is an extended missing value."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "NaT":
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str) else float(value)


print(
    json.dumps(
        {
            "names": meta.column_names,
            "labels": meta.column_labels,
            "file": meta.file_label,
            "rows": meta.number_rows,
            "values": {
                name: {str(key): text for key, text in labels.items()}
                for name, labels in meta.variable_value_labels.items()
            },
            "missing": {
                name: [[item["lo"], item["hi"]] for item in ranges]
                for name, ranges in meta.missing_ranges.items()
            },
            "cells": {name: [plain(cell) for cell in frame[name]] for name in frame.columns},
        }
    )
)
