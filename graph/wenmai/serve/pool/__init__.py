"""Processes that answer, and who is served next: `Pool.run` gives an answer within its deadline or raises Problem."""

from wenmai.serve.pool.pool import Pool
from wenmai.serve.pool.process import Reply
from wenmai.serve.pool.worker import Setup

__all__ = ["Pool", "Reply", "Setup"]
