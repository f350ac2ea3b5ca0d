"""Starts the ranks of a job, with the options of MXNet's program of this name."""

import runpy

if __name__ == "__main__":
    runpy.run_module("mxnet.tools.launch", run_name="__main__")
