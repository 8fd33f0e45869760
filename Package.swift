// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func house(_ name: String, _ dependencies: [Target.Dependency], plugins: [Target.PluginUsage] = [])
  -> Target
{
  .target(name: name, dependencies: dependencies, swiftSettings: strict, plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "coinvent",
  products: [
    .executable(name: "coinvent", targets: ["Command"]),
    .executable(name: "coinvent-load", targets: ["Load"]),
    .executable(name: "coinvent-image", targets: ["ImageWorker"]),
  ],
  targets: [
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CLibPQ"),
    .systemLibrary(name: "CMicroHTTPD"),
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "CJansson"),
    .systemLibrary(name: "CCurl"),
    .systemLibrary(name: "CCSV"),
    .systemLibrary(name: "CCMark"),
    .systemLibrary(name: "CVips"),
    .systemLibrary(name: "CZip"),

    house("EventLoop", ["CEpoll"]),
    house("JSON", ["CJansson"]),
    house("Postgres", ["CLibPQ", "EventLoop"]),
    house("HTTPServer", ["CMicroHTTPD", "EventLoop"]),
    house("Ledger", ["Postgres"]),
    house(
      "Coinvent",
      ["Ledger", "Postgres", "EventLoop", "JSON", "CSodium", "CCSV", "CCMark", "CZip"],
      plugins: ["SchemaPlugin"]),
    house("Curl", ["CCurl"]),
    house("Rails", ["Coinvent", "Ledger", "Postgres", "JSON", "EventLoop", "Curl", "CCurl"]),
    house("Mail", ["Coinvent", "Postgres", "EventLoop", "Curl", "CCurl"]),
    house("Web", ["Coinvent"]),
    house("API", ["Coinvent", "Ledger", "Postgres", "HTTPServer", "EventLoop", "JSON", "Web"]),
    house("Sandbox", ["HTTPServer", "JSON", "EventLoop"]),
    .executableTarget(
      name: "Command",
      dependencies: [
        "API", "Rails", "Mail", "Sandbox", "Coinvent", "Ledger", "Postgres", "HTTPServer", "JSON",
        "EventLoop", "Web",
      ],
      swiftSettings: strict,
      // Takes the place of malloc, for a tenth less processor time for a request. Not in debug
      // builds, whose sanitizers bring their own.
      linkerSettings: [.linkedLibrary("mimalloc", .when(configuration: .release))]),

    // Reads images that strangers sent, in a process of its own beside the server.
    .executableTarget(
      name: "ImageWorker", dependencies: ["CVips", "CEpoll"], swiftSettings: strict),

    // What the benchmark measures the server with.
    .executableTarget(name: "Load", dependencies: ["CEpoll"], swiftSettings: strict),

    // Schema/*.sql travels inside the binary, so that it migrates from any install path.
    .executableTarget(name: "EmbedSchema", path: "Sources/EmbedSchema"),
    .plugin(
      name: "SchemaPlugin", capability: .buildTool(), dependencies: ["EmbedSchema"],
      path: "Sources/SchemaPlugin"),

    .target(
      name: "TestSupport",
      dependencies: ["Coinvent", "Ledger", "Postgres", "EventLoop", "API", "HTTPServer", "JSON"],
      path: "Tests/TestSupport", exclude: ["scene.sh", "scene.py"], swiftSettings: strict),
    tests("EventLoopTests", ["EventLoop"]),
    tests("LedgerTests", ["Ledger"]),
    tests(
      "CoinventTests", ["Coinvent", "Ledger", "Postgres", "EventLoop", "JSON", "TestSupport"]),
    tests(
      "APITests",
      [
        "API", "Coinvent", "Ledger", "Postgres", "EventLoop", "HTTPServer", "JSON", "TestSupport",
      ]),
    tests("TidyTests", []),
    tests("CommandTests", ["Command", "TestSupport"]),
    tests("JSONTests", ["JSON"]),
    tests("WebTests", ["Web", "Coinvent"]),
    tests("LoadTests", ["Load"]),
    tests("PostgresTests", ["Postgres", "EventLoop", "TestSupport"]),
    tests("HTTPServerTests", ["HTTPServer", "EventLoop", "JSON"]),
    tests("MailTests", ["Mail", "Coinvent", "Postgres", "EventLoop", "TestSupport"]),
    tests("SandboxTests", ["Sandbox", "JSON"]),
    tests(
      "RailsTests",
      [
        "Rails", "Sandbox", "Coinvent", "Ledger", "Postgres", "HTTPServer", "JSON", "EventLoop",
        "Command", "TestSupport",
      ]),
  ]
)
