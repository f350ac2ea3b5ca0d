"""Builders of published detection networks: SSD on VGG-16 and the three stages of MTCNN."""

from symbolic_networks import vgg_features

import mxnet as mx

sym = mx.sym

# name, filters of the 1x1 and 3x3 convolutions, stride and padding of the latter
SSD_EXTRA = ((8, 256, 512, 2, 1), (9, 128, 256, 2, 1), (10, 128, 256, 1, 0), (11, 128, 256, 1, 0))
SSD_SIZES = ((0.1, 0.141), (0.2, 0.272), (0.37, 0.447), (0.54, 0.619), (0.71, 0.79), (0.88, 0.961))
SSD_RATIOS = (
    (1, 2, 0.5),
    (1, 2, 0.5, 3, 1.0 / 3),
    (1, 2, 0.5, 3, 1.0 / 3),
    (1, 2, 0.5, 3, 1.0 / 3),
    (1, 2, 0.5),
    (1, 2, 0.5),
)
SSD_STEPS = (8 / 300.0, 16 / 300.0, 32 / 300.0, 64 / 300.0, 100 / 300.0, 1.0)


def _convolve(x, name, filters, kernel=1, stride=1, pad=0, dilate=1):
    x = sym.Convolution(
        x,
        num_filter=filters,
        kernel=(kernel, kernel),
        stride=(stride, stride),
        pad=(pad, pad),
        dilate=(dilate, dilate),
        name=name,
    )
    return sym.Activation(
        x, act_type="relu", name=name.replace("conv", "relu").replace("fc", "relu")
    )


def _ssd_layers(data):
    """The six feature maps that SSD predicts from."""
    conv4 = vgg_features(data, (2, 2, 3, 3), last=3)
    x = sym.Pooling(
        conv4,
        kernel=(2, 2),
        stride=(2, 2),
        pool_type="max",
        pooling_convention="full",
        name="pool4",
    )
    for index in (1, 2, 3):
        x = _convolve(x, f"conv5_{index}", 512, 3, 1, 1)
    x = sym.Pooling(x, kernel=(3, 3), stride=(1, 1), pad=(1, 1), pool_type="max", name="pool5")
    x = _convolve(x, "fc6", 1024, 3, 1, 6, 6)
    x = _convolve(x, "fc7", 1024)
    layers = [conv4, x]
    for number, narrow, wide, stride, pad in SSD_EXTRA:
        x = _convolve(x, f"conv{number}_1", narrow)
        x = _convolve(x, f"conv{number}_2", wide, 3, stride, pad)
        layers.append(x)
    scale = sym.Variable("relu4_3_scale", shape=(1, 512, 1, 1), init=mx.init.Constant(20))
    layers[0] = sym.broadcast_mul(
        scale, sym.L2Normalization(layers[0], mode="channel", name="relu4_3_norm")
    )
    return layers


def _flat(x, name):
    """(N, C, H, W) as (N, H * W * C)."""
    return sym.Flatten(sym.transpose(x, axes=(0, 2, 3, 1)), name=name)


def _ssd_predictions(classes):
    """Location offsets (N, A * 4), class scores (N, classes + 1, A) and anchors (1, A, 4)."""
    locations, scores, anchors = [], [], []
    heads = zip(_ssd_layers(sym.Variable("data")), SSD_SIZES, SSD_RATIOS, SSD_STEPS)
    for number, (x, sizes, ratios, step) in enumerate(heads):
        per_cell = len(sizes) + len(ratios) - 1
        y = sym.Convolution(
            x,
            num_filter=per_cell * 4,
            kernel=(3, 3),
            pad=(1, 1),
            name=f"layer{number}_loc_pred_conv",
        )
        locations.append(_flat(y, f"layer{number}_loc_pred_flat"))
        y = sym.Convolution(
            x,
            num_filter=per_cell * (classes + 1),
            kernel=(3, 3),
            pad=(1, 1),
            name=f"layer{number}_cls_pred_conv",
        )
        scores.append(_flat(y, f"layer{number}_cls_pred_flat"))
        y = sym.contrib.MultiBoxPrior(
            x,
            sizes=sizes,
            ratios=ratios,
            clip=False,
            steps=(step, step),
            name=f"layer{number}_anchors",
        )
        anchors.append(sym.Flatten(y))
    location = sym.Concat(*locations, dim=1, name="multibox_loc_pred")
    score = sym.Reshape(sym.Concat(*scores, dim=1), shape=(0, -1, classes + 1))
    score = sym.transpose(score, axes=(0, 2, 1), name="multibox_cls_pred")
    anchor = sym.Reshape(sym.Concat(*anchors, dim=1), shape=(0, -1, 4), name="multibox_anchors")
    return location, score, anchor


