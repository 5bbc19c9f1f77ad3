"""Forms: data in law/forms, filled from a context, as .docx and PDF that say the same.

Owns: how a form is described, filled and drawn. Not: any domain; what stands in a context is the caller's.
"""

from tdcs.documents.forms.docx import render_docx
from tdcs.documents.forms.model import Form
from tdcs.documents.forms.pdf import render_pdf
from tdcs.documents.forms.reading import FormFault, address_of, form_at, forms, read_form

__all__ = [
    "Form",
    "FormFault",
    "address_of",
    "form_at",
    "forms",
    "read_form",
    "render_docx",
    "render_pdf",
]
