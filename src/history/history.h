/// history/: keeps every sample that was acknowledged.
///
/// Is for: the journal of accepted uploads (durable, in order, until applied downstream), sample blocks,
/// latest values,
///         ranges, down-sampling, five-minute statistics, retention.
/// Never: knows a record, a rule, a file format of a mine or a clock; loses or rounds a value; serves a
/// damaged block. Start reading at: this file; docs/formats/ has the bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/time.h"

namespace mineward::history {

/// A point of a mine inside the sample store. Small, dense, never reused.
using PointKey = std::uint32_t;

struct Sample {
  EventTime at{};
  std::optional<double> value;  ///< none = the mine sent a sentinel or nothing
  std::uint16_t state = 0;      ///< bits of monitoring.md §1.3
  friend bool operator==(const Sample&, const Sample&) = default;
};
struct Row {
  PointKey point = 0;
  Sample sample;
};

/// One accepted upload, as the journal keeps it.
struct Batch {
  std::uint64_t seq = 0;  ///< given by append(); grows by one, never reused
  std::string mine;       ///< mine code
  std::string file_name;  ///< with sha256: the dedupe key
  std::string sha256;
  std::string file_type;  ///< "CDSS"
  ArrivalTime arrived{};
  EventTime header_time{};
  std::vector<Row> rows;  ///< samples
  std::string
      document;  ///< the file's text (UTF-8) when rows do not say it all: no sample file, or unknown points
};

struct Bucket {
  EventTime from{};
  std::uint32_t count = 0;  ///< samples with a value
  double min = 0, max = 0, mean = 0, last = 0;
  std::uint16_t states = 0;  ///< or of all states, also of samples without value
};

/// Silence of one point or feed.
struct Gap {
  EventTime from{}, to{};
};

struct Options {
  std::string folder;
  Millis raw_retention = std::chrono::hours(24 * 92);          ///< ≥ 3 months: monitoring.md §2.5
  Millis statistics_retention = std::chrono::hours(24 * 731);  ///< ≥ 2 years
  std::size_t block_samples = 480;
  std::size_t head_samples_limit =
      10'000'000;  ///< unsealed samples (16 bytes each) kept in memory before sealing is forced
  std::uint64_t journal_segment_bytes = 16 << 20;  ///< a journal file is closed above this size
};

/// The store. One writer thread per mine; append from several threads is grouped into one sync. Reads from
/// any thread. A ClickHouse store can stand in behind this interface.
class History {
 public:
  virtual ~History() = default;

  /// The key of a point, made on first use. Durable together with the first batch that uses it.
  virtual Result<PointKey> point(std::string_view mine, std::string_view code) = 0;
  virtual std::optional<PointKey> find_point(std::string_view mine, std::string_view code) const = 0;

  /// Durable when it returns: samples, document and dedupe key are on disk. Gives the batch its seq.
  /// Refuses (`bad_input`, nothing stored) a row whose point was not given by point(), whose value is NaN or
  /// infinite, or whose time is outside the years 1970 to 9999; refuses
  /// (`unavailable`) while the disk is full, or blocks cannot be written and memory has reached its limit.
  /// Rows may be out of order and late; a repeated (point, time) with the same value and state is stored
  /// once, with a different one the later arrival wins (correction).
  virtual Result<std::uint64_t> append(Batch& batch) = 0;
  /// Whether a file with this name and hash was appended before; the hash of an accepted file of this name,
  /// if any.
  virtual std::optional<std::string> accepted_hash(std::string_view mine,
                                                   std::string_view file_name) const = 0;

  /// Batches with seq > after, in order, for rebuilding what stands downstream. Only those not yet released.
  virtual Status replay(std::uint64_t after, const std::function<Status(const Batch&)>& each) = 0;
  /// Everything up to seq is safe downstream: the journal may be cut there once its samples are in blocks.
  /// Durable with the next maintain() or flush(): after a crash replay() may give batches again that were
  /// released.
  virtual Status release(std::uint64_t seq) = 0;
  virtual std::uint64_t last_seq() const = 0;

  virtual std::optional<Sample> latest(PointKey) const = 0;
  /// Samples with from <= at < to, in time order, at most `limit` (the caller asks for less when told it was
  /// cut).
  virtual Result<std::vector<Sample>> range(PointKey, EventTime from, EventTime to, std::size_t limit) = 0;
  /// `from` aligned down to a multiple of `width`; empty buckets are left out. Uses statistics where raw is
  /// gone.
  virtual Result<std::vector<Bucket>> buckets(PointKey, EventTime from, EventTime to, Millis width) = 0;
  /// Spans longer than `longer_than` without a sample.
  virtual Result<std::vector<Gap>> gaps(PointKey, EventTime from, EventTime to, Millis longer_than) = 0;

  /// Writes full heads to blocks, drops what is past retention as of `now`. Called by a timer; safe at any
  /// moment.
  virtual Status maintain(EventTime now) = 0;
  /// Seals everything and syncs; before a clean stop or a backup.
  virtual Status flush() = 0;
  /// Reads every block and checks its sums; names the first that is damaged.
  virtual Status verify() = 0;
  /// Copies a consistent state into a folder while in use.
  virtual Status backup_to(const std::string& folder) = 0;
  /// Samples and bytes on disk, for /metrics.
  struct Size {
    std::uint64_t samples = 0, bytes = 0;
  };
  virtual Size size() const = 0;
  /// False after a failed sync: the store refuses writes until restarted, and says why.
  virtual Status healthy() const = 0;
};

/// Opens or makes the store in options.folder and takes its lock: `conflict` if another process has it open.
/// Cuts a torn journal tail (and logs it); `corrupt` if the journal is damaged elsewhere.
Result<std::unique_ptr<History>> open_history(Files& files, Options options);

}  // namespace mineward::history
