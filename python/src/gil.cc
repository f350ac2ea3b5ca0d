#include "gil.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <vector>

namespace mx::python {
namespace nb = nanobind;
namespace {

std::atomic<bool> interpreter_ends{false};
/// Threads that have seen that the interpreter lives and wait for its lock.
std::atomic<int> taking{0};
thread_local bool ends_interpreter = false;

/// A thread that comes back too late: nobody joins it, and the process is about to end.
[[noreturn]] void stop_for_good() {
  for (;;) pause();
}

/// Around taking the lock: after the end of the interpreter it must not be asked for.
template <typename Take>
void take_lock(const Take& take) {
  ++taking;
  if (interpreter_ends && !ends_interpreter) {
    --taking;
    stop_for_good();
  }
  take();
  --taking;
}

/// References that threads without the lock have dropped.
struct DroppedReferences {
  std::mutex mutex;
  std::vector<PyObject*> objects;
  std::atomic<bool> scheduled{false};
};
DroppedReferences& dropped_references() {
  static auto* instance = new DroppedReferences;  // threads of the core use it to the end
  return *instance;
}

int drop_all(void*) {
  DroppedReferences& dropped = dropped_references();
  std::vector<PyObject*> objects;
  {
    std::lock_guard lock(dropped.mutex);
    objects.swap(dropped.objects);
    dropped.scheduled = false;
  }
  for (PyObject* object : objects) Py_DECREF(object);
  return 0;
}

void end_interpreter() {
  ends_interpreter = true;
  interpreter_ends = true;
  // Those that are waiting for the lock get it now, and stop when they come back the next time.
  while (taking > 0) {
    Py_BEGIN_ALLOW_THREADS;
    usleep(100);
    Py_END_ALLOW_THREADS;
  }
}

}  // namespace

ReleaseGil::ReleaseGil() : state_(PyGILState_Check() ? PyEval_SaveThread() : nullptr) {}
ReleaseGil::~ReleaseGil() {
  if (state_) take_lock([&] { PyEval_RestoreThread(state_); });
}

AcquireGil::AcquireGil() {
  take_lock([&] { state_ = PyGILState_Ensure(); });
}
AcquireGil::~AcquireGil() { PyGILState_Release(state_); }

nb::object call_python(nb::handle function, nb::handle arguments) {
  // Not PyGILState_Check: once the interpreter has ended it says yes to everybody.
  struct Guard {
    bool returned = false;
    ~Guard() {
      if (!returned) stop_for_good();
    }
  };
  PyObject* result = nullptr;
  {
    Guard guard;
    result = PyObject_CallObject(function.ptr(), arguments.ptr());
    guard.returned = true;
  }
  if (!result) throw nb::python_error();
  return nb::steal(result);
}

void drop_reference(PyObject* object) {
  if (!Py_IsInitialized() || interpreter_ends) return;
  if (PyGILState_Check()) return Py_DECREF(object);
  DroppedReferences& dropped = dropped_references();
  {
    std::lock_guard lock(dropped.mutex);
    dropped.objects.push_back(object);
    if (dropped.scheduled.exchange(true)) return;
  }
  if (Py_AddPendingCall(drop_all, nullptr)) dropped.scheduled = false;  // full: with the next one
}

void watch_end_of_interpreter(nb::module_& m) {
  m.def("_end_interpreter", &end_interpreter);
  nb::module_::import_("atexit").attr("register")(m.attr("_end_interpreter"));
  // In a child there is none of the threads that were waiting for the lock.
  pthread_atfork(nullptr, nullptr, [] { taking = 0; });
}

}  // namespace mx::python
