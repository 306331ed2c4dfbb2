"""The register of groups (article 五.5)."""
