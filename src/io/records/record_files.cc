#include "io/records/record_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "io/records/record_format.h"

namespace mx::records {

RecordFiles::RecordFiles(std::string_view paths, std::string who, RemoteFiles remote,
                         std::stop_token stop)
    : who_(std::move(who)), remote_(std::move(remote)), stop_(std::move(stop)) {
  while (!paths.empty()) {
    const size_t end = std::min(paths.find(';'), paths.size());
    if (end > 0) {
      for (const std::string& path : listed(std::string(paths.substr(0, end)))) add(path);
    }
    paths.remove_prefix(std::min(end + 1, paths.size()));
  }
  require(!files_.empty(), who_, ": path_imgrec='' names no file; a file of records is expected");
  require(size_ > 0, who_, ": path_imgrec='", files_[0].path,
          "' is empty; at least one record is expected");
}

std::vector<std::string> RecordFiles::listed(const std::string& path) const {
  std::error_code unused;
  if (remote_.contains(path) || !std::filesystem::is_directory(path, unused)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, unused)) {
    if (entry.is_regular_file(unused)) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void RecordFiles::add(const std::string& path) {
  const auto found = remote_.find(path);
  File file{path, nullptr, size_, size_};
  file.source = found != remote_.end()
                    ? found->second
                    : open_local_file(path, concat(who_, ": path_imgrec='", path, "'"));
  size_ += file.source->size();
  file.end = size_;
  has_remote_ = has_remote_ || file.source->is_remote();
  files_.push_back(std::move(file));
}

const RecordFiles::File& RecordFiles::file_at(int64_t offset) const {
  for (const File& file : files_) {
    if (offset < file.end) return file;
  }
  return files_.back();
}

size_t RecordFiles::read(int64_t offset, std::span<uint8_t> out) const {
  const File& file = file_at(offset);
  const int64_t left = std::max<int64_t>(file.end - offset, 0);
  const size_t wanted = std::min(out.size(), static_cast<size_t>(left));
  if (wanted == 0) return 0;
  if (file.source->is_remote()) {
    const Range range{offset, offset + static_cast<int64_t>(wanted)};
    std::ranges::copy(start({&range, 1}).wait(), out.begin());
  } else {
    const Piece piece{offset - file.begin, out.first(wanted)};
    file.source->read({&piece, 1});
  }
  return wanted;
}

Request RecordFiles::start(std::span<const Range> ranges) const {
  int64_t size = 0;
  for (const Range& range : ranges) size += range.size();
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  std::span<uint8_t> left = bytes;
  Request::Pieces pieces;
  for (const Range& range : ranges) {
    const File& file = file_at(range.begin);
    const auto count = static_cast<size_t>(range.size());
    pieces[file.source].push_back({range.begin - file.begin, left.first(count)});
    left = left.subspan(count);
  }
  return Request(std::move(bytes), std::move(pieces), stop_);
}

int64_t RecordFiles::end_of_file(int64_t offset) const { return file_at(offset).end; }

int64_t RecordFiles::part_begin(int64_t part, int64_t num_parts) const {
  const int64_t share = ((size_ + num_parts - 1) / num_parts + 3) / 4 * 4;
  int64_t offset = std::min(share * part, size_);
  if (offset < size_) offset += (file_at(offset).begin - offset) & 3;
  const int64_t most = has_remote_ ? 1 << 20 : 1 << 16;
  std::vector<uint8_t> block(static_cast<size_t>(std::min(most, size_ - offset)));
  while (offset < size_) {
    if (offset == file_at(offset).begin) return offset;
    const size_t got = read(offset, block);
    for (size_t i = 0; i + kHeadBytes <= got; i += 4) {
      if (word_at(&block[i]) != kMagic) continue;
      const uint32_t kind = word_at(&block[i + 4]) >> kLengthBits;
      if (kind == kWhole || kind == kFirst) return offset + static_cast<int64_t>(i);
    }
    const int64_t end = end_of_file(offset);
    offset += static_cast<int64_t>(got) - 4;
    // The last words of a file begin no record.
    if (offset + kHeadBytes > end || got < block.size()) offset = end;
  }
  return size_;
}

std::string RecordFiles::place(int64_t offset) const {
  const File& file = file_at(offset);
  return concat("'", file.path, "' at byte ", offset - file.begin);
}

}  // namespace mx::records
