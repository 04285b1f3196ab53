// Coroutines live here and in live_connection.cpp only. GCC 12.2 miscompiles temporaries inside a full
// expression with co_await (destroyed twice), so every argument of an awaited call is a named local.
#include "api/transport.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <condition_variable>
#include <set>

#include "api/stream.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"

namespace mineward::api {

namespace http = beast::http;

namespace {

using Steady = std::chrono::steady_clock;
using Parser = http::request_parser<http::string_body>;
constexpr std::size_t kReadPiece = 16u << 10;
/// What a refused client may still send before we close, so that it gets to see our answer instead of a
/// reset.
constexpr std::size_t kDrainBytes = 1u << 20;
constexpr auto kDrainTime = std::chrono::seconds(2);
/// Who has not signed in may have so much of a body buffered: with 4,096 connections half of what is kept for
/// all.
constexpr std::size_t kStrangersBody = 64u << 10;
constexpr std::string_view kBusy = "the server is busy; wait and try again";

class Server;

/// What a shard needs of one connection in order to stop it. Touched only on the shard's thread.
struct Connection {
  bool idle = true;  ///< waiting for the first byte of a request
  std::function<void()> close;
};

struct Shard {
  asio::io_context context{1};
  std::set<Connection*> connections;
  std::thread thread;
};

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// An application's answer on its way back to the network thread.
template <class T>
struct Errand {
  explicit Errand(const Executor& executor) : back(executor) {}
  Timer back;
  std::optional<T> result;
};

/// Body bytes being buffered, over all connections; gives them back when it goes.
class BodyShare {
 public:
  BodyShare(std::atomic<std::size_t>& total, std::size_t limit) : total_(total), limit_(limit) {}
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare() { total_ -= mine_; }
  /// Makes this share at least `bytes`; false when there is not so much left.
  bool take_up_to(std::size_t bytes) {
    if (bytes <= mine_) return true;
    const std::size_t more = bytes - mine_;
    if (total_.fetch_add(more) + more > limit_) {
      total_ -= more;
      return false;
    }
    mine_ = bytes;
    return true;
  }

 private:
  std::atomic<std::size_t>& total_;
  const std::size_t limit_;
  std::size_t mine_ = 0;
};

class Server final : public Transport {
 public:
  Server(TransportOptions options, Application& application, Clock& clock)
      : options_(std::move(options)),
        application_(application),
        clock_(clock),
        pages_(options_.page_threads, options_.page_queue),
        uploads_(options_.upload_threads, options_.upload_queue),
        sign_in_(options_.sign_in_threads, options_.sign_in_queue) {}
  ~Server() override { stop(Millis{0}); }

  Status start() override;
  std::uint16_t port() const override { return port_; }
  void stop(Millis deadline) override;

 private:
  struct Refused {
    int status = 0;
    std::string_view code, message;
  };
  static constexpr Refused kTooSlow{408, "too_slow", "the request did not arrive in time"};

  Status use_tls();
  Task accept_loop();
  template <class Stream>
  Task serve(Shard& shard, Stream stream, std::string address);
  Task serve_plain(Shard& shard, Socket socket, std::string address);
  Task serve_tls(Shard& shard, Socket socket, std::string address);
  void finished(Shard& shard, Connection& connection);

  Workers* lane(Lane lane) {
    return lane == Lane::uploads ? &uploads_ : lane == Lane::sign_in ? &sign_in_ : &pages_;
  }
  /// Runs `work` on a worker and wakes `errand` with its result; false when the lane is full.
  template <class T>
  bool send(Lane where, const Executor& executor, std::shared_ptr<Errand<T>> errand, std::function<T()> work,
            const std::string& sender = {}) {
    return lane(where)->run(
        [executor, errand, work = std::move(work)] {
          auto result = std::make_shared<T>(work());
          asio::post(executor, [errand, result] {
            errand->result = std::move(*result);
            errand->back.cancel();
          });
        },
        sender);
  }
  Response refuse(const Refused& why, const std::string& request) {
    Response response = application_.refusal(why.status, why.code, why.message, request);
    response.close = true;
    return response;
  }
  std::string request_id() { return fmt::format("{}-{:x}", run_, ++requests_); }
  bool use_proxy_headers() const { return false; }

