"""Files in and out: text, .docx, PDF in as typed rows and text; official .docx, PDF, workbooks out.

Owns: readers, official documents, fonts. Not: any domain; it does not know what a plan is.
"""
