/// Settings of the server, plain values; the app folder fills them from the config file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/accounts.h"
#include "base/time.h"
#include "paper/papers.h"

namespace mineward::api {

struct Rate {
  double per_second = 0;  ///< refill; 0 = no limit
  double burst = 0;       ///< largest balance
};

/// The pages that need no sign-in. Rates are of one address unless said otherwise.
struct PublicDoorOptions {
  Rate asked{2, 60};         ///< questions of the form
  Rate left{1.0 / 60, 20};   ///< tip-offs; people of one town may share an address of their telephone company
  Rate left_by_all{1, 120};  ///< tip-offs from everywhere together
  Rate codes{0.2, 20};       ///< tries of a follow-up code
  int proof_bits = 17;       ///< about a second of an old telephone
};

struct SessionOptions {
  Millis idle{2 * 3600 * 1000};      ///< ends without a request or an open live connection for so long
  Millis longest{72 * 3600 * 1000};  ///< ends whatever happens
  int failures_before_lock = 5;      ///< wrong passwords in a row
  Millis lock_for{15 * 60 * 1000};
  PasswordCost cost;
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0 = any free one
  std::string node_name = "mineward";

  int network_threads = 2, page_threads = 4, upload_threads = 12, sign_in_threads = 1;
  std::size_t page_queue = 512, upload_queue = 64,
              sign_in_queue = 32;  ///< waiting requests; one more gets 503
  int max_connections = 4096;
  std::size_t max_live_clients = 1000;

  std::size_t upload_limit = 64u << 20;  ///< bytes, also after unpacking gzip
  std::size_t attachment_limit = 20u << 20;
  std::size_t csv_limit = 16u << 20;
  std::size_t json_limit = 1u << 20;
  std::size_t header_limit = 16u << 10;
  std::size_t body_bytes_in_flight = 512u << 20;  ///< over all connections

  Millis idle_timeout{75'000}, header_timeout{10'000}, read_timeout{30'000}, body_timeout{300'000};
  Millis write_timeout{60'000}, answer_timeout{120'000};
  Millis stop_deadline{10'000};  ///< stop() lets running requests finish for so long

  Rate per_address{200, 1000};  ///< requests; many people of one office share an address
  Rate files_per_address{
      2000, 10'000};  ///< of the web interface, counted apart: a first page asks for some eighty of them
  Rate per_account{100, 500};
  Rate sign_in_per_address{0.5, 20};
  Rate verify_per_address{0.5, 20};  ///< codes of papers asked for by anybody
  std::size_t rate_keys = 10'000;    ///< addresses and accounts remembered

  SessionOptions sessions;
  paper::Settings papers;
  PublicDoorOptions public_door;
  std::string web_folder;                ///< built web interface; empty = none
  std::string data_folder;               ///< whose disk /readyz looks at; empty = none
  std::string tls_certificate, tls_key;  ///< PEM files; empty = plain HTTP
  bool behind_proxy = false;             ///< believe X-Forwarded-For and X-Forwarded-Proto of the last hop
  std::vector<std::string> allowed_origins;  ///< of WebSockets, besides our own host: "https://board.example"
  bool access_log = true;
};

}  // namespace mineward::api
