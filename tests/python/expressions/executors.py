"""Binding and running symbols. Snippets are separated by empty lines."""

NET = (
    "o = sym.SoftmaxOutput(sym.FullyConnected(a, weight=b, num_hidden=3, name='fc'), "
    "name='softmax'); "
)
BOUND = NET + "e = o.simple_bind(mx.cpu(), a=(2, 4)); "
GIVEN = (
    NET + "names = o.list_arguments(); shapes = o.infer_shape(a=(2, 4))[0]; "
    "args = {n: nd.ones(s) for n, s in zip(names, shapes)}; "
)

SNIPPETS = [
    BOUND + line
    for line in """
e.arg_dict

e.grad_dict

e.aux_dict

e.forward(a=np.ones((2, 4)))

e.forward(a=nd.ones((2, 4)))

e.forward(a=nd.ones((2, 5)))

e.forward(foo=nd.ones((2, 5)))

e.forward(a=3)

e.forward(is_train=True); e.backward(); e.grad_dict

e.arg_dict['b'][:] = 2
e.forward(True, a=nd.array([[1, 2, 3, 4], [5, 6, 7, 8]]))
e.backward()
e.grad_dict

e.forward(); e.output_dict

e.copy_params_from({'b': nd.ones((3, 4))}); e.arg_dict['b']

e.copy_params_from({'w': nd.ones((3, 4))})

e.copy_params_from({'w': nd.ones((3, 4))}, allow_extra_params=True)

e.copy_params_from({'b': nd.ones((3, 5))})

e.copy_params_from({}, {'b': nd.ones((3, 5))})

e.reshape(a=(1, 4), softmax_label=(1,)).arg_dict

e.reshape(a=(1, 4))

e.reshape(a=(5, 4), softmax_label=(5,))

e.reshape(a=(5, 4), softmax_label=(5,), allow_up_sizing=True).arg_dict['a'].shape

e.reshape(a=(2, 2))

e.reshape(a=(2, 2), partial_shaping=True).arg_dict['b'].shape

e.reshape(foo=(2, 2))

r = e.reshape(a=(1, 4), softmax_label=(1,)); r.arg_dict['b'][:] = 7; e.arg_dict['b']

len(e.arg_arrays), len(e.grad_arrays), len(e.aux_arrays), len(e.outputs)

names = []
e.set_monitor_callback(lambda n, v: names.append(n if isinstance(n, str) else n.decode()))
e.forward()
names
""".strip().split("\n\n")
]
SNIPPETS += [
    GIVEN + line
    for line in """
o.bind(mx.cpu(), args).forward()

o.bind(mx.cpu(), {'a': nd.ones((2, 4))})

o.bind(mx.cpu(), list(args.values())).forward()

o.bind(mx.cpu(), list(args.values())[:-1])

o.bind(mx.cpu(), args).grad_dict

o.bind(mx.cpu(), args, args_grad={'b': nd.zeros((3, 4))}).grad_dict

o.bind(mx.cpu(), args, args_grad=[nd.zeros((3, 4))])

o.bind(mx.cpu(), args, args_grad={'b': nd.zeros((3, 4))}, grad_req='foo')

e = o.bind(mx.cpu(), args, args_grad={'b': nd.ones((3, 4))}, grad_req={'b': 'add'})
e.forward(True)
e.backward()
e.grad_dict['b']

e = o.bind(mx.cpu(), args, args_grad={'b': nd.ones((3, 4))}, grad_req='null')
e.forward(True)
e.backward()
e.grad_dict['b']

args['b'] = nd.ones((3, 5)); o.bind(mx.cpu(), args)

o.simple_bind(mx.cpu(), a=(2, 0))

o.simple_bind(mx.cpu())

o.simple_bind(mx.cpu(), a=(2, 4), grad_req='null').grad_dict

o.simple_bind(mx.cpu(), a=(2, 4), grad_req={'b': 'write'}).grad_dict

o.simple_bind(mx.cpu(), a=(2, 4), type_dict={'a': 'float16'}).arg_dict['b'].dtype

o.simple_bind(mx.cpu(), y=(2, 4))

f = o.get_internals()['fc_output']
f.eval(a=nd.ones((2, 4)), b=nd.ones((3, 4)), fc_bias=nd.zeros((3,)))

f = o.get_internals()['fc_output']; f.eval(a=nd.ones((2, 4)))

f = o.get_internals()['fc_output'].simple_bind(mx.cpu(), a=(2, 4))
f.forward(True)
f.backward()

f = o.get_internals()['fc_output'].simple_bind(mx.cpu(), a=(2, 4))
f.arg_dict['a'][:] = 1
f.forward(True)
f.backward(nd.ones((2, 3)))
f.grad_dict

f = o.get_internals()['fc_output'].simple_bind(mx.cpu(), a=(2, 4))
f.forward(True)
f.backward([nd.ones((2, 2))])
""".strip().split("\n\n")
]
