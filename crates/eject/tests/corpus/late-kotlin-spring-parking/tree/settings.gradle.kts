rootProject.name = "parkwise"

dependencyResolutionManagement {
    repositories { mavenCentral() }
}

include("garage", "gateway")
