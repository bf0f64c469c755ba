//! Tools that answer at once, each with its own kind of content.

use rmcp::ErrorData;
use rmcp::model::{AudioContent, CallToolResult, ClientCapabilities, ContentBlock, ResourceContents};

use super::{Call, unknown};
use crate::samples::{PNG, WAV};

pub fn call(call: &Call<'_>) -> Result<CallToolResult, ErrorData> {
    let content = match call.request.name.as_ref() {
        "test_simple_text" => vec![ContentBlock::text("This is a simple text response for testing.")],
        "test_image_content" => vec![ContentBlock::image(PNG, "image/png")],
        "test_audio_content" => vec![ContentBlock::Audio(AudioContent::new(WAV, "audio/wav"))],
        "test_embedded_resource" => vec![embedded()],
        "test_multiple_content_types" => mixed(),
        "test_error_handling" => {
            return Ok(CallToolResult::error(vec![ContentBlock::text(
                "This tool intentionally returns an error for testing",
            )]));
        }
        "test_custom_header" => {
            let value = call
                .text("value")
                .ok_or_else(|| ErrorData::invalid_params("value must be a string", None))?;
            vec![ContentBlock::text(value)]
        }
        "json_schema_2020_12_tool" => vec![ContentBlock::text("The arguments were taken.")],
        "test_missing_capability" => {
            needs_sampling(call)?;
            vec![ContentBlock::text("The client can sample.")]
        }
        other => return Err(unknown(other)),
    };
    Ok(CallToolResult::success(content))
}

fn embedded() -> ContentBlock {
    let text = ResourceContents::text("This is an embedded resource content.", "test://embedded-resource");
    ContentBlock::resource(text.with_mime_type("text/plain"))
}

fn mixed() -> Vec<ContentBlock> {
    let data = ResourceContents::text(r#"{"test":"data","value":123}"#, "test://mixed-content-resource");
    vec![
        ContentBlock::text("Multiple content types test:"),
        ContentBlock::image(PNG, "image/png"),
        ContentBlock::resource(data.with_mime_type("application/json")),
    ]
}

fn needs_sampling(call: &Call<'_>) -> Result<(), ErrorData> {
    let declared = call.context.client_capabilities().unwrap_or_default();
    if declared.sampling.is_some() {
        return Ok(());
    }
    let needed = ClientCapabilities::builder().enable_sampling().build();
    Err(ErrorData::missing_required_client_capability(needed))
}
