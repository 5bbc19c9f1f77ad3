"""The values with which a template is filled in, and the set of templates that ships."""
