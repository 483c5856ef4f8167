plugins {
    alias(libs.plugins.kotlin.jvm)
}

dependencies {
    implementation(libs.kreds) {
        exclude(group = "ch.qos.logback")
    }
    implementation(libs.micronaut.redis)
    // implementation("redis.clients:jedis:5.2.0")
}
