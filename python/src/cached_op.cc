#include "runtime/cached_op.h"

#include "autograd/autograd.h"
#include "binding.h"
#include "profile/profile.h"

namespace mx::python {
namespace {

/// Flags as pairs, or as a dict.
AttrMap flags_from(nb::handle flags) {
  AttrMap map;
  const nb::object pairs =
      PyDict_Check(flags.ptr()) ? nb::object(flags.attr("items")()) : nb::borrow(flags);
  for (nb::handle pair : pairs) map[str_of(pair[0].ptr())] = str_of(pair[1].ptr());
  return map;
}

/// The arrays of a call. Throws: TypeError.
std::vector<NDArray> inputs_from(nb::args args) {
  std::vector<NDArray> in;
  in.reserve(args.size());
  for (nb::handle item : args) {
    if (!is_array(item.ptr()))
      fail(ErrorKind::kType, "CachedOp: input ", in.size(), "=", str_of(item.ptr()), " is of type ",
           Py_TYPE(item.ptr())->tp_name, "; expected an NDArray");
    in.push_back(array_in(item.ptr()));
  }
  return in;
}

/// The objects that `out` names.
std::vector<PyObject*> targets_from(nb::handle out, size_t expected) {
  std::vector<PyObject*> targets;
  if (is_array(out.ptr()))
    targets.push_back(out.ptr());
  else
    for (nb::handle item : out) targets.push_back(item.ptr());
  for (PyObject* target : targets)
    if (!is_array(target))
      fail(ErrorKind::kType, "CachedOp: out holds a ", Py_TYPE(target)->tp_name,
           "; expected NDArrays");
  require(targets.size() == expected, "CachedOp: out holds ", targets.size(), " arrays; expected ",
          expected);
  return targets;
}

/// Results go to the arrays of the caller when all are computed: these may be inputs too.
void write_outputs(const std::vector<NDArray>& results, const std::vector<PyObject*>& targets) {
  for (size_t i = 0; i < results.size(); ++i) {
    NDArray& target = array_in(targets[i]);
    require(target && target.shape() == results[i].shape(), "CachedOp: out[", i,
            "]=", target ? target.shape() : Shape(), " has the wrong shape; expected ",
            results[i].shape());
  }
  for (size_t i = 0; i < results.size(); ++i)
    autograd::copy_recorded(results[i], array_in(targets[i]));
}

nb::object call(CachedOp& op, nb::args args, nb::kwargs kwargs) {
  nb::object out = nb::none();
  Device device;
  bool has_device = false;
  for (const auto [key, value] : kwargs) {
    const std::string_view name = text_of(key.ptr());
    if (name == "out") {
      out = nb::borrow(value);
    } else if (name == "default_ctx") {
      device = device_from(value.ptr());
      has_device = true;
    } else {
      fail(ErrorKind::kType, "CachedOp: ", name, "=", str_of(value.ptr()),
           " is not an argument; expected out or default_ctx");
    }
  }
  const std::vector<NDArray> in = inputs_from(args);
  if (!has_device) device = current_device();
  std::vector<PyObject*> targets;
  if (!out.is_none()) targets = targets_from(out, op.symbol().num_outputs());
  std::vector<NDArray> results;
  {
    // The lock of the operator is taken without the interpreter's: who waits for it holds nothing.
    const ReleaseGil release;
    const profile::Span span(profile::kApi, "MXNET_C_API", "MXInvokeCachedOpEx");
    results = op(in, device);
  }
  if (!out.is_none()) {
    write_outputs(results, targets);
    return out;
  }
  Interface interface = Interface::kLegacy;
  for (nb::handle item : args) interface = interface | interface_of(item.ptr());
  if (results.size() == 1) return nb::steal(wrap_array(std::move(results[0]), interface));
  nb::list list;
  for (NDArray& result : results) list.append(nb::steal(wrap_array(std::move(result), interface)));
  return list;
}

void set_hook(CachedOp& op, nb::object callback, Truth all) {
  if (callback.is_none()) {
    const ReleaseGil release;
    return op.set_hook({}, false);
  }
  const std::shared_ptr<PyObject> shared(callback.release().ptr(), drop_reference);
  const ReleaseGil release;
  op.set_hook(
      [shared](const std::string& name, const std::string& op_name, const NDArray& value) {
        const AcquireGil acquire;
        call_python(shared.get(), nb::make_tuple(name, op_name, nb::steal(wrap_array(value))));
      },
      all);
}

}  // namespace

void bind_cached_op(nb::module_& m) {
  nb::class_<CachedOp>(m, "CachedOp", "A symbol as a function of arrays, compiled for their types.")
      .def(
          "__init__",
          [](CachedOp* self, const Symbol& symbol, nb::handle flags) {
            new (self) CachedOp(symbol, flags_from(flags));
          },
          nb::arg("sym"), nb::arg("flags") = nb::tuple(),
          "Flags are pairs of texts: static_alloc, static_shape, inline_limit, "
          "forward_bulk_size, backward_bulk_size, data_indices, param_indices, is_dynamic.")
      .def("__call__", &call, nb::arg("args"), nb::arg("kwargs"),
           "Apply to arrays in the order of `list_inputs()`; `out` names the arrays to write. "
           "Returns one array, or a list.")
      .def("_register_op_hook", &set_hook, nb::arg("callback").none(),
           nb::arg("monitor_all") = false,
           "Call `callback(name, operator, array)` for each result of later calls; with "
           "`monitor_all` also for what goes into each operator. None ends that.");
}

}  // namespace mx::python
