#include "dispatch/anomaly.h"

#include "base/env.h"
#include "binding.h"

namespace mx::python {
namespace {

/// mxnet._user_line.user_line
PyObject* user_line = nullptr;

std::string source() {
  const AcquireGil acquire;
  return nb::cast<std::string>(call_python(user_line, nb::make_tuple()));
}

}  // namespace

void bind_anomaly(nb::module_& m) {
  user_line =
      nb::object(nb::module_::import_("mxnet._user_line").attr("user_line")).release().ptr();
  anomaly::set_source_hook(&source);
  if (env::flag("MXNET_CHECK_NAN")) anomaly::begin();
  m.def("anomaly_begin", &anomaly::begin, "Look at every result for NaN and Inf.");
  m.def("anomaly_end", &anomaly::end, "End what anomaly_begin() began.");
}

}  // namespace mx::python
