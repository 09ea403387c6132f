#!/usr/bin/env python3
"""How many of the phantom's wrong headers a network finds, and how many of those it lists are wrong.

    radnet phantom --out wrong --series 800 --seed 31 --wrong-headers 0.05
    radnet label wrong --out wrong/labels.jsonl
    radnet evaluate --model MODEL --data wrong --split all --confidence 0.5 --json > wrong/found.json
    wrong_headers.py wrong [MORE ...]

Each argument is a folder with wrong.jsonl (what the phantom made up) and found.json (what evaluate lists). A series
counts once, whichever head lists it.
"""

import json
import pathlib
import sys

CONFIDENCES = (0.80, 0.90, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)


def read(folder):
    """The wrong series with their family, and of each listed series the highest confidence and that of each head."""
    with open(folder / "wrong.jsonl", encoding="utf-8") as lines:
        wrong = {row["path"]: row["family"] for row in map(json.loads, lines)}
    with open(folder / "found.json", encoding="utf-8") as text:
        listed = json.load(text)["disagreements"]
    heads = {}
    for each in listed:
        of_series = heads.setdefault(each["series"], {})
        of_series[each["head"]] = max(each["confidence"], of_series.get(each["head"], 0))
    return wrong, heads


def main(folders):
    read_all = [read(pathlib.Path(folder)) for folder in folders]
    total = sum(len(wrong) for wrong, _ in read_all)
    families = sorted({family for wrong, _ in read_all for family in wrong.values()})
    print("| `--confidence` | listed | precision | share of the wrong ones found | " + " | ".join(families) + " |")
    print("|---|---|---|---|" + "---|" * len(families))
    for least in CONFIDENCES:
        count = found = 0
        per_family = dict.fromkeys(families, 0)
        for wrong, heads in read_all:
            for series, confidences in heads.items():
                if max(confidences.values()) >= least:
                    count += 1
                    if series in wrong:
                        found += 1
                        per_family[wrong[series]] += 1
        of = {name: sum(list(wrong.values()).count(name) for wrong, _ in read_all) for name in families}
        cells = " | ".join(f"{per_family[name]} of {of[name]}" for name in families)
        precision = f"{100 * found / count:.0f} %" if count else "-"
        print(f"| {least:.2f} | {count} | {precision} | {100 * found / max(1, total):.0f} % ({found} of {total}) | {cells} |")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
