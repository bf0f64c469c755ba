"""Buys GPU time for work that can wait: bids below the market in batch after batch, and gives up at a deadline.

What is locked is the budget and no more; whatever was not spent is back when this ends.
"""

from __future__ import annotations

import argparse
import time

from obscura_agent.pool import Address, Json, Pool, Refused, connect
from obscura_agent.program import run_to_exit
from obscura_agent.terms import SECONDS_PER_HOUR, micro_of, usdc_of

EXAMPLES = """example, for a market that paid 2.00 lately: up to 4 H100 for an hour at 1.40, within 30 minutes
  python batch_inference.py "H100 80GB" --gpus 4 --hours 1 --discount 30 --budget 6 --minutes 30

Exit codes: 0 leased, 3 not leased by the deadline, 1 an error. OBSCURA_API_KEY is your key to the pool."""

# As many as one order may try: `goodForBatches`.
MOST_BATCHES = 100
LONGEST_WAIT = 40
OVER = ("refunded", "closed")


def main() -> None:
    run_to_exit(run(parser().parse_args()))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole.add_argument("gpu_type")
    whole.add_argument("--gpus", type=int, default=1, help="the most to lease; one is better than none")
    whole.add_argument("--hours", type=float, default=1.0)
    whole.add_argument("--budget", type=micro_of, required=True, help="USDC, the most it may cost in all")
    whole.add_argument("--discount", type=int, default=30, help="percent below what was paid lately")
    whole.add_argument("--price", type=micro_of, help="USDC per GPU-hour to bid instead")
    whole.add_argument("--minutes", type=float, default=30.0, help="when to give up")
    whole.add_argument("--stdio", metavar="COMMAND", default="obscura mcp", help="the local server")
    return whole


async def run(options: argparse.Namespace) -> int:
    deadline = time.monotonic() + options.minutes * 60
    async with connect(Address(command=tuple(options.stdio.split()))) as pool:
        quote = await pool.call("quote", {"gpuType": options.gpu_type, "qty": options.gpus})
        limit = options.price or discounted(quote, options.discount)
        print(f"bidding {usdc_of(limit)} USDC per GPU-hour; {worth(quote)}", flush=True)
        order = await pool.call("lease", bid(options, quote, limit))
        order = await until_leased(pool, order, deadline)
        if order["state"] not in ("leased", *OVER):
            order = await give_up(pool, order)
        print(outcome(order, quote))
        return 0 if order["state"] == "leased" else 3


def discounted(quote: Json, percent: int) -> int:
    median = quote["medianPriceMicro"]
    if median is None:
        raise ValueError(f"nothing was paid for {quote['gpuType']} lately: name a --price")
    return max(1, int(median) * (100 - percent) // 100)


def worth(quote: Json) -> str:
    if quote["medianPriceMicro"] is None:
        return "nothing was paid lately"
    thin = ", by few" if quote["thin"] else ""
    return f"lately {usdc_of(quote['medianPriceMicro'])} was paid{thin}"


def bid(options: argparse.Namespace, quote: Json, limit: int) -> Json:
    """Any number of GPUs, in as many batches as begin before the deadline."""
    return {
        "gpuType": quote["gpuType"],
        "qty": options.gpus,
        "minQty": 1,
        "durationSeconds": round(options.hours * SECONDS_PER_HOUR),
        "maxTotalMicro": options.budget,
        "maxPriceMicro": limit,
        "goodForBatches": MOST_BATCHES,
        "clientTag": "batch-inference",
    }


async def until_leased(pool: Pool, order: Json, deadline: float) -> Json:
    while order["state"] not in ("leased", *OVER) and (left := deadline - time.monotonic()) > 0:
        wait = {"orderId": order["orderId"], "waitSeconds": min(LONGEST_WAIT, int(left) + 1)}
        order = await pool.call("lease-status", wait)
        print(f"  {order['state']} in batch {order['batchIndex']}", flush=True)
    return order


async def give_up(pool: Pool, order: Json) -> Json:
    """Stops trying. What runs in the batch under way is decided there: it may still become a lease."""
    handle = {"orderId": order["orderId"]}
    try:
        order = await pool.call("refund", handle)
    except Refused as refused:
        print(f"  {refused}", flush=True)
    while order["state"] not in ("leased", *OVER):
        order = await pool.call("lease-status", handle | {"waitSeconds": LONGEST_WAIT})
    return order


def outcome(order: Json, quote: Json) -> str:
    if order["state"] != "leased":
        return f"not leased: {order.get('reason', order['state'])}; {usdc_of(order['refundedMicro'])} USDC are back"
    leases = order["leases"]
    gpus, cost = sum(lease["qty"] for lease in leases), sum(lease["amountMicro"] for lease in leases)
    price, median = order["clearingPriceMicro"], quote["medianPriceMicro"]
    saved = f", {100 - 100 * price // median} % below the median" if median else ""
    return f"leased {gpus} GPUs for {usdc_of(cost)} USDC, at {usdc_of(price)} per GPU-hour{saved}"


if __name__ == "__main__":
    main()
