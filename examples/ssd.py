"""Detect coloured shapes with a small single-shot detector (SSD), in Gluon.

The pictures are drawn by the program: circles, squares and triangles of any colour and size.
"""

import sys

import numpy as np
import shared

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

CLASSES = ("circle", "square", "triangle")
SIDE, MOST, BATCH = 64, 3, 32
# Sizes of the boxes on each of the two grids, as parts of the picture's side; their shapes.
SIZES, RATIOS = ((0.2, 0.28), (0.4, 0.52)), (1.0, 1.5, 0.67)


def draw_shape(picture, kind, box, color):
    """Fill a shape into a picture, float32 (SIDE, SIDE, 3); box is left, top, right, bottom."""
    left, top, right, bottom = box
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    x, y = (columns - left) / (right - left) * 2 - 1, (rows - top) / (bottom - top) * 2 - 1
    inside = {
        "circle": x**2 + y**2 < 1,
        "square": np.maximum(abs(x), abs(y)) < 1,
        "triangle": (abs(x) < (y + 1) / 2) & (y < 1),
    }[kind]
    picture[inside] = color


def make_pictures(random, count):
    """Pictures with 1 to MOST shapes.

    Returns:
        tuple: Pictures, float32 (N, 3, SIDE, SIDE), and labels, float32 (N, MOST, 5): class and
        box from 0 to 1; rows of -1 stand for no shape.
    """
    pictures = random.uniform(0, 0.3, (count, SIDE, SIDE, 3)).astype(np.float32)
    labels = np.full((count, MOST, 5), -1, np.float32)
    for picture, rows in zip(pictures, labels):
        taken = np.zeros((SIDE, SIDE), bool)
        for row in rows[: random.randint(1, MOST + 1)]:
            side = random.randint(12, 36)
            left, top = random.randint(0, SIDE - side, 2)
            box = left, top, left + side, top + side
            if taken[top : top + side, left : left + side].any():
                continue
            taken[top : top + side, left : left + side] = True
            kind = random.randint(len(CLASSES))
            draw_shape(picture, CLASSES[kind], box, random.uniform(0.4, 1, 3))
            row[:] = kind, *(np.array(box) / SIDE)
    return pictures.transpose(0, 3, 1, 2).copy(), labels


class Detector(gluon.HybridBlock):
    """A body and two grids of boxes, of 8x8 and 4x4 cells."""

    def __init__(self):
        super().__init__()
        boxes = len(SIZES[0]) + len(RATIOS) - 1
        with self.name_scope():
            self.body = nn.HybridSequential()
            for channels in (16, 32, 64):
                self.body.add(*self._stage(channels))
            self.shrink = nn.HybridSequential()
            self.shrink.add(*self._stage(64))
            self.classes, self.offsets = nn.HybridSequential(), nn.HybridSequential()
            for _ in SIZES:
                self.classes.add(nn.Conv2D(boxes * (len(CLASSES) + 1), 3, padding=1))
                self.offsets.add(nn.Conv2D(boxes * 4, 3, padding=1))

    @staticmethod
    def _stage(channels):
        convolution = nn.Conv2D(channels, 3, padding=1, use_bias=False)
        return convolution, nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D()

    def hybrid_forward(self, F, data):
        """Gives boxes (1, A, 4), scores of classes (N, A, C + 1) and offsets (N, A * 4)."""
        grids = [self.body(data)]
        grids.append(self.shrink(grids[0]))
        boxes, scores, offsets = [], [], []
        for number, grid in enumerate(grids):
            boxes.append(F.contrib.MultiBoxPrior(grid, sizes=SIZES[number], ratios=RATIOS))
            found = self.classes[number](grid).transpose((0, 2, 3, 1))
            scores.append(found.reshape((0, -1, len(CLASSES) + 1)))
            offsets.append(self.offsets[number](grid).transpose((0, 2, 3, 1)).flatten())
        return F.concat(*boxes, dim=1), F.concat(*scores, dim=1), F.concat(*offsets, dim=1)


