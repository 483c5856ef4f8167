plugins { alias(libs.plugins.spring.boot) }

dependencies {
    implementation(project(":platform-redis"))
    implementation(libs.boot.web)
    implementation(libs.boot.security)
    implementation(libs.boot.jpa)
    implementation(libs.boot.cache)
    implementation(libs.boot.amqp)
    implementation(libs.boot.actuator)
    implementation(libs.session.redis)
    implementation(libs.bucket4j.core)
    implementation(libs.bucket4j.lettuce)
    implementation(libs.caffeine)
    runtimeOnly(libs.flyway)
    runtimeOnly(libs.postgresql)

    testImplementation(libs.boot.test)
    testImplementation(libs.boot.testcontainers)
    testImplementation(libs.tc.junit)
    testImplementation(libs.tc.postgresql)
    testImplementation(libs.tc.redis)
}
