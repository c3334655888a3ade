"""The matcher compiler: a model's matcher becomes a plan that runs without Casbin."""
