"""The HTTP decision point: AuthZEN 1.0, and administration (extra `[service]`)."""
