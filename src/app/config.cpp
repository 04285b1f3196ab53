#include "app/config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "base/text.h"

namespace mineward::app {
namespace {

/// Reads one value into the config; an error says what was expected.
using Setter = std::function<Status(Config&, const YAML::Node&)>;

struct Key {
  ConfigKey described;
  Setter set;
};

/// The library takes a NUL for a backslash, and writes the escapes \_ and \N as single bytes.
std::string name_of_key(const YAML::Node& key) {
  return key.IsScalar() ? as_utf8(key.Scalar()) : std::string();
}

Result<std::string> scalar(const YAML::Node& node, std::string_view expected) {
  if (!node.IsScalar())
    return bad_input(fmt::format("found a {}, expected {}", node.IsMap() ? "map" : "list", expected));
  if (!is_utf8(node.Scalar())) return bad_input("found the escape \\_ or \\N, expected \\u00a0 or \\u0085");
  return node.Scalar();
}

Setter text(std::string Config::*member) {
  return [member](Config& config, const YAML::Node& node) -> Status {
    MW_ASSIGN(config.*member, scalar(node, "a text"));
    return {};
  };
}

Setter one_of(std::string Config::*member, std::vector<std::string> allowed) {
  return [member, allowed](Config& config, const YAML::Node& node) -> Status {
    MW_ASSIGN(const std::string value, scalar(node, "a word"));
    for (const auto& word : allowed) {
      if (word == value) {
        config.*member = value;
        return {};
      }
    }
    return bad_input(fmt::format("found \"{}\", expected one of: {}", value, join(allowed, ", ")));
  };
}

Setter whole(std::int64_t Config::*member, std::int64_t min, std::int64_t max) {
  return [=](Config& config, const YAML::Node& node) -> Status {
    MW_ASSIGN(const std::string value, scalar(node, "a whole number"));
    const auto number = parse_integer(value);
    if (!number || *number < min || *number > max) {
      return bad_input(fmt::format("found \"{}\", expected a whole number from {} to {}", value, min, max));
    }
    config.*member = *number;
    return {};
  };
}

Setter duration(Millis Config::*member, Millis min, Millis max) {
  return [=](Config& config, const YAML::Node& node) -> Status {
    MW_ASSIGN(const std::string value, scalar(node, "a duration"));
    MW_ASSIGN(const Millis parsed, parse_duration(value));
    if (parsed < min || parsed > max) {
      return bad_input(fmt::format("found \"{}\", expected from {} to {}", value, format_duration(min),
                                   format_duration(max)));
    }
    config.*member = parsed;
    return {};
  };
}

Setter folders(std::vector<std::string> Config::*member) {
  return [member](Config& config, const YAML::Node& node) -> Status {
    if (!node.IsSequence()) return bad_input("found no list, expected a list of folders");
    for (const auto& item : node) {
      MW_ASSIGN(std::string folder, scalar(item, "a folder"));
      (config.*member).push_back(std::move(folder));
    }
    return {};
  };
}

Setter host_port(std::string Config::*member) {
  return [member](Config& config, const YAML::Node& node) -> Status {
    MW_ASSIGN(config.*member, scalar(node, "HOST:PORT"));
    const auto parsed = parse_host_port(config.*member);
    if (!parsed) return parsed.error();
    return {};
  };
}

Status public_url(Config& config, const YAML::Node& node) {
  MW_ASSIGN(std::string url, scalar(node, "an address"));
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    return bad_input(
        fmt::format("found \"{}\", expected an address that begins with https:// or http://", url));
  while (url.ends_with('/')) url.pop_back();
  config.public_url = std::move(url);
  return {};
}

const std::vector<Key>& keys() {
  using namespace std::chrono;
  static const std::vector<Key> table = {
      {{"node.name", "text", "Name of this node, shown in the interface and to linked nodes."},
       text(&Config::node_name)},
      {{"node.number", "whole number",
        "0 to 1023; unique among linked nodes, because it is part of every record id."},
       whole(&Config::node_number, 0, 1023)},
      {{"server.listen", "host:port", "Where to answer HTTP. Only this machine by default."},
       host_port(&Config::listen)},
      {{"server.web_folder", "text", "Folder of the built interface. Default: beside the program."},
       text(&Config::web_folder)},
      {{"server.tls_certificate", "text", "PEM file with the certificate chain."},
       text(&Config::tls_certificate)},
      {{"server.tls_key", "text", "PEM file with the private key."}, text(&Config::tls_key)},
      {{"server.network_threads", "whole number", "Threads that move bytes."},
       whole(&Config::network_threads, 1, 64)},
      {{"server.workers", "whole number", "Threads that answer requests."}, whole(&Config::workers, 1, 256)},
      {{"server.upload_limit_mib", "whole number", "Largest upload file, in MiB, after unpacking."},
       whole(&Config::upload_limit_mib, 1, 1024)},
      {{"server.attachment_limit_mib", "whole number", "Largest attachment, in MiB."},
       whole(&Config::attachment_limit_mib, 1, 512)},
      {{"server.requests_per_minute", "whole number",
        "Requests a minute from one client address before 429."},
       whole(&Config::requests_per_minute, 10, 1000000)},
      {{"session.idle", "duration", "A session ends after so long without a request."},
       duration(&Config::session_idle, minutes(1), hours(24 * 7))},
      {{"session.lifetime", "duration", "A session ends after so long in any case."},
       duration(&Config::session_lifetime, minutes(5), hours(24 * 30))},
      {{"session.lockout_failures", "whole number", "Wrong passwords in a row before an account is locked."},
       whole(&Config::lockout_failures, 3, 100)},
      {{"session.lockout", "duration", "How long it stays locked."},
       duration(&Config::lockout, minutes(1), hours(24))},
      {{"database.url", "text", "postgresql://… for PostgreSQL. Default: SQLite in the data folder."},
       text(&Config::database)},
      {{"packs.folders", "list of folders", "Packs in force. Default: the packs beside the program."},
       folders(&Config::packs)},
      {{"intake.drop_folder", "text",
        "Folder that mines drop files into. Default: drop/ in the data folder."},
       text(&Config::drop_folder)},
      {{"intake.quarantine_keep", "duration",
        "How long readings of unknown points wait for their definition."},
       duration(&Config::quarantine_keep, hours(1), hours(24 * 30))},
      {{"history.raw_retention", "duration",
        "How long single readings are kept (monitoring.md 2.5: 3 months and more)."},
       duration(&Config::raw_retention, hours(24 * 90), hours(24 * 3660))},
      {{"history.statistics_retention", "duration",
        "How long 5-minute statistics are kept (2 years and more)."},
       duration(&Config::statistics_retention, hours(24 * 730), hours(24 * 36600))},
      {{"server.public_url", "text",
        "Where the public reaches this node, such as https://aq.example.gov.cn: printed in QR codes."},
       public_url},
      {{"papers.body_font", "text",
        "Font families of running text, in turn. Default: FangSong, else Noto Serif CJK SC."},
       text(&Config::paper_body_font)},
      {{"papers.title_font", "text", "Of titles. Default: FZXiaoBiaoSong-B05S, else Noto Serif CJK SC."},
       text(&Config::paper_title_font)},
      {{"papers.table_font", "text", "Of tables. Default: SimSun, else Noto Serif CJK SC."},
       text(&Config::paper_table_font)},
      {{"log.level", "text", "debug, info, warning or error."},
       one_of(&Config::log_level, {"debug", "info", "warning", "error"})},
  };
  return table;
}

std::string at(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : fmt::format("{}:{}", file, mark.line + 1);
}

void read_key(const std::string& name, const YAML::Node& key, const YAML::Node& value,
              const std::string& file, std::set<std::string>& seen, ConfigOutcome& out) {
  if (!seen.insert(name).second) {
    out.mistakes.push_back(
        fmt::format("{}: found the key \"{}\" twice, expected it once", at(file, key.Mark()), name));
    return;
  }
  std::vector<std::string> names;
  for (const auto& known : keys()) {
    names.push_back(known.described.name);
    if (known.described.name != name) continue;
    const Status status = known.set(out.config, value);
    if (!status) {
      out.mistakes.push_back(fmt::format("{}: {}: {}", at(file, value.Mark()), name, status.error().text()));
    }
    return;
  }
  const std::string near = nearest(name, names);
  out.mistakes.push_back(fmt::format(
      "{}: found the unknown key \"{}\"{}", at(file, key.Mark()), name,
      near.empty() ? ", expected one of: " + join(names, ", ") : ", did you mean \"" + near + "\"?"));
}

}  // namespace

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> described = [] {
    std::vector<ConfigKey> out;
    for (const auto& key : keys()) out.push_back(key.described);
    return out;
  }();
  return described;
}

