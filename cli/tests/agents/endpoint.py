"""An endpoint that speaks OpenAI's chat completions, with a rule in the place of a model: look, seal, and then do what
the last answer's `nextActions` say. For the tests of agents that talk to a model.

Prints its address, and serves until it is killed.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
GPU_TYPE = "H100 80GB"
LOCK = 3_000_000
ORDER = {"gpuType": GPU_TYPE, "side": "bid", "priceMicro": 2_000_000, "qty": 1, "durationSeconds": 3600}


def next_call(messages: list[Json], tools: set[str]) -> tuple[str, Json] | None:
    """The tool to call, or nothing where the lease runs."""
    answers = [json.loads(message["content"]) for message in messages if message["role"] == "tool" and is_json(message)]
    if not messages[-1]["role"] == "tool":
        return "quote", {"gpuType": GPU_TYPE}
    last = answers[-1]
    if "medianPriceMicro" in last:
        return ("seal", ORDER) if "seal" in tools else ("lease", {"gpuType": GPU_TYPE, "qty": 1, "maxTotalMicro": LOCK})
    if not is_json(messages[-1]) or "nextActions" not in last:
        committed = next(answer for answer in reversed(answers) if "commitHash" in answer)
        return "commit", committed | {"maxTotalMicro": LOCK}
    if last.get("code") == "wrong_phase":
        return "wait", {"seconds": 2}
    if last["state"] == "leased":
        return None
    step = last["nextActions"][0]
    return step["tool"], step["arguments"]


def is_json(message: Json) -> bool:
    return message["content"].startswith("{")


def completion(request: Json) -> Json:
    tools = {tool["function"]["name"] for tool in request["tools"]}
    call = next_call(request["messages"], tools)
    message: Json = {"role": "assistant", "content": None if call else "It is leased."}
    if call:
        function = {"name": call[0], "arguments": json.dumps(call[1])}
        handle = f"call_{len(request['messages'])}"
        message["tool_calls"] = [{"id": handle, "type": "function", "function": function}]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if call else "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    about = {"id": "rule", "object": "chat.completion", "created": 0, "model": request["model"]}
    return about | {"choices": [choice], "usage": usage}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(completion(request)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
server.serve_forever()
