"""Ranges of a network's outputs: what is collected while it runs, and what is made of that."""

import numpy as np

from ... import error, ndarray

__all__ = [
    "CalibrationCollector",
    "LayerHistogramCollector",
    "LayerOutputMinMaxCollector",
    "combine_histogram",
    "optimal_thresholds",
]


class CalibrationCollector:
    """What sees the outputs of a network during calibration.

    Attributes:
        include_layer (list of str or None): Outputs that are wanted; None for all. Set by
            `quantize_graph`.
        min_max_dict (dict of str to (float, float)): Ranges, for `calib_graph`.
    """

    include_layer = None

    def __init__(self):
        self.min_max_dict = {}

    def wants(self, name):
        """Whether the output of that name is collected."""
        return self.include_layer is None or name in self.include_layer

    def collect(self, name, arr):
        """See one output.

        Args:
            name (str): Its name.
            arr (NDArray): Its elements.
        """
        raise error.NotImplementedError(f"{type(self).__name__}.collect")


class LayerOutputMinMaxCollector(CalibrationCollector):
    """Keeps the least and the greatest element of each output.

    Args:
        quantized_dtype (str): As for `quantize_model`.
        include_layer (list of str): Outputs that are wanted; None for all.
        logger (logging.Logger): For what is collected.
    """

    def __init__(self, quantized_dtype, include_layer=None, logger=None):
        super().__init__()
        self.quantized_dtype = quantized_dtype
        self.include_layer = include_layer
        self.logger = logger

    def collect(self, name, arr):
        if not self.wants(name):
            return
        low, high = (float(end.asscalar()) for end in (ndarray.min(arr), ndarray.max(arr)))
        if name in self.min_max_dict:
            known = self.min_max_dict[name]
            low, high = min(low, known[0]), max(high, known[1])
        self.min_max_dict[name] = (low, high)
        if self.logger:
            self.logger.debug("%s: from %f to %f", name, low, high)


class LayerHistogramCollector(CalibrationCollector):
    """Keeps a histogram of each output, symmetric about 0.

    Args:
        num_bins (int): Number of bins of the first histogram; wider ones get more.
        include_layer (list of str): Outputs that are wanted; None for all.
        logger (logging.Logger): For what is collected.
    """

    def __init__(self, num_bins=8001, include_layer=None, logger=None):
        super().__init__()
        self.hist_dict = {}
        self.num_bins = num_bins
        self.include_layer = include_layer
        self.logger = logger

    def collect(self, name, arr):
        if not self.wants(name):
            return
        if self.logger:
            self.logger.debug("%s: %d elements", name, arr.size)
        array = arr.asnumpy()
        low, high = array.min(), array.max()
        reach = max(abs(low), abs(high))
        if name in self.hist_dict:
            self.hist_dict[name] = combine_histogram(self.hist_dict[name], array, low, high, reach)
        else:
            hist, edges = np.histogram(array, bins=self.num_bins, range=(-reach, reach))
            self.hist_dict[name] = (hist, edges, low, high, reach)


def combine_histogram(old_hist, arr, new_min, new_max, new_th):
    """A histogram with further elements; it grows by whole bins where they lie outside.

    Args:
        old_hist (tuple): Counts, edges, least and greatest element, and reach.
        arr (numpy.ndarray): The new elements.
        new_min, new_max (float): Their ends.
        new_th (float): The greater magnitude of these.

    Returns:
        tuple: As `old_hist`.
    """
    counts, edges, low, high, reach = old_hist
    low, high = min(low, new_min), max(high, new_max)
    if new_th <= reach:
        more, _ = np.histogram(arr, bins=len(counts), range=(-reach, reach))
        return counts + more, edges, low, high, reach
    step = 2 * reach / len(counts)
    added = int((new_th - reach) // step + 1)
    wide = added * step + reach
    more, edges = np.histogram(arr, bins=2 * added + len(counts), range=(-wide, wide))
    more[added : added + len(counts)] += counts
    return more, edges, low, high, wide


def optimal_thresholds(hist_dict, quantized_dtype, num_quantized_bins=255, logger=None):
    """The ranges that lose least, one for each histogram.

    Args:
        hist_dict (dict of str to tuple): From `LayerHistogramCollector`. Emptied meanwhile.
        quantized_dtype (str): 'int8', 'uint8' or 'auto'.
        num_quantized_bins (int): Whole numbers in a symmetric range.
        logger (logging.Logger): For what is found.

    Returns:
        dict of str to (float, float): Ranges.
    """
    ranges = {}
    for name in list(hist_dict):
        low, high, threshold, divergence = optimal_threshold(
            hist_dict.pop(name), quantized_dtype, num_quantized_bins
        )
        ranges[name] = (-threshold if low < 0 else 0, threshold)
        if logger:
            logger.debug(
                "%s: from %f to %f, threshold %f, divergence %f",
                *(name, low, high, threshold, divergence),
            )
    return ranges


def optimal_threshold(hist_data, quantized_dtype, num_quantized_bins=255):
    """Least and greatest element, threshold and its divergence, all floats, of one histogram."""
    hist, edges, low, high, _ = hist_data
    if low >= 0 and quantized_dtype in ("auto", "uint8"):
        # The negative half is empty: all whole numbers are for the other one.
        num_quantized_bins = num_quantized_bins * 2 + 1
    found = ndarray.contrib.calibrate_entropy(
        ndarray.array(hist), ndarray.array(edges), num_quantized_bins=num_quantized_bins
    )
    threshold, divergence = (float(each.asscalar()) for each in found)
    return float(low), float(high), threshold, divergence
