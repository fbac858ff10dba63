# SPDX-License-Identifier: MIT
"""The rows of a run as a table (Markdown, as docs/performance.md has it) and as JSON."""

import json

COLUMNS = ("measure", "lab", "nodes", "contender", "median", "least", "most", "unit", "to nslab")


def ratio(row, rows):
    """How much of nslab's value of the same measure and lab this is."""
    for other in rows:
        if (other["measure"], other["lab"], other["contender"]) == (row["measure"], row["lab"], "nslab"):
            return row["median"] / other["median"] if other["median"] > 0 else None
    return None


def number(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cells(row, rows):
    values = [row["median"], min(row["runs"]), max(row["runs"])]
    head = [row["measure"], row["lab"], f"{row['nodes']:,}", row["contender"]]
    return head + [number(value) for value in values] + [row["unit"], number(ratio(row, rows))]


def table(rows):
    lines = [COLUMNS] + [cells(row, rows) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    text = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths)) + " |" for line in lines]
    text.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(text)


BEGIN, END = "<!-- figures of make bench -->\n", "<!-- end of figures -->\n"


def has_place(text):
    """Is there one place for figures in this text, and in order?"""
    return text.count(BEGIN) == text.count(END) == 1 and text.index(BEGIN) < text.index(END)


def put_into(text, figures):
    """The text with other figures between its marks."""
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    return f"{head}{BEGIN}\n{figures}\n\n{END}{tail}"


def document(machine, rows, left_out):
    rows = [{**row, "to_nslab": ratio(row, rows)} for row in rows]
    return json.dumps({"machine": machine, "results": rows, "left_out": left_out}, indent=2) + "\n"
