plugins {
    alias(libs.plugins.kotlin.jvm)
    application
}

dependencies {
    implementation(libs.bundles.web)
    implementation(libs.bundles.storage)
    implementation(project(":labels"))
    testImplementation(libs.testcontainers.redis)
}
