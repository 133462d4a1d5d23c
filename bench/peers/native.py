"""Peers in Python: OpenCV (native, one thread) and scipy, timed on volumes written by bench/native.ts.

Reads a JSON list of cases on standard input and prints one JSON object a line: case, peer, job, median in ms, answer.
"""
import json
import statistics
import sys
import time

import numpy as np


def timed(call, budget):
    """Median of repeated calls within a budget of seconds, at least three, and the last answer."""
    times, start = [], time.perf_counter()
    while len(times) < 3 or (time.perf_counter() - start < budget and len(times) < 100):
        t = time.perf_counter()
        answer = call()
        times.append(1000 * (time.perf_counter() - t))
    return statistics.median(times), min(times), answer


def opencv(cv2, volume, masks):
    components = pixels = 0
    for mask in masks:
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
        components += count - 1
        pixels += int(stats[1:, cv2.CC_STAT_AREA].sum())
    return {"components": components, "pixels": pixels}


def scipy_score(ndimage, volume, area, factor):
    components, weighted = 0, 0
    structure = np.ones((3, 3), bool)
    for hu in volume:
        mask = hu >= 130
        labels, count = ndimage.label(mask, structure)
        components += count
        if not count:
            continue
        index = np.arange(1, count + 1)
        peak = ndimage.maximum(hu, labels, index)
        pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        weight = 1 + (peak >= 200).astype(int) + (peak >= 300) + (peak >= 400)
        counted = pixels * area >= 1 - 1e-9
        weighted += int((weight * pixels)[counted].sum())
    return {"components": components, "agatston": weighted * area * factor}


def main():
    peers = {}
    try:
        import cv2

        cv2.setNumThreads(1)
        peers["opencv"] = cv2
    except ImportError:
        pass
    try:
        from scipy import ndimage

        peers["scipy"] = ndimage
    except ImportError:
        pass
    for case in json.load(sys.stdin):
        shape = (case["slices"], case["rows"], case["columns"])
        volume = np.fromfile(case["file"], "<i2").reshape(shape)
        x, y, z = case["spacing"]
        if "opencv" in peers:
            masks = [np.ascontiguousarray((hu >= 130).astype(np.uint8)) for hu in volume]
            median, least, answer = timed(lambda: opencv(peers["opencv"], volume, masks), case["budget"])
            job = "connectedComponentsWithStats of masks that are ready"
            name = "OpenCV " + peers["opencv"].__version__ + " (native, one thread)"
            print(json.dumps({"case": case["name"], "engine": name, "job": job, "median": median, "min": least, "answer": answer}))
        if "scipy" in peers:
            median, least, answer = timed(lambda: scipy_score(peers["scipy"], volume, x * y, z / 3), case["budget"])
            import scipy

            print(json.dumps({"case": case["name"], "engine": "scipy " + scipy.__version__, "job": "label, maximum, sum; no linking", "median": median, "min": least, "answer": answer}))


main()
