"""``python -m mxnet.tools.im2rec``: the command ``remx im2rec`` under the name it has in 1.9.1."""

import sys

from mxnet.cli import main

if __name__ == "__main__":
    sys.exit(main(["im2rec", *sys.argv[1:]]))
