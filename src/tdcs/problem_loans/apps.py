from django.apps import AppConfig


class ProblemLoansConfig(AppConfig):
    name = "tdcs.problem_loans"
    verbose_name = "Cảnh báo sớm, nợ có vấn đề"
