"""What people do: apply policies, import registers and grants, block."""
