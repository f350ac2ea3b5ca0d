"""Builders of published symbolic networks; they run under MXNet 1.9.1 and under Remx alike.

`BUILDERS[name]()` returns the symbol. The layer names are those of the published checkpoints, so
that such checkpoints load. Detection networks are in `detection_networks.py`.
"""

import mxnet as mx

sym = mx.sym


def lenet(act_type="tanh"):
    """The convolutional digit classifier; data (N, 1, 28, 28)."""
    x = sym.Variable("data")
    for number, filters in ((1, 20), (2, 50)):
        x = sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        x = sym.Activation(x, act_type=act_type, name=f"{act_type}{number}")
        x = sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{number}")
    x = sym.FullyConnected(sym.Flatten(x, name="flatten"), num_hidden=500, name="fc1")
    x = sym.Activation(x, act_type=act_type, name=f"{act_type}3")
    return sym.SoftmaxOutput(sym.FullyConnected(x, num_hidden=10, name="fc2"), name="softmax")


def mlp():
    """Three dense layers; data (N, 784)."""
    x = sym.Variable("data")
    for number, hidden in ((1, 128), (2, 64)):
        x = sym.FullyConnected(x, num_hidden=hidden, name=f"fc{number}")
        x = sym.Activation(x, act_type="relu", name=f"relu{number}")
    return sym.SoftmaxOutput(sym.FullyConnected(x, num_hidden=10, name="fc3"), name="softmax")


# ---------------------------------------------------------------------------- Inception-BN


def _inception_unit(data, filters, kernel, stride, pad, tag):
    """Convolution, batch norm and ReLU named conv_TAG, bn_TAG, relu_TAG."""
    x = sym.Convolution(
        data, num_filter=filters, kernel=kernel, stride=stride, pad=pad, name=f"conv_{tag}"
    )
    x = sym.BatchNorm(x, fix_gamma=False, eps=1e-5 + 1e-10, momentum=0.9, name=f"bn_{tag}")
    return sym.Activation(x, act_type="relu", name=f"relu_{tag}")


def _inception_bn_block(data, tag, single, reduce3, out3, reduce33, out33, pool, projection):
    """A block of Inception-BN; without `single` and `projection` it halves the size."""
    stride = (1, 1) if projection else (2, 2)
    branches = []
    if single:
        branches.append(_inception_unit(data, single, (1, 1), (1, 1), (0, 0), f"{tag}_1x1"))
    x = _inception_unit(data, reduce3, (1, 1), (1, 1), (0, 0), f"{tag}_3x3_reduce")
    branches.append(_inception_unit(x, out3, (3, 3), stride, (1, 1), f"{tag}_3x3"))
    x = _inception_unit(data, reduce33, (1, 1), (1, 1), (0, 0), f"{tag}_double_3x3_reduce")
    x = _inception_unit(x, out33, (3, 3), (1, 1), (1, 1), f"{tag}_double_3x3_0")
    branches.append(_inception_unit(x, out33, (3, 3), stride, (1, 1), f"{tag}_double_3x3_1"))
    x = sym.Pooling(
        data,
        kernel=(3, 3),
        stride=stride,
        pad=(1, 1),
        pool_type=pool,
        name=f"{pool}_pool_{tag}_pool",
    )
    if projection:
        x = _inception_unit(x, projection, (1, 1), (1, 1), (0, 0), f"{tag}_proj")
    return sym.Concat(*branches, x, name=f"ch_concat_{tag}_chconcat")


INCEPTION_BN_BLOCKS = (
    ("3a", 64, 64, 64, 64, 96, "avg", 32),
    ("3b", 64, 64, 96, 64, 96, "avg", 64),
    ("3c", 0, 128, 160, 64, 96, "max", 0),
    ("4a", 224, 64, 96, 96, 128, "avg", 128),
    ("4b", 192, 96, 128, 96, 128, "avg", 128),
    ("4c", 160, 128, 160, 128, 160, "avg", 128),
    ("4d", 96, 128, 192, 160, 192, "avg", 128),
    ("4e", 0, 128, 192, 192, 256, "max", 0),
    ("5a", 352, 192, 320, 160, 224, "avg", 128),
    ("5b", 352, 192, 320, 192, 224, "max", 128),
)


