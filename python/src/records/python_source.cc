#include "python_source.h"

#include <nanobind/stl/string.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "io/formats/scoped_file.h"

namespace mx::python {
namespace nb = nanobind;
namespace {

std::atomic<bool> ended{false};
std::atomic<int> running{0};

/// One call of Python by a thread of the core. Throws: Error when the interpreter has ended.
class Running {
 public:
  Running() {
    ++running;
    if (!ended) return;
    --running;
    fail(ErrorKind::kUserCode, "the interpreter ends; a remote file is not read any more");
  }
  ~Running() { --running; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
};

/// Requests that take no longer end in order; their threads are stopped where they are else, when
/// they come back to an interpreter that has ended.
constexpr std::chrono::milliseconds kGrace{300};

void end_sources() {
  ended = true;
  const auto latest = std::chrono::steady_clock::now() + kGrace;
  while (running > 0 && std::chrono::steady_clock::now() < latest) {
    const ReleaseGil release;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// Throws what Python raised, with the number of an OSError.
[[noreturn]] void rethrow(const nb::python_error& error) {
  const std::string text = nb::cast<std::string>(nb::str(error.value()));
  const nb::object number = nb::getattr(error.value(), "errno", nb::none());
  if (error.matches(PyExc_OSError) && nb::isinstance<nb::int_>(number))
    throw SystemError(nb::cast<int>(number), text);
  fail(ErrorKind::kValue, text);
}

/// The bytes of one range. Throws: ValueError when they are not all there.
const char* bytes_of(nb::handle fetched, const records::Piece& piece) {
  const bool fits = PyBytes_Check(fetched.ptr()) &&
                    static_cast<size_t>(PyBytes_GET_SIZE(fetched.ptr())) == piece.to.size();
  require(fits, "fetch: the range at byte ", piece.offset, " is not given as bytes; all ",
          piece.to.size(), " are expected");
  return PyBytes_AS_STRING(fetched.ptr());
}

/// Fetches and copies. The lock must be held; it is given up while bytes are copied.
void fetch(nb::handle function, std::span<const records::Piece> pieces) {
  nb::list ranges;
  for (const records::Piece& piece : pieces)
    ranges.append(
        nb::make_tuple(piece.offset, piece.offset + static_cast<int64_t>(piece.to.size())));
  const nb::list fetched(call_python(function, nb::make_tuple(ranges)));
  require(fetched.size() == pieces.size(), "fetch: ", fetched.size(), " ranges are given; ",
          pieces.size(), " are expected");
  std::vector<const char*> bytes;
  for (size_t i = 0; i < pieces.size(); ++i) bytes.push_back(bytes_of(fetched[i], pieces[i]));
  const ReleaseGil release;
  for (size_t i = 0; i < pieces.size(); ++i)
    std::memcpy(pieces[i].to.data(), bytes[i], pieces[i].to.size());
}

}  // namespace

PythonSource::PythonSource(const nb::object& reader)
    : fetch_(nb::object(reader.attr("fetch")).release().ptr(), drop_reference),
      size_(nb::cast<int64_t>(reader.attr("size"))) {}

void PythonSource::read(std::span<const records::Piece> pieces) const {
  const Running call;
  const AcquireGil acquire;
  try {
    fetch(fetch_.get(), pieces);
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_Exception)) throw;  // Ctrl-C in the user's own thread
    rethrow(error);
  }
}

void watch_sources(nb::module_& m) {
  m.def("_end_sources", &end_sources);
  nb::module_::import_("atexit").attr("register")(m.attr("_end_sources"));
  pthread_atfork(nullptr, nullptr, [] { running = 0; });
}

}  // namespace mx::python
