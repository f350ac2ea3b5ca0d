"""Modules: networks that are bound to devices, trained and run."""

from . import base_module, bucketing_module, executor_group, module
from .base_module import BaseModule
from .bucketing_module import BucketingModule
from .module import Module

__all__ = ["BaseModule", "BucketingModule", "Module"]
