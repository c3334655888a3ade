"""What people do with the powers they hold: granting, renewing, revoking, blocking."""
