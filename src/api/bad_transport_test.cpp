/// What no honest client sends: requests that two readers could read in two ways, bodies without end, clients
/// that dribble, frames that break RFC 6455. Raw sockets; short time-outs are options, nothing here sleeps to
/// wait.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <list>

#include "api/transport_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Client;
using testing::TransportTest;
using Clock = std::chrono::steady_clock;

const std::string kHost = "Host: x\r\n";
const std::string kNext = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/// All that comes until the server closes.
std::string all_of(Client& client) { return client.take(1u << 30); }

std::size_t answers_in(const std::string& bytes) {
  std::size_t count = 0;
  for (auto at = bytes.find("HTTP/1.1 "); at != std::string::npos; at = bytes.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

/// Whether something came, or the end, within `wait`.
bool is_ready(const Client& client, int wait_ms) {
  pollfd ready{client.socket(), POLLIN, 0};
  return ::poll(&ready, 1, wait_ms) == 1;
}

/// After a request whose end is in doubt nothing may be read as another request: one refusal, then the end.
TEST_F(TransportTest, ARequestThatCanBeReadInTwoWaysIsRefusedAndTheConnectionEnds) {
  start();
  const std::string post = "POST / HTTP/1.1\r\n" + kHost;
  const struct {
    const char* why;
    std::string request;
  } cases[] = {
      {"length, then chunks", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunks, then length", post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
      {"two different lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
      {"a list of lengths", post + "Content-Length: 3, 4\r\n\r\nabcd"},
      {"a length with a sign", post + "Content-Length: +3\r\n\r\nabc"},
      {"a negative length", post + "Content-Length: -3\r\n\r\nabc"},
      {"a hexadecimal length", post + "Content-Length: 0x3\r\n\r\nabc"},
      {"a decimal length with a point", post + "Content-Length: 3.0\r\n\r\nabc"},
      {"an empty length", post + "Content-Length: \r\n\r\nabc"},
      {"a length above 64 bits", post + "Content-Length: 18446744073709551616\r\n\r\nabc"},
      {"an unknown coding", post + "Transfer-Encoding: gzip\r\n\r\nabc"},
      {"chunked is not the last coding", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"},
      {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a misspelt coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
      {"a blank before the colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"},
      {"a control character before the coding", post + "Transfer-Encoding: \x0b"
                                                       "chunked\r\n\r\n0\r\n\r\n"},
      {"a chunk size that overflows",
       post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"},
      {"a negative chunk", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n"},
      {"a chunk with 0x", post + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n"},
      {"a chunk longer than it says", post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n"},
      {"a chunk without its line end", post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc0\r\n\r\n"},
      {"a NUL in a field", "GET / HTTP/1.1\r\n" + kHost + std::string("X: a\0b\r\n\r\n", 10)},
      {"a CR alone in a field", "GET / HTTP/1.1\r\n" + kHost + "X: a\rb\r\n\r\n"},
      {"a field without a colon", "GET / HTTP/1.1\r\n" + kHost + "nonsense\r\n\r\n"},
      {"a field without a name", "GET / HTTP/1.1\r\n" + kHost + ": x\r\n\r\n"},
      {"a blank before the first field", "GET / HTTP/1.1\r\n " + kHost + "\r\n"},
      {"more after the version", "GET / HTTP/1.1 x\r\n" + kHost + "\r\n"},
      {"a version that is none", "GET / HTTP/9.9\r\n" + kHost + "\r\n"},
      {"no version", "GET /\r\n" + kHost + "\r\n"},
      {"a blank in the target", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n"},
      {"a method with a bracket", "G(T / HTTP/1.1\r\n" + kHost + "\r\n"},
      {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(40, 'r')},
      {"nothing but NULs", std::string(64, '\0')},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Client client(port());
    client.send(c.request + kNext);
    const std::string got = all_of(client);
    EXPECT_TRUE(got.starts_with("HTTP/1.1 400 ")) << got;
    EXPECT_EQ(answers_in(got), 1u) << got;
    EXPECT_EQ(got.find("/smuggled"), std::string::npos) << got;
  }
  EXPECT_EQ(echo_.answered, 0) << "none of them reached the application";
  Client client(port());
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\n" + kHost + "\r\n").status, 200);
}

TEST_F(TransportTest, ABodyShorterThanItsLengthNeverArrives) {
  start();
  {
    Client client(port());
    client.send("POST /cut HTTP/1.1\r\n" + kHost + "Content-Length: 50\r\n\r\nonly this");
    ::shutdown(client.socket(), SHUT_WR);
    EXPECT_EQ(all_of(client), "") << "nobody is there to be answered";
  }
  {
    Client client(port());
    client.send("POST /cut HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
    ::shutdown(client.socket(), SHUT_WR);
    EXPECT_EQ(all_of(client), "");
  }
  EXPECT_EQ(echo_.answered, 0);
}

TEST_F(TransportTest, WhatFollowsABodyIsTheNextRequestOrTheEnd) {
  start();
  {
    Client client(port());
    client.send("POST /1 HTTP/1.1\r\n" + kHost +
                "Content-Length: 2\r\n\r\nok, and more than was said\r\n\r\n");
    const std::string got = all_of(client);
    EXPECT_EQ(answers_in(got), 2u) << got;
    EXPECT_NE(got.find("POST /1 ok"), std::string::npos);
    EXPECT_EQ(got.find("more than was said"), std::string::npos);
    EXPECT_NE(got.find("HTTP/1.1 400 "), std::string::npos);
  }
  Client client(port());
  std::string garbage = "GET /2 HTTP/1.1\r\n" + kHost + "\r\n";
  for (int i = 0; i < 4096; ++i) garbage += static_cast<char>(i * 131 % 251);
  client.send(garbage);
  const std::string got = all_of(client);
  EXPECT_EQ(answers_in(got), 2u) << got.substr(0, 500);
  EXPECT_NE(got.find("GET /2 "), std::string::npos);
  EXPECT_EQ(echo_.answered, 2);
}

/// A gigabyte is announced, or comes without a length: it is refused at the limit, and never held.
TEST_F(TransportTest, AGigabyteIsRefusedAtTheLimitAndNeverHeld) {
  start();
  const long before = testing::memory_kib();
  {
    Client client(port());
    EXPECT_EQ(client.ask("POST / HTTP/1.1\r\n" + kHost + "Content-Length: 1073741824\r\n\r\n").status, 413)
        << "before a byte of it was sent";
  }
  const std::string megabyte = "100000\r\n" + std::string(1u << 20, 'x') + "\r\n";
  Client client(port());
  client.send("POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n");
  int sent = 0;
  while (sent < 1024 && !is_ready(client, 0) && client.send(megabyte)) ++sent;
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_LT(sent, 64) << "MiB of a gigabyte taken by sockets before the refusal; the limit is 100,000 bytes";
  EXPECT_EQ(echo_.answered, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(testing::memory_kib() - before, 32 << 10) << "KiB more than before";
#else
  (void)before;
#endif
}

/// A byte now and then, in the head and in the body: each dribbler gets 408, others are served all the while.
TEST_F(TransportTest, DribblersAreToldAndOthersAreServedMeanwhile) {
  TransportOptions options;
  options.network_threads = 1;
  options.header_timeout = options.body_timeout = Millis(400);
  options.read_timeout = Millis(10'000);  // each byte comes in time; the whole does not
  start(options);
  const std::string head = "GET /" + std::string(4000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n";
  const std::string body =
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 50000\r\n\r\n" + std::string(50000, 'b');
  std::list<Client> in_head, in_body;
  for (int i = 0; i < 20; ++i) {
    in_head.emplace_back(port());
    in_body.emplace_back(port()).send(std::string_view(body).substr(0, 100));
  }
  Client other(port());
  int served = 0;
  const auto give_up = Clock::now() + std::chrono::seconds(10);
  std::size_t at = 0;
  const auto is_told = [](const Client& client) { return is_ready(client, 0); };
  const auto all_told = [&] {
    return std::all_of(in_head.begin(), in_head.end(), is_told) &&
           std::all_of(in_body.begin(), in_body.end(), is_told);
  };
  while (!all_told() && Clock::now() < give_up) {
    for (auto& client : in_head) client.send(std::string_view(head).substr(at, 1));
    for (auto& client : in_body) client.send(std::string_view(body).substr(100 + at, 1));
    ++at;
    EXPECT_EQ(other.ask("GET /other HTTP/1.1\r\n" + kHost + "\r\n").status, 200);
    ++served;
    is_ready(other, 5);  // the pace of the dribble
  }
  for (auto& client : in_head) EXPECT_EQ(client.receive().status, 408);
  for (auto& client : in_body) EXPECT_EQ(client.receive().status, 408);
  EXPECT_GT(served, 3);
  EXPECT_LT(at, 4000u);
  EXPECT_EQ(echo_.answered, served);
}

TEST_F(TransportTest, IdleConnectionsAreBoundedAndGiveTheirPlacesBack) {
  TransportOptions options;
  options.max_connections = 100;
  options.idle_timeout = Millis(300);
  start(options);
  std::list<Client> idle;
  for (int i = 0; i < 150; ++i) {
    idle.emplace_back(port());
    idle.back().send("G");  // in the head of a request for the first, refused for the rest
  }
  const auto open = [&] {
    return std::count_if(idle.begin(), idle.end(), [](const Client& client) { return !is_ready(client, 0); });
  };
  const auto give_up = Clock::now() + std::chrono::seconds(20);
  while (open() > 100 && Clock::now() < give_up) is_ready(idle.back(), 10);
  EXPECT_EQ(open(), 100);
  int status = 0;
  idle.clear();
  while (status != 200 && Clock::now() < give_up) {
    Client client(port());
    status = client.ask("GET / HTTP/1.1\r\n" + kHost + "\r\n").status;
  }
  EXPECT_EQ(status, 200) << "their places are free again";
  std::list<Client> silent;
  for (int i = 0; i < 100; ++i) silent.emplace_back(port());
  for (auto& client : silent) EXPECT_TRUE(client.closed()) << "who says nothing is let go";
}

TEST_F(TransportTest, HeadsAreBoundedInBytesAndFields) {
  TransportOptions options;
  options.header_limit = 4096;
  start(options);
  const struct {
    const char* why;
    std::string request;
  } cases[] = {
      {"a long target", "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n"},
      {"a long query", "GET /?q=" + std::string(100'000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n"},
      {"a long method", std::string(100'000, 'A') + " / HTTP/1.1\r\n" + kHost + "\r\n"},
      {"a long field name", "GET / HTTP/1.1\r\n" + kHost + std::string(100'000, 'a') + ": x\r\n\r\n"},
      {"many fields",
       [] {
         std::string out = "GET / HTTP/1.1\r\n" + kHost;
         for (int i = 0; i < 10'000; ++i) out += fmt::format("X{}: y\r\n", i);
         return out + "\r\n";
       }()},
      {"a head without end", "GET / HTTP/1.1\r\n" + kHost + "X: " + std::string(1u << 20, 'a')},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Client client(port());
    client.send(c.request);
    const int status = client.receive().status;
    EXPECT_TRUE(status == 431 || (status == 400 && std::string_view(c.why) == "a long method")) << status;
  }
  EXPECT_EQ(echo_.answered, 0);
}

// ---- WebSocket frames

constexpr std::string_view kUpgrade =
    "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
    "13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A frame with a mask of zeros.
std::string frame(unsigned char first, const std::string& payload) {
  std::string out(1, static_cast<char>(first));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0xff);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift & 0xff);
  }
  return out + std::string(4, '\0') + payload;
}

TEST_F(TransportTest, BadWebSocketFramesEndTheConnectionAndNothingElse) {
  start();
  const struct {
    const char* why;
    std::string bytes;
    int code;  ///< of the close frame; 0 = any, or the connection just ends
  } cases[] = {
      {"no mask",
       std::string("\x81\x03"
                   "abc"),
       1002},
      {"a reserved opcode", frame(0x83, "abc"), 1002},
      {"a reserved control opcode", frame(0x8b, ""), 1002},
      {"a reserved bit", frame(0xc1, "abc"), 1002},
      {"a ping of 126 bytes", frame(0x89, std::string(126, 'p')), 1002},
      {"a ping in parts", frame(0x09, "p"), 1002},
      {"a continuation of nothing", frame(0x80, "abc"), 1002},
      {"a text inside a text", frame(0x01, "ab") + frame(0x81, "cd"), 1002},
      {"text that is not UTF-8", frame(0x81, "\xff\xfe"), 1007},
      {"half a character at the end", frame(0x81, "\xe7\x9f"), 1007},
      {"a close of one byte", frame(0x88, "x"), 1002},
      {"a close with a code that is none", frame(0x88, std::string("\x00\x05", 2)), 1002},
      {"a close whose reason is not UTF-8", frame(0x88, std::string("\x03\xe8\xff", 3)), 0},
      {"a message above the limit", frame(0x81, std::string((64u << 10) + 1, 'm')), 1009},
      {"a message of 2^62 bytes", std::string("\x81\xff\x40\0\0\0\0\0\0\0\0\0\0\0", 14), 1009},
      {"a length with its highest bit set", std::string("\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14), 0},
      {"a short length written long",
       std::string("\x81\xfe\0\x01\0\0\0\0"
                   "a",
                   9),
       1002},
      {"HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1002},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Client client(port());
    client.send(kUpgrade);
    ASSERT_EQ(client.receive(false).status, 101);
    client.send(testing::text_frame("first"));
    ASSERT_EQ(testing::read_frame(client).payload, "FIRST");
    client.send(c.bytes);
    const testing::Frame end = testing::read_frame(client);
    EXPECT_TRUE(end.opcode == 8 || end.opcode == -1) << end.opcode << " " << end.payload;
    if (c.code != 0) {
      EXPECT_EQ(end.close_code(), c.code);
    }
    EXPECT_TRUE(client.closed());
  }
  Client other(port());
  EXPECT_EQ(other.ask("GET / HTTP/1.1\r\n" + kHost + "\r\n").status, 200);
  other.send(kUpgrade);
  EXPECT_EQ(other.receive(false).status, 101);
}

}  // namespace
}  // namespace mineward::api
