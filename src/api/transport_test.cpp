#include "api/transport.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <future>

#include "api/transport_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Client;
using testing::Echo;
using testing::TransportTest;

TEST_F(TransportTest, AnswersWhatHttpAllowsAndRefusesWhatItForbids) {
  TransportOptions options;
  options.header_limit = 2048;
  start(options);
  const std::string host = "Host: x\r\n";
  const std::string long_field = "X: " + std::string(4000, 'a') + "\r\n";
  const struct {
    const char* why;
    std::string request;
    int status;
    const char* body;
  } cases[] = {
      {"plain GET", "GET /a?b=1 HTTP/1.1\r\n" + host + "\r\n", 200, "GET /a?b=1 "},
      {"body by length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 200, "POST / abc"},
      {"body in chunks",
       "POST / HTTP/1.1\r\n" + host +
           "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n",
       200, "POST / abcde"},
      {"empty body in chunks", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       200, "POST / "},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200, "GET / "},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad_input"},
      {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "bad_input"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", 400, "bad_input"},
      {"no HTTP", "hello there\r\n\r\n", 400, "bad_input"},
      {"length and chunks",
       "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400,
       "bad_input"},
      {"two lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400,
       "bad_input"},
      {"negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400, "bad_input"},
      {"bad chunk size", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
       400, "bad_input"},
      {"head too large", "GET / HTTP/1.1\r\n" + host + long_field + "\r\n", 431, "too_large"},
      {"length over the limit", "POST / HTTP/1.1\r\n" + host + "Content-Length: 100001\r\n\r\n", 413,
       "too_large"},
      {"length at the limit",
       "POST / HTTP/1.1\r\n" + host + "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'y'), 200,
       nullptr},
      {"chunks over the limit",
       "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n186A1\r\n" +
           std::string(100'001, 'z'),
       413, "too_large"},
      {"absurd length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 18446744073709551615\r\n\r\n", 413,
       "too_large"},
      {"bad escape in the path", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400, "bad_input"},
      {"NUL in the path", "GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400, "bad_input"},
      {"absolute form", "GET http://x/ HTTP/1.1\r\n" + host + "\r\n", 400, "bad_input"},
      {"answered before the body", "POST /refuse HTTP/1.1\r\n" + host + "Content-Length: 50000\r\n\r\n", 403,
       "refused"},
      {"not admitted before the body", "POST /guarded HTTP/1.1\r\n" + host + "Content-Length: 50000\r\n\r\n",
       401, "not admitted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Client client(port());
    const Answer answer = client.ask(c.request);
    EXPECT_EQ(answer.status, c.status);
    if (c.body) {
      EXPECT_EQ(answer.body, c.body);
    }
    if (answer.header("connection") == "close") {
      EXPECT_TRUE(client.closed());
    }
  }
}

TEST_F(TransportTest, KeepsTheConnectionAndAnswersInOrderWhenPipelined) {
  start();
  Client client(port());
  client.send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhiGET /3 "
      "HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, "GET /1 ");
  EXPECT_EQ(client.receive().body, "POST /2 hi");
  EXPECT_EQ(client.receive().body, "GET /3 ");
  const Answer head = [&] {
    client.send("HEAD /4 HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.receive(false);
  }();
  EXPECT_EQ(head.header("content-length"), "8");
  EXPECT_EQ(client.ask("GET /5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").body, "GET /5 ")
      << "HEAD sent a body";
  EXPECT_TRUE(client.closed());
}

TEST_F(TransportTest, TakesARequestByteForByte) {
  start();
  Client client(port());
  for (const char c : std::string("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"))
    client.send({&c, 1});
  EXPECT_EQ(client.receive().body, "POST /x ok");
}

TEST_F(TransportTest, SaysContinueWhenAsked) {
  start();
  Client client(port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.take(25), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("ok").body, "POST / ok");
}

TEST_F(TransportTest, GivesUpOnSlowClients) {
  TransportOptions options;
  options.idle_timeout = options.header_timeout = options.read_timeout = Millis(50);
  start(options);
  Client silent(port());
  EXPECT_TRUE(silent.closed());
  Client slow_head(port());
  EXPECT_EQ(slow_head.ask("GET / HTTP/1.1\r\nHos").status, 408);
  Client slow_body(port());
  EXPECT_EQ(slow_body.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab").status, 408);
}

TEST_F(TransportTest, CutsAClientThatDoesNotRead) {
  TransportOptions options;
  options.write_timeout = Millis(100);
  options.max_connections = 1;
  start(options);
  Client client(port(), 4096);
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(client.take(8), "HTTP/1.1");
  // There is room for one: another is served only after the server gave up on the first, which reads no
  // further.
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < give_up) {
    Client second(port());
    status = second.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status;
  }
  EXPECT_EQ(status, 200);
  EXPECT_LT(client.take(64u << 20).size(), 32u << 20) << "the answer was cut";
}

TEST_F(TransportTest, StopLetsARunningRequestFinish) {
  start();
  Client idle(port());
  idle.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  Client client(port());
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  echo_.entered.wait();
  auto stopped = std::async(std::launch::async, [&] { transport_->stop(Millis(20'000)); });
  EXPECT_TRUE(idle.closed()) << "idle connections end at once";
  echo_.let_go.count_down();
  const Answer answer = client.receive();
  EXPECT_EQ(answer.body, "GET /slow ");
  EXPECT_EQ(answer.header("connection"), "close");
  stopped.get();
  EXPECT_FALSE(Client(port()).connected());
}

TEST_F(TransportTest, RefusesWhatAFullLaneCannotTake) {
  TransportOptions options;
  options.upload_threads = 1;
  options.upload_queue = 0;
  start(options);
  Client client(port());
  const Answer answer = client.ask("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(client.ask("GET /page HTTP/1.1\r\nHost: x\r\n\r\n").status, 200) << "another lane goes on";
}

TEST_F(TransportTest, RefusesBodiesOverTheSharedBudget) {
  TransportOptions options;
  options.body_bytes_in_flight = 10;
  start(options);
  Client client(port());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n").status, 429);
  Client second(port());
  EXPECT_EQ(second.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789").status, 200);
  EXPECT_EQ(second.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789").status, 200)
      << "the budget comes back";
}

TEST_F(TransportTest, RefusesConnectionsOverTheLimit) {
  TransportOptions options;
  options.max_connections = 1;
  start(options);
  Client first(port());
  EXPECT_EQ(first.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  Client second(port());
  EXPECT_TRUE(second.closed());
}

TEST_F(TransportTest, SaysWhyItCannotListen) {
  start();
  TransportOptions taken;
  taken.port = port();
  auto second = make_transport(taken, echo_, clock_);
  const Status started = second->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::unavailable);
  TransportOptions bad_key;
  bad_key.tls_certificate = bad_key.tls_key = "/nonexistent/key.pem";
  EXPECT_EQ(make_transport(bad_key, echo_, clock_)->start().error().code, Errc::bad_input);
}

// ---- WebSocket and TLS
// -------------------------------------------------------------------------------------------

constexpr std::string_view kUpgrade =
    "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
    "13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

TEST_F(TransportTest, CarriesWebSocketsBothWaysAndEndsThem) {
  start();
  for (int round = 0; round < 20; ++round) {
    Client client(port());
    client.send(kUpgrade);
    ASSERT_EQ(client.receive(false).status, 101);
    client.send(testing::text_frame("abc") + testing::text_frame("def"));
    EXPECT_EQ(testing::read_frame(client).payload, "ABC");
    EXPECT_EQ(testing::read_frame(client).payload, "DEF");
    if (round % 3 == 0) {  // the server closes
      for (const auto& joined : echo_.hub.clients()) joined->end(4401);
      EXPECT_EQ(testing::read_frame(client).close_code(), 4401);
    } else if (round % 3 == 1) {  // the client closes
      client.send(std::string("\x88\x80\0\0\0\0", 6));
      EXPECT_EQ(testing::read_frame(client).opcode, 8);
    }  // else the client goes without a word
  }
  Client open(port());
  open.send(kUpgrade);
  ASSERT_EQ(open.receive(false).status, 101);
  open.send(testing::text_frame("x"));
  EXPECT_EQ(testing::read_frame(open).payload, "X");
  // A stop without a close first, as when a client never answers it: nothing may be left behind (address
  // sanitizer).
  transport_->stop(Millis(0));
  echo_.hub.publish({watch::LiveEvent::Kind::alarm, {}, record::RecordId{1}, "late"});
}

TEST_F(TransportTest, AHandshakeIsWantedForAWebSocket) {
  start();
  Client client(port());
  EXPECT_EQ(client.ask("GET /live HTTP/1.1\r\nHost: x\r\n\r\n").status, 426);
}

/// A key and its own certificate in one PEM file.
std::string make_certificate() {
  std::string path = "/tmp/mw_tls_XXXXXX";
  const int file = mkstemp(path.data());
  EVP_PKEY* key = EVP_RSA_gen(2048);
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_sign(certificate, key, EVP_sha256());
  FILE* out = fdopen(file, "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_X509(out, certificate);
  fclose(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return path;
}

/// A TLS client: sends, and gives what comes until `ending` was seen or the connection ended.
struct TlsClient {
  explicit TlsClient(std::uint16_t port) : plain(port) {
    SSL_set_fd(ssl, plain.socket());
    connected = SSL_connect(ssl) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
  std::string ask(std::string_view request, std::string_view ending) {
    SSL_write(ssl, request.data(), static_cast<int>(request.size()));
    std::string got;
    char piece[4096];
    for (int n = 1; n > 0 && !got.ends_with(ending);) {
      n = SSL_read(ssl, piece, sizeof piece);
      if (n > 0) got.append(piece, static_cast<std::size_t>(n));
    }
    return got;
  }
  Client plain;
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  bool connected = false;
};

TEST_F(TransportTest, SpeaksTls) {
  TransportOptions options;
  options.tls_certificate = options.tls_key = make_certificate();
  start(options);
  std::remove(options.tls_key.c_str());
  {
    TlsClient client(port());
    ASSERT_TRUE(client.connected);
    EXPECT_TRUE(client.ask("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", "POST /a hi")
                    .ends_with("POST /a hi"));
    EXPECT_TRUE(client.ask("GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /b ")
                    .ends_with("GET /b "));
    EXPECT_EQ(client.ask("", "x"), "") << "closed in order";
  }
  {
    TlsClient live(port());
    ASSERT_TRUE(live.connected);
    EXPECT_TRUE(live.ask(kUpgrade, "\r\n\r\n").starts_with("HTTP/1.1 101"));
    EXPECT_EQ(live.ask(testing::text_frame("abc"), "ABC"),
              "\x81\x03"
              "ABC");
  }
  Client plain(port());
  EXPECT_NE(plain.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200) << "no plain HTTP on a TLS port";
}

}  // namespace
}  // namespace mineward::api
