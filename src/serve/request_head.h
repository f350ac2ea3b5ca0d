#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mx::serve {

/// The head of a plain request of HTTP: POST, HTTP/1.1, a body of known length on a connection that
/// stays open, with JSON of known length at its start.
struct RequestHead {
  std::string target;
  size_t length = 0, json_length = 0;
  std::string identifier;  ///< X-Request-Id, if it can be written in a line; "" without one
};

/// Reads a head with the empty line at its end. Nothing for whatever is not plain.
std::optional<RequestHead> read_request_head(std::string_view text);

}  // namespace mx::serve
