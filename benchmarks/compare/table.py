"""The Markdown table of medians and ratios, with the limits that Remx has set itself."""

from __future__ import annotations

import statistics

from catalogue import PEERS


def ratio(values, other):
    """Median of the ratios of the rounds, which were run side by side."""
    return statistics.median(a / b for a, b in zip(values, other) if b) if other else None


def reference_values(row, reference):
    """The rounds of a program, or those of the peer with the lowest median."""
    if reference != "best peer":
        return row.get(reference)
    peers = [row[name] for name in PEERS if name in row]
    return min(peers, key=statistics.median) if peers else None


def verdicts(row, ours, limits):
    """Text for each limit of a row, such as `0.91 of mxnet, at most 0.95: met`."""
    for reference, limit in limits:
        if reference == "absolute":
            value, text = statistics.median(ours), f"at most {limit:.4g}"
        else:
            value = ratio(ours, reference_values(row, reference))
            if value is None:
                continue
            text = f"{value:.2f} of {reference}, at most {limit:g}"
        yield f"{text}: {'met' if value <= limit else '**missed**'}"


def markdown(measured, works, columns):
    """All rows as one table; a column per program that has a value."""
    limits = {name: limit for work in works for name, limit in work.limits.items()}
    columns = [c for c in columns if any(c in row for row in measured.values.values())]
    lines = [
        "| work | unit | " + " | ".join(columns) + " | limits |",
        "|---" * (len(columns) + 3) + "|",
    ]
    for name, row in measured.values.items():
        ours = row.get("remx") or row.get("remx-bf16")
        cells = [f"{statistics.median(row[c]):.4g}" if c in row else "-" for c in columns]
        judged = "; ".join(verdicts(row, ours, limits.get(name, ()))) if ours else ""
        lines.append(f"| {name} | {measured.units[name]} | {' | '.join(cells)} | {judged} |")
    if measured.failures:
        lines += ["", "Not measured:", ""]
        lines += [f"- {work}, {name}: {text}" for (work, name), text in measured.failures.items()]
    return "\n".join(lines) + "\n"
