"""How forms are drawn, every field through one template with errors beside it; forms in strips."""

from django import forms
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    field_template_name = "components/field.html"


def start_at_first_field(form: forms.Form) -> None:
    """Let the page put the cursor where a form that nobody has filled in yet begins.

    After a refusal the focus belongs to what says why.
    """
    if not form.is_bound:
        first = next(field for field in form.fields.values() if not field.widget.is_hidden)
        first.widget.attrs["autofocus"] = True


class StripForm(forms.Form):
    """One small form of several that are saved at once.

    Its fields carry what they showed (`show_hidden_initial`), so that only what was changed is
    saved, over the `version` it was typed over. An older version alone is no change: somebody
    else saved what this person left as it was.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    key: str
    """The name of the stored thing in the history."""

    @property
    def stored_version(self) -> int:
        """The version of the stored thing as it was read or, after saving, as it is now."""
        raise NotImplementedError

    def has_changed(self) -> bool:
        return any(name != "version" for name in self.changed_data)
