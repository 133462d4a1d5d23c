"""What each library does itself: components, their pixels and their peaks. A library that is not installed is left out."""
import importlib

import numpy as np

from agatston import peaks_of


class Scipy:
    """scipy.ndimage: label, maximum."""

    module = "scipy"

    def __init__(self):
        self.ndimage = importlib.import_module("scipy.ndimage")
        self.version = importlib.import_module("scipy").__version__

    def pieces(self, hu, mask, neighbours):
        labels, count = self.ndimage.label(mask, np.ones((3, 3), bool) if neighbours == 8 else None)
        pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        return pixels, self.ndimage.maximum(hu, labels, np.arange(1, count + 1))

    def lesions(self, mask):
        return self.ndimage.label(mask)[0]


class Skimage:
    """scikit-image: measure.label, regionprops_table."""

    module = "skimage"

    def __init__(self):
        self.measure = importlib.import_module("skimage.measure")
        self.version = importlib.import_module("skimage").__version__
        probe = np.ones((1, 1), np.uint8)
        try:
            self.measure.regionprops_table(probe, probe, properties=("intensity_max",))
            self.peak = "intensity_max"
        except AttributeError:  # before 0.19
            self.peak = "max_intensity"

    def pieces(self, hu, mask, neighbours):
        labels = self.measure.label(mask, connectivity=2 if neighbours == 8 else 1)
        table = self.measure.regionprops_table(labels, hu, properties=("area", self.peak))
        return table["area"].astype(np.int64), table[self.peak]

    def lesions(self, mask):
        return self.measure.label(mask, connectivity=1)


class OpenCv:
    """OpenCV, native and on one thread: connectedComponentsWithStats; peaks with NumPy."""

    module = "cv2"
    lesions = None

    def __init__(self):
        self.cv2 = importlib.import_module("cv2")
        self.cv2.setNumThreads(1)
        self.version = self.cv2.__version__

    def pieces(self, hu, mask, neighbours):
        _, labels, stats, _ = self.cv2.connectedComponentsWithStats(
            mask.astype(np.uint8), connectivity=neighbours, ltype=self.cv2.CV_32S
        )
        return stats[1:, self.cv2.CC_STAT_AREA].astype(np.int64), peaks_of(labels[mask] - 1, hu[mask])


class SimpleItk:
    """SimpleITK: ConnectedComponent, LabelStatisticsImageFilter."""

    module = "SimpleITK"

    def __init__(self):
        self.sitk = importlib.import_module("SimpleITK")
        self.sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
        self.version = self.sitk.Version.VersionString()

    def pieces(self, hu, mask, neighbours):
        image = self.sitk.GetImageFromArray(mask.astype(np.uint8))
        labels = self.sitk.ConnectedComponent(image, neighbours == 8)
        measured = self.sitk.LabelStatisticsImageFilter()
        measured.Execute(self.sitk.GetImageFromArray(hu), labels)
        found = [label for label in measured.GetLabels() if label != 0]
        pixels = np.array([measured.GetCount(label) for label in found], np.int64)
        return pixels, np.array([measured.GetMaximum(label) for label in found])

    def lesions(self, mask):
        return self.sitk.GetArrayFromImage(self.sitk.ConnectedComponent(self.sitk.GetImageFromArray(mask.astype(np.uint8))))


LIBRARIES = {"scipy.ndimage": Scipy, "scikit-image": Skimage, "OpenCV (native)": OpenCv, "SimpleITK": SimpleItk}


def installed():
    """Library by name, for those that can be imported."""
    found = {}
    for name, kind in LIBRARIES.items():
        try:
            importlib.import_module(kind.module)
        except ImportError:
            continue
        found[name] = kind()
    return found
