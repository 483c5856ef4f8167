from django import forms

from players.names import allowed


class RenameForm(forms.Form):
    name = forms.CharField(max_length=24)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not allowed(name):
            raise forms.ValidationError("This name cannot be taken")
        return name
