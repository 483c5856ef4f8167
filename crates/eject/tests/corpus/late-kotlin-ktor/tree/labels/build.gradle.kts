plugins {
    alias(libs.plugins.kotlin.jvm)
}

dependencies {
    implementation(libs.exposed.jdbc)
}
