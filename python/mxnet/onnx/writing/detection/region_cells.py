"""Means of cells of regions, over whole pixels or over points between them."""

import math

import numpy as np

from ..registry import translates

_INT, _WIDE = np.dtype("int64"), np.dtype("float64")


class _Regions:
    """Rows of a node's regions and the feature maps that they lie in.

    Attributes:
        pictures: Number of each region's picture (regions, 1, 1, ...), within those that are there.
        there: Whether there is such a picture, in the same shape.
        height, width: Size of the maps.
    """

    def __init__(self, node, g, rank):
        self._g, self._rank = g, rank
        self.dtype = node.dtype()
        self.data, self._rois = node.inputs[:2]
        self.channels, self.height, self.width = (node.size(axis) for axis in (1, 2, 3))
        given = self.number(0)
        count = g.cast(g.squeeze(g.size(self.data, 0), 0), self.dtype)
        self.there = g.And(g.Greater(given, self.of(-1)), g.Less(given, count))
        self.pictures = g.cast(g.Where(self.there, given, self.of(0)), _INT)

    def of(self, number):
        """A constant in the dtype of the maps."""
        return self._g.number(number, self.dtype)

    def number(self, i):
        """Number i of each region."""
        found = self._g.slice(self._rois, 1, i, i + 1)
        return self._g.Reshape(found, self._g.ints(-1, *[1] * (self._rank - 1)))

    def rounded(self, i, more, scale):
        """Number i as a whole pixel, moved and scaled; halves go away from 0."""
        g, x = self._g, self.number(i)
        whole = g.Mul(g.Sign(x), g.Floor(g.Add(g.Abs(x), self.of(0.5))))
        return g.Mul(g.Add(whole, self.of(more)), self.of(scale))

    def channel_of_cells(self, outputs, groups, cells):
        """Channels (1, outputs, cells, cells) from which cells are read; groups of own ones."""
        group = np.arange(cells) * groups // cells
        c = np.arange(outputs).reshape(-1, 1, 1)
        found = (c * groups + group.reshape(-1, 1)) * groups + group
        return found.astype(_INT).reshape(1, outputs, cells, cells)

    def plane(self, channel):
        """Numbers of the planes of channels of the regions' pictures."""
        g = self._g
        return g.Add(g.Mul(self.pictures, g.number(self.channels, _INT)), channel)

    def between_pixels(self, table, first, y, x):
        """Values at points that lie within the map, between four pixels each.

        Args:
            table: Values along axis 0; what else they have comes behind the points' axes.
            first: Place of the first pixel of the plane of each point.
            y, x: Where the points are; shapes that broadcast.
        """
        g, found = self._g, None
        parts = []
        for place, size in ((y, self.height), (x, self.width)):
            low = g.Floor(place)
            high = g.Min(g.Add(low, self.of(1)), self.of(size - 1))
            share = g.Sub(place, low)
            parts.append(((low, g.Sub(self.of(1), share)), (high, share)))
        for row, in_y in parts[0]:
            for column, in_x in parts[1]:
                at = g.Add(
                    g.Mul(g.cast(row, _INT), g.number(self.width, _INT)), g.cast(column, _INT)
                )
                values, weight = g.Gather(table, g.Add(first, at), axis=0), g.Mul(in_y, in_x)
                if table is not self.flat:
                    weight = g.unsqueeze(weight, self._rank)
                part = g.Mul(values, weight)
                found = part if found is None else g.Add(found, part)
        return found

    @property
    def flat(self):
        """All values of the maps, one after the other."""
        if not hasattr(self, "_flat"):
            self._flat = self._g.Reshape(self.data, self._g.ints(-1))
        return self._flat


def _cell_ends(g, regions, start, end, axis, size, cells):
    """First pixel of each cell and the one behind its last, along an axis of the result."""
    shape = [1, 1, 1, 1]
    shape[axis] = cells
    steps = np.arange(cells).reshape(shape).astype(regions.dtype)
    step = g.Div(g.Max(g.Sub(end, start), regions.of(0.1)), regions.of(cells))
    ends = []
    for number, cut in ((steps, g.Floor), (steps + 1, g.Ceil)):
        place = cut(g.Add(g.Mul(number.astype(regions.dtype), step), start))
        place = g.Where(g.IsNaN(place), regions.of(0), place)
        ends.append(g.cast(g.Clip(place, regions.of(0), regions.of(size)), _INT))
    return ends