def loss_of(boxes, scores, offsets, labels):
    """Loss of classes and boxes, for each shape that a box was given to."""
    with autograd.pause():
        targets, mask, classes = mx.nd.contrib.MultiBoxTarget(
            boxes,
            labels,
            scores.transpose((0, 2, 1)),
            overlap_threshold=0.5,
            negative_mining_ratio=3,
            negative_mining_thresh=0.5,
        )
        matched = (classes > 0).sum()
        counted = classes >= 0  # the others are left out by the mining of negatives
    of_classes = -(scores.log_softmax().pick(classes.relu(), axis=2) * counted).sum()
    of_boxes = mx.nd.smooth_l1((offsets - targets) * mask).sum()
    return (of_classes + of_boxes) / matched


def train(net, pictures, labels, epochs):
    """Train with Adam; gives the `Progress` with its losses."""
    data = gluon.data.DataLoader(gluon.data.ArrayDataset(pictures, labels), BATCH, shuffle=True)
    net.initialize(mx.init.Xavier())
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.003})
    progress = shared.Progress(epochs, len(data))
    for epoch in range(epochs):
        trainer.set_learning_rate(0.003 * 0.85**epoch)
        for batch, batch_labels in data:
            with autograd.record():
                loss = loss_of(*net(batch), batch_labels)
            loss.backward()
            trainer.step(1)
            progress.step(loss.asscalar())
        progress.epoch()
    return progress


def detect(net, pictures):
    """What is found, float32 (N, A, 6): class or -1, score, box; best first."""
    boxes, scores, offsets = net(mx.nd.array(pictures))
    probabilities = scores.softmax().transpose((0, 2, 1))
    return mx.nd.contrib.MultiBoxDetection(
        probabilities, offsets, boxes, threshold=0.1, nms_threshold=0.45, force_suppress=True
    ).asnumpy()


def overlaps(box, others):
    """Intersection over union of a box (4,) with others (N, 4)."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    return common / (np.prod(box[2:] - box[:2]) + areas - common)


def average_precision(found, labels, kind):
    """Area under precision by recall for one class; a box is right from an overlap of 0.5."""
    there = [rows[rows[:, 0] == kind, 1:] for rows in labels]
    free = [np.ones(len(rows), bool) for rows in there]
    guesses = [
        (row[1], i, row[2:]) for i, rows in enumerate(found) for row in rows[rows[:, 0] == kind]
    ]
    right = []
    for _, picture, box in sorted(guesses, key=lambda guess: -guess[0]):
        overlap = overlaps(box, there[picture]) * free[picture]
        best = overlap.argmax() if overlap.size else 0
        right.append(overlap.size > 0 and overlap[best] >= 0.5)
        if right[-1]:
            free[picture][best] = False
    if not right:
        return 0.0
    hits = np.cumsum(right)
    precision = np.maximum.accumulate((hits / np.arange(1, len(hits) + 1))[::-1])[::-1]
    return float(precision[np.array(right)].sum() / sum(map(len, there)))


def plot_detections(axes, picture, found):
    """Draw a picture with what was found in it."""
    axes.imshow(picture.transpose(1, 2, 0))
    axes.axis("off")
    for kind, score, *box in found[(found[:, 0] >= 0) & (found[:, 1] > 0.5)]:
        left, top, right, bottom = np.array(box) * SIDE - 0.5
        axes.plot([left, right, right, left, left], [top, top, bottom, bottom, top], "w-")
        axes.text(left, top, f"{CLASSES[int(kind)]} {score:.2f}", color="w", va="bottom", size=8)


def main(arguments=None):
    read = shared.options(shared.parser(__doc__, epochs=12, quick=3), arguments)
    mx.random.seed(read.seed)
    np.random.seed(read.seed)
    random = np.random.RandomState(read.seed)
    net = Detector()
    progress = train(net, *make_pictures(random, 800 if read.quick else 1600), read.epochs)
    pictures, labels = make_pictures(random, 200)
    found = detect(net, pictures)

    def draw(axes):
        shared.plot_losses(axes[0], progress.losses)
        for i, each in enumerate(axes[1:]):
            plot_detections(each, pictures[i], found[i])

    shared.save_picture(read.out / "ssd.png", draw, columns=4, size=3)
    precision = np.mean([average_precision(found, labels, kind) for kind in range(len(CLASSES))])
    goal = 0.4 if read.quick else 0.95
    return shared.finish(read, "ssd", progress.losses, precision, goal, "mean average precision")


if __name__ == "__main__":
    sys.exit(main())
