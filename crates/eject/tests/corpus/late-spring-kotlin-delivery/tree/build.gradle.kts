plugins {
    alias(libs.plugins.kotlin.jvm) apply false
    alias(libs.plugins.kotlin.spring) apply false
    alias(libs.plugins.spring.boot) apply false
}

subprojects {
    group = "eu.parcelo"
    repositories { mavenCentral() }
    dependencyLocking { lockAllConfigurations() }
}
