"""Makes lists of pictures and record files: ``remx im2rec`` under the name it has in MXNet."""

import runpy

if __name__ == "__main__":
    runpy.run_module("mxnet.tools.im2rec", run_name="__main__")
