"""The command line: lease, sell, or hand a task to a model."""

from __future__ import annotations

import argparse
import os
import sys

from . import model
from .pool import Address, Json, Pool, compact, connect
from .program import run_to_exit
from .scripted import Declined, Scripted
from .terms import Offer, Wish, micro_of, usdc_of

DEFAULT_URL = "http://127.0.0.1:8402/mcp"

EXAMPLES = """examples:
  obscura-agent lease "H100 80GB" --gpus 1 --hours 1 --budget 3
  obscura-agent sell "H100 80GB" --gpus 8 --price 1.50 --batches 20
  obscura-agent task "Lease one H100 for an hour for at most 3 USDC"

Over HTTP, orders are sealed by the `obscura` command on this machine, and OBSCURA_API_KEY is your key to the
pool. With --stdio the agent starts `obscura mcp`, whose vault seals and reveals by itself. `task` needs a
model: OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL name any OpenAI-compatible endpoint."""


def main() -> None:
    run_to_exit(run(parser().parse_args()))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="obscura-agent",
        description="Leases GPUs from an Obscura pool over MCP.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_server(whole)
    whole.add_argument("--json", action="store_true", help="print the last order as JSON")
    commands = whole.add_subparsers(dest="command", required=True)
    add_lease(commands.add_parser("lease", help="lease GPUs within a budget"))
    add_sell(commands.add_parser("sell", help="offer GPUs"))
    task = commands.add_parser("task", help="let a model do it")
    task.add_argument("text")
    return whole


def add_server(command: argparse.ArgumentParser) -> None:
    """Options that say which server to talk to; `address` reads them."""
    url = os.environ.get("OBSCURA_MCP_URL", DEFAULT_URL)
    command.add_argument("--url", default=url, help="the pool's /mcp")
    command.add_argument("--stdio", action="store_const", const="obscura mcp", help="a local server instead")
    command.add_argument(
        "--mode", default="auto", choices=["auto", "legacy"], help="protocol revision to ask for"
    )


def add_lease(command: argparse.ArgumentParser) -> None:
    command.add_argument("gpu_type")
    command.add_argument("--gpus", type=int, default=1)
    command.add_argument("--hours", type=float, default=1.0)
    command.add_argument("--budget", type=micro_of, required=True, help="USDC, the most the lease may cost")
    command.add_argument(
        "--limit", type=micro_of, help="USDC per GPU-hour, the most to bid whatever the budget"
    )
    command.add_argument("--batches", type=int, default=1, help="how often to try")
    command.add_argument("--release", action="store_true", help="end the lease at once, which pays it in full")
    command.add_argument("--keep", action="store_true", help="bid on after a lease, in every batch")


def add_sell(command: argparse.ArgumentParser) -> None:
    command.add_argument("gpu_type")
    command.add_argument("--gpus", type=int, default=1)
    command.add_argument(
        "--price", type=micro_of, required=True, help="USDC per GPU-hour, the least you accept"
    )
    command.add_argument("--batches", type=int, default=1, help="how often to try")
    command.add_argument("--keep", action="store_true", help="offer on after a lease, in every batch")


def address(options: argparse.Namespace) -> Address:
    if options.stdio:
        return Address(command=tuple(options.stdio.split()), mode=options.mode)
    key = os.environ.get("OBSCURA_API_KEY")
    if not key:
        raise ValueError("set OBSCURA_API_KEY to your key; a local pool prints two when it starts")
    return Address(url=options.url, api_key=key, mode=options.mode)


async def run(options: argparse.Namespace) -> int:
    async with connect(address(options)) as pool:
        if options.command == "task":
            return await converse(pool, options.text)
        trader = Scripted(pool, say=lambda line: print(line, file=sys.stderr))
        try:
            order = await (lease if options.command == "lease" else sell)(trader, options)
        except Declined as declined:
            print(f"declined: {declined}")
            return 3
        print(compact(order) if options.json else outcome(order))
        return 0 if order["state"] in ("leased", "closed") else 3


async def converse(pool: Pool, task: str) -> int:
    name = os.environ.get("OPENAI_MODEL")
    if not name:
        raise ValueError("set OPENAI_MODEL, OPENAI_API_KEY and, unless it is OpenAI's own, OPENAI_BASE_URL")
    print(await model.Model(pool, name).pursue(task))
    return 0


async def lease(trader: Scripted, options: argparse.Namespace) -> Json:
    seconds = round(options.hours * 3600)
    wish = Wish(options.gpu_type, options.gpus, seconds, options.budget, options.batches, options.limit)
    order = await (trader.keep_bidding(wish) if options.keep else trader.lease(wish))
    return await trader.release(order) if options.release and order["state"] == "leased" else order


async def sell(trader: Scripted, options: argparse.Namespace) -> Json:
    offer = Offer(options.gpu_type, options.gpus, options.price, options.batches)
    return await (trader.keep_selling(offer) if options.keep else trader.sell(offer))


def outcome(order: Json) -> str:
    lines = [f"{order['state']}: order {order['orderId']}"]
    lines += [
        f"  lease {lease['leaseId']}: {lease.get('qty')} GPUs, {lease['state']}" for lease in order["leases"]
    ]
    for name in ("paidMicro", "earnedMicro", "refundedMicro"):
        if order.get(name):
            lines.append(f"  {name.removesuffix('Micro')} {usdc_of(order[name])} USDC")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
