"""Counts tokens as OpenAI's o200k_base cuts them, with `bpe-openai`, which brings its vocabulary along.

Run as a program it weighs a pool's `tools/list`: what a model reads of each tool before it calls one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

import bpe_openai  # type: ignore[import-untyped]
from obscura_agent.__main__ import add_server, address
from obscura_agent.pool import Call, Json, compact, connect

ENCODING = "o200k_base"
# What a host hands to a model; output schemas and annotations stay with the host.
SHOWN = ("name", "description", "inputSchema")


@cache
def _encoding() -> Any:
    return bpe_openai.get_encoding(ENCODING)


def count(text: str) -> int:
    return len(_encoding().encode(text))


def of_calls(calls: Iterable[Call]) -> int:
    """What a model writes and reads for these calls."""
    return sum(count(compact(call.arguments)) + count(call.text) for call in calls)


def of_tools(tools: Iterable[Any]) -> dict[str, tuple[int, int]]:
    """Per tool: what a model is shown, and all that goes over the wire."""
    weights = {}
    for tool in tools:
        whole: Json = tool.model_dump(by_alias=True, exclude_none=True, mode="json")
        shown = {name: whole[name] for name in SHOWN if name in whole}
        weights[tool.name] = (count(compact(shown)), count(compact(whole)))
    return weights


def main() -> None:
    options = argparse.ArgumentParser(prog="obscura_eval.tokens", description=__doc__)
    options.add_argument("--most", type=int, help="fail where a model is shown more")
    add_server(options)
    sys.exit(asyncio.run(weigh(options.parse_args())))


async def weigh(options: argparse.Namespace) -> int:
    async with connect(address(options)) as pool:
        weights = of_tools(pool.tools)
        rows = [*weights.items(), ("instructions", (count(pool.instructions), count(pool.instructions)))]
    shown, whole = (sum(weight[part] for _, weight in rows) for part in (0, 1))
    print(f"{'tokens of ' + ENCODING:24}{'shown':>8}{'wire':>8}")
    for name, weight in [*rows, ("in all", (shown, whole))]:
        print(f"{name:24}{weight[0]:>8}{weight[1]:>8}")
    if options.most is not None and shown > options.most:
        print(f"error: a model is shown {shown} tokens, more than {options.most}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    main()
