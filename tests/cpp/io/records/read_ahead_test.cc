#include "io/records/read_ahead.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/waiting.h"
#include "io/records/byte_source.h"
#include "io/records/record_reader.h"
#include "io/records/record_source.h"

namespace mx::records {
namespace {

constexpr int64_t kMegabyte = int64_t{1} << 20;

/// Holds what tests put there, and notes what is asked for.
class FakeObject final : public ByteSource {
 public:
  explicit FakeObject(std::vector<uint8_t> bytes) : bytes_(std::move(bytes)) {}
  /// Lets no request from this place on come back until open() is called.
  void close_from(int64_t offset) {
    const std::lock_guard lock(mutex_);
    closed_from_ = offset;
  }
  void open() {
    close_from(size());
    opened_.notify_all();
  }
  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }
  bool is_remote() const override { return true; }
  void read(std::span<const Piece> pieces) const override {
    std::unique_lock lock(mutex_);
    for (const Piece& piece : pieces) {
      const Range range{piece.offset, piece.offset + static_cast<int64_t>(piece.to.size())};
      asked_.push_back(range);
      opened_.wait(lock, [&] { return range.end <= closed_from_; });
      if (failures_ > 0 && range.end > fails_from_) {
        --failures_;
        fail(ErrorKind::kValue, "the connection is lost");
      }
      std::copy_n(bytes_.data() + piece.offset, piece.to.size(), piece.to.data());
    }
  }
  void fail_from(int64_t offset, int times) {
    fails_from_ = offset;
    failures_ = times;
  }
  std::vector<Range> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  int64_t bytes_asked() const {
    int64_t bytes = 0;
    for (const Range& range : asked()) bytes += range.size();
    return bytes;
  }
  bool asked_beyond(int64_t begin, int64_t end) const {
    const auto all = asked();
    return std::any_of(all.begin(), all.end(),
                       [&](const Range& range) { return range.begin < begin || range.end > end; });
  }

 private:
  std::vector<uint8_t> bytes_;
  mutable std::mutex mutex_;
  mutable std::vector<Range> asked_;
  mutable std::condition_variable opened_;
  mutable int failures_ = 0;
  int64_t closed_from_ = INT64_MAX;
  int64_t fails_from_ = 0;
};

std::vector<uint8_t> numbered(int64_t count) {
  std::vector<uint8_t> bytes(static_cast<size_t>(count));
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 7 + i / 251);
  return bytes;
}

struct OneObject {
  explicit OneObject(std::vector<uint8_t> bytes)
      : object(std::make_shared<FakeObject>(std::move(bytes))),
        files("store://object", "test", {{"store://object", object}}, stop.get_token()),
        owners(object.use_count()) {}
  /// Until all requests have ended, also those that nobody waits for any more.
  void wait_for_requests() const {
    while (object.use_count() > owners) std::this_thread::yield();
  }
  std::shared_ptr<FakeObject> object;
  std::stop_source stop;
  RecordFiles files;
  long owners;
};

RangePlan plan_of(std::vector<Range> ranges) {
  return [ranges = std::move(ranges), next = size_t{0}]() mutable {
    return next < ranges.size() ? std::optional(ranges[next++]) : std::nullopt;
  };
}

TEST(ReadAheadTest, KeepsABoundedNumberOfBlocksAhead) {
  const int64_t size = 100 * kMegabyte;
  OneObject one(numbered(size));
  {
    ReadAhead ahead(one.files, plan_of({{0, size}}));
    std::vector<uint8_t> out(1000);
    EXPECT_EQ(ahead.read(0, out.size(), out), out.size());
    ahead.read(ReadAhead::kBlockBytes + 5, out.size(), out);  // which begins one block more
  }
  one.wait_for_requests();
  EXPECT_EQ(one.object->bytes_asked(),
            static_cast<int64_t>(ReadAhead::kBlocks + 1) * ReadAhead::kBlockBytes);
}

TEST(ReadAheadTest, GivesTheBytesInAnyOrderOfThePlan) {
  const std::vector<uint8_t> bytes = numbered(40 * kMegabyte);
  OneObject one(bytes);
  std::vector<Range> ranges;
  for (int64_t i = 0; i < 1000; ++i) {
    const int64_t begin = i * 7919 % 1000 * 41000;
    ranges.push_back({begin, begin + 30000});
  }
  ranges.push_back({0, 20 * kMegabyte});  // more than two blocks
  ReadAhead ahead(one.files, plan_of(ranges));
  for (const Range& range : ranges) {
    std::vector<uint8_t> out(static_cast<size_t>(range.size()));
    ASSERT_EQ(ahead.read(range.begin, out.size(), out), out.size());
    ASSERT_TRUE(std::equal(out.begin(), out.end(), bytes.begin() + range.begin)) << range.begin;
  }
}

