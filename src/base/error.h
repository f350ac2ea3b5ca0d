#pragma once
#include <exception>
#include <sstream>
#include <string>
#include <string_view>

namespace mx {

/// What went wrong; each kind becomes a Python exception that derives from MXNetError and a
/// builtin.
enum class ErrorKind {
  kValue,
  kType,
  kIndex,
  kNotImplemented,
  kOutOfMemory,
  kDevice,
  kInternal,
  kUserCode,  ///< raised by code of the user that the library calls
};

/// Name of a kind as it appears in messages and in the C API, for instance "ValueError".
std::string_view error_kind_name(ErrorKind kind);

/// The one exception type of the core. The message reads
/// `<op>: <argument>=<value> <what is wrong>; <what is expected>`.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  ErrorKind kind() const noexcept { return kind_; }
  const std::string& message() const noexcept { return message_; }

 private:
  ErrorKind kind_;
  std::string message_;
};

/// Writes all arguments one after the other into a string.
template <typename... Args>
std::string concat(const Args&... args) {
  std::ostringstream out;
  (out << ... << args);
  return out.str();
}

/// Throws Error{kind, args...}.
template <typename... Args>
[[noreturn]] void fail(ErrorKind kind, const Args&... args) {
  throw Error(kind, concat(args...));
}

/// Throws a ValueError unless `condition` holds. The message is built only on failure.
template <typename... Args>
void require(bool condition, const Args&... args) {
  if (!condition) [[unlikely]]
    fail(ErrorKind::kValue, args...);
}

/// Throws an internal error unless `condition` holds: for states that no input can cause.
template <typename... Args>
void internal_check(bool condition, const Args&... args) {
  if (!condition) [[unlikely]]
    fail(ErrorKind::kInternal, args...);
}

}  // namespace mx
