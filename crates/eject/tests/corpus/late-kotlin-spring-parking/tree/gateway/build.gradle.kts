plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.kotlin.spring)
    alias(libs.plugins.spring.boot)
}

dependencies {
    implementation(platform(org.springframework.boot.gradle.plugin.SpringBootPlugin.BOM_COORDINATES))
    implementation(libs.spring.boot.webflux)
    implementation(libs.spring.boot.redis.reactive)
    implementation(libs.bucket4j.lettuce)
    implementation(libs.caffeine)
}
