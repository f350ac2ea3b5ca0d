#include "serve/request_head.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <charconv>
#include <cstdint>
#include <limits>

namespace mx::serve {
namespace {

namespace http = boost::beast::http;
using Fields = http::request<http::empty_body>;

constexpr size_t kLongestIdentifier = 128;
constexpr std::string_view kJsonLength = "inference-header-content-length";
// What changes how the body is read, or what the answer is.
constexpr http::field kUnusual[] = {http::field::transfer_encoding, http::field::content_encoding,
                                    http::field::expect, http::field::upgrade};

std::optional<size_t> number_in(const Fields& fields, boost::beast::string_view name) {
  const auto [first, last] = fields.equal_range(name);
  if (first == last || std::next(first) != last) return std::nullopt;  // one of them
  const boost::beast::string_view text = first->value();
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string identifier_in(const Fields& fields) {
  const boost::beast::string_view text = fields["x-request-id"];
  const bool is_fit =
      text.size() <= kLongestIdentifier &&
      std::all_of(text.begin(), text.end(), [](char each) { return each >= ' ' && each <= '~'; });
  return is_fit ? std::string(text) : std::string();
}

}  // namespace

std::optional<RequestHead> read_request_head(std::string_view text) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(text.size() + 1));
  // Without a limit, Boost 1.74 takes any length for too large.
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  boost::system::error_code error;
  const size_t taken = parser.put(boost::asio::buffer(text.data(), text.size()), error);
  if (error || !parser.is_header_done() || taken != text.size()) return std::nullopt;
  const Fields& fields = parser.get();
  if (fields.method() != http::verb::post || fields.version() != 11 || !parser.keep_alive())
    return std::nullopt;
  for (const http::field each : kUnusual) {
    if (fields.count(each)) return std::nullopt;
  }
  const auto length = number_in(fields, "content-length");
  const auto json_length =
      number_in(fields, boost::beast::string_view(kJsonLength.data(), kJsonLength.size()));
  if (!length || !json_length || *json_length > *length) return std::nullopt;
  return RequestHead{std::string(fields.target()), *length, *json_length, identifier_in(fields)};
}

}  // namespace mx::serve
