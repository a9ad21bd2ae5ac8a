"""Hand-written OpenAPI documents: loading, bundling, checking."""
