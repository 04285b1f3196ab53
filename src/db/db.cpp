#include "db/db.h"

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "db/engine.h"

namespace mineward::db {

std::int64_t Rows::integer(std::size_t row, std::size_t column, std::int64_t otherwise) const {
  const auto* v = std::get_if<std::int64_t>(&rows.at(row).at(column));
  return v ? *v : otherwise;
}

double Rows::number(std::size_t row, std::size_t column, double otherwise) const {
  const Value& cell = rows.at(row).at(column);
  if (const auto* d = std::get_if<double>(&cell)) return *d;
  if (const auto* i = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*i);
  return otherwise;
}

std::string Rows::text(std::size_t row, std::size_t column, std::string otherwise) const {
  const auto* v = std::get_if<std::string>(&rows.at(row).at(column));
  return v ? *v : otherwise;
}

Result<Transaction> Transaction::begin(Connection& connection) {
  MW_TRY(connection.begin());
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  if (!connection_) return;
  if (auto s = connection_->rollback(); !s) log_warning("db.rollback_failed", {{"error", s.error().text()}});
}

Status Transaction::commit() {
  if (!connection_) return bad_input("transaction has ended already");
  MW_TRY(connection_->commit());
  connection_ = nullptr;
  return {};
}

std::string identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    const bool fine = (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9' && out.size() > 1);
    assert(fine && "identifier must be [a-z_][a-z0-9_]*");
    out += fine ? c : '_';
  }
  return out + '"';
}

Status refuse_nul(std::span<const Value> params) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto* text = std::get_if<std::string>(&params[i]);
    if (!text) continue;
    if (const auto at = text->find('\0'); at != std::string::npos) {
      return bad_input(
          fmt::format("parameter ${} holds U+0000 at byte {}: text without it expected", i + 1, at));
    }
  }
  return {};
}

Status check_rows(std::span<const std::string> columns, std::span<const std::vector<Value>> rows) {
  if (columns.empty()) return bad_input("append without columns: at least 1 expected");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].size() != columns.size()) {
      return bad_input(
          fmt::format("row {}: {} values found, {} expected", i + 1, rows[i].size(), columns.size()));
    }
    if (Status fine = refuse_nul(rows[i]); !fine)
      return std::move(fine).error().in(fmt::format("row {}", i + 1));
  }
  return {};
}

std::string identifiers(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + identifier(name);
  return out;
}

namespace {

using Opener = std::function<Result<std::unique_ptr<Connection>>(Use)>;

/// One writer behind a mutex and a bounded set of readers; the same for both engines.
class PooledDatabase final : public Database {
 public:
  PooledDatabase(std::unique_ptr<StorageHealth> health, Opener open, std::unique_ptr<Connection> writer,
                 std::size_t readers, std::string sqlite_path)
      : health_(std::move(health)),
        open_(std::move(open)),
        writer_(std::move(writer)),
        engine_(writer_->engine()),
        max_readers_(readers),
        sqlite_path_(std::move(sqlite_path)) {}

  Engine engine() const override { return engine_; }

  Status write(const std::function<Status(Connection&)>& work) override {
    if (writing_thread_.load() == std::this_thread::get_id()) {
      return bad_input("a database write was started inside another one of the same thread");
    }
    const std::lock_guard lock(writer_mutex_);
    MW_TRY(health_->status());
    writing_thread_ = std::this_thread::get_id();
    Status done = work(*writer_);
    if (writer_->in_transaction()) {
      Status rolled = writer_->rollback();
      if (done && !rolled) done = std::move(rolled);
      if (done) done = bad_input("a database write ended inside its transaction: rolled back");
    }
    writing_thread_ = std::thread::id{};
    return done;
  }

  Status read(const std::function<Status(Connection&)>& work) override {
    MW_ASSIGN(std::unique_ptr<Connection> connection, take_reader());
    ++nested_reads_;
    Status done = work(*connection);
    --nested_reads_;
    if (connection->in_transaction()) {
      if (Status rolled = connection->rollback(); done && !rolled) done = std::move(rolled);
    }
    give_back(std::move(connection));
    return done;
  }

  Status backup_to(const std::string& path) override {
    if (sqlite_path_.empty()) return unavailable("backup_to copies SQLite only; use pg_dump for PostgreSQL");
    return backup_sqlite(sqlite_path_, path);
  }

 private:
  /// Waits for a free reader; a thread that already holds one gets a further one, since waiting could last
  /// for ever.
  Result<std::unique_ptr<Connection>> take_reader() {
    {
      std::unique_lock lock(readers_mutex_);
      if (idle_.empty() && open_readers_ >= max_readers_ && nested_reads_ == 0) {
        reader_free_.wait(lock, [&] { return !idle_.empty() || open_readers_ < max_readers_; });
      }
      if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
      ++open_readers_;
    }
    auto opened = open_(Use::read);
    if (!opened) forget_reader();
    return opened;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(readers_mutex_);
      if (open_readers_ > max_readers_) {
        --open_readers_;
      } else {
        idle_.push_back(std::move(connection));
      }
    }
    reader_free_.notify_one();
  }

  void forget_reader() {
    {
      const std::lock_guard lock(readers_mutex_);
      --open_readers_;
    }
    reader_free_.notify_one();
  }

  const std::unique_ptr<StorageHealth> health_;  // first: connections borrow it
  const Opener open_;
  const std::unique_ptr<Connection> writer_;
  const Engine engine_;
  const std::size_t max_readers_;
  const std::string sqlite_path_;
  std::mutex writer_mutex_;  // guards writer_
  std::atomic<std::thread::id> writing_thread_{};
  std::mutex readers_mutex_;  // guards idle_, open_readers_
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t open_readers_ = 0;
  static thread_local int nested_reads_;
};

thread_local int PooledDatabase::nested_reads_ = 0;

}  // namespace

void StorageHealth::fail(const Error& why) {
  const std::lock_guard lock(status_mutex_);
  if (!status_) return;
  log_error("database_stopped", {{"why", why.text()}});
  status_ = unavailable("the database takes no writes until the node is restarted, because a write failed: " +
                        why.text());
}

Status StorageHealth::status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

Result<std::unique_ptr<Database>> open_database(const std::string& url, int readers) {
  if (readers < 1) return bad_input(fmt::format("{} readers, at least 1 expected", readers));
  constexpr std::string_view kSqlite = "sqlite:";
  std::string path;
  Opener open;
  auto health = std::make_unique<StorageHealth>();
  if (url.starts_with(kSqlite)) {
    path = url.substr(kSqlite.size());
    if (path.empty() || path.starts_with(":memory:")) return bad_input("sqlite: needs the path of a file");
    open = [path, known = health.get()](Use use) { return open_sqlite(path, use, known); };
  } else if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    open = [url](Use use) { return open_postgres(url, use); };
  } else {
    return bad_input("database url begins with neither \"sqlite:\" nor \"postgresql://\"");
  }
  MW_ASSIGN(auto writer, open(Use::write));
  return std::unique_ptr<Database>(std::make_unique<PooledDatabase>(
      std::move(health), std::move(open), std::move(writer), static_cast<std::size_t>(readers), path));
}

}  // namespace mineward::db
