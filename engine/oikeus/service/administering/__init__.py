"""Administration over HTTP (`/admin/v1/`): acts on the power of the token's subject."""
