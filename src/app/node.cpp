#include "app/node.h"

#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "api/api.h"
#include "app/control.h"
#include "base/crash_point.h"
#include "base/log.h"
#include "pack/load.h"

namespace mineward::app {
namespace {

using std::chrono::seconds;

/// Calls `round` about every `period` in a thread of its own until destroyed.
class Ticker {
 public:
  Ticker(Millis period, std::function<void()> round)
      : thread_([this, period, round = std::move(round)] {
          std::unique_lock lock(stop_mutex_);
          while (!stop_) {
            lock.unlock();
            round();
            lock.lock();
            stop_changed_.wait_for(lock, period, [this] { return stop_; });
          }
        }) {}
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;
  ~Ticker() {
    {
      const std::scoped_lock lock(stop_mutex_);
      stop_ = true;
    }
    stop_changed_.notify_all();
    thread_.join();
  }

 private:
  std::mutex stop_mutex_;  // guards stop_
  std::condition_variable stop_changed_;
  bool stop_ = false;
  std::thread thread_;
};

void report(std::string_view event, const Status& status) {
  if (!status) log_error(event, {{"error", status.error().text()}});
}

paper::Settings paper_settings(const Config& config) {
  paper::Settings out;
  out.public_url = config.public_url;
  if (!config.paper_body_font.empty()) out.fonts.body = config.paper_body_font;
  if (!config.paper_title_font.empty()) out.fonts.title = config.paper_title_font;
  if (!config.paper_table_font.empty()) out.fonts.table = config.paper_table_font;
  return out;
}

/// A list of fewer rows is sorted in 3 ms without an index; below it 400 tables would cost 8,000 indexes.
constexpr std::int64_t kIndexedFrom = 2000;

class RunningNode final : public Node {
 public:
  RunningNode(DataFolder data, Config config, pack::CatalogPtr catalog, Clock& clock)
      : data_(std::move(data)),
        config_(std::move(config)),
        catalog_(std::move(catalog)),
        clock_(clock),
        random_(system_random()),
        files_(system_files()),
        ids_(clock, static_cast<std::uint16_t>(config_.node_number)) {}

  ~RunningNode() override { report("node_stop", stop()); }

  Status open() {
    MW_ASSIGN(lock_, lock_data_folder(data_));
    const std::string url = config_.database.empty() ? "sqlite:" + data_.records() : config_.database;
    MW_ASSIGN(database_, db::open_database(url));
    record::StoreOptions store_options;
    store_options.attachment_folder = data_.attachments();
    store_options.key_file = data_.protected_key();
    store_options.index_from = kIndexedFrom;
    store_options.max_attachment_bytes = static_cast<std::size_t>(config_.attachment_limit_mib) << 20;
    MW_TRY(api::prepare_account_tables(*database_));
    MW_ASSIGN(store_, record::open_store(catalog_, *database_, *files_, clock_, ids_, store_options));
    history::Options history_options;
    history_options.folder = data_.history();
    history_options.raw_retention = config_.raw_retention;
    history_options.statistics_retention = config_.statistics_retention;
    MW_ASSIGN(history_, history::open_history(*files_, history_options));
    MW_ASSIGN(watch_, watch::open_watch(catalog_, *store_, *history_, clock_));
    feed::IntakeOptions intake_options;
    intake_options.quarantine_keep = config_.quarantine_keep;
    intake_options.max_file_bytes = static_cast<std::size_t>(config_.upload_limit_mib) << 20;
    MW_ASSIGN(intake_, feed::open_intake(catalog_, *store_, *history_, clock_, *watch_, intake_options));
    MW_TRY(intake_->recover());
    MW_ASSIGN(duties_, duty::open_duties(catalog_, *store_, clock_));
    return files_->sync_folder(data_.root);  // what was made in it stays
  }

  const Config& config() const override { return config_; }
  const DataFolder& data() const override { return data_; }
  pack::CatalogPtr catalog() const override { return catalog_; }
  record::Store& store() override { return *store_; }
  history::History& history() override { return *history_; }
  watch::Watch& watch() override { return *watch_; }
  feed::Intake& intake() override { return *intake_; }
  duty::Duties& duties() override { return *duties_; }
  Clock& clock() override { return clock_; }
  Random& random() override { return *random_; }

  Status tick() override {
    // While a backup is copied the journal forgets nothing: the records are copied first, and what they lack
    // must still be in the journal when that is copied after them.
    const std::unique_lock may_forget(copy_mutex_, std::try_to_lock);
    if (may_forget) MW_TRY(intake_->tick());
    MW_TRY(watch_->tick(clock_.now()));
    MW_TRY(store_->tend());
    MW_TRY(duties_->catch_up());
    const Millis now = clock_.monotonic();
    if (!may_forget || now - saved_ < seconds(10)) return {};
    saved_ = now;
    MW_TRY(watch_->save());
    return history_->maintain(EventTime{clock_.now().utc_ms});
  }

