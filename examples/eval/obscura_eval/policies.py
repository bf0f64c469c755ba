"""Who works on a task: the reference solution, a model, or nobody."""

from __future__ import annotations

import os
from typing import Protocol

from obscura_agent.model import Model
from obscura_agent.pool import Pool
from obscura_agent.scripted import Scripted

from .task import Attempt, Task


class Policy(Protocol):
    """Works on a task, and has the last word."""

    async def work(self, pool: Pool, task: Task, attempt: Attempt) -> str: ...


class Reference:
    """The script that comes with each task. Shows that the task can be done with these tools."""

    async def work(self, pool: Pool, task: Task, attempt: Attempt) -> str:
        return await task.solve(Scripted(pool), attempt)


class Llm:
    """A model that is told no more than a person would tell it."""

    def __init__(self) -> None:
        name = os.environ.get("OPENAI_MODEL")
        if not name:
            raise ValueError("set OPENAI_MODEL, OPENAI_API_KEY and, unless it is OpenAI's own, OPENAI_BASE_URL")
        self.name = name

    async def work(self, pool: Pool, task: Task, attempt: Attempt) -> str:
        return await Model(pool, self.name).pursue(task.prompt.format(**attempt.noted))


class Idle:
    """Does nothing. Shows that no check passes by itself."""

    async def work(self, pool: Pool, task: Task, attempt: Attempt) -> str:
        return "done {}"


POLICIES: dict[str, type[Reference | Llm | Idle]] = {"scripted": Reference, "llm": Llm, "idle": Idle}
