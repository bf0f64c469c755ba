"""Leases a cluster for training, all GPUs or none, and only where the crowd is large enough to hide in.

The order joins a batch only once the batch holds enough other orders; until then nothing is locked. Afterwards the
privacy report says what was disclosed to whom, and the receipt is checked on this machine.
"""

from __future__ import annotations

import argparse

from obscura_agent.pool import Address, Json, Pool, connect
from obscura_agent.program import run_to_exit
from obscura_agent.terms import SECONDS_PER_HOUR, micro_of, usdc_of

EXAMPLES = """example: 16 H100 for a day, in a batch with at least 5 orders
  python private_training.py "H100 80GB" --gpus 16 --hours 24 --budget 700 --crowd 5 --batches 100

Exit codes: 0 leased and as private as asked, 3 not leased, 4 leased, but less private than asked, 1 an error.
OBSCURA_API_KEY is your key to the pool."""

SETTLED = ("leased", "refunded", "closed")
LONGEST_WAIT = 40


def main() -> None:
    run_to_exit(run(parser().parse_args()))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole.add_argument("gpu_type")
    whole.add_argument("--gpus", type=int, default=8, help="all of them, or none")
    whole.add_argument("--hours", type=float, default=1.0)
    whole.add_argument("--budget", type=micro_of, required=True, help="USDC, the most it may cost in all")
    whole.add_argument(
        "--crowd", type=int, default=3, help="orders that its batch must hold, this one included"
    )
    whole.add_argument("--batches", type=int, default=20, help="how many batches to try")
    whole.add_argument("--stdio", metavar="COMMAND", default="obscura mcp", help="the local server")
    return whole


async def run(options: argparse.Namespace) -> int:
    async with connect(Address(command=tuple(options.stdio.split()))) as pool:
        order = await settled(pool, await pool.call("lease", cluster(options)))
        if order["state"] != "leased":
            print(
                f"not leased: {order.get('reason', order['state'])}; {usdc_of(order['refundedMicro'])} USDC are back"
            )
            return 3
        print(outcome(order))
        return 0 if await is_private(pool, order, options.crowd) else 4


def cluster(options: argparse.Namespace) -> Json:
    return {
        "gpuType": options.gpu_type,
        "qty": options.gpus,
        "durationSeconds": round(options.hours * SECONDS_PER_HOUR),
        "maxTotalMicro": options.budget,
        "minBatchOrders": options.crowd,
        "goodForBatches": options.batches,
        "clientTag": "private-training",
    }


async def settled(pool: Pool, order: Json) -> Json:
    while order["state"] not in SETTLED:
        order = await pool.call("lease-status", {"orderId": order["orderId"], "waitSeconds": LONGEST_WAIT})
        print(f"  {order['state']} in batch {order['batchIndex']}", flush=True)
    return order


def outcome(order: Json) -> str:
    gpus = sum(lease["qty"] for lease in order["leases"])
    cost = sum(lease["amountMicro"] for lease in order["leases"])
    providers = len({lease["provider"] for lease in order["leases"]})
    return f"leased {gpus} GPUs of {providers} providers for {usdc_of(cost)} USDC"


async def is_private(pool: Pool, order: Json, crowd: int) -> bool:
    """What the order has told to whom, and whether the clearing can be trusted."""
    handle = {"orderId": attempt_of(order)}
    report = await pool.call("privacy-report", handle)
    print(f"its batch held {report['ordersInBatch']} orders of {report['ownersInBatch']} owners")
    for disclosure in report["disclosed"]:
        print(f"  {disclosure['to']} knows: {known(disclosure)}")
    for warning in report["warnings"]:
        print(f"  beware: {warning}")
    receipt = await pool.call("verify-receipt", handle)
    print(receipt["statement"])
    return bool(receipt["valid"]) and int(report["ordersInBatch"]) >= crowd


def attempt_of(order: Json) -> str:
    """The order of the batch that filled it: each batch that was tried had one of its own."""
    made = order["attempts"]["made"]
    return str(made[-1]["orderId"]) if made else str(order["orderId"])


def known(disclosure: Json) -> str:
    words = {
        "identity": "who, when and the lock",
        "limitPrice": "the limit",
        "sizeAndDuration": "size and duration",
    }
    return ", ".join(text for name, text in words.items() if disclosure[name]) or "nothing"


if __name__ == "__main__":
    main()
