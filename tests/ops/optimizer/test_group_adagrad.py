import numpy as np
from harness import Case, Fault, operator_tests

OP = "_contrib_group_adagrad_update"
R = np.random.default_rng(51)
WEIGHT, GRAD = R.normal(size=(4, 3)), R.normal(size=(4, 3))
HISTORY = R.uniform(0, 1, (4, 1))


def update(weight, grad, history, lr, rescale_grad=1.0, clip_gradient=-1.0, epsilon=1e-5):
    lr, epsilon = float(np.float32(lr)), float(np.float32(epsilon))
    g = grad * rescale_grad
    if clip_gradient >= 0:
        g = np.clip(g, -clip_gradient, clip_gradient)
    axes = tuple(range(1, g.ndim))
    history = history + (g * g).mean(axes, keepdims=True) if axes else history + g * g
    return weight - lr * g / np.sqrt(history + epsilon), history


def case(weight, grad, history, dtypes="float32", **attrs):
    return Case(
        OP,
        [weight, grad, history],
        update,
        {"lr": 0.1, **attrs},
        dtypes,
        grad=False,
        rtol=1e-5,
        oracle="1.9.1 has it for sparse gradients alone",
    )


CASES = [
    case(WEIGHT, GRAD, HISTORY, ("float32", "float64", "float16")),
    case(WEIGHT, GRAD, HISTORY, rescale_grad=2.0, clip_gradient=0.5, epsilon=0.01),
    case(WEIGHT.reshape(4, 3, 1), GRAD.reshape(4, 3, 1), HISTORY.reshape(4, 1, 1)),
    case(WEIGHT[:, 0], GRAD[:, 0], HISTORY[:, 0]),
]
FAULTS = [Fault(OP, [WEIGHT, GRAD, HISTORY[:2]], OP + ": history=", {"lr": 0.1})]
TestGroupAdagrad = operator_tests(CASES, FAULTS)
