// The `mineward` command line: reads words, calls one command, returns its exit code.
#include <CLI/CLI.hpp>

#include <cstdlib>

#include "app/commands.h"
#include "base/crash_point.h"
#include "base/log.h"

namespace {

using namespace mineward::app;

void add_serve(CLI::App& app, int& code) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* sub = app.add_subcommand("serve", "Run a node: server, intake, watch, timers (运行一个节点)");
  sub->add_option("--data", options->data, "Data folder; made if it is not there")->required();
  sub->add_option("--config", options->config,
                  "Configuration file (default: config.yaml in the data folder)");
  sub->add_option("--listen", options->listen, "HOST:PORT to answer on, instead of the configured one");
  sub->add_option("--now", options->now, "Start the clock at this time, e.g. 2026-01-12T08:00:00+08:00");
  sub->callback([options, &code] { code = serve(*options); });
}

void add_demo(CLI::App& app, int& code) {
  auto options = std::make_shared<DemoOptions>();
  CLI::App* sub = app.add_subcommand(
      "demo", "Load the example region into a fresh data folder and serve it (示例区域，经真实上传通道回放)");
  sub->add_option("--data", options->data, "Data folder; replaced if an earlier demo made it")
      ->capture_default_str();
  sub->add_option("--listen", options->listen, "HOST:PORT to answer on")->capture_default_str();
  sub->add_option("--speed", options->speed, "How fast the past is replayed: a factor such as 60, or max")
      ->capture_default_str();
  sub->add_option("--live-speed", options->live_speed, "How fast time runs after the past is loaded")
      ->capture_default_str();
  sub->add_option("--hours", options->hours, "Hours of past to replay")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 200.0));
  sub->add_option("--seed", options->seed, "Seed of the simulator")->capture_default_str();
  sub->add_option("--examples", options->examples,
                  "Folder of the example region (default: beside the program)");
  sub->add_flag("--no-serve", options->no_serve, "Load and exit");
  sub->callback([options, &code] { code = demo(*options); });
}

void add_decode(CLI::App& app, int& code) {
  auto options = std::make_shared<DecodeOptions>();
  CLI::App* sub = app.add_subcommand("decode", "Upload files to one JSON object a sample (解码上传文件)");
  sub->add_option("--dialect", options->dialect, "Dialect, e.g. A (default: told by content)");
  sub->add_option("--packs", options->packs, "Pack folders (default: beside the program)");
  sub->add_option("files", options->files, "Upload files")->required();
  sub->callback([options, &code] { code = decode(*options); });
}

void add_import(CLI::App& app, int& code) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* sub = app.add_subcommand("import", "Take uploads in without a server (离线导入上传文件)");
  sub->add_option("--data", options->data, "Data folder")->required();
  sub->add_flag("--quiet", options->quiet, "Only the sum and the faults");
  sub->add_option("paths", options->paths, "Upload files, or folders of them")->required();
  sub->callback([options, &code] { code = import_uploads(*options); });
}

void add_pack(CLI::App& app, int& code) {
  CLI::App* pack = app.add_subcommand("pack", "Check and test rule packs (规则包)");
  pack->require_subcommand(1);
  const struct {
    const char* name;
    const char* help;
    int (*run)(const PackOptions&);
  } commands[] = {
      {"check", "Report every mistake in packs as file:line", pack_check},
      {"test", "Run the examples that packs carry", pack_test},
      {"coverage", "Documents and systems: clauses carried and not (条款覆盖情况)", pack_coverage}};
  for (const auto& command : commands) {
    auto options = std::make_shared<PackOptions>();
    CLI::App* sub = pack->add_subcommand(command.name, command.help);
    sub->add_option("folders", options->folders, "Pack folders (default: the packs beside the program)");
    sub->callback([options, &code, run = command.run] { code = run(*options); });
  }
}

void add_form(CLI::App& app, int& code) {
  auto options = std::make_shared<FormOptions>();
  CLI::App* sub =
      app.add_subcommand("form",
                         "One form of a region and month; for a region that does not file it, the "
                         "sum of the units below (报表：某地区某月；不填报的地区为下级汇总)");
  sub->add_option("name", options->form, "Form, e.g. annex2 (报表名)")->required();
  sub->add_option("--data", options->data, "Data folder (数据目录)")->required();
  sub->add_option("--region", options->region, "Region code of GB/T 2260 (区划代码)")->required();
  sub->add_option("--month", options->month, "Month, e.g. 2026-01 (月份)")->required();
  sub->add_option("--format", options->format, "json, csv or xlsx (输出格式)")
      ->capture_default_str()
      ->check(CLI::IsMember({"json", "csv", "xlsx"}));
  sub->add_option("--out", options->out, "File to write; default: stdout (输出文件，默认标准输出)");
  sub->add_flag("--summary", options->summary,
                "The sum of the units below, also for a region that files itself (下级汇总)");
  sub->add_flag("--now", options->now,
                "Count the records now, also when the form is filed (按当前台账重新计数)");
  sub->callback([options, &code] { code = form(*options); });
}

