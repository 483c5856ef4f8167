plugins { alias(libs.plugins.spring.boot) }

dependencies {
    implementation(project(":platform-redis"))
    implementation(libs.boot.amqp)
    implementation(libs.shedlock.spring)
    implementation(libs.shedlock.redis)

    testImplementation(libs.boot.test)
}
