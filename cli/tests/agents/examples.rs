//! Every example, run as its README says.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::pool::{Pool, Process, json_of, output_of, output_with, search_path};
use super::prerequisites::repository;
use super::python::Python;

#[test]
fn the_python_agent_leases_over_http_within_its_budget() {
    with_a_script("the_python_agent_leases_over_http_within_its_budget", &[]);
}

#[test]
fn the_python_agent_leases_through_the_local_vault() {
    with_a_script("the_python_agent_leases_through_the_local_vault", &["--stdio"]);
}

fn with_a_script(test: &str, server: &[&str]) {
    let Some(python) = Python::find(test) else { return };
    let pool = Pool::with_provider(&python);
    let mut agent = python.agent();
    pool.address_for(&mut agent, "buyer");
    agent.args(server).args([
        "lease",
        "H100 80GB",
        "--gpus",
        "1",
        "--budget",
        "3",
        "--batches",
        "3",
        "--release",
    ]);
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

#[test]
fn the_python_agent_does_what_a_model_says_through_the_local_vault() {
    with_a_model("the_python_agent_does_what_a_model_says_through_the_local_vault", &["--stdio"]);
}

/// An example's script for a buyer on a pool of its own.
fn script(python: &Python, pool: &Pool, name: &str) -> Command {
    let mut command = python.example(name);
    pool.address_for(&mut command, "buyer");
    command.arg("H100 80GB");
    command
}

const BATCH_INFERENCE: &str = "batch-inference/batch_inference.py";
const PRIVATE_TRAINING: &str = "private-training/private_training.py";

#[test]
fn batch_inference_leases_at_its_price() {
    let Some(python) = Python::find("batch_inference_leases_at_its_price") else { return };
    let pool = Pool::with_provider(&python);
    let mut patient = script(&python, &pool, BATCH_INFERENCE);
    let said = output_of(patient.args(["--gpus", "4", "--price", "1.60", "--budget", "7", "--minutes", "3"]));
    assert!(said.contains("leased 4 GPUs for 6.000000 USDC"), "{said}");
}

#[test]
fn batch_inference_gives_up_at_its_deadline_with_its_money_back() {
    let Some(python) = Python::find("batch_inference_gives_up_at_its_deadline_with_its_money_back") else {
        return;
    };
    let pool = Pool::with_provider(&python);
    let mut patient = script(&python, &pool, BATCH_INFERENCE);
    let said = output_with(patient.args(["--price", "0.50", "--budget", "1", "--minutes", "0.4"]), 3);
    assert!(said.contains("not leased"), "{said}");
    assert!(pool.leases_of("buyer").is_empty());
}

#[test]
fn private_training_leases_its_cluster_in_a_crowd_and_checks_what_it_disclosed() {
    let test = "private_training_leases_its_cluster_in_a_crowd_and_checks_what_it_disclosed";
    let Some(python) = Python::find(test) else { return };
    let pool = Pool::with_provider(&python);
    let mut trainer = script(&python, &pool, PRIVATE_TRAINING);
    let said = output_of(trainer.args(["--gpus", "8", "--budget", "20", "--crowd", "2"]));
    for part in
        ["leased 8 GPUs of 1 providers", "everyone knows: who, when and the lock", "Proven under the key"]
    {
        assert!(said.contains(part), "no {part:?} in: {said}");
    }
}

#[test]
fn private_training_locks_nothing_where_there_is_no_crowd() {
    let Some(python) = Python::find("private_training_locks_nothing_where_there_is_no_crowd") else { return };
    let pool = Pool::with_provider(&python);
    let mut trainer = script(&python, &pool, PRIVATE_TRAINING);
    let said =
        output_with(trainer.args(["--gpus", "8", "--budget", "20", "--crowd", "9", "--batches", "1"]), 3);
    assert!(said.contains("not leased"), "{said}");
    assert!(pool.leases_of("buyer").is_empty());
}

/// All ten by the reference solutions, and none of three by doing nothing: no task is impossible, and no check
/// passes by itself. At the same time, since they mostly wait for batches.
#[test]
fn an_agent_can_do_all_ten_tasks_either_way_and_none_by_doing_nothing() {
    let test = "an_agent_can_do_all_ten_tasks_either_way_and_none_by_doing_nothing";
    let Some(python) = Python::find(test) else { return };
    let idle: &[&str] =
        &["--policy", "idle", "--task", "lease-one", "--task", "sloppy-name", "--task", "budget"];
    let runs: [(&[&str], u64, u64); 3] = [(&[], 10, 10), (&["--stdio"], 10, 10), (idle, 0, 3)];
    std::thread::scope(|scope| {
        for (arguments, successes, tasks) in runs {
            let mut command = python.command();
            command
                .args(["-m", "obscura_eval", "--json", "--batch-seconds", "15"])
                .args(arguments)
                .env("PATH", search_path());
            scope.spawn(move || {
                let report = report_of(&mut command);
                assert_eq!(
                    (&report["successes"], &report["tasks"]),
                    (&json!(successes), &json!(tasks)),
                    "{report:#}"
                );
            });
        }
    });
}

/// Its exit code only says again whether all was done.
fn report_of(command: &mut Command) -> Value {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no report: {text}\n{errors}"));
    assert_eq!(output.status.success(), report["successes"] == report["tasks"], "{report}");
    report
}

/// What a model is shown of all tools before it does anything.
const MOST_TOKENS: &str = "6000";

#[test]
fn what_a_model_reads_of_the_tools_stays_within_its_budget() {
    let Some(python) = Python::find("what_a_model_reads_of_the_tools_stays_within_its_budget") else {
        return;
    };
    let pool = Pool::start();
    let mut weigh = python.command();
    pool.address_for(&mut weigh, "buyer");
    let table = output_of(weigh.args(["-m", "obscura_eval.tokens", "--most", MOST_TOKENS]));
    assert!(table.contains("lease-status"), "{table}");
}
