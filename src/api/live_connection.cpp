// Coroutines live here and in transport.cpp only. GCC 12.2 miscompiles temporaries inside a full expression
// with co_await (destroyed twice), so every argument of an awaited call is a named local.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "api/stream.h"

namespace mineward::api {

namespace websocket = beast::websocket;

namespace {

constexpr std::size_t kLargestClientMessage = 64u << 10;
/// How long a slow browser has to take the frame in flight and the close frame, before the socket is cut.
constexpr auto kCloseTimeout = std::chrono::seconds(5);

/// Shared by the reading and the writing coroutine; lives on one network thread.
template <class Stream>
struct LiveSession {
  LiveSession(Stream stream, std::shared_ptr<LiveClient> c)
      : socket(std::move(stream)),
        wake(socket.get_executor()),
        cutter(socket.get_executor()),
        client(std::move(c)) {
    wake.expires_at(std::chrono::steady_clock::time_point::max());
  }
  websocket::stream<Stream> socket;
  Timer wake;
  Timer cutter;
  std::shared_ptr<LiveClient> client;
  bool reading = true;
  bool pending = false;  ///< woken while the writer was busy
};

template <class Stream>
void cut(LiveSession<Stream>& session) {
  beast::get_lowest_layer(session.socket).close();
}

template <class Stream>
Task write_messages(std::shared_ptr<LiveSession<Stream>> session) {
  Token token;
  auto& socket = session->socket;
  while (session->reading) {
    const std::uint16_t code = session->client->close_code();
    if (code != 0) {
      websocket::close_reason reason(static_cast<websocket::close_code>(code));
      const auto [ec] = co_await socket.async_close(reason, token);
      (void)ec;
      break;
    }
    session->pending = false;
    const Message message = session->client->next();
    if (message) {
      auto buffer = asio::buffer(*message);
      const auto [ec, n] = co_await socket.async_write(buffer, token);
      (void)n;
      if (ec) break;
      continue;
    }
    if (session->pending) continue;
    session->wake.expires_at(std::chrono::steady_clock::time_point::max());
    const auto [ec] = co_await session->wake.async_wait(token);
    (void)ec;
  }
  cut(*session);
}

/// Runs on the session's thread, after the client asked for attention.
template <class Stream>
void attend(const std::shared_ptr<LiveSession<Stream>>& session) {
  session->pending = true;
  session->wake.cancel();
  if (session->client->close_code() == 0) return;
  session->cutter.expires_after(kCloseTimeout);
  session->cutter.async_wait([weak = std::weak_ptr(session)](const boost::system::error_code& ec) {
    const auto alive = weak.lock();
    if (!ec && alive) cut(*alive);
  });
}

}  // namespace

template <class Stream>
Task run_live(Stream stream, std::shared_ptr<HttpMessage> upgrade, std::shared_ptr<LiveClient> client,
              Application& application) {
  Token token;
  const auto executor = stream.get_executor();
  beast::get_lowest_layer(stream).expires_never();  // the WebSocket layer has its own time-outs
  auto session = std::make_shared<LiveSession<Stream>>(std::move(stream), client);
  auto& socket = session->socket;
  socket.set_option(
      websocket::stream_base::timeout{std::chrono::seconds(10), std::chrono::seconds(60), true});
  socket.read_message_max(kLargestClientMessage);
  socket.text(true);
  socket.auto_fragment(false);  // one frame a message
  const auto [accept_error] = co_await socket.async_accept(*upgrade, token);
  if (!accept_error) {
    std::weak_ptr weak(session);
    client->on_wake([weak, executor] {
      if (const auto alive = weak.lock()) asio::post(executor, [alive] { attend(alive); });
    });
    auto writer = write_messages(session);
    asio::co_spawn(executor, std::move(writer), asio::detached);
    beast::flat_buffer buffer;
    for (;;) {
      const auto [ec, n] = co_await socket.async_read(buffer, token);
      (void)n;
      if (ec) break;
      const auto data = buffer.data();
      application.live_message(*client, {static_cast<const char*>(data.data()), data.size()});
      buffer.consume(buffer.size());
    }
    session->reading = false;
    session->wake.cancel();
  }
  application.live_closed(client);
}

template Task run_live(PlainStream, std::shared_ptr<HttpMessage>, std::shared_ptr<LiveClient>, Application&);
template Task run_live(TlsStream, std::shared_ptr<HttpMessage>, std::shared_ptr<LiveClient>, Application&);

}  // namespace mineward::api
