// What a browser sends: the request target, header values, packed bodies; and whole connections, against the
// real transport on a loopback socket.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "api/gzip.h"
#include "api/http.h"
#include "api/transport.h"
#include "base/text.h"
#include "target.h"

namespace mineward::fuzz {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr char kHex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

void check_target(std::string_view target) {
  api::Request request;
  request.target = target;
  if (const Status parsed = api::parse_target(request); !parsed) {
    check_error(parsed.error());
    return;
  }
  std::string written;
  for (const auto& segment : request.segments) {
    MW_FUZZ_CHECK(is_utf8(segment) && segment.find('\0') == std::string::npos);
    written += "/" + escaped(segment);
  }
  if (written.empty()) written = "/";
  const char* separator = "?";
  for (const auto& [key, value] : request.query) {
    MW_FUZZ_CHECK(is_utf8(key) && is_utf8(value) && request.parameter(key).has_value());
    written += separator + escaped(key) + "=" + escaped(value);
    separator = "&";
  }
  api::Request again;
  again.target = written;
  MW_FUZZ_CHECK(api::parse_target(again).ok(), written);
  MW_FUZZ_CHECK(again.segments == request.segments && again.query == request.query, written);
}

}  // namespace

/// First line: a request target. Then header fields, one a line.
MW_FUZZ_TARGET(request) {
  Input in(input);
  check_target(in.line());
  api::Request request;
  while (!in.empty()) {
    const std::string_view line = in.line();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    request.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  const std::string_view session = request.cookie("session");
  MW_FUZZ_CHECK(session.find(';') == std::string_view::npos);
  (void)api::accepts_gzip(request.header("Accept-Encoding"));
}

MW_FUZZ_TARGET(gunzip) {
  constexpr std::size_t kLimit = 1u << 20;
  const auto plain = api::gunzip(input, kLimit);
  if (!plain) {
    check_error(plain.error());
    return;
  }
  MW_FUZZ_CHECK(plain->size() <= kLimit);
  MW_FUZZ_CHECK(api::gunzip(api::gzip(*plain, 1), kLimit).value_or("no") == *plain);
  if (!plain->empty()) {
    const auto tight = api::gunzip(input, plain->size() - 1);
    MW_FUZZ_CHECK(!tight && tight.error().code == Errc::too_large);
  }
}

// ---- whole connections ------------------------------------------------------------------------------------

namespace {

api::Response plain_text(int status, std::string_view body) {
  api::Response out;
  out.status = status;
  out.content_type = "text/plain";
  out.body = body;
  return out;
}

/// Says back the body that it was sent; /live is a WebSocket that says back what it was sent.
class Echo final : public api::Application {
 public:
  void plan(api::Exchange& exchange) override {
    exchange.plan.body_limit = 4096;
    exchange.plan.live = exchange.request.target == "/live";
  }
  std::optional<api::Response> admit(api::Exchange&) override { return std::nullopt; }
  api::Response answer(api::Exchange& exchange) override {
    MW_FUZZ_CHECK(exchange.request.body.size() <= 4096);
    for (const auto& [name, value] : exchange.request.headers) {
      MW_FUZZ_CHECK(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
    }
    return plain_text(200, exchange.request.body);
  }
  api::LiveStart open_live(api::Exchange&) override {
    return {hub_.join("s", {}, {record::RecordId{1}}, 100), {}};
  }
  void live_message(api::LiveClient& client, std::string_view text) override {
    MW_FUZZ_CHECK(text.size() <= 64u << 10);
    client.reply(std::make_shared<const std::string>(text));
  }
  void live_closed(const std::shared_ptr<api::LiveClient>& client) override { hub_.leave(client); }
  api::Response refusal(int status, std::string_view code, std::string_view message,
                        const std::string&) override {
    check_text(code);
    check_text(message);
    return plain_text(status, code);
  }

 private:
  api::LiveHub hub_;
};

class Server {
 public:
  Server() {
    api::TransportOptions options;
    options.network_threads = 1;
    options.page_threads = options.upload_threads = options.sign_in_threads = 1;
    options.header_limit = 2048;
    transport_ = api::make_transport(options, echo_, *clock_);
    const Status started = transport_->start();
    if (!started) report_broken(__FILE__, __LINE__, started.error().text());
  }
  ~Server() { transport_->stop(Millis{1000}); }

  /// Sends it all, says that nothing more comes, and gives what the server said until it hung up.
  std::string talk(std::string_view bytes) const {
    const int socket = connected();
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // A reset port is free at once; else the ports of a million connections would run out.
    const linger reset{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    const timeval wait{8, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    for (std::size_t done = 0; done < bytes.size();) {
      const auto n = send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    shutdown(socket, SHUT_WR);
    std::string heard;
    char piece[4096];
    while (true) {
      const auto n = recv(socket, piece, sizeof piece, 0);
      if (n < 0 && errno == EINTR) continue;  // libFuzzer's clock
      MW_FUZZ_CHECK(n >= 0 || errno == ECONNRESET, "the server neither answers nor hangs up");
      if (n <= 0) break;
      heard.append(piece, static_cast<std::size_t>(n));
    }
    close(socket);
    return heard;
  }

 private:
  int connected() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(transport_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (;;) {
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
      const int why = errno;
      close(socket);
      MW_FUZZ_CHECK(why == EINTR, std::strerror(why));  // EINTR: libFuzzer's clock
      if (why != EINTR) return -1;
    }
  }

  std::unique_ptr<Clock> clock_ = system_clock();
  Echo echo_;
  std::unique_ptr<api::Transport> transport_;
};

const Server& server() {
  static const Server one;
  return one;
}

}  // namespace

/// A connection's bytes. Whatever they are, the answers are HTTP, and the next client is served.
MW_FUZZ_TARGET(http) {
  const std::string heard = server().talk(input);
  MW_FUZZ_CHECK(heard.empty() || heard.starts_with("HTTP/1.1 "), heard);
  static int count = 0;
  if (++count % 64 != 0) return;
  const std::string good = server().talk("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
  MW_FUZZ_CHECK(good.starts_with("HTTP/1.1 200 ") && good.ends_with("\r\n\r\nok"), good);
}

/// Bytes behind a good WebSocket handshake.
MW_FUZZ_TARGET(websocket) {
  static const std::string kHandshake =
      "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
      "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  const std::string heard = server().talk(kHandshake + std::string(input));
  MW_FUZZ_CHECK(heard.empty() || heard.starts_with("HTTP/1.1 101 "), heard);
  // RFC 6455 section 1.3 has this answer to this key.
  if (!heard.empty()) MW_FUZZ_CHECK(heard.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos, heard);
}

}  // namespace mineward::fuzz
