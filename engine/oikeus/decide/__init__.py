"""What it means: questions answered through Casbin, with reasons. Knows no database."""
