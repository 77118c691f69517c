"""A Docker Engine out of Debian's packages, only unpacked, and the official images made anew on it without a registry."""
