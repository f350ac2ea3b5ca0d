#include "autograd/autograd.h"

#include <optional>

#include "binding.h"
#include "profile/profile.h"

namespace mx::python {
namespace {

WriteMode write_mode_from(nb::handle req) {
  const std::string text = str_of(req.ptr());
  if (text == "write") return WriteMode::kWrite;
  if (text == "add") return WriteMode::kAdd;
  if (text == "null") return WriteMode::kNull;
  refuse_name("attach_grad: grad_req=", text, " is not known; expected write, add or null");
}

/// Arrays of a sequence; None becomes an empty one.
std::vector<NDArray> arrays_from(nb::handle sequence, std::string_view what) {
  std::vector<NDArray> arrays;
  for (nb::handle item : sequence) {
    if (!item.is_none() && !is_array(item.ptr()))
      fail(ErrorKind::kType, what, " holds a ", Py_TYPE(item.ptr())->tp_name,
           "; expected NDArrays");
    arrays.push_back(item.is_none() ? NDArray() : array_in(item.ptr()));
  }
  return arrays;
}

void check_count(std::string_view who, size_t grads, size_t heads) {
  if (grads != heads)
    raise_error("AssertedValueError", concat(who, ": ", grads, " head_grads were given for ", heads,
                                             " heads; expected as many"));
}

void mark_variables(nb::handle variables, nb::handle grads, nb::handle reqs) {
  auto req = nb::iter(reqs);
  auto grad = nb::iter(grads);
  for (nb::handle variable : variables) {
    if (!is_array(variable.ptr()))
      fail(ErrorKind::kType, "mark_variables: variables holds a ", Py_TYPE(variable.ptr())->tp_name,
           "; expected NDArrays");
    require(grad != nb::iterator::sentinel() && req != nb::iterator::sentinel(),
            "mark_variables: there are fewer gradients than variables; expected as many");
    if (!is_array((*grad).ptr()))
      fail(ErrorKind::kType, "mark_variables: gradients holds a ", Py_TYPE((*grad).ptr())->tp_name,
           "; expected NDArrays");
    autograd::mark_variable(array_in(variable.ptr()), array_in((*grad).ptr()),
                            write_mode_from(*req));
    ++grad, ++req;
  }
}

void backward(nb::handle heads, nb::handle head_grads, Truth retain_graph, Truth train_mode) {
  const std::vector<NDArray> outputs = arrays_from(heads, "backward: heads");
  std::vector<NDArray> grads(outputs.size());
  if (!head_grads.is_none()) grads = arrays_from(head_grads, "backward: head_grads");
  check_count("backward", grads.size(), outputs.size());
  const profile::Span span(profile::kApi, "MXNET_C_API", "MXAutogradBackwardEx");
  const ReleaseGil release;
  autograd::backward(outputs, grads, retain_graph, train_mode);
}

nb::list grad(nb::handle heads, nb::handle variables, nb::handle head_grads, Truth retain_graph,
              Truth create_graph, Truth train_mode) {
  const std::vector<NDArray> outputs = arrays_from(heads, "grad: heads");
  const std::vector<NDArray> inputs = arrays_from(variables, "grad: variables");
  std::vector<NDArray> grads(outputs.size());
  if (!head_grads.is_none()) grads = arrays_from(head_grads, "grad: head_grads");
  check_count("grad", grads.size(), outputs.size());
  std::vector<NDArray> gradients;
  {
    const ReleaseGil release;
    gradients = autograd::grad(outputs, inputs, grads, retain_graph, create_graph, train_mode);
  }
  nb::list list;
  auto variable = nb::iter(variables);
  for (NDArray& gradient : gradients) {
    list.append(nb::steal(wrap_array(std::move(gradient), interface_of((*variable).ptr()))));
    ++variable;
  }
  return list;
}

/// Sets recording and training mode, where not None, in a `with` block; it may be entered again
/// inside.
class Scope {
 public:
  Scope(nb::handle recording, nb::handle training)
      : recording_(mode_from(recording)), training_(mode_from(training)) {}
  void enter() {
    before_.emplace_back(autograd::is_recording(), autograd::is_training());
    if (recording_) autograd::set_recording(*recording_);
    if (training_) autograd::set_training(*training_);
  }
  void leave(nb::handle, nb::handle, nb::handle) {
    require(!before_.empty(), "autograd: a block ends that was not entered");
    autograd::set_recording(before_.back().first);
    autograd::set_training(before_.back().second);
    before_.pop_back();
  }

