/// api/: the door for browsers and machines: HTTP/1.1, WebSocket, sessions, OpenAPI.
///
/// Is for: parsing and limiting requests, knowing who asks, the route table, JSON in and out, live push, the
/// web files. Never: knows the SQL of a record, judges a reading, waits for disk or SQL on a network thread,
/// answers 403 where the
///        scope ends (that is 404), lets a slow browser hold up the intake, logs a secret or personal data.
/// Start reading at: router.h (what a route is), then application.h (how a request passes through), then
/// transport.h.
#pragma once

#include <memory>

#include "api/options.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/random.h"
#include "duty/duty.h"
#include "feed/intake.h"
#include "history/history.h"
#include "record/store.h"
#include "watch/watch.h"

namespace mineward::api {

/// What the server stands on. All are borrowed and must outlive it.
struct Services {
  record::Store& store;
  history::History& history;
  feed::Intake& intake;
  watch::Watch& watch;
  duty::Duties& duties;
  pack::CatalogPtr catalog;
  Files& files;
  Clock& clock;
  Random& random;  ///< fit for secrets; safe from any thread
};

/// One running server. start() and stop() from one thread.
class Server {
 public:
  Server(ServerOptions options, Services services);
  ~Server();  ///< stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Makes the session tables, reads the web folder, becomes the watch's listener (so: before the first
  /// upload), listens.
  Status start();
  /// The port it listens on.
  std::uint16_t port() const;
  /// Reminds of time limits that have passed a stage, as a timer does every five seconds. For tests, whose
  /// clock does not run by itself.
  Status remind();
  /// Stops accepting, ends live connections with 1001, lets running requests finish within `stop_deadline`,
  /// joins.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mineward::api
