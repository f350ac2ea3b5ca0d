#include "runtime/executor.h"

#include <nanobind/stl/shared_ptr.h>
#include <sys/mman.h>

#include "base/env.h"
#include "binding.h"
#include "dispatch/invoke.h"
#include "ir/op.h"
#include "profile/profile.h"
#include "runtime/inference_cache.h"

namespace mx::python {
namespace {

std::vector<NDArray> optional_arrays(nb::handle sequence) {
  std::vector<NDArray> arrays;
  for (nb::handle item : sequence) {
    if (!item.is_none() && !is_array(item.ptr()))
      fail(ErrorKind::kType, "Executor: an array is of type ", Py_TYPE(item.ptr())->tp_name,
           "; expected an NDArray");
    arrays.push_back(item.is_none() ? NDArray() : array_in(item.ptr()));
  }
  return arrays;
}

WriteMode mode_from(const std::string& req) {
  if (req == "write") return WriteMode::kWrite;
  if (req == "add") return WriteMode::kAdd;
  require(req == "null", "bind: grad_req=", req, " is not known; expected write, add or null");
  return WriteMode::kNull;
}

nb::list wrap_all(const std::vector<NDArray>& arrays) {
  nb::list list;
  for (const NDArray& array : arrays)
    list.append(array ? nb::steal(wrap_array(array)) : nb::none());
  return list;
}

std::shared_ptr<Executor> bind(const Symbol& symbol, nb::handle args, nb::handle grads,
                               const std::vector<std::string>& reqs, nb::handle aux,
                               nb::handle device, std::shared_ptr<Executor> shared,
                               nb::dict groups) {
  BindOptions options;
  for (const auto [group, ctx] : groups)
    options.groups[std::string(text_of(group.ptr()))] = device_from(ctx.ptr());
  options.device = device_from(device.ptr());
  options.shared = std::move(shared);
  std::vector<WriteMode> modes;
  for (const std::string& req : reqs) modes.push_back(mode_from(req));
  std::vector<NDArray> arg_arrays = optional_arrays(args), grad_arrays = optional_arrays(grads),
                       aux_arrays = optional_arrays(aux);
  const ReleaseGil release;
  return Executor::bind(symbol, std::move(arg_arrays), std::move(grad_arrays), std::move(modes),
                        std::move(aux_arrays), options);
}

// An executor's lock is taken without the interpreter's lock only: whoever holds it may need that.

void forward(Executor& executor, Truth is_train, const std::vector<size_t>& numbers,
             nb::handle values) {
  const std::vector<NDArray> arrays = optional_arrays(values);
  std::vector<Feed> feeds;
  for (size_t i = 0; i < numbers.size(); ++i) feeds.push_back({numbers[i], arrays.at(i)});
  const profile::Span span(profile::kApi, "MXNET_C_API", "MXExecutorForward");
  const ReleaseGil release;
  executor.forward(is_train, feeds);
}

void backward(Executor& executor, nb::handle head_grads) {
  std::vector<NDArray> grads = optional_arrays(head_grads);
  const profile::Span span(profile::kApi, "MXNET_C_API", "MXExecutorBackwardEx");
  const ReleaseGil release;
  for (NDArray& grad : grads)
    if (grad) grad = dense_form(grad);
  executor.backward(grads);
}

nb::list answers(Executor& executor) {
  std::vector<NDArray> arrays;
  {
    const ReleaseGil release;
    arrays = executor.answers();
  }
  return wrap_all(arrays);
}

void set_monitor(Executor& executor, nb::object callback, Truth all) {
  if (callback.is_none()) {
    const ReleaseGil release;
    return executor.set_monitor({}, false);
  }
  const std::shared_ptr<PyObject> shared(callback.release().ptr(), drop_reference);
  const ReleaseGil release;
  executor.set_monitor(
      [shared](const std::string& name, const NDArray& value) {
        const AcquireGil acquire;
        call_python(shared.get(), nb::make_tuple(name, nb::steal(wrap_array(value))));
      },
      all);
}

/// Zeros whose pages exist only once they are written: arguments are often replaced as a whole.
NDArray fresh_zeros(const Shape& shape, DType dtype, Device device) {
  constexpr size_t kOwnPages = 1 << 16, kHugePage = 2 << 20;
  const size_t bytes = static_cast<size_t>(shape.size() * dtype_size(dtype));
  if (!device.is_host() || bytes < kOwnPages) {
    const Op& zeros = get_op("zeros_like");
    const NDArray array(shape, dtype, device);
    std::vector<NDArray> out{array};
    invoke(zeros, zeros.default_params(), {&array, 1}, out);
    return array;
  }
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED)
    fail(ErrorKind::kOutOfMemory, "NDArray: ", bytes, " bytes for shape=", shape,
         " cannot be allocated");
  if (bytes >= kHugePage) madvise(pages, bytes, MADV_HUGEPAGE);
  auto buffer =
      std::make_shared<Buffer>(pages, bytes, device, [pages, bytes] { munmap(pages, bytes); });
  return NDArray(std::move(buffer), shape, dtype);
}

/// Compiled graphs and constants in numbers.
nb::dict statistics_of_inference() {
  const InferenceStatistics graphs = inference_statistics();
  const ConstantStatistics constants = constant_statistics();
  nb::dict d;
  d["graphs"] = graphs.alive;
  d["graphs_compiled"] = graphs.compiled;
  d["constants"] = constants.alive;
  d["constants_computed"] = constants.computed;
  d["constant_bytes"] = constants.bytes;
  return d;
}

}  // namespace

void bind_executor(nb::module_& m) {
  nb::class_<Executor>(m, "Executor", "A symbol bound to arrays.")
      .def("forward", &forward, nb::arg("is_train"), nb::arg("numbers"), nb::arg("values"))
      .def("backward", &backward, nb::arg("head_grads"))
      .def("outputs", [](const Executor& e) { return wrap_all(e.outputs()); })
      .def("answers", &answers)
      .def("set_monitor", &set_monitor, nb::arg("callback").none(), nb::arg("all"))
      .def("debug_str", &Executor::debug_str, nb::call_guard<ReleaseGil>())
      .def("optimized_symbol", &Executor::optimized_symbol, nb::call_guard<ReleaseGil>());
  m.def("bind", &bind, nb::arg("symbol"), nb::arg("args"), nb::arg("grads"), nb::arg("reqs"),
        nb::arg("aux"), nb::arg("device"), nb::arg("shared").none(), nb::arg("groups"));
  m.def("inference_statistics", &statistics_of_inference,
        "What inference shares: compiled graphs and constants (packed weights).");
  m.def(
      "fresh_zeros",
      [](nb::handle shape, nb::handle ctx, nb::handle dtype) {
        return fresh_zeros(shape_from(shape.ptr(), "zeros"), dtype_from(dtype.ptr()),
                           device_from(ctx.ptr()));
      },
      nb::arg("shape"), nb::arg("ctx").none(), nb::arg("dtype"));
}

}  // namespace mx::python
