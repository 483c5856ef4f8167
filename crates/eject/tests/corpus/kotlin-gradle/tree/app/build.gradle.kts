plugins {
    kotlin("jvm") version "2.0.20"
}

dependencies {
    implementation(libs.lettuce.core)
    implementation(libs.jedis)
    implementation("com.bucket4j:bucket4j-redis:8.10.1")
    implementation(libs.ktor.server)
    // implementation("org.redisson:redisson:3.35.0")
    testImplementation("com.redis:testcontainers-redis:2.2.2")
}
