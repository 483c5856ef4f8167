plugins {
    java
    alias(libs.plugins.spring.boot) apply false
    alias(libs.plugins.dependency.management) apply false
}

subprojects {
    apply(plugin = "java-library")
    apply(plugin = "io.spring.dependency-management")

    group = "io.brightcart"
    version = "4.2.0"

    repositories { mavenCentral() }

    java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }

    configurations.all { resolutionStrategy.activateDependencyLocking() }

    tasks.withType<Test> { useJUnitPlatform() }
}