TEST(ReadAheadTest, JoinsNeighbours) {
  OneObject one(numbered(10 * kMegabyte));
  const std::vector<Range> ranges = {{5000, 6000}, {0, 1000}, {5 * kMegabyte, 5 * kMegabyte + 8}};
  ReadAhead ahead(one.files, plan_of(ranges));
  std::vector<uint8_t> out(1000);
  ahead.read(5000, 1000, out);
  const auto asked = one.object->asked();
  ASSERT_EQ(asked.size(), 2);
  EXPECT_EQ(asked[0].begin, 0);
  EXPECT_EQ(asked[0].end, 6000);
  EXPECT_EQ(asked[1].size(), 8);
}

TEST(ReadAheadTest, FetchesWhatIsNotPlanned) {
  const std::vector<uint8_t> bytes = numbered(kMegabyte);
  OneObject one(bytes);
  ReadAhead ahead(one.files, plan_of({{0, 1000}}));
  std::vector<uint8_t> out(2000);
  EXPECT_EQ(ahead.read(500, 2000, out), 2000);  // begins in the plan and ends behind it
  EXPECT_TRUE(std::equal(out.begin(), out.end(), bytes.begin() + 500));
  EXPECT_GE(ahead.read(700000, 10, out), 10);
  EXPECT_EQ(out[9], bytes[700009]);
}

TEST(ReadAheadTest, AnErrorIsThrownWhereItsBytesAreRead) {
  const int64_t size = 64 * kMegabyte;
  const std::vector<uint8_t> bytes = numbered(size);
  OneObject one(bytes);
  one.object->fail_from(2 * ReadAhead::kBlockBytes, 1);
  ReadAhead ahead(one.files, plan_of({{0, 20 * kMegabyte}}));
  std::vector<uint8_t> out(100);
  EXPECT_EQ(ahead.read(0, 100, out), 100);
  EXPECT_EQ(ahead.read(ReadAhead::kBlockBytes, 100, out), 100);
  EXPECT_THROW(ahead.read(2 * ReadAhead::kBlockBytes, 100, out), Error);
  EXPECT_GE(ahead.read(2 * ReadAhead::kBlockBytes, 100, out), 100);  // asked for once more
  EXPECT_EQ(out[99], bytes[2 * ReadAhead::kBlockBytes + 99]);
}

TEST(ReadAheadTest, NobodyWaitsForWhatIsDroppedOrStopped) {
  OneObject one(numbered(10 * kMegabyte));
  one.object->close_from(ReadAhead::kBlockBytes);
  {
    ReadAhead ahead(one.files, plan_of({{0, 10 * kMegabyte}}));
    std::vector<uint8_t> out(100);
    EXPECT_EQ(ahead.read(0, 100, out), 100);
    std::thread stopper([&] { one.stop.request_stop(); });
    EXPECT_THROW(ahead.read(ReadAhead::kBlockBytes, 100, out), Error);
    EXPECT_THROW(ahead.read(ReadAhead::kBlockBytes, 100, out), Error);  // not in a block any more
    stopper.join();
  }
  one.object->open();
  one.wait_for_requests();
}

void interrupt() { throw std::runtime_error("Ctrl-C"); }

TEST(ReadAheadTest, AWaitIsInterruptedAndTheRequestGoesOn) {
  const std::vector<uint8_t> bytes = numbered(1000);
  OneObject one(bytes);
  one.object->close_from(0);
  const std::vector<Range> ranges = {{10, 20}};
  const Request request = one.files.start(ranges);
  set_wait_hooks({nullptr, nullptr, interrupt});
  EXPECT_THROW(request.wait(), std::runtime_error);
  one.object->open();
  set_wait_hooks({});
  EXPECT_EQ(request.wait(), std::vector<uint8_t>(bytes.begin() + 10, bytes.begin() + 20));
  EXPECT_EQ(one.object->asked().size(), 1);
}