def inception_bn(classes=1000):
    """Inception with batch normalisation; data (N, 3, 224, 224)."""
    x = _inception_unit(sym.Variable("data"), 64, (7, 7), (2, 2), (3, 3), "1")
    x = sym.Pooling(x, kernel=(3, 3), stride=(2, 2), pool_type="max", name="pool_1")
    x = _inception_unit(x, 64, (1, 1), (1, 1), (0, 0), "2_red")
    x = _inception_unit(x, 192, (3, 3), (1, 1), (1, 1), "2")
    x = sym.Pooling(x, kernel=(3, 3), stride=(2, 2), pool_type="max", name="pool_2")
    for block in INCEPTION_BN_BLOCKS:
        x = _inception_bn_block(x, *block)
    x = sym.Pooling(x, kernel=(7, 7), stride=(1, 1), pool_type="avg", name="global_pool")
    x = sym.FullyConnected(sym.Flatten(x, name="flatten"), num_hidden=classes, name="fc1")
    return sym.SoftmaxOutput(x, name="softmax")


# ---------------------------------------------------------------------------- residual network


def _residual_unit(data, filters, stride, keep_shape, name):
    """Pre-activation bottleneck unit."""

    def convolve(x, number, count, kernel, step, pad):
        x = sym.BatchNorm(x, fix_gamma=False, eps=2e-5, momentum=0.9, name=f"{name}_bn{number}")
        x = sym.Activation(x, act_type="relu", name=f"{name}_relu{number}")
        y = sym.Convolution(
            x,
            num_filter=count,
            kernel=kernel,
            stride=step,
            pad=pad,
            no_bias=True,
            workspace=256,
            name=f"{name}_conv{number}",
        )
        return x, y

    first, x = convolve(data, 1, filters // 4, (1, 1), (1, 1), (0, 0))
    _, x = convolve(x, 2, filters // 4, (3, 3), stride, (1, 1))
    _, x = convolve(x, 3, filters, (1, 1), (1, 1), (0, 0))
    if keep_shape:
        return x + data
    return x + sym.Convolution(
        first,
        num_filter=filters,
        kernel=(1, 1),
        stride=stride,
        no_bias=True,
        workspace=256,
        name=f"{name}_sc",
    )


def resnet(units=(3, 8, 36, 3), classes=1000):
    """Pre-activation residual network, 152 layers by default; data (N, 3, 224, 224)."""
    x = sym.Variable("data")
    x = sym.BatchNorm(x, fix_gamma=True, eps=2e-5, momentum=0.9, name="bn_data")
    x = sym.Convolution(
        x,
        num_filter=64,
        kernel=(7, 7),
        stride=(2, 2),
        pad=(3, 3),
        no_bias=True,
        workspace=256,
        name="conv0",
    )
    x = sym.BatchNorm(x, fix_gamma=False, eps=2e-5, momentum=0.9, name="bn0")
    x = sym.Activation(x, act_type="relu", name="relu0")
    x = sym.Pooling(x, kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type="max", name="pooling0")
    for stage, count in enumerate(units, 1):
        for unit in range(1, count + 1):
            stride = (2, 2) if unit == 1 and stage > 1 else (1, 1)
            x = _residual_unit(x, 128 * 2**stage, stride, unit > 1, f"stage{stage}_unit{unit}")
    x = sym.BatchNorm(x, fix_gamma=False, eps=2e-5, momentum=0.9, name="bn1")
    x = sym.Activation(x, act_type="relu", name="relu1")
    x = sym.Pooling(x, global_pool=True, kernel=(7, 7), pool_type="avg", name="pool1")
    x = sym.FullyConnected(sym.Flatten(x, name="flatten0"), num_hidden=classes, name="fc1")
    return sym.SoftmaxOutput(x, name="softmax")


# ---------------------------------------------------------------------------- converted networks


def _dense_head(x, sizes, output):
    """fc6, fc7, fc8 with ReLU and Dropout between them and a softmax named `output`."""
    x = sym.Flatten(x, name="flatten_0")
    for number, size in sizes:
        x = sym.FullyConnected(x, num_hidden=size, name=f"fc{number}")
        if number < 8:
            x = sym.Activation(x, act_type="relu", name=f"relu{number}")
            x = sym.Dropout(x, p=0.5, name=f"drop{number}")
    return sym.SoftmaxOutput(x, name=output)


def vgg_features(x, counts, last=5):
    """Convolutions of VGG: convS_I and reluS_I, pooled after every stage up to `last`."""
    for stage, (count, filters) in enumerate(zip(counts, (64, 128, 256, 512, 512)), 1):
        for index in range(1, count + 1):
            x = sym.Convolution(
                x,
                num_filter=filters,
                kernel=(3, 3),
                pad=(1, 1),
                workspace=1024,
                name=f"conv{stage}_{index}",
            )
            x = sym.Activation(x, act_type="relu", name=f"relu{stage}_{index}")
        if stage <= last:
            x = sym.Pooling(
                x,
                kernel=(2, 2),
                stride=(2, 2),
                pool_type="max",
                pooling_convention="full",
                name=f"pool{stage}",
            )
    return x


def vgg(counts, output="prob", classes=1000):
    """VGG as converted from the authors' weights; `output` is 'prob' there, else 'softmax'."""
    x = vgg_features(sym.Variable("data"), counts)
    return _dense_head(x, ((6, 4096), (7, 4096), (8, classes)), output)


def caffenet(classes=1000):
    """The five-layer network with grouped convolution and LRN; data (N, 3, 227, 227)."""

    def convolve(x, number, **options):
        x = sym.Convolution(x, name=f"conv{number}", **options)
        return sym.Activation(x, act_type="relu", name=f"relu{number}")

    def pool(x, number):
        return sym.Pooling(
            x,
            kernel=(3, 3),
            stride=(2, 2),
            pool_type="max",
            pooling_convention="full",
            name=f"pool{number}",
        )

    x = convolve(sym.Variable("data"), 1, num_filter=96, kernel=(11, 11), stride=(4, 4))
    x = sym.LRN(pool(x, 1), alpha=0.0001, beta=0.75, knorm=1, nsize=5, name="norm1")
    x = convolve(x, 2, num_filter=256, kernel=(5, 5), pad=(2, 2), num_group=2)
    x = sym.LRN(pool(x, 2), alpha=0.0001, beta=0.75, knorm=1, nsize=5, name="norm2")
    x = convolve(x, 3, num_filter=384, kernel=(3, 3), pad=(1, 1))
    x = convolve(x, 4, num_filter=384, kernel=(3, 3), pad=(1, 1), num_group=2)
    x = convolve(x, 5, num_filter=256, kernel=(3, 3), pad=(1, 1), num_group=2)
    return _dense_head(pool(x, 5), ((6, 4096), (7, 4096), (8, classes)), "prob")


def nin(classes=1000):
    """Network in network; data (N, 3, 224, 224)."""

    def convolve(x, name, filters, kernel=1, stride=1, pad=0):
        x = sym.Convolution(
            x,
            num_filter=filters,
            kernel=(kernel, kernel),
            stride=(stride, stride),
            pad=(pad, pad),
            name=name,
        )
        return sym.Activation(x, act_type="relu", name=f"relu_{name}")

    x, micro = sym.Variable("data"), 1
    stages = ((96, 11, 4, 0), (256, 5, 1, 2), (384, 3, 1, 1), (1024, 3, 1, 1))
    for number, (filters, kernel, stride, pad) in enumerate(stages, 1):
        if number == 4:
            x = sym.Dropout(x, p=0.5, name="drop")
        x = convolve(x, f"conv{number}", filters, kernel, stride, pad)
        for last in (False, True):
            width = classes if number == 4 and last else filters
            x = convolve(x, f"cccp{micro}", width)
            micro += 1
        if number < 4:
            x = sym.Pooling(
                x,
                kernel=(3, 3),
                stride=(2, 2),
                pool_type="max",
                pooling_convention="full",
                name=f"pool{number}",
            )
    x = sym.Pooling(x, global_pool=True, kernel=(6, 6), pool_type="avg", name="pool4")
    return sym.SoftmaxOutput(sym.Flatten(x, name="flatten"), name="softmax")


GOOGLENET_BLOCKS = (
    ("3a", 64, 96, 128, 16, 32, 32),
    ("3b", 128, 128, 192, 32, 96, 64),
    ("4a", 192, 96, 208, 16, 48, 64),
    ("4b", 160, 112, 224, 24, 64, 64),
    ("4c", 128, 128, 256, 24, 64, 64),
    ("4d", 112, 144, 288, 32, 64, 64),
    ("4e", 256, 160, 320, 32, 128, 128),
    ("5a", 256, 160, 320, 32, 128, 128),
    ("5b", 384, 192, 384, 48, 128, 128),
)


def googlenet(classes=1000):
    """GoogLeNet with LRN, as converted from the published weights; data (N, 3, 224, 224)."""

    def convolve(x, name, filters, kernel=1, stride=1, pad=0):
        x = sym.Convolution(
            x,
            num_filter=filters,
            kernel=(kernel, kernel),
            stride=(stride, stride),
            pad=(pad, pad),
            name=name,
        )
        head, _, tail = name.rpartition("/")
        return sym.Activation(x, act_type="relu", name=f"{head}/relu_{tail}")

    def halve(x, name):
        return sym.Pooling(
            x, kernel=(3, 3), stride=(2, 2), pool_type="max", pooling_convention="full", name=name
        )

    def block(x, tag, one, reduce3, three, reduce5, five, project):
        name = f"inception_{tag}"
        a = convolve(x, f"{name}/1x1", one)
        b = convolve(x, f"{name}/3x3_reduce", reduce3)
        b = convolve(b, f"{name}/3x3", three, 3, 1, 1)
        c = convolve(x, f"{name}/5x5_reduce", reduce5)
        c = convolve(c, f"{name}/5x5", five, 5, 1, 2)
        d = sym.Pooling(
            x,
            kernel=(3, 3),
            stride=(1, 1),
            pad=(1, 1),
            pool_type="max",
            pooling_convention="full",
            name=f"{name}/pool",
        )
        d = convolve(d, f"{name}/pool_proj", project)
        return sym.Concat(a, b, c, d, name=f"{name}/output")

    x = halve(convolve(sym.Variable("data"), "conv1/7x7_s2", 64, 7, 2, 3), "pool1/3x3_s2")
    x = sym.LRN(x, alpha=0.0001, beta=0.75, knorm=1, nsize=5, name="pool1/norm1")
    x = convolve(convolve(x, "conv2/3x3_reduce", 64), "conv2/3x3", 192, 3, 1, 1)
    x = sym.LRN(x, alpha=0.0001, beta=0.75, knorm=1, nsize=5, name="conv2/norm2")
    x = halve(x, "pool2/3x3_s2")
    for number, sizes in enumerate(GOOGLENET_BLOCKS):
        x = block(x, *sizes)
        if number in (1, 6):
            x = halve(x, f"pool{3 if number == 1 else 4}/3x3_s2")
    x = sym.Pooling(
        x,
        kernel=(7, 7),
        stride=(1, 1),
        pool_type="avg",
        pooling_convention="full",
        name="pool5/7x7_s1",
    )
    x = sym.Dropout(sym.Flatten(x, name="flatten_0"), p=0.4, name="pool5/drop_7x7_s1")
    x = sym.FullyConnected(x, num_hidden=classes, name="loss3/classifier")
    return sym.SoftmaxOutput(x, name="prob")


BUILDERS = {
    "lenet": lenet,
    "mlp": mlp,
    "inception_bn": inception_bn,
    "resnet152": resnet,
    "vgg16_prob": lambda: vgg((2, 2, 3, 3, 3)),
    "vgg16_softmax": lambda: vgg((2, 2, 3, 3, 3), "softmax"),
    "vgg19_prob": lambda: vgg((2, 2, 4, 4, 4)),
    "caffenet": caffenet,
    "nin": nin,
    "googlenet": googlenet,
}
