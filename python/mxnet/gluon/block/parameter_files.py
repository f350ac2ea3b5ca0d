"""Parameters of a block in files, under every name that they had over the years."""

import re

from ... import error
from ... import ndarray as nd

__all__ = ["save", "load"]

_SHOWN = 8
# Parameters of recurrent layers: of the first versions and of 2.0; of the others, by cells.
_OF_LAYER = re.compile(r"(.*\.)?([lr])(\d+)_([ih]2[hr]_(?:weight|bias))")
_OF_CELL = re.compile(r"((?:.*\.)?_unfused\.)(\d+)(\..*)")


def save(block, filename, deduplicate=False):
    """Write the parameters of a block by their place in it, as ``features.0.weight``.

    Args:
        block (Block): The block.
        filename (str): The file.
        deduplicate (bool): Whether a parameter that is at several places is written once.
    """
    parameters = block._collect_params_with_prefix()
    if deduplicate:
        first = {}
        for name, parameter in parameters.items():
            first.setdefault(parameter, name)
        parameters = {name: parameter for parameter, name in first.items()}
    nd.save(filename, {name: parameter._reduce() for name, parameter in parameters.items()})


def load(block, filename, ctx, allow_missing, ignore_extra, cast_dtype, dtype_source):
    """Read the parameters of a block; see `Block.load_parameters`."""
    if dtype_source not in ("current", "saved"):
        raise error.AssertionError(
            f"load_parameters: dtype_source={dtype_source!r} is not known; expected 'current' or "
            "'saved'"
        )
    loaded = nd.load(filename)
    places = block._collect_params_with_prefix()
    if not loaded and not places:
        return
    if not isinstance(loaded, dict):
        raise error.ValueError(
            f"load_parameters: {filename!r} holds {len(loaded)} arrays without names; expected "
            "what save_parameters wrote"
        )
    loaded = _in_cells(loaded, places)
    by_place = any("." in name for name in loaded) or all(name in places for name in loaded)
    if not by_place:
        _load_by_name(
            block, loaded, filename, ctx, allow_missing, ignore_extra, cast_dtype, dtype_source
        )
        return
    if not allow_missing:
        present = {id(places[name]) for name in loaded if name in places}
        missing = [name for name, parameter in places.items() if id(parameter) not in present]
        if missing:
            raise error.AssertionError(_difference(filename, loaded, places, missing))
    extra = [name for name in loaded if name not in places]
    if extra and not ignore_extra:
        raise error.ValueError(_difference(filename, loaded, places, extra=extra))
    for name, array in loaded.items():
        if name in places:
            places[name]._load_init(array, ctx, cast_dtype, dtype_source)


def _in_cells(loaded, places):
    """The arrays of a file with the names that parameters of recurrent layers have today.

    Where cells with dropout between them were counted, their numbers have gaps.
    """
    numbers = {}
    for name in loaded:
        of_cell = _OF_CELL.fullmatch(name)
        if of_cell:
            numbers.setdefault(of_cell[1], set()).add(int(of_cell[2]))

    def place(name):
        of_layer, of_cell = _OF_LAYER.fullmatch(name), _OF_CELL.fullmatch(name)
        if of_layer:
            head, side, layer, parameter = of_layer.groups("")
            for cell in ("", f"{side}_cell."):
                candidate = f"{head}_unfused.{layer}.{cell}{parameter}"
                if candidate in places:
                    return candidate
        elif of_cell and name not in places:
            layer = sorted(numbers[of_cell[1]]).index(int(of_cell[2]))
            return f"{of_cell[1]}{layer}{of_cell[3]}"
        return name

    return {place(name): array for name, array in loaded.items()}


def _load_by_name(block, loaded, filename, ctx, missing, extra, cast_dtype, dtype_source):
    """Names of parameters, with the prefix of the block or without it, after arg: or aux:."""
    parameters = block.collect_params()
    plain = {
        name[4:] if name.startswith(("arg:", "aux:")) else name: array
        for name, array in loaded.items()
    }
    whole = sum(name in parameters for name in plain)
    stripped = sum(block.prefix + name in parameters for name in plain)
    parameters.load_dict(
        plain,
        ctx,
        missing,
        extra,
        "" if whole > stripped else block.prefix,
        filename,
        cast_dtype,
        dtype_source,
    )


def _list(names):
    shown = ", ".join(sorted(names)[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _difference(filename, loaded, places, missing=(), extra=()):
    """What the file and the block do not have in common, in one line."""
    extra = extra or [name for name in loaded if name not in places]
    parts = []
    if missing:
        parts.append(f"has no {_list(missing)} (allow_missing=True accepts that)")
    if extra:
        parts.append(
            f"has {_list(extra)}, which the block has not (ignore_extra=True accepts that)"
        )
    return (
        f"load_parameters: file {filename!r} {', and '.join(parts)}; expected the "
        f"{len(places)} parameters of the block"
    )