 private:
  static std::optional<bool> mode_from(nb::handle mode) {
    if (mode.is_none()) return std::nullopt;
    const int truth = PyObject_IsTrue(mode.ptr());
    if (truth < 0) throw nb::python_error();
    return truth == 1;
  }

  std::optional<bool> recording_, training_;
  std::vector<std::pair<bool, bool>> before_;
};

nb::object grad_of(nb::handle self) {
  const Variable* variable = autograd::variable_of(nb::cast<const NDArray&>(self));
  if (!variable || !variable->grad) return nb::none();
  return nb::steal(wrap_array(variable->grad, interface_of(self.ptr())));
}

bool grad_is_fresh(const NDArray& array) {
  const Variable* variable = autograd::variable_of(array);
  return variable && variable->grad_is_fresh;
}

void set_grad_is_fresh(const NDArray& array, bool fresh) {
  Variable* variable = autograd::variable_of(array);
  require(variable != nullptr, "_fresh_grad: the array has no gradient; expected attach_grad()");
  variable->grad_is_fresh = fresh;
}

/// Records what the Python class `name` computed; `callback` maps gradients of outputs to those of
/// inputs.
void record_custom(const std::string& name, nb::handle inputs, nb::handle outputs,
                   nb::object callback) {
  const std::shared_ptr<PyObject> shared(callback.release().ptr(), drop_reference);
  const std::vector<NDArray> in = arrays_from(inputs, "Function: inputs");
  std::vector<NDArray> out = arrays_from(outputs, "Function: outputs");
  Interface interface = Interface::kLegacy;
  for (nb::handle output : outputs) interface = interface | interface_of(output.ptr());
  autograd::record_custom(name, in, out, [shared, name, interface](std::span<const NDArray> d_out) {
    const AcquireGil acquire;
    nb::list grads;
    for (const NDArray& array : d_out) grads.append(nb::steal(wrap_array(array, interface)));
    return arrays_from(call_python(shared.get(), nb::make_tuple(grads)),
                       name + ".backward: result");
  });
  size_t next = 0;
  for (nb::handle output : outputs) array_in(output.ptr()).autograd = out[next++].autograd;
}

}  // namespace

void bind_autograd(nb::module_& m) {
  nb::class_<Scope>(m, "AutogradScope", "A `with` block that sets recording and training mode.")
      .def(nb::init<nb::handle, nb::handle>(), nb::arg("recording").none(),
           nb::arg("training").none())
      .def("__enter__", &Scope::enter)
      .def("__exit__", &Scope::leave, nb::arg("kind").none(), nb::arg("value").none(),
           nb::arg("trace").none());
  m.def("recorded_symbol", &autograd::recorded_symbol);
  m.def("is_recording", &autograd::is_recording);
  m.def("is_training", &autograd::is_training);
  m.def(
      "set_recording", [](Truth on) { return autograd::set_recording(on); },
      nb::arg("is_recording"));
  m.def(
      "set_training", [](Truth on) { return autograd::set_training(on); }, nb::arg("train_mode"));
  m.def("mark_variables", &mark_variables, nb::arg("variables"), nb::arg("gradients"),
        nb::arg("grad_reqs"));
  m.def("backward", &backward, nb::arg("heads"), nb::arg("head_grads").none(),
        nb::arg("retain_graph"), nb::arg("train_mode"));
  m.def("grad", &grad, nb::arg("heads"), nb::arg("variables"), nb::arg("head_grads").none(),
        nb::arg("retain_graph"), nb::arg("create_graph"), nb::arg("train_mode"));
  m.def("record_custom", &record_custom, nb::arg("name"), nb::arg("inputs"), nb::arg("outputs"),
        nb::arg("callback"));
  m.def("_grad_of", &grad_of);
  m.def("_grad_is_fresh", &grad_is_fresh);
  m.def("_set_grad_is_fresh", &set_grad_is_fresh);
  m.def("_detach", [](nb::handle self) {
    const NDArray& array = nb::cast<const NDArray&>(self);
    return nb::steal(wrap_array(autograd::detach(array), interface_of(self.ptr())));
  });
}

}  // namespace mx::python
