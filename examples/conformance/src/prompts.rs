//! The suite's prompts.

use rmcp::ErrorData;
use rmcp::model::{
    ContentBlock, GetPromptRequestParams, GetPromptResponse, GetPromptResult, InputRequiredResult, Prompt,
    PromptArgument, PromptMessage, ResourceContents, Role,
};
use serde_json::Value;

use crate::samples::{PNG, form_request, one_field};

pub fn listed() -> Vec<Prompt> {
    let argument =
        |name: &str, text: &str| PromptArgument::new(name).with_description(text).with_required(true);
    let two = vec![argument("arg1", "The first"), argument("arg2", "The second")];
    let uri = vec![argument("resourceUri", "What to embed")];
    vec![
        Prompt::new("test_simple_prompt", Some("A prompt without arguments"), None),
        Prompt::new("test_prompt_with_arguments", Some("A prompt with two arguments"), Some(two)),
        Prompt::new("test_prompt_with_embedded_resource", Some("A prompt with a resource"), Some(uri)),
        Prompt::new("test_prompt_with_image", Some("A prompt with an image"), None),
        Prompt::new("test_input_required_result_prompt", Some("A prompt that asks first"), None),
    ]
}

pub fn get(request: &GetPromptRequestParams) -> Result<GetPromptResponse, ErrorData> {
    let messages = match request.name.as_str() {
        "test_simple_prompt" => vec![text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => {
            let (first, second) = (argument(request, "arg1")?, argument(request, "arg2")?);
            vec![text(format!("Prompt with arguments: arg1='{first}', arg2='{second}'"))]
        }
        "test_prompt_with_embedded_resource" => {
            vec![
                embedded(argument(request, "resourceUri")?),
                text("Please process the embedded resource above."),
            ]
        }
        "test_prompt_with_image" => {
            let image = PromptMessage::new(Role::User, ContentBlock::image(PNG, "image/png"));
            vec![image, text("Please analyze the image above.")]
        }
        "test_input_required_result_prompt" => return asks_first(request),
        other => return Err(ErrorData::invalid_params(format!("there is no prompt {other:?}"), None)),
    };
    Ok(GetPromptResult::new(messages).into())
}

fn asks_first(request: &GetPromptRequestParams) -> Result<GetPromptResponse, ErrorData> {
    let answers = request.input_responses.as_ref();
    let answer = answers.and_then(|answers| answers.get("user_context")).filter(|answer| answer.is_object());
    let Some(answer) = answer else {
        let question = form_request("What context should the prompt use?", one_field("context", "string"))?;
        let requests = [("user_context".to_owned(), question)].into();
        return Ok(InputRequiredResult::from_input_requests(requests).into());
    };
    let context = &answer["content"]["context"];
    Ok(GetPromptResult::new(vec![text(format!("The context is {context}."))]).into())
}

fn text(text: impl Into<String>) -> PromptMessage {
    PromptMessage::new_text(Role::User, text)
}

fn embedded(uri: &str) -> PromptMessage {
    let contents = ResourceContents::text("Embedded resource content for testing.", uri);
    PromptMessage::new(Role::User, ContentBlock::resource(contents.with_mime_type("text/plain")))
}

fn argument<'a>(request: &'a GetPromptRequestParams, name: &str) -> Result<&'a str, ErrorData> {
    request
        .arguments
        .as_ref()
        .and_then(|arguments| arguments.get(name))
        .and_then(Value::as_str)
        .ok_or_else(|| ErrorData::invalid_params(format!("{name} is missing"), None))
}