ConfigOutcome parse_config(std::string_view yaml, const std::string& file) {
  ConfigOutcome out;
  if (const auto bad = first_invalid_utf8(yaml)) {
    out.mistakes.push_back(fmt::format("{}: byte {} is not UTF-8", file, *bad));
    return out;
  }
  if (const auto nul = yaml.find('\0'); nul != std::string_view::npos) {
    out.mistakes.push_back(fmt::format("{}: byte {} is 0, expected text", file, nul));
    return out;
  }
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (root.IsNull()) return out;
    if (!root.IsMap()) {
      out.mistakes.push_back(file + ": found no map, expected sections such as \"server:\"");
      return out;
    }
    std::set<std::string> seen;
    for (const auto& section : root) {
      const std::string name = name_of_key(section.first);
      if (!section.second.IsMap()) {
        read_key(name, section.first, section.second, file, seen, out);
        continue;
      }
      for (const auto& entry : section.second) {
        read_key(name + "." + name_of_key(entry.first), entry.first, entry.second, file, seen, out);
      }
    }
  } catch (const YAML::Exception& e) {
    // The library quotes single bytes, which may be a part of a character.
    const std::string why = as_utf8(e.msg);
    out.mistakes.push_back(fmt::format("{}: not valid YAML: {}", at(file, e.mark), why));
  }
  if (out.config.tls_certificate.empty() != out.config.tls_key.empty()) {
    out.mistakes.push_back(
        file + ": found only one of server.tls_certificate and server.tls_key, expected both or none");
  }
  return out;
}

ConfigOutcome load_config(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    ConfigOutcome out;
    out.mistakes.push_back(file + ": cannot be read");
    return out;
  }
  std::stringstream text;
  text << in.rdbuf();
  return parse_config(text.str(), file);
}

Result<HostPort> parse_host_port(std::string_view text) {
  const std::size_t colon = text.find_last_of(':');
  const auto port = colon == std::string_view::npos ? std::nullopt : parse_integer(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) {
    return bad_input(fmt::format("found \"{}\", expected HOST:PORT with a port from 0 to 65535", text));
  }
  std::string_view host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return HostPort{host.empty() ? "0.0.0.0" : std::string(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace mineward::app
