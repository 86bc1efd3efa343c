"""The checks: what is weak in a COE, where, why it matters, and how it is mended."""
