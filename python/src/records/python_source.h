#pragma once
#include <nanobind/nanobind.h>

#include <memory>

#include "gil.h"
#include "io/records/byte_source.h"

namespace mx::python {

/// A file that Python reads: an object with `size` and with `fetch(ranges)`, which takes a list of
/// (begin, end) and gives a list of bytes.
///
/// Threads of the core call `fetch`. They take the interpreter's lock for that and hold nothing
/// else that a holder of it could wait for; they copy the bytes without it. What `fetch` raises
/// becomes an error of the core at once, so that no Python object is in it. When the interpreter
/// ends, calls under way have a moment to come back, and further ones fail. A forked child has none
/// under way.
class PythonSource final : public records::ByteSource {
 public:
  explicit PythonSource(const nanobind::object& reader);
  int64_t size() const override { return size_; }
  bool is_remote() const override { return true; }
  void read(std::span<const records::Piece> pieces) const override;

 private:
  std::shared_ptr<PyObject> fetch_;
  int64_t size_;
};

/// To be called once, after watch_end_of_interpreter: what is said above of the end and of forks.
void watch_sources(nanobind::module_& m);

}  // namespace mx::python
