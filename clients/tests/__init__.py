"""The service through the client libraries that people use. `scripts/test-clients` runs this."""
