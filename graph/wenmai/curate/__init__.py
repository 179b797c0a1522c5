"""What people decide about the graph, and the log that keeps it: who, when, why, and what became of what."""
