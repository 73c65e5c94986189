"""Every page of the console."""

urlpatterns: list[object] = []
