"""Ten tasks for an agent on an Obscura pool, judged by what became of the pool and not by what the agent says."""
