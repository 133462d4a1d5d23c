"""The job of `agatston score` as a script would do it: a CT series read with pydicom, pieces and lesions found with scipy.

Per piece: pixels, peak, mean, centroid, box, weight; lesions linked from slice to slice; Agatston, volume and mean of the
counted pieces; the hash of the pixels. Prints the score and, as JSON, the pieces. Timed as a whole process.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import pydicom
from scipy import ndimage

EIGHT = np.ones((3, 3), bool)
# Lesions: 8 neighbours within a slice, the same row and column from slice to slice.
LINK = np.stack([np.zeros((3, 3), bool), EIGHT, np.zeros((3, 3), bool)])
LINK[0, 1, 1] = LINK[2, 1, 1] = True

slices = [pydicom.dcmread(path) for path in pathlib.Path(sys.argv[1]).iterdir()]
normal = np.cross(*np.reshape(np.array(slices[0].ImageOrientationPatient, float), (2, 3)))
slices.sort(key=lambda ds: float(np.dot(normal, np.array(ds.ImagePositionPatient, float))))
area = float(slices[0].PixelSpacing[0]) * float(slices[0].PixelSpacing[1])
ends = [float(np.dot(normal, np.array(slices[n].ImagePositionPatient, float))) for n in (0, -1)]
increment = (ends[1] - ends[0]) / (len(slices) - 1)

digest = hashlib.sha256()
volume = np.empty((len(slices), slices[0].Rows, slices[0].Columns), np.int16)
for k, ds in enumerate(slices):
    stored = ds.pixel_array
    digest.update(np.ascontiguousarray(stored).data)
    volume[k] = stored * float(ds.RescaleSlope) + float(ds.RescaleIntercept)

calcified = volume >= 130
lesion_labels, lesions = ndimage.label(calcified, LINK)
weighted, pieces = 0, []
for k, hu in enumerate(volume):
    labels, count = ndimage.label(calcified[k], EIGHT)
    if not count:
        continue
    index = np.arange(1, count + 1)
    pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    peak = ndimage.maximum(hu, labels, index)
    mean = ndimage.mean(hu, labels, index)
    centre = ndimage.center_of_mass(calcified[k], labels, index)
    boxes = ndimage.find_objects(labels)
    lesion = ndimage.maximum(lesion_labels[k], labels, index)
    weight = 1 + (peak >= 200).astype(int) + (peak >= 300) + (peak >= 400)
    counted = pixels * area > 1 + 1e-9
    weighted += int((weight * pixels)[counted].sum())
    for n in range(count):
        rows, columns = boxes[n]
        pieces.append(
            {
                "slice": k,
                "lesion": int(lesion[n]),
                "centroidPx": centre[n],
                "boxPx": [rows.start, columns.start, rows.stop - 1, columns.stop - 1],
                "pixels": int(pixels[n]),
                "areaMm2": float(pixels[n] * area),
                "peakHu": float(peak[n]),
                "meanHu": float(mean[n]),
                "weight": int(weight[n]),
                "counted": bool(counted[n]),
            }
        )
json.dump(
    {"agatston": weighted * area * increment / 3, "lesions": lesions, "pixelSha256": digest.hexdigest(), "pieces": pieces},
    sys.stdout,
)
