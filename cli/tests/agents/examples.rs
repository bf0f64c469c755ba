//! Every example, run as its README says.

use super::pool::{Pool, json_of};
use super::python::Python;

#[test]
fn the_python_agent_leases_over_http_within_its_budget() {
    let Some(python) = Python::find("the_python_agent_leases_over_http_within_its_budget") else { return };
    let pool = Pool::with_provider(&python);
    let mut agent = python.agent();
    pool.address_for(&mut agent, "buyer");
    let order = json_of(agent.args([
        "lease",
        "H100 80GB",
        "--gpus",
        "1",
        "--budget",
        "3",
        "--batches",
        "3",
        "--release",
    ]));
    assert_eq!(order["state"], "closed", "{order}");
    assert_eq!(order["paidMicro"], 1_500_000, "{order}");
}
