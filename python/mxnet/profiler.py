"""What runs and how long: traces for Perfetto or chrome://tracing, and tables of statistics."""

import atexit
import json
import os
import threading
import warnings

from . import _core, _files, error

__all__ = [
    "Counter",
    "Domain",
    "Event",
    "Frame",
    "Marker",
    "Scope",
    "Task",
    "dump",
    "dump_profile",
    "dumps",
    "pause",
    "profiler_set_config",
    "profiler_set_state",
    "resume",
    "scope",
    "set_config",
    "set_kvstore_handle",
    "set_state",
]

# As mx::profile::Kind numbers them.
_KINDS = {
    "profile_symbolic": 1,
    "profile_imperative": 2,
    "profile_memory": 4,
    "profile_api": 8,
}
_USER = 16

_DEFAULTS = {
    "filename": "profile.json",
    "profile_all": False,
    "profile_symbolic": True,
    "profile_imperative": True,
    "profile_memory": True,
    "profile_api": True,
    "continuous_dump": False,
    "dump_period": 1.0,
    "aggregate_stats": False,
    "profile_process": "worker",
}


class _Profiler:
    """The settings and whether it runs; one for the process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.config = dict(_DEFAULTS)
        self.runs = self.paused = False
        self.owner = os.getpid()

    def apply(self):
        """Tells the core what to record."""
        kinds = 0
        if self.runs and not self.paused:
            kinds = _USER
            for name, bit in _KINDS.items():
                if self.config["profile_all"] or self.config[name]:
                    kinds |= bit
        _core.profile_set_active(kinds, bool(self.config["aggregate_stats"]))

    def write(self, forget):
        _files.write_text(str(self.config["filename"]), _core.profile_trace(forget), "profiler")


_profiler = _Profiler()


def _check_process(profile_process):
    if profile_process not in ("worker", "server"):
        raise error.ValueError(
            f"profiler: profile_process={profile_process} is not known; expected worker or server"
        )
    # Stores are in this process: what a server does is part of the same trace.


def set_config(**kwargs):
    """Settings of the profiler; to be made before it runs.

    Args:
        filename (str): Where `dump` writes the trace.
        profile_all (bool): Record everything.
        profile_symbolic (bool): Record operators of graphs.
        profile_imperative (bool): Record operators of eager calls.
        profile_memory (bool): Record the memory in use.
        profile_api (bool): Record calls of the library.
        continuous_dump (bool): Write the trace again every `dump_period` seconds.
        dump_period (float): In seconds.
        aggregate_stats (bool): Keep the statistics that `dumps` shows.
        profile_process (str): 'worker' or 'server'; both are this process.
    """
    if "contiguous_dump" in kwargs:
        kwargs["continuous_dump"] = kwargs.pop("contiguous_dump")
    for name, value in kwargs.items():
        if name not in _DEFAULTS:
            raise error.ValueError(
                f"profiler.set_config: {name}={value} is not a setting; expected one of "
                f"{', '.join(_DEFAULTS)}"
            )
    _check_process(kwargs.get("profile_process", "worker"))
    with _profiler.lock:
        if _profiler.runs:
            raise error.ValueError(
                "profiler.set_config: the profiler runs; expected set_state('stop')"
            )
        _profiler.config.update(kwargs)
        _profiler.apply()


def profiler_set_config(mode="symbolic", filename="profile.json"):
    """Older form of `set_config`: mode is 'symbolic', 'imperative', 'api', 'memory' or 'all'."""
    warnings.warn("profiler.profiler_set_config is deprecated; expected set_config", stacklevel=2)
    modes = {name[len("profile_") :] for name in _KINDS}
    if mode != "all" and mode not in modes:
        known = ", ".join(["all", *sorted(modes)])
        raise error.ValueError(
            f"profiler_set_config: mode={mode} is not known; expected one of {known}"
        )
    chosen = {name: mode in ("all", name[len("profile_") :]) for name in _KINDS}
    set_config(filename=filename, profile_all=mode == "all", **chosen)


def set_state(state="stop", profile_process="worker"):
    """Begin ('run') or end ('stop') recording. What was recorded stays until it is dumped."""
    _check_process(profile_process)
    if state not in ("run", "stop"):
        raise error.ValueError(
            f"profiler.set_state: state={state} is not known; expected run or stop"
        )
    with _profiler.lock:
        begins = state == "run" and not _profiler.runs
        _profiler.runs = state == "run"
        _profiler.paused = False
        _profiler.owner = os.getpid()
        _profiler.apply()
    if begins and _profiler.config["continuous_dump"]:
        threading.Thread(target=_dump_again, name="profiler", daemon=True).start()


def _dump_again():
    while True:
        threading.Event().wait(float(_profiler.config["dump_period"]))
        with _profiler.lock:
            if not _profiler.runs:
                return
            _profiler.write(False)


def profiler_set_state(state="stop"):
    """Older form of `set_state`."""
    warnings.warn("profiler.profiler_set_state is deprecated; expected set_state", stacklevel=2)
    set_state(state)


def pause(profile_process="worker"):
    """Record nothing until `resume`."""
    _set_paused(True, profile_process)


def resume(profile_process="worker"):
    """Go on recording after `pause`."""
    _set_paused(False, profile_process)


def _set_paused(paused, profile_process):
    _check_process(profile_process)
    with _profiler.lock:
        _profiler.paused = paused
        _profiler.apply()


def dump(finished=True, profile_process="worker"):
    """Write the trace into the file that `set_config` names, for Perfetto or chrome://tracing.

    Args:
        finished (bool): Whether the trace ends: what was recorded is then forgotten.
        profile_process (str): 'worker' or 'server'; both are this process.
    """
    _check_process(profile_process)
    with _profiler.lock:
        if finished:
            _profiler.runs = False
            _profiler.apply()
        _profiler.write(bool(finished))


def dump_profile():
    """Older form of `dump`."""
    warnings.warn("profiler.dump_profile is deprecated; expected dump", stacklevel=2)
    dump(True)


_SORT_KEYS = {"total": 3, "avg": -1, "min": 4, "max": 5, "count": 2}


def dumps(reset=False, format="table", sort_by="total", ascending=False):
    """Statistics of what was recorded with ``aggregate_stats=True``, as text.

    Args:
        reset (bool): Whether they begin anew.
        format (str): 'table' or 'json'.
        sort_by (str): 'total', 'avg', 'min', 'max' or 'count'.
        ascending (bool): Whether the smallest comes first.
    """
    if format not in ("table", "json"):
        raise error.AssertedValueError(
            f"profiler.dumps: format={format} is not known; expected table or json"
        )
    if sort_by not in _SORT_KEYS:
        raise error.AssertedValueError(
            f"profiler.dumps: sort_by={sort_by} is not known; expected one of "
            f"{', '.join(_SORT_KEYS)}"
        )
    groups = {}
    for row in _core.profile_statistics(bool(reset)):
        groups.setdefault(row[0], []).append((*row, row[3] / row[2]))
    for rows in groups.values():
        rows.sort(key=lambda row: row[_SORT_KEYS[sort_by]], reverse=not ascending)
    return _json_of(groups) if format == "json" else _table_of(groups)


def _is_memory(category):
    return category == "Device Storage"


def _json_of(groups):
    result = {"Time": {}, "Memory": {}, "Unit": {"Time": "ms", "Memory": "kB"}}
    for category, rows in groups.items():
        is_memory = _is_memory(category)
        scale = 1e-3 if is_memory else 1
        part = result["Memory" if is_memory else "Time"].setdefault(category, {})
        for _, name, count, total, least, most, _, average in rows:
            part[name] = {
                "Count": count,
                "Total": total * scale,
                "Min": least * scale,
                "Max": most * scale,
                "Avg": average * scale,
            }
    return json.dumps(result, indent=4)


def _table_of(groups):
    lines = ["", "Profile Statistics:", "\tNote the difference in units for different entries."]
    for category, rows in groups.items():
        is_memory = _is_memory(category)
        heads = ["Total Count"]
        heads += [] if is_memory else ["Time (ms)"]
        heads += [f"{w} {'Use  (kB)' if is_memory else 'Time (ms)'}" for w in ("Min", "Max", "Avg")]
        lines += [category, "================="]
        lines.append(_line("Name", heads))
        lines.append(_line("----", ["-" * len(head) for head in heads]))
        for _, name, count, total, least, most, _, average in rows:
            times = [least, most, average] if is_memory else [total, least, most, average]
            scale = 1e-3 if is_memory else 1
            lines.append(_line(name, [str(count), *(f"{t * scale:.4f}" for t in times)]))
        lines.append("")
    return "\n".join(lines) + "\n"


def _line(name, columns):
    return f"{name:<25}" + "".join(f" {column:>16}" for column in columns)


def set_kvstore_handle(handle):
    """Accepted: key-value stores are in this process, whose trace shows them."""


class Domain:
    """A group of tasks, frames, counters and markers.

    Args:
        name (str): Its name in the trace.
    """

    def __init__(self, name):
        self.name = name

    def __str__(self):
        return self.name

    def new_task(self, name):
        """A `Task` of this domain."""
        return Task(self, name)

    def new_frame(self, name):
        """A `Frame` of this domain."""
        return Frame(self, name)

    def new_counter(self, name, value=None):
        """A `Counter` of this domain."""
        return Counter(self, name, value)

    def new_marker(self, name):
        """A `Marker` of this domain."""
        return Marker(self, name)


class _Interval:
    """Something with a beginning and an end; also usable in a ``with`` block."""

    def __init__(self, category, name, nests):
        self.name = name
        self._interval = _core.ProfileInterval(category, name, nests)

    def start(self):
        """Begin."""
        self._interval.start()

    def stop(self):
        """End."""
        self._interval.stop()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def __str__(self):
        return self.name


class Task(_Interval):
    """A piece of work that may begin and end in different threads.

    Args:
        domain (Domain): Its group.
        name (str): Its name.
    """

    def __init__(self, domain, name):
        super().__init__(str(domain), name, False)
        self.domain = domain


class Frame(_Interval):
    """A step of the program, such as a batch.

    Args:
        domain (Domain): Its group.
        name (str): Its name.
    """

    def __init__(self, domain, name):
        super().__init__(f"{domain},frame", name, False)
        self.domain = domain


class Event(_Interval):
    """An interval of one thread, in which others may nest.

    Args:
        name (str): Its name.
    """

    def __init__(self, name):
        super().__init__("event", name, True)


class Counter:
    """A number that changes.

    Args:
        domain (Domain): Its group.
        name (str): Its name.
        value (int): What it begins with.
    """

    def __init__(self, domain, name, value=None):
        self.name, self.domain = name, domain
        self._value = 0
        self._lock = threading.Lock()
        if value is not None:
            self.set_value(value)

    def _change(self, change):
        with self._lock:
            self._value = change(self._value)
            _core.profile_counter(str(self.domain), self.name, self._value)

    def set_value(self, value):
        """Set it."""
        self._change(lambda _: value)

    def increment(self, delta=1):
        """Add to it."""
        self._change(lambda value: value + delta)

    def decrement(self, delta=1):
        """Subtract from it."""
        self._change(lambda value: value - delta)

    def __iadd__(self, delta):
        self.increment(delta)
        return self

    def __isub__(self, delta):
        self.decrement(delta)
        return self

    def __str__(self):
        return self.name


class Marker:
    """A moment.

    Args:
        domain (Domain): Its group.
        name (str): Its name.
    """

    def __init__(self, domain, name):
        self.name, self.domain = name, domain

    def mark(self, scope="process"):
        """Record the moment; it matters to the 'process', the 'thread' or is 'global'."""
        if scope not in ("global", "process", "thread", "task", "marker"):
            raise error.ValueError(
                f"Marker.mark: scope={scope} is not known; expected process, thread, task, marker "
                "or global"
            )
        short = {"global": "g", "process": "p"}.get(scope, "t")
        _core.profile_instant(f"{self.domain},instant_marker", self.name, short)

    def __str__(self):
        return self.name


class Scope(_Interval):
    """A ``with`` block that the trace shows around what runs inside.

    Args:
        name (str): Its name.
        append_mode (bool): Accepted; blocks nest in the trace.
    """

    def __init__(self, name="<unk>:", append_mode=True):
        super().__init__("scope", name, True)


def scope(name="<unk>:", append_mode=True):
    """A `Scope`."""
    return Scope(name, append_mode)


def _start_from_environment():
    """Record from the import on; the trace is written at the end."""
    everything = _core.env_flag("MXNET_PROFILER_MODE")
    set_config(
        profile_symbolic=True,
        profile_imperative=everything,
        profile_api=everything,
        profile_memory=everything,
    )
    set_state("run")


@atexit.register
def _dump_at_exit():
    if _profiler.runs and _profiler.owner == os.getpid():
        dump(True)
