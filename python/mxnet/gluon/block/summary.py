"""The table that `Block.summary` prints."""

from ... import error
from ... import ndarray as nd
from .nesting import leaves

__all__ = ["print_summary"]

_WIDTH = 80


def _shapes_text(value):
    """Shapes of what a block takes or gives, the lists in it in brackets."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_shape_text(each) for each in value)
    return _shape_text(value)


def _shape_text(value):
    if isinstance(value, nd.NDArray):
        return str(value.shape)
    return f"[{_shapes_text(value)}]" if isinstance(value, (list, tuple)) else str(value)


class _Row:
    """One line: what a layer gave, and how many numbers its own parameters have."""

    def __init__(self, title, shape, parameters, known):
        self.title = title
        self.shape = shape
        self.total = self.trainable = self.shared = 0
        for parameter in parameters:
            size = parameter.data().size
            self.total += size
            self.trainable += 0 if parameter.grad_req == "null" else size
            self.shared += size if parameter in known else 0
            known.add(parameter)


def _collect_rows(block, inputs):
    """Run the block and note each layer when it is done."""
    rows = [_Row("Input", _shapes_text(inputs), (), set())]
    known, handles = set(), []

    def note(layer, _, outputs):
        if all(isinstance(each, nd.NDArray) or each is None for each in leaves(outputs)):
            title = f"{type(layer).__name__}-{len(rows)}"
            rows.append(_Row(title, _shapes_text(outputs), layer.params.values(), known))

    def watch(layer):
        if getattr(layer, "_active", False):
            raise error.AssertionError(
                f"{layer.name}.summary: the block is hybridized, so that its layers do not run one "
                "by one; expected summary() before hybridize()"
            )
        if layer._has_row:
            handles.append(layer.register_forward_hook(note))

    try:
        block.apply(watch)
        block(*inputs)
    finally:
        for handle in handles:
            handle.detach()
    return rows


def print_summary(block, inputs):
    """Run `block` with `inputs` and print its table."""
    rows = _collect_rows(block, inputs)
    line = "{:>20}  {:>42} {:>15}".format
    print("-" * _WIDTH)
    print(line("Layer (type)", "Output Shape", "Param #"))
    print("=" * _WIDTH)
    for row in rows:
        print(line(row.title, row.shape, row.total))
    total = sum(row.total for row in rows)
    trainable = sum(row.trainable for row in rows)
    shared = sum(row.shared for row in rows)
    print("=" * _WIDTH)
    print("Parameters in forward computation graph, duplicate included")
    print(f"   Total params: {total}")
    print(f"   Trainable params: {trainable}")
    print(f"   Non-trainable params: {total - trainable}")
    print(f"Shared params in forward computation graph: {shared}")
    print(f"Unique parameters in model: {total - shared}")
    print("-" * _WIDTH)