void add_clause(CLI::App& app, int& code) {
  auto options = std::make_shared<ClauseOptions>();
  CLI::App* sub =
      app.add_subcommand("clause", "Search clauses; how a mine stands on them (条款检索，某矿的履行情况)");
  sub->add_option("--data", options->data, "Data folder (数据目录)")->required();
  sub->add_option("--mine", options->mine, "Id or code of a mine (矿山编号或编码)");
  sub->add_option("--on", options->on,
                  "Only duties whose period holds this day, e.g. 2026-01-12 (某日所在期次)");
  sub->add_option("words", options->words, "Words that must all occur, or an id (检索词或条款编号)")
      ->required();
  sub->callback([options, &code] { code = clause(*options); });
}

void add_keep(CLI::App& app, int& code) {
  auto check = std::make_shared<VerifyOptions>();
  CLI::App* sub = app.add_subcommand("verify",
                                     "Prove the change log with records, signatures, links and deadlines, "
                                     "and the sample blocks; name the first fault (校验)");
  sub->add_option("--data", check->data, "Data folder")->required();
  sub->callback([check, &code] { code = verify(*check); });

  auto out = std::make_shared<BackupOptions>();
  sub = app.add_subcommand("backup", "Copy a node, running or not, into one file (在线备份)");
  sub->add_option("--data", out->data, "Data folder")->required();
  sub->add_option("file", out->file, "File to write; must not exist")->required();
  sub->callback([out, &code] { code = backup(*out); });

  auto in = std::make_shared<BackupOptions>();
  sub = app.add_subcommand("restore", "Make a data folder from a backup file (恢复)");
  sub->add_option("--data", in->data, "Data folder to make; must be empty or absent")->required();
  sub->add_option("file", in->file, "Backup file")->required();
  sub->callback([in, &code] { code = restore(*in); });
}

void add_user(CLI::App& app, int& code) {
  CLI::App* user = app.add_subcommand("user", "Accounts from the console (账号)");
  user->require_subcommand(1);
  const struct {
    const char* name;
    const char* help;
    int (*run)(const UserOptions&);
    bool makes;
    bool named;
  } commands[] = {{"add", "Make an account; prints its first password", user_add, true, true},
                  {"disable", "Stop an account and end its sessions", user_disable, false, true},
                  {"reset", "Give an account a new password; prints it", user_reset, false, true},
                  {"list", "All accounts", user_list, false, false}};
  for (const auto& command : commands) {
    auto options = std::make_shared<UserOptions>();
    CLI::App* sub = user->add_subcommand(command.name, command.help);
    sub->add_option("--data", options->data, "Data folder")->required();
    if (command.named) sub->add_option("name", options->name, "Account name")->required();
    if (command.makes) {
      sub->add_option("--display-name", options->display_name, "Name shown to people")->required();
      sub->add_option("--organisation", options->organisation, "Code of its organisation")->required();
      sub->add_option("--role", options->roles, "Role; may be repeated")->required();
    }
    sub->callback([options, &code, run = command.run] { code = run(*options); });
  }
}

void add_config(CLI::App& app, int& code) {
  CLI::App* config = app.add_subcommand("config", "Configuration file (配置)");
  config->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  CLI::App* sub = config->add_subcommand("check", "Check a configuration file against its schema");
  sub->add_option("file", *file, "Configuration file")->required();
  sub->callback([file, &code] { code = config_check(*file); });
}

void add_crash_points(CLI::App& app, int& code) {
  CLI::App* sub = app.add_subcommand(
      "crash-points", "Places where MINEWARD_CRASH_AT=NAME[:N] kills the program, for tests (测试用崩溃点)");
  sub->callback([&code] { code = list_crash_points(); });
}

/// False after a mistake in the variable.
bool arm_for_a_test() {
  const char* text = std::getenv("MINEWARD_CRASH_AT");
  if (!text || !*text) return true;
  const mineward::Status armed = mineward::arm_crash_point(text);
  if (armed) {
    mineward::log_warning("crash_point_armed", {{"at", text}});
  } else {
    std::fprintf(stderr, "mineward: MINEWARD_CRASH_AT: %s\n", armed.error().text().c_str());
  }
  return armed.ok();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Mineward 矿安卫: mine-safety supervision\nExit codes: 0 done, 1 ran and found faults, 2 wrong use."};
  app.name("mineward");
  app.set_version_flag("--version", "mineward 0.1.0");
  app.require_subcommand(1);
  int code = kDone;
  add_serve(app, code);
  add_demo(app, code);
  add_decode(app, code);
  add_import(app, code);
  add_pack(app, code);
  add_form(app, code);
  add_clause(app, code);
  add_keep(app, code);
  add_user(app, code);
  add_config(app, code);
  add_crash_points(app, code);
  if (!arm_for_a_test()) return kWrongUse;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    app.exit(e);
    return kWrongUse;
  }
  return code;
}
