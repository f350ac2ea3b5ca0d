"""Stochastic variance-reduced gradients: a module and its optimizer."""

from . import svrg_module, svrg_optimizer

__all__ = ["svrg_module", "svrg_optimizer"]
