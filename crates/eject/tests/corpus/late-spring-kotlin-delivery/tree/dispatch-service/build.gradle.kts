plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.kotlin.spring)
    alias(libs.plugins.spring.boot)
}

dependencies {
    implementation(project(":common-redis"))
    implementation(project(":common-money"))
    implementation(libs.spring.boot.starter.web)
    implementation(libs.spring.boot.starter.cache)
    implementation(libs.spring.boot.starter.amqp)
    implementation(libs.spring.boot.starter.data.redis)
    implementation(libs.redisson)
    implementation(libs.bucket4j.core)
    implementation(libs.bucket4j.redis)
    implementation(libs.caffeine)

    testImplementation(libs.testcontainers.junit)
    testImplementation(libs.testcontainers.redis)
}
