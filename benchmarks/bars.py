"""Draws what benchmarks/chat.py told: how many messages a second each server carried at most.

    python benchmarks/chat.py | tee figures.txt
    python benchmarks/bars.py figures.txt docs/images/chat-carried.svg

Reads the lines of JSON in the file. The raw server stores nothing and carries many times what the
others do: it has a figure and no bar.
"""

from __future__ import annotations

import argparse
import json
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

WITH_A_BAR = ("ordinary", "ours", "bare")
LAYERS = {
    "memory": "in memory, one process",
    "core": "core Redis layer, two processes",
    "pubsub": "pub/sub Redis layer, two processes",
}
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
WIDTH, LABELS, VALUES = 720, 210, 130  # pixels: of all, of the names and of the figures
ROW, BAR, HEAD = 28, 18, 34
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2933 }
.head { font-weight: 600 }
rect { fill: #9aa5b1; rx: 2px }
.ours { fill: #0b6e4f }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7eb } rect { fill: #616e7c } .ours { fill: #57ae8d }
}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", type=Path, help="what benchmarks/chat.py printed")
    parser.add_argument("picture", type=Path, help="the SVG to write")
    options = parser.parse_args()
    lines = options.figures.read_text().splitlines()
    options.picture.write_text(drawn([json.loads(line) for line in lines if line[:1] == "{"]))
    return 0


def drawn(runs: list[dict]) -> str:
    """An SVG with a group of bars for each of ``runs``, all of one scale."""
    from benchmarks.chat import NAMES, most_carried

    carried = [most_carried(run["figures"]) for run in runs]
    longest = max(each[name]["per_second"] for each in carried for name in WITH_A_BAR)
    parts, y = [], 0
    for run, most in zip(runs, carried, strict=True):
        head = f"{DATABASES[run['database']]}, {LAYERS[run['layer']]}: messages a second"
        parts.append(f'<text class="head" x="0" y="{y + 22}">{escape(head)}</text>')
        y += HEAD
        for server in WITH_A_BAR:
            per_second = most[server]["per_second"]
            width = round(per_second / longest * (WIDTH - LABELS - VALUES))
            parts += [
                f'<text x="0" y="{y + 14}">{escape(NAMES[server])}</text>',
                f'<rect class="{server}" x="{LABELS}" y="{y}" width="{width}" height="{BAR}"/>',
                f'<text x="{LABELS + width + 8}" y="{y + 14}">{per_second:,.0f}</text>',
            ]
            y += ROW
        told = f"{NAMES['raw']}: {most['raw']['per_second']:,.0f}"
        parts.append(f'<text x="0" y="{y + 14}">{escape(told)}</text>')
        y += HEAD
    title = "Messages a second that each server carried at most"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>{title}</title><style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    sys.exit(main())
