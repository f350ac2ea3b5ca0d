"""Pictures changed by random amounts, each picture by its own."""

import numpy as np

from ..elemwise.special import wide
from ..random import draws
from ..registry import translates
from ..subgraph import scan
from .pictures import flip_left_right, flip_top_bottom

_LUMA = np.array([0.299, 0.587, 0.114])
# What is added to red, green and blue for each principal axis of the colors of ImageNet.
_AXES = np.array(
    [
        [55.46 * -0.5675, 4.794 * 0.7192, 1.148 * 0.4009],
        [55.46 * -0.5808, 4.794 * -0.0045, 1.148 * -0.8140],
        [55.46 * -0.5836, 4.794 * -0.6948, 1.148 * 0.4203],
    ]
)


class _Pictures:
    """The pictures of a node in the dtype in which colors are computed.

    Attributes:
        colors: The pictures.
        dtype: That dtype.
        is_colored: Whether they have three channels.
    """

    def __init__(self, node, g):
        self._node, self._g = node, g
        self.dtype = np.dtype("float64" if node.dtype() == np.float64 else "float32")
        self.rank, self.is_colored = node.rank(), node.size(-1) == 3
        self.colors = node.input_as(0, self.dtype)

    def of(self, number):
        """A constant in the dtype of colors."""
        return self._g.number(number, self.dtype)

    def like(self, count=1):
        """Zeros (pictures, 1, 1, count), or (1, 1, count) for one picture: for random draws."""
        batch = [self._g.size(self._node.inputs[0], 0)] if self.rank == 4 else []
        shape = self._g.Concat(*batch, self._g.ints(1, 1, count), axis=0)
        return self._g.Expand(wide(0), shape)

    def factor(self, low, high):
        """A random number for each picture."""
        g, like = self._g, self.like()
        drawn = draws.uniform(g, g.Add(like, wide(low)), g.Add(like, wide(high)))
        return g.cast(drawn, self.dtype)

    def stored(self, g, colors):
        """Colors as a picture of the node's dtype has them, still in the dtype of colors."""
        if self._node.dtype().kind == "f":
            return colors
        if self._node.dtype() == np.uint8:
            colors = g.Clip(colors, self.of(0), self.of(255))
        return g.Mul(g.Sign(colors), g.Floor(g.Abs(colors)))

    def result(self, colors):
        """Colors as the result of the node."""
        colors = self.stored(self._g, colors)
        return self._g.cast(colors, self._node.out_dtype())

    def channels(self, g, colors):
        """Red, green and blue, with the axis of channels."""
        axis = self.rank - 1
        return [g.slice(colors, axis, i, i + 1) for i in range(3)]


def _brightness(p, g, colors, factor):
    return g.Mul(colors, factor)


def _contrast(p, g, colors, factor):
    """Away from the mean brightness of the picture."""
    axes = [p.rank - 3, p.rank - 2, p.rank - 1]
    if p.is_colored:
        pixels = g.reduce("ReduceSum", g.Mul(colors, _LUMA.astype(p.dtype)), axes[2:], True)
        mean = g.reduce("ReduceMean", pixels, axes[:2], True)
    else:
        mean = g.reduce("ReduceMean", colors, axes, True)
    return g.Add(g.Mul(colors, factor), g.Mul(g.Sub(p.of(1), factor), mean))


def _saturation(p, g, colors, factor):
    """The operator takes the brightness of blue alone for that of the pixel, and so does this."""
    if not p.is_colored:
        return colors
    blue = g.Mul(p.channels(g, colors)[2], p.of(_LUMA[2]))
    return g.Add(g.Mul(blue, g.Sub(p.of(1), factor)), g.Mul(colors, factor))


