"""One connection to a pool: its tools, called with plain dictionaries.

Over HTTP the pool's own endpoint answers, and orders are sealed by whoever calls it. Over stdio it is
`obscura mcp`, whose vault seals and reveals by itself. Never prints or keeps the API key.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import CallToolResult, TextContent, Tool

Json = dict[str, Any]

# A tool waits for 40 s at most (`waitSeconds`), and hosts give up after a minute.
READ_TIMEOUT_SECONDS = 60.0


class Refused(Exception):
    """A tool refused. `problem` has a stable `code`, a `detail` for people, and `nextActions`."""

    def __init__(self, tool: str, problem: Json) -> None:
        super().__init__(f"{tool} refused: {problem.get('code')}: {problem.get('detail')}")
        self.problem = problem

    @property
    def code(self) -> str:
        return str(self.problem.get("code"))


@dataclass(frozen=True)
class Call:
    """What went over the wire, as a model sees it."""

    tool: str
    arguments: Json
    text: str
    refused: bool


@dataclass(frozen=True)
class Address:
    """Where a pool is: the URL of its `/mcp` with an API key, or the command of a local server."""

    url: str | None = None
    api_key: str | None = None
    command: tuple[str, ...] = ()
    # What that command finds in its environment beyond this process's own.
    environment: Mapping[str, str] = field(default_factory=dict)
    # "auto" asks for the newest protocol revision, "legacy" for 2025-11-25.
    mode: str = "auto"


@dataclass
class Pool:
    """A connected pool."""

    client: Client
    tools: list[Tool]
    calls: list[Call] = field(default_factory=list)

    @property
    def instructions(self) -> str:
        return self.client.instructions or ""

    @property
    def seals(self) -> bool:
        """Whether orders reach this server already sealed: the vault is not on its side."""
        commit = next(tool for tool in self.tools if tool.name == "commit")
        return "commitHash" in commit.input_schema["properties"]

    async def call(self, tool: str, arguments: Json) -> Json:
        """The structured result of a tool; `Refused` where it refuses."""
        result = await self.client.call_tool(tool, arguments)
        self.calls.append(Call(tool, arguments, text_of(result), bool(result.is_error)))
        content = result.structured_content
        if result.is_error or not isinstance(content, dict):
            raise Refused(tool, content if isinstance(content, dict) else {"detail": text_of(result)})
        return content

    async def read(self, uri: str) -> str:
        """The text of a resource, for example `obscura://receipts/{orderId}`."""
        result = await self.client.read_resource(uri)
        return "".join(getattr(content, "text", "") for content in result.contents)


def text_of(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


@asynccontextmanager
async def connect(address: Address) -> AsyncIterator[Pool]:
    """Connects, and lists the tools once."""
    async with AsyncExitStack() as stack:
        server: Any
        if address.command:
            command, *arguments = address.command
            server = StdioServerParameters(
                command=command, args=arguments, env={**os.environ, **address.environment}
            )
        else:
            http = create_mcp_http_client(headers={"Authorization": f"Bearer {address.api_key}"})
            server = streamable_http_client(str(address.url), http_client=await stack.enter_async_context(http))
        client = Client(server, mode=address.mode, read_timeout_seconds=READ_TIMEOUT_SECONDS)
        connected = await stack.enter_async_context(client)
        yield Pool(connected, (await connected.list_tools()).tools)


def compact(value: Any) -> str:
    """JSON as it goes over the wire."""
    return json.dumps(value, separators=(",", ":"))
