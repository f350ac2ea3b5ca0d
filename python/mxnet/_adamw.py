"""AdamW as functions: the part that `mx.nd.contrib` and `mx.sym.contrib` share."""

__all__ = ["adamw_functions"]


def adamw_functions(apply, module):
    """The functions `adamw_update` and `mp_adamw_update` of a module.

    Args:
        apply (function): Takes the operator's kind, its inputs, the factor of the gradient, `out`,
            `name` and the other arguments.
        module (str): Name of the module that offers them.
    """

    def adamw_update(
        weight,
        grad,
        mean,
        var,
        rescale_grad,
        lr,
        eta,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        wd=0,
        clip_gradient=-1,
        out=None,
        name=None,
        **kwargs,
    ):
        """AdamW (arXiv:1711.05101): Adam with weight decay apart from the gradient.

        Args:
            weight, grad, mean, var (NDArray or Symbol): The parameter, its gradient and running
                means.
            rescale_grad (float, NDArray or Symbol): Factor of the gradient; nothing is updated when
                it is 0 or not finite.
            lr, eta (float): Learning rate, and factor of the whole step.
            beta1, beta2, epsilon, wd, clip_gradient (float): As of `Adam`.
            out (NDArray): Where the new weight goes; without a meaning for symbols.
            name (str): Name of the symbol; without a meaning for arrays.
            **kwargs: Further arguments of the operator.
        """
        kwargs.update(lr=lr, eta=eta, beta1=beta1, beta2=beta2, epsilon=epsilon, wd=wd)
        kwargs["clip_gradient"] = clip_gradient
        return apply("_adamw", (weight, grad, mean, var), rescale_grad, out, name, kwargs)

    def mp_adamw_update(
        weight,
        grad,
        mean,
        var,
        weight32,
        rescale_grad,
        lr,
        eta,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        wd=0,
        clip_gradient=-1,
        out=None,
        name=None,
        **kwargs,
    ):
        """`adamw_update` of a half-precision weight with a copy in float32."""
        kwargs.update(lr=lr, eta=eta, beta1=beta1, beta2=beta2, epsilon=epsilon, wd=wd)
        kwargs["clip_gradient"] = clip_gradient
        inputs = (weight, grad, mean, var, weight32)
        return apply("_mp_adamw", inputs, rescale_grad, out, name, kwargs)

    for function in (adamw_update, mp_adamw_update):
        function.__module__, function.__qualname__ = module, function.__name__
    return adamw_update, mp_adamw_update
