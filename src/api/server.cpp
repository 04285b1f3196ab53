#include <condition_variable>
#include <thread>

#include "api/api.h"
#include "api/application.h"
#include "api/codec.h"
#include "api/openapi.h"
#include "api/write_once.h"
#include "base/log.h"

namespace mineward::api {

namespace {

constexpr auto kRemindEvery = std::chrono::seconds(5);
constexpr int kReviewEvery = 3;  // rounds

TransportOptions transport_options(const ServerOptions& o) {
  TransportOptions t;
  t.host = o.host;
  t.port = o.port;
  t.network_threads = o.network_threads;
  t.page_threads = o.page_threads;
  t.upload_threads = o.upload_threads;
  t.sign_in_threads = o.sign_in_threads;
  t.page_queue = o.page_queue;
  t.upload_queue = o.upload_queue;
  t.sign_in_queue = o.sign_in_queue;
  t.header_limit = o.header_limit;
  t.body_bytes_in_flight = o.body_bytes_in_flight;
  t.max_connections = o.max_connections;
  t.idle_timeout = o.idle_timeout;
  t.header_timeout = o.header_timeout;
  t.read_timeout = o.read_timeout;
  t.body_timeout = o.body_timeout;
  t.write_timeout = o.write_timeout;
  t.answer_timeout = o.answer_timeout;
  t.tls_certificate = o.tls_certificate;
  t.tls_key = o.tls_key;
  return t;
}

/// Packed when it is first asked for; a megabyte takes level 6 some 20 ms.
std::unique_ptr<const HeldDocument> held_json(const Json& document) {
  return std::make_unique<const HeldDocument>(document.dump(), "application/json; charset=utf-8", 6);
}

}  // namespace

Router make_router(Context& context) {
  Router router;
  add_session_routes(router, context);
  add_catalog_routes(router, context);
  add_record_routes(router, context);
  add_flow_routes(router, context);
  add_register_routes(router, context);
  add_file_routes(router, context);
  add_monitoring_routes(router, context);
  add_upload_routes(router, context);
  add_admin_routes(router, context);
  add_operator_routes(router, context);
  add_duty_routes(router, context);
  add_setting_routes(router, context);
  add_form_routes(router, context);
  add_public_routes(router, context);
  add_tip_routes(router, context);
  add_exam_routes(router, context);
  add_view_routes(router, context);
  add_home_routes(router, context);
  add_paper_routes(router, context);
  add_ledger_routes(router, context);
  return router;
}

class Server::Impl {
 public:
  Impl(ServerOptions options, Services services)
      : context_(std::move(options), std::move(services)),
        router_(make_router(context_)),
        application_(context_, router_) {}
  ~Impl() { stop(); }

  Status start() {
    auto& services = context_.services;
    MW_TRY(prepare_account_tables(services.store.database()));
    MW_TRY(prepare_write_keys(services.store.database(), services.clock.now()));
    MW_ASSIGN(context_.imports, ledger::open_imports(services.store, services.clock));
    MW_ASSIGN(context_.web, StaticFiles::load(services.files, context_.options.web_folder));
    context_.catalog = held_json(catalog_json(*services.catalog));
    context_.openapi = held_json(openapi_document(router_, *services.catalog, context_.options.node_name));
    services.watch.set_listener(
        [this](const watch::LiveEvent& event) { context_.hub.publish(event); },
        [this](watch::LiveEvent::Kind kind, record::RecordId mine, record::RecordId organisation) {
          return context_.hub.wants(kind, mine, organisation);
        });
    transport_ = make_transport(transport_options(context_.options), application_, services.clock);
    MW_TRY(transport_->start());
    reviewer_ = std::thread([this] { review(); });
    log_info("listening", {{"host", context_.options.host}, {"port", std::to_string(transport_->port())}});
    return {};
  }

  std::uint16_t port() const { return transport_ ? transport_->port() : std::uint16_t{0}; }

  Status remind() {
    const std::lock_guard lock(remind_mutex_);
    return application_.push_reminders();
  }

  void stop() {
    {
      const std::lock_guard lock(stop_mutex_);
      stopping_ = true;
    }
    stop_changed_.notify_all();
    if (reviewer_.joinable()) reviewer_.join();
    context_.hub.close(1001);
    if (transport_) transport_->stop(context_.options.stop_deadline);
    context_.imports.reset();  // no request asks it any more; what runs ends behind its batch
  }

 private:
  /// Reminds, and every now and then ends what ran out.
  void review() {
    std::unique_lock lock(stop_mutex_);
    for (int round = 1; !stop_changed_.wait_for(lock, kRemindEvery, [this] { return stopping_; }); ++round) {
      lock.unlock();
      if (const Status done = remind(); !done) log_error("remind_failed", {{"error", done.error().text()}});
      if (round % kReviewEvery == 0) end_what_ran_out();
      lock.lock();
    }
  }

  void end_what_ran_out() {
    application_.review_live_clients();
    if (const Status done = context_.sessions.forget_expired(); !done)
      log_error("forget_sessions_failed", {{"error", done.error().text()}});
    if (const Status done = context_.exams.close_due(); !done)
      log_error("close_papers_failed", {{"error", done.error().text()}});
  }

  Context context_;
  Router router_;
  ApiApplication application_;
  std::unique_ptr<Transport> transport_;
  std::thread reviewer_;
  std::mutex remind_mutex_;  // held while reminders are noted and pushed
  std::mutex stop_mutex_;    // guards stopping_
  std::condition_variable stop_changed_;
  bool stopping_ = false;
};

Server::Server(ServerOptions options, Services services)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(services))) {}
Server::~Server() = default;
Status Server::start() { return impl_->start(); }
Status Server::remind() { return impl_->remind(); }
std::uint16_t Server::port() const { return impl_->port(); }
void Server::stop() { impl_->stop(); }

}  // namespace mineward::api
