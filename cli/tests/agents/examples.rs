//! Every example, run as its README says.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::pool::{Pool, Process, json_of, output_of};
use super::prerequisites::repository;
use super::python::Python;

#[test]
fn the_python_agent_leases_over_http_within_its_budget() {
    let Some(python) = Python::find("the_python_agent_leases_over_http_within_its_budget") else { return };
    let pool = Pool::with_provider(&python);
    let mut agent = python.agent();
    pool.address_for(&mut agent, "buyer");
    agent.args(["lease", "H100 80GB", "--gpus", "1", "--budget", "3", "--batches", "3", "--release"]);
    let order = json_of(&mut agent);
    assert_eq!(order["state"], "closed", "{order}");
    assert_eq!(order["paidMicro"], 1_500_000, "{order}");
}

/// Chat completions from a rule instead of a model: the agent's own half of the conversation is under test.
fn endpoint(python: &Python) -> (Process, String) {
    let mut command = python.command();
    command.arg(repository().join("cli/tests/agents/endpoint.py")).stdout(Stdio::piped());
    let (process, stdout) = Process::start_and_listen(&mut command);
    let mut address = String::new();
    BufReader::new(stdout).read_line(&mut address).unwrap();
    (process, address.trim().to_owned())
}

fn with_a_model(test: &str, server: &[&str]) {
    let Some(python) = Python::find(test) else { return };
    let pool = Pool::with_provider(&python);
    let (_endpoint, address) = endpoint(&python);
    let mut agent = python.agent();
    pool.address_for(&mut agent, "buyer");
    agent.env("OPENAI_BASE_URL", address).env("OPENAI_API_KEY", "none").env("OPENAI_MODEL", "rule");
    let words = output_of(agent.args(server).args(["task", "Lease one H100 for an hour for at most 3 USDC"]));
    assert_eq!(words.trim(), "It is leased.");
    let leases = pool.leases_of("buyer");
    assert_eq!(leases.len(), 1, "{leases:?}");
    assert_eq!(leases[0]["state"], "active", "{leases:?}");
}

#[test]
fn the_python_agent_does_what_a_model_says_and_keeps_its_secrets() {
    with_a_model("the_python_agent_does_what_a_model_says_and_keeps_its_secrets", &[]);
}

/// All ten by the reference solutions, and none by doing nothing: no task is impossible, and no check is empty.
fn evaluated(test: &str, arguments: &[&str]) -> Option<Value> {
    let python = Python::find(test)?;
    let mut command = python.command();
    command.args(["-m", "obscura_eval", "--json"]).args(arguments).env("PATH", super::pool::search_path());
    Some(report_of(&mut command))
}

/// Its exit code only says again whether all was done.
fn report_of(command: &mut Command) -> Value {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no report: {text}\n{errors}"));
    assert_eq!(output.status.success(), report["successes"] == report["tasks"], "{report}");
    report
}

#[test]
fn an_agent_can_do_all_ten_tasks_over_http() {
    let Some(report) = evaluated("an_agent_can_do_all_ten_tasks_over_http", &[]) else { return };
    assert_eq!(report["successes"], 10, "{report:#}");
}

#[test]
fn nothing_is_done_by_an_agent_that_does_nothing() {
    let test = "nothing_is_done_by_an_agent_that_does_nothing";
    let Some(report) = evaluated(test, &["--policy", "idle"]) else { return };
    assert_eq!(report["successes"], 0, "{report:#}");
    assert_eq!(report["tasks"], 10, "{report:#}");
}

/// What a model is shown of all tools before it does anything.
const MOST_TOKENS: &str = "6000";

#[test]
fn what_a_model_reads_of_the_tools_stays_within_its_budget() {
    let Some(python) = Python::find("what_a_model_reads_of_the_tools_stays_within_its_budget") else { return };
    let pool = Pool::start();
    let mut weigh = python.command();
    pool.address_for(&mut weigh, "buyer");
    let table = output_of(weigh.args(["-m", "obscura_eval.tokens", "--most", MOST_TOKENS]));
    assert!(table.contains("lease-status"), "{table}");
}
