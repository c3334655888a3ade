"""Asks a service as if the policy were here: decisions and acts (extra `[client]`)."""