@translates("_contrib_PSROIPooling")
def psroi_pooling(node, g):
    """Sums of cells are differences of sums from the corner, which float64 holds exactly enough."""
    attrs, cells = node.attrs, node.attrs.pooled_size
    regions = _Regions(node, g, 4)
    scale = attrs.spatial_scale
    rows, columns = (
        _cell_ends(
            g,
            regions,
            regions.rounded(first, 0, scale),
            regions.rounded(first + 2, 1, scale),
            axis,
            size,
            cells,
        )
        for first, axis, size in ((2, 2, regions.height), (1, 3, regions.width))
    )
    sums = g.cast(regions.data, _WIDE)
    for axis in (2, 3):
        sums = g.CumSum(sums, g.number(axis, _INT))
    flat = g.Reshape(g.Pad(sums, g.ints(0, 0, 1, 1, 0, 0, 0, 0)), g.ints(-1))
    groups = attrs.group_size or cells
    width = regions.width + 1
    plane = regions.plane(regions.channel_of_cells(attrs.output_dim, groups, cells))
    first = g.Mul(plane, g.number((regions.height + 1) * width, _INT))

    def corner(y, x):
        return g.Gather(flat, g.Add(first, g.Add(g.Mul(y, g.number(width, _INT)), x)), axis=0)

    total = g.Sub(corner(rows[1], columns[1]), corner(rows[0], columns[1]))
    total = g.Sub(total, g.Sub(corner(rows[1], columns[0]), corner(rows[0], columns[0])))
    nothing = g.number(0, _INT)
    counts = (g.Max(g.Sub(end, start), nothing) for start, end in (rows, columns))
    count = g.Mul(*counts)
    filled = g.And(g.Greater(count, nothing), regions.there)
    mean = g.Div(total, g.cast(g.Max(count, g.number(1, _INT)), _WIDE))
    return g.Where(filled, g.cast(mean, regions.dtype), regions.of(0))


@translates("_contrib_DeformablePSROIPooling")
def deformable_psroi_pooling(node, g):
    attrs, cells, samples = node.attrs, node.attrs.pooled_size, node.attrs.sample_per_part
    regions, scale = _Regions(node, g, 6), node.attrs.spatial_scale
    of = regions.of
    moves = _moves(node, g) if not attrs.no_trans and len(node.inputs) > 2 else None
    attrs.ignore("part_size", "trans_std", "no_trans")
    places, inside = [], None
    for axis, first, size in ((0, 2, regions.height), (1, 1, regions.width)):
        start = g.Sub(regions.rounded(first, 0, scale), of(0.5))
        end = g.Sub(regions.rounded(first + 2, 1, scale), of(0.5))
        length = g.Max(g.Sub(end, start), of(0.1))
        step = g.Div(length, of(cells))
        at = g.Add(g.Mul(_along(cells, 2 + axis, regions), step), start)
        if moves:
            at = g.Add(at, g.Mul(g.Mul(moves[1 - axis], of(attrs.trans_std)), length))
        part = g.Div(g.Mul(_along(samples, 4 + axis, regions), step), of(samples))
        at = g.Add(at, part)
        within = g.And(g.GreaterOrEqual(at, of(-0.5)), g.LessOrEqual(at, of(size - 0.5)))
        inside = within if inside is None else g.And(inside, within)
        places.append(g.Clip(at, of(0), of(size - 1)))
    channel = regions.channel_of_cells(attrs.output_dim, attrs.group_size, cells)
    plane = regions.plane(channel[..., None, None])
    first = g.Mul(plane, g.number(regions.height * regions.width, _INT))
    values = regions.between_pixels(regions.flat, first, *places)
    return _mean_of_points(g, regions, values, inside, [4, 5])


def _along(count, axis, regions):
    """Numbers from 0 on along one of six axes."""
    shape = [1] * 6
    shape[axis] = count
    return np.arange(count).reshape(shape).astype(regions.dtype)


