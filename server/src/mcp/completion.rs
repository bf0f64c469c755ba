//! `completion/complete`: the names of the markets, wherever an argument is one.

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompleteResult, CompletionInfo, Reference};

use super::prompts::{self, Kind};
use super::resources;
use crate::tools::ToolSurface;

/// Values that an argument of a prompt or of a resource template may have.
pub async fn complete(
    surface: &ToolSurface,
    request: &CompleteRequestParams,
) -> Result<CompleteResult, ErrorData> {
    let argument = &request.argument;
    let is_market = match &request.r#ref {
        Reference::Prompt(prompt) => {
            let listed = prompts::listed(surface).iter().any(|known| known.name == prompt.name);
            if !listed {
                return Err(unknown("prompt", &prompt.name));
            }
            prompts::kind_of(&prompt.name, &argument.name) == Some(Kind::GpuType)
        }
        Reference::Resource(resource) => {
            let known = resources::templates().iter().any(|template| template.uri_template == resource.uri);
            if !known {
                return Err(unknown("resource template", &resource.uri));
            }
            argument.name == "gpuType" && resource.uri.contains("{gpuType}")
        }
        _ => false,
    };
    let values = if is_market { markets_like(surface, &argument.value).await? } else { Vec::new() };
    let info =
        CompletionInfo::with_all_values(values).map_err(|error| ErrorData::internal_error(error, None))?;
    Ok(CompleteResult::new(info))
}

/// Those that begin with what was typed, then those that contain it.
async fn markets_like(surface: &ToolSurface, typed: &str) -> Result<Vec<String>, ErrorData> {
    let markets = surface.pool().markets().await;
    let markets = markets.map_err(|error| ErrorData::internal_error(error.to_string(), None))?.markets;
    let typed = typed.to_lowercase();
    let mut fitting: Vec<(bool, String)> = markets
        .into_iter()
        .map(|market| (market.gpu_type.to_lowercase(), market.gpu_type))
        .filter(|(lower, _)| lower.contains(&typed))
        .map(|(lower, name)| (!lower.starts_with(&typed), name))
        .collect();
    fitting.sort();
    Ok(fitting.into_iter().map(|(_, name)| name).take(CompletionInfo::MAX_VALUES).collect())
}

fn unknown(what: &str, name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("there is no {what} {name:?}"), None)
}
