"""The Reconciliation Service API 0.2, by which OpenRefine and others match tables; see `docs/apis.md`."""