/// Records of `length` bytes each, and where they begin.
std::pair<std::vector<uint8_t>, std::vector<int64_t>> records_of(int64_t count, int64_t length) {
  std::vector<uint8_t> bytes;
  std::vector<int64_t> offsets;
  for (int64_t i = 0; i < count; ++i) {
    offsets.push_back(static_cast<int64_t>(bytes.size()));
    const uint32_t head[] = {0xced7230a, static_cast<uint32_t>(length)};
    const auto* head_bytes = reinterpret_cast<const uint8_t*>(head);
    bytes.insert(bytes.end(), head_bytes, head_bytes + sizeof head);
    bytes.insert(bytes.end(), static_cast<size_t>((length + 3) / 4 * 4), static_cast<uint8_t>(i));
  }
  return {bytes, offsets};
}

class RemoteRecordsTest : public testing::Test {
 protected:
  static constexpr int64_t kCount = 200, kLength = 10000;
  RemoteRecordsTest() : made_(records_of(kCount, kLength)) {
    std::string text;
    for (size_t i = 0; i < made_.second.size(); ++i)
      text += std::to_string(i) + "\t" + std::to_string(made_.second[i]) + "\n";
    object_ = std::make_shared<FakeObject>(made_.first);
    remote_ = {{"store://a.rec", object_},
               {"store://a.idx",
                std::make_shared<FakeObject>(std::vector<uint8_t>(text.begin(), text.end()))}};
  }
  /// The first bytes of the records of a pass, which number them.
  static std::vector<int> read(RecordSource& source) {
    std::vector<int> found;
    for (Record record; source.next(record);) {
      EXPECT_EQ(record.bytes.size(), kLength);
      EXPECT_EQ(record.bytes.front(), record.bytes.back());
      found.push_back(record.bytes.front());
    }
    return found;
  }
  std::pair<std::vector<uint8_t>, std::vector<int64_t>> made_;
  std::shared_ptr<FakeObject> object_;
  RemoteFiles remote_;
};

TEST_F(RemoteRecordsTest, AnIndexedPartIsReadByItsRanges) {
  const RecordFiles files("store://a.rec", "test", remote_);
  for (const bool shuffles : {false, true}) {
    SourceOptions options;
    options.index_path = "store://a.idx";
    options.num_parts = 4;
    options.part = 2;
    options.shuffle = shuffles;
    const int64_t before = object_->bytes_asked();
    const size_t requests_before = object_->asked().size();
    const auto source = make_record_source(files, options);
    std::vector<int> found = read(*source);
    EXPECT_EQ(!std::is_sorted(found.begin(), found.end()), shuffles);
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found.size(), 50);
    EXPECT_EQ(found.front(), 100);
    EXPECT_EQ(found.back(), 149);
    EXPECT_EQ(object_->bytes_asked() - before, 50 * (kLength + 8));
    EXPECT_EQ(object_->asked().size() - requests_before, 1);  // they are neighbours
    EXPECT_FALSE(object_->asked_beyond(made_.second[100], made_.second[150]));
    source->rewind();
    EXPECT_EQ(read(*source).size(), 50);
  }
}

TEST_F(RemoteRecordsTest, PartsWithoutIndexAreSharesOfTheBytes) {
  const RecordFiles files("store://a.rec", "test", remote_);
  std::vector<int> found;
  SourceOptions options;
  options.num_parts = 3;
  options.part_handle = PartHandle::kKeep;
  for (options.part = 0; options.part < 3; ++options.part)
    for (const int number : read(*make_record_source(files, options))) found.push_back(number);
  ASSERT_EQ(found.size(), kCount);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
}

/// Records of all lengths, some cut where they hold the magic number, some with it where it does
/// not lie at a multiple of four, which cuts nothing.
std::vector<uint8_t> mixed_records() {
  const std::string magic = "\x0a\x23\xd7\xce";
  std::string bytes;
  const auto add = [&](uint32_t kind, const std::string& payload) {
    const uint32_t word = kind << 29 | static_cast<uint32_t>(payload.size());
    bytes += magic + std::string(reinterpret_cast<const char*>(&word), sizeof word) + payload;
    bytes.resize((bytes.size() + 3) / 4 * 4);
  };
  for (size_t i = 0; i < 60; ++i) {
    const std::string payload(i * 37 % 101, static_cast<char>('0' + i));
    if (i % 4 == 1) {
      add(1, std::to_string(i) + "..");
      if (i % 3 == 0) add(2, "");
      add(3, payload);
    } else {
      add(0, i % 4 == 2 ? "x" + magic + std::string(8, '\0') + payload : payload);
    }
  }
  return {bytes.begin(), bytes.end()};
}