  const TransportOptions options_;
  Application& application_;
  Clock& clock_;
  std::optional<asio::ssl::context> tls_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::optional<asio::basic_socket_acceptor<asio::ip::tcp, Executor>> acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> body_bytes_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::string run_;        ///< tells the requests of this start from those of another
  std::mutex open_mutex_;  // guards open_
  std::condition_variable closed_;
  int open_ = 0;
  bool started_ = false;
  Workers pages_, uploads_, sign_in_;
};

// ---- reading one request
// -----------------------------------------------------------------------------------------

enum class Got { request, closed, refused };

/// Reads into `buffer` before `deadline`, and at most `pause` after the last piece.
template <class Stream>
asio::awaitable<bool, Executor> read_piece(Stream& stream, beast::flat_buffer& buffer,
                                           Steady::time_point deadline, Millis pause) {
  Token token;
  beast::get_lowest_layer(stream).expires_at(std::min(deadline, Steady::now() + pause));
  auto space = buffer.prepare(kReadPiece);
  const auto [ec, n] = co_await stream.async_read_some(space, token);
  if (ec) co_return false;
  buffer.commit(n);
  co_return true;
}

enum class Piece { read, ended, late };

/// Reads into `buffer` until `until`. Unlike read_piece it leaves the stream open when the time is over, so
/// that the client can still be told.
template <class Stream>
asio::awaitable<Piece, Executor> read_in_time(Stream& stream, beast::flat_buffer& buffer, Timer& timer,
                                              Steady::time_point until) {
  Token token;
  auto& lowest = beast::get_lowest_layer(stream);
  lowest.expires_never();
  const auto wait =
      std::make_shared<std::optional<bool>>();  // not set: still waiting; then whether it was late
  timer.expires_at(until);
  timer.async_wait([wait, &lowest](const beast::error_code& ec) {
    if (ec || wait->has_value()) return;
    *wait = true;
    lowest.cancel();
  });
  auto space = buffer.prepare(kReadPiece);
  const auto [ec, n] = co_await stream.async_read_some(space, token);
  const bool is_late = wait->value_or(false);
  *wait = is_late;
  timer.cancel();
  if (ec) co_return is_late ? Piece::late : Piece::ended;
  buffer.commit(n);
  co_return Piece::read;
}

/// Parses what is in the buffer; false on a fault, which `ec` names. need_more is no fault.
bool parse_some(Parser& parser, beast::flat_buffer& buffer, beast::error_code& ec) {
  ec = {};
  while (buffer.size() > 0 && !parser.is_done()) {
    const bool had_head = parser.is_header_done();
    const std::size_t used = parser.put(buffer.data(), ec);
    buffer.consume(used);
    if (ec == http::error::need_more) {
      ec = {};
      return true;
    }
    if (ec) return false;
    if (!had_head && parser.is_header_done()) return true;  // stop at the end of the head
    if (used == 0) return true;
  }
  return true;
}

bool is_only_chunked(const HttpMessage& message) {
  const auto codings = message.count(http::field::transfer_encoding);
  return codings == 0 ||
         (codings == 1 && lower_ascii(trim(view(message[http::field::transfer_encoding]))) == "chunked");
}

void copy_head(const HttpMessage& message, Request& request) {
  request.method = parse_method(view(message.method_string()));
  request.target = std::string(view(message.target()));
  request.headers.reserve(16);
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(view(field.name_string())), std::string(view(field.value())));
  }
}

