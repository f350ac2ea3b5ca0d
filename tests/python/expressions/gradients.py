"""Recording and differentiating. Snippets are separated by empty lines."""

SNIPPETS = """
x.attach_grad(); x.grad

x.attach_grad()
with ag.record():
    o = x * x
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = (x * x).sum() * 3
o.backward(); x.grad

x.attach_grad('add')
for _ in range(3):
  with ag.record():
      o = x * 2
  o.backward()
x.grad

x.attach_grad('null')
with ag.record():
    o = x * 2
o.backward(); x.grad

x.attach_grad('foo')

x.attach_grad()
with ag.record():
    o = x * 2
o.backward(nd.array([[1, 10], [100, 1000]])); x.grad

x.backward()

x.attach_grad()
with ag.record():
    o = x * x
o.backward(); o.backward()

x.attach_grad()
with ag.record():
    o = x * x
o.backward(retain_graph=True); o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = x * x.detach()
o.backward(); x.grad

x.attach_grad()
with ag.record():
  o = x * x
  with ag.pause():
      p = o * x
  q = p + o
q.backward(); x.grad

ag.is_recording(), ag.is_training()

with ag.record():
    o = ag.is_recording(), ag.is_training()
o

with ag.record(train_mode=False):
    o = ag.is_recording(), ag.is_training()
o

with ag.train_mode():
    o = ag.is_recording(), ag.is_training()
o

with ag.record():
  with ag.predict_mode():
      o = ag.is_recording(), ag.is_training()
o

with ag.record():
  with ag.pause():
      o = ag.is_recording(), ag.is_training()
o

with ag.record():
  with ag.pause(train_mode=True):
      o = ag.is_training()
o

o = ag.set_recording(True); p = ag.set_recording(False); o, p

o = ag.set_training(True); p = ag.set_training(False); o, p

x.attach_grad()
with ag.record():
    o = x * x
ag.grad(o, x)

x.attach_grad()
with ag.record():
    o = x * x
ag.grad(o, [x])

x.attach_grad()
with ag.record():
    o = x * x
ag.grad(o, x, head_grads=nd.array([[1, 2], [3, 4]]))

x.attach_grad()
with ag.record():
  o = x * x * x
  g = ag.grad(o, [x], create_graph=True)[0]
  s = (g * g).sum()
s.backward(); x.grad

x.attach_grad()
with ag.record():
  o = x.exp()
  g = ag.grad(o, [x], create_graph=True)[0]
g.backward(); x.grad

g = nd.zeros((2, 2)); ag.mark_variables([x], [g])
with ag.record():
    o = x * 5
ag.backward([o]); g

g = nd.zeros((2, 2)); ag.mark_variables(x, g, 'add')
with ag.record():
    o = x * 5
ag.backward(o); ag.backward(o) if 0 else None; g

x.attach_grad(); y.attach_grad()
with ag.record():
    o = x * 2; p = y * 3
ag.backward([o, p]); x.grad, y.grad

x.attach_grad(); y.attach_grad()
with ag.record():
    o = x * 2; p = y * 3
ag.backward([o, p], [nd.ones((2, 2)) * 7, None]); x.grad, y.grad

y.attach_grad()
with ag.record():
    o = (y[1] * 2).sum() + (y[:, 1] * y[0, 0]).sum()
o.backward(); y.grad

y.attach_grad()
with ag.record():
    o = y[[0, 2]].sum() + y[0:2, 1:3].sum()
o.backward(); y.grad

y.attach_grad()
with ag.record():
    o = y.reshape((2, 6))[0].sum() + y[::2].sum()
o.backward(); y.grad

y.attach_grad()
with ag.record():
    o = y.T[1] * 2
o.backward(); y.grad

y.attach_grad()
with ag.record():
  o = y * 2
  o[0] = 5
o

y.attach_grad()
with ag.record():
    y[0] = 5
y

y.attach_grad()
with ag.record():
    y += 1
y

y.attach_grad()
with ag.record():
  o = y * 2
  o += 1
o.backward()

x.attach_grad()
with ag.record():
    o = nd.split(x * x, num_outputs=2, axis=1)
o[0].backward(); x.grad

x.attach_grad()
with ag.record():
    o = nd.softmax(x, axis=1)
o.backward(nd.array([[1, 0], [0, 1]])); x.grad

x.attach_grad()
with ag.record():
    o = nd.concat(x, x * 2, dim=0)
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = nd.BlockGrad(x) * x
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = x.astype('float64') * 2
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = nd.dot(x, x)
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = 2 / x + 3 ** x - x % 2 + abs(-x)
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = nd.maximum(x, 2.5) * nd.minimum(x, 3)
o.backward(); x.grad

x.attach_grad()
with ag.record():
    o = nd.broadcast_add(x, nd.ones((1, 2)))
o.backward(); x.grad

o = x.copy(); o.attach_grad()
with ag.record():
    p = o + nd.array([1, 2])
p.backward(); o.grad

i.attach_grad(); i.grad
""".strip().split("\n\n")
