/// The rim of the room: sockets, HTTP/1.1 parsing, TLS, WebSocket frames, time-outs. Knows nothing of routes.
///
/// One thread accepts; connections are spread over the network threads, each with an io_context of its own. A
/// network thread parses and writes, and nothing else: what may wait runs in a Workers pool and comes back by
/// a post.
#pragma once

#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "api/http.h"
#include "api/live.h"
#include "api/workers.h"
#include "base/clock.h"

namespace mineward::api {

/// What to do with a request whose head was read.
struct Plan {
  std::optional<Response> answer;  ///< send this at once and read no body
  Lane lane = Lane::pages;
  std::string sender;          ///< who waits in the lane: senders take turns, and none fills the queue alone
  std::size_t body_limit = 0;  ///< bytes; more is 413
  bool admit_first = false;    ///< ask Application::admit before the body is read: for large bodies
  bool live = false;           ///< a WebSocket, through Application::open_live
};

/// One request on its way. `state` belongs to the application.
struct Exchange {
  Request request;
  Plan plan;
  std::any state;
};

struct LiveStart {
  std::shared_ptr<LiveClient> client;  ///< null = refused
  Response refusal;
};

/// What the transport serves. plan() runs on network threads and must not wait; the others run on workers.
/// None throws.
class Application {
 public:
  virtual ~Application() = default;
  virtual void plan(Exchange& exchange) = 0;
  /// Nullopt = go on and read the body.
  virtual std::optional<Response> admit(Exchange& exchange) = 0;
  virtual Response answer(Exchange& exchange) = 0;
  virtual LiveStart open_live(Exchange& exchange) = 0;
  /// A text frame from a browser; on a network thread, must not wait.
  virtual void live_message(LiveClient& client, std::string_view text) = 0;
  virtual void live_closed(const std::shared_ptr<LiveClient>& client) = 0;
  /// An answer for what the transport itself refuses (400, 408, 413, 426, 429, 431, 503); of 429 and 503 it
  /// says when to try again.
  virtual Response refusal(int status, std::string_view code, std::string_view message,
                           const std::string& request) = 0;
};

struct TransportOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0 = any free one
  int network_threads = 2;
  int page_threads = 4, upload_threads = 12, sign_in_threads = 1;
  std::size_t page_queue = 512, upload_queue = 64, sign_in_queue = 32;
  std::size_t header_limit = 16u << 10;           ///< bytes of the request head
  std::size_t body_bytes_in_flight = 512u << 20;  ///< over all connections; more is 429
  int max_connections = 4096;
  Millis idle_timeout{75'000};           ///< between requests
  Millis header_timeout{10'000};         ///< for the whole head; after that 408
  Millis read_timeout{30'000};           ///< between two pieces of a body; after that 408
  Millis body_timeout{300'000};          ///< for the whole body; after that 408
  Millis write_timeout{60'000};          ///< for the whole answer
  Millis answer_timeout{120'000};        ///< for a handler; after that 503
  std::string tls_certificate, tls_key;  ///< PEM files; both or none
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// Listens and starts its threads. `unavailable` when the address cannot be had.
  virtual Status start() = 0;
  virtual std::uint16_t port() const = 0;
  /// Stops accepting, closes idle connections, lets running requests finish until the deadline, then closes
  /// the rest and joins all threads. Calling it twice is fine.
  virtual void stop(Millis deadline) = 0;
};

/// `application`, `clock` and `live` are borrowed and must outlive the transport.
std::unique_ptr<Transport> make_transport(TransportOptions options, Application& application, Clock& clock);

}  // namespace mineward::api
