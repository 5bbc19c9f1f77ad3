from django.apps import AppConfig


class GroupResultsConfig(AppConfig):
    name = "tdcs.group_results"
    verbose_name = "Kết quả của tổ"
