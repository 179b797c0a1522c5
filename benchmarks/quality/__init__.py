"""How well wenmai reads: precision, recall and F1 against articles whose facts a careful reader has written down.

`make quality`, or `PYTHONPATH=benchmarks python -m quality`. It reads nothing but
an exported graph, through its public vocabulary.
"""
