"""What anybody may open: share links, signed files, public keys. No credential, and no tenant in the address."""