template <class Stream>
asio::awaitable<bool, Executor> write_all(Stream& stream, const Response& response, bool keep_alive,
                                          bool with_body, std::string date, Millis timeout) {
  Token token;
  const std::string head = head_of(response, keep_alive, date);
  const std::string_view body = with_body ? response.content() : std::string_view{};
  const std::array<asio::const_buffer, 2> pieces = {asio::buffer(head),
                                                    asio::buffer(body.data(), body.size())};
  beast::get_lowest_layer(stream).expires_after(timeout);
  const auto [ec, n] = co_await asio::async_write(stream, pieces, token);
  (void)n;
  co_return !ec;
}

// ---- the connection loop
// -----------------------------------------------------------------------------------------

template <class Stream>
Task Server::serve(Shard& shard, Stream stream, std::string address) {
  Token token;
  const Executor executor = shard.context.get_executor();
  Connection connection;
  connection.close = [&stream] { beast::get_lowest_layer(stream).close(); };
  shard.connections.insert(&connection);
  beast::flat_buffer buffer;
  Timer timer(executor);
  bool go_on = true;
  bool drain = false;
  while (go_on && !stopping_) {
    // The head.
    auto parser = std::make_shared<Parser>();
    parser->header_limit(static_cast<std::uint32_t>(options_.header_limit));
    parser->body_limit(boost::none);
    connection.idle = true;
    bool first = buffer.size() == 0;
    Steady::time_point deadline = Steady::now() + (first ? options_.idle_timeout : options_.header_timeout);
    std::optional<Refused> refused;
    beast::error_code ec;
    bool closed = false;
    for (;;) {
      if (buffer.size() > 0) {
        if (connection.idle) {
          connection.idle = false;
          if (first) deadline = Steady::now() + options_.header_timeout;
        }
        if (!parse_some(*parser, buffer, ec)) {
          refused = ec == http::error::header_limit
                        ? Refused{431, "too_large", "the request head is larger than this server takes"}
                        : Refused{400, "bad_input", "this is no valid HTTP request"};
          break;
        }
        if (parser->is_header_done()) break;
      }
      if (connection.idle) {  // gone, or nothing to say: the stream closes itself
        auto reading = read_piece(stream, buffer, deadline, options_.idle_timeout);
        const bool more = co_await std::move(reading);
        closed = !more;
      } else {
        auto reading = read_in_time(stream, buffer, timer, deadline);
        const Piece piece = co_await std::move(reading);
        closed = piece == Piece::ended;
        if (piece == Piece::late) refused = kTooSlow;
      }
      if (closed || refused) break;
    }
    if (closed) break;

    auto exchange = std::make_shared<Exchange>();
    Request& request = exchange->request;
    request.id = request_id();
    request.address = address;
    request.tls = tls_.has_value();
    Response response;
    bool keep_alive = false, with_body = true, answered = false;
    BodyShare share(body_bytes_, options_.body_bytes_in_flight);

    if (!refused) {
      const auto& message = parser->get();
      copy_head(message, request);
      keep_alive = parser->keep_alive();
      with_body = request.method != Method::head;
      if (message.version() != 11 && message.version() != 10) {
        refused = Refused{400, "bad_input", "only HTTP/1.0 and HTTP/1.1 are spoken here"};
      } else if (message.version() == 11 && message.count(http::field::host) != 1) {
        refused = Refused{400, "bad_input", "expected exactly one Host field"};
      } else if (!is_only_chunked(message)) {
        // Beast takes an unknown coding for "no body", and the body for the next request.
        refused = Refused{400, "bad_input", "expected no Transfer-Encoding, or chunked once"};
      } else if (parser->chunked() && message.version() == 10) {
        refused = Refused{400, "bad_input", "HTTP/1.0 has no chunked bodies"};
      }
    }
    if (!refused) {
      if (auto wrong = parse_target(request); !wrong) {
        response = application_.refusal(400, "bad_input", wrong.error().text(), request.id);
        response.close = !parser->is_done();
        answered = true;
      } else {
        application_.plan(*exchange);
        if (exchange->plan.answer) {
          response = std::move(*exchange->plan.answer);
          answered = true;
          if (!parser->is_done()) response.close = drain = true;
        }
      }
    }
    const Plan& plan = exchange->plan;

    // A WebSocket leaves the loop.
    if (!refused && !answered && plan.live) {
      auto upgrade = std::make_shared<HttpMessage>(parser->release());
      if (!beast::websocket::is_upgrade(*upgrade)) {
        response = application_.refusal(426, "bad_input", "expected a WebSocket handshake", request.id);
        response.headers.emplace_back("Upgrade", "websocket");
        response.close = true;
      } else {
        auto errand = std::make_shared<Errand<LiveStart>>(executor);
        std::function<LiveStart()> work = [this, exchange] { return application_.open_live(*exchange); };
        if (send(Lane::pages, executor, errand, std::move(work))) {
          errand->back.expires_after(options_.answer_timeout);
          const auto [waited] = co_await errand->back.async_wait(token);
          (void)waited;
        }
        if (errand->result && errand->result->client) {
          std::shared_ptr<LiveClient> client = errand->result->client;
          auto live = run_live(std::move(stream), std::move(upgrade), std::move(client), application_);
          connection.close = [] {};
          co_await std::move(live);
          finished(shard, connection);
          co_return;
        }
        response = errand->result ? std::move(errand->result->refusal)
                                  : refuse({429, "too_many", kBusy}, request.id);
        response.close = true;
      }
      answered = true;
    }

    // May it come in, before a large body is read?
    const bool is_large =
        !refused && !answered && parser->content_length().value_or(plan.body_limit) > kStrangersBody;
    if (!refused && !answered && (plan.admit_first || is_large) && !parser->is_done()) {
      auto errand = std::make_shared<Errand<std::optional<Response>>>(executor);
      std::function<std::optional<Response>()> work = [this, exchange] {
        return application_.admit(*exchange);
      };
      if (send(Lane::pages, executor, errand, std::move(work))) {
        errand->back.expires_after(options_.answer_timeout);
        const auto [waited] = co_await errand->back.async_wait(token);
        (void)waited;
      }
      if (!errand->result) {
        refused = Refused{429, "too_many", kBusy};
      } else if (*errand->result) {
        response = std::move(**errand->result);
        response.close = drain = answered = true;
      }
    }

    // The body.
    if (!refused && !answered && !parser->is_done()) {
      const auto length = parser->content_length();
      if (length && *length > plan.body_limit) {
        refused = Refused{413, "too_large", "the body is larger than this route takes"};
      } else if (!share.take_up_to(static_cast<std::size_t>(length.value_or(0)))) {
        refused = Refused{429, "too_many", "too many uploads at once"};
      } else {
        parser->body_limit(plan.body_limit);
        parser->eager(true);
        if (view(parser->get()[http::field::expect]) == "100-continue" && buffer.size() == 0) {
          static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
          const auto go_ahead = asio::buffer(kContinue.data(), kContinue.size());
          beast::get_lowest_layer(stream).expires_after(options_.write_timeout);
          const auto [wrote, n] = co_await asio::async_write(stream, go_ahead, token);
          (void)n;
          if (wrote) break;
        }
      }
      deadline = Steady::now() + options_.body_timeout;
      while (!refused && !closed) {
        if (!parse_some(*parser, buffer, ec)) {
          refused = ec == http::error::body_limit
                        ? Refused{413, "too_large", "the body is larger than this route takes"}
                        : Refused{400, "bad_input", "the body breaks the rules of HTTP"};
          break;
        }
        if (!share.take_up_to(parser->get().body().size())) {
          refused = Refused{429, "too_many", "too many uploads at once"};
          break;
        }
        if (parser->is_done()) break;
        auto reading =
            read_in_time(stream, buffer, timer, std::min(deadline, Steady::now() + options_.read_timeout));
        const Piece piece = co_await std::move(reading);
        closed = piece == Piece::ended;
        if (piece == Piece::late) refused = kTooSlow;
      }
      if (closed) break;
      if (!refused) request.body = std::move(parser->get().body());
    }

    // The handler.
    if (!refused && !answered) {
      auto errand = std::make_shared<Errand<Response>>(executor);
      std::function<Response()> work = [this, exchange] { return application_.answer(*exchange); };
      const bool queued = send(plan.lane, executor, errand, std::move(work), plan.sender);
      if (queued) {
        errand->back.expires_after(options_.answer_timeout);
        const auto [waited] = co_await errand->back.async_wait(token);
        (void)waited;
      }
      if (errand->result) {
        response = std::move(*errand->result);
      } else {
        response = queued ? application_.refusal(503, "unavailable", "the answer took too long", request.id)
                          : application_.refusal(429, "too_many", kBusy, request.id);
        response.close = queued;
      }
    }
    if (refused) {
      response = refuse(*refused, request.id);
      drain = true;
    }

    // The answer.
    go_on = keep_alive && !response.close && !stopping_;
    std::string date = http_date(clock_.now().utc_ms);
    auto writing = write_all(stream, response, go_on, with_body, std::move(date), options_.write_timeout);
    const bool written = co_await std::move(writing);
    if (!written) {
      drain = false;
      break;
    }
  }

  if (drain) {
    // Take what the client still sends, for a moment: closing with unread data would reset the connection and
    // our answer with it.
    auto& lowest = beast::get_lowest_layer(stream);
    beast::error_code ignored;
    lowest.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    const auto deadline = Steady::now() + kDrainTime;
    std::size_t taken = 0;
    while (taken < kDrainBytes && !stopping_) {
      buffer.consume(buffer.size());
      lowest.expires_at(deadline);
      auto space = buffer.prepare(kReadPiece);
      const auto [ec, n] = co_await lowest.async_read_some(space, token);
      if (ec) break;
      taken += n;
    }
  } else if constexpr (std::is_same_v<Stream, TlsStream>) {
    beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(2));
    const auto [ec] = co_await stream.async_shutdown(token);
    (void)ec;
  }
  finished(shard, connection);
}

