#include "io/records/record_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/records/draws.h"
#include "io/records/record_reader.h"
#include "io/records/record_source.h"

namespace mx::records {
namespace {

const std::string kMagic = "\x0a\x23\xd7\xce";

std::string word(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> 8 * i & 255);
  return bytes;
}

std::string part(uint32_t kind, const std::string& bytes) {
  std::string out = kMagic + word(kind << 29 | static_cast<uint32_t>(bytes.size())) + bytes;
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

class RecordFilesTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) {
    const std::string path =
        testing::TempDir() + "records_" + std::to_string(getpid()) + "_" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    written_.push_back(path);
    return path;
  }
  ~RecordFilesTest() override {
    for (const std::string& path : written_) std::remove(path.c_str());
  }
  static std::vector<std::string> read(RecordSource& source) {
    std::vector<std::string> all;
    for (Record record; source.next(record);) {
      all.emplace_back(record.bytes.begin(), record.bytes.end());
    }
    return all;
  }
  static std::string error_of(const RecordFiles& files) {
    RecordReader reader(files, 0, files.size());
    std::vector<uint8_t> record;
    try {
      while (reader.next(record)) {
      }
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }

 private:
  std::vector<std::string> written_;
};

TEST_F(RecordFilesTest, PutsPartsTogetherAndReadsSeveralFiles) {
  const std::string a = write("a", part(0, "one") + part(1, "abcd") + part(2, "") + part(3, "e"));
  const std::string b = write("b", part(0, "") + part(0, "last"));
  const RecordFiles files(a + ";" + b, "test");
  const auto source = make_record_source(files, {});
  const std::vector<std::string> expected = {"one", "abcd" + kMagic + kMagic + "e", "", "last"};
  EXPECT_EQ(read(*source), expected);
  source->rewind();
  EXPECT_EQ(read(*source), expected);
}

TEST_F(RecordFilesTest, PartsHoldEachRecordOnce) {
  std::string bytes;
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    expected.push_back(
        std::string(static_cast<size_t>(i * 7 % 40), static_cast<char>('a' + i % 26)));
    bytes += part(0, expected.back());
  }
  const RecordFiles files(write("c", bytes), "test");
  for (const int64_t num_parts : {1, 2, 7, 64, 1000}) {
    std::vector<std::string> found;
    for (int64_t i = 0; i < num_parts; ++i) {
      SourceOptions options;
      options.num_parts = num_parts;
      options.part = i;
      options.part_handle = PartHandle::kKeep;
      for (std::string& record : read(*make_record_source(files, options))) {
        found.push_back(std::move(record));
      }
    }
    EXPECT_EQ(found, expected) << num_parts;
  }
}

TEST_F(RecordFilesTest, PartsAreEquallyLong) {
  std::string bytes;
  for (int i = 0; i < 23; ++i)
    bytes += part(0, std::string(static_cast<size_t>(i * i), static_cast<char>('a' + i)));
  bytes += part(1, "cut") + part(3, "record");
  const RecordFiles files(write("e", bytes), "test");
  EXPECT_EQ(count_records(files, std::vector<int64_t>{0, files.size()}), std::vector<int64_t>{24});
  for (const bool shuffles : {false, true})
    for (const int64_t num_parts : {2, 3, 4}) {
      std::set<std::string> padded;
      for (const PartHandle handle : {PartHandle::kPad, PartHandle::kDiscard}) {
        std::set<size_t> lengths;
        for (int64_t i = 0; i < num_parts; ++i) {
          SourceOptions options;
          options.num_parts = num_parts;
          options.part = i;
          options.part_handle = handle;
          options.shuffle = shuffles;
          options.shuffle_chunk_megabytes = shuffles;
          const auto source = make_record_source(files, options);
          for (int pass = 0; pass < 2; ++pass) {
            const auto records = read(*source);
            lengths.insert(records.size());
            if (handle == PartHandle::kPad) padded.insert(records.begin(), records.end());
            source->rewind();
          }
        }
        EXPECT_EQ(lengths.size(), 1) << num_parts;
        EXPECT_GT(*lengths.begin(), 0) << num_parts;
      }
      EXPECT_EQ(padded.size(), 24) << num_parts;  // all are in some part
    }
}

TEST_F(RecordFilesTest, DamageNamesTheByte) {
  const auto message = [&](const std::string& bytes) {
    return error_of(RecordFiles(write("d", bytes), "test"));
  };
  EXPECT_NE(message(part(0, "abcd") + "noise   ").find("at byte 12 is damaged: no record begins"),
            std::string::npos);
  EXPECT_NE(message(part(0, "abcd") + kMagic).find("at byte 12 is damaged: it ends"),
            std::string::npos);
  EXPECT_NE(message(kMagic + word(0x1fffffff)).find("it ends inside a record"), std::string::npos);
  EXPECT_NE(message(part(1, "abcd")).find("it ends inside a record"), std::string::npos);
  EXPECT_NE(message(part(2, "abcd")).find("kind 2 is out of place"), std::string::npos);
  EXPECT_NE(message(part(1, "abcd") + part(0, "")).find("kind 0 is out of place"),
            std::string::npos);
  EXPECT_EQ(message(part(0, "abcd")), "");
}

TEST(DrawsTest, ShufflesAsMxnetDid) {
  std::vector<int> values;
  for (int i = 0; i < 10; ++i) values.push_back(i);
  Draws draws(677);
  draws.shuffle(values);
  EXPECT_EQ(values, (std::vector<int>{4, 5, 7, 1, 3, 2, 8, 6, 9, 0}));
}

}  // namespace
}  // namespace mx::records
