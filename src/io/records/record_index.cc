#include "io/records/record_index.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace mx::records {
namespace {

/// Reads all of a remote file; pieces of some size travel side by side.
std::string text_of(const ByteSource& source) {
  constexpr size_t kPieceBytes = size_t{4} << 20;
  std::string text(static_cast<size_t>(source.size()), '\0');
  const std::span<uint8_t> bytes(reinterpret_cast<uint8_t*>(text.data()), text.size());
  std::vector<Piece> pieces;
  for (size_t begin = 0; begin < bytes.size(); begin += kPieceBytes)
    pieces.push_back({static_cast<int64_t>(begin),
                      bytes.subspan(begin, std::min(kPieceBytes, bytes.size() - begin))});
  source.read(pieces);
  return text;
}

std::unique_ptr<std::istream> open_text(const std::string& path, const char* argument,
                                        const RemoteFiles& remote, const std::string& who) {
  const auto found = remote.find(path);
  if (found != remote.end()) return std::make_unique<std::istringstream>(text_of(*found->second));
  auto file = std::make_unique<std::ifstream>(path);
  require(file->is_open(), who, ": ", argument, "='", path,
          "' cannot be opened; a readable file is expected");
  return file;
}

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  std::vector<std::string_view> words;
  size_t begin = line.find_first_not_of(kBlank);
  while (begin != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(kBlank, begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kBlank, end);
  }
  return words;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  for (;;) {
    const size_t end = line.find('\t');
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

template <typename T>
bool parse(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// A key as a whole number, also when it is written as 3.0, as some programs do.
bool parse_key(std::string_view text, uint64_t& key) {
  if (parse(text, key)) return true;
  double number = 0;
  if (!parse(text, number) || !(number >= 0) || number >= 1e15) return false;
  key = static_cast<uint64_t>(number);
  return std::floor(number) == number;
}

}  // namespace

std::vector<int64_t> read_record_index(const std::string& path, const RecordFiles& files) {
  const auto text = open_text(path, "path_imgidx", files.remote(), files.who());
  std::vector<int64_t> offsets;
  std::string line;
  for (int64_t number = 1; std::getline(*text, line); ++number) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.empty()) continue;
    int64_t offset = -1;
    require(words.size() == 2 && parse(words[1], offset) && offset >= 0 && offset < files.size(),
            files.who(), ": path_imgidx='", path, "' has in line ", number, " '", line,
            "'; a key and a place from 0 to ", files.size() - 1, " are expected");
    offsets.push_back(offset);
  }
  require(!offsets.empty(), files.who(), ": path_imgidx='", path,
          "' has no line; one for each record is expected");
  std::sort(offsets.begin(), offsets.end());
  return offsets;
}

LabelsByKey read_label_list(const std::string& path, int64_t label_width, const RemoteFiles& remote,
                            const std::string& who) {
  const auto text = open_text(path, "path_imglist", remote, who);
  LabelsByKey labels;
  std::string line;
  for (int64_t number = 1; std::getline(*text, line); ++number) {
    const std::vector<std::string_view> fields = fields_of(line);
    if (fields.size() == 1 && fields[0].empty()) continue;
    uint64_t key = 0;
    bool fits = fields.size() >= 3 && parse_key(fields[0], key);
    std::vector<float> values(fits ? fields.size() - 2 : 0);
    for (size_t i = 0; i < values.size(); ++i) fits = fits && parse(fields[i + 1], values[i]);
    require(fits, who, ": path_imglist='", path, "' has in line ", number, " '", line,
            "'; a key, labels and a path between tabulators are expected");
    require(label_width < 0 || static_cast<int64_t>(values.size()) >= label_width, who,
            ": path_imglist='", path, "' has in line ", number, " ", values.size(),
            " labels; label_width=", label_width, " are expected");
    labels[key] = std::move(values);
  }
  return labels;
}

}  // namespace mx::records
