"""Addresses of Word templates."""

from django.urls import path

from tdcs.word_templates.views import changing, filling, templates

app_name = "word_templates"

urlpatterns = [
    path("", templates.list_page, name="list"),
    path("the/<str:kind>/", templates.tags_page, name="tags"),
    path("them/", changing.add, name="add"),
    path("co-san/", changing.add_set, name="add_shipped"),
    path("<int:pk>/", templates.template_page, name="template"),
    path("<int:pk>/tep/<int:number>/", templates.file, name="file"),
    path("<int:pk>/phien-ban/", changing.change, name="change"),
    path("<int:pk>/quay-lai/", changing.return_to, name="go_back"),
    path("<int:pk>/rut/", changing.take_back, name="withdraw"),
    path("<int:pk>/dung-lai/", changing.use_again, name="bring_back"),
    path("<int:pk>/dien/<int:record>/", filling.one, name="fill"),
    path("<int:pk>/ca-danh-sach/", filling.many, name="fill_list"),
]
