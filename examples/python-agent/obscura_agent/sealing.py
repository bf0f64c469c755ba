"""Sealing for a remote pool: `obscura seal` draws the secret on this machine.

The opening stays in this process until the reveal window; a model sees the hash only.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from .pool import Json


@dataclass(frozen=True)
class Order:
    """The terms of an order to be sealed."""

    gpu_type: str
    side: str
    price_micro: int
    gpus: int
    seconds: int | None = None
    min_gpus: int | None = None


@dataclass(frozen=True, repr=False)
class Sealed:
    """What to commit now, and what to reveal later."""

    commit: Json
    opening: Json


async def seal(order: Order, owner: str, binary: str = "obscura") -> Sealed:
    """Seals an order for its owner's key, which `account` shows."""
    arguments = ["--gpu-type", order.gpu_type, "--side", order.side, "--owner", owner, "--json"]
    arguments += ["--price-micro", str(order.price_micro), "--qty", str(order.gpus)]
    if order.seconds is not None:
        arguments += ["--duration-seconds", str(order.seconds)]
    if order.min_gpus is not None:
        arguments += ["--min-qty", str(order.min_gpus)]
    process = await asyncio.create_subprocess_exec(
        binary, "seal", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await process.communicate()
    if process.returncode != 0:
        raise ValueError(f"obscura seal: {errors.decode().strip()}")
    sealed = json.loads(output)
    return Sealed(sealed["commitBody"], sealed["revealBody"])
