// What lies on the disk of the history: blocks, statistics, journal entries and segments, SQLite files.
// A wrong sum is refused at the door, so each input is also tried with its sums made right: then the reader
// behind the door meets nonsense.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/digest.h"
#include "history/batch_codec.h"
#include "history/block.h"
#include "history/block_files.h"
#include "history/bytes.h"
#include "history/index_file.h"
#include "history/journal.h"
#include "history/statistics.h"
#include "memory_files.h"
#include "target.h"

namespace mineward::fuzz {
namespace {

using namespace history;

bool same_number(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}
bool same(const Sample& a, const Sample& b) {
  return a.at == b.at && a.state == b.state && a.value.has_value() == b.value.has_value() &&
         (!a.value || same_number(*a.value, *b.value));
}
bool same(const Slot& a, const Slot& b) {
  return a.index == b.index && a.samples == b.samples && a.count == b.count && a.states == b.states &&
         same_number(a.min, b.min) && same_number(a.max, b.max) && same_number(a.last, b.last) &&
         same_number(a.sum, b.sum);
}

/// Version, sum, content: as blocks and statistics begin.
std::string with_right_sum(std::string_view bytes) {
  std::string out(bytes);
  if (out.size() < 5) return out;
  const std::uint32_t sum =
      crc32c(std::string_view(out).substr(5), crc32c(std::string_view(out).substr(0, 1)));
  std::memcpy(out.data() + 1, &sum, sizeof sum);
  return out;
}

void check_block(std::string_view bytes) {
  std::vector<Sample> samples;
  const auto head = decode_block(bytes, samples);
  if (!head) {
    check_error(head.error());
    MW_FUZZ_CHECK(samples.empty() && head.error().code == Errc::corrupt);
    return;
  }
  const auto only_head = read_block_head(bytes);
  MW_FUZZ_CHECK(only_head && only_head->count == samples.size() && only_head->first == samples.front().at &&
                only_head->last == samples.back().at);
  for (std::size_t i = 1; i < samples.size(); ++i) MW_FUZZ_CHECK(samples[i - 1].at < samples[i].at);
  const std::string written = encode_block(head->point, samples);
  std::vector<Sample> again;
  const auto read = decode_block(written, again);
  MW_FUZZ_CHECK(read.ok() && read->point == head->point && again.size() == samples.size());
  for (std::size_t i = 0; i < std::min(again.size(), samples.size()); ++i)
    MW_FUZZ_CHECK(same(again[i], samples[i]));
  MW_FUZZ_CHECK(encode_block(head->point, again) == written);
}

void check_statistics(std::string_view bytes) {
  ByteReader in(bytes);
  in.take(5);
  const auto point = static_cast<PointKey>(in.varint());
  const std::int64_t day = in.zigzag();
  const auto slots = decode_statistics(bytes, point, day);
  if (!slots) {
    check_error(slots.error());
    MW_FUZZ_CHECK(slots.error().code == Errc::corrupt);
    return;
  }
  for (std::size_t i = 0; i < slots->size(); ++i) {
    const Slot& slot = (*slots)[i];
    MW_FUZZ_CHECK(slot.index < kSlotsPerDay && (i == 0 || (*slots)[i - 1].index < slot.index));
    MW_FUZZ_CHECK(slot.samples >= 1 && slot.count <= slot.samples);
  }
  const auto again = decode_statistics(encode_statistics(point, day, *slots), point, day);
  MW_FUZZ_CHECK(again.ok() && again->size() == slots->size());
  for (std::size_t i = 0; again && i < slots->size(); ++i) MW_FUZZ_CHECK(same((*again)[i], (*slots)[i]));
}

void check_batch(std::string_view bytes) {
  const auto batch = get_batch(bytes);
  if (!batch) {
    check_error(batch.error());
    return;
  }
  std::string written;
  put_batch(written, *batch);
  const auto again = get_batch(written);
  MW_FUZZ_CHECK(again.ok());
  if (!again) return;
  MW_FUZZ_CHECK(again->mine == batch->mine && again->file_name == batch->file_name &&
                again->sha256 == batch->sha256 && again->file_type == batch->file_type &&
                again->arrived == batch->arrived && again->header_time == batch->header_time &&
                again->document == batch->document && again->rows.size() == batch->rows.size());
  for (std::size_t i = 0; i < std::min(again->rows.size(), batch->rows.size()); ++i) {
    MW_FUZZ_CHECK(again->rows[i].point == batch->rows[i].point &&
                  same(again->rows[i].sample, batch->rows[i].sample));
  }
}

void check_names(std::string_view bytes) {
  const auto names = get_names(bytes);
  if (!names) {
    check_error(names.error());
    return;
  }
  std::string written;
  put_names(written, *names);
  const auto again = get_names(written);
  MW_FUZZ_CHECK(again.ok() && *again == *names);
}

}  // namespace

MW_FUZZ_TARGET(block) {
  check_block(input);
  check_block(with_right_sum(input));
}

MW_FUZZ_TARGET(statistics) {
  check_statistics(input);
  check_statistics(with_right_sum(input));
}

MW_FUZZ_TARGET(batch) {
  check_batch(input);
  check_names(input);
}

namespace {

/// A segment whose entries have the sums and numbers of a whole one, as far as their lengths allow.
std::string mended_segment(std::string_view bytes) {
  std::string out(bytes);
  std::uint64_t seq = 0;
  for (std::size_t at = 8; at + 22 <= out.size();) {
    std::uint32_t length = 0;
    std::memcpy(&length, out.data() + at + 4, 4);
    if (length < 10 || length > out.size() - at - 12) break;
    const std::size_t end = at + 12 + length;
    if ((out[at + 13] & 0x7f) == 1) ++seq;
    std::memcpy(out.data() + end - 8, &seq, 8);
    const std::string_view whole(out);
    const std::uint32_t sum = crc32c(whole.substr(at + 12, length), crc32c(whole.substr(at + 4, 4)));
    std::memcpy(out.data() + at + 8, &sum, 4);
    at = end;
  }
  return out;
}

struct Read {
  Status status;
  std::vector<Batch> batches;
  std::size_t names = 0;
  std::unique_ptr<Journal> journal;
};

Read open_journal(Files& files) {
  Read out;
  JournalReader reader;
  reader.names = [&out](std::vector<PointName> names) -> Status {
    out.names += names.size();
    return {};
  };
  reader.batch = [&out](Batch batch) -> Status {
    out.batches.push_back(std::move(batch));
    return {};
  };
  Journal::Hooks hooks;
  hooks.pending_names = [] { return std::vector<PointName>{}; };
  hooks.names_stored = [](std::span<const PointName>) {};
  hooks.apply = [](const Batch&) {};
  auto opened = Journal::open(files, "/j", reader, std::move(hooks));
  if (opened) {
    out.journal = *std::move(opened);
  } else {
    out.status = std::move(opened).error();
  }
  return out;
}

void check_segment(std::string_view bytes) {
  MemoryFiles files;
  const std::string path = "/j/00000000000000000001.journal";
  files.put(path, bytes);
  Read first = open_journal(files);
  if (!first.status) {
    check_error(first.status.error());
    MW_FUZZ_CHECK(first.status.error().text().find(path) != std::string::npos, first.status.error().text());
    MW_FUZZ_CHECK(files.get(path) == bytes, "a journal that was refused was changed");
    return;
  }
  for (std::size_t i = 0; i < first.batches.size(); ++i) MW_FUZZ_CHECK(first.batches[i].seq == i + 1);
  MW_FUZZ_CHECK(first.journal->verify().ok());
  // Goes on where it stopped, and keeps what was there.
  Batch batch;
  batch.file_name = "next";
  MW_FUZZ_CHECK(first.journal->append(batch).ok() && batch.seq == first.batches.size() + 1);
  first.journal.reset();
  const Read again = open_journal(files);
  MW_FUZZ_CHECK(again.status.ok() && again.batches.size() == first.batches.size() + 1 &&
                again.names == first.names);
  if (!again.batches.empty()) MW_FUZZ_CHECK(again.batches.back().file_name == "next");
}

}  // namespace

MW_FUZZ_TARGET(journal) {
  check_segment(input);
  check_segment(mended_segment(input));
}

/// First byte: which file; the rest: its bytes. index.sqlite, a month of statistics, a day of blocks.
MW_FUZZ_TARGET(store_file) {
  static const Scratch scratch;
  static const auto files = system_files();
  Input in(input);
  const int kind = in.byte() % 3;
  scratch.clear();
  Status status;
  if (kind == 0) {
    const std::string path = scratch.write("index.sqlite", in.rest());
    auto index = IndexFile::open(path);
    if (index) {
      status = (*index)->load([](const PointName& name, const PointState&) { MW_FUZZ_CHECK(name.key != 0); });
      (void)(*index)->released_seq();
      (void)(*index)->hash_of("m", "n");
    } else {
      status = std::move(index).error();
    }
  } else if (kind == 1) {
    scratch.write("s/2026-01.sqlite", in.rest());
    auto statistics = Statistics::open(*files, scratch.path() + "/s");
    status = statistics ? (*statistics)->verify() : Status(std::move(statistics).error());
    if (statistics) {
      const Status read = (*statistics)->read(1, -100'000, 100'000, [](std::int64_t, std::span<const Slot>) {
        return Status{};
      });
      if (!read) check_error(read.error());
    }
  } else {
    scratch.write("b/2026-01-12.sqlite", in.rest());
    auto blocks = BlockFiles::open(*files, scratch.path() + "/b", 480);
    if (blocks) {
      for (const std::int64_t day : (*blocks)->days()) {
        status = (*blocks)->read_all(
            day,
            [](const BlockHead&, std::string_view bytes) -> Status {
              std::vector<Sample> samples;
              MW_TRY([&]() -> Status {
                MW_ASSIGN([[maybe_unused]] const BlockHead head, decode_block(bytes, samples));
                return {};
              }());
              return {};
            },
            [](Error damaged) -> Status {
              check_error(damaged);
              return {};
            });
      }
    } else {
      status = std::move(blocks).error();
    }
  }
  if (!status) {
    check_error(status.error());
    MW_FUZZ_CHECK(status.error().text().find("sqlite") != std::string::npos, status.error().text());
  }
}

}  // namespace mineward::fuzz
