from importlib import import_module

from django.apps import AppConfig

JOBS = (
    "coe.accounts.mail",
    "coe.exports.jobs",
    "coe.integrations.jobs",
    "coe.notices.jobs",
    "coe.reminders.jobs",
    "coe.reviews.jobs",
    "coe.trackers.jobs",
)
"""The modules that say how jobs are done (`coe.jobs.kinds.job`): one that is not here is unknown
to the worker."""


class CoeConfig(AppConfig):
    name = "coe"
    verbose_name = "Correction of Error"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from coe import checks  # noqa: F401  (registers the system checks)
        from coe.exports.versions import template_version

        template_version()
        for name in JOBS:
            import_module(name)
