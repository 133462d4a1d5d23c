"""What many a script does: read a CT series with pydicom, label each slice with scipy, sum the Agatston score. Whole process."""
import pathlib
import sys

import numpy as np
import pydicom
from scipy import ndimage

slices = [pydicom.dcmread(path) for path in pathlib.Path(sys.argv[1]).iterdir()]
slices.sort(key=lambda ds: float(ds.ImagePositionPatient[2]))
area = float(slices[0].PixelSpacing[0]) * float(slices[0].PixelSpacing[1])
first, last = (float(slices[n].ImagePositionPatient[2]) for n in (0, -1))
increment = (last - first) / (len(slices) - 1)
weighted = 0
for ds in slices:
    hu = ds.pixel_array * float(ds.RescaleSlope) + float(ds.RescaleIntercept)
    labels, count = ndimage.label(hu >= 130, np.ones((3, 3)))
    if not count:
        continue
    peak = ndimage.maximum(hu, labels, np.arange(1, count + 1))
    pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    weight = 1 + (peak >= 200).astype(int) + (peak >= 300) + (peak >= 400)
    weighted += int((weight * pixels)[pixels * area > 1 + 1e-9].sum())
print(weighted * area * increment / 3)
