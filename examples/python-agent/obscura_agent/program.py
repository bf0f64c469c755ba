"""Runs an agent as a program: one line says what went wrong, and the exit code whether it went well."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn

import httpx2
from mcp import MCPError
from openai import OpenAIError

from .pool import Refused

# What can go wrong without a mistake in the program.
EXPECTED = (Refused, MCPError, httpx2.HTTPError, OpenAIError, ValueError, TimeoutError, OSError)


def run_to_exit(work: Coroutine[Any, Any, int]) -> NoReturn:
    """The exit code of `work`, or 1 and a line on stderr."""
    try:
        sys.exit(asyncio.run(work))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        cause = first_cause(error)
        if not isinstance(cause, EXPECTED):
            raise
        print(f"error: {cause}", file=sys.stderr)
        sys.exit(1)


def first_cause(error: BaseException) -> BaseException:
    """The SDK's tasks fail in groups, of which one error is the cause."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
