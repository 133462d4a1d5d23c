"""Peers in Python: full Agatston scores under every standard each library can express, timed on volumes written by bench/references/python.ts.

Takes a folder with cases.json and its raw little-endian arrays. Prints one JSON object a line: first the versions, then one for
each case, standard and library: score (null: refused, for want of a thickness), median in ms, number of runs.
"""
import json
import pathlib
import platform
import statistics
import sys
import time

import numpy as np

from agatston import Refused, score
from libraries import installed


def timed(call, budget):
    """Result, median in ms and number of runs: one for a budget of 0, else at least three, until so many seconds are over."""
    times, start = [], time.perf_counter()
    while not times or (budget > 0 and (len(times) < 3 or (time.perf_counter() - start < budget and len(times) < 100))):
        begin = time.perf_counter()
        answer = call()
        times.append(1000 * (time.perf_counter() - begin))
    return answer, statistics.median(times), len(times)


def say(**line):
    print(json.dumps(line), flush=True)


def scored(library, case, stored, labels, rule):
    try:
        return score(library, case, stored, labels, rule)
    except Refused:
        return None


def main(folder):
    rules = json.loads((pathlib.Path(__file__).parent / "rules.json").read_text())["rules"]
    libraries = installed()
    versions = {"Python": platform.python_version(), "NumPy": np.__version__}
    say(versions=versions, libraries={name: library.version for name, library in libraries.items()})
    for case in json.loads((folder / "cases.json").read_text()):
        shape = (case["slices"], case["rows"], case["columns"])
        stored = np.fromfile(folder / case["pixels"], case["type"]).reshape(shape)
        labels = np.fromfile(folder / case["labels"], "u1").reshape(shape) if case["labels"] else None
        for name, library in libraries.items():
            for standard in case["standards"]:
                rule = rules[standard]
                if rule["weights"] != "piece" and library.lesions is None:
                    continue  # 2-D only
                answer, median, runs = timed(lambda: scored(library, case, stored, labels, rule), case["budget"])
                say(case=case["name"], standard=standard, engine=name, score=answer, median=median, runs=runs)


main(pathlib.Path(sys.argv[1]))