def ssd_vgg16_train(classes=20):
    """SSD300 for training: data (N, 3, 300, 300), label (N, objects, 5)."""
    label = sym.Variable("label")
    location, score, anchor = _ssd_predictions(classes)
    target, mask, wanted = sym.contrib.MultiBoxTarget(
        anchor,
        label,
        score,
        overlap_threshold=0.5,
        ignore_label=-1,
        negative_mining_ratio=3,
        minimum_negative_samples=0,
        negative_mining_thresh=0.5,
        variances=(0.1, 0.1, 0.2, 0.2),
        name="multibox_target",
    )
    probability = sym.SoftmaxOutput(
        score,
        wanted,
        ignore_label=-1,
        use_ignore=True,
        grad_scale=1.0,
        multi_output=True,
        normalization="valid",
        name="cls_prob",
    )
    distance = sym.smooth_l1(mask * (location - target), scalar=1.0, name="loc_loss_")
    loss = sym.MakeLoss(distance, grad_scale=1.0, normalization="valid", name="loc_loss")
    shown = sym.MakeLoss(wanted, grad_scale=0, name="cls_label")
    found = sym.contrib.MultiBoxDetection(
        probability,
        location,
        anchor,
        name="detection",
        nms_threshold=0.5,
        force_suppress=False,
        variances=(0.1, 0.1, 0.2, 0.2),
        nms_topk=400,
    )
    return sym.Group([probability, loss, shown, sym.MakeLoss(found, grad_scale=0, name="det_out")])


def ssd_vgg16_deploy(classes=20):
    """SSD300 for prediction: detections (N, A, 6) of class, score and box."""
    location, score, anchor = _ssd_predictions(classes)
    probability = sym.SoftmaxActivation(score, mode="channel", name="cls_prob")
    return sym.contrib.MultiBoxDetection(
        probability,
        location,
        anchor,
        name="detection",
        nms_threshold=0.5,
        force_suppress=False,
        variances=(0.1, 0.1, 0.2, 0.2),
        nms_topk=400,
    )


def _prelu_layers(x, layers):
    """Convolutions (filters, kernel, pool kernel or 0) with PReLU and rounded-up pooling."""
    for number, (filters, kernel, pool) in enumerate(layers, 1):
        x = sym.Convolution(x, num_filter=filters, kernel=(kernel, kernel), name=f"conv{number}")
        x = sym.LeakyReLU(x, act_type="prelu", name=f"prelu{number}")
        if pool:
            x = sym.Pooling(
                x,
                kernel=(pool, pool),
                stride=(2, 2),
                pool_type="max",
                pooling_convention="full",
                name=f"pool{number}",
            )
    return x


def mtcnn_det1():
    """The fully convolutional proposal network; data (N, 3, H, W)."""
    x = _prelu_layers(sym.Variable("data"), ((10, 3, 2), (16, 3, 0), (32, 3, 0)))
    box = sym.Convolution(x, num_filter=4, kernel=(1, 1), name="conv4_2")
    face = sym.Convolution(x, num_filter=2, kernel=(1, 1), name="conv4_1")
    return sym.Group([box, sym.SoftmaxActivation(face, mode="channel", name="prob1")])


def _mtcnn_dense(layers, number, hidden, heads):
    """Later stages: convolutions, one dense layer, and named dense heads."""
    x = _prelu_layers(sym.Variable("data"), layers)
    x = sym.FullyConnected(x, num_hidden=hidden, name=f"conv{number}")
    x = sym.LeakyReLU(x, act_type="prelu", name=f"prelu{number}")
    outputs = [
        sym.FullyConnected(x, num_hidden=size, name=f"conv{number + 1}_{tag}")
        for tag, size in heads
    ]
    return sym.Group(outputs[:-1] + [sym.SoftmaxOutput(outputs[-1], name="prob1")])


def mtcnn_det2():
    """The refinement network; data (N, 3, 24, 24)."""
    return _mtcnn_dense(((28, 3, 3), (48, 3, 3), (64, 2, 0)), 4, 128, ((2, 4), (1, 2)))


def mtcnn_det3():
    """The output network with landmarks; data (N, 3, 48, 48)."""
    layers = ((32, 3, 3), (64, 3, 3), (64, 3, 2), (128, 2, 0))
    return _mtcnn_dense(layers, 5, 256, ((3, 10), (2, 4), (1, 2)))


BUILDERS = {
    "ssd_vgg16_train": ssd_vgg16_train,
    "ssd_vgg16_deploy": ssd_vgg16_deploy,
    "mtcnn_det1": mtcnn_det1,
    "mtcnn_det2": mtcnn_det2,
    "mtcnn_det3": mtcnn_det3,
}
