rootProject.name = "orders"

include("platform-redis", "orders-api", "orders-worker")
