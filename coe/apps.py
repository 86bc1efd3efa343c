from django.apps import AppConfig


class CoeConfig(AppConfig):
    name = "coe"
    verbose_name = "Correction of Error"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from coe import checks  # noqa: F401  (registers the system checks)
        from coe.exports.versions import template_version

        template_version()