void Server::finished(Shard& shard, Connection& connection) {
  shard.connections.erase(&connection);
  const std::lock_guard lock(open_mutex_);
  --open_;
  closed_.notify_all();
}

Task Server::serve_plain(Shard& shard, Socket socket, std::string address) {
  PlainStream stream(std::move(socket));
  auto serving = serve<PlainStream>(shard, std::move(stream), std::move(address));
  co_await std::move(serving);
}

Task Server::serve_tls(Shard& shard, Socket socket, std::string address) {
  Token token;
  PlainStream plain(std::move(socket));
  TlsStream stream(std::move(plain), *tls_);
  beast::get_lowest_layer(stream).expires_after(options_.header_timeout);
  const auto side = asio::ssl::stream_base::server;
  const auto [ec] = co_await stream.async_handshake(side, token);
  if (ec) {
    Connection none;
    finished(shard, none);
    co_return;
  }
  auto serving = serve<TlsStream>(shard, std::move(stream), std::move(address));
  co_await std::move(serving);
}

Task Server::accept_loop() {
  static Counter& refused =
      counter("http_connections_refused_total", "Connections closed at once: too many are open");
  Token token;
  Timer pause(shards_[0]->context.get_executor());
  std::size_t turn = 0;
  while (!stopping_) {
    Shard& shard = *shards_[turn++ % shards_.size()];
    Socket socket(shard.context.get_executor());
    const auto [ec] = co_await acceptor_->async_accept(socket, token);
    if (stopping_) break;
    if (ec) {  // out of file descriptors and the like: don't spin
      pause.expires_after(std::chrono::milliseconds(100));
      const auto [waited] = co_await pause.async_wait(token);
      (void)waited;
      continue;
    }
    {
      const std::lock_guard lock(open_mutex_);
      if (open_ >= options_.max_connections) {
        refused.add();
        continue;
      }
      ++open_;
    }
    beast::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto peer = socket.remote_endpoint(ignored);
    std::string address = ignored ? std::string("unknown") : peer.address().to_string();
    auto serving = tls_ ? serve_tls(shard, std::move(socket), std::move(address))
                        : serve_plain(shard, std::move(socket), std::move(address));
    asio::co_spawn(shard.context.get_executor(), std::move(serving), asio::detached);
  }
}

