rootProject.name = "limits"
include("app")
