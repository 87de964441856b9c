"""Sign-in, language, demo, health: what belongs to no portal."""

from django.urls import path

from gongzhi.web.pages import demo, doorstep, files, gallery, health, language, sign_in

app_name = "web"
urlpatterns = [
    path("", doorstep.doorstep, name="doorstep"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("demo/", demo.demo, name="demo"),
    path("demo/components/", gallery.gallery, name="gallery"),
    path("files/<uuid:file_id>/", files.file, name="file"),
    path("language/", language.language, name="language"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
