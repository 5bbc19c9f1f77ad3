from django.urls import path

from tdcs.ledger.views import books, entries, requests, shortfalls

app_name = "ledger"

urlpatterns = [
    path("", books.books_page, name="books"),
    path("can-doi/", books.trial_balance_page, name="trial_balance"),
    path("tai-khoan/<int:book>/<str:code>/", books.statement_page, name="statement"),
    path("quy/<int:book>/", books.cash_page, name="cash"),
    path("khoa-so/<int:book>/", books.close_page, name="close"),
    path("thieu-tien-mat/", shortfalls.shortfalls_page, name="shortfalls"),
    path("thieu-tien-mat/<int:pk>/", shortfalls.settle_shortfall, name="settle_shortfall"),
    path("but-toan/<int:pk>/", entries.entry_page, name="entry"),
    path("but-toan/<int:pk>/dao/", entries.reverse_entry, name="reverse"),
    path("de-nghi/", requests.requests_page, name="requests"),
    path("de-nghi/<int:pk>/", requests.request_page, name="request"),
    path("de-nghi/<int:pk>/duyet/", requests.confirm_request, name="confirm_request"),
    path("de-nghi/<int:pk>/khong-duyet/", requests.refuse_request, name="refuse_request"),
    path("hach-toan/", entries.enter_page, name="enter"),
]
