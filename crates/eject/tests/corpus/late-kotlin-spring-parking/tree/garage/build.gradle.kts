plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.kotlin.spring)
    alias(libs.plugins.spring.boot)
}

dependencies {
    implementation(platform(org.springframework.boot.gradle.plugin.SpringBootPlugin.BOM_COORDINATES))
    implementation(libs.spring.boot.web)
    implementation(libs.spring.boot.jpa)
    implementation(libs.spring.boot.cache)
    implementation(libs.spring.boot.redis)
    implementation(libs.redisson) {
        exclude(group = "org.jboss.marshalling")
    }
    testImplementation(libs.testcontainers.redis)
}

tasks.test {
    useJUnitPlatform()
    systemProperty("spring.profiles.active", "test")
}
