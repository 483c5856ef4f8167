rootProject.name = "delivery"

include(":common-redis", ":common-money", ":dispatch-service", ":courier-service")
