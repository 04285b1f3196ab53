/// The configuration file of a node: one YAML file, every key declared in one table (config.cpp), an unknown
/// key is an error that names the nearest known one. docs/config.md is checked against the same table by a
/// test.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace mineward::app {

struct Config {
  std::string node_name = "mineward";
  std::int64_t node_number = 1;  ///< 0..1023, unique among linked nodes: part of every record id
  std::string listen = "127.0.0.1:8080";
  std::string database;                  ///< empty = SQLite in the data folder
  std::vector<std::string> packs;        ///< folders; empty = the packs beside the program
  std::string web_folder;                ///< empty = the interface beside the program
  std::string drop_folder;               ///< empty = <data>/drop
  std::string tls_certificate, tls_key;  ///< PEM files; both or none
  std::int64_t network_threads = 1;
  std::int64_t workers = 2;
  std::int64_t upload_limit_mib = 64;
  std::int64_t attachment_limit_mib = 20;
  std::int64_t requests_per_minute = 1200;  ///< per client address
  Millis session_idle = std::chrono::hours(8);
  Millis session_lifetime = std::chrono::hours(24);
  std::int64_t lockout_failures = 5;
  Millis lockout = std::chrono::minutes(15);
  Millis raw_retention = std::chrono::hours(24 * 92);
  Millis statistics_retention = std::chrono::hours(24 * 731);
  Millis quarantine_keep = std::chrono::hours(48);
  std::string public_url;  ///< where the public reaches this node; without a slash at the end
  std::string paper_body_font, paper_title_font, paper_table_font;  ///< empty = as paper/press.h says
  std::string log_level = "info";
};

/// One declared key, for messages and the documentation.
struct ConfigKey {
  std::string name;  ///< "history.raw_retention"
  std::string kind;  ///< "text", "whole number", "duration", "list of folders", "host:port"
  std::string meaning;
};
std::span<const ConfigKey> config_keys();

/// All mistakes at once, as "file:line: found ..., expected ...".
struct ConfigOutcome {
  Config config;
  std::vector<std::string> mistakes;
};
ConfigOutcome parse_config(std::string_view yaml, const std::string& file);
ConfigOutcome load_config(const std::string& file);

/// "127.0.0.1:8080", "[::1]:8080", ":8080" (all addresses).
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};
Result<HostPort> parse_host_port(std::string_view text);

}  // namespace mineward::app
