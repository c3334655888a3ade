"""Questions over policies: what two versions differ in, for those whom it concerns."""
