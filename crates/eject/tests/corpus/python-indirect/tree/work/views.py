from work.tasks import rename


def post(request):
    rename.apply_async(("a",), countdown=60)
