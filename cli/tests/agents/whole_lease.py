"""A whole lease with the official Python SDK and nothing of ours: quote, commit, reveal, lease-status, release.

Where the server takes hashes, `obscura seal` seals beside it; where it takes terms, its vault does. Every result
is held to the output schema that the server published. Prints the closed order; must never print the key.
"""

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import jsonschema
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

Json = dict[str, Any]
GPU_TYPE = "H100 80GB"
LIMIT, GPUS, SECONDS, MOST = 2_000_000, 2, 3600, 5_000_000
ENDED = ("refunded", "closed")


class Session:
    """Calls tools, and checks what comes back against what was promised."""

    def __init__(self, client: Client, tools: list[Any]) -> None:
        self.client = client
        self.outputs = {tool.name: tool.output_schema for tool in tools}
        self.inputs = {tool.name: tool.input_schema for tool in tools}

    @property
    def seals(self) -> bool:
        return "commitHash" in self.inputs["commit"]["properties"]

    async def call(self, tool: str, **arguments: Any) -> Json:
        result = await self.client.call_tool(tool, arguments)
        answer = result.structured_content
        assert isinstance(answer, dict), result
        jsonschema.validate(answer, self.outputs[tool])
        text = result.content[0].text
        if result.is_error:
            assert answer["code"] in text and answer["detail"] in text, text
        else:
            assert json.loads(text) == answer, text
        return answer

    async def must(self, tool: str, **arguments: Any) -> Json:
        answer = await self.call(tool, **arguments)
        assert "code" not in answer, answer
        return answer

    async def wait(self, order: Json) -> Json:
        return await self.must("lease-status", orderId=order["orderId"], waitSeconds=40)


async def whole_lease(session: Session) -> Json:
    quote = await session.must("quote", gpuType=GPU_TYPE, qty=GPUS, durationSeconds=SECONDS)
    assert any(action["tool"] in ("commit", "lease") for action in quote["nextActions"]), quote
    order = await (sealed_bid(session) if session.seals else kept_bid(session))
    while order["state"] not in ("leased", *ENDED):
        order = await session.wait(order)
    assert order["state"] == "leased", order
    for lease in order["leases"]:
        released = await session.must("release", leaseId=lease["leaseId"])
        assert released["state"] == "closed", released
    while order["state"] != "closed":
        order = await session.wait(order)
    return order


async def sealed_bid(session: Session) -> Json:
    """Commits a hash in a commit window, and reveals its opening in the window after it."""
    owner = (await session.must("account"))["owner"]
    terms = ["--price-micro", str(LIMIT), "--qty", str(GPUS), "--duration-seconds", str(SECONDS)]
    command = ["obscura", "seal", "--gpu-type", GPU_TYPE, "--side", "bid", "--owner", owner, "--json", *terms]
    sealed = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    order = await committed(session, sealed["commitBody"] | {"maxTotalMicro": MOST})
    again = await session.must("commit", **sealed["commitBody"], maxTotalMicro=MOST)
    assert again["alreadyCommitted"] is True, again
    while order["nextActions"][0]["tool"] != "reveal":
        assert order["state"] == "committed", order
        order = await session.wait(order)
    revealed = await session.must("reveal", **sealed["revealBody"])
    assert revealed["acknowledgement"]["signature"], revealed
    return revealed


async def committed(session: Session, body: Json) -> Json:
    while True:
        answer = await session.call("commit", **body)
        if answer.get("code") != "wrong_phase":
            assert "code" not in answer, answer
            return answer
        assert answer["nextActions"][0]["arguments"] == body, answer
        batch = (await session.must("quote", gpuType=GPU_TYPE))["batch"]
        await asyncio.sleep(max(0, batch["endsAt"] - batch["chainTime"]))


async def kept_bid(session: Session) -> Json:
    """The vault draws the secret, and reveals by itself."""
    terms = {"gpuType": GPU_TYPE, "priceMicro": LIMIT, "qty": GPUS, "durationSeconds": SECONDS}
    order = await session.must("commit", **terms, maxTotalMicro=MOST, goodForBatches=3)
    assert "secret" not in json.dumps(order), order
    return order


async def main(mode: str, *server: str) -> None:
    if server[0].startswith("http"):
        http = create_mcp_http_client(headers={"Authorization": f"Bearer {os.environ['OBSCURA_API_KEY']}"})
        transport: Any = streamable_http_client(server[0], http_client=http)
    else:
        transport = StdioServerParameters(command=server[0], args=list(server[1:]), env=dict(os.environ))
    async with Client(transport, mode=mode, read_timeout_seconds=60) as client:
        session = Session(client, (await client.list_tools()).tools)
        order = await whole_lease(session)
        print(json.dumps({"revision": client.protocol_version, "order": order}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
