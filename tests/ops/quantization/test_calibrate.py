import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import R

BINS = 41
EDGES = np.linspace(-2, 2, BINS + 1)


def smooth(bins):
    empty = bins == 0
    if empty.all() or 1e-4 * empty.sum() >= (~empty).sum():
        return None
    return np.where(empty, 1e-4, bins - 1e-4 * empty.sum() / (~empty).sum())


def loss(hist, begin, end, parts):
    kept = hist[begin:end].copy()
    kept[0] = 0
    cut = kept.copy()
    cut[0], cut[-1] = hist[: begin + 1].sum(), hist[end - 1 :].sum()
    coarse, width = np.zeros_like(kept), len(kept) // parts
    for part in range(parts):
        at = slice(part * width, len(kept) if part == parts - 1 else (part + 1) * width)
        coarse[at] = kept[at].sum() / max(1, (kept[at] != 0).sum()) * (cut[at] != 0)
    p, q = smooth(cut), smooth(coarse)
    if p is None or q is None:
        return np.inf
    p, q = p / p.sum(), q / q.sum()
    return (p * np.log(p / q)).sum()


def calibrate(hist, edges, num_quantized_bins=255):
    center = len(hist) // 2
    reach = range(num_quantized_bins // 2, center + 1)
    losses = [loss(hist, center - i, center + i + 1, num_quantized_bins) for i in reach]
    best = int(np.argmin(losses))
    return [edges[[center + reach[best] + 1]], np.array([losses[best]])]


def case(counts, parts):
    attrs = {"num_quantized_bins": parts}
    inputs = [counts.astype(float), EDGES]
    # The divergence is a difference of sums of float32.
    return Case(
        "_contrib_calibrate_entropy", inputs, calibrate, attrs, rtol=1e-3, atol=1e-5, grad=False
    )


CASES = [
    case(R.poisson(9 * np.exp(-(np.linspace(-3, 3, BINS) ** 2))), 15),
    case(R.poisson(4, BINS), 7),
    case(R.poisson(2, BINS) * (np.arange(BINS) > 12), 9),
]
FAULTS = [
    Fault(
        "_contrib_calibrate_entropy",
        [np.ones(40), np.ones(41)],
        "_contrib_calibrate_entropy: hist has 40 bins; expected an odd number",
        {"num_quantized_bins": 7},
        oracle="1.9.1 reads beyond the histogram",
    ),
]
TestCalibrate = operator_tests(CASES, FAULTS)
