#include "io/records/record_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace mx::records {
namespace {

constexpr uint32_t kMagic = 0xced7230a;
constexpr int kLengthBits = 29;
enum Kind : uint32_t { kWhole = 0, kFirst = 1, kMiddle = 2, kLast = 3 };
constexpr int64_t kHeadBytes = 8;
// One read of the system brings some records of usual pictures.
constexpr int64_t kBufferBytes = int64_t{1} << 18;

uint32_t word_at(const uint8_t* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

int64_t length_in(uint32_t word) { return word & ((1u << kLengthBits) - 1); }

[[noreturn]] void is_damaged(const RecordFiles& files, int64_t offset, const std::string& what) {
  fail(ErrorKind::kValue, files.who(), ": ", files.place(offset), " is damaged: ", what,
       "; an undamaged file of records is expected");
}

std::vector<std::string> listed(const std::string& path) {
  std::error_code unused;
  if (!std::filesystem::is_directory(path, unused)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, unused)) {
    if (entry.is_regular_file(unused)) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

RecordFiles::RecordFiles(std::string_view paths, std::string who) : who_(std::move(who)) {
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

RecordFiles::~RecordFiles() {
  for (const File& file : files_) ::close(file.descriptor);
}

void RecordFiles::add(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    fail(ErrorKind::kValue, who_, ": path_imgrec='", path, "' cannot be opened (",
         std::generic_category().message(errno), "); a file of records is expected");
  }
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    fail(ErrorKind::kValue, who_, ": path_imgrec='", path,
         "' is no regular file; a file of records is expected");
  }
  files_.push_back({path, descriptor, size_, size_ + status.st_size});
  size_ += status.st_size;
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
  size_t done = 0;
  while (done < wanted) {
    const ssize_t got = ::pread(file.descriptor, out.data() + done, wanted - done,
                                offset - file.begin + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    require(got >= 0, who_, ": ", place(offset),
            " cannot be read: ", std::generic_category().message(errno),
            "; a readable file is expected");
    if (got == 0) break;  // the file became shorter
    done += static_cast<size_t>(got);
  }
  return done;
}

int64_t RecordFiles::end_of_file(int64_t offset) const { return file_at(offset).end; }

int64_t RecordFiles::part_begin(int64_t part, int64_t num_parts) const {
  const int64_t share = ((size_ + num_parts - 1) / num_parts + 3) / 4 * 4;
  int64_t offset = std::min(share * part, size_);
  if (offset < size_) offset += (file_at(offset).begin - offset) & 3;
  std::vector<uint8_t> block(1 << 16);
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

RecordReader::RecordReader(const RecordFiles& files, int64_t begin, int64_t end)
    : files_(&files), position_(begin), end_(end) {}

void RecordReader::damaged(int64_t offset, const std::string& what) const {
  is_damaged(*files_, offset, what);
}

const uint8_t* RecordReader::bytes_at(int64_t offset, int64_t count) {
  const int64_t inside = offset - buffer_begin_;
  if (inside >= 0 && inside + count <= static_cast<int64_t>(buffer_size_)) {
    return buffer_.data() + inside;
  }
  // Checked before memory is taken for a length that a damaged file claims.
  if (count > files_->end_of_file(offset) - offset) damaged(offset, "it ends inside a record");
  buffer_.resize(static_cast<size_t>(std::max(count, kBufferBytes)));
  buffer_begin_ = offset;
  buffer_size_ = files_->read(offset, buffer_);
  if (static_cast<int64_t>(buffer_size_) < count) damaged(offset, "it ends inside a record");
  return buffer_.data();
}

RecordReader::Part RecordReader::read_part(std::vector<uint8_t>& record) {
  const uint8_t* head = bytes_at(position_, kHeadBytes);
  if (word_at(head) != kMagic) damaged(position_, "no record begins there");
  const uint32_t word = word_at(head + 4);
  const Part part{word >> kLengthBits, length_in(word)};
  const int64_t padded = (part.length + 3) / 4 * 4;
  const uint8_t* bytes = bytes_at(position_ + kHeadBytes, padded);
  record.insert(record.end(), bytes, bytes + part.length);
  return part;
}

bool RecordReader::next(std::vector<uint8_t>& record) {
  record.clear();
  if (position_ >= end_) return false;
  bool inside = false;
  for (;;) {
    if (inside) {
      // A record was cut where its bytes hold the magic number.
      const uint8_t* magic = reinterpret_cast<const uint8_t*>(&kMagic);
      record.insert(record.end(), magic, magic + sizeof kMagic);
    }
    const Part part = read_part(record);
    const bool fits = inside ? part.kind == kMiddle || part.kind == kLast
                             : part.kind == kWhole || part.kind == kFirst;
    if (!fits) damaged(position_, concat("a part of kind ", part.kind, " is out of place"));
    position_ += kHeadBytes + (part.length + 3) / 4 * 4;
    if (part.kind == kWhole || part.kind == kLast) return true;
    inside = true;
    if (position_ >= files_->size()) damaged(position_, "it ends inside a record");
  }
}

int64_t count_records(const RecordFiles& files, int64_t begin, int64_t end) {
  int64_t count = 0;
  uint8_t head[kHeadBytes];
  // The parts of a cut record are behind its first one, perhaps behind `end`.
  for (int64_t offset = begin; offset < end;) {
    if (files.read(offset, head) < sizeof head || word_at(head) != kMagic)
      is_damaged(files, offset, "no record begins there");
    const uint32_t word = word_at(head + 4), kind = word >> kLengthBits;
    if (kind == kWhole || kind == kFirst) ++count;
    offset += kHeadBytes + (length_in(word) + 3) / 4 * 4;
  }
  return count;
}

}  // namespace mx::records
