/// A whole intake in a temporary folder: real store (SQLite), real history, a sink that writes down what it
/// sees.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/faulty_testing.h"
#include "db/testing.h"
#include "feed/intake.h"
#include "feed/testing.h"

namespace mineward::feed {

/// Keeps a row in a table for every application, in the same transaction, so that "exactly once" can be
/// counted.
class RecordingSink final : public Sink {
 public:
  struct Seen {
    std::uint64_t seq = 0;
    std::string file_type;
    std::vector<history::Row> rows;
    std::vector<PointChange> changes;
    std::vector<Position> positions;
    bool is_positions = false, stale = false, replayed = false;
  };
  Status apply(record::Writer& writer, const AcceptedUpload& upload) override;
  void committed(const AcceptedUpload&, const Receipt& receipt) override;
  void reset(record::RecordId) override { ++resets; }
  std::uint64_t saved_seq() const override { return saved; }

  std::vector<Seen> seen;
  std::vector<Receipt> receipts;
  int failures = 0;                                           ///< so many apply() calls fail from now on
  std::function<Status(const AcceptedUpload&)> before_apply;  ///< may fail too; none = nothing
  std::atomic<int> resets = 0;
  std::uint64_t saved = 0;

 private:
  std::mutex receipts_mutex_;  // guards receipts while uploads run
};

class IntakeTest : public testing::Test {
 protected:
  static constexpr const char* kMine = "620823009203";
  static constexpr const char* kAlias = "610631015";
  static constexpr const char* kForeign = "140121020031";

  explicit IntakeTest(db::Engine engine = db::Engine::sqlite);
  ~IntakeTest() override;
  void SetUp() override;
  /// Closes and opens everything, as after a crash; recover() is called unless told otherwise.
  void reopen(bool recover = true);

  Receipt upload(const std::string& name, const std::string& bytes);
  Receipt upload(const std::string& name, const std::string& bytes, record::Scope scope);
  /// "620823009203_<type>_<time>.txt" with the generic header and this body.
  Receipt send(const std::string& type, std::string_view time, const std::string& body);
  static std::string name_for(const std::string& type, std::string_view time,
                              const std::string& mine = kMine);
  static std::string head(std::string_view time, const std::string& mine = kMine);
  /// A CDDY record of an analog methane point.
  static std::string point_line(const std::string& code, const std::string& limits = "1.0;0.9;;;1.5;1.0;;",
                                const std::string& place = "816回风&816工作面&回风流T2",
                                const std::string& relation = "");
  static std::string sample_line(const std::string& code, const std::string& value, std::string_view time,
                                 const std::string& state = "0");

  std::vector<record::Record> records(const std::string& type);
  record::Record only(const std::string& type, const std::string& field, const std::string& value);
  std::vector<history::Sample> samples(const std::string& code);
  std::vector<LedgerRow> ledger();
  std::int64_t scalar(const std::string& sql);

  const db::Engine engine;
  std::unique_ptr<db::TestDatabase> server;  ///< PostgreSQL only: a schema of its own
  std::string folder;
  ManualClock clock;
  std::unique_ptr<Files> files;
  std::unique_ptr<db::Database> database;
  std::unique_ptr<db::FaultyDatabase> wrapped;  ///< what the store gets: a test may let statements fail
  std::unique_ptr<IdMaker> ids;
  std::unique_ptr<record::Store> store;
  std::unique_ptr<history::History> history;
  RecordingSink sink;
  std::unique_ptr<Intake> intake;
  record::RecordId mine, mine_organisation, foreign_organisation;
  record::RecordId spare_organisation;  ///< has no mine yet
  record::Scope mine_scope;

 private:
  void open();
  void make_mines();
};

}  // namespace mineward::feed