// ---- start and stop
// ----------------------------------------------------------------------------------------------

Status Server::use_tls() {
  if (options_.tls_certificate.empty() && options_.tls_key.empty()) return {};
  boost::system::error_code ec;
  tls_.emplace(asio::ssl::context::tls_server);
  tls_->set_options(
      asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
      ec);
  if (!ec) tls_->use_certificate_chain_file(options_.tls_certificate, ec);
  if (ec) return bad_input("cannot use the certificate: " + ec.message(), options_.tls_certificate);
  tls_->use_private_key_file(options_.tls_key, asio::ssl::context::pem, ec);
  if (ec) return bad_input("cannot use the private key: " + ec.message(), options_.tls_key);
  return {};
}

Status Server::start() {
  MW_TRY(use_tls());
  run_ = fmt::format("{:x}", static_cast<std::uint64_t>(clock_.now().utc_ms) & 0xffffffffff);
  for (int i = 0; i < std::max(1, options_.network_threads); ++i)
    shards_.push_back(std::make_unique<Shard>());
  beast::error_code ec;
  const std::string place = fmt::format("{}:{}", options_.host, options_.port);
  asio::ip::tcp::resolver resolver(shards_[0]->context);
  const auto found =
      resolver.resolve(options_.host, std::to_string(options_.port), asio::ip::tcp::resolver::passive, ec);
  if (ec || found.empty()) return bad_input("cannot resolve the listen address: " + ec.message(), place);
  const asio::ip::tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor_.emplace(shards_[0]->context.get_executor());
  acceptor_->open(endpoint.protocol(), ec);
  if (!ec) acceptor_->set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_->bind(endpoint, ec);
  if (!ec) acceptor_->listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return unavailable(fmt::format("cannot listen on {}: {}", place, ec.message()));
  port_ = acceptor_->local_endpoint().port();
  started_ = true;
  auto accepting = accept_loop();
  asio::co_spawn(shards_[0]->context.get_executor(), std::move(accepting), asio::detached);
  for (auto& shard : shards_) {
    shard->thread = std::thread([&context = shard->context] {
      const auto guard = asio::make_work_guard(context);
      for (;;) {
        try {
          context.run();
          return;
        } catch (const std::exception& e) {  // the boundary of a network thread
          log_error("network_thread_exception", {{"what", e.what()}});
        }
      }
    });
  }
  return {};
}

void Server::stop(Millis deadline) {
  if (!started_) return;
  started_ = false;
  stopping_ = true;
  asio::post(shards_[0]->context, [this] {
    beast::error_code ignored;
    acceptor_->close(ignored);
  });
  for (auto& shard : shards_) {
    asio::post(shard->context, [&shard = *shard] {
      for (Connection* connection : shard.connections) {
        if (connection->idle) connection->close();
      }
    });
  }
  {
    std::unique_lock lock(open_mutex_);
    closed_.wait_for(lock, deadline, [this] { return open_ == 0; });
  }
  pages_.stop();
  uploads_.stop();
  sign_in_.stop();
  for (auto& shard : shards_) shard->context.stop();
  for (auto& shard : shards_) {
    if (shard->thread.joinable()) shard->thread.join();
  }
  acceptor_.reset();
  shards_.clear();
}

}  // namespace

std::unique_ptr<Transport> make_transport(TransportOptions options, Application& application, Clock& clock) {
  return std::make_unique<Server>(std::move(options), application, clock);
}

}  // namespace mineward::api
