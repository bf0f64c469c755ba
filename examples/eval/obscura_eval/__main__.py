"""Runs the tasks one after the other on one fresh pool, and says how many were done."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import asdict
from pathlib import Path

from obscura_agent.pool import Pool, compact, connect
from obscura_agent.program import first_cause
from obscura_agent.terms import Offer, Wish

from . import buying, owning, tokens
from .policies import POLICIES, Policy
from .report import Line, Report
from .task import Attempt, Failed, Task
from .world import Setting, World, started

TASKS = [*buying.TASKS, *owning.TASKS]
# A task of three batches of three minutes, and then some.
MOST_SECONDS = 900

EXAMPLES = """examples:
  python -m obscura_eval
  python -m obscura_eval --stdio --json
  OPENAI_MODEL=gpt-5 OPENAI_API_KEY=... python -m obscura_eval --policy llm --task lease-one --task budget

`obscura` and `obscura-server` are taken from PATH. Exits with 0 only if every task was done."""


def main() -> None:
    options = parser().parse_args()
    try:
        report = asyncio.run(evaluate(options))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    print(compact(report.as_json()) if options.json else report.as_table())
    sys.exit(0 if report.successes == len(report.lines) else 1)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="obscura_eval",
        description="Ten tasks for an agent on an Obscura pool, judged by what became of the pool.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--policy", choices=POLICIES, default="scripted")
    whole.add_argument("--task", action="append", choices=[task.name for task in TASKS], help="only this one")
    whole.add_argument("--stdio", action="store_const", const="obscura mcp", help="through a local server")
    whole.add_argument("--batch-seconds", type=int, default=9)
    whole.add_argument(
        "--transcripts", type=Path, metavar="DIR", help="write each task's calls into this folder"
    )
    whole.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    return whole


async def evaluate(options: argparse.Namespace) -> Report:
    policy: Policy = POLICIES[options.policy]()
    chosen = [task for task in TASKS if not options.task or task.name in options.task]
    async with started(Setting(options.batch_seconds, options.stdio)) as world:
        await asyncio.gather(*(make_history(world, wish, offer) for wish, offer in buying.HISTORY))
        lines = [await run_task(world, policy, task, options.transcripts) for task in chosen]
        async with connect(world.address("buyer")) as pool:
            shown = sum(shown for shown, _ in tokens.of_tools(pool.tools).values())
            shown += tokens.count(pool.instructions)
    return Report(options.policy, "stdio" if options.stdio else "http", shown, lines)


async def make_history(world: World, wish: Wish, offer: Offer) -> None:
    await world.release(await world.trade(wish, offer))


async def run_task(world: World, policy: Policy, task: Task, transcripts: Path | None) -> Line:
    """One attempt, and what the pool says of it."""
    attempt = Attempt()
    started_at = time.monotonic()
    why = await failure_of(world, policy, task, attempt)
    seconds = round(time.monotonic() - started_at, 1)
    print(f"{task.name}: {why or 'ok'}", file=sys.stderr)
    if transcripts is not None:
        transcripts.mkdir(parents=True, exist_ok=True)
        (transcripts / f"{task.name}.json").write_text(compact([asdict(call) for call in attempt.calls]))
    return Line(
        task=task.name,
        success=not why,
        leased=task.leases,
        tool_calls=len(attempt.calls),
        tokens=tokens.of_calls(attempt.calls),
        seconds=seconds,
        why=why,
    )


async def failure_of(world: World, policy: Policy, task: Task, attempt: Attempt) -> str:
    """Empty where the task was done."""
    try:
        async with world.offering(task.offer), world.bidding(task.bid):
            await task.scene(world, attempt)
            attempt.orders_before = await world.order_ids(task.account)
            async with connect(world.address(task.account)) as pool:
                await asyncio.wait_for(work(policy, pool, task, attempt), MOST_SECONDS)
            await task.check(world, attempt)
    except Failed as failed:
        return str(failed)
    except Exception as error:  # An agent may fail in any way; the next task goes on.
        cause = first_cause(error)
        return f"{type(cause).__name__}: {cause}"
    return ""


async def work(policy: Policy, pool: Pool, task: Task, attempt: Attempt) -> None:
    try:
        attempt.words = await policy.work(pool, task, attempt)
    finally:
        attempt.calls = pool.calls


if __name__ == "__main__":
    main()