  Status start() override {
    const std::string drop = config_.drop_folder.empty() ? data_.drop() : config_.drop_folder;
    MW_ASSIGN(drop_, feed::open_drop_folder(*files_, clock_, *intake_, drop));
    MW_ASSIGN(const HostPort listen, parse_host_port(config_.listen));
    server_ = std::make_unique<api::Server>(
        server_options(listen),
        api::Services{*store_, *history_, *intake_, *watch_, *duties_, catalog_, *files_, clock_, *random_});
    MW_TRY(server_->start());
    MW_ASSIGN(control_, open_control_socket(data_.control(),
                                            [this](const std::string& request) { return answer(request); }));
    timers_ = std::make_unique<Ticker>(seconds(1), [this] { report("tick", tick()); });
    drop_scans_ = std::make_unique<Ticker>(Millis(500), [this] {
      const auto taken = drop_->scan();
      if (!taken) log_error("drop_scan", {{"error", taken.error().text()}});
    });
    return {};
  }

  Status copy_to(const std::string& folder) override {
    MW_TRY(files_->make_folders(folder));
    // Records first: what arrives in between is in the journal copy and is applied again when the copy is
    // opened, and nothing in the records refers to samples that the copy lacks.
    const std::lock_guard no_forgetting(copy_mutex_);
    MW_TRY(database_->backup_to(folder + "/records.db"));
    crash_point(CrashPoint::backup_records_copied);
    MW_TRY(history_->backup_to(folder + "/history"));
    crash_point(CrashPoint::backup_history_copied);
    return {};
  }

  std::string address() const override {
    const auto listen = parse_host_port(config_.listen);
    const std::string host = listen && listen->host != "0.0.0.0" ? listen->host : "127.0.0.1";
    return fmt::format("{}://{}:{}", config_.tls_key.empty() ? "http" : "https",
                       host.find(':') == std::string::npos ? host : "[" + host + "]",
                       server_ ? server_->port() : 0);
  }

  Status stop() override {
    if (!watch_ || stopped_) return {};
    stopped_ = true;
    control_.reset();
    if (server_) server_->stop();
    drop_scans_.reset();
    timers_.reset();
    MW_TRY(watch_->save());
    MW_TRY(history_->release(watch_->saved_seq()));
    return history_->flush();
  }

 private:
  api::ServerOptions server_options(const HostPort& listen) const {
    api::ServerOptions options;
    options.host = listen.host;
    options.port = listen.port;
    options.node_name = config_.node_name;
    options.network_threads = static_cast<int>(config_.network_threads);
    options.page_threads = static_cast<int>(config_.workers);
    options.upload_limit = static_cast<std::size_t>(config_.upload_limit_mib) << 20;
    options.attachment_limit = static_cast<std::size_t>(config_.attachment_limit_mib) << 20;
    const double requests = static_cast<double>(config_.requests_per_minute);
    options.per_address = {requests / 60, requests / 6};
    options.papers = paper_settings(config_);
    options.data_folder = data_.root;
    options.web_folder = config_.web_folder.empty() ? default_web() : config_.web_folder;
    options.tls_certificate = config_.tls_certificate;
    options.tls_key = config_.tls_key;
    options.sessions.idle = config_.session_idle;
    options.sessions.longest = config_.session_lifetime;
    options.sessions.failures_before_lock = static_cast<int>(config_.lockout_failures);
    options.sessions.lock_for = config_.lockout;
    return options;
  }

  Status answer(const std::string& request) {
    constexpr std::string_view kBackup = "backup ";
    if (request.starts_with(kBackup)) return copy_to(request.substr(kBackup.size()));
    return bad_input("found the request \"" + request + "\", expected \"backup FOLDER\"");
  }

  // Destroyed from the bottom up: the server before what it serves, the lock last.
  const DataFolder data_;
  const Config config_;
  const pack::CatalogPtr catalog_;
  Clock& clock_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<Files> files_;
  IdMaker ids_;
  std::unique_ptr<DataLock> lock_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<record::Store> store_;
  std::unique_ptr<history::History> history_;
  std::unique_ptr<watch::Watch> watch_;
  std::unique_ptr<feed::Intake> intake_;
  std::unique_ptr<duty::Duties> duties_;
  std::unique_ptr<feed::DropFolder> drop_;
  std::unique_ptr<api::Server> server_;
  std::unique_ptr<ControlSocket> control_;
  std::unique_ptr<Ticker> timers_;
  std::unique_ptr<Ticker> drop_scans_;
  std::mutex copy_mutex_;  // held while a backup is copied, and while the journal is released and cut
  Millis saved_{0};
  bool stopped_ = false;
};

}  // namespace

std::vector<std::string> pack_folders(const Config& config) {
  return config.packs.empty() ? std::vector<std::string>{default_packs()} : config.packs;
}

pack::CatalogPtr load_packs_or_report(const std::vector<std::string>& folders) {
  const pack::LoadOutcome outcome = pack::load_catalog(folders);
  for (const auto& mistake : outcome.mistakes) std::cerr << mistake.text() << "\n";
  return outcome.catalog;
}

Result<std::unique_ptr<Node>> open_node(const DataFolder& data, const Config& config,
                                        pack::CatalogPtr catalog, Clock& clock) {
  auto node = std::make_unique<RunningNode>(data, config, std::move(catalog), clock);
  MW_TRY(node->open());
  return std::unique_ptr<Node>(std::move(node));
}

void prepare_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop_signal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  int received = 0;
  sigwait(&set, &received);
  log_info("stopping", {{"signal", std::to_string(received)}});
}

}  // namespace mineward::app
