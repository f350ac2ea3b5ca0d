"""Checkpoints of a job of several ranks, from which it goes on with any number of ranks."""

import json
import os
import random
import shutil

import numpy as np

from .. import _core, _files, error
from .. import random as mx_random
from . import world

__all__ = ["JobCheckpoint"]

_PREFIX, _DIGITS = "checkpoint-", 8
_PARAMS, _STATES, _POSITION = "model.params", "optimizer.states", "position.json"


class JobCheckpoint:
    """Writes and finds checkpoints in a folder that all ranks see.

    Rank 0 writes a checkpoint beside the last one and renames it when it is whole, so that there is
    always a whole one, whatever ends the job. All ranks call `save` and `load`.

    Args:
        folder (str): The folder.
        keep (int): How many checkpoints stay.

    Example:
        >>> checkpoint = mx.kvstore.JobCheckpoint("run")
        >>> done = checkpoint.load(net, trainer) or {"epoch": 0}
        >>> for epoch in range(done["epoch"], 10):
        ...     train_one_epoch()
        ...     checkpoint.save(net, trainer, epoch=epoch + 1)
    """

    def __init__(self, folder, keep=2):
        if keep < 1:
            raise error.ValueError(f"JobCheckpoint: keep={keep} is too small; expected 1 or more")
        self._folder, self._keep = _files.refuse_remote(folder, "JobCheckpoint: folder"), keep
        self._world = world.join()

    def save(self, model, trainer=None, **position):
        """Write parameters, states of the optimizer, random state and position.

        Every rank then draws its random numbers from a new seed, which comes from NumPy's generator
        of rank 0 and which the checkpoint holds: a job that goes on from here draws the same.

        Args:
            model (Block or Module): What is trained.
            trainer (Trainer): Its trainer; a Module needs none.
            **position: Where the job is, such as ``epoch=3``: what JSON can hold.
        """
        first = self._world.rank == 0
        number = self._world.from_first(lambda: (self._numbers() or [0])[-1] + 1, "checkpoint")
        writing = os.path.join(self._folder, f".{number}.writing")
        if first:
            shutil.rmtree(writing, ignore_errors=True)
            os.makedirs(writing)
            _save_params(model, os.path.join(writing, _PARAMS))
        _save_states(model, trainer, os.path.join(writing, _STATES), first)
        seed = self._world.from_first(lambda: int(np.random.randint(2**31 - 1)), "checkpoint")
        if first:
            content = {"position": position, "seed": seed, "ranks": self._world.size}
            _core.write_text_file(os.path.join(writing, _POSITION), json.dumps(content))
            os.rename(writing, self._path(number))
            for old in self._numbers()[: -self._keep]:
                shutil.rmtree(self._path(old), ignore_errors=True)
        self._world.barrier("checkpoint")
        self._seed(seed)

    def load(self, model, trainer=None):
        """Go on from the last checkpoint.

        Args:
            model (Block or Module): What is trained; a Module is bound and has its optimizer.
            trainer (Trainer): Its trainer, for a Block.

        Returns:
            dict: The position that was saved; None where there is no checkpoint.
        """
        number = self._world.from_first(lambda: (self._numbers() or [None])[-1], "checkpoint")
        if number is None:
            return None
        path = self._path(number)
        try:
            with open(os.path.join(path, _POSITION), encoding="utf-8") as stream:
                content = json.load(stream)
        except (OSError, ValueError) as problem:
            raise error.ValueError(
                f"JobCheckpoint.load: {path} cannot be read on rank {self._world.rank} "
                f"({problem}); expected a folder that all ranks see"
            ) from problem
        _load(model, trainer, path)
        self._seed(content["seed"])
        return content["position"]

    def _path(self, number):
        return os.path.join(self._folder, f"{_PREFIX}{number:0{_DIGITS}d}")

    def _numbers(self):
        """Numbers of the checkpoints that are there, the last one last."""
        names = os.listdir(self._folder) if os.path.isdir(self._folder) else []
        endings = (n[len(_PREFIX) :] for n in names if n.startswith(_PREFIX))
        return sorted(int(each) for each in endings if each.isdecimal())

    def _seed(self, seed):
        seed = (seed + self._world.rank) % 2**31
        mx_random.seed(seed)
        np.random.seed(seed)
        random.seed(seed)


def _is_module(model):
    return hasattr(model, "init_optimizer")


def _save_params(model, path):
    (model.save_params if _is_module(model) else model.save_parameters)(path)


def _save_states(model, trainer, path, first):
    """Write the states of the optimizer; only a store of several ranks needs all of them."""
    if not _is_module(model):
        if trainer is None:
            return
        trainer._ready()
        if first or trainer._update_on_kvstore:
            trainer.save_states(path)
    elif model.optimizer_initialized:
        if model._update_on_kvstore:
            model._kvstore.save_optimizer_states(path, dump_optimizer=True)
        elif first:
            _core.write_binary_file(path, model._updater.get_states(dump_optimizer=True))


def _load(model, trainer, path):
    params, states = os.path.join(path, _PARAMS), os.path.join(path, _STATES)
    if not _is_module(model):
        model.load_parameters(params)
        if trainer is not None and os.path.exists(states):
            trainer._ready()
            trainer.load_states(states)
        return
    model.load_params(params)
    if not os.path.exists(states):
        return
    model.load_optimizer_states(states)
    store = model._kvstore
    if model._update_on_kvstore:
        for name in model._trained_names():
            store._assign(name, model._block(0, name)[0])
        model._optimizer = store._updater.optimizer
    else:
        model._optimizer = model._updater.optimizer
