"""The product's settings, and beside its pages the bare view that saving is compared to."""

from coe.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
