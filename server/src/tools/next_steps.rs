//! Next steps as the tools of one surface can take them.
//!
//! The service names every step there is. A surface that does not show a tool must not send anybody to
//! it, and where a vault seals, no step asks for a hash or an opening.

use super::Sealing;
use crate::service::NextAction;

/// `steps` in terms of the tools called `shown`.
pub fn fitted(steps: Vec<NextAction>, shown: &[&str], sealing: Sealing) -> Vec<NextAction> {
    let kept = steps.into_iter().filter(|step| shown.contains(&step.tool.as_str()));
    match sealing {
        Sealing::Sealed => kept.collect(),
        Sealing::Terms => kept.map(of_terms).collect(),
    }
}

fn of_terms(mut step: NextAction) -> NextAction {
    match step.tool.as_str() {
        "commit" => {
            if let Some(arguments) = step.arguments.as_object_mut() {
                arguments.remove("commitHash");
            }
            step.fill.retain(|field| field != "commitHash");
            let known = |field: &str| step.arguments.get(field).is_some();
            let missing = ["priceMicro", "qty"].into_iter().filter(|field| !known(field));
            step.fill.extend(missing.map(str::to_owned).collect::<Vec<_>>());
        }
        "reveal" => step.fill.clear(),
        _ => {}
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vaults_steps_ask_for_no_hash_and_no_opening() {
        let steps =
            vec![NextAction::commit("H100 80GB", Some(9), "now"), NextAction::reveal("an-order", "now")];
        let fitted = fitted(steps, &["commit", "reveal"], Sealing::Terms);
        assert_eq!(fitted[0].fill, ["priceMicro", "qty"]);
        assert!(fitted[1].fill.is_empty());
    }

    #[test]
    fn nobody_is_sent_to_a_tool_that_is_not_shown() {
        let steps = vec![NextAction::quote("H100 80GB", "look"), NextAction::refund("an-order", "now")];
        let fitted = fitted(steps, &["quote"], Sealing::Sealed);
        assert_eq!(fitted.iter().map(|step| step.tool.as_str()).collect::<Vec<_>>(), ["quote"]);
    }
}
