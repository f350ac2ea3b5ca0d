"""Programs that 1.9.1 keeps here; `python -m mxnet.tools.NAME` runs one."""