def _moves(node, g):
    """Where cells are moved to (regions, outputs, cells, cells, 1, 1): right and down."""
    attrs, cells = node.attrs, node.attrs.pooled_size
    parts = attrs.part_size if attrs.part_size > 0 else cells
    classes = node.size(1, 2) // 2
    flat = g.Reshape(node.inputs[2], g.ints(0, 2 * classes * parts * parts))
    part = np.arange(cells) * parts // cells
    kind = np.arange(attrs.output_dim) // (attrs.output_dim // classes)
    at = 2 * kind.reshape(-1, 1, 1) * parts * parts + part.reshape(-1, 1) * parts + part
    return [
        g.unsqueeze(g.Gather(flat, (at + i * parts * parts).astype(_INT), axis=1), 4, 5)
        for i in range(2)
    ]


def _mean_of_points(g, regions, values, inside, axes):
    """Means over the axes of points, of those that lie on the picture."""
    total = g.reduce("ReduceSum", g.Where(inside, values, regions.of(0)), axes)
    count = g.reduce("ReduceSum", g.cast(inside, regions.dtype), axes)
    mean = g.Div(total, g.Max(count, regions.of(1)))
    there = g.squeeze(regions.there, *axes)
    return g.Where(there, mean, regions.of(0))


def _turned_points(node, g, regions, axis):
    """Points of cells along an axis of a turned region, from its middle.

    Returns:
        tuple: The points (regions, cells, points), with axes of size 1 for the others; how many
        points each region has; which points are points of a region.
    """
    attrs, of = node.attrs, regions.of
    size = g.Max(g.Mul(regions.number(4 - axis), of(attrs.spatial_scale)), of(1))
    cells, count = attrs.pooled_size[axis], of(max(attrs.sampling_ratio, 1))
    step = g.Div(size, of(cells))
    if attrs.sampling_ratio > 0:
        points = g.constant(np.arange(attrs.sampling_ratio).astype(regions.dtype))
    else:
        count = g.Ceil(step)
        points = g.Range(of(0), g.reduce("ReduceMax", count), of(1))
    points = g.Reshape(points, g.ints(*[-1 if k == 3 + axis else 1 for k in range(5)]))
    numbers = np.arange(cells).reshape([-1 if k == 1 + axis else 1 for k in range(5)])
    at = g.Sub(g.Mul(numbers.astype(regions.dtype), step), g.Div(size, of(2)))
    at = g.Add(at, g.Div(g.Mul(g.Add(points, of(0.5)), step), count))
    return at, count, g.Less(points, count)


@translates("_contrib_RROIAlign")
def rroi_align(node, g):
    """Points (regions, cells, cells, points, points): as many as the largest region has."""
    regions, scale = _Regions(node, g, 5), node.attrs.spatial_scale
    of = regions.of
    (down, rows, in_rows), (right, columns, in_columns) = (
        _turned_points(node, g, regions, axis) for axis in (0, 1)
    )
    angle = g.Mul(regions.number(5), of(math.pi / 180))
    cosine, sine = g.Cos(angle), g.Sin(angle)
    x = g.Add(g.Add(g.Mul(right, cosine), g.Mul(down, sine)), g.Mul(regions.number(1), of(scale)))
    y = g.Add(g.Sub(g.Mul(down, cosine), g.Mul(right, sine)), g.Mul(regions.number(2), of(scale)))
    counted, places = g.And(in_rows, in_columns), []
    for at, size in ((y, regions.height), (x, regions.width)):
        within = g.And(g.GreaterOrEqual(at, of(-1)), g.LessOrEqual(at, of(size)))
        counted = g.And(counted, within)
        places.append(g.Clip(at, of(0), of(size - 1)))
    table = g.Reshape(g.Transpose(regions.data, perm=[0, 2, 3, 1]), g.ints(-1, regions.channels))
    first = g.Mul(regions.pictures, g.number(regions.height * regions.width, _INT))
    values = regions.between_pixels(table, first, *places)
    values = g.Where(g.And(g.unsqueeze(counted, 5), g.unsqueeze(regions.there, 5)), values, of(0))
    count = g.Max(g.Mul(rows, columns), of(1))
    if node.attrs.sampling_ratio <= 0:
        count = g.squeeze(count, 4)
    return g.Transpose(g.Div(g.reduce("ReduceSum", values, [3, 4]), count), perm=[0, 3, 1, 2])
