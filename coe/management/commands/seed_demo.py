from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from coe.accounts.demo import create_demo_people
from coe.accounts.models import User
from coe.demo.s3_2017 import seed_s3


class Command(BaseCommand):
    help = "Adds the demo people and the demo COE where they are missing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        create_demo_people()
        people = {
            name: User.objects.get_by_natural_key(f"{name}@example.com")
            for name in ("owner", "colleague", "manager", "admin")
        }
        document = seed_s3(
            owner=people["owner"],
            colleague=people["colleague"],
            manager=people["manager"],
            administrator=people["admin"],
        )
        self.stdout.write(f"The demo COE is {document.reference}.")