def _hue(p, g, colors, factor):
    """Turns the circle of colors by a part of it, at the same lightness and saturation."""
    if not p.is_colored:
        return colors
    red, green, blue = (g.Div(each, p.of(255)) for each in p.channels(g, colors))
    most, least = g.Max(red, green, blue), g.Min(red, green, blue)
    spread, total = g.Sub(most, least), g.Add(most, least)
    light = g.Mul(total, p.of(0.5))
    gray = g.Not(g.Greater(spread, p.of(np.finfo(np.float32).eps)))
    safe = g.Where(gray, p.of(1), spread)
    below = g.Where(g.Less(light, p.of(0.5)), total, g.Sub(p.of(2), total))
    saturation = g.Div(spread, g.Where(gray, p.of(1), below))
    sixths = g.Where(
        g.Equal(most, red),
        g.Div(g.Sub(green, blue), safe),
        g.Where(
            g.Equal(most, green),
            g.Add(g.Div(g.Sub(blue, red), safe), p.of(2)),
            g.Add(g.Div(g.Sub(red, green), safe), p.of(4)),
        ),
    )
    sixths = g.Add(sixths, g.Mul(factor, p.of(6)))
    product = g.Mul(light, saturation)
    high = g.Where(
        g.LessOrEqual(light, p.of(0.5)),
        g.Add(light, product),
        g.Sub(g.Add(light, saturation), product),
    )
    low = g.Sub(g.Mul(light, p.of(2)), high)
    found = [
        g.Where(gray, light, _level(p, g, g.Add(sixths, p.of(turn)), low, high))
        for turn in (2, 0, 4)
    ]
    return g.Mul(g.Concat(*found, axis=p.rank - 1), p.of(255))


def _level(p, g, sixths, low, high):
    """How strong a color is on the circle: it rises, stays high, falls and stays low."""
    place = g.Sub(sixths, g.Mul(g.Floor(g.Div(sixths, p.of(6))), p.of(6)))
    falling = g.Sub(p.of(4), place)
    share = g.Clip(g.Min(place, falling), p.of(0), p.of(1))
    return g.Add(low, g.Mul(g.Sub(high, low), share))


_CHANGES = {
    "brightness": _brightness,
    "contrast": _contrast,
    "saturation": _saturation,
    "hue": _hue,
}


def _by_factor(change):
    def function(node, g):
        p, attrs = _Pictures(node, g), node.attrs
        factor = p.factor(attrs.min_factor, attrs.max_factor)
        return p.result(change(p, g, p.colors, factor))

    return function


for _name, _change in _CHANGES.items():
    translates(f"_image_random_{_name}")(_by_factor(_change))


@translates("_image_random_color_jitter")
def color_jitter(node, g):
    """A Scan over an order of the changes that is drawn for each picture."""
    p = _Pictures(node, g)
    strengths = {name: getattr(node.attrs, name) for name in _CHANGES}
    keys = draws.between_0_and_1(g, p.like(len(_CHANGES)))
    order = g.TopK(keys, g.ints(len(_CHANGES)), axis=p.rank - 1, outputs=2)[1]
    numbers = np.dtype("int64")
    # One axis of slots in front, that of properties stays with size 1.
    order = g.Transpose(g.unsqueeze(order, p.rank), perm=[p.rank - 1, *range(p.rank - 1), p.rank])
    factors = {
        name: p.factor(*((-s, s) if name == "hue" else (1 - s, 1 + s)))
        for name, s in strengths.items()
        if s > 0
    }

    def step(inner, states, pieces):
        colors = states[0]
        for number, (name, change) in enumerate(_CHANGES.items()):
            if name in factors:
                changed = p.stored(inner, change(p, inner, states[0], factors[name]))
                turn = inner.Equal(pieces[0], g.number(number, numbers))
                colors = inner.Where(turn, changed, colors)
        return [colors], []

    return p.result(scan(g, [(p.colors, p.dtype, p.rank)], [(order, numbers)], step)[0][0])


def _flip(turned):
    """Each picture is turned or not, both as likely."""

    def function(node, g):
        p = _Pictures(node, g)
        keys = draws.between_0_and_1(g, p.like())
        return g.Where(g.Less(keys, wide(0.5)), turned(node, g), node.inputs[0])

    return function


translates("_image_random_flip_left_right")(_flip(flip_left_right))
translates("_image_random_flip_top_bottom")(_flip(flip_top_bottom))


@translates("_image_adjust_lighting")
def adjust_lighting(node, g):
    p = _Pictures(node, g)
    shift = (_AXES @ np.array(node.attrs.alpha)).astype(p.dtype)
    return p.result(g.Add(p.colors, shift)) if p.is_colored else node.inputs[0]


@translates("_image_random_lighting")
def random_lighting(node, g):
    p, deviation = _Pictures(node, g), node.attrs.alpha_std
    if not p.is_colored:
        return node.inputs[0]
    like = p.like(3)
    alpha = draws.normal(g, like, g.Expand(wide(deviation), g.Shape(like)))
    shift = g.MatMul(g.cast(alpha, p.dtype), _AXES.T.astype(p.dtype))
    return p.result(g.Add(p.colors, shift))
