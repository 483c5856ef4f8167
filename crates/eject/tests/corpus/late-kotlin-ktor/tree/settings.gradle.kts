rootProject.name = "parcels"
include(":api", ":tracking", ":labels")
