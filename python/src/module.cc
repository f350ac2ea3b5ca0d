#include "binding.h"

namespace mx::python {
Types types;

namespace {
struct NullType {};
}  // namespace
}  // namespace mx::python

NB_MODULE(_core, m) {
  using namespace mx::python;
  m.doc() = "The core of Remx.";
  nb::set_leak_warnings(false);  // arrays may live as long as the interpreter
  nb::register_exception_translator([](const std::exception_ptr& error, void*) {
    try {
      std::rethrow_exception(error);
    } catch (const mx::Error&) {
      set_python_error();
    }
  });
  nb::class_<NullType>(m, "_NullType", "Type of the mark for an argument that was not given.")
      .def("__repr__", [](const NullType&) { return "_Null"; });
  m.attr("_Null") = nb::cast(NullType());
  types.null = nb::object(m.attr("_Null")).release().ptr();
  bind_engine(m);
  bind_comm(m);
  bind_context(m);
  bind_library(m);
  bind_mixed_precision(m);
  bind_ndarray(m);
  bind_dtypes(m);
  bind_numpy(m);
  bind_dlpack(m);
  bind_anomaly(m);
  bind_autograd(m);
  bind_op_function(m);
  bind_params(m);
  bind_profile(m);
  bind_sparse(m);
  bind_symbol(m);
  bind_symbol_infer(m);
  bind_executor(m);
  bind_cached_op(m);
  bind_custom_op(m);
  bind_features(m);
  bind_random(m);
  bind_registry(m);
}
