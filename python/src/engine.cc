// The engine's waits in a Python program, and its end.
#include "engine/engine.h"

#include <thread>

#include "binding.h"
#include "engine/priority.h"
#include "profile/profile.h"

namespace mx::python {
namespace {

void* before_wait() { return Py_IsInitialized() && PyGILState_Check() ? new ReleaseGil : nullptr; }

void after_wait(void* released) { delete static_cast<ReleaseGil*>(released); }

/// Lets Ctrl-C, and other signals that Python handles, through.
void poll_signals() {
  static const std::thread::id main_thread = std::this_thread::get_id();  // imports the module
  if (std::this_thread::get_id() != main_thread) return;
  const AcquireGil acquire;
  if (PyErr_CheckSignals()) throw nb::python_error();
}

}  // namespace

void bind_engine(nb::module_& m) {
  poll_signals();
  set_wait_hooks({before_wait, after_wait, poll_signals});
  m.def(
      "waitall",
      [] {
        const profile::Span span(profile::kApi, "MXNET_C_API", "MXNDArrayWaitAll");
        const ReleaseGil release;
        Engine::get().wait_all();
      },
      "Waits until all operations are done. Raises the first error that nobody has seen.");
  m.def("set_priority", &set_priority, nb::arg("priority"),
        "Sets the priority of operators that this thread invokes; returns the one before.");
  m.def("_stop_engine", [] {
    const ReleaseGil release;
    Engine::get().stop();
  });
  // Last registered, first called: threads that wait for the engine then find that all is over.
  nb::module_::import_("atexit").attr("register")(m.attr("_stop_engine"));
  watch_end_of_interpreter(m);
}

}  // namespace mx::python
