"""The product's settings with `prove.naive` over it. For proofs alone: it loses words."""

from coe.settings import *  # noqa: F403
from coe.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "prove.naive.Naive"]
