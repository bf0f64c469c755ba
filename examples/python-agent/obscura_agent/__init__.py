"""An agent that leases GPUs from an Obscura pool, with the official MCP SDK.

`pool` is the connection, `scripted` a policy without a model, `model` one with a model behind any
OpenAI-compatible endpoint, `sealing` what an agent needs only where the pool is remote.
"""
