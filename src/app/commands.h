/// The commands of `mineward`. Each returns the exit code: 0 done, 1 ran and found faults, 2 wrong use.
/// Data goes to stdout, messages to stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mineward::app {

constexpr int kDone = 0;
constexpr int kFaults = 1;
constexpr int kWrongUse = 2;

struct ServeOptions {
  std::string data;
  std::string config;  ///< file; empty = <data>/config.yaml if it is there
  std::string listen;  ///< empty = as configured
  std::string now;     ///< start the clock at this time; empty = the machine's
};
int serve(const ServeOptions&);

struct DemoOptions {
  std::string data = "demo-data";
  std::string listen = "127.0.0.1:8080";
  std::string speed = "max";     ///< how fast the past is replayed: a factor, or "max"
  std::string live_speed = "1";  ///< how fast time runs afterwards
  double hours = 6;              ///< how much past to replay
  std::uint64_t seed = 20260112;
  bool no_serve = false;
  std::string examples;  ///< folder; empty = beside the program
};
int demo(const DemoOptions&);

struct DecodeOptions {
  std::string dialect;
  std::vector<std::string> packs;
  std::vector<std::string> files;
};
int decode(const DecodeOptions&);

struct ImportOptions {
  std::string data;
  std::vector<std::string> paths;
  bool quiet = false;
};
int import_uploads(const ImportOptions&);

struct PackOptions {
  std::vector<std::string> folders;
};
int pack_check(const PackOptions&);
int pack_test(const PackOptions&);
int pack_coverage(const PackOptions&);

struct FormOptions {
  std::string form;  ///< name, such as annex2
  std::string data, region, month;
  std::string format = "json";  ///< json, csv or xlsx
  std::string out;              ///< file; empty = stdout
  bool summary = false;         ///< the sum of the units below, also for a region that files itself
  bool now = false;             ///< count the records now, also when the form is filed
};
int form(const FormOptions&);

struct ClauseOptions {
  std::string data;
  std::vector<std::string> words;  ///< all must occur, in either language; an id is a word too
  std::string mine;                ///< id or code; empty = no standing
  std::string on;                  ///< only duties whose period holds this day; empty = of all time
};
int clause(const ClauseOptions&);

struct VerifyOptions {
  std::string data;
};
int verify(const VerifyOptions&);

struct BackupOptions {
  std::string data;
  std::string file;
};
int backup(const BackupOptions&);
int restore(const BackupOptions&);

struct UserOptions {
  std::string data;
  std::string name, display_name, organisation;
  std::vector<std::string> roles;
};
int user_add(const UserOptions&);
int user_disable(const UserOptions&);
int user_reset(const UserOptions&);
int user_list(const UserOptions&);

int config_check(const std::string& file);

/// Lists the names that MINEWARD_CRASH_AT takes; for tests of what a killed node leaves behind.
int list_crash_points();

}  // namespace mineward::app
