#pragma once
#include <nanobind/nanobind.h>

namespace mx::python {

/// Gives the interpreter's lock up, where it is held, until the end of the scope. Unlike nanobind's
/// class it may be used in threads that are still there when the interpreter ends: such a thread
/// stops for good where CPython would unwind its stack through C++ frames that cannot be unwound.
class ReleaseGil {
 public:
  ReleaseGil();
  ~ReleaseGil();
  ReleaseGil(const ReleaseGil&) = delete;
  ReleaseGil& operator=(const ReleaseGil&) = delete;

 private:
  PyThreadState* state_;
};

/// Takes the interpreter's lock in a thread of the core, with the same care.
class AcquireGil {
 public:
  AcquireGil();
  ~AcquireGil();
  AcquireGil(const AcquireGil&) = delete;
  AcquireGil& operator=(const AcquireGil&) = delete;

 private:
  PyGILState_STATE state_;
};

/// function(*arguments), for threads that the interpreter may end inside of it: CPython unwinds
/// their stack, on which nothing of ours may be cleaned up without the interpreter's lock. Such a
/// thread stops for good here. The lock must be held. Throws: what the function raises.
nanobind::object call_python(nanobind::handle function, nanobind::handle arguments);

/// Drops a reference at once where the lock is held, else as soon as somebody holds it: threads of
/// the core never wait for the interpreter.
void drop_reference(PyObject* object);

/// To be called once by each extension module: from the end of the interpreter on, its threads do
/// not take the lock any more.
void watch_end_of_interpreter(nanobind::module_& m);

}  // namespace mx::python
