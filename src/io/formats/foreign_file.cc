#include "io/formats/foreign_file.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"

namespace mx {
namespace {

struct Kind {
  std::string_view beginning, what;
};

using namespace std::string_view_literals;

constexpr Kind kKinds[] = {
    {"version https://git-lfs"sv,
     "a pointer of Git LFS, not the file itself; git lfs pull gets it"},
    {"\x1f\x8b"sv, "compressed by gzip; gunzip unpacks it"},
    {"PK\x03\x04"sv, "a zip archive; unzip unpacks it"},
    {"BZh"sv, "compressed by bzip2; bunzip2 unpacks it"},
    {"\xfd"
     "7zXZ"sv,
     "compressed by xz; unxz unpacks it"},
    {"\x89HDF"sv, "an HDF5 file"},
};

bool begins_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char expected, char found) {
           return std::tolower(static_cast<unsigned char>(found)) == expected;
         });
}

bool is_web_page(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return false;
  text.remove_prefix(begin);
  return begins_with_word(text, "<!doctype html") || begins_with_word(text, "<html");
}

}  // namespace

void refuse_foreign_file(std::string_view bytes, const std::string& source,
                         std::string_view expected) {
  const auto refuse = [&](std::string_view what) {
    fail(ErrorKind::kValue, source, ": is ", what, "; expected ", expected);
  };
  if (bytes.empty()) refuse("empty");
  if (is_web_page(bytes)) refuse("a web page, perhaps of a failed download");
  for (const Kind& kind : kKinds)
    if (bytes.starts_with(kind.beginning)) refuse(kind.what);
}

}  // namespace mx
