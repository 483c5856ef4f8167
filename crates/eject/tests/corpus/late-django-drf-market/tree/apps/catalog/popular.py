from apps.common import kv

KEY = "products:views"


def viewed(pk):
    with kv.default().pipeline(transaction=False) as p:
        p.zincrby(KEY, 1, pk)
        p.execute()


def top(count=10):
    return [int(pk) for pk in kv.default(write=False).zrevrange(KEY, 0, count - 1)]
