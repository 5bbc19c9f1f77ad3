"""The site's frame: base page, components, navigation, search, first screen, static files.

Owns: how pages look and how one gets around. Not: any rule or record.
"""
