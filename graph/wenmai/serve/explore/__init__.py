"""The explorer's data: parts of the graph as nodes and edges, what stands behind them, and lists, in JSON."""
