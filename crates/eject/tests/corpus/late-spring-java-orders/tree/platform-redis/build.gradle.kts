dependencies {
    api(libs.boot.data.redis)
    api(libs.redisson)
}

the<io.spring.gradle.dependencymanagement.dsl.DependencyManagementExtension>().imports {
    mavenBom(org.springframework.boot.gradle.plugin.SpringBootPlugin.BOM_COORDINATES)
}
