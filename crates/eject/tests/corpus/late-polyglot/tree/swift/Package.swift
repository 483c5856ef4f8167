// swift-tools-version:5.10
import PackageDescription

let package = Package(
    name: "Notes",
    dependencies: [
        .package(url: "https://github.com/vapor/vapor.git", from: "4.99.0"),
        .package(url: "https://github.com/vapor/redis.git", from: "4.10.0"),
    ],
    targets: [
        .executableTarget(name: "Notes", dependencies: [
            .product(name: "Vapor", package: "vapor"),
            .product(name: "Redis", package: "redis"),
        ]),
    ]
)