class RemotePartsTest : public testing::TestWithParam<std::tuple<PartHandle, bool>> {
 protected:
  /// The records of two passes.
  static std::vector<std::vector<uint8_t>> passes(RecordSource& source) {
    std::vector<std::vector<uint8_t>> found;
    for (int pass = 0; pass < 2; ++pass) {
      for (Record record; source.next(record);) found.push_back(record.bytes);
      source.rewind();
    }
    return found;
  }
};

TEST_P(RemotePartsTest, AreThoseOfAFile) {
  const std::vector<uint8_t> bytes = mixed_records();
  // Tests of the other parameters run beside this one, in processes of their own.
  const std::string path =
      testing::TempDir() + "remote_parts_test_" + std::to_string(getpid()) + ".rec";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const auto object = std::make_shared<FakeObject>(bytes);
  const RecordFiles local(path + ";" + path, "test");
  const RecordFiles remote("store://a;store://a", "test", {{"store://a", object}});
  SourceOptions options;
  std::tie(options.part_handle, options.shuffle) = GetParam();
  options.shuffle_chunk_megabytes = options.shuffle;
  for (const int64_t num_parts : {1, 2, 3, 4, 5, 6, 7, 8, 11, 16, 23, 40}) {
    options.num_parts = num_parts;
    std::vector<std::vector<uint8_t>> all;
    for (options.part = 0; options.part < options.num_parts; ++options.part) {
      const auto expected = passes(*make_record_source(local, options));
      const auto found = passes(*make_record_source(remote, options));
      ASSERT_EQ(found, expected) << options.part << " of " << num_parts;
      all.insert(all.end(), found.begin(), found.end());
    }
    if (options.part_handle == PartHandle::kKeep) {
      EXPECT_EQ(all.size(), 2 * 120) << num_parts;
    }
  }
  std::remove(path.c_str());
}

INSTANTIATE_TEST_SUITE_P(Parts, RemotePartsTest,
                         testing::Combine(testing::Values(PartHandle::kPad, PartHandle::kDiscard,
                                                          PartHandle::kKeep),
                                          testing::Bool()));

TEST_F(RemoteRecordsTest, OfLongRecordsTheHeadsAreCounted) {
  constexpr int64_t kLong = 40 * kMegabyte;
  const auto [bytes, offsets] = records_of(3, kLong);
  const auto object = std::make_shared<FakeObject>(bytes);
  const RecordFiles files("store://long.rec", "test", {{"store://long.rec", object}});
  const std::vector<int64_t> bounds = {0, offsets[1], files.size()};
  EXPECT_EQ(count_records(files, bounds), (std::vector<int64_t>{1, 2}));
  EXPECT_LE(object->bytes_asked(),
            3 * static_cast<int64_t>(ReadAhead::kBlocks) * ReadAhead::kBlockBytes);
}

TEST_F(RemoteRecordsTest, AnIndexThatLacksRecordsReadsLittleMore) {
  remote_["store://few.idx"] = std::make_shared<FakeObject>([&] {
    const std::string text = "0\t" + std::to_string(made_.second[3]) + "\n1\t" +
                             std::to_string(made_.second[199]) + "\n";
    return std::vector<uint8_t>(text.begin(), text.end());
  }());
  const RecordFiles files("store://a.rec", "test", remote_);
  SourceOptions options;
  options.index_path = "store://few.idx";
  const auto source = make_record_source(files, options);
  EXPECT_EQ(read(*source), (std::vector<int>{3, 199}));
}

TEST_F(RemoteRecordsTest, ChunksAreShuffledAsThoseOfAFile) {
  const std::string path =
      testing::TempDir() + "read_ahead_test_" + std::to_string(getpid()) + ".rec";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(made_.first.data()),
             static_cast<std::streamsize>(made_.first.size()));
  const RecordFiles local(path, "test"), remote("store://a.rec", "test", remote_);
  SourceOptions options;
  options.shuffle = true;
  options.shuffle_chunk_megabytes = 1;
  const auto expected = make_record_source(local, options),
             got = make_record_source(remote, options);
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_EQ(read(*got), read(*expected));
    got->rewind();
    expected->rewind();
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace mx::records
