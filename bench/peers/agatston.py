"""The Agatston score by the rules of a standard (rules.json), on what a library labels and measures.

A library is an object with `pieces(hu, mask, neighbours)` -> (pixels, peaks) of the 2-D components of one slice, and `lesions(mask)` ->
labels of the 3-D components of six neighbours, or None for `lesions` where it labels slices only.
"""
import math

import numpy as np

TOLERANCE = 1e-9  # of areas, relative: four pixels of 0.25 mm2 are 1 mm2


class Refused(Exception):
    """The standard needs what the volume does not give."""


def hounsfield(case, stored):
    """Stored values as HU, slice by slice; as they are where the rescale changes nothing."""
    if all(one == [1, 0] for one in case["rescale"]):
        return stored
    return np.stack([slope * hu.astype(np.float64) + intercept for hu, (slope, intercept) in zip(stored, case["rescale"])])


def score(library, case, stored, labels, rule):
    """The Agatston score of a volume: stored values and labels (or None) as [slice, row, column]."""
    area = case["pixelSpacingMm"][0] * case["pixelSpacingMm"][1]
    factor = slice_factor(rule["slice"], case)
    hu = hounsfield(case, stored)
    mask = hu > rule["from"] if rule["above"] else hu >= rule["from"]
    if rule["upTo"] is not None:
        mask &= hu <= rule["upTo"]
    for k, padding in enumerate(case["padding"] or []):
        if padding:
            mask[k] &= (stored[k] < padding[0]) | (stored[k] > padding[1])
    if rule["weights"] != "piece":
        weighted = weigh_lesions(library, hu, mask if labels is None else mask & (labels > 0), rule)
    elif labels is None:
        weighted = weigh_pieces(library, hu, mask, rule, area)
    else:
        # A piece lies in one territory.
        territories = np.unique(labels[labels > 0])
        weighted = sum(weigh_pieces(library, hu, mask & (labels == one), rule, area) for one in territories)
    return weighted * area * factor


def weigh_pieces(library, hu, mask, rule, area):
    """Sum of weight x pixels over the 2-D pieces that count."""
    weighted = 0
    for k in range(len(hu)):
        if not mask[k].any():
            continue
        pixels, peaks = library.pieces(hu[k], mask[k], rule["neighbours"])
        counts = large_enough(np.asarray(pixels), rule["minimum"], area)
        weighted += int((weights(np.asarray(peaks), rule) * pixels)[counts].sum())
    return weighted


def weigh_lesions(library, hu, mask, rule):
    """Sum of weight x pixels over the parts of 3-D lesions in each slice."""
    if not mask.any():
        return 0
    places = np.nonzero(mask)
    lesion = library.lesions(mask)[places].astype(np.int64)
    values = hu[places]
    size = np.bincount(lesion)
    counts = size[lesion] >= ((rule["minimum"] or {}).get("lesionVoxels", 1))
    # Each pixel votes in its group: its lesion, or its lesion's part in its slice.
    group = lesion if rule["weights"] == "lesion-peak" else np.unique(lesion * len(hu) + places[0], return_inverse=True)[1]
    if rule["weights"] == "slice-pixels":
        classes = np.ones(group.max() + 1, np.int64)
        for n, edge in enumerate(rule["edges"]):
            reaching = values > edge if rule["aboveEdges"] else values >= edge
            classes[np.bincount(group[reaching], minlength=len(classes)) >= rule["pixels"]] = n + 2
    else:
        classes = weights(peaks_of(group, values), rule)
    return int(classes[group][counts].sum())


def peaks_of(group, values):
    """Highest value of each group."""
    lowest = -np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).min
    peaks = np.full(group.max() + 1, lowest, values.dtype)
    np.maximum.at(peaks, group, values)
    return peaks


def weights(peaks, rule):
    """1 to 4, by the edges a peak reaches."""
    return 1 + sum((peaks > edge if rule["aboveEdges"] else peaks >= edge).astype(np.int64) for edge in rule["edges"])


def large_enough(pixels, minimum, area):
    if minimum is None:
        return pixels > 0
    if "mm2" in minimum:
        limit = minimum["mm2"]
        return pixels * area > limit * (1 + TOLERANCE) if minimum["above"] else pixels * area >= limit * (1 - TOLERANCE)
    if "ceil" in minimum:
        return pixels >= math.ceil(minimum["ceil"] / area * (1 - TOLERANCE))
    if "round" in minimum:
        return pixels >= math.floor(minimum["round"] / area + 0.5)
    return pixels >= minimum["pixels"]


def slice_factor(name, case):
    if name == "none":
        return 1
    if name == "increment/3":
        return case["incrementMm"] / 3
    if case["thicknessMm"] is None:
        raise Refused("thickness")
    return case["thicknessMm"] / 3 if name == "thickness/3" else min(1, case["incrementMm"] / case["thicknessMm"])
